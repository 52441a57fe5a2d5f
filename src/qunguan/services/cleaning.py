"""Cleaning, as everything above sees it. One door; the rooms are `cleaning_*`."""

from __future__ import annotations

from qunguan.services.cleaning_cases import cases, left_alone
from qunguan.services.cleaning_decide import decide, edit_wake, mark_sent
from qunguan.services.cleaning_queue import candidate, entry, questions, queue, why_due
from qunguan.services.cleaning_wakes import find, get, wakes, why_wake

__all__ = [
    "candidate",
    "cases",
    "decide",
    "edit_wake",
    "entry",
    "find",
    "get",
    "left_alone",
    "mark_sent",
    "questions",
    "queue",
    "wakes",
    "why_due",
    "why_wake",
]
