"""The brokering book: who needs what, who has it, how far it is, the fee (S3-35). One door; the rooms are `deal_*`."""

from __future__ import annotations

from qunguan.services.deal_book import add, case, edit, move, pay, payments, show_case
from qunguan.services.deal_read import all_deals, find, find_by_id, late, party, usual_bp

__all__ = [
    "add",
    "all_deals",
    "case",
    "edit",
    "find",
    "find_by_id",
    "late",
    "move",
    "party",
    "pay",
    "payments",
    "show_case",
    "usual_bp",
]
