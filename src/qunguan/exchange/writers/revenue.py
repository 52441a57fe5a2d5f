"""The money view in words, as text and as tables: what screens, reports and the command line share."""

from __future__ import annotations

from collections.abc import Sequence

from qunguan.domain.lives import Estimate
from qunguan.domain.money import yuan
from qunguan.domain.revenue import BYS, HEADS, STREAMS, Payment, Revenue, label
from qunguan.domain.text import show
from qunguan.exchange.writers.cells import Column, Table, Value
from qunguan.i18n import _


def title(found: Revenue) -> str:
    """What is told of which days, and of whose."""
    days = _("Money from {first} to {last}, {by}", first=found.first, last=found.last, by=_(BYS[found.by]))
    return f"{days} · {show(found.group) or _('all groups')}"


def revenue_text(found: Revenue) -> str:
    """The view as lines to paste into a note: sums and numbers, nobody's name."""
    lines = [title(found)]
    for each in [*found.rows, found.total]:
        name = show(label(found.by, each.key)) if each is not found.total else _("all together")
        lines.append(_("{name}: net {net} yuan (in {gross}, back {refunds}; {orders} payments by {buyers})", name=name,
                       net=yuan(each.net_fen), gross=yuan(each.gross_fen), refunds=yuan(each.refunds_fen),
                       orders=each.orders, buyers=each.buyers))  # fmt: skip
    return "\n".join(lines)


def revenue_table(found: Revenue) -> Table:
    """A line for each row, the last of everything; money in fen."""
    columns = (
        Column("key", _("code")), Column("name", _(HEADS[found.by])), Column("gross", _("came in"), "money"),
        Column("refunds", _("went back"), "money"), Column("net", _("net"), "money"),
        Column("orders", _("payments"), "int"), Column("buyers", _("who paid"), "int"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (each.key, label(found.by, each.key), each.gross_fen, each.refunds_fen, each.net_fen, each.orders, each.buyers)
        for each in found.rows
    ]
    total = found.total
    rows.append(("", _("all together"), total.gross_fen, total.refunds_fen, total.net_fen, total.orders, total.buyers))
    return Table(title(found), columns, rows)


def payments_table(name: str, found: Sequence[Payment]) -> Table:
    """A line for each payment of a row; money in fen, below 0 what went back."""
    columns = (
        Column("day", _("date"), "date"), Column("stream", _("stream")), Column("who", _("who paid")),
        Column("what", _("for what")), Column("amount", _("yuan"), "money"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (each.day, _(STREAMS[each.stream]), each.who, each.what, each.fen) for each in found
    ]
    return Table(name, columns, rows)


def estimate_text(found: Estimate) -> str:
    """`LTV_simple` with what it is made of, and that it is an estimate."""
    return _(
        "estimate, not observed: LTV {ltv} = average purchase {aov} × {often} in a month one buys in ÷ {churn} who "
        "stay away the month after ({n} complete months)",
        ltv=yuan(round(found.fen)), aov=yuan(round(found.aov_fen)), often=f"{found.per_month:.2f}",
        churn=f"{found.churn:.1%}", n=found.months,
    )  # fmt: skip
