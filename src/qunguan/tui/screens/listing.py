"""The screens that are one list: headline, search line, the list, and beside it what the line under the cursor is."""

from __future__ import annotations

from array import array
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static
from textual.worker import Worker

from qunguan.domain.errors import NotFound, UserError
from qunguan.i18n import N_, _
from qunguan.tui.flow import run, told, unless_gone
from qunguan.tui.screens.searched import SearchedScreen
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.paged_table import Cell, Column, PagedTable, Row, RowSource
from qunguan.tui.widgets.search_box import SearchBox, nothing_found
from qunguan.values import frozen

if TYPE_CHECKING:
    from qunguan.domain.groups import Group

SIDE_DELAY = 0.08  # seconds the cursor rests before the side panel asks the database

LONG = 0.3  # seconds after which a list that is still being read says so
WAITING = "…"

T = TypeVar("T")


class Lines(Generic[T]):
    """A list that is short enough to be held whole: the things themselves; cells are made for what is seen."""

    def __init__(
        self, things: Sequence[T], key: Callable[[T], int], cells: Callable[[T], Sequence[Cell | str]]
    ) -> None:
        self.things, self._key, self._cells = things, key, cells

    @property
    def count(self) -> int:
        """How many lines."""
        return len(self.things)

    async def fetch(self, start: int, size: int) -> list[Row]:
        """The lines of a page."""
        return [Row(self._key(one), tuple(self._cells(one))) for one in self.things[start : start + size]]

    async def find(self, key: int) -> int | None:
        """Where the thing with this key stands."""
        return next((place for place, one in enumerate(self.things) if self._key(one) == key), None)


class IdPages(Generic[T]):
    """A list of any length: its ids in order, eight bytes each; a page of things is read when it is seen."""

    def __init__(
        self, ids: array[int], read: Callable[[Sequence[int]], Awaitable[Sequence[T]]], row: Callable[[T], Row]
    ) -> None:
        self._ids, self._read, self._row = ids, read, row

    @property
    def count(self) -> int:
        """How many lines."""
        return len(self._ids)

    async def fetch(self, start: int, size: int) -> list[Row]:
        """The lines of a page."""
        return [self._row(one) for one in await self._read(self._ids[start : start + size].tolist())]

    async def find(self, key: int) -> int | None:
        """Where the thing with this id stands."""
        return self._ids.index(key) if key in self._ids else None


@frozen
class Listing:
    """What a list screen shows now. `empty` teaches: what this is for, which key to press; a search that finds nothing
    is said by the screen itself.
    """

    columns: tuple[Column, ...]
    source: RowSource
    headline: Content
    empty: str
    sort: tuple[int, bool] | None = None


class ListScreen(SearchedScreen):
    """A noun shown as one list.

    A subclass reads what is to be seen in `listing()`, and what stands beside the list in `beside()`. `/` searches
    where `SEARCH_HINT` is set: `search` is what was typed.
    """

    DEFAULT_CSS = """
    ListScreen {
        & .main { width: 1fr; }
        & .side { display: none; }
        &.-wide .side { display: block; }
    }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual declares it so
    SEARCH_HINT: ClassVar[str] = ""
    NO_GROUP: ClassVar[str] = N_("This is about a group: make one in Settings (0).")
    """What an empty list says of a screen that is `OF_GROUP` while there is none: a message ID."""

    def __init__(self) -> None:
        super().__init__()
        self.search = ""
        self._aimed: int | None = None
        self._rest: Timer | None = None
        self._reading = False  # what `show_soon` was asked for is on its way

    # -- for subclasses

    async def listing(self) -> Listing:
        """What to show, read from the database."""
        raise NotImplementedError

    async def beside(self, key: int) -> Content:
        """What stands beside the list for the line with this key."""
        return Content("")

    # -- the widgets

    def body(self) -> ComposeResult:
        """Headline, search line, the list and the line under the cursor."""
        yield Static("", classes="headline", markup=False)
        if self.SEARCH_HINT:
            box = SearchBox(_(self.SEARCH_HINT), self._typed)
            box.display = False
            yield box
        with Horizontal(classes="body"):
            yield PagedTable((), classes="main")
            with VerticalScroll(classes="side", can_focus=False):
                yield Static("", id="beside", markup=False)

    @property
    def table(self) -> PagedTable:
        """The list."""
        return self.query_one(PagedTable)

    @property
    def key(self) -> int | None:
        """The key of the line under the cursor; None where the list could not be read, and is that of another view."""
        return self.table.current.key if self.table.current and not self._failed else None

    @property
    def group(self) -> Group:
        """The group in hand, where there is one: without it an `OF_GROUP` screen is empty, and actions are blocked."""
        assert self.room.group is not None
        return self.room.group

    # -- loading

    def aim(self, subject: int | None = None, day: date | None = None) -> None:
        """Come to the line with this key."""
        super().aim(subject, day)
        self._aimed = subject

    async def load(self) -> None:
        """Read what is shown again; the cursor stays on its line."""
        await self.show()

    async def without_group(self) -> None:
        """An empty list that says what is missing."""
        self.query_one(".headline", Static).update("")
        self.query_one("#beside", Static).update("")
        self.table.configure(empty=_(self.NO_GROUP))
        await self.table.set_source(Lines[int]([], int, lambda _one: ()), keep=False, columns=())

    async def show(self, *, keep: bool = True) -> None:
        """Read what is shown and show it; without `keep` the cursor goes to the top."""
        found = await self.listing()
        self._reading = self._failed = False
        if not self.is_attached:  # the program was left meanwhile
            return
        self.query_one(".headline", Static).update(joined(found.headline))
        self.table.configure(sort=found.sort, empty=nothing_found(self.search) if self.search else found.empty)
        await self.table.set_source(found.source, keep=keep, columns=found.columns)
        await self._go_to(found.source)
        self.stands()
        await self._draw_beside()

    def stands(self) -> None:
        """The lines are there, the cursor on one of them; what is beside it comes next."""

    def show_soon(self, *, keep: bool = True) -> None:
        """Like `show`, beside the keys: for what may take long to read. Of two at once the later one counts."""
        self._reading = True
        run(self, partial(self._show_told, keep=keep), group="show", exclusive=True)
        self.set_timer(LONG, self._tell_waiting)

    def _tell_waiting(self) -> None:
        if self._reading:
            for headline in self.query(".headline").results(Static):
                headline.update(literal(WAITING))

    async def _show_told(self, *, keep: bool) -> None:
        try:
            with unless_gone(self):
                await self.show(keep=keep)
        except UserError as error:
            self._reading = False
            self._unread()
            self.say(str(error), "error")

    async def _go_to(self, source: RowSource) -> None:
        wanted, self._aimed = self._aimed, None
        find = getattr(source, "find", None)
        place = await find(wanted) if find is not None and wanted is not None else None
        if place is not None and self.is_attached:
            await self.table.move_to(place)

    def on_paged_table_row_highlighted(self) -> None:
        """Show what is beside the list once the cursor rests."""
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(SIDE_DELAY, told(self, self._draw_beside))

    async def _draw_beside(self) -> None:
        if not self.is_attached or not self.has_class("-wide"):
            self.offer()
            return
        key = self.key
        try:
            found = Content("") if key is None else await self.beside(key)
        except NotFound:  # taken back while the cursor rested: the list is being read anew
            found = Content("")
        if self.is_attached and key == self.key:
            self.query_one("#beside", Static).update(found)
            self.offer()

    # -- keys every list has

    async def on_paged_table_row_selected(self) -> None:
        """Enter opens the line."""
        await self.action_do("open")

    async def do_search(self) -> None:
        """Search as you type."""
        box = self.query_one(SearchBox)
        box.display = True
        self.set_focus(box)  # at once: what is typed ahead belongs to the search

    def _typed(self, text: str) -> Worker[None]:
        self.search = text
        return run(self, partial(self._show_told, keep=False), group="search", exclusive=True)

    async def leave(self) -> None:
        """Esc: clear the search."""
        for box in self.query(SearchBox):
            box.value = ""
            box.display = False
        self.set_focus(self.table)  # at once: the next key may open the search again
        for box in self.query(SearchBox):
            await box.answered()  # an arrow moves in the whole list
