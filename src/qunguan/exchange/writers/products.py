"""The catalogue as a table: what is offered on which rung, and what was sold of it."""

from __future__ import annotations

from collections.abc import Sequence

from qunguan.domain.products import KINDS, RUNGS, LooseArticle, ProductRow
from qunguan.exchange.writers.tables import Column, Table, Value
from qunguan.i18n import _


def products_table(rows: Sequence[ProductRow], title: str = "") -> Table:
    """These products; money in yuan, pieces in bundles apart."""
    columns = (
        Column("id", _("id"), "int"), Column("name", _("product")), Column("rung", _("rung")),
        Column("kind", _("kind")), Column("category", _("category")), Column("price", _("price"), "money"),
        Column("pieces", _("sold"), "int"), Column("in_bundles", _("in bundles"), "int"),
        Column("orders", _("orders"), "int"), Column("buyers", _("who bought"), "int"),
        Column("net", _("net"), "money"), Column("retired_on", _("retired"), "date"),
    )  # fmt: skip
    cells: list[tuple[Value, ...]] = [
        (one.product.id, one.product.name, _(RUNGS[one.product.rung]), _(KINDS[one.product.kind]),
         one.product.category, one.product.price_fen, one.sold.pieces, one.in_bundles, one.sold.orders,
         one.sold.buyers, one.sold.net_fen, one.product.retired_on)
        for one in rows
    ]  # fmt: skip
    return Table(title or _("Products"), columns, cells)


def loose_table(rows: Sequence[LooseArticle]) -> Table:
    """Articles of orders that are no product yet."""
    columns = (
        Column("item", _("article")), Column("pieces", _("sold"), "int"), Column("orders", _("orders"), "int"),
        Column("buyers", _("who bought"), "int"), Column("net", _("net"), "money"),
    )  # fmt: skip
    cells: list[tuple[Value, ...]] = [
        (one.item, one.sold.pieces, one.sold.orders, one.sold.buyers, one.sold.net_fen) for one in rows
    ]
    return Table(_("Articles that are no product yet"), columns, cells)
