"""Row sources and a bare app for the tests of the table."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from textual.app import App, ComposeResult

from qunguan.tui.widgets.paged_table import Column, PagedTable, Row
from qunguan.tui.widgets.row_pages import RowPages

COLUMNS = (Column("编号", width=8), Column("群昵称", flex=1), Column("积分", width=6, right=True, drop=1))


class ListSource:
    """Rows with the keys of a list, counting what is asked; holds answers back while `gate` is not set."""

    def __init__(self, keys: Sequence[int], label: str = "成员", gate: asyncio.Event | None = None) -> None:
        self.keys, self.label, self.gate = keys, label, gate
        self.asked: list[int] = []
        self.error: Exception | None = None

    @property
    def count(self) -> int:
        return len(self.keys)

    async def fetch(self, start: int, size: int) -> list[Row]:
        self.asked.append(start)
        label = self.label
        await (self.gate.wait() if self.gate else asyncio.sleep(0))
        if self.error:
            raise self.error
        return [Row(key, (f"#{key}", f"{label}{key}", str(key % 7))) for key in self.keys[start : start + size]]


class FindingSource(ListSource):
    async def find(self, key: int) -> int | None:
        return self.keys.index(key) if key in self.keys else None


class TableApp(App[None]):
    """A table and nothing else; `said` is what it told."""

    def __init__(self, **options) -> None:
        super().__init__()
        self.options = options
        self.said: list[tuple[object, ...]] = []

    def compose(self) -> ComposeResult:
        yield PagedTable(COLUMNS, **self.options)

    @property
    def table(self) -> PagedTable:
        return self.query_one(PagedTable)

    def on_paged_table_row_highlighted(self, message: PagedTable.RowHighlighted) -> None:
        self.said.append(("at", message.index, message.key))

    def on_paged_table_row_selected(self, message: PagedTable.RowSelected) -> None:
        self.said.append(("chosen", message.index, message.key))

    def on_paged_table_fetch_failed(self, message: PagedTable.FetchFailed) -> None:
        self.said.append(("failed", message.error))

    @property
    def pages(self) -> RowPages:
        """The pages of the source the table shows."""
        assert self.table._pages
        return self.table._pages

    @property
    def row(self) -> Row:
        """The row with the cursor, which must be there."""
        assert self.table.current
        return self.table.current

    def screen_lines(self) -> list[str]:
        """What the table shows, as text."""
        table = self.table
        return [strip.text.rstrip() for strip in table.render_lines(table.size.region)]
