"""How the board of a day is drawn: its rows, their order, the headline above them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from textual.content import Content

from qunguan.domain.checkin_outcomes import Board, BoardRow, Rate
from qunguan.domain.checkins import PRESENT, Mark
from qunguan.domain.clock import WEEKDAYS
from qunguan.domain.members import sort_key
from qunguan.exchange.writers.text import ranks
from qunguan.i18n import N_, _
from qunguan.tui.screens.level_column import Levels
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.meter import meter
from qunguan.tui.widgets.paged_table import Cell, Column, Row
from qunguan.tui.widgets.table_cells import CellStyle

MARKS: Mapping[Mark, str] = {"done": "●", "makeup": "◐", "frozen": "❄", "excused": "○", "none": "·"}
STATES: Mapping[Mark, str] = {
    "done": N_("checked in"),
    "makeup": N_("made up"),
    "frozen": N_("frozen"),
    "excused": N_("excused"),
    "none": N_("missed"),
}
_STYLES: Mapping[Mark, CellStyle] = {"done": "done", "makeup": "warn", "frozen": "dim", "excused": "dim"}
SORTS = ("streak", "missing", "name")
SORT_NAMES = {"streak": N_("longest streak first"), "missing": N_("missing first"), "name": N_("by name")}
_SORT_MARKS = {"streak": (3, True), "missing": (2, False), "name": (1, False)}

Balances = Callable[[list[int]], Awaitable[dict[int, int]]]


def columns(board: Board | None, *, levels: bool = False) -> tuple[Column, ...]:
    """The columns of the board; a streak counts days or weeks. `levels` where there is a ladder."""
    day = _("today") if board is None else f"{board.day:%m-%d}"
    level = (Column(_("level"), width=8, drop=2),) if levels else ()
    return (
        Column("#", width=4, right=True, drop=3),
        Column(_("group nickname"), flex=1, minimum=16),
        Column(day, width=6),  # 11-21 and the arrow of the sorted column
        Column(_("streak"), width=6, right=True),
        Column(_("best"), width=6, right=True, drop=2),
        Column(_("total"), width=6, right=True, drop=1),
        Column(_("points"), width=6, right=True, drop=1),
        *level,
    )


def sort_mark(sort: str) -> tuple[int, bool]:
    """The column that carries the order, and whether it descends."""
    return _SORT_MARKS[sort]


def in_order(rows: Sequence[BoardRow], sort: str) -> list[BoardRow]:
    """The rows of a board in one of SORTS; a tie keeps the order of the board."""
    if sort == "name":
        return sorted(rows, key=lambda row: sort_key(called(row)))
    if sort == "missing":
        return sorted(rows, key=lambda row: not (row.due and row.state == "none"))
    return list(rows)


def called(row: BoardRow) -> str:
    """What the group calls a member."""
    return row.nick or row.name


def with_rows(board: Board, changed: Sequence[BoardRow]) -> Board:
    """The board with some lines changed and its figures counted again; every line stays where it is."""
    new = {row.member_id: row for row in changed}
    rows = tuple(new.get(each.member_id, each) for each in board.rows)
    due = sum(each.due for each in rows)
    done = sum(each.due and each.state in PRESENT for each in rows)
    habit = sum(each.streak >= board.habit_bar for each in rows)
    return replace(board, rows=rows, due=due, done=done, rate=Rate.of(done, due) if done else None, habit_count=habit)


class BoardSource:
    """The lines of a board in some order; points and levels are asked for a page at a time and remembered."""

    def __init__(
        self,
        rows: Sequence[BoardRow],
        ranked: Sequence[BoardRow],
        balances: Balances,
        levels: Levels | None = None,
        *,
        over: bool,
    ) -> None:
        """`ranked` are all rows of the board; without `levels` there is no such column; `over` tells that the day has
        ended: what is missing is missed.
        """
        self._rows = {row.member_id: row for row in rows}
        self._ids = list(self._rows)
        self._places = dict(zip((row.member_id for row in ranked), ranks(row.streak for row in ranked), strict=True))
        self._balances, self._levels, self._over = balances, levels, over
        self._points: dict[int, int] = {}
        self._named: dict[int, str] = {}
        self._moved: set[int] = set()  # whose line changed since their level was asked for

    @property
    def count(self) -> int:
        """How many lines."""
        return len(self._ids)

    async def fetch(self, start: int, size: int) -> list[Row]:
        """The lines of a page."""
        ids = self._ids[start : start + size]
        if unknown := [member_id for member_id in ids if member_id not in self._points]:
            self._points |= await self._balances(unknown)
        if self._levels is not None and (unknown := [member_id for member_id in ids if member_id not in self._named]):
            await self._name(unknown, self._levels)
        return [self._line(self._rows[member_id]) for member_id in ids]

    async def find(self, key: int) -> int | None:
        """Where a member is."""
        return self._ids.index(key) if key in self._rows else None

    def key_at(self, place: int) -> int | None:
        """The member on a line, None beyond the end."""
        return self._ids[place] if place < len(self._ids) else None

    def put(self, row: BoardRow) -> None:
        """Change a member's line; their points are asked for again, their level by `look_again`."""
        if row.member_id in self._rows:
            self._rows[row.member_id] = row
            self._points.pop(row.member_id, None)
            self._moved.add(row.member_id)

    async def look_again(self) -> set[int]:
        """Ask for the levels of those whose lines changed; whose is called something else now. It takes several
        statements and seldom changes anything: a tick is shown before.
        """
        moved, self._moved = self._moved & self._named.keys(), set()
        if not moved or self._levels is None:
            return set()
        before = {member_id: self._named[member_id] for member_id in moved}
        await self._name(sorted(moved), self._levels)
        return {member_id for member_id in moved if self._named[member_id] != before[member_id]}

    async def _name(self, ids: list[int], levels: Levels) -> None:
        found = await levels(ids)
        self._named |= {member_id: found.get(member_id, "") for member_id in ids}

    def _line(self, row: BoardRow) -> Row:
        nobody = not row.streak and row.state == "none"
        place: Cell | str = Cell("—", "dim") if nobody else str(self._places[row.member_id])
        return Row(
            row.member_id,
            (
                place,
                called(row),
                self._mark(row),
                _number(row.streak, "strong"),
                _number(row.best),
                _number(row.total),
                _number(self._points[row.member_id]),
                *self._level(row.member_id),
            ),
        )

    def _level(self, member_id: int) -> tuple[str, ...]:
        return () if self._levels is None else (self._named.get(member_id, ""),)

    def _mark(self, row: BoardRow) -> Cell:
        if row.state != "none":
            return Cell(f"  {MARKS[row.state]}", _STYLES[row.state])
        if not row.due:
            return Cell("")
        return Cell(f"  {MARKS['none']}", "missed" if self._over else "dim")


def _number(value: int, style: CellStyle = "") -> Cell:
    return Cell(str(value), style if value else "dim")


def headline(board: Board, today: date) -> list[Content]:
    """What stands above a board: the challenge and its day, the rate, yesterday's, the habit count."""
    number = day_number(board)
    parts = [joined((board.challenge.name, "bold"), f" · {number}")]
    if board.day != today:
        parts.append(literal(day_text(board.day), "$text-warning"))
    if not board.challenge.cadence.due(board.day):
        return [*parts, literal(_("nothing is due on this day"), "$text-warning")]
    counted = _("checked in {done} / {due}", done=board.done, due=board.due)
    parts.append(literal(counted))
    parts.append(literal("—" if board.rate is None else meter(board.done, board.due), "$text-success"))
    if board.previous_rate is not None:
        parts.append(literal(_("last time {rate}", rate=f"{board.previous_rate.value:.0%}"), "$text-muted"))
    habit = _("{n} in a row or more: {count}", n=board.habit_bar, count=board.habit_count)
    return [*parts, literal(habit, "$text-muted")]


def day_number(board: Board) -> str:
    """Which day or week of the challenge it is."""
    if board.challenge.cadence.unit == "week":
        return _("week {n}", n=board.day_no)
    return _("day {n}", n=board.day_no)


def day_text(day: date) -> str:
    """A day as people say it: 03-18 周三."""
    return f"{day:%m-%d} {_(WEEKDAYS[day.weekday()])}"
