"""Money: what the community earns by stream, month, group or channel; behind each row its payments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from textual.content import Content
from textual.widgets import Static

from qunguan.domain.errors import UserError
from qunguan.domain.goals import Progress
from qunguan.domain.revenue import BYS, By, Payment, Revenue, Takings, end_of, label, month_of, months_to
from qunguan.exchange.writers.revenue import payments_table, revenue_table, revenue_text, title
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import _
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import copy_out
from qunguan.tui.export import export
from qunguan.tui.flow import run, unless_gone
from qunguan.tui.screens import revenue_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.screens.people import open_card
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.dialogs import TextView
from qunguan.tui.widgets.paged_table import Row

_MONTHS = 12
_OF_A_LINE = {"open", "why", "copy", "export"}


class _Payments:
    """The payments of a row, read a page at a time; what was read is remembered for the line under the cursor."""

    def __init__(self, screen: RevenueScreen, entries: Sequence[Sequence[object]]) -> None:
        self._screen, self._entries = screen, entries
        self.read: dict[int, Payment] = {}

    @property
    def count(self) -> int:
        """How many."""
        return len(self._entries)

    async def page(self, start: int, size: int) -> list[Payment]:
        """So many of them from there on."""
        from qunguan.services import revenue

        return await self._screen.desk.read(revenue.payments, self._entries[start : start + size])

    async def fetch(self, start: int, size: int) -> list[Row]:
        """The lines of a page."""
        found = await self.page(start, size)
        self.read |= {each.id: each for each in found}
        return [drawing.payment_row(each) for each in found]


class RevenueScreen(ListScreen):
    """One list of a month, `f` says what its rows are, `[` and `]` lead through the months."""

    noun = "revenue"
    KEEPS = ("_by", "_month", "_opened", "_opened_from")
    BINDINGS = bindings("revenue")
    DEFAULT_CSS = """
    RevenueScreen .headline { text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._by: By = "stream"
        self._month: date | None = None  # the first day of an earlier month; None follows the clock
        self._opened = ""  # the key of the row whose payments are shown
        self._opened_from: date | None = None  # the month looked at when a row of months was opened
        self._found: Revenue | None = None
        self._months: dict[tuple[date, int | None], drawing.Months] = {}  # by last day and group, until a write
        self._payments: _Payments | None = None
        self._goals: tuple[Progress, ...] | None = None
        self._ready = False

    # -- what is shown

    @property
    def _group_id(self) -> int | None:
        """Whose money: of the group in hand; by group of all of them, side by side."""
        return self.room.group.id if self.room.group and self._by != "group" else None

    @property
    def _last(self) -> date:
        """The last day that is shown."""
        return self.room.today if self._month is None else end_of(self._month)

    @property
    def _first(self) -> date:
        months = _MONTHS if self._by == "month" and not self._opened else 1
        return months_to(self._last, months)[0]

    async def load(self) -> None:
        """Read beside the keys, so that a large book does not hold them."""
        self._goals, self._months = None, {}
        self._read_soon()

    def _read_soon(self, *, keep: bool = True) -> None:
        self._ready = False
        self.show_soon(keep=keep)

    async def listing(self) -> Listing:
        """The rows, or the payments of one; and the months beside them."""
        from qunguan.services import revenue

        if self._month is not None and end_of(self._month) >= self.room.today:
            self._month = None
        clock, past = self.room.clock, self._month is not None
        found = await self.desk.read(
            revenue.revenue, clock, by=self._by, first=self._first, last=self._last, group_id=self._group_id
        )
        months_of = self._last, self._group_id
        if months_of not in self._months:
            self._months[months_of] = await self.desk.read(
                revenue.months, clock, last=self._last, count=_MONTHS, group_id=self._group_id
            )
        self._found, self._payments = found, None
        head = drawing.headline(found, self._opened, past=past)
        if not self._opened:
            moved = bool(found.total.orders or found.total.refunds_fen)
            rows = found.rows[::-1] if self._by == "month" else found.rows
            lines = Lines(rows if moved else (), found.rows.index, lambda one: drawing.row_cells(found, one))
            return Listing(drawing.row_columns(self._by), lines, head, drawing.empty_text(self._by))
        entries = await self.desk.read(
            revenue.entries, clock, self._by, self._opened, first=self._first, last=self._last, group_id=self._group_id
        )
        self._payments = _Payments(self, entries)
        return Listing(drawing.payment_columns(), self._payments, head, drawing.empty_text(self._by))

    def stands(self) -> None:
        """The lines can be used as soon as they are seen; the goals come beside them."""
        self._ready = True
        self.offer()
        if self._goals is None:
            run(self, self._read_goals, group="goals", exclusive=True)

    async def _read_goals(self) -> None:
        from qunguan.services import revenue_goals

        with unless_gone(self):
            try:
                group = self.room.group
                self._goals = await self.desk.read(
                    revenue_goals.progresses, self.room.clock, None, group.id if group else None
                )
            except UserError as error:
                self.say(str(error), "error")
                return
            if self.key is not None and self.has_class("-wide"):
                self.query_one("#beside", Static).update(await self.beside(self.key))

    async def beside(self, key: int) -> Content:
        """The payment in full; or the row, the months and the goals."""
        if self._payments is not None:
            return drawing.payment_side(self._payments.read[key]) if key in self._payments.read else Content("")
        one, months = self._row(key), self._months.get((self._last, self._group_id), {})
        return Content("") if one is None else drawing.side(self._shown, one, months, self._goals)

    @property
    def _shown(self) -> Revenue:
        assert self._found is not None
        return self._found

    def _row(self, key: int | None) -> Takings | None:
        rows = self._shown.rows
        return rows[key] if key is not None and 0 <= key < len(rows) else None

    # -- actions

    def blocked(self, verb: str) -> str:
        """Nothing is done with what is still on its way, and there is no month after this one."""
        if verb in ("next", "now") and self._month is None:
            return _("this is the month that runs")
        if verb in _OF_A_LINE and not self._ready:
            return _("the figures are still being read")
        if verb in ("open", "copy", "export") and self.key is None:
            return _("no money in these days: [ shows the month before")
        if verb == "open" and self._payments is not None and self._member() is None:
            return _("nobody's card: the payer is no member")
        return ""

    def _member(self) -> int | None:
        assert self._payments is not None
        one = self._payments.read.get(self.key) if self.key is not None else None
        return one.member_id if one else None

    async def do_open(self) -> None:
        """What the row consists of; of a payment the member's card."""
        if self._payments is not None:
            member_id = self._member()
            assert member_id is not None
            open_card(self, member_id)
            return
        one = self._row(self.key)
        assert one is not None
        self._opened, self._opened_from = one.key, self._month
        if self._by == "month":
            self._month = date.fromisoformat(f"{one.key}-01")
        self._read_soon(keep=False)

    async def leave(self) -> None:
        """Esc: from the payments back to the rows."""
        if self._opened:
            if self._by == "month":
                self._month = self._opened_from
            else:
                self._aimed = next((n for n, each in enumerate(self._shown.rows) if each.key == self._opened), None)
            self._opened = ""
            self._read_soon(keep=False)
            return
        await super().leave()

    async def do_filter(self) -> None:
        """By stream, month, group, channel."""
        self._by, self._opened = next_of(BYS, self._by), ""
        self._read_soon(keep=False)

    async def do_prev(self) -> None:
        """The month before."""
        self._turn(self._last.replace(day=1) - timedelta(days=1))

    async def do_next(self) -> None:
        """The month after."""
        self._turn(end_of(self._last) + timedelta(days=1))

    async def do_now(self) -> None:
        """The month that runs."""
        self._turn(self.room.today)

    def _turn(self, day: date) -> None:
        self._month = day.replace(day=1)
        if self._by == "month" and self._opened:
            self._opened = month_of(day)
        self._read_soon()

    async def do_copy(self) -> None:
        """The sums as text, without anybody's name."""
        await copy_out(self.room, revenue_text(self._shown), f"revenue-{self._by}-{self._shown.last}")

    async def do_export(self) -> None:
        """The rows, or all payments of the row, to a file."""
        found, payments, opened = self._shown, self._payments, self._opened

        async def made() -> Table:
            if payments is None:
                return revenue_table(found)
            name = f"{title(found)} · {label(found.by, opened)}"
            return payments_table(name, await payments.page(0, payments.count))

        export(self.room, _("Export the list"), f"revenue-{self._by}-{found.last}", made)

    async def do_why(self) -> None:
        """What is counted how."""
        await self.app.push_screen(TextView(title(self._shown), drawing.why(self._shown)))


SCREEN = RevenueScreen
