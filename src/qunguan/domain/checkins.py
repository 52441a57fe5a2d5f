"""What a check-in is, and what a streak is: the rule of semantics 3.2.

Per challenge, member and day there is at most one record. Streaks, best runs and totals are counted from the records
every time; a stored number is a copy of such a count and never the truth.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, Literal, cast, get_args

from qunguan.domain.cadence import WEEK, Cadence, places
from qunguan.values import frozen

State = Literal["done", "makeup", "frozen", "excused"]
Mark = Literal["done", "makeup", "frozen", "excused", "none"]
"""What an owner can say about a member's day; "none" is no record."""

DONE: Final = "done"
MAKEUP: Final = "makeup"
FROZEN: Final = "frozen"
EXCUSED: Final = "excused"
NONE: Final = "none"
STATES: tuple[State, ...] = get_args(State)
PRESENT: tuple[State, ...] = (DONE, MAKEUP)
"""The states that count into the total, and as "checked in" on a board."""
AWAY: tuple[State, ...] = (FROZEN, EXCUSED)
"""The states that take a member out of those due."""

Records = Mapping[date, State]
_Link = tuple[int, int]  # the number of a slot that holds, and what it adds to the streak


@frozen
class Terms:
    """What a member's records are judged by: the cadence, and the first and last day they count for (both included).

    The days are the challenge's cut to the member's enrolment; `last` None has no end. `makeup_counts` False makes a
    make-up bridge a gap without adding to the streak.
    """

    cadence: Cadence
    first: date
    last: date | None = None
    makeup_counts: bool = True

    def due(self, day: date) -> bool:
        """Whether a check-in on this day can count."""
        return self.first <= day and (self.last is None or day <= self.last) and self.cadence.due(day)

    def latest(self, day: date) -> int | None:
        """The number of the latest due slot that has begun by this day, None before the first.

        A week of which fewer than N days lie inside the terms cannot be filled, so it is not due.
        """
        place = self.cadence.place(day if self.last is None else min(day, self.last))
        if self.cadence.times and self._days_of(place) < self.cadence.times:
            place -= 1
        begins = self.cadence.slot_end(self.cadence.slot_at(place))
        if begins < self.first or (self.cadence.times and self._days_of(place) < self.cadence.times):
            return None
        return place

    def closed(self, place: int, day: date, *, over: bool) -> bool:
        """Whether that slot can no longer be filled as of `day`; `over` tells that the day itself has ended."""
        end = self.cadence.slot_end(self.cadence.slot_at(place))
        if self.last is not None:
            end = min(end, self.last)
        return day > end or (day == end and over)

    def _days_of(self, week: int) -> int:
        start = self.cadence.slot_at(week)
        end = self.cadence.slot_end(start)
        if self.last is not None:
            end = min(end, self.last)
        return (end - max(start, self.first)).days + 1


@frozen
class Run:
    """An unbroken run, from its first to its last counting slot. `places` are the numbers of the slots that count, in
    order (never empty); bridged slots lie between them and are not listed."""

    start: date
    end: date
    places: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many slots count."""
        return len(self.places)


@frozen
class Standing:
    """Where a member stands as of a day: current streak and best run in slots, total in check-ins."""

    streak: int = 0
    best: int = 0
    total: int = 0


def runs(records: Records, terms: Terms, day: date | None = None) -> tuple[Run, ...]:
    """Every run in the records up to `day` (None: all of them), oldest first."""
    found: list[list[int]] = []
    last: int | None = None
    for place, counts in _links(*_told(records, terms, day), terms):
        if last is None or place != last + 1:
            found.append([])
        if counts:
            found[-1].append(place)
        last = place
    slot_at = terms.cadence.slot_at
    return tuple(Run(slot_at(numbers[0]), slot_at(numbers[-1]), tuple(numbers)) for numbers in found if numbers)


def standing(records: Records, terms: Terms, day: date, *, over: bool = False) -> Standing:
    """Streak, best run and total as of `day` (semantics 3.2).

    `over` tells that the day itself has ended; as long as it has not, a slot still open never breaks a streak.
    """
    days, states = _told(records, terms, day)
    best = count = 0
    last = -1
    for place, counts in _links(days, states, terms):
        if place != last + 1:
            count = 0
        count += counts
        if count > best:
            best = count
        last = place
    total = states.count(DONE) + states.count(MAKEUP)
    return Standing(count if _lasts(last, terms, day, over) else 0, best, total)


def streak(records: Records, terms: Terms, day: date, *, over: bool = False) -> int:
    """The current streak as of `day`, in slots."""
    return standing(records, terms, day, over=over).streak


def filled(records: Records, terms: Terms) -> bool:
    """Whether no slot from the first to the last of the terms (which must have a last day) was missed."""
    if terms.last is None:
        return False
    latest = terms.latest(terms.last)
    links = kept_slots(records, terms, terms.last)
    first = terms.latest(terms.first)
    if first is None:  # the first day lies in no slot: the first one comes after it
        first = terms.cadence.place(terms.first) + 1
    return latest is not None and any(links.values()) and all(place in links for place in range(first, latest + 1))


def carried(run: int, last_day: date | None, terms: Terms, day: date, *, over: bool = False) -> int:
    """The streak as of `day`, from the streak `run` as of the last record at all, on `last_day` (not after `day`).

    Only for cadences of days: a week that holds some records may be filled or not, and `run` does not tell.
    """
    if last_day is None or not run:
        return 0
    return run if _lasts(terms.cadence.place(last_day), terms, day, over) else 0


def settled_on(slot: date, records: Records, terms: Terms) -> date:
    """The day whose record made this slot count: itself, or for N times a week the day of the Nth record."""
    if not terms.cadence.times:
        return slot
    counting = (DONE, MAKEUP) if terms.makeup_counts else (DONE,)
    week = [day for day in sorted(records) if terms.cadence.slot(day) == slot and records[day] in counting]
    return [day for day in week if terms.due(day)][terms.cadence.times - 1]


def newly_reached(tier: int, before: Iterable[Run], after: Iterable[Run]) -> tuple[Run, ...]:
    """The runs of `after` that are as long as the tier, where no run inside them was before.

    A make-up that joins two runs or lengthens one backwards therefore reaches no tier a second time.
    """
    long_before = [run for run in before if run.count >= tier]
    return tuple(
        run
        for run in after
        if run.count >= tier and not any(old.start <= run.end and run.start <= old.end for old in long_before)
    )


def unfounded(tier: int, paid: Collection[date], after: Iterable[Run], claimable: Iterable[Run]) -> tuple[date, ...]:
    """Of the run starts a tier was paid for, those that no run justifies any more.

    An award stands while its start lies in a run that is long enough. One whose start was cut off stands on the next
    run of `claimable` that is long enough and carries no award of its own: what is left of the run it was paid for.
    """
    standing_runs = [run for run in after if run.count >= tier]
    loose = [start for start in paid if not any(run.start <= start <= run.end for run in standing_runs)]
    free = [run for run in claimable if run.count >= tier and not any(run.start <= start <= run.end for start in paid)]
    gone: list[date] = []
    for start in sorted(loose, reverse=True):  # the nearest run belongs to the latest award before it
        rest = next((run for run in free if run.start >= start), None)
        if rest is None:
            gone.append(start)
        else:
            free.remove(rest)
    return tuple(reversed(gone))


def kept_slots(records: Records, terms: Terms, day: date) -> dict[int, int]:
    """The numbers of the slots up to `day` that do not break a run: 1 where the slot counts, 0 where it bridges."""
    return dict(_links(*_told(records, terms, day), terms))


def _lasts(last: int, terms: Terms, day: date, over: bool) -> bool:
    """Whether a chain whose last slot is number `last` is unbroken as of `day`."""
    latest = terms.latest(day)
    if latest is None or last >= latest:
        return True
    return last == latest - 1 and not terms.closed(latest, day, over=over)


def _told(records: Records, terms: Terms, day: date | None) -> tuple[Sequence[date], Sequence[State]]:
    """The days that count, in order, and what each was."""
    days = sorted(records)
    bounds = [bound for bound in (terms.last, day) if bound is not None]
    end = bisect_right(days, min(bounds)) if bounds else len(days)
    days = days[bisect_left(days, terms.first) : end]
    return days, list(map(records.__getitem__, days))


def _links(days: Sequence[date], states: Sequence[State], terms: Terms) -> Iterable[_Link]:
    """The slots that do not break a run, in order: 1 where the slot counts, 0 where it bridges."""
    if terms.cadence.times:
        return _weeks(days, states, terms)
    weights = {DONE: 1, MAKEUP: int(terms.makeup_counts), FROZEN: 0, EXCUSED: 0}
    counts = map(weights.__getitem__, states)
    numbers = map(places(terms.cadence).__getitem__, days)
    if len(terms.cadence.weekdays) == WEEK:  # every day is a slot: a whole board is counted without making a list
        return zip(cast("Iterator[int]", numbers), counts, strict=True)
    return [(place, count) for place, count in zip(numbers, counts, strict=True) if place is not None]


def _weeks(days: Sequence[date], states: Sequence[State], terms: Terms) -> Iterable[_Link]:
    weeks: dict[int, list[State]] = {}
    for day, state in zip(days, states, strict=True):
        weeks.setdefault(terms.cadence.place(day), []).append(state)
    for week, held in weeks.items():
        done = held.count(DONE)
        present = done + held.count(MAKEUP)
        if (present if terms.makeup_counts else done) >= terms.cadence.times:
            yield week, 1
        elif present >= terms.cadence.times or present < len(held):
            yield week, 0
