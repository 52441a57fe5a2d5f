"""Insights: how a group is doing, when it is awake and who carries it. Values that say what they are shares of.

None is unknown, never 0. Shares are 0 to 1; money is fen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal

from qunguan.domain.rosters import Reason
from qunguan.i18n import N_
from qunguan.values import frozen

Unit = Literal["share", "ratio", "fen", "count", "per_day"]

FIGURES = {
    "ltv_ratio": N_("LTV ÷ average order"),
    "repeat_rate": N_("repurchase rate"),
    "aov": N_("average order"),
    "conversion": N_("members who bought"),
    "active_rate": N_("active rate"),
    "open_rate": N_("open rate"),
    "exit_rate": N_("exit rate"),
    "checkin_rate": N_("check-in rate"),
    "new_members": N_("new members"),
    "messages": N_("messages a day"),
    "speakers": N_("speakers a day"),
}
"""What each figure of the health card is called: message IDs."""

DAY = timedelta(days=1)


@frozen
class Bar:
    """A line a figure is held against: the rule it comes from, its value, where that comes from.

    `applies` tells whether it is the one for this group, `met` whether the figure is on the good side of it (None
    where the figure is unknown).
    """

    rule: str
    value: float
    source: str
    applies: bool
    met: bool | None


@frozen
class Figure:
    """One figure over the window `first` to `last`, with the same of the equal window before.

    `ever`: it is over all time up to `last`, and `before` over all time up to the day before `first`. `n` is the count
    the share is of; None for counts. `rising` tells whether more is better. `why` says how it is counted, or why it is
    unknown.
    """

    code: str
    unit: Unit
    value: float | None
    n: int | None
    before: float | None
    first: date
    last: date
    rising: bool = True
    ever: bool = False
    bars: tuple[Bar, ...] = ()
    why: tuple[Reason, ...] = ()

    @property
    def change(self) -> float | None:
        """What it has changed by: shares and ratios by a difference, all others by a share of what it was."""
        if self.value is None or self.before is None:
            return None
        if self.unit in ("share", "ratio"):
            return self.value - self.before
        return (self.value - self.before) / self.before if self.before else None

    @property
    def better(self) -> bool | None:
        """Whether the change is for the good; None without one."""
        moved = self.value - self.before if self.value is not None and self.before is not None else 0
        return (moved > 0) == self.rising if moved else None


@frozen
class Health:
    """The health card of a group as of a day: outcomes above, leading figures below (C32).

    `age_days` is how old the group is; `new` whether the goal of the first month applies (C06). `covered_to` is the
    last day whose chats are known whole, None without any.
    """

    as_of: date
    group_id: int
    group: str
    age_days: int
    new: bool
    covered_to: date | None
    outcomes: tuple[Figure, ...]
    leading: tuple[Figure, ...]


@frozen
class Coverage:
    """The days whose chats are known, as stretches (first, last) in order that do not touch."""

    stretches: tuple[tuple[date, date], ...] = ()

    @classmethod
    def of(cls, stretches: Iterable[tuple[date, date]]) -> Coverage:
        """The union of stretches in any order; one that ends before it begins is none."""
        found: list[tuple[date, date]] = []
        for first, last in sorted(stretches):
            if last < first:
                continue
            if found and first <= found[-1][1] + DAY:
                found[-1] = found[-1][0], max(found[-1][1], last)
            else:
                found.append((first, last))
        return cls(tuple(found))

    def holds(self, first: date, last: date) -> bool:
        """Whether every day from `first` to `last` is known."""
        return any(begin <= first and last <= end for begin, end in self.stretches)

    def within(self, first: date, last: date) -> tuple[tuple[date, date], ...]:
        """The known stretches from `first` to `last`, cut to them."""
        cut = ((max(begin, first), min(end, last)) for begin, end in self.stretches)
        return tuple((begin, end) for begin, end in cut if begin <= end)

    def last_before(self, day: date) -> date | None:
        """The last known day up to `day`."""
        ends = [min(end, day) for begin, end in self.stretches if begin <= day]
        return max(ends, default=None)

    @property
    def first(self) -> date | None:
        """The first known day."""
        return self.stretches[0][0] if self.stretches else None


@frozen
class Person:
    """Somebody in a list: `member_id` None while nobody knows who speaks there. `messages` are those that count there.

    `gone` tells that they are not in the group any more, `owner` that it is the group's owner.
    """

    member_id: int | None
    name: str
    messages: int
    gone: bool = False
    owner: bool = False


@frozen
class Crowd:
    """Some people: how many, and the first of them. `count` None: it cannot be known, and `why` says why."""

    count: int | None
    people: tuple[Person, ...] = ()
    why: tuple[Reason, ...] = ()


@frozen
class Share:
    """A share of a window with its base, the same of the window before, and the bars it is held against."""

    value: float | None
    n: int | None
    before: float | None = None
    bars: tuple[Bar, ...] = ()
    why: tuple[Reason, ...] = ()


@frozen
class People:
    """Who carries a group over the known days of a window (semantics 3.15, S0-40, S2-25).

    `known_days` is how many of them are known; with none of them nothing is. `net` is new and reactivated less lost.
    `verdict` of the top ten: "usual", "spread" (below it), "close" (above it), "fragile", or None while unknown.
    """

    group_id: int
    group: str
    first: date
    last: date
    known_days: int
    messages: int | None
    speakers: int | None
    top_ten: Share
    top: tuple[Person, ...]
    verdict: str | None
    owner: Share
    new: Crowd
    reactivated: Crowd
    lost: Crowd
    net: int | None
    returning: Share
    replies: Share
    mentions: Share

    @property
    def days(self) -> int:
        """How many days the window has."""
        return (self.last - self.first).days + 1


@frozen
class DayCount:
    """A day's messages and the people who wrote them; None while its chats are not known."""

    day: date
    messages: int | None
    people: int | None


@frozen
class Hours:
    """When a group is awake, over the known days of a window. Hours and weekdays (Monday is 0) are the wall clock's.

    `grid[weekday][hour]` are messages, `weekdays` how many known days of each weekday there are. `best_hour` is the
    hour of the day with the most messages, `best` the weekday and hour with the most a day; both None while there is
    too little to tell. `share` is the best hour's share of all messages. `advice` says what to do with it (S0-35).
    """

    group_id: int
    group: str
    first: date
    last: date
    known_days: int
    messages: int
    grid: tuple[tuple[int, ...], ...]
    weekdays: tuple[int, ...]
    best_hour: int | None
    best: tuple[int, int] | None
    share: float | None
    advice: tuple[Reason, ...]
    days: tuple[DayCount, ...]
    weeks: tuple[DayCount, ...]

    @property
    def by_hour(self) -> tuple[int, ...]:
        """Messages by hour of the day."""
        return tuple(sum(row[hour] for row in self.grid) for hour in range(24))


@frozen
class Slump:
    """The days after a campaign against those before it (S4-11): `before` and `after` are messages a day.

    `slumped` None: the days are not over yet, or not known.
    """

    day: date
    what: Reason
    before: float | None
    after: float | None
    ratio: float | None
    slumped: bool | None
    why: tuple[Reason, ...] = ()


def best_hour(grid: Sequence[Sequence[int]]) -> int | None:
    """The hour with the most messages over all weekdays, the earliest of equal ones; None without any."""
    sums = [sum(row[hour] for row in grid) for hour in range(24)]
    return sums.index(max(sums)) if any(sums) else None


def best_cell(grid: Sequence[Sequence[int]], weekdays: Sequence[int]) -> tuple[int, int] | None:
    """(weekday, hour) with the most messages a known day, the earliest of equal ones; None without any."""
    means = {
        (weekday, hour): messages / weekdays[weekday]
        for weekday, row in enumerate(grid)
        for hour, messages in enumerate(row)
        if weekdays[weekday] and messages
    }
    return max(means, key=lambda cell: (means[cell], -cell[0], -cell[1])) if means else None


def top_share(messages: Sequence[int], top: int = 10) -> float | None:
    """The share of the most active in all messages; None without any."""
    total = sum(messages)
    return sum(sorted(messages, reverse=True)[:top]) / total if total else None
