"""What a group's days and hours look like: figures with their coverage. Unknown is None, never 0."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from qunguan.domain.cadence import WEEK
from qunguan.domain.clock import WEEKDAYS
from qunguan.values import frozen

HOURS = 24


@frozen
class Stretch:
    """Days a chat export told, first and last one included."""

    first: date
    last: date


@frozen
class DayCount:
    """Messages and people who spoke on a business day; None where no chat export told of it."""

    day: date
    messages: int | None
    speakers: int | None


@frozen
class HourTable:
    """Messages by weekday (Monday is 0) and hour of the wall clock; `days` is how many of each weekday are told.

    A weekday nobody told of is None.
    """

    first: date
    last: date
    days: tuple[int, ...]
    messages: tuple[tuple[int, ...] | None, ...]

    def mean(self, weekday: int, hour: int) -> float | None:
        """Messages of that hour on an average such weekday."""
        told = self.messages[weekday]
        return told[hour] / self.days[weekday] if told is not None else None


@frozen
class BestHour:
    """The hour with most messages on an average day: `mean` messages an hour, `share` of the day's, over `days` days.

    `weekday` is the weekday on which that hour is liveliest.
    """

    hour: int
    mean: float
    share: float
    days: int
    weekday: int

    @property
    def weekday_name(self) -> str:
        """The weekday's short name: a message ID."""
        return WEEKDAYS[self.weekday]


def merged(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The same days in as few stretches as can be, in order: those that overlap or touch become one."""
    found: list[Stretch] = []
    for each in sorted(stretches, key=lambda stretch: (stretch.first, stretch.last)):
        if found and each.first <= found[-1].last + timedelta(days=1):
            found[-1] = Stretch(found[-1].first, max(found[-1].last, each.last))
        else:
            found.append(each)
    return tuple(found)


def covered(stretches: Sequence[Stretch], first: date, last: date) -> list[date]:
    """The days from `first` to `last` that lie in one of the merged stretches, in order."""
    days: list[date] = []
    for each in stretches:
        start, stop = max(first, each.first), min(last, each.last)
        days += [start + timedelta(days=number) for number in range((stop - start).days + 1)]
    return days


def heard(stretches: Sequence[Stretch], first: date, last: date, pct: int) -> bool:
    """Whether at least so many percent of the days from `first` to `last` lie in one of the merged stretches."""
    return first <= last and len(covered(stretches, first, last)) * 100 >= pct * ((last - first).days + 1)


def heard_back(stretches: Sequence[Stretch], day: date, pct: int) -> int:
    """How many days up to `day` are told: the most that begin with a stretch and are `heard`; 0 where none are."""
    told = found = 0
    for each in reversed(stretches):
        if each.first <= day:
            told += (min(each.last, day) - each.first).days + 1
            span = (day - each.first).days + 1
            found = span if told * 100 >= pct * span else found
    return found


def weekdays(days: Iterable[date]) -> tuple[int, ...]:
    """How many of the days are Mondays, Tuesdays, …"""
    counts = [0] * WEEK
    for day in days:
        counts[day.weekday()] += 1
    return tuple(counts)


def best_hour(table: HourTable) -> BestHour | None:
    """The liveliest hour of the table; of equal ones the earliest. None where nothing was told or said."""
    told = [weekday for weekday in range(WEEK) if table.messages[weekday] is not None]
    sums = [sum((table.messages[weekday] or ())[hour] for weekday in told) for hour in range(HOURS)]
    days, total = sum(table.days[weekday] for weekday in told), sum(sums)
    if not total:
        return None
    hour = max(range(HOURS), key=lambda each: (sums[each], -each))
    weekday = max(told, key=lambda each: (table.mean(each, hour) or 0, -each))
    return BestHour(hour, sums[hour] / days, sums[hour] / total, days, weekday)
