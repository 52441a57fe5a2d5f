"""Challenges and check-ins, as everything above sees them. One door; the rooms are `challenges` and `checkin_*`."""

from __future__ import annotations

from qunguan.services.challenges import (
    add,
    all_challenges,
    close,
    edit,
    find,
    get,
    open_challenges,
    prompt_for,
    prompts,
    reopen,
    set_prompt,
)
from qunguan.services.checkin_board import board, kpis, missing, month, month_grid, nearest_day
from qunguan.services.checkin_cache import cache_differences, rebuild_cache
from qunguan.services.checkin_enrol import enrol, start, unenrol
from qunguan.services.checkin_history import days_told, import_history
from qunguan.services.checkin_marks import mark, mark_range, reason_of, tick, toggle, untick
from qunguan.services.checkin_record import preview, record

__all__ = [
    "add",
    "all_challenges",
    "board",
    "cache_differences",
    "close",
    "days_told",
    "edit",
    "enrol",
    "find",
    "get",
    "import_history",
    "kpis",
    "mark",
    "mark_range",
    "missing",
    "month",
    "month_grid",
    "nearest_day",
    "open_challenges",
    "preview",
    "prompt_for",
    "prompts",
    "reason_of",
    "rebuild_cache",
    "record",
    "reopen",
    "set_prompt",
    "start",
    "tick",
    "toggle",
    "unenrol",
    "untick",
]
