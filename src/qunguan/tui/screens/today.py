"""Today: what to post, whom to greet, what is late, what is wrong; `y` copies what is to be sent.

This is the screen of the first frame, so it is hardly more than the shell: the agenda comes when there is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from qunguan.domain.errors import UserError
from qunguan.i18n import N_, _
from qunguan.tui.bindings import bindings
from qunguan.tui.flow import begin, run, unless_gone
from qunguan.tui.screens.base import NounScreen
from qunguan.tui.text import literal

if TYPE_CHECKING:
    from qunguan.domain.today import Agenda, Kind, Line
    from qunguan.tui.screens.today_agenda import AgendaView
    from qunguan.tui.widgets.paged_table import PagedTable

_WATCH_SECONDS = 30.0  # how often the hour and the day are looked at: at midnight there is another agenda


class TodayScreen(NounScreen):
    """The agenda, its most urgent line on top. `view` draws it; None until it is worked out for the first time."""

    noun = "today"
    BINDINGS: ClassVar[list[BindingType]] = bindings("today")
    DEFAULT_CSS = """
    TodayScreen {
        & .body { padding: 1 0 0 0; }
        &.-narrow .side { display: none; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
        self.view: AgendaView | None = None
        self._lines: tuple[Line, ...] = ()
        self._duties: tuple[Line, ...] = ()
        self._care: tuple[Line, ...] = ()
        self._cared = False  # whether the care list was ever read
        self._kept: dict[str, Kind] = {}  # lines that are settled while they are looked at stay among their kind
        self._as_of: tuple[object, ...] = ()

    def body(self) -> ComposeResult:
        """The first line."""
        yield Static(literal(_("Opening…")), id="hello", classes="line")

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(_WATCH_SECONDS, self._look_at_clock)

    async def load(self) -> None:
        """Work the agenda out anew; the care list, which takes longer, joins it when it is there."""
        from qunguan.domain.today import Upkeep
        from qunguan.services import today

        view = self.view or await self._furnish()
        self._as_of = self._now()
        facts, backups = await self.desk.facts(), await self.desk.backups()
        upkeep = Upkeep(facts.notices, backups[0].at if backups else None)
        group = self.room.group
        agenda = await self.desk.read(today.agenda, self.room.clock, group.id if group else None, upkeep)
        duties = await self.desk.read(today.duties, self.room.clock, group.id if group else None)
        self._duties = duties.lines
        view.sum_up(agenda.yesterday and replace(agenda.yesterday, tasks=duties.yesterday))
        await self._tell(view, agenda, more=not self._cared)
        run(self, partial(self._look_after, view, agenda), group="care", exclusive=True)

    async def _look_after(self, view: AgendaView, agenda: Agenda) -> None:
        from qunguan.services import today

        group = self.room.group
        try:
            self._care = await self.desk.read(today.care, self.room.clock, group.id if group else None)
        except UserError as error:
            self.say(str(error), "error")
        self._cared = True
        with unless_gone(self):
            await self._tell(view, agenda)

    async def _tell(self, view: AgendaView, agenda: Agenda, *, more: bool = False) -> None:
        from qunguan.domain.today import folded
        from qunguan.tui.screens.today_lines import headline

        stays = (replace(line, kind=self._kept.get(line.key, line.kind)) for line in self._duties)
        whole = agenda.along((*stays, *self._care), self.room.group.id if self.room.group else None)
        for hello in self.query("#hello").results(Static):
            hello.update(headline(whole, more=more))
        await self._show(view, folded(whole.lines, self._kept))

    def keep(self, line: Line) -> None:
        """Let a line stay where it is while it is looked at, settled or not: a second key must not meet another one."""
        self._kept.setdefault(line.key, line.kind)

    def on_screen_suspend(self) -> None:
        """Another screen: what is settled goes to the end."""
        super().on_screen_suspend()
        if self not in self.app.screen_stack and self._kept:
            self._kept.clear()
            self._seen = -1

    async def _furnish(self) -> AgendaView:
        from qunguan.tui.screens.today_agenda import AgendaView

        view = AgendaView()
        await self.query_one(".body").mount(view)
        self.set_focus(view.table)
        self.view = view
        return view

    async def _show(self, view: AgendaView, shown: Sequence[Line]) -> None:
        self._lines = tuple(shown)
        await view.show(self._lines, self.room.group.id if self.room.group else None)

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        return self.view.line if self.view else None

    def blocked(self, verb: str) -> str:
        """Nothing can be done with an empty agenda, and not every line has something to send."""
        if verb == "add":
            return "" if self.room.group else _("there is no group yet: 0 Settings, a adds one")
        if self.line is None:
            return _("nothing is due today")
        if verb in ("tick", "postpone", "skip"):
            return self._no_task(verb)
        if verb == "copy" and not self.line.ready_text:
            return _("this line has nothing to send")
        return ""

    def _no_task(self, verb: str) -> str:
        if self.line is None or not self.line.task:
            return _("this line is no task: Enter does what it asks for")
        if verb != "tick" and self.line.settled:
            return _("it is settled: Space opens it again")
        return ""

    async def do_tick(self) -> None:
        """Tick the task, or open it again."""
        from qunguan.tui.screens.today_tasks import tick

        if self.line is not None:
            await tick(self, self.line)

    async def do_postpone(self) -> None:
        """Move the task to another time."""
        from qunguan.tui.screens.today_tasks import move

        if self.line is not None:
            begin(self, move(self, self.line))

    async def do_skip(self) -> None:
        """Leave the task out, with a reason."""
        from qunguan.tui.screens.today_tasks import leave_out

        if self.line is not None:
            begin(self, leave_out(self, self.line))

    async def do_add(self) -> None:
        """Write a task down."""
        from qunguan.tui.screens.today_tasks import write_down

        begin(self, write_down(self))

    async def do_open(self) -> None:
        """Go to what the line is about, or do what it asks for."""
        if self.line is not None:
            await self._follow(self.line)

    async def do_copy(self) -> None:
        """Copy the ready text."""
        line = self.line
        if line is None:
            return
        own = line.key.removesuffix(f":{self.room.today}").replace(":", "-")  # each line has a file of its own
        name = f"{self.room.today}-{own}"
        if line.missing:
            from qunguan.tui.gaps import ask_and_send

            begin(self, ask_and_send(self.room, line.ready_text, line.missing, str(line.text), name))
        else:
            from qunguan.tui.outgoing import send_out

            await send_out(self.room, line.ready_text, name)

    async def do_why(self) -> None:
        """Say why the line is there."""
        from qunguan.tui.screens.today_lines import why
        from qunguan.tui.widgets.dialogs import TextView

        if self.line is not None:
            told = why(self.line, with_text=self.has_class("-narrow"))
            if self.line.task or self.line.kind == "settled":
                from qunguan.tui.screens.today_tasks import week

                told += await week(self)
            self.app.push_screen(TextView(_("Why this line is here"), told))

    async def on_paged_table_row_selected(self, event: PagedTable.RowSelected) -> None:
        """Enter: the line it was pressed on, if that is still there."""
        event.stop()
        if self.view and self.view.holds(event.key):
            await self.action_do("open")

    def on_paged_table_row_highlighted(self, event: PagedTable.RowHighlighted) -> None:
        """Another line: its text, and what can be done with it."""
        event.stop()
        if self.view:
            self.view.tell_ready()
        self.offer()

    async def _follow(self, line: Line) -> None:
        if line.does == "backup":
            await self._back_up(line)
        elif line.does == "close":
            self._ask_to_close(line)
        elif line.does == "nothing":
            self.say(str(line.text))
        elif line.does == "look":
            await self._look_at(line)
        elif line.does in ("give", "thank"):
            from qunguan.tui.screens.today_care import give_gifts, settle_referrals

            await (give_gifts if line.does == "give" else settle_referrals)(self, line)
        else:
            self.room.go(line.target.screen, line.target.subject, line.target.day)

    async def _look_at(self, line: Line) -> None:
        if line.kind == "settled":
            from qunguan.tui.screens.today_tasks import look_back

            begin(self, look_back(self))
        else:
            await self.do_why()

    async def _back_up(self, line: Line) -> None:
        """The line stays and says that it is done: a second Enter must not meet another line in its place."""
        from qunguan.domain.today import Said

        made = await self.desk.backup()
        done = replace(line, text=Said(N_("Backed up and checked: {name}"), {"name": made.path.name}), does="nothing")
        assert self.view is not None  # the line was chosen in it
        await self._show(self.view, [done if each.key == line.key else each for each in self._lines])

    def _ask_to_close(self, line: Line) -> None:
        from qunguan.tui.widgets.dialogs import Confirm

        async def answered(yes: bool | None) -> None:
            from qunguan.services import checkins

            if yes and line.target.subject is not None:
                await self.desk.write(checkins.close, line.target.subject, line.target.day)
                await self.room.changed()

        details = [str(line.text), _("Its board and records stay. Closing only takes it off this list; u undoes it.")]
        self.app.push_screen(Confirm(_("Close this challenge?"), details), answered)

    def _now(self) -> tuple[object, ...]:
        local = self.room.day_rule.local(self.room.clock.now())
        return self.room.today, local.hour

    async def _look_at_clock(self) -> None:
        if self.is_current and self.desk.ready and self._as_of not in ((), self._now()):
            await self.load()


SCREEN = TodayScreen
