"""Things an owner does that ask something on the way: they run beside the keys, so that the dialogs get them.

And what was read for a screen that the owner has left by then.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast
from weakref import finalize

from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.screen import Screen
from textual.worker import Worker

from qunguan.domain.errors import UserError
from qunguan.tui.text import notice

if TYPE_CHECKING:
    from qunguan.tui.keys import Keys

T = TypeVar("T")


def begin(screen: Screen[Any], doing: Coroutine[Any, Any, None]) -> None:
    """Start `doing`; it may await `push_screen_wait`. What is wrong is said, and the program goes on."""

    async def told() -> None:
        """What was asked for; an error the owner can mend is said."""
        try:
            await doing
        except UserError as error:
            notice(screen.app, str(error), "error")

    worker = run(screen, told)
    finalize(worker, doing.close)  # a screen that goes at once runs nothing
    keys: Keys | None = getattr(screen.app, "keys", None)
    if keys is not None:
        keys.began(worker)


def run(
    node: DOMNode, work: Callable[[], Coroutine[Any, Any, T]], *, group: str = "default", exclusive: bool = False
) -> Worker[T]:
    """Run `work` beside the keys; of an exclusive group only the newest.

    It is called when it begins: where the screen goes before that, no coroutine is left that nobody awaits.
    """
    return node.run_worker(cast("Callable[[], T]", work), group=group, exclusive=exclusive)


@contextmanager
def unless_gone(screen: Screen[Any]) -> Iterator[None]:
    """Around the filling of a screen with what was read: its widgets go when it, or the program, is left meanwhile."""
    try:
        yield
    except NoMatches:
        if screen.app.is_running and screen in screen.app.screen_stack:
            raise
