"""The search line above a table: every key searches at once, the arrows move the table below."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input
from textual.worker import Worker, WorkerError

from qunguan.domain.text import show
from qunguan.i18n import _
from qunguan.tui.widgets.paged_table import PagedTable

TOLD = 20  # characters of a search that are repeated


def nothing_found(text: str) -> str:
    """What an empty list says of a search that found nothing, with the way back."""
    return _("Nothing found for “{text}”. Esc shows everything again.", text=show(text[:TOLD]))


class SearchBox(Input):
    """A line to type in. Down, up, PgDn and PgUp move the screen's table, Enter opens its row; Esc is the screen's.

    `typed` starts a search and gives back the worker that ends when the table shows what it found. It is called from
    inside the change: through `Input.Changed` the answer would be painted two frames later (speed 4).
    """

    enters: ClassVar[str] = "open"  # what Enter does here: the verb of an action of the screen, for its footer

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("enter", "open", show=False),
    ]

    def __init__(self, placeholder: str, typed: Callable[[str], Worker[None]]) -> None:
        super().__init__(placeholder=placeholder, compact=True, classes="search", select_on_focus=False)
        self._typed = typed
        self._search: Worker[None] | None = None

    def watch_value(self, value: str) -> None:
        """Search now."""
        if self.is_mounted:
            self._search = self._typed(value)

    async def answered(self) -> None:
        """Wait until the table shows what belongs to the text that stands here."""
        while self._search is not None and not self._search.is_finished:
            with suppress(WorkerError):  # given up for what was typed since
                await self._search.wait()

    async def action_move(self, rows: int) -> None:
        """Move the table's cursor; the text keeps the keyboard."""
        await self.answered()
        await self.screen.query_one(PagedTable).action_move(rows)

    async def action_page(self, pages: int) -> None:
        """Likewise by pages."""
        await self.answered()
        await self.screen.query_one(PagedTable).action_page(pages)

    async def action_open(self) -> None:
        """Enter opens what the cursor is on: the screen waits for the answer."""
        await self.run_action(f"screen.do('{self.enters}')")
