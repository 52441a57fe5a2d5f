"""Which orders a figure counts, and what of them: asked by every reader of the order book (C06)."""

from __future__ import annotations

from qunguan.domain.groups import Group
from qunguan.services import groups, rules
from qunguan.store.session import Session


def freight_out(session: Session) -> bool:
    """Whether freight is no part of what was spent."""
    return bool(rules.value(session, "order.freight") == "out")


def orders_of(session: Session, group_id: int | None) -> Group | None:
    """The group to whose members the figures of orders are limited; None for all orders, as for the only group there
    is: whoever buys is its.
    """
    alone = len(groups.all_groups(session, archived=True)) == 1
    return None if group_id is None or alone else groups.get(session, group_id)
