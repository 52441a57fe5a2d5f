"""How orders, buyers who wait and the sums of the book are drawn, and the words for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from textual.content import Content

from qunguan.domain.clock import DayRule
from qunguan.domain.members import label
from qunguan.domain.money import yuan
from qunguan.domain.orders import SHOP_LABELS, STATUS_LABELS, OrderDetail, OrderRow, OrderSummary, Unmatched
from qunguan.domain.text import match_key
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import joined, literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.paged_table import Cell, Column, Row
from qunguan.tui.widgets.table_cells import CellStyle

View = Literal["all", "refunded", "waiting"]
VIEWS: dict[View, str] = {"all": N_("orders"), "refunded": N_("money gone back"), "waiting": N_("buyers who wait")}
_STYLES: dict[str, CellStyle] = {"pending": "warn", "paid": "", "refunded": "dim", "cancelled": "dim"}


def next_view(view: View) -> View:
    """What `f` shows after this."""
    return next_of(VIEWS, view)


def headline(view: View, sums: OrderSummary, waiting: int, search: str) -> Content:
    """Which list it is, and the book in one line; the repeat rate with its n."""
    parts = [
        joined((_(VIEWS[view]), "bold"), f" · {_('all groups')}"),
        literal(ngettext("{n} order in all", "{n} orders in all", sums.orders)),
        literal(ngettext("{n} buyer", "{n} buyers", sums.buyers)),
        literal(_("net {yuan}", yuan=yuan(sums.net_fen))),
    ]
    if sums.aov_fen is not None:
        parts.append(literal(_("each {yuan}", yuan=yuan(sums.aov_fen)), "$text-muted"))
    if sums.repeat is not None:
        told = _("bought again {percent}% (n={n})", percent=f"{sums.repeat.value * 100:.0f}", n=sums.repeat.n)
        parts.append(literal(told, "$text-muted"))
    if waiting:
        parts.append(literal(ngettext("{n} buyer waits", "{n} buyers wait", waiting), "$text-warning"))
    if search:
        parts.append(literal(_("search: {text}", text=search), "$text-muted"))
    return Content("   ").join(parts)


def order_columns() -> tuple[Column, ...]:
    """Day, buyer, items, net, gone back, points, state, shop and number."""
    return (
        Column(_("day"), width=10),
        Column(_("buyer"), flex=2, minimum=12),
        Column(_("items"), flex=3, minimum=12, drop=2),
        Column(_("net"), width=9, right=True),
        Column(_("gone back"), width=8, right=True, drop=3),
        Column(_("points"), width=6, right=True, drop=1),
        Column(_("state"), width=8),
        Column(_("shop"), width=14, drop=4),
    )


def order_cells(row: OrderRow) -> tuple[Cell | str, ...]:
    """The line of an order; a buyer who is nobody's member yet is told apart."""
    style = _STYLES[row.status]
    who = Cell(row.member, style) if row.member_id is not None else Cell(f"? {row.buyer}", "warn")
    return (
        Cell(row.day.isoformat() if row.day else "—", "dim"), who, Cell(row.items, "dim"),
        Cell(yuan(row.net_fen), "strong" if row.net_fen else "dim"),
        Cell(yuan(row.refund_fen) if row.refund_fen else "·", "missed" if row.refund_fen else "dim"),
        Cell(str(row.points or "·"), "good" if row.points else "dim"), Cell(_(STATUS_LABELS[row.status]), style),
        Cell(f"{_(SHOP_LABELS[row.shop])} {row.number}", "dim"),
    )  # fmt: skip


def order_row(row: OrderRow) -> Row:
    """The line of an order with its key."""
    return Row(row.id, order_cells(row))


def buyer_columns() -> tuple[Column, ...]:
    """Buyer, phone, orders, net, who it may be."""
    return (
        Column(_("buyer"), flex=1, minimum=12),
        Column(_("phone"), width=12, drop=1),
        Column(_("orders"), width=6, right=True),
        Column(_("net"), width=9, right=True),
        Column(_("may be"), flex=2, minimum=12),
    )


def buyer_cells(found: Unmatched) -> tuple[Cell | str, ...]:
    """The line of a buyer who waits."""
    may = " / ".join(label(*one) for one in found.candidates) or _("nobody like it")
    return (
        Cell(found.buyer, "strong"), Cell(found.phone or "—", "dim"), str(found.orders), yuan(found.net_fen),
        Cell(may, "warn" if found.doubtful else "dim"),
    )  # fmt: skip


def finds(search: str, found: Unmatched) -> bool:
    """Whether the search means this buyer."""
    return any(match_key(search) in match_key(text) for text in (found.buyer, found.phone))


def detail(found: OrderDetail, rule: DayRule) -> Iterator[Content]:
    """An order on the wall clock of `rule`, with its articles, its refunds, and why it counts and earns as it does."""
    row = found.row
    yield joined((row.member or row.buyer, "bold"), f"  #{row.id}")
    when = f"{rule.local(found.paid_at):%Y-%m-%d %H:%M}" if found.paid_at else row.day.isoformat() if row.day else "—"
    yield joined((f"{when}  ", "$text-muted"), f"{_(SHOP_LABELS[row.shop])} {row.number}")
    if row.member and row.member != row.buyer:
        yield joined((_("there: "), "$text-muted"), row.buyer)
    yield Content("")
    for line in found.lines:
        price = f"  {yuan(line.amount_fen)}" if line.amount_fen is not None else ""
        yield joined(f"{line.item} {line.sku}".strip(), (f" ×{line.quantity}{price}", "$text-muted"))
    yield Content("")
    yield joined((_(STATUS_LABELS[row.status]), "$text-muted"), f" {yuan(row.amount_fen)}  ", (_("net"), "$text-muted"),
                 (f" {yuan(row.net_fen)}", "bold"))  # fmt: skip
    for back in found.refunds:
        yield joined(f"{back.day:%m-%d} ", (f"-{yuan(back.amount_fen)}", "$text-error"), f" {back.reason}")
    yield Content("")
    for reason in found.why:
        yield literal(str(reason), "$text-muted")
    if found.note:
        yield literal(found.note)


def buyer_side(found: Unmatched) -> Content:
    """A buyer who waits, and what can be said."""
    told = [literal(found.buyer, "bold"), literal(found.phone or "—", "$text-muted"), Content("")]
    told += [literal(label(*one)) for one in found.candidates]
    told += [Content(""), literal(_("Enter: say who it is. Their orders and points follow at once."), "dim")]
    return Content("\n").join(told)


def empty_text(view: View) -> str:
    """What an empty list says: what it is for, and which key to press."""
    if view == "waiting":
        return _("Every buyer is known.\nf shows the orders again.")
    if view == "refunded":
        return _("No money has gone back.\nf goes on to the buyers who wait.")
    return _(
        "Orders show who keeps the lights on: spending earns points and lifts levels.\n"
        "i imports an export of 快团团, 群接龙, 有赞 or any sheet; a enters one by hand."
    )
