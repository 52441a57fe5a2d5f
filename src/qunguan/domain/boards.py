"""Leaderboards: periods, honest ranks, and the quiet mode that shows the top only (C20, S4-37)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal, NamedTuple

from qunguan.domain.checkins import Records, Terms, carried, runs, settled_on, standing
from qunguan.i18n import N_
from qunguan.values import frozen

By = Literal["points", "checkins", "streak", "referrals"]
Period = Literal["today", "week", "month", "all", "challenge"]
Unit = Literal["point", "checkin", "day", "week", "referral"]

BY: dict[By, str] = {
    "points": N_("Points earned"),
    "checkins": N_("Most check-ins"),
    "streak": N_("Longest streaks"),
    "referrals": N_("Most referrals"),
}
"""What a leaderboard goes by, with the message ID of its title."""

VALUES: dict[By, str] = {
    "points": N_("points"),
    "checkins": N_("check-ins"),
    "streak": N_("streak"),
    "referrals": N_("referrals"),
}
"""The message ID of the head of its column."""

COUNTS: dict[By, str] = {
    "points": N_("points earned in the period, without what was taken back; spending takes nothing off"),
    "checkins": N_("check-ins in the period, made-up ones included"),
    "streak": N_("the longest streak on any day of the period"),
    "referrals": N_("members invited who stayed, by the day they began to count"),
}
"""How each is counted: what a board says about itself."""

PERIODS: dict[Period, str] = {
    "today": N_("Today"),
    "week": N_("This week"),
    "month": N_("This month"),
    "all": N_("All time"),
    "challenge": N_("Challenge"),
}

PAST: dict[Period, str] = {"today": N_("That day"), "week": N_("That week"), "month": N_("That month")}
"""What a period is called once it is over."""


@frozen
class BoardLine:
    """One member's place. `tied` tells that others share the rank; `behind` is what is missing to the next better one,
    0 for the first."""

    rank: int
    member_id: int
    name: str
    nick: str
    value: int
    tied: bool
    behind: int


@frozen
class Leaderboard:
    """Who is where as of a day; only who has something is on it, best first.

    `first` is the first day that counts (None: since ever), `last` the day it is as of. `unit` is what the values
    count, `scope` the name of the group or challenge ("" for all). `quiet_top` is how many ranks may be shown to the
    group (None: all), `over` tells that a day, week or month is not the one it is now.
    """

    by: By
    period: Period
    first: date | None
    last: date
    unit: Unit
    scope: str
    lines: tuple[BoardLine, ...]
    quiet_top: int | None = None
    over: bool = False

    def public(self, top: int | None = None) -> tuple[BoardLine, ...]:
        """The lines the group may see: ranks up to the smaller of `top` and the quiet mode's, ties whole."""
        bounds = [each for each in (top, self.quiet_top) if each is not None]
        return tuple(line for line in self.lines if not bounds or line.rank <= min(bounds))

    def of(self, member_id: int) -> BoardLine | None:
        """One member's line, None for who is not on the board."""
        return next((line for line in self.lines if line.member_id == member_id), None)


MEDAL_SHARED_BY = 3
"""People who may share a medal: where more stand on one place it says nothing of them any more."""


def ranks(scores: Iterable[int]) -> list[int]:
    """The competition rank of each score, highest first: 9 9 7 → 1 1 3. A tie shares its place."""
    given = list(scores)
    first: dict[int, int] = {}
    for place, score in enumerate(sorted(given, reverse=True), start=1):
        first.setdefault(score, place)
    return [first[score] for score in given]


def ranked(values: Mapping[int, int], order: Sequence[int]) -> list[BoardLine]:
    """The board of these values by member, best first; who has nothing is left out, equals keep the given order.

    The lines have no names yet.
    """
    place = {member_id: number for number, member_id in enumerate(order)}
    found = sorted(
        ((value, member_id) for member_id, value in values.items() if value > 0 and member_id in place),
        key=lambda each: (-each[0], place[each[1]]),
    )
    scores = [value for value, _member in found]
    lines: list[BoardLine] = []
    better = 0  # the value of the next better rank
    for (value, member_id), rank in zip(found, ranks(scores), strict=True):
        tied = bool(lines) and lines[-1].rank == rank
        if tied:
            lines[-1] = replace(lines[-1], tied=True)
        elif lines:
            better = lines[-1].value
        lines.append(BoardLine(rank, member_id, "", "", value, tied, better - value if better else 0))
    return lines


def first_day(period: Period, day: date) -> date | None:
    """The first day of a period that ends on `day`, None for all time. Weeks start on Monday (semantics 3.1)."""
    if period == "week":
        return day - timedelta(days=day.weekday())
    return {"today": day, "month": day.replace(day=1)}.get(period)


def is_over(period: Period, last: date, today: date) -> bool:
    """Whether the day, week or month that `last` is in has ended; all time and challenges go by their own days."""
    first = first_day(period, today)
    return first is not None and last < first


def period_before(period: Period, day: date) -> date | None:
    """The last day of the period before the one `day` is in; None for all time and challenges, which have none."""
    first = first_day(period, day)
    return first - timedelta(days=1) if first else None


def period_after(period: Period, day: date, today: date) -> date | None:
    """The last day, today at most, of the period after the one `day` is in; None where that has not begun."""
    if period == "month":
        after = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        last = (after.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    elif period == "week":
        after = day + timedelta(days=7 - day.weekday())
        last = after + timedelta(days=6)
    else:
        after = last = day + timedelta(days=1)
    return None if first_day(period, day) is None or after > today else min(last, today)


def longest_in(records: Records, terms: Terms, first: date | None, last: date, *, over: bool = False) -> int:
    """The longest streak on any day from `first` (None: ever) to `last`, in slots.

    `over` tells that the first day has ended, so that a slot missed on it has broken the streak.
    """
    longest = standing(records, terms, first, over=over).streak if first else 0
    for run in runs(records, terms, last):
        if run.count > longest:
            settled = settled_on(terms.cadence.slot_at(run.places[-1]), records, terms)
            if first is None or settled >= first:  # its last slot came in the period, so the whole run was seen there
                longest = run.count
    return longest


class Kept(NamedTuple):
    """The standing stored beside an enrolment: the run as of the last record, the best one, the day of that record."""

    run: int
    best: int
    last_day: date | None


def kept_longest(kept: Kept, terms: Terms, first: date | None, last: date, *, over: bool = False) -> int | None:
    """`longest_in` from the stored standing; None where only the records can tell."""
    if kept.last_day is None:
        return 0
    if terms.cadence.times or kept.last_day > last:
        return None
    if first is None:
        return kept.best
    if kept.last_day < first:
        return carried(kept.run, kept.last_day, terms, first, over=over)
    slots = terms.cadence.place(kept.last_day) - terms.cadence.place(first - timedelta(days=1))
    return kept.run if kept.run >= slots else None  # a run that long was there before the period and goes on in it
