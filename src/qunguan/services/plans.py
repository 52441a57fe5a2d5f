"""Paid membership, as everything above sees it. One door; the rooms are `plan_*`."""

from __future__ import annotations

from qunguan.services.plan_book import (
    add,
    all_plans,
    draft,
    drop_price,
    edit,
    find,
    get,
    retire,
    retire_benefit,
    set_benefit,
    set_price,
)
from qunguan.services.plan_terms import hand_over, held_by, of_plan, refund, renew, sell, unuse, use
from qunguan.services.plan_views import (
    due,
    due_today,
    memberships,
    of_member,
    overview,
    plan_row,
    price_today,
    rate,
    rates,
    rows,
    sales,
)

__all__ = [
    "add",
    "all_plans",
    "draft",
    "drop_price",
    "due",
    "due_today",
    "edit",
    "find",
    "get",
    "hand_over",
    "held_by",
    "memberships",
    "of_member",
    "of_plan",
    "overview",
    "plan_row",
    "price_today",
    "rate",
    "rates",
    "refund",
    "renew",
    "retire",
    "retire_benefit",
    "rows",
    "sales",
    "sell",
    "set_benefit",
    "set_price",
    "unuse",
    "use",
]
