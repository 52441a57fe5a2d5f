"""Today: what to post, whom to greet, what is late, what is wrong; `y` copies what is to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from qunguan.domain.today import Line, Said, Upkeep
from qunguan.i18n import N_, _
from qunguan.tui.bindings import bindings
from qunguan.tui.screens.base import NounScreen
from qunguan.tui.screens.today_lines import Rows, columns, folded, headline, why, yesterday_parts
from qunguan.tui.text import lines, literal
from qunguan.tui.widgets.headline import Headline
from qunguan.tui.widgets.paged_table import PagedTable

_SIDE = 35  # cells of a line in the side panel
_WATCH_SECONDS = 30.0  # how often the hour and the day are looked at: at midnight there is another agenda


class TodayScreen(NounScreen):
    """The agenda, its most urgent line on top, and beside it the text that `y` copies."""

    noun = "today"
    BINDINGS: ClassVar[list[BindingType]] = bindings("today")
    DEFAULT_CSS = """
    TodayScreen {
        & .body { padding: 1 0 0 0; }
        & .yesterday { padding: 0 1; margin: 0 0 1 0; }
        & PagedTable { width: 1fr; }
        &.-narrow .side { display: none; }
        & #ready { width: 100%; margin: 1 0 0 0; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
        self._numbers: dict[str, int] = {}
        self._rows = Rows((), self._numbers)
        self._lines: tuple[Line, ...] = ()
        self._as_of: tuple[object, ...] = ()

    def body(self) -> ComposeResult:
        """Two lines, the agenda, the ready text."""
        yield Static(literal(_("Opening…")), id="hello", classes="line")
        yield Headline(" · ", rows=2, classes="yesterday muted")
        with Horizontal():
            yield PagedTable(columns(), classes="main")
            with VerticalScroll(classes="side", can_focus=False):
                yield Static("", id="says", classes="muted", markup=False)
                yield Static("", id="ready", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(_WATCH_SECONDS, self._look_at_clock)

    async def load(self) -> None:
        """Work the agenda out anew."""
        from qunguan.services import today

        self._as_of = self._now()
        facts, backups = await self.desk.facts(), await self.desk.backups()
        upkeep = Upkeep(facts.notices, backups[0].at if backups else None)
        group = self.room.group
        agenda = await self.desk.read(today.agenda, self.room.clock, group.id if group else None, upkeep)
        self.query_one("#hello", Static).update(headline(agenda))
        self.query_one(Headline).tell(yesterday_parts(agenda.yesterday))
        self.table.configure(empty=_teach())
        await self._show(agenda.lines)

    async def _show(self, shown: Sequence[Line]) -> None:
        self._lines = tuple(shown)
        self._rows = Rows(self._lines, self._numbers, self.room.group.id if self.room.group else None)
        await self.table.set_source(self._rows)
        self._tell_ready()

    @property
    def table(self) -> PagedTable:
        """The agenda."""
        return self.query_one(PagedTable)

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        row = self.table.current
        return self._rows.line(row.key) if row else None

    def blocked(self, verb: str) -> str:
        """Nothing can be done with an empty agenda, and not every line has something to send."""
        if self.line is None:
            return _("nothing is due today")
        if verb == "copy" and not self.line.ready_text:
            return _("this line has nothing to send")
        return ""

    async def do_open(self) -> None:
        """Go to what the line is about, or do what it asks for."""
        if self.line is not None:
            await self._carry_out(self.line)

    async def do_copy(self) -> None:
        """Copy the ready text."""
        from qunguan.tui.clipboard import copy_out

        if self.line is not None:
            await copy_out(self.room, self.line.ready_text, f"{self.room.today}-{self.line.kind}")

    async def do_why(self) -> None:
        """Say why the line is there."""
        from qunguan.tui.widgets.dialogs import TextView

        if self.line is not None:
            told = why(self.line, with_text=self.has_class("-narrow"))
            self.app.push_screen(TextView(_("Why this line is here"), told))

    async def on_paged_table_row_selected(self, event: PagedTable.RowSelected) -> None:
        """Enter: the line it was pressed on, if that is still there."""
        event.stop()
        if self._rows.line(event.key) is not None and self._rows.line(event.key) == self.line:
            await self.action_do("open")

    def on_paged_table_row_highlighted(self, event: PagedTable.RowHighlighted) -> None:
        """Another line: its text, and what can be done with it."""
        event.stop()
        self._tell_ready()
        self.offer()

    async def _carry_out(self, line: Line) -> None:
        if line.does == "backup":
            await self._back_up(line)
        elif line.does == "close":
            self._ask_to_close(line)
        elif line.does == "nothing":
            self.say(str(line.text))
        else:
            self.room.go(line.target.screen, line.target.subject, line.target.day)

    async def _back_up(self, line: Line) -> None:
        """The line stays and says that it is done: a second Enter must not meet another line in its place."""
        made = await self.desk.backup()
        done = replace(line, text=Said(N_("Backed up and checked: {name}"), {"name": made.path.name}), does="nothing")
        await self._show([done if each.key == line.key else each for each in self._lines])

    def _ask_to_close(self, line: Line) -> None:
        from qunguan.tui.widgets.dialogs import Confirm

        async def answered(yes: bool | None) -> None:
            from qunguan.services import checkins

            if yes and line.target.subject is not None:
                await self.desk.write(checkins.close, line.target.subject, line.target.day)
                await self.room.changed()

        details = [str(line.text), _("Its board and records stay. Closing only takes it off this list; u undoes it.")]
        self.app.push_screen(Confirm(_("Close this challenge?"), details), answered)

    def _tell_ready(self) -> None:
        """Show the text that `y` copies, as it will be copied."""
        text = self.line.ready_text if self.line else ""
        self.query_one("#says", Static).update(literal(_("y copies:") if text else ""))
        self.query_one("#ready", Static).update(lines(folded(text, _SIDE)))

    def _now(self) -> tuple[object, ...]:
        local = self.room.day_rule.local(self.room.clock.now())
        return self.room.today, local.hour

    async def _look_at_clock(self) -> None:
        if self.is_current and self.desk.ready and self._as_of not in ((), self._now()):
            await self.load()


def _teach() -> str:
    """What an empty day says."""
    return "\n".join(
        (
            _("Check-ins to post, birthdays, habits to save, points about to expire: each will be a line here."),
            "",
            _("3 Check-ins: a starts a challenge, i pastes a 接龙 · 2 Members: i imports the roster"),
        )
    )


SCREEN = TodayScreen
