"""Keys one after another: what a key does is done before the next one is looked at, and it is done once.

Where a key opens a dialog, the keys typed behind it wait for the dialog: beneath it they would be commands.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any, TypeGuard

from textual import events
from textual._callback import invoke
from textual._time import get_time
from textual.app import App
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker

from qunguan.domain.actions import twins
from qunguan.i18n import _
from qunguan.tui.text import notice

if TYPE_CHECKING:
    from textual.widgets import Input, TextArea

    from qunguan.tui.app import QunguanApp

TWICE = 0.3
"""Seconds in which the key that answered a dialog, pressed again, is taken for the same press: nobody reads faster
what lies beneath. Esc is not: it leaves one thing after another.
"""


SEARCHES = twins("/")
"""What the key of the search types, with an input method too."""
PAUSE = 1.5
"""Seconds without a key after which the next one is no longer part of what was typed behind "/"."""

PATIENCE = 3.0
"""Seconds keys wait for what the one before them opens; then they are dropped, and that is said."""
_LOOK_AGAIN = 0.01  # seconds


class Keys:
    """The keys of one app: the last one, which one closed the dialog that was on top, and those that wait."""

    def __init__(self) -> None:
        self._last = ""
        self._at = 0.0  # when the last one was pressed
        self._closed: tuple[str, float, Screen[Any]] | None = None
        self._begun: list[Worker[Any]] = []
        self._held: deque[events.Event] = deque()
        self._idle_until: float | None = None  # what is typed behind a search that there is none of does nothing
        self._since = 0.0  # of Textual's seconds: when the first of the held had to wait

    @property
    def held(self) -> int:
        """How many keys and pastes wait."""
        return len(self._held)

    def began(self, worker: Worker[Any]) -> None:
        """Something that asks on the way has begun: until its first dialog is there, and between two, keys wait."""
        self._begun.append(worker)

    def waits(self, app: QunguanApp, event: events.Event) -> bool:
        """Whether this is a key, or a paste, that comes too early; it is carried out when its time has come."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            return False
        if not self._held:
            if not self._between(app):
                return False
            if self._opens_again(app, event):
                return True
            self._since = get_time()
            app.set_timer(_LOOK_AGAIN, partial(self._release, app))
        self._held.append(event)
        return True

    def _between(self, app: QunguanApp) -> bool:
        """Whether a dialog is on its way: begun and not there, or there and not ready to be typed at."""
        if not getattr(app.screen, "ready", True):
            return True
        self._begun = [worker for worker in self._begun if not worker.is_finished]
        return bool(self._begun) and not app.screen.is_modal

    def _opens_again(self, app: QunguanApp, event: events.Event) -> bool:
        """Whether this is the Enter that opens a dialog, pressed twice before there is one to answer."""
        if not isinstance(event, events.Key) or not event.key == self._last == "enter":
            return False
        return event.time - self._at < TWICE and not app.screen.is_modal

    async def _release(self, app: QunguanApp) -> None:
        try:
            while self._held and not self._between(app):
                self._since = get_time()
                await app.carry(self._held.popleft())
            if self._held and get_time() - self._since > PATIENCE:
                self._held.clear()
                self._begun.clear()  # what takes so long asks nothing soon
                notice(app, _("What came before is still going on: the keys typed meanwhile were left out"), "warning")
        finally:  # whatever a key has done, those behind it are looked at
            if self._held:
                app.set_timer(_LOOK_AGAIN, partial(self._release, app))

    def closed(self, beneath: Screen[Any], now: float) -> None:
        """A dialog is being answered; `beneath` is what the next key would get. `now` is in seconds of Textual."""
        self._closed = (self._last, now, beneath)

    async def in_turn(self, app: App[Any], event: events.Event) -> bool:
        """Carry out a key, or a paste into a line to type into, at once. Returns False for everything else.

        Textual hands a key to the widget that has the keyboard, and it comes back through the queues of all around
        it; meanwhile the keys behind it are handed to the same widget. Of "/" and "zs" in one write, or typed while
        the program was busy, the letters would be lost in the table, or be commands.
        """
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            return False
        widget = app.focused
        if isinstance(event, events.Paste):
            if not _is_typed_into(widget):
                return False
            with widget._context():
                await invoke(widget._on_paste, event)
            return True
        app.app_focus = True
        if not self._again(app, event) and not self._idle(app, event):
            self._last, self._at = event.key, event.time
            await _carry_out(app, event)
        return True

    def _idle(self, app: App[Any], event: events.Key) -> bool:
        """Whether this is "/" where there is nothing to search, or was typed right behind it: letters meant for a
        search line would be commands. Enter and Esc end it, as does any key that types nothing, and a pause.
        """
        if self._idle_until is not None:
            going = event.time < self._idle_until
            self._idle_until = event.time + PAUSE if going and event.is_printable else None
            if going and (event.is_printable or event.key in ("enter", "escape", "backspace")):
                return True
        if event.character not in SEARCHES or _has_use(app, event.key):
            return False
        self._idle_until = event.time + PAUSE
        notice(app, _("There is nothing to search here: what is typed behind / does nothing"), "warning")
        return True

    def _again(self, app: App[Any], event: events.Key) -> bool:
        """Whether this is the key that closed a dialog, pressed twice."""
        if self._closed is None:
            return False
        key, at, beneath = self._closed
        self._closed = self._closed if event.key == key else None
        return event.key == key != "escape" and event.time - at < TWICE and app.screen is beneath


def _has_use(app: App[Any], key: str) -> bool:
    """Whether the key is typed into a line, or does something on what is shown."""
    return _is_typed_into(app.focused) or key in app.screen.active_bindings


def _is_typed_into(widget: Widget | None) -> TypeGuard[Input | TextArea]:
    from textual.widgets import Input, TextArea

    return isinstance(widget, Input | TextArea)


async def _carry_out(app: App[Any], event: events.Key) -> None:
    widget = app.focused
    if await app._check_bindings(event.key, priority=True):
        return
    if widget is not None:
        with widget._context():
            await widget._on_key(event)
    if not event._stop_propagation:
        await app._check_bindings(event.key)
