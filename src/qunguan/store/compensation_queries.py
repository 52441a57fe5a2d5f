"""What was promised for an incident, and what of it was handed over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, case, func, select

from qunguan.store.incidents import compensation
from qunguan.store.member_queries import IDS
from qunguan.store.members import member
from qunguan.store.session import Session

_c = compensation.c
_LIST = select(compensation, member.c.name).join(member, member.c.id == _c.member_id)


def promises(
    session: Session, incident_id: int, *, ids: Collection[int] | None = None, waiting: bool = False
) -> Sequence[Row[Any]]:
    """The promises of an incident with the member's name, in the order they were made; of these ids only (None: all),
    and with `waiting` those not handed over.
    """
    query = _LIST.where(_c.incident_id == incident_id).order_by(_c.id)
    if waiting:
        query = query.where(_c.delivered_at.is_(None))
    if ids is None:
        return session.rows(query)
    return session.rows(query.where(_c.id.in_(IDS)), {"ids": list(ids)})


def sums(session: Session, incident_id: int) -> Row[Any]:
    """Fen, points and number of promises, and of those handed over, of one incident."""
    there = _c.delivered_at.is_not(None)

    def both(value: Any) -> tuple[Any, Any]:
        return func.coalesce(func.sum(value), 0), func.coalesce(func.sum(case((there, value), else_=0)), 0)

    found = session.first(
        select(*both(func.coalesce(_c.fen, 0)), *both(func.coalesce(_c.points, 0)), *both(1)).where(
            _c.incident_id == incident_id
        )
    )
    assert found is not None  # a sum is one row
    return found
