"""The table for every long list: memory for what is seen, paint for what changed, no database on the event loop.

Textual's DataTable holds and repaints everything: at a thousand rows a scrolled line costs 19 ms, a million take two
minutes to load (speed 2.1). Here rows come page by page from a `RowSource`, and a key repaints two lines, or scrolls.
The widget has no border or padding of its own: put it in a container.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.message import Message

from qunguan.tui.widgets.line_view import LineView
from qunguan.tui.widgets.row_pages import PAGE, KeyedSource, RowPages, RowSource
from qunguan.tui.widgets.table_cells import (
    CURSOR,
    ELLIPSIS,
    TICK,
    Cell,
    Column,
    Row,
    column_widths,
    header,
    line_width,
    row_runs,
)
from qunguan.values import frozen

PATIENCE = 0.05
"""Seconds a key waits for rows that are not here; then it moves on and placeholders are shown."""
FIRST_PATIENCE = 0.5
"""Seconds the first rows are waited for: a table that has shown nothing yet would paint placeholders, then rows."""
SIDE_STEP = 8
"""Cells the left and right keys scroll."""

__all__ = ["PATIENCE", "Cell", "Column", "KeyedSource", "PagedTable", "Row", "RowSource", "Spot"]


@frozen
class Spot:
    """Where a table stood: the key of the row with the cursor (None: no row), its index, the first line in view."""

    key: int | None
    index: int
    top: int


class PagedTable(LineView, can_focus=True):
    """A list of any length. Give it columns, then `await set_source(...)`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"paged-table--{part}"
        for part in ("header", "cursor", "odd", "dim", "strong", "done", "good", "warn", "missed", "bad")
    }
    DEFAULT_CSS = """
    PagedTable {
        & > .paged-table--header { color: $text-muted; background: $panel; text-style: bold; }
        & > .paged-table--cursor { background: $block-cursor-blurred-background; text-style: bold; }
        &:focus > .paged-table--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
        }
        & > .paged-table--odd { background: $surface-lighten-1; }
        & > .paged-table--dim { color: $text-muted; }
        & > .paged-table--strong { text-style: bold; }
        & > .paged-table--done, & > .paged-table--good { color: $text-success; }
        & > .paged-table--warn { color: $text-warning; }
        & > .paged-table--missed, & > .paged-table--bad { color: $text-error; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k,fullwidth_latin_small_letter_k", "move(-1)", show=False),
        Binding("down,j,fullwidth_latin_small_letter_j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "first", show=False),
        Binding("end", "last", show=False),
        Binding("left", "sideways(-1)", show=False),
        Binding("right", "sideways(1)", show=False),
        Binding("enter", "select", show=False),
    ]

    @dataclass
    class RowHighlighted(Message):
        """The cursor is on another row, or its row moved; index -1 and key None when there are no rows."""

        table: PagedTable
        index: int
        key: int | None

        @property
        def control(self) -> PagedTable:
            """The table, for `@on(…, "#id")`."""
            return self.table

    @dataclass
    class RowSelected(Message):
        """Enter on a row, or a click on the row that has the cursor."""

        table: PagedTable
        index: int
        key: int

        @property
        def control(self) -> PagedTable:
            """The table, for `@on(…, "#id")`."""
            return self.table

    @dataclass
    class FetchFailed(Message):
        """The source raised `error`; its rows stay placeholders until they are asked for again."""

        error: BaseException

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        empty: str = "",
        zebra: bool = False,
        sort: tuple[int, bool] | None = None,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        """`empty` is what a list without rows says, line by line; `sort` the marked column and if it descends."""
        super().__init__(name=name, id=id, classes=classes)
        self._columns = tuple(columns)
        self._empty, self._zebra, self._sort = empty, zebra, sort
        self._pages: RowPages | None = None
        self._wanted: RowSource | None = None
        self._marked: frozenset[int] = frozenset()
        self._cursor = 0
        self._current: Row | None = None
        self._announced: tuple[int, int | None] | None = None

    # What the screens ask and set

    @property
    def cursor_row(self) -> int:
        """The index of the row with the cursor; 0 also when there are no rows. `line_count` is how many there are."""
        return self._cursor

    @property
    def current(self) -> Row | None:
        """The row with the cursor; None without rows, or while it is not here yet."""
        return self._current

    @property
    def marked(self) -> frozenset[int]:
        """The keys of the rows drawn with a tick."""
        return self._marked

    @marked.setter
    def marked(self, keys: Iterable[int]) -> None:
        before, self._marked = self._marked, frozenset(keys)
        if self._pages:
            self.repaint(*self._pages.indexes_of(before ^ self._marked))

    @property
    def spot(self) -> Spot:
        """Where the cursor and the view are."""
        return Spot(self._current.key if self._current else None, self._cursor, self.top)

    def come_to(self, spot: Spot) -> None:
        """Before the first rows: begin with them where another table of the same list stood."""
        self._current = None if spot.key is None else Row(spot.key, ())
        self._cursor = spot.index
        self.set_reactive(PagedTable.scroll_y, float(spot.top))

    def configure(
        self,
        *,
        columns: Sequence[Column] | None = None,
        sort: tuple[int, bool] | None = None,
        empty: str | None = None,
    ) -> None:
        """Change columns or the text of an empty list (None: as it is) and the sort mark (None: no mark)."""
        self._columns = self._columns if columns is None else tuple(columns)
        self._empty = self._empty if empty is None else empty
        self._sort = sort
        self.resized()
        self.redraw()

    async def set_source(
        self, source: RowSource, *, keep: bool = True, columns: Sequence[Column] | None = None
    ) -> None:
        """Show `source`, with other `columns` if its rows have them (None: the same). With `keep` the cursor stays on
        its row, and that row on its line of the screen, if the row is still in the list; without, it goes to the top.
        Of two calls under way at once the later one counts."""
        self._wanted = source
        pages = RowPages(source, self._on_arrival, self._on_failure)
        index = await self._find(pages) if keep else 0
        top = self.top_for(index, self.top + index - self._cursor) if keep else 0
        await pages.ready(top, top + self.page_lines, PATIENCE if self._pages else FIRST_PATIENCE)
        if self._wanted is not source:
            pages.close()
            return
        if self._pages:
            self._pages.close()
        self._pages, self._cursor, self._current = pages, index, None
        self._columns = self._columns if columns is None else tuple(columns)
        self.line_count = source.count
        self.redraw()
        self.resized()
        self.show_from(top)
        self.view_moved()
        self._announce()

    async def refresh_rows(self, keys: Collection[int] | None = None) -> None:
        """Fetch the rows with these keys again (None: all) after a change that left count and order as they were."""
        if self._pages:
            self._pages.outdate(keys)
            await self._pages.ready(self.top, self.top + self.page_lines, PATIENCE)
            self.view_moved()

    async def move_to(self, index: int) -> None:
        """Put the cursor on row `index` (the nearest there is) and scroll as little as shows it."""
        if self._pages:
            top = self.top_for(self._inside(index), self.top)
            await self._pages.ready(top, top + self.page_lines, PATIENCE)
        old, self._cursor = self._cursor, self._inside(index)
        if old != self._cursor:
            self.repaint(old, self._cursor)
        self.show_from(self.top_for(self._cursor, self.top))
        self._announce()

    # Keys and mouse

    async def action_move(self, rows: int) -> None:
        """The cursor so many rows down; up where it is negative."""
        await self.move_to(self._cursor + rows)

    async def action_page(self, pages: int) -> None:
        """The cursor so many pages down; up where it is negative."""
        await self.move_to(self._cursor + pages * max(1, self.page_lines - 1))

    async def action_first(self) -> None:
        """The cursor to the first row."""
        await self.move_to(0)

    async def action_last(self) -> None:
        """The cursor to the last row."""
        await self.move_to(self.line_count - 1)

    def action_sideways(self, steps: int) -> None:
        """Show what is further right; left where `steps` is negative."""
        if not self.max_scroll_x:
            raise SkipAction  # the screen may have a use for the key
        self.scroll_to(x=self.scroll_offset.x + steps * SIDE_STEP, animate=False, force=True)

    def action_select(self) -> None:
        """Tell that the row under the cursor was chosen."""
        if self._current:
            self.post_message(self.RowSelected(self, self._cursor, self._current.key))

    async def on_click(self, event: events.Click) -> None:
        """A click goes to a row; one on the cursor chooses it."""
        index = self.top + event.y - 1
        if event.y < 1 or index >= self.line_count:
            return
        if index == self._cursor:
            self.action_select()
        else:
            await self.move_to(index)

    # Rows coming and going

    def on_resize(self, _event: events.Resize) -> None:
        self.resized()
        self.show_from(self.top_for(self._cursor, self.top))

    def view_moved(self) -> None:
        """Ask for what is in view, and for what the next keys will show."""
        if self._pages:
            self._pages.want(self.top - PAGE // 2, self.top + self.page_lines + PAGE // 2)

    def on_unmount(self) -> None:
        if self._pages:
            self._pages.close()

    def _on_arrival(self, pages: RowPages, rows: Sequence[int]) -> None:
        if pages is self._pages:
            self.repaint(*rows)
            if self._cursor in rows:
                self._announce()

    def _on_failure(self, error: BaseException) -> None:
        self.post_message(self.FetchFailed(error))

    async def _find(self, pages: RowPages) -> int:
        """The index in `pages` of the row that has the cursor; where it cannot be found, the same place."""
        source, key = pages.source, self._current.key if self._current else None
        index: int | None = None
        if key is not None and isinstance(source, KeyedSource):
            index = await source.find(key)
        elif key is not None:
            await pages.ready(self._cursor - PAGE, self._cursor + PAGE, PATIENCE)
            index = next(iter(pages.indexes_of({key})), None)
        return max(0, min(self._cursor, source.count - 1)) if index is None else index

    def _inside(self, index: int) -> int:
        return max(0, min(index, self.line_count - 1))

    def _announce(self) -> None:
        row = self._pages.row(self._cursor) if self._pages else None
        self._current = row
        if row is None and self.line_count:
            self._announced = None  # said when it is here, also where it is the one that was said last
            return
        state = (self._cursor, row.key) if row else (-1, None)
        if state != self._announced:
            self._announced = state
            self.post_message(self.RowHighlighted(self, *state))

    # Drawing

    def line_width(self, width: int) -> int:
        """How many cells a line takes in a window `width` wide: at least as many."""
        return max(width, line_width(column_widths(self._columns, width)))

    def draw_heading(self, width: int) -> list[Segment]:
        """The names of the columns, the one the table is sorted by marked."""
        text = header(self._columns, column_widths(self._columns, width), self._sort)
        return [Segment(text, self.style_of("paged-table--header"))]

    def draw_line(self, index: int, width: int) -> list[Segment]:
        """The row `index`, counted from 0; a placeholder while its page is on the way."""
        row = self._pages.row(index) if self._pages else None
        at_cursor = index == self._cursor
        base = "paged-table--cursor" if at_cursor else "paged-table--odd" if self._zebra and index % 2 else ""
        gutter = CURSOR if at_cursor else " "
        if row is None:
            return [Segment(f"{gutter} {ELLIPSIS}", self.style_of(base, "paged-table--dim"))]
        segments = [Segment(gutter + (TICK if row.key in self._marked else " "), self.style_of(base))]
        for text, style in row_runs(row, self._columns, column_widths(self._columns, width)):
            over = f"paged-table--{style}" if style and not at_cursor else ""
            segments.append(Segment(text, self.style_of(base, over)))
        return segments

    def empty_text(self) -> str:
        """What stands in place of rows once it is known that there are none; nothing before."""
        return self._empty if self._pages else ""
