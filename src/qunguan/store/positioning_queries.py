"""Questions about profiles: cards, house rules, violations with names, people on a platform."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, func, select

from qunguan.store.groups import chat_group
from qunguan.store.member_queries import IDS
from qunguan.store.members import member, membership
from qunguan.store.positioning import house_rule, positioning, violation
from qunguan.store.session import Session


def card(session: Session, group_id: int) -> Row[Any] | None:
    """The card of a group; None where nobody wrote one."""
    return session.first(select(positioning).where(positioning.c.group_id == group_id))


def house_rules(session: Session, group_id: int) -> Sequence[Row[Any]]:
    """The rules of a group that are in force, in their order."""
    own = select(house_rule).where(house_rule.c.group_id == group_id, house_rule.c.removed_on.is_(None))
    return session.rows(own.order_by(house_rule.c.place, house_rule.c.id))


def violations(session: Session, group_id: int, member_id: int | None = None) -> Sequence[Row[Any]]:
    """The violations of a group, or of one member there, newest first, with the member's `name` and the `rule`."""
    joined = violation.join(member, member.c.id == violation.c.member_id).outerjoin(
        house_rule, house_rule.c.id == violation.c.house_rule_id
    )
    found = select(violation, member.c.name, house_rule.c.text.label("rule")).select_from(joined)
    found = found.where(violation.c.group_id == group_id)
    if member_id is not None:
        found = found.where(violation.c.member_id == member_id)
    return session.rows(found.order_by(violation.c.day.desc(), violation.c.id.desc()))


def people_on(session: Session, platforms: Iterable[str]) -> int:
    """How many different people are present in groups on these platforms, groups put away left out."""
    ids = select(chat_group.c.id).where(chat_group.c.platform.in_(IDS), chat_group.c.archived_on.is_(None))
    present = select(func.count(membership.c.member_id.distinct())).where(
        membership.c.left_on.is_(None), membership.c.group_id.in_(ids)
    )
    return int(session.scalar(present, {"ids": list(platforms)}))


def present(session: Session, group_id: int, member_ids: Iterable[int]) -> frozenset[int]:
    """Who of these members is in the group now."""
    here = select(membership.c.member_id).where(
        membership.c.group_id == group_id, membership.c.left_on.is_(None), membership.c.member_id.in_(IDS)
    )
    return frozenset(row.member_id for row in session.rows(here, {"ids": list(member_ids)}))
