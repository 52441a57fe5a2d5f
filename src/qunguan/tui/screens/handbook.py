"""The handbook: its pages, and beside them the one under the cursor."""

from __future__ import annotations

from functools import partial
from typing import ClassVar
from zlib import crc32

from textual.content import Content

from qunguan.domain import handbook
from qunguan.domain.handbook import Page
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.bindings import bindings
from qunguan.tui.screens.handbook_lines import written
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.text import literal
from qunguan.tui.widgets.dialogs import TextView
from qunguan.tui.widgets.paged_table import Cell, Column

_EXCERPT = 24  # characters


class HandbookScreen(ListScreen):
    """A page a line."""

    DEFAULT_CSS = """
    HandbookScreen.-wide {
        & .main { width: 36; }
        & .side { width: 1fr; }
    }
    """
    noun = "handbook"
    KEEPS: ClassVar[tuple[str, ...] | None] = ()
    BINDINGS = bindings("handbook")
    SEARCH_HINT: ClassVar[str] = N_("words of the text, or a code such as S4-30")

    def __init__(self) -> None:
        super().__init__()
        self._pages: dict[int, Page] = {}

    async def listing(self) -> Listing:
        """The pages, all of them or those with the words that were typed."""
        found = handbook.found(self.search)
        self._pages = {_key(page): page for page in found}
        head = literal(ngettext("{n} page of the handbook", "{n} pages of the handbook", len(found)), "bold")
        columns = (Column(_("subject"), flex=1, minimum=30), Column(_("carries"), width=9, right=True))
        cells = _cells
        if self.search.strip():  # where it stands, as far as there is room: beside the wide list it is shown whole
            columns = (Column(_("subject"), flex=1, minimum=24), Column(_("says"), flex=2, minimum=30, drop=1))
            cells = partial(_said, words=self.search)
        return Listing(columns, Lines(found, _key, cells), head, _("No page says that: Esc shows all of them."))

    async def beside(self, key: int) -> Content:
        """The page."""
        return Content("\n").join(written(self._pages[key], words=self.search)) if key in self._pages else Content("")

    def blocked(self, verb: str) -> str:
        """A page is read when there is one."""
        return _("no page is chosen") if verb == "open" and self.key not in self._pages else ""

    async def do_open(self) -> None:
        """The whole page, with what each of its codes says."""
        assert self.key is not None
        page = self._pages[self.key]
        self.app.push_screen(TextView(page.title, written(page, whole=True, words=self.search)[2:]))


def _key(page: Page) -> int:
    """A number that stays with the page."""
    return crc32(page.key.encode())


def _cells(page: Page) -> tuple[Cell, ...]:
    return Cell(page.title, "strong"), Cell(str(len(page.sources)), "dim")


def _said(page: Page, words: str) -> tuple[Cell, ...]:
    return Cell(page.title, "strong"), Cell(handbook.excerpt(page, words, _EXCERPT))


SCREEN = HandbookScreen
