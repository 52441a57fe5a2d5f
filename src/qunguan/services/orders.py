"""The order book, as everything above sees it. One door; the rooms are `order_*`."""

from __future__ import annotations

from qunguan.services.order_edit import Who, add_order, assign, cancel_order, refund_order, settle, waiting
from qunguan.services.order_import import import_orders
from qunguan.services.order_points import differences
from qunguan.services.order_spending import money_days, purchase_days, spendings
from qunguan.services.order_views import order_detail, order_ids, order_rows, summary

__all__ = [
    "Who",
    "add_order",
    "assign",
    "cancel_order",
    "differences",
    "import_orders",
    "money_days",
    "order_detail",
    "order_ids",
    "order_rows",
    "purchase_days",
    "refund_order",
    "settle",
    "spendings",
    "summary",
    "waiting",
]
