"""Notices are few: the newest stand in the corner, an older one gives way before its time is over."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from textual.app import App
from textual.css.query import NoMatches
from textual.notifications import Notification, Notifications
from textual.screen import Screen
from textual.widgets._toast import ToastRack

SHOWN = 2


def show_newest(app: App[int], screen: Screen[object], all_notices: Iterable[Notification]) -> None:
    """Draw the newest SHOWN of `all_notices` (oldest first) on `screen`; the others leave it."""
    try:
        rack = screen.get_child_by_type(ToastRack)
    except NoMatches:  # not composed yet: it asks again when it is
        return
    newest = Notifications()
    for each in deque(all_notices, SHOWN):
        newest.add(each)
    if rack.children or len(newest):  # else there is nothing to draw, and hiding an empty rack lays the screen out
        app.call_later(_redraw, rack, newest)


def _redraw(rack: ToastRack, newest: Notifications) -> None:
    """Textual would take away the notice but not its holder, and misses a notice that is not mounted yet."""
    wanted = {rack._toast_id(each) for each in newest}
    for holder in rack.children:
        if holder.id not in wanted:
            holder.remove()
    rack.show(newest)
