"""The brokering book as it is read: deals with their parties, their stages and payments, a statement each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from qunguan.domain.fees import Paid
from qunguan.store import fee_queries
from qunguan.store.deals import deal, deal_move, deal_payment
from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.members import member
from qunguan.store.session import Session

_d, _m = deal.c, deal_move.c
_seeker, _giver = member.alias("seeker_member"), member.alias("giver_member")


def any_noted(session: Session) -> bool:
    """Whether the book holds anything."""
    return session.first(select(_d.id).limit(1)) is not None


def books(session: Session, group_id: int | None, deal_id: int | None = None) -> Sequence[Row[Any]]:
    """The deals of a group (None: of all) with the names of the members in them, the newest first; only one of them
    where `deal_id` is given."""
    query = (
        select(deal, _seeker.c.name.label("seeker_name"), _giver.c.name.label("giver_name"))
        .select_from(deal)
        .join(_seeker, _seeker.c.id == _d.seeker_id, isouter=True)
        .join(_giver, _giver.c.id == _d.giver_id, isouter=True)
        .order_by(_d.id.desc())
    )
    if group_id is not None:
        query = query.where(_d.group_id == group_id)
    return session.rows(query if deal_id is None else query.where(_d.id == deal_id))


def moves(session: Session, ids: Iterable[int], day: date) -> dict[int, tuple[Row[Any], ...]]:
    """Deal → the stages it came to by the end of a day, in order."""
    query = select(deal_move).where(_m.deal_id.in_(IDS), _m.biz_date <= day).order_by(_m.biz_date, _m.id)
    return fee_queries.grouped((row.deal_id, row) for row in in_chunks(session, query, list(ids)))


def payments(session: Session, ids: Iterable[int], day: date) -> dict[int, tuple[Paid, ...]]:
    """Deal → what was received by the end of a day."""
    return fee_queries.of_some(session, deal_payment, deal_payment.c.deal_id, ids, day)
