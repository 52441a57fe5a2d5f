"""Levels: who stands where on a day, replayed from dated facts (semantics 3.4). Nothing is stored about it.

One door; the rooms are `level_terms` (what a ladder asks for), `level_facts` (what somebody has done) and `level_views`
(what the program answers).

The rules, in the order they are looked at on a day:

1. On the day new terms come into force everybody is judged anew by them. Whoever still has what keeps their level keeps
   it; anybody else goes where their values are. Terms that change names alone judge nobody.
2. Somebody who reaches the bar of a higher level rises at once, to the highest level whose bar is met (`>=`).
3. With strict terms, something taken back that costs the level its ground lowers it at once.
4. A level is held through `until`, `hold_days` after the day it was reached; reaching the bar again meanwhile does not
   lengthen it. On the next day it is reviewed with the values of that day: held (at the low-water mark) it is
   renewed from that day, else the policy applies. Refunds and the passing of windows show then, not before.
5. A lock wins over all of it while it lasts, and what is below it goes on.

A value of a day includes everything of that day. A streak counts as it stands while its day is open: one missed day
shows on the next.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from qunguan.domain.level_facts import DAY, Book, Facts, Measured, Series, Step, rank_at
from qunguan.domain.level_terms import Condition, Level, Metric, Policy, Terms, quantity, terms_from, to_json
from qunguan.values import frozen

__all__ = [
    "Cause",
    "Condition",
    "Facts",
    "Level",
    "Lock",
    "Measured",
    "Metric",
    "Policy",
    "Series",
    "Standing",
    "Terms",
    "Version",
    "in_force",
    "path",
    "quantity",
    "standing_at",
    "terms_from",
    "to_json",
]

Cause = Literal["start", "rise", "review", "rule", "strict", "lock", "unlock"]
"""Why a standing began: the ladder did, a bar was reached, the hold was over, new terms, something was taken back, a
lock by hand, or the end of one."""


@frozen
class Version:
    """Terms and the first day they are in force."""

    from_day: date
    terms: Terms


@frozen
class Lock:
    """A rank given by hand, from its first to its last day (None: until further notice)."""

    rank: int
    from_day: date
    to_day: date | None
    reason: str


@frozen
class Standing:
    """A rank from a day on, until the next standing.

    `until` is the last day it is held whatever happens (None: nothing threatens it: the base level, a ladder without
    downgrades, an open lock). `was` is the rank before, 0 at the very start. `why` are the conditions with their
    numbers: those met, or for a fall those of the level that was lost. `reason` is the owner's, of a lock.
    """

    rank: int
    from_day: date
    until: date | None
    cause: Cause
    was: int
    why: tuple[Measured, ...] = ()
    reason: str = ""


def path(
    versions: Iterable[Version],
    facts: Facts | Book,
    locks: Iterable[Lock] = (),
    up_to: date = date.max,
    why_from: date = date.min,
) -> tuple[Standing, ...]:
    """Every standing of a member from the ladder's first day through `up_to`, oldest first; empty before that day.

    `versions` in the order they were saved, any order of days; of several on one day the last holds. `facts` later
    than `up_to` do not matter, earlier than the ladder they do; a book of them serves several calls. `locks` do not
    overlap. Standings that began before `why_from` come without their `why`: of thousands nobody reads it.
    """
    periods = list(_periods(versions))
    book = facts if isinstance(facts, Book) else Book(facts)
    standings: list[Standing] = []
    for place, version in enumerate(periods):
        if version.from_day > up_to:
            break
        last = periods[place + 1].from_day - DAY if place + 1 < len(periods) else up_to
        standings.extend(_replayed(version, book, (min(last, up_to), why_from), standings[-1] if standings else None))
    return tuple(_locked(standings, sorted(locks, key=lambda lock: lock.from_day), up_to)) if standings else ()


def standing_at(standings: Sequence[Standing], day: date) -> Standing | None:
    """The standing of a path on a day, None before it begins."""
    place = bisect_right(standings, day, key=lambda each: each.from_day)
    return standings[place - 1] if place else None


def in_force(versions: Iterable[Version], day: date) -> Version | None:
    """The version of a day: the latest that has begun, of several on one day the last saved."""
    found = None
    for version in versions:
        if version.from_day <= day and (found is None or version.from_day >= found.from_day):
            found = version
    return found


def _periods(versions: Iterable[Version]) -> Iterator[Version]:
    """One version a day, oldest first, without those that judge like the one before."""
    by_day = {version.from_day: version for version in versions}
    before: Version | None = None
    for _day, version in sorted(by_day.items()):
        if before is None or not version.terms.judges_like(before.terms):
            yield version
            before = version


class _Replay:
    """One member under one version: the rank so far and how long it is held."""

    def __init__(self, terms: Terms, book: Book, why_from: date) -> None:
        self.terms, self.book, self.why_from = terms, book, why_from
        self.top = book.ranks(terms)
        self.low = self.top if terms.low_water_pct >= 100 else book.ranks(terms, terms.low_water_pct)
        self.rank = 1
        self.until: date | None = None

    def keeps(self, day: date) -> bool:
        """Whether the values of the day are enough to keep the rank."""
        return rank_at(self.low, day) >= self.rank

    def begin(self, day: date, before: Standing | None) -> Standing:
        """The first standing under this version."""
        was = before.rank if before else 0
        self.rank = min(was, len(self.terms.levels))
        top = rank_at(self.top, day)
        kept = self.rank > top and self.keeps(day)
        return self._stand(self.rank if kept else top, day, "rule" if before else "start", was)

    def rise(self, day: date) -> Standing:
        """The standing on a day that reaches more."""
        return self._stand(rank_at(self.top, day), day, "rise", self.rank)

    def fall_at_once(self, day: date) -> Standing:
        """The standing on a day that lost it, where nothing is held."""
        return self._stand(rank_at(self.top, day), day, "strict", self.rank)

    def review(self, day: date) -> Standing:
        """The standing after the hold: the same renewed, or lower as the policy says."""
        rank = self.rank
        if not self.keeps(day):
            rank = rank - 1 if self.terms.policy == "one_down" else rank_at(self.top, day)
        return self._stand(rank, day, "review", self.rank)

    def lost_by_takeback(self, day: date) -> bool:
        """Whether what was taken back on that day is what the rank is no longer kept for."""
        if self.rank == 1 or self.keeps(day):
            return False
        kept = self.book.without_takebacks(day)
        return rank_at(kept.ranks(self.terms, self.terms.low_water_pct), day) >= self.rank

    def _stand(self, rank: int, day: date, cause: Cause, was: int) -> Standing:
        terms = self.terms
        held = rank > 1 and terms.policy != "never" and (date.max - day).days >= terms.hold_days
        self.rank = rank
        self.until = day + DAY * terms.hold_days if held else None
        return Standing(rank, day, self.until, cause, was, self._why(rank, was, day) if day >= self.why_from else ())

    def _why(self, rank: int, was: int, day: date) -> tuple[Measured, ...]:
        """What carries the new rank, or what the rank that was lost had on the day."""
        told = min(max(rank, was), len(self.terms.levels))
        return self.book.ground(self.terms.levels[told - 1], day, self.terms.low_water_pct if was >= told else 100)


def _replayed(version: Version, book: Book, days: tuple[date, date], before: Standing | None) -> Iterator[Standing]:
    """The standings of one version, from its first day through the first of `days`; the second is `why_from`."""
    last, why_from = days
    replay = _Replay(version.terms, book, why_from)
    yield replay.begin(version.from_day, before)
    taken = book.takebacks(version.terms.metrics()) if version.terms.strict else []
    rises = iter([*((day, top) for day, top in _after(replay.top, version.from_day)), (date.max, 0)])
    backs = iter([*(day for day in taken if day > version.from_day), date.max])
    (step, top), back = next(rises), next(backs)
    while True:
        review = replay.until + DAY if replay.until else date.max
        day = min(step, back, review)
        if day > last or day == date.max:
            return
        if day == step and top > replay.rank:
            yield replay.rise(day)
        elif day == back and replay.lost_by_takeback(day):
            yield replay.fall_at_once(day)
        elif day == review:
            yield replay.review(day)
        if day == step:
            step, top = next(rises)
        if day == back:
            back = next(backs)


def _after(steps: Sequence[Step], day: date) -> Sequence[Step]:
    return steps[bisect_right(steps, day, key=lambda step: step[0]) :]


def _locked(standings: Sequence[Standing], locks: Sequence[Lock], up_to: date) -> Iterator[Standing]:
    """The standings with the locks laid over them."""
    start, shown = standings[0].from_day, 0
    rest = list(standings)
    for lock in locks:
        first = max(lock.from_day, start)
        if first > up_to or (lock.to_day is not None and lock.to_day < start):
            continue
        while rest and rest[0].from_day < first:
            shown = rest[0].rank
            yield rest.pop(0)
        yield Standing(lock.rank, first, lock.to_day, "lock", shown, reason=lock.reason)
        shown = lock.rank
        if lock.to_day is None:
            return
        free = lock.to_day + DAY
        below = standing_at(standings, lock.to_day)
        rest = [each for each in rest if each.from_day >= free]
        if free > up_to:
            return
        if rest and rest[0].from_day == free:
            rest[0] = replace(rest[0], cause="unlock", was=shown)
        elif below is not None:
            rest.insert(0, replace(below, from_day=free, cause="unlock", was=shown))
    yield from rest
