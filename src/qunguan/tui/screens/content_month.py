"""A month of the calendar as a grid: how many posts of each kind a day has. Enter goes to the week of a day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from qunguan.domain.clock import WEEKDAYS
from qunguan.domain.content_mix import KINDS, Kind
from qunguan.domain.content_plan import WEEK, monday_of
from qunguan.i18n import N_, _
from qunguan.tui.flow import unless_gone
from qunguan.tui.screens.content_lines import KIND_COLOURS, KIND_MARKS
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.dialogs import Dialog

if TYPE_CHECKING:
    from qunguan.tui.screens.content import ContentScreen

_CELL = 10
Month = Mapping[date, Mapping[Kind, int]]


class MonthView(Dialog[date]):
    """Gives back the day that was chosen, or None."""

    DEFAULT_CSS = "MonthView > .box { width: 76; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", show=False, priority=True),
        Binding("right", "step(1)", show=False, priority=True),
        Binding("up", "step(-7)", show=False, priority=True),
        Binding("down", "step(7)", show=False, priority=True),
        Binding("left_square_bracket,pageup,【,［", "turn(-1)", show=False, priority=True),
        Binding("right_square_bracket,pagedown,】,］", "turn(1)", show=False, priority=True),
        Binding("full_stop,。,．", "today", show=False, priority=True),
        Binding("enter", "choose", show=False, priority=True),
        Binding("q,ｑ,m,ｍ", "leave", show=False),
    ]
    SHEET = (
        ("← → ↑ ↓", N_("Another day")),
        ("[ ] PgUp PgDn", N_("The month before, the month after")),
        (".", N_("Today")),
        ("Enter", N_("The week of the day")),
        ("Esc · q", N_("Back to the week")),
    )

    def __init__(self, screen: ContentScreen, day: date) -> None:
        super().__init__(_("Calendar"), _("arrows day · [ ] month · Enter its week · Esc back"))
        self._owner, self._day = screen, day
        self._months: dict[date, Month] = {}

    def contents(self) -> ComposeResult:
        """The grid."""
        yield Static("", id="grid", markup=False)

    async def on_mount(self) -> None:
        await self._draw()

    async def action_step(self, days: int) -> None:
        """Another day."""
        moved = self._day.toordinal() + days
        if date(2, 1, 1).toordinal() < moved < date(9998, 1, 1).toordinal():
            self._day = date.fromordinal(moved)
            await self._draw()

    async def action_turn(self, months: int) -> None:
        """The same day of another month, or its last."""
        year, month = divmod(self._day.year * 12 + self._day.month - 1 + months, 12)
        if 1 < year < date.max.year:
            self._day = date(year, month + 1, min(self._day.day, monthrange(year, month + 1)[1]))
            await self._draw()

    async def action_today(self) -> None:
        """Today."""
        self._day = self._owner.room.today
        await self._draw()

    def action_choose(self) -> None:
        """This day."""
        self.dismiss(self._day)

    async def _draw(self) -> None:
        from qunguan.services import content

        first, owner = self._day.replace(day=1), self._owner
        if first not in self._months:
            told = await owner.desk.read(content.month, owner.room.clock, owner.group.id, first)
            self._months[first] = told
        if first == self._day.replace(day=1):
            with unless_gone(self):
                self.query_one("#grid", Static).update(grid(self._months[first], self._day, owner.room.today))


def grid(month: Month, chosen: date, today: date) -> Content:
    """The month from Monday to Sunday, two lines a week: the days, and how many posts of each kind they have."""
    first = chosen.replace(day=1)
    whole = {kind: sum(each[kind] for each in month.values()) for kind in KINDS}
    head = joined(
        (_("{month}/{year}", month=first.month, year=first.year), "bold"),
        "   ",
        *(_count(whole, kind) for kind in KINDS),
    )
    told = [head, literal("".join(_fitted(_(name)) for name in WEEKDAYS), "$text-muted")]
    day = monday_of(first)
    while day.replace(day=1) <= first:
        week = [day + timedelta(days=step) for step in range(WEEK)]
        told.append(joined(*(_number(each, chosen, today) for each in week)))
        told.append(joined(*(_kinds(month.get(each, {}), inside=each.month == first.month) for each in week)))
        day += timedelta(days=WEEK)
    return Content("\n").join(told)


def _number(day: date, chosen: date, today: date) -> Content:
    mark = f"[{day.day}]" if day == chosen else f" {day.day}" + ("*" if day == today else "")
    style = (
        "bold reverse"
        if day == chosen
        else "$text-muted"
        if day.month != chosen.month
        else "bold"
        if day == today
        else ""
    )
    return literal(_fitted(mark), style)


def _kinds(counts: Mapping[Kind, int], *, inside: bool) -> Content:
    shown = [_count(counts, kind) for kind in KINDS if counts.get(kind)] if inside else []
    told = Content("").join(shown)
    return Content.assemble(" ", told, " " * max(0, _CELL - 1 - told.cell_length))


def _count(counts: Mapping[Kind, int], kind: Kind) -> Content:
    return literal(f"{KIND_MARKS[kind]}{counts.get(kind, 0)} ", KIND_COLOURS[kind])


def _fitted(text: str) -> str:
    return text + " " * max(0, _CELL - literal(text).cell_length)
