"""Keys one after another: what a key does is done before the next one is looked at."""

from __future__ import annotations

from typing import Any

from textual import events
from textual._callback import invoke
from textual.app import App


async def in_turn(app: App[Any], event: events.Event) -> bool:
    """Carry out a key, or a paste into a line to type into, at once. Returns False for everything else.

    Textual hands a key to the widget that has the keyboard, and it comes back through the queues of all around it;
    meanwhile the keys behind it are handed to the same widget. Of "/" and "zs" in one write, or typed while the
    program was busy, the letters would be lost in the table, or be commands.
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
    if await app._check_bindings(event.key, priority=True):
        return True
    if widget is not None:
        with widget._context():
            await widget._on_key(event)
    if not event._stop_propagation:
        await app._check_bindings(event.key)
    return True
