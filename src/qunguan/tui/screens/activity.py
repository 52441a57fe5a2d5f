"""Talk: messages and speakers by day and week, when the group is awake, who carries it; the imports they come from."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from qunguan.domain.activity_outcomes import ImportRow
from qunguan.domain.errors import UserError
from qunguan.domain.insights import Hours, People, Slump
from qunguan.exchange.writers import activity as writing
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import _
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import copy_out
from qunguan.tui.export import export
from qunguan.tui.flow import begin, run, unless_gone
from qunguan.tui.screens import activity_lines as drawing
from qunguan.tui.screens import activity_side as around
from qunguan.tui.screens.listing import WAITING, Lines, Listing, ListScreen
from qunguan.tui.screens.people import open_card
from qunguan.tui.text import literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.charts import Chart, Draw
from qunguan.tui.widgets.dialogs import TextView
from qunguan.tui.widgets.paged_table import Column, PagedTable

_DAY = timedelta(days=1)
_TOP = 30

_Asked = tuple[int, int | None, date | None, int]  # version, group, last day, period


class ActivityScreen(ListScreen):
    """A picture and the list under it; `f` turns the picture, `s` the period, `[` and `]` go through periods.

    What is read is what is shown: who speaks is counted only while that picture is looked at.
    """

    noun = "activity"
    KEEPS = ("_view", "_period", "_as_of", "_people", "_people_asked", "_people_whole")
    BINDINGS = bindings("activity")
    DEFAULT_CSS = """
    ActivityScreen {
        & .talk { width: 1fr; }
        & #picture { height: 45%; padding: 0 1; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._view: drawing.View = "days"
        self._period = next(iter(drawing.PERIODS))
        self._as_of: date | None = None  # None: the newest period
        self._talk: Hours | None = None
        self._people: People | None = None
        self._people_asked: _Asked | None = None  # dear, so not asked twice
        self._people_whole = False
        self._slumps: tuple[Slump, ...] = ()
        self._imports: tuple[ImportRow, ...] = ()
        self._lines: dict[int, drawing.TalkLine] = {}

    def body(self) -> ComposeResult:
        """The picture over its list, and the figures beside them."""
        yield Static(literal(WAITING), classes="headline", markup=False)
        with Horizontal(classes="body"):
            with Vertical(classes="talk"):
                yield Chart(id="picture")
                yield PagedTable((), classes="main")
            with VerticalScroll(classes="side", can_focus=False):
                yield Static("", id="beside", markup=False)

    # -- what is shown

    async def load(self) -> None:
        """Read beside the keys: a year of a large community takes a while."""
        self.show_soon()

    async def listing(self) -> Listing:
        """The figures of the view, and its picture."""
        if self._as_of is not None and self._as_of >= self.room.today:
            self._as_of = None
        view = self._view
        if view == "imports":
            found = await self._list_imports()
        elif view == "people":
            found = await self._list_people()
        else:
            found = await self._list_talk(view)
        return found

    async def _list_talk(self, view: drawing.View) -> Listing:
        from qunguan.services import insights

        group, clock = self.room.group, self.room.clock
        group_id = group.id if group else None
        talk = await self.desk.read(insights.hours, clock, group_id, self._as_of, self._period)
        self._slumps = await self.desk.read(insights.slumps, clock, group_id, self._as_of)
        self._talk = talk
        headline = around.headline(view, self._period, talk.first, talk.last, around.known_days(talk))
        if not talk.known_days:
            self._picture(None)
            return self._listed(drawing.day_columns(), [], headline)
        if view == "hours":
            self._picture(drawing.draw_hours(talk), drawing.HEIGHTS[view])
            return self._listed(drawing.hour_columns(), drawing.hour_lines(talk), headline)
        days = talk.weeks if view == "weeks" else talk.days
        draw = drawing.draw_weeks(days) if view == "weeks" else drawing.draw_days(days)
        self._picture(draw, drawing.HEIGHTS[view])
        return self._listed(drawing.day_columns(), drawing.day_lines(days, weekly=view == "weeks"), headline)

    async def _list_people(self) -> Listing:
        """Who speaks most is there at once; who came and went, and the window before, join it when they are read."""
        group = self.room.group
        asked = self.room.version, group.id if group else None, self._as_of, self._period
        if self._people is None or asked != self._people_asked:
            self._people, self._people_whole = await self._read_people(asked, brief=True), False
            self._people_asked = asked
        if not self._people_whole:
            run(self, partial(self._read_crowds, asked), group="people", exclusive=True)
        found = self._people
        told = _("{n} messages of {people} people", n=writing.known_text(found.messages),
                 people=writing.known_text(found.speakers))  # fmt: skip
        told = " · ".join(filter(None, (told, writing.told_days(found))))
        headline = around.headline("people", self._period, found.first, found.last, told)
        told_shares = len(drawing.shares_told(found))
        self._picture(drawing.draw_shares(found) if told_shares else None, str(told_shares + 1))
        return self._listed(drawing.people_columns(), drawing.people_lines(found), headline)

    async def _read_people(self, asked: _Asked, *, brief: bool) -> People:
        from qunguan.services import insights

        _version, group_id, as_of, period = asked
        clock = self.room.clock
        return await self.desk.read(insights.people, clock, group_id, as_of, days=period, top=_TOP, brief=brief)

    async def _read_crowds(self, asked: _Asked) -> None:
        try:
            found = await self._read_people(asked, brief=False)
        except UserError as error:
            self.say(str(error), "error")
            return
        if asked == self._people_asked:
            self._people, self._people_whole = found, True
            if self._view == "people":
                with unless_gone(self):
                    await self.show()

    async def _list_imports(self) -> Listing:
        from qunguan.services import activity

        group = self.room.group
        self._imports = await self.desk.read(activity.imports, group.id if group else None)
        self._picture(None)
        headline = around.import_headline(self._imports)
        return self._listed(drawing.import_columns(), drawing.import_lines(self._imports), headline)

    def _listed(self, columns: tuple[Column, ...], lines: list[drawing.TalkLine], headline: Content) -> Listing:
        self._lines = {line.key: line for line in lines}
        source = Lines(lines, lambda line: line.key, lambda line: line.cells)
        return Listing(columns, source, headline, around.empty_text(self._view))

    def _picture(self, draw: Draw | None, height: str = "0") -> None:
        """Draw above the list, in so many lines; None draws nothing."""
        chart = self.query_one("#picture", Chart)
        chart.display = draw is not None
        if draw is not None:
            chart.styles.height = height
            chart.show(draw)

    async def beside(self, key: int) -> Content:
        """What is under the cursor, and the whole."""
        line = self._lines.get(key)
        if line is not None and line.imported is not None:
            return around.import_side(line.imported)
        if self._view == "people" and self._people is not None:
            return around.people_side(self._people, line, whole=self._people_whole)
        return around.talk_side(self._talk, line, self._slumps) if self._talk else Content("")

    def _line(self) -> drawing.TalkLine | None:
        return self._lines.get(self.key) if self.key is not None else None

    # -- actions

    def blocked(self, verb: str) -> str:
        """Cards are of people; the newest period has none after it."""
        if verb in ("next", "now") and self._as_of is None:
            return _("this is the newest period already")
        if verb in ("prev", "next", "now", "sort") and self._view == "imports":
            return _("this is the list of imports: l goes back to the figures")
        if verb == "open":
            line = self._line()
            if line is None or (line.person is None and line.imported is None):
                return _("Enter is for people and imports: f shows who speaks, l the imports")
        if verb in ("copy", "export", "why") and self._figures() is None:
            return _("the figures are still being read")
        return ""

    def _figures(self) -> Hours | People | None:
        """What the view in hand is drawn from, once all of it is read; with the imports go the figures by day."""
        if self._view == "people":
            return self._people if self._people_whole else None
        return self._talk

    async def do_filter(self) -> None:
        """The next picture."""
        self._turn(next_of(drawing.PICTURES, self._view))

    async def do_list(self) -> None:
        """The imports, and back."""
        self._turn("days" if self._view == "imports" else "imports")

    def _turn(self, view: drawing.View) -> None:
        self._view = view
        self.show_soon(keep=False)

    async def do_sort(self) -> None:
        """Four weeks, twelve weeks, a year."""
        self._period = next_of(drawing.PERIODS, self._period)
        self.show_soon(keep=False)

    async def do_prev(self) -> None:
        """The period before."""
        self._as_of = self._last - self._period * _DAY
        self.show_soon()

    async def do_next(self) -> None:
        """The period after."""
        self._as_of = self._last + self._period * _DAY
        self.show_soon()

    async def do_now(self) -> None:
        """Back to the newest period."""
        self._as_of = None
        self.show_soon()

    @property
    def _last(self) -> date:
        """The last day of the period in hand."""
        if self._as_of is not None:
            return self._as_of
        found = self._people if self._view == "people" else self._talk
        return found.last if found else self.room.today - _DAY

    async def do_open(self) -> None:
        """The card of a person; who an unknown speaker is; what an import told."""
        line = self._line()
        assert line is not None
        if line.imported is not None:
            await self.app.push_screen(TextView(_("What the import told"), [around.import_side(line.imported)]))
        elif line.person is not None and line.person.member_id is not None:
            open_card(self, line.person.member_id)
        else:
            self.room.go("speakers")

    async def do_import(self) -> None:
        """Import an export of the group's chat."""
        from qunguan.tui.screens.activity_import import import_chat

        begin(self, import_chat(self))

    async def do_copy(self) -> None:
        """The figures as text."""
        if self._view == "people" and self._people is not None:
            text = writing.people_text(self._people)
        else:
            assert self._talk is not None
            text = writing.talk_text(self._talk)
        await copy_out(self.room, text, self._stem())

    async def do_export(self) -> None:
        """What is shown to a file."""
        table = self._table()

        async def made() -> Table:
            return table

        export(self.room, _("Export the figures"), self._stem(), made)

    def _table(self) -> Table:
        if self._view == "imports":
            return writing.imports_table(self._imports)
        if self._view == "people" and self._people is not None:
            return writing.people_table(self._people)
        assert self._talk is not None
        if self._view == "hours":
            return writing.hours_table(self._talk)
        weekly = self._view == "weeks"
        return writing.days_table(self._talk.weeks if weekly else self._talk.days, weekly=weekly)

    def _stem(self) -> str:
        return f"talk-{self._view}-{self._last}"

    async def do_why(self) -> None:
        """What counts as a message, which days are covered, the best hour; of people, how each list is counted."""
        from qunguan.services import presence

        if self._view == "people" and self._people is not None:
            told = around.why_people(self._people)
        else:
            assert self._talk is not None
            spans = await self.desk.read(presence.coverage, self._talk.group_id)
            told = around.why_talk(self._talk, [(each.first, each.last) for each in spans])
        await self.app.push_screen(TextView(_("How talk is counted"), told))


SCREEN = ActivityScreen
