"""The roster as it is looked at: paged from the database, searched as you type, one member beside it."""

from __future__ import annotations

from array import array
from datetime import date
from functools import partial

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static
from textual.worker import Worker

from qunguan.domain.errors import UserError
from qunguan.domain.groups import Capacity
from qunguan.i18n import N_, _
from qunguan.tui.flow import run, told, unless_gone
from qunguan.tui.screens.level_column import level_names
from qunguan.tui.screens.members_rows import (
    ALL_HITS,
    FILTERS,
    HITS,
    ORDERS,
    SORT_COLUMNS,
    RosterSource,
    columns,
    headline,
)
from qunguan.tui.screens.searched import SearchedScreen
from qunguan.tui.text import literal
from qunguan.tui.widgets.headline import Headline
from qunguan.tui.widgets.paged_table import PagedTable
from qunguan.tui.widgets.row_pages import PAGE
from qunguan.tui.widgets.search_box import SearchBox

SIDE_DELAY = 0.08
"""Seconds the cursor rests on a member before the side panel reads about them: scrolling reads nothing."""
SEARCH_DELAY = 0.3
"""Seconds without a letter after which a search that found very many is asked for all of them."""
MANY = 10_000
"""Members from which on the roster opens with its head, and the rest follows."""
_TEACH = N_("Nobody is here yet.\n\ni imports a roster: CSV, XLSX or pasted rows\na adds one member")
_TEACH_SEARCH = N_("Nobody is found.\n\nName, alias, pinyin, initials, phone tail or tag; Esc clears the search")
_TEACH_FILTER = N_("Nobody is in this view.\n\nf shows the others")


class RosterScreen(SearchedScreen):
    """The roster of the group in hand; what can be done with it is the screen's."""

    noun = "members"
    KEEPS = ("_filter", "_order")
    DEFAULT_CSS = """
    RosterScreen {
        & .main { width: 1fr; }
        & .search { margin: 0 0 1 0; }
        & .side { scrollbar-size: 0 1; }
        &.-narrow .search { margin: 0; }
        &.-narrow .side { display: none; }
    }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it

    def __init__(self) -> None:
        super().__init__()
        self._filter, self._order = "present", 0
        self._wanted: tuple[str, int] | None = None
        self._aimed: int | None = None
        self._searching: Worker[None] | None = None
        self._capacity: Capacity | None = None
        self._source: RosterSource | None = None
        self._resting: Timer | None = None
        self._pausing: Timer | None = None

    def body(self) -> ComposeResult:
        """How full the group is, the search, the roster, and who is under the cursor."""
        yield Headline(gap="   ")
        yield SearchBox(_("/ search: name, pinyin, initials, phone tail, tag"), self._typed)
        with Horizontal():
            yield PagedTable(columns(), classes="main")
            with VerticalScroll(classes="side", can_focus=False):
                yield Static("", markup=False)

    # -- what the parts are

    @property
    def table(self) -> PagedTable:
        """The roster."""
        return self.query_one(PagedTable)

    @property
    def box(self) -> SearchBox:
        """The search line."""
        return self.query_one(SearchBox)

    @property
    def group_id(self) -> int | None:
        """The group in hand."""
        return self.room.group.id if self.room.group else None

    def chosen(self) -> list[int]:
        """The marked members, else the one under the cursor."""
        current = self.table.current
        return sorted(self.table.marked) or ([current.key] if current else [])

    # -- filling

    async def load(self) -> None:
        """Read the view anew; the cursor stays on its member. How full the group is follows the very first rows."""
        first = self._source is None
        if not first:
            await self._count()
        await self._show(self.box.value, keep=True)
        if self._aimed is not None and self._source is not None:
            place = await self._source.find(self._aimed)
            self._aimed = None
            if place is not None:
                await self.table.move_to(place)
        self.call_after_refresh(self._rest_soon)  # the rows are painted first
        if first:
            self.call_after_refresh(told(self, self._count))
        if self._source is not None and self._source.hurried:
            self.set_timer(SIDE_DELAY, told(self, self._tell_levels))

    async def _count(self) -> None:
        """Ask how full the group is; it is said with the rows."""
        from qunguan.services import groups

        if self.room.group is None:
            return
        with unless_gone(self):
            self._capacity = await self.desk.read(groups.capacity, self.room.group)
            if self._source is not None:
                self._tell(self._source.ids, bool(self.box.value.strip()))

    async def _tell_levels(self) -> None:
        if self._source is not None:
            self._source.hurried = False
            await self.table.refresh_rows()

    def aim(self, subject: int | None = None, day: date | None = None) -> None:
        """Another screen leads to a member: everybody is shown, the cursor on them."""
        super().aim(subject, day)
        self._aimed = subject
        if subject is not None:
            self._filter = "all"
            if self.is_mounted:
                self.box.value = ""

    def _typed(self, text: str) -> Worker[None]:
        """Search what is typed."""
        if self._pausing is not None:
            self._pausing.stop()
        self._pausing = self.set_timer(SEARCH_DELAY, self._typing_rests)
        return self._ask(text, HITS)

    def _typing_rests(self) -> None:
        if self._source is not None and self._source.count >= HITS and self.box.value.strip():
            self._ask(self.box.value, ALL_HITS)

    def _ask(self, text: str, most: int) -> Worker[None]:
        """Ask for hits; what was typed while an answer was under way is asked next, the rest is skipped."""
        self._wanted = (text, most)
        if self._searching is None:
            self._searching = run(self, told(self, self._search), group="search")
        return self._searching

    async def _search(self) -> None:
        try:
            while self._wanted is not None:
                (text, most), self._wanted = self._wanted, None
                await self._show(text, keep=most > HITS, most=most)
        finally:
            self._searching = None

    async def _show(self, text: str, *, keep: bool, most: int = ALL_HITS) -> None:
        from qunguan.services.members_view import view_ids

        present, _label = FILTERS[self._filter]
        order, descending, _words = ORDERS[self._order]
        looking = bool(text.strip())
        plain = looking and not self._order  # best hit first, unless another order was asked for
        ask = partial(
            view_ids, group_id=self.group_id, search=text, sort="" if plain else order,
            descending=descending, present=present, most=most,
        )  # fmt: skip
        mark = None if plain or order not in SORT_COLUMNS else (SORT_COLUMNS[order], descending)
        teach = _TEACH_SEARCH if looking else _TEACH if self._filter == "present" else _TEACH_FILTER
        if self._source is None and self._many and not looking:
            await self._place(await self.desk.read(partial(ask, first=PAGE)), looking, keep=keep, head=True)
            keep = True
        await self._place(await self.desk.read(ask), looking, keep=keep)
        self.table.configure(sort=mark, empty=_(teach))

    @property
    def _many(self) -> bool:
        """Whether the whole view takes so long that its head is shown first."""
        return self.room.present > MANY

    async def _place(self, ids: array[int], looking: bool, *, keep: bool, head: bool = False) -> None:
        levels, first = await level_names(self.desk), self._source is None
        self._source = RosterSource(self.desk, ids, self.group_id, levels)
        self._source.hurried = first and levels is not None
        await self.table.set_source(self._source, keep=keep, columns=columns(levels=levels is not None))
        self._tell(ids, looking, head)

    def _tell(self, ids: array[int], looking: bool, head: bool = False) -> None:
        """The headline: how full the group is and by which rule; who is shown, in which order."""
        more = head or (looking and len(ids) in (HITS, ALL_HITS))
        shown = _("{n} and more", n=len(ids)) if more else str(len(ids))
        view = f"{_(FILTERS[self._filter][1])} {shown}"
        if self._order or not looking:
            view += f" · {_(ORDERS[self._order][2])}"
        if marked := len(self.table.marked):
            view += " · " + _("{n} marked", n=marked)
        self.query_one(Headline).tell(headline(self._capacity, view))
        self.offer()

    # -- the side panel

    def on_paged_table_row_highlighted(self, _message: PagedTable.RowHighlighted) -> None:
        """Tell about the member once the cursor rests."""
        self._rest_soon()

    def _rest_soon(self) -> None:
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(SIDE_DELAY, self._rest)

    def _rest(self) -> None:
        if self.has_class("-wide") and self.is_current and self._source is not None:
            run(self, told(self, self._tell_side), group="side", exclusive=True)

    async def _tell_side(self) -> None:
        from qunguan.services import profiles
        from qunguan.tui.screens.members_card import side

        current = self.table.current
        panel = self.query_one(".side > Static", Static)
        if current is None:
            panel.update(literal(""))
            return
        try:
            profile = await self.desk.read(profiles.profile, self.desk.clock, current.key)
        except UserError as error:  # erased by another window a moment ago
            panel.update(literal(str(error)))
            return
        text: Content = Content("\n").join(side(profile, self.room.today))
        panel.update(text)

    def on_resize(self) -> None:
        """The panel may have come into view."""
        self.call_after_refresh(self._rest)
