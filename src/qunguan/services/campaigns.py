"""Campaigns, as everything above sees them. One door; the rooms are `campaign_*`."""

from __future__ import annotations

from qunguan.services.campaign_book import (
    add,
    all_campaigns,
    audience,
    audience_of,
    cancel,
    close,
    draft_of,
    edit,
    find,
    find_by_id,
    open_one,
    tasks,
    tasks_between,
    terms,
)
from qunguan.services.campaign_costs import add_cost, costs, due, hand_out, remove_cost, why_nothing_due
from qunguan.services.campaign_draws import draw, draws, pool
from qunguan.services.campaign_entries import add_entry, entries, paste, void
from qunguan.services.campaign_figures import by_form, lines
from qunguan.services.campaign_orders import import_orders
from qunguan.services.campaign_plan import blank_draft, outlook, suggested_day
from qunguan.services.campaign_review import card, review, write_review
from qunguan.services.campaign_start import answer, answer_all, gate, start

__all__ = [
    "add",
    "add_cost",
    "add_entry",
    "all_campaigns",
    "answer",
    "answer_all",
    "audience",
    "audience_of",
    "blank_draft",
    "by_form",
    "cancel",
    "card",
    "close",
    "costs",
    "draft_of",
    "draw",
    "draws",
    "due",
    "edit",
    "entries",
    "find",
    "find_by_id",
    "gate",
    "hand_out",
    "import_orders",
    "lines",
    "open_one",
    "outlook",
    "paste",
    "pool",
    "remove_cost",
    "review",
    "start",
    "suggested_day",
    "tasks",
    "tasks_between",
    "terms",
    "void",
    "why_nothing_due",
    "write_review",
]
