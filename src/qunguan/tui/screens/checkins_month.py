"""Months: one member's calendar with the words of its days, and everybody's month in one table."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from qunguan.domain.checkin_outcomes import Board, MonthRow
from qunguan.domain.checkin_outcomes import Cell as Day
from qunguan.domain.checkins import PRESENT
from qunguan.domain.clock import WEEKDAYS
from qunguan.domain.text import show
from qunguan.i18n import N_, _
from qunguan.tui.flow import unless_gone
from qunguan.tui.screens.checkins_board import MARKS, STATES
from qunguan.tui.screens.checkins_side import mark, style, words
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.dialogs import Dialog
from qunguan.tui.widgets.paged_table import Column, Row

if TYPE_CHECKING:
    from qunguan.tui.screens.checkins_desk import BoardScreen

_CELL = 5


class MonthView(Dialog[None]):
    """One member's month, a week a line, with the days that have words to them; arrows turn the page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,left_square_bracket,pageup,【,［", "turn(-1)", show=False, priority=True),
        Binding("right,right_square_bracket,pagedown,】,］", "turn(1)", show=False, priority=True),
        Binding("enter,q,ｑ", "leave", show=False),
    ]

    SHEET = (
        ("← [ PgUp", N_("The month before")),
        ("→ ] PgDn", N_("The month after")),
        ("↑ ↓", N_("Scroll the words of the month")),
        ("Esc · Enter · q", N_("Back to the board")),
    )

    def __init__(self, screen: BoardScreen, member_id: int, day: date) -> None:
        name = show(screen.name_of(member_id))
        super().__init__(f"{name} · {show(screen.in_hand.name)}", _("← → month · ↑ ↓ scroll · Esc close"))
        self._board, self._member, self._month = screen, member_id, day.replace(day=1)

    def contents(self) -> ComposeResult:
        """The month and its words."""
        with VerticalScroll():
            yield Static("", id="month", markup=False)

    async def on_mount(self) -> None:
        self.set_focus(self.query_one(VerticalScroll))
        await self._draw()

    async def action_turn(self, months: int) -> None:
        """Another month."""
        year, month = divmod(self._month.year * 12 + self._month.month - 1 + months, 12)
        if date.min.year < year < date.max.year:
            self._month = date(year, month + 1, 1)
            await self._draw()

    async def _draw(self) -> None:
        from qunguan.services import checkin_member

        first, screen = self._month, self._board
        cells, notes = await screen.desk.read(
            checkin_member.month, screen.desk.clock, screen.in_hand.id, self._member, first.year, first.month
        )
        if first != self._month:
            return
        parts = [*calendar_lines(cells), literal("")]
        for note in notes:
            parts += words(note)
        parts.append(_legend())
        drawn: Content = Content("\n").join(parts)
        with unless_gone(self):
            self.query_one("#month", Static).update(drawn)


def calendar_lines(cells: Sequence[Day]) -> list[Content]:
    """A month from Monday to Sunday, the mark behind each day's number."""
    first = cells[0].day
    done = sum(cell.state in PRESENT for cell in cells)
    due = sum(cell.due for cell in cells)
    heading = joined(
        (_("{month}/{year}", month=first.month, year=first.year), "bold"),
        ("   " + _("{done} of {due} days", done=done, due=due), "$text-muted"),
    )
    lines = [heading, literal("".join(f"{_(name):^{_CELL - _wide(_(name))}} " for name in WEEKDAYS), "$text-muted")]
    blanks = [literal(" " * (_CELL + 1))] * first.weekday()
    drawn = [
        *blanks,
        *(joined((f"{cell.day.day:2} ", "$text-muted"), (mark(cell), style(cell)), "  ") for cell in cells),
    ]
    lines += [Content("").join(drawn[at : at + 7]) for at in range(0, len(drawn), 7)]
    return lines


def _wide(text: str) -> int:
    """The cells a word takes beyond one a character."""
    return literal(text).cell_length - len(text)


def _legend() -> Content:
    shown = (f"{MARKS[state]} {_(STATES[state])}" for state in MARKS)
    return literal("   ".join(shown), "$text-muted")


class GridSource:
    """Everybody's month, a line each; the marks of all days are one cell, two screen cells a day."""

    def __init__(self, rows: Sequence[MonthRow]) -> None:
        self._rows = rows
        self._places = {row.member_id: place for place, row in enumerate(rows)}

    @property
    def count(self) -> int:
        """How many members."""
        return len(self._rows)

    async def fetch(self, start: int, size: int) -> list[Row]:
        """The lines of a page."""
        return [
            Row(row.member_id, (row.name, " ".join(map(mark, row.cells)),
                                str(sum(cell.state in PRESENT for cell in row.cells))))
            for row in self._rows[start : start + size]
        ]  # fmt: skip

    async def find(self, key: int) -> int | None:
        """Where a member is."""
        return self._places.get(key)


async def draw_grid(screen: BoardScreen, board: Board) -> None:
    """Fill the table with the month of the board's day."""
    from qunguan.services import checkins

    day = board.day
    rows = await screen.desk.read(checkins.month_grid, screen.desk.clock, board.challenge.id, day.year, day.month)
    days = calendar.monthrange(day.year, day.month)[1]
    columns = (
        Column(f"{day:%Y-%m}", flex=1, minimum=10),
        Column(_day_numbers(days), width=2 * days),
        Column(_("days"), width=4, right=True, drop=1),
    )
    screen.table.configure(empty=_("Nobody takes part in this month."))
    await screen.table.set_source(GridSource(rows), columns=columns)


def _day_numbers(days: int) -> str:
    """1, 5, 10 … over their marks."""
    line = [" "] * (2 * days)
    for day in (1, *range(5, days + 1, 5)):
        line[2 * day - 2 : 2 * day] = f"{day:<2}"
    return "".join(line).rstrip()


def month_before(day: date) -> date:
    """The last day of the month before."""
    return day.replace(day=1) - timedelta(days=1)


def month_after(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
