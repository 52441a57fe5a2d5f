"""Retention: who came back N days or weeks after they began (semantics 3.6, formats 14). Pure.

Classic counts who was active in exactly that cell of time, rolling who was active then or later. A cell is ripe for
those for whom it is over, and told for those for whom it begins no earlier than `known_from`, the first day anything
tells of who was active; nobody else is in its denominator, and a cell without one is None, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from qunguan.domain.cadence import WEEK
from qunguan.domain.checkin_outcomes import Rate
from qunguan.domain.rosters import Reason
from qunguan.i18n import N_
from qunguan.values import frozen

DAYS = (1, 3, 7, 14, 30)
WEEKS = (1, 2, 3, 4, 8, 12)


class Kind(StrEnum):
    """Active in the cell, or in it or any time later."""

    CLASSIC = "classic"
    ROLLING = "rolling"


class Cohort(StrEnum):
    """Whose days are shown in one line: those who began on one day, or in one week (from Monday)."""

    DAY = "day"
    WEEK = "week"


class Born(StrEnum):
    """What a member's first day is (rule insight.cohort): the first join ever, or the first activity ever."""

    JOINED = "joined"
    FIRST_SEEN = "first_seen"


class Counts(StrEnum):
    """What counts as activity (rule activity.counts)."""

    ANY = "any"
    MESSAGES = "messages"
    CHECKINS = "checkins"


@frozen
class Cell:
    """A stretch of time after somebody's first day: the N-th day, or the N-th calendar week (from Monday)."""

    number: int
    weekly: bool

    def ends(self, born: date) -> date:
        """The last day of the cell for somebody who began on `born`."""
        if self.weekly:
            return monday(born) + timedelta(days=WEEK * (self.number + 1) - 1)
        return born + timedelta(days=self.number)

    def starts(self, born: date) -> date:
        """The first day of the cell."""
        return monday(born) + timedelta(days=WEEK * self.number) if self.weekly else self.ends(born)


CELLS = (*(Cell(number, False) for number in DAYS), *(Cell(number, True) for number in WEEKS))
"""Cell k has bit k + 1 in the roll-ups; bit 0 stands for everybody."""
_RIPE = tuple(
    (place, cell.weekly, WEEK * cell.number, WEEK * (cell.number + 1) - 1)
    if cell.weekly
    else (place, cell.weekly, cell.number, cell.number)
    for place, cell in enumerate(CELLS)
)


@frozen
class Counted:
    """Those who began on one day: how many they are, and for each of CELLS how many were active in it, or then or
    later.
    """

    born: date
    size: int
    kept: tuple[int, ...]
    later: tuple[int, ...]


@frozen
class CohortLine:
    """One line of the triangle. `cells` by day, `weeks` by week of life; None where a cell is ripe and
    told for nobody.
    """

    start: date
    size: int
    cells: Mapping[int, Rate | None]
    weeks: Mapping[int, Rate | None]


@frozen
class Retention:
    """Retention of a group as of a day.

    `complete` is the last day that is over. `outside` counts the members without a first day: nobody knows when they
    joined. `told_from` and `told_to` are the first and last day chat exports told (None: no chat was imported); what
    lies outside of them can hold no messages. `known_from` is the first day anything that counts is told of (None:
    nothing is); cells that begin before it are unknown, `partly` says that there are any. `other` is `overall` of
    the other kind, for labels side by side.
    """

    group_id: int
    kind: Kind
    cohort: Cohort
    as_of: date
    complete: date
    counts: Counts
    born: Born
    cohorts: tuple[CohortLine, ...]
    overall: Mapping[int, Rate | None]
    other: Mapping[int, Rate | None]
    weeks: Mapping[int, Rate | None]
    outside: int
    told_from: date | None
    told_to: date | None
    known_from: date | None
    partly: bool


@frozen
class CellWhy:
    """Who stands behind a cell: members of the cohort born from `first` to `last`, asked about the days `opens` to
    `closes` (of its earliest and its latest member).

    `kept` were active, `lost` were not; for `waiting` the cell is not over by `complete`, for `untold`
    it begins before `known_from`; neither are counted.
    """

    cell: Cell
    kind: Kind
    counts: Counts
    born: Born
    first: date
    last: date
    opens: date
    closes: date
    complete: date
    kept: tuple[int, ...]
    lost: tuple[int, ...]
    waiting: tuple[int, ...]
    untold: tuple[int, ...]
    known_from: date | None

    @property
    def rate(self) -> Rate | None:
        """What the cell shows."""
        return Rate.of(len(self.kept), len(self.kept) + len(self.lost))

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The rule, the numbers, and where the rule comes from."""
        of = N_("active on some day from {opens} on: {kept} of {n}")
        if self.kind is Kind.CLASSIC:
            of = N_("active from {opens} to {closes}: {kept} of {n}")
        base = N_("the first activity ever was from {first} to {last}")
        if self.born is Born.JOINED:
            base = N_("joined for the first time ever from {first} to {last}; who left stays counted")
        found = [
            Reason.of(base, first=self.first, last=self.last),
            Reason.of(of, opens=self.opens, closes=self.closes, kept=len(self.kept),
                      n=len(self.kept) + len(self.lost)),
        ]  # fmt: skip
        if self.waiting:
            found.append(Reason.of(N_("not counted yet: {n}, their day comes after {complete}"), n=len(self.waiting),
                                   complete=self.complete))  # fmt: skip
        if self.untold and self.known_from is None:
            found.append(Reason.of(N_("not counted: {n}, no record tells who was active"), n=len(self.untold)))
        elif self.untold:
            found.append(Reason.of(N_("not counted: {n}, records begin on {day}, after their day"), n=len(self.untold),
                                   day=self.known_from))  # fmt: skip
        return (*found, Reason.of(N_("source: semantics 3.6")))


def monday(day: date) -> date:
    """The Monday of the day's week (semantics 3.1)."""
    return day - timedelta(days=day.weekday())


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the day's week."""
    return monday(day), monday(day) + timedelta(days=WEEK - 1)


def line(start: date, members: Iterable[Counted], kind: Kind, complete: date, known_from: date | None) -> CohortLine:
    """The cohort that begins on `start`, of those counted by their days: each cell over those for whom it is ripe and
    told.
    """
    known = known_from or date.max
    size, kept, ripe = 0, [0] * len(CELLS), [0] * len(CELLS)
    for each in members:
        size += each.size
        days = (complete - each.born).days
        weeks = days + each.born.weekday()  # since the Monday of their week
        untold = (known - each.born).days
        untold_weeks = untold + each.born.weekday()
        active = each.kept if kind is Kind.CLASSIC else each.later
        for place, weekly, begins, ends in _RIPE:
            if (weeks if weekly else days) >= ends and begins >= (untold_weeks if weekly else untold):
                kept[place] += active[place]
                ripe[place] += each.size
    rates = [Rate.of(part, base) for part, base in zip(kept, ripe, strict=True)]
    return CohortLine(
        start, size, dict(zip(DAYS, rates, strict=False)), dict(zip(WEEKS, rates[len(DAYS) :], strict=True))
    )


def dark(members: Iterable[Counted], known_from: date | None) -> bool:
    """Whether somebody's first day after the one they began on came before anything is told."""
    return any(known_from is None or Cell(1, False).starts(each.born) < known_from for each in members if each.size)


def lines(
    members: Iterable[Counted], kind: Kind, cohort: Cohort, complete: date, known_from: date | None
) -> tuple[CohortLine, ...]:
    """A line for each cohort that has anybody, the oldest first."""
    ordered = sorted((each for each in members if each.size), key=lambda each: each.born)

    def start(each: Counted) -> date:
        return monday(each.born) if cohort is Cohort.WEEK else each.born

    return tuple(line(day, those, kind, complete, known_from) for day, those in groupby(ordered, key=start))
