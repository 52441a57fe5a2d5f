"""Orders: the book of what was bought; imports, orders by hand, refunds, and buyers nobody knows yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import cast

from textual.content import Content

from qunguan.domain.money import yuan
from qunguan.domain.orders import OrderDetail, OrderRow, OrderSummary, Unmatched
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import N_, _
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import copy_out
from qunguan.tui.export import export
from qunguan.tui.flow import begin
from qunguan.tui.screens import orders_lines as drawing
from qunguan.tui.screens.listing import IdPages, Lines, Listing, ListScreen
from qunguan.tui.screens.people import finder
from qunguan.tui.widgets.dialogs import Confirm, TextView
from qunguan.tui.widgets.find_member import FindMember

_OF_ORDER = {"refund", "remove", "why", "who"}


class OrdersScreen(ListScreen):
    """The book, newest order first; `f` shows the orders that gave money back, then the buyers who wait."""

    noun = "orders"
    KEEPS = ("_view",)
    BINDINGS = bindings("orders")
    SEARCH_HINT = N_("buyer, member, number or article · ↑ ↓ choose · Enter opens · Esc done")

    def __init__(self) -> None:
        super().__init__()
        self._view: drawing.View = "all"
        self._waiting: tuple[Unmatched, ...] = ()
        self._sums: OrderSummary | None = None

    # -- what is shown

    def aim(self, subject: int | None = None, day: date | None = None) -> None:
        """Another screen leads to an order, or without one to the buyers who wait."""
        super().aim(subject, day)
        self._view = "waiting" if subject is None else "all"

    async def load(self) -> None:
        """Read the sums of the book and who waits, then the list."""
        from qunguan.services import orders

        self._sums = await self.desk.read(orders.summary, self.room.clock)
        self._waiting = await self.desk.read(orders.waiting, self.room.clock)
        await super().load()

    async def listing(self) -> Listing:
        """The orders, or the buyers who wait, as far as the search finds them."""
        from qunguan.services import orders

        assert self._sums is not None
        headline = drawing.headline(self._view, self._sums, len(self._waiting), self.search)
        empty = drawing.empty_text(self._view)
        if self._view == "waiting":
            found = [one for one in enumerate(self._waiting) if drawing.finds(self.search, one[1])]
            source = Lines(found, lambda one: one[0], lambda one: drawing.buyer_cells(one[1]))
            return Listing(drawing.buyer_columns(), source, headline, empty)
        ids = await self.desk.read(orders.order_ids, which=self._view, search=self.search)
        return Listing(drawing.order_columns(), IdPages(ids, self._rows, drawing.order_row), headline, empty)

    async def _rows(self, ids: Sequence[int]) -> Sequence[OrderRow]:
        from qunguan.services import orders

        return await self.desk.read(orders.order_rows, ids, self.room.today)

    async def beside(self, key: int) -> Content:
        """The order's story, or who the buyer may be."""
        if self._view == "waiting":
            return drawing.buyer_side(self._waiting[key])
        return Content("\n").join(drawing.detail(await self._detail(key), self.room.day_rule))

    async def _detail(self, key: int) -> OrderDetail:
        from qunguan.services import orders

        return await self.desk.read(orders.order_detail, key, self.room.today)

    # -- actions

    def blocked(self, verb: str) -> str:
        """Refunds and cancellations are for an order."""
        if verb in _OF_ORDER and self._view == "waiting":
            return _("this is for an order: f shows the orders")
        if verb in _OF_ORDER | {"open"} and self.key is None:
            return _("the list is empty: i imports orders, a enters one")
        return ""

    async def do_filter(self) -> None:
        """Orders, those that gave money back, buyers who wait."""
        self._view = drawing.next_view(self._view)
        await self.show(keep=False)

    async def do_open(self) -> None:
        """Why the order counts and earns as it does; for a buyer who waits: say who it is."""
        from qunguan.tui.screens.orders_forms import settle_buyer

        if self._view != "waiting":
            await self.do_why()
            return
        begin(self, settle_buyer(self, self._waiting[cast("int", self.key)]))

    async def do_why(self) -> None:
        """The whole order."""
        found = await self._detail(cast("int", self.key))
        await self.app.push_screen(
            TextView(_("Order {number}", number=found.row.number), list(drawing.detail(found, self.room.day_rule)))
        )

    async def do_who(self) -> None:
        """Say whose order this is."""
        from qunguan.tui.screens.orders_forms import settle_buyer

        row = (await self._detail(cast("int", self.key))).row
        phone = (await self._detail(row.id)).phone
        begin(self, settle_buyer(self, Unmatched(row.buyer, phone, 1, row.net_fen, False)))

    async def do_import(self) -> None:
        """Take over an export of a shop."""
        from qunguan.tui.screens.orders_import import import_orders

        begin(self, import_orders(self.room))

    async def do_add(self) -> None:
        """Enter an order by hand."""
        begin(self, self._enter())

    async def _enter(self) -> None:
        from qunguan.tui.screens.orders_forms import order_form

        member_id = await self.app.push_screen_wait(FindMember(_("Who bought?"), finder(self)))
        if member_id is not None:
            self.app.push_screen(await order_form(self, member_id))

    async def do_refund(self) -> None:
        """Give money back, all or a part."""
        from qunguan.tui.screens.orders_forms import refund_form

        self.app.push_screen(refund_form(self, (await self._detail(cast("int", self.key))).row))

    async def do_remove(self) -> None:
        """Cancel the order; what was paid goes back."""
        begin(self, self._cancel((await self._detail(cast("int", self.key))).row))

    async def _cancel(self, row: OrderRow) -> None:
        from qunguan.services import orders

        outlook = await self.desk.rehearse(orders.cancel_order, row.id)
        details = [_("{yuan} yuan go back to {name}.", yuan=yuan(row.net_fen), name=row.member or row.buyer)]
        if outlook.points:
            details.append(_("Points: {points}", points=f"{outlook.points:+d}"))
        if await self.app.push_screen_wait(Confirm(_("Cancel the order {number}?", number=row.number), details)):
            done = await self.desk.write(orders.cancel_order, row.id)
            self.say(_("Cancelled {number}; points {points}", number=row.number, points=f"{done.points:+d}"))
            await self.room.changed()

    async def do_copy(self) -> None:
        """The book in a few lines."""
        from qunguan.exchange.writers.orders import summary_text

        assert self._sums is not None
        await copy_out(self.room, summary_text(self._sums), f"orders-{self.room.today}")

    async def do_export(self) -> None:
        """Write the orders of the list to a file."""
        from qunguan.exchange.writers.orders import orders_table
        from qunguan.services import orders

        which, search = ("all" if self._view == "waiting" else self._view), self.search

        async def made() -> Table:
            ids = await self.desk.read(orders.order_ids, which=which, search=search)
            return orders_table(await self._rows(ids.tolist()), _("Orders"))

        export(self.room, _("Export the orders"), f"orders-{self.room.today}", made)


SCREEN = OrdersScreen
