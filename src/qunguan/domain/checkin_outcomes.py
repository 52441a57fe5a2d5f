"""What the check-in services hand back: frozen values for the screens and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from qunguan.domain.challenges import Challenge
from qunguan.domain.checkins import PRESENT, Mark
from qunguan.i18n import _
from qunguan.values import frozen

if TYPE_CHECKING:
    from qunguan.domain.jielong import Note
    from qunguan.domain.matching import Candidate
    from qunguan.domain.rosters import RowNote

LineStatus = Literal["matched", "already", "new", "ambiguous", "duplicate", "skipped"]


@frozen
class Decision:
    """How the owner settled a doubtful line: it is this member, or somebody new (`create`), or nobody (`skip`)."""

    member_id: int | None = None
    create: bool = False
    skip: bool = False


@frozen
class Person:
    """A member by id and present name; `nick` is the group nickname, "" when there is none."""

    member_id: int
    name: str
    nick: str = ""


@frozen
class PreviewLine:
    """One item of a pasted 接龙: whose it is, or who it may be.

    `index` counts the items from 0 (decisions are given by it), `number` is the printed one. `name` is the member's
    name when one is meant, else the name as typed; `rest` is what follows the name.
    """

    index: int
    number: int
    text: str
    status: LineStatus
    member_id: int | None
    name: str
    rest: str
    candidates: tuple[Candidate, ...] = ()


@frozen
class RecordPreview:
    """What a pasted 接龙 would record, line by line.

    `missing` are those due on the day who neither are in it nor have a record; `vanished` were in the snapshot of the
    same 接龙 pasted before and are not in this one.
    """

    day: date
    lines: tuple[PreviewLine, ...]
    missing: tuple[Person, ...]
    vanished: tuple[Person, ...]
    notes: tuple[Note, ...]


@frozen
class Recorded:
    """One member's line of a 接龙, with what they wrote behind their name."""

    member_id: int
    name: str
    text: str


@frozen
class Doubt:
    """A line nobody was recorded for, with the members it may mean."""

    index: int
    text: str
    name: str
    candidates: tuple[Candidate, ...]


@frozen
class Created:
    """A member made from a line of a 接龙: the first one with the name, `index` counted from 0."""

    member_id: int
    name: str
    index: int
    text: str


@frozen
class Learnt:
    """A name that is remembered from now on for a member, who is called `name`."""

    member_id: int
    name: str
    text: str


@frozen
class RecordOutcome:
    """What a pasted 接龙 recorded. `points` is the sum that was given for it; `enrolled` are new in the challenge;
    `learnt` are the names remembered with it, which go when it is undone.
    """

    day: date
    recorded: tuple[Recorded, ...]
    already: tuple[Recorded, ...]
    new: tuple[Doubt, ...]
    ambiguous: tuple[Doubt, ...]
    duplicate: tuple[Recorded, ...]
    missing: tuple[Person, ...]
    vanished: tuple[Person, ...]
    enrolled: tuple[Person, ...]
    created: tuple[Created, ...]
    points: int
    notes: tuple[Note, ...] = ()
    learnt: tuple[Learnt, ...] = ()

    @property
    def saved(self) -> bool:
        """Whether there is a step to undo."""
        return bool(self.recorded or self.enrolled or self.created or self.learnt)


@frozen
class MarkOutcome:
    """A member's day as it stands after a mark, the streak as of today, and what it gave or took in points."""

    member_id: int
    name: str
    day: date
    state: Mark
    changed: bool
    streak: int
    points: int
    enrolled: bool = False


@frozen
class RangeOutcome:
    """How many days were marked over a range, for how many members; `kept` days had a check-in and were left alone."""

    members: int
    days: int
    kept: int


@frozen
class HistoryOutcome:
    """How many check-ins of a history were recorded, how many were known before, and the rows that were refused."""

    recorded: int
    already: int
    rejected: tuple[RowNote, ...]
    enrolled: int = 0


@frozen
class Enrolled:
    """Who was put into a challenge (or taken out of it) by one request, and how many were there already."""

    members: tuple[int, ...]
    already: int


@frozen
class Rate:
    """A share with the count it comes from: `value` is between 0 and 1, `n` the base."""

    value: float
    n: int

    @classmethod
    def of(cls, part: int, base: int) -> Rate | None:
        """The share, None where the base is empty: unknown, never 0."""
        return cls(part / base, base) if base else None


@frozen
class BoardRow:
    """One member on a board. `state` is the record of the day, "none" without one; `due` whether one is expected."""

    member_id: int
    name: str
    nick: str
    state: Mark
    due: bool
    streak: int
    best: int
    total: int


@frozen
class Board:
    """A challenge on a day (semantics 3.2). `day_no` is the slot counted from 1; `unit` what streaks count.

    `due` leaves out who is frozen or excused and who has left; `done` counts check-ins and make-ups among them.
    `rate` is done by due, `previous_rate` that of the due day before; both are None where nobody has a record.
    `habit_count` have a streak of at least `habit_bar`. Rows are ordered by streak, total, best, name. `today` is the
    day it was when the board was asked for.
    """

    challenge: Challenge
    day: date
    day_no: int
    due: int
    done: int
    rate: Rate | None
    previous_rate: Rate | None
    habit_bar: int
    habit_count: int
    prompt: str | None
    rows: tuple[BoardRow, ...]
    today: date

    @property
    def recorded(self) -> bool:
        """Whether anybody has a check-in or a make-up on the day: without one nobody knows who kept it."""
        return any(row.state in PRESENT for row in self.rows)

    @property
    def over(self) -> bool:
        """Whether the day had ended when the board was asked for."""
        return self.day < self.today

    @property
    def make_up_until(self) -> date | None:
        """The last day on which the day of the board can be made up; None where it can not, or not any more."""
        last = self.day + timedelta(days=self.challenge.makeup_days)
        allowed = self.challenge.makeup_quota and self.over and self.today <= last
        return last if allowed else None

    @property
    def missing(self) -> tuple[Person, ...]:
        """Those who are due and have not checked in, in the order of the board."""
        return tuple(
            Person(row.member_id, row.name, row.nick)
            for row in self.rows
            if row.due and row.state not in ("done", "makeup")
        )


@frozen
class Cell:
    """One day in a month: the record, and whether one was due; `missed` when the day closed without one."""

    day: date
    state: Mark
    due: bool
    missed: bool


@frozen
class MonthRow:
    """One member's month, a cell for each day."""

    member_id: int
    name: str
    cells: tuple[Cell, ...]


@frozen
class Kpis:
    """The three figures of semantics 3.2, each with its n.

    `day_rate` 当日打卡率; `completion` 完成率, None before the challenge has closed; `habit` 连续7天占比 (of those
    enrolled as long as the bar), None for a weekly challenge, which has no days in a row (C19).
    """

    day_rate: Rate | None
    completion: Rate | None
    habit: Rate | None
    habit_bar: int


@frozen
class StandingDifference:
    """A stored standing that is not what the rows say."""

    challenge_id: int
    member_id: int
    column: str
    stored: str
    counted: str

    def __str__(self) -> str:
        return _(
            "challenge #{challenge}, member #{member}: {column} is {stored}, the rows say {counted}",
            challenge=self.challenge_id,
            member=self.member_id,
            column=self.column,
            stored=self.stored,
            counted=self.counted,
        )


Decisions = Mapping[int, Decision]
