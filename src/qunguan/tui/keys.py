"""Keys one after another: what a key does is done before the next one is looked at, and it is done once."""

from __future__ import annotations

from typing import Any

from textual import events
from textual._callback import invoke
from textual.app import App
from textual.screen import Screen

TWICE = 0.3
"""Seconds in which the key that answered a dialog, pressed again, is taken for the same press: nobody reads faster
what lies beneath. Esc is not: it leaves one thing after another.
"""


class Keys:
    """The keys of one app: the last one, and which one closed the dialog that was on top."""

    def __init__(self) -> None:
        self._last = ""
        self._closed: tuple[str, float, Screen[Any]] | None = None

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
            from textual.widgets import Input, TextArea

            if not isinstance(widget, Input | TextArea):
                return False
            with widget._context():
                await invoke(widget._on_paste, event)
            return True
        app.app_focus = True
        if not self._again(app, event):
            self._last = event.key
            await _carry_out(app, event)
        return True

    def _again(self, app: App[Any], event: events.Key) -> bool:
        """Whether this is the key that closed a dialog, pressed twice."""
        if self._closed is None:
            return False
        key, at, beneath = self._closed
        self._closed = self._closed if event.key == key else None
        return event.key == key != "escape" and event.time - at < TWICE and app.screen is beneath


async def _carry_out(app: App[Any], event: events.Key) -> None:
    widget = app.focused
    if await app._check_bindings(event.key, priority=True):
        return
    if widget is not None:
        with widget._context():
            await widget._on_key(event)
    if not event._stop_propagation:
        await app._check_bindings(event.key)
