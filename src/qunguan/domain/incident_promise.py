"""When the group was promised the next word: the clock goes by what was said (semantics 3.17)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from qunguan.domain.clock import DayRule

_BY = re.compile(r"(?<![\d:：])([01]?\d|2[0-3])[:：]([0-5]\d)\s*(?:之|以)?前")
_DAY = timedelta(days=1)


def counted_from(text: str, posted_at: datetime, update: timedelta, rule: DayRule) -> datetime:
    """From when the next notice counts: from when the last one was posted, or from earlier where its `text` promises
    one ("20:25前") within the time `update` an owner has; `rule` says whose clock that is.
    """
    told = [_next(int(hour), int(minute), posted_at, rule) for hour, minute in _BY.findall(text)]
    return min((moment - update for moment in told if moment - update <= posted_at), default=posted_at)


def _next(hour: int, minute: int, after: datetime, rule: DayRule) -> datetime:
    """The next moment after this one at which the clock shows that time; never more than a day away."""
    local = rule.local(after)
    shown = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    ahead = shown - local
    return after + (ahead if ahead > timedelta() else ahead + _DAY)
