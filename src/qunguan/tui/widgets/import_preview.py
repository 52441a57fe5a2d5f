"""What an import would do, before it does it: how much is new, how much is known, which rows are refused and why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from qunguan.domain.rosters import RowNote
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import literal
from qunguan.tui.widgets.paged_table import Cell, Column, PagedTable, Row, RowSource
from qunguan.tui.widgets.source_box import WorkDialog

T = TypeVar("T")


class _Rejected:
    """The rows that will not be taken."""

    def __init__(self, rows: Sequence[RowNote]) -> None:
        self._rows = rows

    @property
    def count(self) -> int:
        """How many."""
        return len(self._rows)

    async def fetch(self, start: int, size: int) -> list[Row]:
        """The lines of a page."""
        return [
            Row(place, (str(note.row), str(note.reason)))
            for place, note in enumerate(self._rows[start : start + size], start)
        ]


class RowsAndReason(Vertical):
    """The rows of a preview, and below them the last cell of the one under the cursor, whole: a reason is often longer
    than its column.
    """

    DEFAULT_CSS = """
    RowsAndReason {
        & > PagedTable { height: 1fr; }
        & > .whole { height: 2; color: $text-muted; }
    }
    """

    def __init__(self, columns: Sequence[Column], *, empty: str) -> None:
        super().__init__()
        self._columns, self._empty = columns, empty

    def compose(self) -> ComposeResult:
        """The table, and the room for the reason."""
        yield PagedTable(self._columns, empty=self._empty)
        yield Static(classes="whole", markup=False)

    async def show(self, source: RowSource) -> None:
        """These rows; the cursor stays on its row where it is among them."""
        await self.query_one(PagedTable).set_source(source)
        self._say()

    def on_paged_table_row_highlighted(self) -> None:
        """Another row is under the cursor."""
        self._say()

    def _say(self) -> None:
        current = self.query_one(PagedTable).current
        last = current.cells[-1] if current else ""
        self.query_one(".whole", Static).update(literal(last.text if isinstance(last, Cell) else last))


class ImportPreview(WorkDialog[T], Generic[T]):
    """`facts`, the first of them in bold, and the refused rows; Enter does `apply` once and gives back what it gives.

    Without anything `able` to be taken Enter does nothing.
    """

    WIDE = True
    AUTO_FOCUS = "PagedTable"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,f2", "apply", show=False, priority=True)]

    SHEET = (
        ("Enter · F2", N_("Make a backup, then import what can be taken")),
        ("↑ ↓ PgUp PgDn", N_("Look through the rows")),
        ("Esc", N_("Leave; nothing is changed")),
    )

    def __init__(
        self,
        title: str,
        facts: Sequence[str],
        rejected: Sequence[RowNote],
        apply: Callable[[], Awaitable[T]],
        *,
        able: bool,
    ) -> None:
        ready, idle = _("Enter backs up and imports · Esc leave, nothing is saved"), _("nothing to import · Esc leave")
        super().__init__(title, ready if able else idle)
        self._facts, self._rejected, self._apply, self._able = facts, rejected, apply, able

    def contents(self) -> ComposeResult:
        """The counts, and the rows that are refused."""
        for place, fact in enumerate(self._facts):
            yield Static(literal(fact, "" if place else "bold"))
        rejected = ngettext("{n} row is rejected:", "{n} rows are rejected:", len(self._rejected))
        yield Static(literal(rejected if self._rejected else _("no row is rejected")))
        columns = (Column(_("row"), width=6, right=True), Column(_("why not"), flex=1, minimum=20))
        yield RowsAndReason(columns, empty=_("Every row can be taken or is known."))

    async def on_mount(self) -> None:
        await self.query_one(RowsAndReason).show(_Rejected(self._rejected))

    def action_apply(self) -> None:
        """Back up and import, once."""

        async def applied() -> None:
            self.dismiss(await self._apply())

        if self._able:
            self.start(_("importing…"), applied)

    def action_leave(self) -> None:
        """Esc, unless it is being imported."""
        if not self.busy:
            self.dismiss(None)
