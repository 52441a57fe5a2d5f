"""The search line above a table: every key searches at once, the arrows move the table below."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from qunguan.tui.widgets.paged_table import PagedTable


class SearchBox(Input):
    """A line to type in. Down, up, PgDn and PgUp move the screen's table, Enter opens its row; Esc is the screen's.

    `typed` is called from inside the change: through `Input.Changed` the answer would be painted two frames later
    (speed 4).
    """

    enters: ClassVar[str] = "open"  # what Enter does here: the verb of an action of the screen, for its footer

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("enter", "open", show=False),
    ]

    def __init__(self, placeholder: str, typed: Callable[[str], None]) -> None:
        super().__init__(placeholder=placeholder, compact=True, classes="search", select_on_focus=False)
        self._typed = typed

    def watch_value(self, value: str) -> None:
        """Search now."""
        if self.is_mounted:
            self._typed(value)

    async def action_move(self, rows: int) -> None:
        """Move the table's cursor; the text keeps the keyboard."""
        await self.screen.query_one(PagedTable).action_move(rows)

    async def action_page(self, pages: int) -> None:
        """Likewise by pages."""
        await self.screen.query_one(PagedTable).action_page(pages)

    def action_open(self) -> None:
        """Enter opens what the cursor is on."""
        self.screen.query_one(PagedTable).action_select()
