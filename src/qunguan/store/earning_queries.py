"""Set-based questions about earning: bonus days, deeds, who invited whom, and what referrals were paid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Row, select

from qunguan.domain.earning import Invited
from qunguan.domain.points import UNDO
from qunguan.store.earning import bonus_day, deed
from qunguan.store.member_queries import IDS, in_chunks, is_somebody
from qunguan.store.members import member, member_merge, membership
from qunguan.store.points import point_cut, point_entry
from qunguan.store.points_queries import reversals
from qunguan.store.session import Session

_e = point_entry.c
_BONUS = select(bonus_day).order_by(bonus_day.c.id)
_STAYS = select(
    membership.c.id,
    membership.c.member_id,
    membership.c.group_id,
    membership.c.joined_on,
    membership.c.left_on,
    membership.c.inviter_id,
).order_by(membership.c.member_id, membership.c.id)
_INVITED = select(membership.c.member_id)
_PAID = (
    select(_e.id, _e.member_id, _e.source_id, _e.amount, _e.occurred_at)
    .where(_e.kind == "EARN", _e.source_type == "referral", _e.member_id.not_in(select(member_merge.c.gone_id)))
    .order_by(_e.id)
)
_CUT = select(point_cut.c.member_id, point_cut.c.source_id).where(
    point_cut.c.source_type == "referral", point_cut.c.awarded == 0
)


class Paid(NamedTuple):
    """A booked referral: `left` points of it stand; `by_hand` tells that the owner reversed some of it."""

    row: Row[Any]
    left: int
    by_hand: bool


def bonus_rows(session: Session) -> Sequence[Row[Any]]:
    """Every bonus day, the oldest first."""
    return session.rows(_BONUS)


def deed_rows(
    session: Session,
    *,
    member_id: int | None = None,
    kind: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> Sequence[Row[Any]]:
    """Deeds with the member's name, newest day first."""
    query = select(deed, member.c.name).join_from(deed, member)
    if member_id is not None:
        query = query.where(deed.c.member_id == member_id)
    if kind is not None:
        query = query.where(deed.c.kind == kind)
    if first is not None:
        query = query.where(deed.c.biz_date >= first)
    if last is not None:
        query = query.where(deed.c.biz_date <= last)
    return session.rows(query.order_by(deed.c.biz_date.desc(), deed.c.id.desc()))


def invited(session: Session, inviters: Iterable[int] | None = None) -> Iterator[list[Invited]]:
    """All stays of each member somebody invited (None), or one of these did, a member at a time."""
    if inviters is None:
        rows: Iterable[Row[Any]] = session.rows(
            _STAYS.where(membership.c.member_id.in_(_INVITED.where(membership.c.inviter_id.is_not(None))))
        )
    else:
        guests = in_chunks(session, _INVITED.where(membership.c.inviter_id.in_(IDS)), inviters)
        ids = sorted({row.member_id for row in guests})
        rows = in_chunks(session, _STAYS.where(membership.c.member_id.in_(IDS)), ids)
    for _member_id, own in groupby((Invited._make(row) for row in rows), key=lambda stay: stay.member_id):
        yield list(own)


def paid_referrals(session: Session) -> tuple[Paid, ...]:
    """Every referral that was ever booked, and what of it stands."""
    rows = session.rows(_PAID)
    back = reversals(session, sorted({row.member_id for row in rows}))
    return tuple(_paid(row, back) for row in rows)


def cut_referrals(session: Session) -> set[tuple[int, str]]:
    """(inviter, source id) of the referrals of which a cap left nothing."""
    return {(row.member_id, row.source_id) for row in session.rows(_CUT)}


def _paid(row: Row[Any], back: dict[int, list[Row[Any]]]) -> Paid:
    def left(entry: Row[Any]) -> int:
        return int(entry.amount) - sum(left(child) for child in back.get(entry.id, ()))

    by_hand = any(child.source_type != UNDO and left(child) > 0 for child in back.get(row.id, ()))
    return Paid(row, left(row), by_hand)


def somebody(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """id → name of these members, without those whose row is nobody's any more."""
    query = select(member.c.id, member.c.name).where(member.c.id.in_(IDS), is_somebody())
    return {row.id: row.name for row in in_chunks(session, query, ids)}
