"""Goals: what should be reached by when, where each stands, and its way day by day."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from functools import partial

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from qunguan.domain.errors import UserError
from qunguan.domain.goals import Goal, Measured, Progress, days_on_the_way
from qunguan.exchange.writers.goals import aim_text, goals_text, standing_text
from qunguan.i18n import _
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import copy_out
from qunguan.tui.flow import begin, run, unless_gone
from qunguan.tui.screens import goals_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.text import literal
from qunguan.tui.widgets.charts import Chart
from qunguan.tui.widgets.dialogs import Confirm, TextView
from qunguan.tui.widgets.paged_table import PagedTable

_MEASURED = 12  # days of the way that are measured
_WIDE, _HIGH = 64, 12  # cells of the chart in a box


class GoalsScreen(ListScreen):
    """The goals of the group in hand and of all groups; beside them the way of the one under the cursor.

    Figures of past days take long in a large community, so the way is read day by day and drawn as it comes.
    """

    noun = "goals"
    KEEPS = ()
    BINDINGS = bindings("goals")
    DEFAULT_CSS = """
    GoalsScreen {
        & #way { height: 12; margin: 0 0 1 0; }
        & .told { height: 1fr; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._goals: list[Progress] = []
        self._ways: dict[Goal, dict[date, Measured]] = {}

    def body(self) -> ComposeResult:
        """The list; beside it the chart and what it says."""
        yield Static("", classes="headline", markup=False)
        with Horizontal(classes="body"):
            yield PagedTable((), classes="main")
            with Vertical(classes="side"):
                yield Chart(id="way")
                with VerticalScroll(classes="told", can_focus=False):
                    yield Static("", id="beside", markup=False)

    # -- what is shown

    async def load(self) -> None:
        """Read beside the keys, so that a large community does not hold them."""
        self.show_soon()

    async def listing(self) -> Listing:
        """The goals by their last day, those put aside at the end."""
        from qunguan.services import goals

        room = self.room
        found = await self.desk.read(goals.progresses, room.clock, None, room.group.id if room.group else None)
        self._goals = sorted(found, key=lambda one: one.state == "closed")
        self._ways = {}
        source = Lines(self._goals, lambda one: one.goal.id, drawing.cells)
        head = drawing.headline(self._goals, room.today)
        return Listing(drawing.columns(), source, head, drawing.empty_text())

    def _one(self, key: int | None) -> Progress | None:
        return next((one for one in self._goals if one.goal.id == key), None)

    async def beside(self, key: int) -> Content:
        """Where the goal stands and how it is counted; its way is drawn as it is read."""
        one = self._one(key)
        if one is None:
            return Content("")
        run(self, partial(self._draw_way, one), group="way", exclusive=True)
        return drawing.side(one)

    async def _draw_way(self, one: Progress) -> None:
        with unless_gone(self):
            chart = self.query_one("#way", Chart)
            chart.show(drawing.draw(one, self._way(one)))
            try:
                async for _day in self._walked(one):
                    chart.show(drawing.draw(one, self._way(one)))
            except UserError as error:
                self.say(str(error), "error")

    async def _walked(self, one: Progress) -> AsyncIterator[date]:
        """Read what is missing of the way, a day at a time: other reads find their turn in between."""
        from qunguan.services import goals

        way = self._way(one)
        for day in days_on_the_way(one.goal, one.as_of, _MEASURED):
            if day not in way:
                way[day] = await self.desk.read(goals.measured, self.room.clock, one.goal, day)
                yield day

    def _way(self, one: Progress) -> dict[date, Measured]:
        return self._ways.setdefault(one.goal, {})

    # -- actions

    def blocked(self, verb: str) -> str:
        """Without a goal there is only one thing to do."""
        if verb != "add" and (not self._goals or self._one(self.key) is None):
            return _("there is no goal yet: a sets one")
        return ""

    @property
    def current(self) -> Progress:
        """The goal under the cursor."""
        one = self._one(self.key)
        assert one is not None
        return one

    async def do_open(self) -> None:
        """The way of the goal, day by day."""
        begin(self, self._show_way(self.current))

    async def _show_way(self, one: Progress) -> None:
        async for _day in self._walked(one):
            pass
        way = self._way(one)
        told = [literal(each) for each in (standing_text(one), *drawing.way_lines(one, way))]
        chart = drawing.draw(one, way)(_WIDE, _HIGH)
        await self.app.push_screen(TextView(f"{one.goal.name} · {aim_text(one)}", [chart, Content(""), *told]))

    async def do_add(self) -> None:
        """A shipped goal, or one of one's own."""
        from qunguan.tui.screens.goals_forms import new_goal

        begin(self, new_goal(self))

    async def do_edit(self) -> None:
        """Change target, baseline or days."""
        from qunguan.tui.screens.goals_forms import edit_goal

        begin(self, edit_goal(self, self.current.goal))

    async def do_remove(self) -> None:
        """Close the goal, or open it again."""
        begin(self, self._close(self.current))

    async def _close(self, one: Progress) -> None:
        from qunguan.services import goals

        goal, again = one.goal, one.goal.closed_on is not None
        asked = (
            _("Open the goal {name} again?", name=goal.name) if again else _("Close the goal {name}?", name=goal.name)
        )
        details = [standing_text(one)] if again else [standing_text(one), _("Delete opens it again later.")]
        if not await self.app.push_screen_wait(Confirm(asked, details)):
            return
        await self.desk.write(goals.close, goal.id, reopen=again)
        self.say(_("{name} is open again", name=goal.name) if again else _("{name} is closed", name=goal.name))
        await self.room.changed()

    async def do_copy(self) -> None:
        """The goals as text."""
        await copy_out(self.room, goals_text(self._goals, self.room.today), f"goals-{self.room.today}")

    async def do_why(self) -> None:
        """How the goal is measured, where it stands and where it should."""
        from qunguan.services import rules

        one = self.current
        slack = int(await self.desk.read(rules.value, "goal.slack_pct"))
        told = [literal(each) for each in drawing.why(one, slack)]
        await self.app.push_screen(TextView(one.goal.name, told))


SCREEN = GoalsScreen
