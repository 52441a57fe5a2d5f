"""Buyers: the sums of every member's orders kept in line with the rows. `presence.settle` asks after every write."""

from __future__ import annotations

from qunguan.services.order_scope import freight_out
from qunguan.store import buyer_queries as queries
from qunguan.store.presence_queries import rule_changed
from qunguan.store.session import Session

FREIGHT = "order.freight"


def settle(session: Session) -> None:
    """Bring the sums in line with what this unit of work has changed since it was asked last."""
    if rule_changed(session, session.step_id, (FREIGHT,)):
        rebuild(session)
    elif ids := queries.touched(session, session.step_id, session.settled_change):
        queries.recount(session, ids, freight_out=freight_out(session))


def rebuild(session: Session) -> None:
    """Count the sums of every buyer anew."""
    queries.fill(session.conn, freight_out=freight_out(session))


def differences(session: Session, limit: int = 5) -> tuple[str, ...]:
    """The first sums that are not what the orders say, for doctor."""
    return tuple(queries.differences(session, limit, freight_out=freight_out(session)))
