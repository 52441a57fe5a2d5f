"""Overview: what the community brings, what leads to it, each against its line; beside it the last weeks (C32)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from qunguan.domain.errors import UserError
from qunguan.domain.insights import Health
from qunguan.exchange.writers.insights import health_table, health_text
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import _
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import copy_out
from qunguan.tui.export import export
from qunguan.tui.flow import begin, run, unless_gone
from qunguan.tui.screens import insights_lines as drawing
from qunguan.tui.screens.listing import WAITING, Lines, Listing
from qunguan.tui.screens.past_day import PastDayScreen
from qunguan.tui.text import literal
from qunguan.tui.widgets.charts import Chart
from qunguan.tui.widgets.dialogs import TextView
from qunguan.tui.widgets.paged_table import PagedTable

_CHART_DAYS = 28


class InsightsScreen(PastDayScreen):
    """The health card as a list; Enter goes to the room a line belongs to, `[` and `]` ask a past day.

    The figures come first; the chart, the goals and the alerts, which take longer, join them when they are there.
    """

    noun = "insights"
    KEEPS = ("past_day",)
    BINDINGS = bindings("insights")
    DEFAULT_CSS = """
    InsightsScreen {
        & .card { width: 1fr; }
        & .detail { display: none; }
        &.-wide {
            & .main { height: 15; }
            & .detail { display: block; height: 1fr; border-top: solid $panel; padding: 0 1; }
            & .side { display: block; width: 38; }
        }
        & #days { height: 12; margin: 0 0 1 0; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._card: Health | None = None
        self._around = drawing.Around()
        self._around_read = False

    def body(self) -> ComposeResult:
        """The list and what is under the cursor; the last weeks, goals and alerts beside it."""
        yield Static(literal(WAITING), classes="headline", markup=False)
        with Horizontal(classes="body"):
            with Vertical(classes="card"):
                yield PagedTable((), classes="main")
                with VerticalScroll(classes="detail", can_focus=False):
                    yield Static("", id="beside", markup=False)
            with Vertical(classes="side"):
                yield Chart(id="days")
                yield Static("", id="around", markup=False)

    # -- what is shown

    @property
    def card(self) -> Health:
        """What is shown."""
        assert self._card is not None
        return self._card

    async def load(self) -> None:
        """Read the card beside the keys, so that a large community does not hold them."""
        self.show_soon()

    def on_screen_suspend(self) -> None:
        """Nobody looks: what is not read yet waits, so that it holds no other room.

        Textual tells it once the next room is made: by then the owner may be back.
        """
        if not self.is_active:
            self.workers.cancel_group(self, "around")

    def on_screen_resume(self) -> None:  # type: ignore[override]
        """Read on where it was left."""
        if self._card is not None and not self._around_read:
            self.show_soon()

    async def turned(self) -> None:
        """Show the other day, beside the keys."""
        self.show_soon()

    async def listing(self) -> Listing:
        """The figures, then what is around them as far as it is known."""
        from qunguan.services import insights

        if self.past_day is not None and self.past_day >= self.room.today:
            self.past_day = None
        group = self.room.group
        day = self.day
        card = await self.desk.read(insights.health, self.room.clock, group.id if group else None, self.past_day)
        if (card.as_of, card.group_id) != (self._card and (self._card.as_of, self._card.group_id)):
            self._around = drawing.Around()
        self._card = card
        self._around_read = False
        if self.is_active:
            run(self, partial(self._look_around, card), group="around", exclusive=True)
        return Listing(drawing.columns(), self._lines(), drawing.headline(card, day, today=self.past_day is None), "")

    def _lines(self) -> Lines[drawing.CardLine]:
        around = self._around
        return Lines(drawing.card_lines(self.card), lambda one: one.key, lambda one: drawing.cells(one, around))

    async def _look_around(self, card: Health) -> None:
        """The last weeks, the goals, the alerts: each is shown as soon as it is there."""
        from qunguan.services import alerts, goals, insights

        clock, day, group_id = self.room.clock, self.past_day, card.group_id
        try:
            talk = await self.desk.read(insights.hours, clock, group_id, day, _CHART_DAYS)
            await self._join(replace(self._around, days=talk.days))
            found = await self.desk.read(goals.progresses, clock, day, group_id, closed=False)
            await self._join(replace(self._around, goals=found))
            fires = await self.desk.read(alerts.alerts, clock, group_id, day, passed=False)
            await self._join(replace(self._around, alerts=fires))
            self._around_read = True
        except UserError as error:
            self.say(str(error), "error")

    async def _join(self, around: drawing.Around) -> None:
        self._around = around
        with unless_gone(self):
            if around.days is not None:
                self.query_one("#days", Chart).show(drawing.draw_days(around.days))
            self.query_one("#around", Static).update(drawing.side(around))
            await self.table.set_source(self._lines(), columns=drawing.columns())
            await self._draw_beside()

    async def beside(self, key: int) -> Content:
        """What the figure counts, and what it is held against."""
        line = self._line(key)
        if line is None:
            return Content("")
        told = drawing.detail(line, self._around)
        return Content("\n").join([*told, literal(drawing.leads_to(line), "$text-muted")])

    def _line(self, key: int | None) -> drawing.CardLine | None:
        lines = drawing.card_lines(self._card) if self._card else []
        return next((one for one in lines if one.key == key), None)

    # -- actions

    def blocked(self, verb: str) -> str:
        """Nothing can be done with figures that are not there; the day after today is not there yet."""
        if told := super().blocked(verb):
            return told
        if verb in ("open", "why", "copy", "export") and self._line(self.key) is None:
            return _("the figures are still being read")
        return ""

    async def do_open(self) -> None:
        """Go to the room the line belongs to."""
        line = self._line(self.key)
        assert line is not None
        self.room.go(drawing.ROOMS[line.code])

    async def do_import(self) -> None:
        """Import an export of the group's chat."""
        from qunguan.tui.screens.activity_import import import_chat

        begin(self, import_chat(self))

    async def do_copy(self) -> None:
        """The figures as text."""
        await copy_out(self.room, health_text(self.card), f"overview-{self.card.as_of}")

    async def do_export(self) -> None:
        """Every figure to a file."""
        table = health_table(self.card)

        async def made() -> Table:
            return table

        export(self.room, _("Export the figures"), f"overview-{self.card.as_of}", made)

    async def do_why(self) -> None:
        """The rule, the numbers, the sources."""
        line = self._line(self.key)
        assert line is not None
        told = drawing.detail(line, self._around, sources=True)
        general = [literal(_(each), "$text-muted") for each in drawing.WHY]
        await self.app.push_screen(TextView(_("Where the figure comes from"), [*told, Content(""), *general]))


SCREEN = InsightsScreen
