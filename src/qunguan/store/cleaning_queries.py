"""What came of decisions and wake letters, asked set-based: the first sign of life and the first purchase since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import JSON, Date, Integer, Row, bindparam, cast, func, select, type_coerce

from qunguan.domain.checkins import PRESENT
from qunguan.store.activity import speech
from qunguan.store.checkins import challenge, checkin
from qunguan.store.cleaning import clean_case, wake, wake_member
from qunguan.store.dialect import json_entries
from qunguan.store.earning import deed
from qunguan.store.members import member, membership
from qunguan.store.orders import shop_order
from qunguan.store.session import Session

Since = dict[int, date]
"""Member → the day from which on something is looked for."""

_CASES = (
    select(clean_case, member.c.name, wake.c.name.label("wake_name"))
    .join_from(clean_case, member, member.c.id == clean_case.c.member_id)
    .join(wake, wake.c.id == clean_case.c.wake_id, isouter=True)
)


def cases(session: Session, group_id: int, day: date) -> Sequence[Row[Any]]:
    """Every decision of a group up to a day, newest first, with the names of member and wake list."""
    mine = _CASES.where(clean_case.c.group_id == group_id, clean_case.c.decided_on <= day)
    return session.rows(mine.order_by(clean_case.c.decided_on.desc(), clean_case.c.id.desc()))


def wakes(session: Session, group_id: int) -> Sequence[Row[Any]]:
    """The wake lists of a group, newest first."""
    return session.rows(select(wake).where(wake.c.group_id == group_id).order_by(wake.c.id.desc()))


def woken(session: Session, wake_id: int) -> Sequence[Row[Any]]:
    """The members of a wake list with their names, in the order they came onto it."""
    query = select(wake_member, member.c.name).join_from(wake_member, member)
    return session.rows(query.where(wake_member.c.wake_id == wake_id).order_by(wake_member.c.id))


def first_signs(session: Session, group_id: int, since: Since, day: date) -> Since:
    """Member → the first day of a message or check-in in the group, or of a deed, from their day on up to `day`."""
    own = select(challenge.c.id).where(challenge.c.group_id == group_id)
    questions = (
        (speech.c.member_id, speech.c.day, speech.c.group_id == group_id),
        (checkin.c.member_id, checkin.c.day, checkin.c.state.in_(PRESENT) & checkin.c.challenge_id.in_(own)),
        (deed.c.member_id, deed.c.biz_date, deed.c.points >= 0),
    )
    return _earliest(_first(session, since, day, *question) for question in questions)


def first_orders(session: Session, since: Since, day: date) -> Since:
    """Member → the day of their first order that counts, from their day on up to `day`."""
    return _first(session, since, day, shop_order.c.member_id, shop_order.c.biz_date, shop_order.c.counts)


def first_leaves(session: Session, group_id: int, since: Since, day: date) -> Since:
    """Member → the first day they left the group, from their day on up to `day`."""
    here = membership.c.group_id == group_id
    return _first(session, since, day, membership.c.member_id, membership.c.left_on, here)


def _first(session: Session, since: Since, day: date, who: Any, when: Any, only: Any) -> Since:
    if not since:
        return {}
    told = json_entries(bindparam("since", type_=JSON))
    query = (
        select(who.label("who"), type_coerce(func.min(when), Date).label("first"))
        .join_from(told, who.table, who == cast(told.c.key, Integer))
        .where(when >= told.c.value, when <= bindparam("day", type_=Date), only)
        .group_by(who)
    )
    asked = {str(member_id): first.isoformat() for member_id, first in since.items()}
    return {row.who: row.first for row in session.rows(query, {"since": asked, "day": day})}


def _earliest(found: Iterable[Since]) -> Since:
    first: Since = {}
    for told in found:
        for member_id, day in told.items():
            first[member_id] = min(day, first.get(member_id, day))
    return first
