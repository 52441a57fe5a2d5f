"""Things an owner does that ask something on the way: they run beside the keys, so that the dialogs get them.

And what was read for a screen that the owner has left by then.
"""

from __future__ import annotations

from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from textual.css.query import NoMatches
from textual.screen import Screen

from qunguan.domain.errors import UserError
from qunguan.tui.text import notice


def begin(screen: Screen[Any], doing: Coroutine[Any, Any, None]) -> None:
    """Start `doing`; it may await `push_screen_wait`. What is wrong is said, and the program goes on."""

    async def told() -> None:
        try:
            await doing
        except UserError as error:
            notice(screen.app, str(error), "error")

    screen.run_worker(told())


@contextmanager
def unless_gone(screen: Screen[Any]) -> Iterator[None]:
    """Around the filling of a screen with what was read: its widgets go when it, or the program, is left meanwhile."""
    try:
        yield
    except NoMatches:
        if screen.app.is_running and screen in screen.app.screen_stack:
            raise
