"""How the money view is drawn: its rows, the payments behind one, the months and goals beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from textual.content import Content

from qunguan.domain.goals import Progress
from qunguan.domain.money import yuan
from qunguan.domain.revenue import BYS, HEADS, STREAMS, By, Payment, Revenue, Takings, label, month_of, terms
from qunguan.domain.sources import cited
from qunguan.exchange.writers.goals import standing_text
from qunguan.i18n import _
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.charts import UNKNOWN, Bar, bars
from qunguan.tui.widgets.meter import gauge
from qunguan.tui.widgets.paged_table import Cell, Column, Row

_BAR = 10
_SIDE = 32  # cells
_SOURCES = ("S0-02", "C32", "S2-18")
Months = Mapping[str, Mapping[str, int]]


def headline(found: Revenue, opened: str, *, past: bool) -> Content:
    """What the rows are, whose, of which days, what they add up to; `opened` is the row whose payments are shown."""
    what = label(found.by, opened) if opened else _(BYS[found.by])
    whose = _("this group") if found.group else _("all groups")
    last = f"{found.last:%m-%d}" if found.first.year == found.last.year else found.last
    days = literal(f"{found.first} – {last}", "$text-warning" if past else "$text-muted")
    one = next((each for each in found.rows if each.key == opened), Takings("")) if opened else found.total
    sums = _("net {net}, in {gross}, back {refunds}", net=yuan(one.net_fen), gross=yuan(one.gross_fen),
             refunds=yuan(one.refunds_fen))  # fmt: skip
    return Content("  ").join([joined((what, "bold"), f" · {whose}"), days, literal(sums)])


# -- the rows


def row_columns(by: By) -> tuple[Column, ...]:
    """What it is, how much of it there is, who paid."""
    return (
        Column(_(HEADS[by]), flex=1, minimum=10), Column("", width=_BAR, drop=3),
        Column(_("net"), width=11, right=True), Column(_("came in"), width=11, right=True, drop=1),
        Column(_("went back"), width=10, right=True, drop=1), Column(_("payments"), width=5, right=True),
        Column(_("who paid"), width=6, right=True, drop=2),
    )  # fmt: skip


def row_cells(found: Revenue, one: Takings) -> tuple[Cell | str, ...]:
    """The line of a row; its bar is of the largest net."""
    most = max((each.net_fen for each in found.rows), default=0)
    moved = bool(one.orders or one.refunds_fen)
    return (
        Cell(label(found.by, one.key), "strong" if moved else "dim"),
        gauge(max(one.net_fen, 0), most, (), _BAR) if most > 0 else "",
        Cell(yuan(one.net_fen), "bad" if one.net_fen < 0 else "strong" if moved else "dim"),
        Cell(yuan(one.gross_fen), "" if moved else "dim"),
        Cell(yuan(one.refunds_fen), "" if one.refunds_fen else "dim"),
        f"{one.orders:,}", f"{one.buyers:,}",
    )  # fmt: skip


# -- the payments of a row


def payment_columns() -> tuple[Column, ...]:
    """When, whence, who, for what, how much."""
    return (
        Column(_("date"), width=10), Column(_("stream"), width=8, drop=1), Column(_("who paid"), flex=2, minimum=10),
        Column(_("for what"), flex=3, minimum=10), Column(_("yuan"), width=12, right=True),
    )  # fmt: skip


def payment_row(one: Payment) -> Row:
    """The line of a payment; what went back is below 0."""
    cells = (
        one.day.isoformat(), Cell(_(STREAMS[one.stream]), "dim"), Cell(one.who, "strong"), one.what,
        Cell(yuan(one.fen), "bad" if one.fen < 0 else ""),
    )  # fmt: skip
    return Row(one.id, cells)


def payment_side(one: Payment) -> Content:
    """The payment in full."""
    told = [literal(one.who, "bold"), literal(f"{one.day}  {_(STREAMS[one.stream])}"), literal(one.what)]
    back = f"  {_('went back')}" if one.fen < 0 else ""
    return Content("\n").join([*told, joined((yuan(one.fen), "bold"), back)])


# -- beside them


def side(found: Revenue, one: Takings, months: Months, goals: Sequence[Progress] | None) -> Content:
    """The row under the cursor, the months side by side, the goals about money (None: still being read)."""
    told = [literal(label(found.by, one.key), "bold")]
    if found.total.net_fen > 0 and one.net_fen >= 0:
        told.append(literal(_("{share} of the net", share=f"{one.net_fen / found.total.net_fen:.1%}"), "$text-muted"))
    if one.orders:
        each = (one.gross_fen * 2 + one.orders) // (2 * one.orders)
        told.append(literal(_("{yuan} yuan a payment", yuan=yuan(each)), "$text-muted"))
    return Content("\n").join([*told, Content(""), *month_lines(months, found.last), *goal_lines(goals)])


def month_lines(months: Months, shown: date) -> list[Content]:
    """The net of each month as a bar with its figure; the one that is shown has a mark, one before all money no bar."""
    items = [
        Bar(f"{'▸' if month == month_of(shown) else ' '}{month[2:]}", max(sum(own.values()), 0) if own else None,
            yuan(sum(own.values())) if own else UNKNOWN)
        for month, own in months.items()
    ]  # fmt: skip
    return [literal(_("Net by month"), "bold"), bars(items, _SIDE), Content("")]


def goal_lines(goals: Sequence[Progress] | None) -> list[Content]:
    """The goals about money that are open, each with where it stands."""
    if goals is None:
        return []
    told = [literal(_("Goals"), "bold")]
    if not goals:
        return [*told, literal(_("none about money: Insights (8), Goals, a"), "$text-muted")]
    for one in goals:
        told += [literal(one.goal.name), literal(standing_text(one), "$text-muted")]
    return told


def why(found: Revenue) -> list[Content]:
    """What is counted how, and where the view comes from."""
    told = [literal(str(each)) for each in terms(found)]
    return [*told, Content(""), *(literal(line, "$text-muted") for code in _SOURCES for line in cited(code))]


def empty_text(by: By) -> str:
    """What an empty list says."""
    return _("No money in these days.\n\nOrders come in with 7, i; memberships, ads and brokering are noted in their "
             "own rooms\nof this screen (Tab). [ shows the month before.")  # fmt: skip
