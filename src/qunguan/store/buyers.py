"""Buyers: what every member's orders add up to, so that RFM of a million need not add them up (quality 1).

Counted anew for whoever's orders or refunds a write touched. Without foreign keys: the sums follow their rows, and may
not stand in the way of undo.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer

from qunguan.store.base import table

# `id` is the member's. Orders that count and did not go back whole; money less what went back, without freight where
# the rule order.freight says so. Whoever has no such order has no row.
buyer = table(
    "buyer",
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("orders", Integer, nullable=False),
    Column("days", Integer, nullable=False),
    Column("net_fen", Integer, nullable=False),
    cache=True,
)
