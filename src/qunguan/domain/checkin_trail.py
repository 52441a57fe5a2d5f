"""Why a streak is what it is, slot by slot, and what else is told of one member close up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from qunguan.domain.challenges import Challenge
from qunguan.domain.checkin_outcomes import BoardRow, Cell
from qunguan.domain.checkins import PRESENT, Mark, Records, Terms, kept_slots
from qunguan.values import frozen

Effect = Literal["counts", "bridges", "open", "broken", "missed"]
"""What a slot did to the run: adds one, keeps it, is still open, ended it, or was missed where no run was."""


@frozen
class TrailLine:
    """One slot: its first day, the record of the day ("none" for a week), how many check-ins lie in it, what it did to
    the run, and how long the run was after it."""

    slot: date
    state: Mark
    present: int
    effect: Effect
    run: int


@frozen
class Trail:
    """The slots of a member up to a day, oldest first, and the terms they were judged by."""

    challenge: Challenge
    name: str
    day: date
    lines: tuple[TrailLine, ...]
    sources: Mapping[str, str]

    @property
    def streak(self) -> int:
        """The run after the last slot: the streak as of the day."""
        return self.lines[-1].run if self.lines else 0


@frozen
class DayNote:
    """A day with words to it: what was written in the 接龙, or why it was made up, frozen or excused."""

    day: date
    state: Mark
    text: str
    reason: str


@frozen
class MemberCheckins:
    """One member beside the board: the line as of a day, points, the month of that day, the newest words."""

    row: BoardRow
    points: int
    month: tuple[Cell, ...]
    note: DayNote | None


@frozen
class MakeUps:
    """What a member can make up today: the missed days of the window with the make-ups left in each one's month,
    newest first; how many days the window has, how many make-ups a month are allowed, what one costs in points."""

    name: str
    days: tuple[tuple[date, int], ...]
    window: int
    quota: int
    cost: int


def trail_lines(records: Records, terms: Terms, day: date, *, over: bool = False) -> tuple[TrailLine, ...]:
    """Every slot of the terms up to `day` and what it did to the run; the last one's run is the streak.

    `over` tells that the day itself has ended.
    """
    latest = terms.latest(day)
    if latest is None:
        return ()
    cadence = terms.cadence
    begin = cadence.place(terms.first)
    if cadence.slot_at(begin) < terms.first and terms.latest(terms.first) != begin:
        begin += 1
    kept = kept_slots(records, terms, day)
    run = 0
    lines = []
    for place in range(begin, latest + 1):
        slot = cadence.slot_at(place)
        effect: Effect
        if place in kept:
            effect = "counts" if kept[place] else "bridges"
            run += kept[place]
        elif place == latest and not terms.closed(place, day, over=over):
            effect = "open"
        else:
            effect, run = ("broken" if run else "missed"), 0
        state: Mark = "none" if cadence.times else records.get(slot, "none")
        lines.append(TrailLine(slot, state, _present(records, terms, slot, day), effect, run))
    return tuple(lines)


def _present(records: Records, terms: Terms, slot: date, day: date) -> int:
    end = min(terms.cadence.slot_end(slot), day)
    return sum(terms.first <= each <= end and slot <= each and state in PRESENT for each, state in records.items())
