"""Lines of a form that take a day: read as an owner types it, and said in full."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from qunguan.domain.clock import WEEKDAYS
from qunguan.domain.errors import BadInput
from qunguan.i18n import _

if TYPE_CHECKING:
    from textual.app import App

Lean = Literal["", "near", "past", "next"]


def today_of(app: App[Any]) -> date:
    """The day the program has (`QunguanApp.today`)."""
    today: date = app.today  # type: ignore[attr-defined]
    return today


def read(text: str, lean: Lean, today: date, label: str) -> date:
    """The day that was typed in the line of this label (`cells.day_typed`). Raises BadInput, which names the line."""
    from qunguan.exchange.readers.cells import day_typed

    return day_typed(text, today, lean or "near", label)


def said(text: str, lean: Lean, today: date) -> str:
    """`= 2026-11-09 Mon` for 11-9; "" where the day stands in full already, or there is none yet."""
    if not text.strip():
        return ""
    try:
        day = read(text, lean, today, "")
    except BadInput:
        return ""
    return "" if text.strip() == day.isoformat() else f"= {day} {_(WEEKDAYS[day.weekday()])}"
