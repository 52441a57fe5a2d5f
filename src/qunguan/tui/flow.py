"""Things an owner does that ask something on the way: they run beside the keys, so that the dialogs get them.

And what was read for a screen that the owner has left by then.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast
from weakref import finalize

from textual._context import active_message_pump
from textual.app import App
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.worker import Worker

from qunguan.domain.errors import UserError
from qunguan.tui.text import notice

if TYPE_CHECKING:
    from qunguan.tui.keys import Keys
    from qunguan.tui.widgets.paged_table import PagedTable

T = TypeVar("T")


class Steady(MessagePump):
    """The app, a room or a dialog that goes on when what a message set off cannot be done: the file fails or is busy.

    Textual stops the queue of whatever raises, also of a dialog that reads something when it opens: it would be drawn
    and take no key.
    """

    async def _dispatch_message(self, message: Message) -> None:
        """Carry out a message; an error the owner can mend is said."""
        try:
            await super()._dispatch_message(message)
        except UserError as error:
            notice(self.app, str(error), "error")

    def on_paged_table_fetch_failed(self, event: PagedTable.FetchFailed) -> None:
        """Lines of a list could not be read: they stay empty until they are asked for again."""
        event.stop()
        raise event.error


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


def told(screen: Screen[Any], work: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], Coroutine[Any, Any, None]]:
    """`work` for a timer or for after the next painting: an error the owner can mend is said and ends nothing."""

    async def done() -> None:
        try:
            with unless_gone(screen):
                await work()
        except UserError as error:
            notice(screen.app, str(error), "error")

    return done


def run(
    node: DOMNode, work: Callable[[], Coroutine[Any, Any, T]], *, group: str = "default", exclusive: bool = False
) -> Worker[T]:
    """Run `work` beside the keys; of an exclusive group only the newest.

    It is called when it begins: where the screen goes before that, no coroutine is left that nobody awaits.
    """
    return node.run_worker(cast("Callable[[], T]", work), group=group, exclusive=exclusive)


def of_what_goes(app: App[Any], error: Exception) -> bool:
    """No fault: a widget is not there because its screen, or the program, is just going.

    So it is where a dialog is left before it was drawn.
    """
    going = not app.is_running or getattr(active_message_pump.get(None), "_pruning", False)
    return going and isinstance(getattr(error, "error", error), NoMatches)


@contextmanager
def unless_gone(screen: Screen[Any]) -> Iterator[None]:
    """Around the filling of a screen with what was read: its widgets go when it, or the program, is left meanwhile."""
    try:
        yield
    except NoMatches:
        if screen.app.is_running and screen in screen.app.screen_stack:
            raise
