"""The application: opens the desk after the first frame, holds the group in hand, switches screens, undoes."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import App
from textual.binding import BindingType

from qunguan.domain.actions import home, rooms
from qunguan.domain.clock import WEEKDAYS, Clock, DayRule
from qunguan.domain.errors import NotFound, UserError
from qunguan.i18n import _, language, language_said, set_language
from qunguan.services.desk import DeskThread
from qunguan.tui.bindings import bindings
from qunguan.tui.driver import driver_class
from qunguan.tui.environment import Sweep, keep_what_the_start_made
from qunguan.tui.flow import Steady, begin, of_what_goes, run
from qunguan.tui.keys import Keys
from qunguan.tui.screens.base import NounScreen
from qunguan.tui.styles_cache import let_go
from qunguan.tui.text import notice, pasted, plain
from qunguan.tui.widgets.bars import TopBar

if TYPE_CHECKING:
    from datetime import date

    from qunguan.domain.groups import Group
    from qunguan.tui.incident_clocks import IncidentClocks
    from qunguan.tui.places import Place

WATCH_SECONDS = 1.0  # how often another process's writes are looked for
SETTLED_SECONDS = 1.0  # until the first rows are painted and looked at
STAYING = 1  # rooms left last that stay open, besides the one that is shown
NEEDS_FILE = {"undo", "redo", "group"}


class QunguanApp(Steady, App[int]):
    """The screens. `group` is the group in hand (None before there is one), `version` counts changes of the data:
    0 until the file is open and the group taken."""

    CSS_PATH = "styles/app.tcss"
    TITLE = "群管"
    ENABLE_COMMAND_PALETTE = False  # ours speaks the owner's language and knows the action table
    BINDINGS: ClassVar[list[BindingType]] = bindings("app")

    def __init__(self, db: Path | None = None, clock: Clock | None = None) -> None:
        super().__init__(driver_class=driver_class())
        self.clock = clock or Clock.from_environment()
        self.desk = DeskThread(db, self.clock)
        self.group: Group | None = None
        self.present = 0
        self.version = 0
        self.keys = Keys()
        self.clocks: IncidentClocks | None = None  # made when the first incident is open
        self._file_version = 0
        self._day: date | None = None
        self._trouble = ""
        self._nouns: dict[str, NounScreen] = {}  # those that are open, the one left first before the others
        self._places: dict[str, Place] = {}  # of those that were closed
        self._sweep = Sweep()
        self._left_at: dict[str, str] = {}  # the room each screen was left at

    # -- opening

    def get_default_screen(self) -> NounScreen:
        """Today is painted first; the store is imported afterwards."""
        screen = self.noun_screen("today")
        screen._push_result_callback(screen, None)  # what a pushed screen has, and `switch_screen` takes off
        return screen

    def on_mount(self) -> None:
        self.theme = "textual-dark"
        self.call_after_refresh(self._first_frame)

    def _first_frame(self) -> None:
        run(self, self._open)

    async def _open(self) -> None:
        if await self._found():
            await self.opened()
        self.set_timer(SETTLED_SECONDS, keep_what_the_start_made)

    async def _found(self) -> bool:
        try:
            await self.desk.open()
            return True
        except NotFound:
            from qunguan.tui.screens.welcome import guide

            begin(self.screen, guide(self))
        except UserError as error:
            from qunguan.tui.screens.trouble import TroubleScreen

            self.push_screen(TroubleScreen(str(error)))
        return False

    async def opened(self) -> None:
        """The file is open: take the current group in hand and fill the screen, in the language the owner chose."""
        from qunguan.services import settings

        self.set_interval(WATCH_SECONDS, self._watch)
        self.set_interval(20, self.tell_top)
        self.set_timer(SETTLED_SECONDS, self._figures_soon)
        self._file_version = await self.desk.version()
        tongue = None if language_said() else await self.desk.read(settings.language)
        if tongue and tongue != language():
            await self.speak(tongue)
        else:
            await self.changed()

    async def take_group(self) -> None:
        """Read the current group and how many members are present."""
        from qunguan.services import groups

        self.group = await self.desk.read(groups.current)
        if self.group is not None:
            self.present = await self.desk.read(groups.present, self.group)

    async def _take_clocks(self) -> None:
        """The clocks of the incidents that are open; while none is, this costs one look into an empty index."""
        from qunguan.services import incident_watch

        if self.clocks is None and await self.desk.read(incident_watch.any_open):
            from qunguan.tui.incident_clocks import IncidentClocks

            self.clocks = IncidentClocks(self)
        if self.clocks is not None:
            await self.clocks.read()

    async def on_event(self, event: events.Event) -> None:
        """Keys come in turn, and those that are early wait."""
        if not self.keys.waits(self, event):
            await self.carry(event)

    async def carry(self, event: events.Event) -> None:
        """Carry out an event; what is pasted loses what a terminal would obey before any widget draws it."""
        if isinstance(event, events.Paste) and not event.is_forwarded:
            from textual.widgets import Input

            event.text = pasted(event.text)
            if isinstance(self.focused, Input):
                event.text = event.text.expandtabs(1)
        if not await self.keys.in_turn(self, event):
            await super().on_event(event)

    # -- data

    async def changed(self) -> None:
        """Something was written: every screen is out of date; the one on top is filled again now."""
        self._day = self.today
        try:
            await self.take_group()  # before the version: a screen opened meanwhile would be taken for filled
            await self._take_clocks()
        except UserError:
            self._day = None  # the watch tries it again
            raise
        self.version += 1
        self.tell_top()
        for screen in self.screen_stack:
            reload = getattr(screen, "reload", None)  # a screen of a noun, or a dialog that shows data
            if reload is not None:
                await reload()

    async def _watch(self) -> None:
        """Notice what another process wrote, and that a new day began."""
        try:
            version = await self.desk.version()
            new_day = self.today != self._day
            if version != self._file_version or new_day:
                await self.changed()
                self._file_version = version
            if new_day:
                self._figures_soon()
            self._trouble = ""
        except UserError as error:
            if self._trouble != str(error):  # once, not every second
                self._trouble = str(error)
                notice(self, self._trouble, "error")

    def _figures_soon(self) -> None:
        run(self, self._keep_figures, group="figures", exclusive=True)

    async def _keep_figures(self) -> None:
        """Count beside the keys, one by one, what the overview and the alerts are going to ask for."""
        from qunguan.services import figure_upkeep

        with suppress(UserError):  # what is not kept is counted when somebody asks for it
            for one in await self.desk.read(figure_upkeep.missing, self.clock):
                await self.desk.write(figure_upkeep.keep_one, *one)

    @property
    def day_rule(self) -> DayRule:
        """Where the day of the group in hand begins."""
        return DayRule(self.group.timezone, self.group.day_start) if self.group else DayRule()

    @property
    def today(self) -> date:
        """The business day it is now in the group in hand."""
        return self.clock.today(self.day_rule)

    def tell_top(self) -> None:
        """Write the top line: the group and how full it is, the clocks of an incident, the day and the time."""
        now = self.day_rule.local(self.clock.now())
        right = f"{now:%m-%d} {_(WEEKDAYS[now.weekday()])} {now:%H:%M}"
        left = _("{group} {n} people", group=self.group.name, n=self.present) if self.group else ""
        for bar in self.screen.query(TopBar):
            bar.tell(left=left, right=right)
        if self.clocks is not None:
            self.clocks.draw()

    # -- actions that work everywhere

    async def action_do(self, verb: str) -> None:
        """Carry out one of the actions that work everywhere."""
        if verb.startswith("go_"):
            self.go_screen(verb[3:])
            return
        if reason := self.why_not(verb):
            notice(self, reason, "warning")
            return
        try:
            await getattr(self, f"do_{verb}")()
        except UserError as error:
            notice(self, str(error), "error")

    def why_not(self, verb: str) -> str:
        """Why an action that works everywhere cannot run now; "" when it can."""
        return _("the database is still opening") if verb in NEEDS_FILE and not self.desk.ready else ""

    def noun_screen(self, noun: str) -> NounScreen:
        """The screen of a noun, imported and made on first use."""
        if noun not in self._nouns:
            module = import_module(f"qunguan.tui.screens.{noun}")
            screen: NounScreen = module.SCREEN()
            # Textual sets these at the first resize, after it has drawn the screen, and then draws it again
            breakpoints = screen._get_breakpoint_classes(self.size.width, screen.HORIZONTAL_BREAKPOINTS or [])
            screen.add_class(*breakpoints, update=False)
            if noun in self._places:
                screen.come_back(self._places.pop(noun))
            self._nouns[noun] = screen
            self.install_screen(self._nouns[noun], noun)  # kept as it was left while another one is open
        return self._nouns[noun]

    def go_screen(self, screen: str) -> None:
        """Open a screen at the room it was left at, or at its first room where it is open already."""
        first = rooms(screen)[0][0]
        here = isinstance(self.screen, NounScreen) and home(self.screen.noun) == screen
        self.go(first if here else self._left_at.get(screen, first))

    async def do_next_room(self) -> None:
        """Go to the next room of this screen; out of a line to type into, back to the list."""
        self._step_room(1)

    async def do_last_room(self) -> None:
        """Go to the room before."""
        self._step_room(-1)

    def _step_room(self, step: int) -> None:
        if not isinstance(self.screen, NounScreen):
            return
        if getattr(self.focused, "enters", ""):
            self.screen.focus_next(".main")
            return
        names = [noun for noun, _label in rooms(home(self.screen.noun))]
        self.go(names[(names.index(self.screen.noun) + step) % len(names)])

    def go(self, noun: str, subject: int | None = None, day: date | None = None) -> None:
        """Open the screen of a noun; `subject` and `day` say what to show there."""
        if isinstance(self.screen, NounScreen) and self.screen.noun != noun:
            self._left_at[home(noun)] = noun
            screen = self.noun_screen(noun)
            if subject is not None or day is not None:
                screen.aim(subject, day)
            self._nouns[noun] = self._nouns.pop(noun)  # now the last
            self.switch_screen(screen)
            self.call_after_refresh(self._close_later)

    def _close_later(self) -> None:
        """Not in the queue of the screen that is asked: two screens that close each other wait for good."""
        run(self, self._close_long_left, group="rooms")

    async def _close_long_left(self) -> None:
        """Each room costs a mebibyte or two while its widgets are there: the one left last stays."""
        from qunguan.tui.places import at_rest

        left = [screen for screen in self._nouns.values() if screen not in self.screen_stack]
        for screen in left[:-STAYING]:
            if self._nouns.get(screen.noun) is screen and screen not in self.screen_stack and at_rest(screen):
                await self._close(screen)
                self._sweep.soon(self.set_timer)

    async def _close(self, screen: NounScreen) -> None:
        """Take a screen that is not shown away; it is made anew, at the same place, when it is opened."""
        from qunguan.tui.places import place_of

        if screen.KEEPS is not None and screen.is_mounted:
            self._places[screen.noun] = place_of(screen)
        del self._nouns[screen.noun]
        self.uninstall_screen(screen.noun)
        if screen.is_attached:
            await screen.remove()

    async def speak(self, tongue: str) -> None:
        """Switch the language ("zh", "en"): the open screen is drawn again, the others are made anew when opened."""
        set_language(tongue)
        for screen in list(self._nouns.values()):
            if screen not in self.screen_stack:
                await self._close(screen)
        for widget in self.screen.query("NavBar, RoomBar, KeyBar"):
            widget.refresh()
        await self.changed()

    async def do_undo(self) -> None:
        """Take back the newest change and say what it was; what is large, another group's or of an incident is asked
        about first."""
        from qunguan.services import history

        found = await self.desk.read(history.weight)
        elsewhere = found.group_id is not None and found.group_id != (self.group.id if self.group else None)
        if not elsewhere and not found.large and not found.incident:
            await self._undo(found.step.id, "")
            return
        from qunguan.tui.widgets.dialogs import Confirm

        async def answered(yes: bool | None) -> None:
            if yes:
                await self._undo(found.step.id, found.group or "")

        details = [_("It changed {n} rows; ctrl+r does it again.", n=found.rows)]
        if found.incident:
            details.insert(0, _("The clocks of the incident go by this; what stands in the group stays there."))
        if found.group:
            details.insert(0, _("It belongs to the group {group}.", group=found.group))
        self.push_screen(Confirm(_("Take this back? {step}", step=str(found.step)), details), answered)

    async def _undo(self, step_id: int, group: str) -> None:
        from qunguan.services import history

        try:
            step = await self.desk.write(history.undo, step_id)
        except UserError as error:
            notice(self, str(error), "error")
            return
        told = _("Undid: {step}", step=str(step))
        notice(self, _("[{group}] {text}", group=group, text=told) if group else told)
        await self.changed()

    async def do_redo(self) -> None:
        """Do what was undone again."""
        from qunguan.services import history

        step = await self.desk.write(history.redo)
        notice(self, _("Redid: {step}", step=str(step)))
        await self.changed()

    async def do_group(self) -> None:
        """Choose another group to have in hand."""
        from qunguan.services import groups
        from qunguan.tui.widgets.choose import Choice, Choose

        found = await self.desk.read(groups.all_groups)
        choices = [Choice(str(group.id), group.name) for group in found]

        async def chosen(group_id: str | None) -> None:
            if group_id is not None:
                await self.desk.write(groups.set_current, int(group_id))
                await self.changed()

        self.push_screen(Choose(_("Which group?"), choices), chosen)

    async def do_crisis(self) -> None:
        """Go to the incident that is open; start one where none is. From a room only: a dialog is answered first."""
        open_one = self.clocks.foremost if self.clocks else None
        if open_one is not None or self.group is None:
            self.go("incidents", open_one.id if open_one else None)
            return
        from qunguan.tui.screens.incidents_forms import start

        await start(self)

    async def do_help(self) -> None:
        """Show everything that can be done here."""
        from qunguan.tui.screens.help import HelpScreen

        noun = self.screen.noun if isinstance(self.screen, NounScreen) else "app"
        self.push_screen(HelpScreen(noun))

    async def do_palette(self) -> None:
        """Find any action by its name."""
        from qunguan.tui.palette import open_palette

        if isinstance(self.screen, NounScreen):
            open_palette(self, self.screen)

    def _refresh_notifications(self) -> None:
        """Show the newest notices alone: a held key must not cover the screen with what it did."""
        from qunguan.tui.notices import show_newest

        if self._screen_stack:
            show_newest(self, self.screen, self._notifications)

    async def do_back(self) -> None:
        """Leave what is open. The screens below the dialogs have nothing to leave but their search."""
        leave = getattr(self.screen, "leave", None)
        if leave is not None:
            await leave()

    def _handle_exception(self, error: Exception) -> None:
        """A fault ends the program. What the owner can mend is none: a timer or a worker that met it goes no further,
        and it is said."""
        met = getattr(error, "error", error)  # what a worker failed of
        if isinstance(met, UserError):
            notice(self, str(met), "error")
        elif not of_what_goes(self, error):
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """A fault of our own: a private report and one line, where Textual would print our variables."""
        from qunguan.services.crash import report

        assert self._exception is not None
        folder = self.desk.path.parent if self.desk.path else Path.home()
        line = plain(report(self._exception, folder))
        line.no_wrap, line.overflow = True, "ignore"  # a path cut in two cannot be copied
        self._exit_renderables.append(line)
        self._close_messages_no_wait()

    async def do_quit(self) -> None:
        """Close the file, then the program."""
        await self.desk.close()
        self.exit(0)

    async def on_unmount(self) -> None:
        await self.desk.close()


def run_app(db: Path | None, clock: Clock) -> int:
    """Run the screens until they are left. Returns the exit status."""
    let_go()
    app = QunguanApp(db, clock)
    result: Any = app.run()
    return app.return_code or result or 0
