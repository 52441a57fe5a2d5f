"""Alerts: when a figure says that something has to be done. The engine alone: readings in, firings out.

Nothing is kept: that an alert fires, since when, and that it has recovered follows from the readings of the days
(semantics 3.13).
"""

from __future__ import annotations

import operator
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

from qunguan.domain.errors import NotFound
from qunguan.domain.rosters import Reason
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "alerts.toml"

Kind = Literal["abs", "delta", "pct", "consecutive", "slump"]
"""What is compared: the value; its change or its change in percent since the equal window before; so many days in a
row; the days after an event with those before it."""

State = Literal["fired", "known", "handling", "closed", "recovered"]
"""触发, 已知, 处理中, 结束 (by hand, while it still fires), 恢复 (by itself)."""

NOTED: tuple[State, ...] = ("known", "handling", "closed")
"""What an owner can say to a firing."""

Finding = Literal["met", "not met", "unknown", "small", "new", "no event"]
"""Why a verdict is what it is. `small`: the base is too small to say. `new`: there was nothing before."""

_OPS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
DAY = timedelta(days=1)


@frozen
class Shipped:
    """An alert as it is shipped: what it looks at, and the ids of the rules its numbers come from.

    `threshold`, `window`, `days`, `min_base`, `min_count` and `watch` are ids of rules, "" where there is none.
    `weekly` readings are taken at the end of calendar weeks. `per_group` False: of the whole community. `today` tells
    whether Today has a line of it.
    """

    id: str
    metric: str
    kind: Kind
    op: str
    threshold: str
    severity: str
    action: str
    window: str = ""
    days: str = ""
    min_base: str = ""
    min_count: str = ""
    watch: str = ""
    weekly: bool = False
    per_group: bool = True
    today: bool = True


@frozen
class Reading:
    """A figure over the window that ends on a day. `n` is the count it is a share of, None for counts."""

    value: float
    n: int | None = None


Series = Mapping[date, Reading]
"""Readings by the last day of their window. A day that is missing is unknown, which is not 0."""


@frozen
class Terms:
    """An alert with its numbers in force. Shares are 0 to 1; `window`, `days`, `rest`, `fresh`, `watch` are days.

    `days` is how many in a row. A firing that comes back within `rest` days of its beginning is the same one. `fresh`
    is how many unknown days a firing outlives. `watch` is how long after an event a slump is looked for.
    """

    kind: Kind
    op: str
    threshold: float
    window: int = 1
    days: int = 1
    min_base: float = 0
    min_count: float = 0
    rest: int = 0
    fresh: int = 0
    watch: int = 28

    def meets(self, value: float) -> bool:
        """Whether a value is on the wrong side of the threshold."""
        return _OPS[self.op](value, self.threshold)

    @property
    def reach(self) -> int:
        """How many days before a day its verdict looks at."""
        if self.kind == "consecutive":
            return self.days
        return self.watch + self.window if self.kind == "slump" else self.window


@frozen
class Verdict:
    """What the readings say of one day: `fired` None is unknown. `first` to `day` is the window.

    `value` is what is compared with the threshold; `now` and `before` are the readings it comes from, `n` their base.
    """

    day: date
    first: date
    fired: bool | None
    finding: Finding
    value: float | None = None
    now: float | None = None
    before: float | None = None
    n: int | None = None


@frozen
class Firing:
    """One time an alert fired: from the first day that fired to the last known one. `recovered_on` None: it still does.

    `faded` tells that the figures ended before it recovered.
    """

    first: Verdict
    last: Verdict
    recovered_on: date | None = None
    faded: bool = False

    @property
    def fired_on(self) -> date:
        """The last day of the window that fired first."""
        return self.first.day

    @property
    def until(self) -> date:
        """The last day it was seen to fire."""
        return self.last.day


@frozen
class Note:
    """What the owner said to a firing, and on which day."""

    state: State
    fired_on: date
    said_on: date
    text: str = ""


@frozen
class Alert:
    """One alert that fires, or recovered lately. `group_id` None: it is about the whole community.

    `value` against `threshold`: shares 0 to 1, or counts as `unit` says; `before` is the window before (None where
    nothing is compared), `n` the base of a share. `first` to `last` is the window; `since` the day it fired first.
    """

    rule: str
    group_id: int | None
    group: str
    severity: str
    state: State
    since: date
    value: float
    threshold: float
    op: str
    unit: str
    first: date
    last: date
    now: float | None
    before: float | None
    n: int | None
    source: str
    action: str
    recovered_on: date | None = None
    note: str = ""


@frozen
class AlertRule:
    """A shipped alert with its threshold in force. `readable` False: nothing in the file tells its figure yet."""

    shipped: Shipped
    terms: Terms
    unit: str
    source: str
    enabled: bool
    readable: bool


@frozen
class PromoLock:
    """Whether promotion rests in a group, since when, and why (S4-30)."""

    locked: bool
    since: date | None = None
    why: tuple[Reason, ...] = ()


@cache
def shipped() -> Mapping[str, Shipped]:
    """Every shipped alert by id, in the order of the file."""
    found: dict[str, dict[str, Any]] = tomllib.loads(_PRESET.read_text(encoding="utf-8"))
    return {alert_id: Shipped(id=alert_id, **fields) for alert_id, fields in found.items()}


def find(alert_id: str) -> Shipped:
    """The shipped alert. Raises NotFound for an id nobody ships."""
    try:
        return shipped()[alert_id]
    except KeyError:
        raise NotFound("there is no alert {alert}", hint="qunguan alert rules lists them", alert=alert_id) from None


def place(alert_id: str) -> int:
    """The number of a shipped alert, from 1: what its line is known by."""
    return list(shipped()).index(alert_id) + 1


def at(number: int) -> str:
    """The shipped alert with this number."""
    return list(shipped())[number - 1]


def judge(terms: Terms, series: Series, day: date, events: Iterable[date] = ()) -> Verdict:
    """What the readings say of `day`; `events` are the days a slump is looked for after."""
    if terms.kind == "slump":
        return _slump(terms, series, day, events)
    if terms.kind == "consecutive":
        return _consecutive(terms, series, day)
    first, now = day - (terms.window - 1) * DAY, series.get(day)
    if now is None:
        return Verdict(day, first, None, "unknown")
    if terms.kind == "abs":
        small = now.n is not None and now.n < terms.min_base
        return _verdict(terms, day, first, now, None, now.value, small=small)
    before = series.get(day - terms.window * DAY)
    if before is None:
        return Verdict(day, first, None, "unknown", now=now.value, n=now.n)
    if terms.kind == "delta":
        return _verdict(terms, day, first, now, before, now.value - before.value, small=before.value < terms.min_base)
    if before.value == 0:  # a change from nothing has no percentage: it is new, and must be enough
        new = terms.op in (">", ">=") and 0 < now.value >= terms.min_count
        return Verdict(day, first, new, "new" if new else "not met", now=now.value, before=0, value=now.value, n=now.n)
    change = (now.value - before.value) / before.value
    return _verdict(terms, day, first, now, before, change, small=before.value < terms.min_base)


def _verdict(
    terms: Terms, day: date, first: date, now: Reading, before: Reading | None, value: float, *, small: bool
) -> Verdict:
    small = small or now.value < terms.min_count
    fired = terms.meets(value) and not small
    finding: Finding = "met" if fired else "small" if small else "not met"
    return Verdict(day, first, fired, finding, value, now.value, before.value if before else None, now.n)


def _consecutive(terms: Terms, series: Series, day: date) -> Verdict:
    """Every day of the row; one known day that does not fit settles it, even beside unknown ones."""
    row = [series.get(day - back * DAY) for back in range(terms.days)]
    first = day - (terms.days - 1) * DAY
    value = row[0].value if row[0] else None
    n = row[0].n if row[0] else None
    if any(each is not None and not terms.meets(each.value) for each in row):
        return Verdict(day, first, False, "not met", value, value, n=n)
    if any(each is None for each in row):
        return Verdict(day, first, None, "unknown", value, value, n=n)
    return Verdict(day, first, True, "met", value, value, n=n)


def _slump(terms: Terms, series: Series, day: date, events: Iterable[date]) -> Verdict:
    """The last days against those before the latest event that lies a whole window back (S4-11)."""
    first = day - (terms.window - 1) * DAY
    ripe = [event for event in events if terms.window <= (day - event).days <= terms.watch]
    if not ripe:
        return Verdict(day, first, False, "no event")
    event = max(ripe)
    after = [series.get(day - back * DAY) for back in range(terms.window)]
    before = [series.get(event - back * DAY) for back in range(1, terms.window + 1)]
    told = [each.value for each in (*after, *before) if each is not None]
    if len(told) < 2 * terms.window:
        return Verdict(day, first, None, "unknown")
    now, then = sum(told[: terms.window]), sum(told[terms.window :])
    means = now / terms.window, then / terms.window
    if then == 0 or means[1] < terms.min_base:
        return Verdict(day, first, False, "small", None, *means)
    fired = terms.meets(now / then)
    return Verdict(day, first, fired, "met" if fired else "not met", now / then, *means)


def firings(terms: Terms, series: Series, first: date, last: date, events: Iterable[date] = ()) -> tuple[Firing, ...]:
    """The firings from `first` to `last`, oldest first.

    An unknown day neither begins nor ends one, but after `terms.fresh` of them nobody can say that it still fires. One
    that comes back while it has to rest is the same firing going on.
    """
    events, found = tuple(events), list[Firing]()
    running = False
    for step in range((last - first).days + 1):
        verdict = judge(terms, series, first + step * DAY, events)
        if verdict.fired:
            if not running and not (found and (verdict.day - found[-1].fired_on).days <= terms.rest):
                found.append(Firing(verdict, verdict))
            else:
                found[-1] = Firing(found[-1].first, verdict)
            running = True
        elif running and verdict.fired is False:
            found[-1] = Firing(found[-1].first, found[-1].last, recovered_on=verdict.day)
            running = False
        elif running and (verdict.day - found[-1].until).days > terms.fresh:
            found[-1] = Firing(found[-1].first, found[-1].last, faded=True)
            running = False
    return tuple(found)


def state_of(firing: Firing, notes: Iterable[Note]) -> tuple[State, str]:
    """Where a firing stands, and what was said last; `notes` in the order they were said, of any firing.

    A note is of this firing when it was said between its beginning and its end.
    """
    said = [note for note in notes if note.fired_on <= firing.until and note.said_on >= firing.fired_on]
    text = next((note.text for note in reversed(said) if note.text), "")
    if firing.recovered_on is not None:
        return "recovered", text
    return (said[-1].state if said else "fired"), text
