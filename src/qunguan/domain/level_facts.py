"""What levels are judged by: dated changes of each metric, and what they add up to on any day.

Nothing is ever looked up day by day: a metric changes on few days, so a bar is crossed on fewer, and a level is worked
out from those alone.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate, repeat
from operator import itemgetter, le, neg

from qunguan.domain.level_terms import Condition, Level, Metric, Terms
from qunguan.values import frozen

DAY = timedelta(days=1)
_HUNDRED = 100
Step = tuple[date, int]
"""From this day on, this value, until the next step."""


@frozen
class Series:
    """Dated changes of a metric, oldest first.

    `origins` are the days of what each change belongs to (None: its own day). A refund belongs to the day of its
    order: it leaves a window of days together with the order, so that a window never holds a refund alone.
    `taken` tells that a negative change is something taken back, not a streak that ended.
    """

    days: Sequence[date]
    amounts: Sequence[int]
    origins: Sequence[date] | None = None
    taken: bool = True


Facts = Mapping[Metric, Series]


@frozen
class Measured:
    """A condition with the value it met on a day, and the bar it was held against (lower at a review)."""

    condition: Condition
    value: int
    needed: int

    @property
    def missing(self) -> int:
        """How much is missing, 0 when the bar is reached."""
        return max(0, self.needed - self.value)


@frozen
class _Line:
    """What a metric comes to: on `days[i]` and after, `values[i]`. `rising` tells that it never falls."""

    days: Sequence[date]
    values: Sequence[int]
    rising: bool

    def at(self, day: date) -> int:
        """The value at the end of a day, 0 before the first."""
        place = bisect_right(self.days, day)
        return self.values[place - 1] if place else 0

    def flips(self, bar: int) -> Iterator[tuple[date, bool]]:
        """The days on which `value >= bar` becomes true or false; it is false before the first."""
        if self.rising:
            place = bisect_left(self.values, bar)
            if place < len(self.days):
                yield self.days[place], True
            return
        before = False
        for day, holds in zip(self.days, map(le, repeat(bar), self.values), strict=True):
            if holds is not before:
                yield day, holds
                before = holds


@dataclass(slots=True)
class Book:
    """One member's facts, with what they add up to kept for every bar that asks."""

    facts: Facts
    _lines: dict[tuple[Metric, int | None], _Line] = field(default_factory=dict)
    _gains: dict[Metric, int] = field(default_factory=dict)

    def value(self, condition: Condition, day: date) -> int:
        """What the condition looks at comes to at the end of a day."""
        return self._line(condition).at(day)

    def ranks(self, terms: Terms, pct: int = _HUNDRED) -> list[Step]:
        """The highest rank whose bars are met, as steps from the day it changes; rank 1 before the first.

        `pct` lowers every bar to that share of it.
        """
        changes: dict[date, list[tuple[Condition, bool]]] = {}
        for condition in (each for level in terms.levels for group in level.any_of for each in group):
            if self._within_reach(condition, pct):
                for day, holds in self._line(condition).flips(needed(condition, pct)):
                    changes.setdefault(day, []).append((condition, holds))
        met: set[Condition] = set()
        steps: list[Step] = []
        for day in sorted(changes):
            for condition, holds in changes[day]:
                (met.add if holds else met.discard)(condition)
            rank = _top(terms.levels, met)
            if rank != (steps[-1][1] if steps else 1):
                steps.append((day, rank))
        return steps

    def ground(self, level: Level, day: date, pct: int = _HUNDRED) -> tuple[Measured, ...]:
        """The group of conditions that carries the level on a day, measured; every group where none does."""
        groups = [tuple(self._measured(each, day, pct) for each in group) for group in level.any_of]
        for group in groups:
            if not any(each.missing for each in group):
                return group
        return tuple(each for group in groups for each in group)

    def takebacks(self, metrics: Iterable[Metric]) -> list[date]:
        """The days on which something was taken back."""
        found = (self.facts[metric] for metric in metrics if metric in self.facts)
        return sorted(
            {
                day
                for series in found
                if series.taken
                for day, amount in zip(series.days, series.amounts, strict=True)
                if amount < 0
            }
        )

    def without_takebacks(self, day: date) -> Book:
        """The same facts as if nothing had been taken back on that day."""
        return Book({metric: _kept(series, day) for metric, series in self.facts.items()})

    def _within_reach(self, condition: Condition, pct: int) -> bool:
        """Whether everything ever gained together is enough; most members never come near the higher bars."""
        if condition.metric not in self._gains:
            series = self.facts.get(condition.metric)
            self._gains[condition.metric] = sum(map(max, series.amounts, repeat(0))) if series else 0
        return self._gains[condition.metric] >= needed(condition, pct)

    def _measured(self, condition: Condition, day: date, pct: int) -> Measured:
        return Measured(condition, self.value(condition, day), needed(condition, pct))

    def _line(self, condition: Condition) -> _Line:
        key = (condition.metric, condition.days)
        if key not in self._lines:
            series = self.facts.get(condition.metric)
            self._lines[key] = _Line((), (), True) if series is None else _line(series, condition.days)
        return self._lines[key]


def needed(condition: Condition, pct: int) -> int:
    """The smallest whole value with value >= bar * pct / 100."""
    return -(-condition.at_least * pct // _HUNDRED)


def rank_at(steps: Sequence[Step], day: date) -> int:
    """The rank the steps give on a day."""
    place = bisect_right(steps, day, key=itemgetter(0))
    return steps[place - 1][1] if place else 1


def _top(levels: Sequence[Level], met: set[Condition]) -> int:
    for rank in range(len(levels), 1, -1):
        if any(met.issuperset(group) for group in levels[rank - 1].any_of):
            return rank
    return 1


def _line(series: Series, window: int | None) -> _Line:
    days, amounts, origins = series.days, series.amounts, series.origins
    if window is None and (not amounts or min(amounts) >= 0):
        return _Line(days, list(accumulate(amounts)), True)
    changes: list[Step] = list(zip(days, amounts, strict=True))
    if window is not None:
        span = timedelta(days=window)
        latest = date.max - span
        ends = [origin + span if origin < latest else date.max for origin in origins or days]
        if origins is None:
            changes += zip(ends, map(neg, amounts), strict=True)
        else:  # what is taken back after its order left the window never counts in it
            inside = [row for row in zip(days, amounts, ends, strict=True) if row[0] < row[2]]
            changes = [(day, amount) for day, amount, _end in inside] + [(end, -amount) for _day, amount, end in inside]
        changes.sort(key=itemgetter(0))
    values = accumulate(amount for _day, amount in changes)
    totals = dict(zip((day for day, _amount in changes), values, strict=True))  # of a day the last one stays
    return _Line(list(totals), list(totals.values()), False)


def _kept(series: Series, day: date) -> Series:
    if not series.taken:
        return series
    amounts = [
        0 if when == day and amount < 0 else amount for when, amount in zip(series.days, series.amounts, strict=True)
    ]
    return Series(series.days, amounts, series.origins)
