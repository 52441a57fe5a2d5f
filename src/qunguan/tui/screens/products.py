"""Products: what is offered and what was sold of it; beside them the ladder, and all that is known of one."""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content

from qunguan.domain.products import Ladder, LooseArticle, Product, ProductPage, ProductRow, offer_text
from qunguan.domain.text import match_key
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import N_, _
from qunguan.tui.bindings import bindings
from qunguan.tui.export import export
from qunguan.tui.flow import begin
from qunguan.tui.outgoing import send_out
from qunguan.tui.screens import products_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing
from qunguan.tui.screens.past_day import PastDayScreen
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.dialogs import TextView

_OF_PRODUCT = {"edit", "articles", "parts", "topic", "claim", "copy", "retire"}
_RULES = ("product.ladder_days", "product.ladder_window", "product.claim_doubtful", "product.claim_implausible")


class ProductsScreen(PastDayScreen):
    """The catalogue of the group in hand; `f` shows retired ones, then the articles that are no product yet."""

    noun = "products"
    KEEPS = ("_view", "past_day")
    BINDINGS = bindings("products")
    SEARCH_HINT: ClassVar[str] = N_("words of a product, its category or rung")

    def __init__(self) -> None:
        super().__init__()
        self._view: drawing.View = "offered"
        self._rows: dict[int, ProductRow] = {}
        self._loose: dict[int, LooseArticle] = {}
        self._ladder: Ladder | None = None

    # -- what is shown

    @property
    def group_id(self) -> int | None:
        """The group in hand; None is everybody."""
        return self.room.group.id if self.room.group else None

    def come_to_product(self, product_id: int) -> None:
        """Show this product in the list."""
        if self._view == "loose":
            self._view = "offered"
        self.aim(product_id)

    async def listing(self) -> Listing:
        """The products, or the articles that are none yet."""
        from qunguan.services import products

        clock, group_id, day = self.room.clock, self.group_id, self.day
        rows = await self.desk.read(products.catalogue, clock, day, group_id=group_id, retired=True)
        rest = await self.desk.read(products.loose, clock, day, group_id=group_id)
        self._ladder = await self.desk.read(products.ladder, clock, day, group_id=group_id)
        self._rows = {row.product.id: row for row in rows}
        self._loose = {one.id: one for one in rest}
        shown = drawing.chosen(rows, self._view, self.search, day)
        head = drawing.headline(self._view, self.whose, shown, rest, day, self.past_day is None)
        empty = drawing.empty_text(self._view, bool(rest))
        if self._view == "loose":
            found = [one for one in rest if match_key(self.search) in match_key(one.item)]
            articles = Lines(found, lambda one: one.id, lambda one: drawing.loose_cells(one, day))
            return Listing(drawing.loose_columns(), articles, head, empty)
        source = Lines(shown, lambda row: row.product.id, lambda row: drawing.cells(row, day))
        return Listing(drawing.columns(), source, head, empty)

    async def beside(self, key: int) -> Content:
        """The ladder, and the line under the cursor."""
        told = [] if self._ladder is None else [*drawing.ladder_lines(self._ladder), Content("")]
        if self._view == "loose":
            one = self._loose.get(key)
            told += [] if one is None else drawing.loose_side(one)
        elif key in self._rows:
            told += drawing.side(await self._page(key), self.day)
        return Content("\n").join(told)

    async def _page(self, key: int) -> ProductPage:
        from qunguan.services import products

        return await self.desk.read(products.page, self.room.clock, key, self.day, group_id=self.group_id)

    @property
    def _current(self) -> ProductRow:
        assert self.key is not None
        return self._rows[self.key]

    # -- actions

    def blocked(self, verb: str) -> str:
        """What needs a product, and what needs a bundle."""
        if told := super().blocked(verb):
            return told
        if verb in _OF_PRODUCT and self._view == "loose":
            return _("this is an article: Enter says which product it is")
        there = self._loose if self._view == "loose" else self._rows
        if verb in _OF_PRODUCT | {"open"} and self.key not in there:
            return _("no product is chosen: a writes one down")
        if verb == "parts" and self._current.product.kind != "bundle":
            return _("only a bundle has parts: e changes the kind")
        return ""

    async def do_open(self) -> None:
        """All that is known of the product; of an article, which product it is."""
        from qunguan.tui.screens.products_forms import which_product

        assert self.key is not None
        if self._view == "loose":
            begin(self, which_product(self, self._loose[self.key]))
            return
        page = await self._page(self.key)
        await self.app.push_screen(TextView(page.row.product.name, drawing.side(page, self.day)[1:]))

    async def do_add(self) -> None:
        """Write a product down; on an article, make one of it."""
        from qunguan.tui.screens.products_forms import product_form

        one = self._loose.get(self.key) if self._view == "loose" and self.key is not None else None
        self.app.push_screen(product_form(self, Product(0, one.item if one else ""), [one.item] if one else ()))

    async def do_edit(self) -> None:
        """Change the product."""
        from qunguan.tui.screens.products_forms import product_form

        self.app.push_screen(product_form(self, self._current.product))

    async def do_articles(self) -> None:
        """By which articles of orders it goes."""
        from qunguan.tui.screens.products_forms import articles

        page = await self._page(self._current.product.id)
        begin(self, articles(self, page, tuple(self._loose.values())))

    async def do_parts(self) -> None:
        """What the bundle holds."""
        from qunguan.tui.screens.products_forms import parts_form

        self.app.push_screen(parts_form(self, await self._page(self._current.product.id)))

    async def do_topic(self) -> None:
        """After which topics to offer it."""
        from qunguan.tui.screens.products_forms import topics

        begin(self, topics(self, await self._page(self._current.product.id)))

    async def do_claim(self) -> None:
        """What somebody says was sold of it."""
        from qunguan.tui.screens.products_forms import claims

        begin(self, claims(self, await self._page(self._current.product.id)))

    async def do_retire(self) -> None:
        """Offer it no more; again: offer it."""
        from qunguan.services import products

        one = self._current.product
        if one.retired_on is None:
            await self.desk.write(products.retire, one.id)
            self.say(_("{name} is not offered any more", name=one.name))
        else:
            await self.desk.write(products.reopen, one.id)
            self.say(_("{name} is offered again", name=one.name))
        await self.room.changed()

    async def do_copy(self) -> None:
        """The offer for the group."""
        page = await self._page(self._current.product.id)
        await send_out(self.room, offer_text(page), f"product-{page.row.product.id}")

    async def do_export(self) -> None:
        """Write the list to a file."""
        from qunguan.exchange.writers.products import loose_table, products_table

        view, search, day = self._view, self.search, self.day

        async def made() -> Table:
            if view == "loose":
                return loose_table([one for one in self._loose.values() if match_key(search) in match_key(one.item)])
            return products_table(drawing.chosen(list(self._rows.values()), view, search, day))

        export(self.room, _("Export the products"), f"products-{day}", made)

    async def do_filter(self) -> None:
        """What is offered, retired ones too, articles that are no product yet."""
        self._view = next_of(drawing.VIEWS, self._view)
        await self.show(keep=False)

    async def do_why(self) -> None:
        """How the ladder is counted, and by which rules."""
        from qunguan.tui.screens.rule_lines import rule_lines

        assert self._ladder is not None
        told = [*drawing.why_lines(self._ladder), Content(""), *await rule_lines(self.desk, _RULES)]
        await self.app.push_screen(TextView(_("The ladder"), told))


SCREEN = ProductsScreen
