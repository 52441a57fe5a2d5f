"""Points: what everyone has, what expires, statements; grants, spends, reversals, imports, 对账."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from textual.content import Content
from textual.widgets import Static

from qunguan.domain.points import Reconciliation
from qunguan.domain.points_views import Account, BalanceRow, Outstanding
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.bindings import bindings
from qunguan.tui.export import export
from qunguan.tui.flow import begin
from qunguan.tui.screens import points_tables as drawing
from qunguan.tui.screens.listing import IdPages, Lines, Listing, ListScreen
from qunguan.tui.screens.points_side import headline, side
from qunguan.tui.screens.points_statement import StatementScreen, copy_statement
from qunguan.tui.screens.points_why import lot_lines
from qunguan.tui.text import joined
from qunguan.tui.widgets.dialogs import TextView
from qunguan.tui.widgets.search_box import SearchBox

_SIDE_DELAY = 0.08  # seconds the cursor rests before the side panel asks the database
_OF_MEMBER = {"open", "remove", "add", "spend", "copy", "why", "mark"}
_WRITES = {"add", "spend", "import"}


class PointsScreen(ListScreen):
    """Balances of everyone (points belong to the person, not to a group), or what expires soon.

    `day` is the day looked at; anything but today is for looking only.
    """

    noun = "points"
    KEEPS = ("_day", "_by_name", "_soon", "_checked", "_checked_at")
    BINDINGS = bindings("points")
    SEARCH_HINT = N_("name, pinyin, initials or phone tail · ↑ ↓ choose · Enter opens · Esc done")

    def __init__(self) -> None:
        super().__init__()
        self._day: date | None = None  # None follows the clock
        self._by_name = False
        self._soon = False  # what expires, instead of balances
        self._sums: Outstanding | None = None
        self._checked: Reconciliation | None = None
        self._checked_at = -1

    # -- what is in hand

    @property
    def day(self) -> date:
        """The day looked at."""
        return self._day or self.room.today

    @property
    def member_id(self) -> int | None:
        """The member under the cursor."""
        return drawing.member_of(self.table.current.key) if self.table.current else None

    def _chosen(self) -> list[int]:
        """The marked members, or the one under the cursor."""
        marked = sorted({drawing.member_of(key) for key in self.table.marked})
        return marked or ([self.member_id] if self.member_id is not None else [])

    def unmark(self) -> None:
        """Take the ticks off."""
        self.table.marked = ()

    # -- loading

    async def load(self) -> None:
        """Read the headline and the list again; the cursor stays on its member."""
        from qunguan.services import points

        if self._day is not None and self._day >= self.room.today:
            self._day = None
        self._sums = await self.desk.read(points.outstanding, self.day)
        await super().load()

    async def listing(self) -> Listing:
        """The balances of the day, or what expires soon, of those the search finds."""
        from qunguan.services import points

        told, empty = self._headline(), drawing.empty_text(soon=self._soon)
        if self._soon:
            rows = await self.desk.read(points.expiring_rows, self.room.clock, self.search)
            today = self.room.today
            soon = Lines(rows, drawing.expiring_key, lambda row: drawing.expiring_cells(row, today))
            return Listing(drawing.expiring_columns(), soon, told, empty)
        ids = await self.desk.read(points.balance_ids, self.day, search=self.search, by_name=self._by_name)
        mark = None if self.search else (0, False) if self._by_name else (1, True)
        source = IdPages(ids, partial(self._rows, self.day), drawing.balance_row)
        return Listing(drawing.balance_columns(), source, told, empty, mark)

    async def _rows(self, day: date, ids: Sequence[int]) -> Sequence[BalanceRow]:
        from qunguan.services import points

        return await self.desk.read(points.balance_rows, ids, day)

    # -- drawing

    def _headline(self) -> Content:
        found = self._checked if self._checked_at == self.room.version else None
        return headline(self._sums, found, self._day) if self._sums is not None else Content("")

    async def beside(self, key: int) -> Content:
        """Name and balance of the member, what is left until when, what happened last."""
        return side(await self._account(drawing.member_of(key)))

    async def _account(self, member_id: int) -> Account:
        from qunguan.services import points

        return await self.desk.read(points.account, self.room.clock, member_id, self._day)

    # -- actions

    def blocked(self, verb: str) -> str:
        """Writing needs today, and most actions a member."""
        if verb in _WRITES and self._day is not None:
            return _("a past day is only looked at; . goes back to today")
        if verb in _OF_MEMBER and self.member_id is None:
            return _("nobody is in the list: add members first (2), or clear the search with Esc")
        if verb in ("prev", "next", "now", "sort") and self._soon:
            return _("this list looks ahead from today; f shows the balances")
        if verb in ("next", "now") and self._day is None:
            return _("this is today already")
        return ""

    async def do_open(self) -> None:
        """The statement of the member under the cursor."""
        member_id = self.member_id
        assert member_id is not None
        account = await self._account(member_id)
        await self.app.push_screen(StatementScreen(member_id, account.statement.name, self._day))

    async def do_remove(self) -> None:
        """An entry is reversed where it stands: open the statement and say so."""
        await self.do_open()
        self.say(_("Del reverses the entry under the cursor"))

    async def leave(self) -> None:
        """Esc: clear the search, then the marks."""
        if not self.query_one(SearchBox).display:
            self.unmark()
            return
        await super().leave()

    async def do_mark(self) -> None:
        """Tick the member under the cursor, and go on to the next."""
        current = self.table.current
        assert current is not None
        self.table.marked = self.table.marked ^ {current.key}
        await self.table.action_move(1)

    async def _ask_posting(self, *, spend: bool) -> None:
        from qunguan.services import members
        from qunguan.tui.screens.points_posting import posting_form

        ids = self._chosen()
        names = await self.desk.read(members.names, ids)
        await self.app.push_screen(posting_form(self, [(one, names[one]) for one in ids], spend=spend))

    async def do_add(self) -> None:
        """Grant points."""
        await self._ask_posting(spend=False)

    async def do_spend(self) -> None:
        """Spend points."""
        await self._ask_posting(spend=True)

    async def do_filter(self) -> None:
        """Balances, or what expires soon."""
        self._soon = not self._soon
        self._day = None
        self.unmark()
        await self.load()

    async def do_sort(self) -> None:
        """By balance, or by name."""
        self._by_name = not self._by_name
        await self.show()

    async def do_reconcile(self) -> None:
        """Recompute everything, and show what differs."""
        from qunguan.services import members, points

        found = await self.desk.read(points.reconcile)
        self._checked, self._checked_at = found, self.room.version
        self.query_one(".headline", Static).update(joined(self._headline()))
        if found.ok:
            self.say(_("Everything adds up: {entries} entries of {members} members recomputed", entries=found.entries,
                       members=found.members))  # fmt: skip
            return
        names = await self.desk.read(members.names, [each.member_id for each in found.differences])
        lines = [joined((names.get(each.member_id, ""), "bold"), f"  {each.message}") for each in found.differences]
        title = ngettext("{n} difference", "{n} differences", len(lines))
        await self.app.push_screen(TextView(title, [Content("\n").join(lines)]))

    async def do_import(self) -> None:
        """Take over a spreadsheet of points."""
        from qunguan.tui.screens.points_posting import import_points

        begin(self, import_points(self))

    async def do_copy(self) -> None:
        """Copy the statement as a message to the member."""
        assert self.member_id is not None
        await copy_statement(self.room, await self._account(self.member_id))

    async def do_export(self) -> None:
        """Write the ledger to a file."""
        export(self.room, _("Export the points ledger"), f"points-{self.room.today}", self._ledger)

    async def _ledger(self) -> Table:
        from qunguan.exchange.writers.ledger import ledger_table
        from qunguan.services import exports

        return ledger_table(await self.desk.read(exports.ledger), _("Points"))

    async def do_why(self) -> None:
        """Lot by lot."""
        assert self.member_id is not None
        account = await self._account(self.member_id)
        title = _("Where the points of {name} come from", name=account.statement.name)
        await self.app.push_screen(TextView(title, lot_lines(account)))

    async def do_prev(self) -> None:
        """The balances at the end of the day before."""
        self._day = self.day - timedelta(days=1)
        await self.load()

    async def do_next(self) -> None:
        """The balances at the end of the day after."""
        self._day = self.day + timedelta(days=1)
        await self.load()

    async def do_now(self) -> None:
        """Back to today."""
        self._day = None
        await self.load()


SCREEN = PointsScreen
