"""What the community earned in a period: the figures of purchases every report begins with."""

from __future__ import annotations

from qunguan.domain.reports import Figure
from qunguan.domain.rosters import Reason
from qunguan.domain.trade import Trade, whose_orders
from qunguan.i18n import N_
from qunguan.services import trade
from qunguan.services.report_asked import Asked
from qunguan.store import insight_queries as queries


def bought(asked: Asked) -> tuple[Figure, ...]:
    """Net, orders and buyers of the period. Before the first order of the file nobody knows any."""
    begun = queries.first_order(asked.session)
    told: list[Trade | None] = []
    for first, until in asked.windows:
        known = begun is not None and begun <= until
        told.append(
            trade.trade(asked.session, asked.clock, until, group_id=asked.group.id, days=(until - first).days + 1)
            if known else None
        )  # fmt: skip
    named = next((each.group for each in told if each), "")
    why = (whose_orders(named), Reason.of(N_("what went back is out, wherever it fell")))
    return (
        asked.pair("net", "fen", tuple(each and each.net_fen for each in told), why=why),
        asked.pair("orders", "count", tuple(each and each.orders for each in told), why=why[:1]),
        asked.pair("buyers", "count", tuple(each and each.buyers for each in told), why=why[:1]),
    )
