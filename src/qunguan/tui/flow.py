"""Things an owner does that ask something on the way: they run beside the keys, so that the dialogs get them."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

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
