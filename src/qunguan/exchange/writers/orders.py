"""The list of orders as a table, which an import reads back as the same orders."""

from __future__ import annotations

from collections.abc import Sequence

from qunguan.domain.money import yuan
from qunguan.domain.orders import SHOP_LABELS, STATUS_LABELS, OrderRow, OrderSummary
from qunguan.exchange.writers.tables import Column, Table, Value
from qunguan.i18n import _


def orders_table(rows: Sequence[OrderRow], title: str) -> Table:
    """One row an order, in the order given; money in fen. The id is ours, series and number the shop's."""
    columns = (
        Column("id", _("id"), "int"),
        Column("shop", _("order shop")),
        Column("series", _("series")),
        Column("number", _("order number")),
        Column("buyer", _("buyer")),
        Column("member_id", _("member id"), "int"),
        Column("member", _("member")),
        Column("day", _("paid on"), "date"),
        Column("amount_fen", _("order amount"), "money"),
        Column("refund_fen", _("refund"), "money"),
        Column("net_fen", _("net"), "money"),
        Column("status", _("order status")),
        Column("items", _("items")),
        Column("points", _("points"), "int"),
    )
    return Table(title, columns, [_row(row) for row in rows])


def _row(row: OrderRow) -> tuple[Value, ...]:
    return (
        row.id,
        _(SHOP_LABELS[row.shop]),
        row.series,
        row.number,
        row.buyer,
        row.member_id,
        row.member,
        row.day,
        row.amount_fen,
        row.refund_fen,
        row.net_fen,
        _(STATUS_LABELS[row.status]),
        row.items,
        row.points,
    )


def summary_text(found: OrderSummary) -> str:
    """The book as of a day in a few lines; every rate with its n and what it counts."""
    lines = [_("🧾 Orders up to {day}", day=found.as_of)]
    lines.append(_("{orders} orders of {buyers} buyers, net {net} yuan", orders=found.orders, buyers=found.buyers,
                   net=yuan(found.net_fen)))  # fmt: skip
    if found.aov_fen is not None:
        lines.append(_("each order {aov} yuan on average", aov=yuan(found.aov_fen)))
    if found.repeat is not None:
        lines.append(_("bought again {percent}% (n={n}; {terms})", percent=f"{found.repeat.value * 100:.1f}",
                       n=found.repeat.n, terms=found.repeat_terms))  # fmt: skip
    return "\n".join(lines)
