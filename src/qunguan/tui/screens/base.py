"""What every screen of a noun is: the shell around it, actions out of the table, loading when the data changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from qunguan.domain.actions import TYPING, Action, home, of, rooms
from qunguan.domain.errors import StoreError, UserError
from qunguan.i18n import _
from qunguan.tui.compositor import WholeNotices
from qunguan.tui.flow import Steady, unless_gone
from qunguan.tui.text import Severity, notice
from qunguan.tui.widgets.bars import KeyBar, NavBar, RoomBar, TopBar

if TYPE_CHECKING:
    from datetime import date

    from qunguan.services.desk import DeskThread
    from qunguan.tui.app import QunguanApp
    from qunguan.tui.places import Place


class NounScreen(Steady, Screen[None]):
    """One of the ten screens.

    A subclass names its `noun`, composes its `body()`, fills it in `load()`, and has a coroutine `do_<verb>` for each
    of its actions. `blocked()` gives the reason why an action cannot run now; it stays visible and says why.
    """

    DEFAULT_CSS = "NounScreen .side { width: 38; }"
    noun: ClassVar[str]
    KEEPS: ClassVar[tuple[str, ...] | None] = None
    """The attributes that say what is looked at, not what was read. A screen that names them is closed when it was left
    for long, and opened anew at the same place; with None it stays."""
    OF_GROUP: ClassVar[bool] = False
    """Whether all it shows is of the group in hand: without one it says so, and nothing is read."""
    AUTO_FOCUS = ".main"
    # Textual's own screens go from widget to widget with Tab; here nothing but the list wants the keys
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.do('next_room')", show=False),
        Binding("shift+tab", "app.do('last_room')", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._compositor = WholeNotices()
        self._seen = -1
        self._loaded = False
        self._filling = 0  # times it is being filled at once
        self._back_at: Place | None = None
        self._failed = False  # what it shows could not be read
        self._wishes: list[str] = []

    # -- for subclasses

    def body(self) -> ComposeResult:
        """The widgets between the bars."""
        yield from ()

    async def load(self) -> None:
        """Fill the screen from the database. Called when it opens and whenever the data has changed."""

    async def without_group(self) -> None:
        """Fill the screen while there is no group."""

    def aim(self, subject: int | None = None, day: date | None = None) -> None:
        """Another screen leads here: the next `load()` shows this thing, by id, on this day. Extend it to keep both."""
        self._seen = -1

    def blocked(self, verb: str) -> str:
        """Why this action cannot run now, in words for the owner; "" when it can."""
        return ""

    def come_back(self, place: Place) -> None:
        """Made anew and not yet mounted: look at what was looked at before, from the same line."""
        self._back_at = place
        place.look(self)

    # -- the shell

    @property
    def desk(self) -> DeskThread:
        """The database, on its thread."""
        return self.room.desk

    @property
    def room(self) -> QunguanApp:
        """The app, with its own type."""
        return cast("QunguanApp", self.app)

    @property
    def whose(self) -> str:
        """What figures of the group in hand are called beside those of all groups; all where there is no group."""
        return _("this group") if self.room.group else _("all groups")

    def compose(self) -> ComposeResult:
        """The bars, and the body of the subclass between them."""
        yield TopBar()
        yield NavBar(self.noun)
        if len(rooms(home(self.noun))) > 1:
            yield RoomBar(self.noun)
        with Vertical(classes="body"):
            yield from self.body()
        yield KeyBar()

    def on_mount(self) -> None:
        """Stand where it stood before, where it was made anew, and offer what can be done."""
        if self._back_at is not None:
            self._back_at.stand(self)
        self.offer()

    def _screen_resized(self, size: Size) -> None:
        """Textual lays a new screen out when it is shown and again for the size it has then: once is enough."""
        if size != self._size:
            super()._screen_resized(size)

    async def on_screen_resume(self) -> None:
        """It is on top: what changed meanwhile is read."""
        self.room.tell_top()
        await self.reload()
        self._grant()

    def on_screen_suspend(self) -> None:
        """Another screen is shown: the drawn lines of this one go; what it says and where it stands stays. What was
        to be done here as soon as it can be is not done any more."""
        self._wishes.clear()
        if self not in self.app.screen_stack:
            for widget in self.walk_children(Widget):
                widget.notify_style_update()
                widget.refresh()

    def wish(self, verb: str) -> None:
        """Carry out this action as soon as the screen is on top and filled."""
        self._wishes = [verb]

    def _grant(self) -> None:
        if self._wishes:
            self.call_later(self._carry_out)

    async def _carry_out(self) -> None:
        """The wishes one by one, oldest first; once a dialog stands over the screen the rest was not meant for it."""
        if not self.is_current:
            self._wishes.clear()
        if self._wishes:
            await self._carry(self._wishes[0])
            del self._wishes[:1]
            self.call_after_refresh(self._grant)

    async def reload(self) -> None:
        """Load again if the data changed since this screen last did; while the file opens, `changed` does it then: the
        group in hand is not known before."""
        if self.is_mounted and self.room.version and self._seen != self.room.version:
            self._seen = self.room.version
            self._failed = False
            self._filling += 1
            try:
                with unless_gone(self):
                    await (self.without_group() if self.OF_GROUP and self.room.group is None else self.load())
                    self._loaded = True
                    self.offer()
                    self._grant()
            except UserError as error:
                self._unread()
                self._wishes.clear()
                self.say(str(error), "error")
            finally:
                self._filling -= 1

    def _unread(self) -> None:
        """What it shows could not be read: the next look, or the next key, reads it again."""
        self._failed = True
        self._seen = -1

    @property
    def filled(self) -> bool:
        """Whether it shows what it read, is not being filled just now, and no key waits for that."""
        return self._loaded and not self._filling and not self._wishes

    @property
    def ready(self) -> bool:
        """Whether the next key is for this screen: it is built, and none before it waits for what is being read."""
        return self.is_mounted and not self._wishes

    def drew(self) -> None:
        """Something was written and this screen shows it already: the others load again when they are opened."""
        self.room.version += 1
        self._seen = self.room.version

    def offer(self) -> None:
        """Put what can be done here into the footer."""
        for bar in self.query(KeyBar):  # gone when the program is being left
            bar.offer(self._offered())

    def _offered(self) -> list[tuple[Action, bool]]:
        """The actions of the footer and whether each can run now; in a line to type into, what keys do there."""
        enters = getattr(self.focused, "enters", "")
        if not enters:
            return [(action, not self.why_not(action)) for action in self.actions if action.footer]
        enter = next(action for action in of(self.noun) if action.verb == enters)
        able = not self.why_not(enter)
        return [(replace(enter, keys=("enter",)), able), *((action, True) for action in TYPING)]

    def on_descendant_focus(self) -> None:
        """The keyboard went into a line to type into, or came out of it."""
        self.offer()

    @property
    def actions(self) -> tuple[Action, ...]:
        """The screen's own actions, then those that work everywhere."""
        return of(self.noun) + of("app")

    def why_not(self, action: Action) -> str:
        """Why an action cannot run now; "" when it can."""
        if action.screen == "app":
            return self.room.why_not(action.verb)
        if not self.desk.ready:
            return _("the database is still opening")
        if not self._loaded:  # there may be no widgets yet to ask
            return _("the figures are still being read")
        if self.OF_GROUP and self.room.group is None:
            return _("there is no group yet: 0 goes to Settings")
        return self.blocked(action.verb)

    async def action_do(self, verb: str) -> None:
        """Carry out one of the screen's actions, or say why it cannot run. Pressed before there is anything to act on,
        it waits for that, behind what was pressed before it."""
        if not self.desk.ready:
            self.say(_("the database is still opening"))
        if not self.desk.ready or self._wishes or (not self._loaded and not self._failed):
            self._wishes.append(verb)
        else:
            await self._carry(verb)

    async def _carry(self, verb: str) -> None:
        action = next(action for action in of(self.noun) if action.verb == verb)
        if self._failed:
            await self.reload()
        if reason := self.why_not(action):
            if not self._failed:  # else it was said what is in the way
                self.say(reason, "warning")
            return
        try:
            await getattr(self, f"do_{verb}")()
        except UserError as error:
            if isinstance(error, StoreError):  # another view may have been asked for than is shown
                self._unread()
            self.say(str(error), "error")
        self.offer()

    def say(self, text: str, severity: Severity = "information") -> None:
        """A short message to the owner."""
        notice(self.app, text, severity)
