"""Set-based questions about segments: the owner's schemes, their terms, locks, tags by rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, or_, select

from qunguan.store.member_queries import IDS, is_present, is_somebody
from qunguan.store.members import member, membership
from qunguan.store.segments import scheme, scheme_lock, scheme_terms, tag_rule
from qunguan.store.session import Session


def schemes(session: Session) -> Sequence[Row[Any]]:
    """Every scheme that was changed or made by the owner."""
    return session.rows(select(scheme).order_by(scheme.c.id))


def terms(session: Session) -> Sequence[Row[Any]]:
    """Every version of every scheme, oldest first."""
    return session.rows(select(scheme_terms).order_by(scheme_terms.c.from_day, scheme_terms.c.id))


def locks(session: Session, day: date, ids: Sequence[int] | None = None) -> Sequence[Row[Any]]:
    """Every lock in force on a day, of these members (None: of all); of several on a scheme the last holds."""
    query = select(scheme_lock).where(
        scheme_lock.c.from_day <= day, or_(scheme_lock.c.to_day.is_(None), scheme_lock.c.to_day >= day)
    )
    query = query.order_by(scheme_lock.c.from_day, scheme_lock.c.id)
    return (
        session.rows(query)
        if ids is None
        else session.rows(query.where(scheme_lock.c.member_id.in_(IDS)), {"ids": ids})
    )


def locks_of(session: Session, code: str) -> Sequence[Row[Any]]:
    """Every lock of a scheme, over or not."""
    return session.rows(select(scheme_lock).where(scheme_lock.c.scheme_code == code).order_by(scheme_lock.c.id))


def people(session: Session, day: date, group_id: int | None, *, leavers: bool) -> dict[int, str]:
    """id → name of who is there on a day; with `leavers` also of who was, and left."""
    query = select(member.c.id, member.c.name).order_by(member.c.id)
    if not leavers:
        return {row.id: row.name for row in session.rows(query.where(is_present(group_id, day)))}
    begun = or_(membership.c.joined_on.is_(None), membership.c.joined_on <= day)
    if group_id is not None:
        ever = select(membership.c.member_id).where(begun, membership.c.group_id == group_id)
        query = query.where(member.c.id.in_(ever))
    else:
        later = select(membership.c.member_id).where(~begun)
        now = select(membership.c.member_id).where(begun)
        query = query.where(or_(member.c.id.in_(now), ~member.c.id.in_(later)))
    return {row.id: row.name for row in session.rows(query.where(is_somebody()))}


def tag_rules(session: Session) -> Sequence[Row[Any]]:
    """Every tag by rule, by category and name."""
    return session.rows(select(tag_rule).order_by(tag_rule.c.category, tag_rule.c.name))
