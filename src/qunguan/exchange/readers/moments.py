"""A moment as an owner types it: 14:05, 2026-03-20 14:05, or with its zone 2026-03-20T14:05+08:00."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from qunguan.domain.clock import DayRule
from qunguan.domain.content import minute_typed
from qunguan.domain.errors import BadInput
from qunguan.domain.text import show
from qunguan.exchange.readers.cells import datetime_cell

_RECENT: Final = timedelta(hours=12)


def moment_typed(text: str, rule: DayRule, now: datetime) -> datetime | None:
    """The moment that is meant, on the clock of `rule`; "" is none. A time alone is the last one that was, as long as
    that is not half a day ago: at ten past midnight 23:50 is yesterday's. Raises BadInput, also for a time alone that
    is still to come today.
    """
    told = text.strip()
    if not told:
        return None
    try:
        if "T" in told and (found := datetime.fromisoformat(told)).tzinfo is not None:
            return found
    except ValueError:
        raise _unread(told) from None
    try:
        day, at = datetime_cell(told.replace("T", " "), serials=False)
    except BadInput:
        return _last(told, rule, now)
    if at is None:
        raise _unread(told)
    return datetime.combine(day, at, ZoneInfo(rule.zone))


def _last(told: str, rule: DayRule, now: datetime) -> datetime:
    minute = minute_typed(told) or 0
    local = rule.local(now)
    found = datetime.combine(local.date(), time(minute // 60, minute % 60), ZoneInfo(rule.zone))
    if found <= now:
        return found
    before = found - timedelta(days=1)
    if now - before > _RECENT:
        raise BadInput("{time} is still to come: it is {now}", hint="if yesterday is meant, say the day: {example}",
                       time=f"{found:%H:%M}", now=f"{local:%H:%M}", example=f"{before:%Y-%m-%d %H:%M}")  # fmt: skip
    return before


def _unread(told: str) -> BadInput:
    return BadInput("{text} is no moment", hint="write it like 14:05 or 2026-03-20 14:05", text=show(told[:40]))
