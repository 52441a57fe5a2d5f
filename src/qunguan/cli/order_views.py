"""Orders as the command line prints them: JSON documents with stable keys, and lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from qunguan.cli.command import columns, jsonable, known
from qunguan.cli.sources import rejected, rejected_lines
from qunguan.domain.members import label
from qunguan.domain.money import yuan
from qunguan.domain.orders import (
    SHOP_LABELS,
    STATUS_LABELS,
    OrderChange,
    OrderDetail,
    OrderImport,
    OrderRow,
    OrderSheet,
    OrderSummary,
    Rate,
    Settled,
    Unmatched,
)
from qunguan.i18n import _


def imported(done: OrderImport, sheet: OrderSheet) -> dict[str, Any]:
    """What an import did."""
    return {
        "format": done.format,
        "encoding": sheet.encoding,
        "orders": done.orders,
        "lines": done.lines,
        "created": done.created,
        "updated": done.updated,
        "unchanged": done.unchanged,
        "paid_fen": done.paid_fen,
        "refunded_fen": done.refunded_fen,
        "net_fen": done.net_fen,
        "points": done.points,
        "too_old_for_points": done.too_old,
        "new_members": done.new_members,
        "unmatched": unmatched(done.unmatched),
        "rejected": rejected(done.rejected),
        "notes": rejected(sheet.notes),
    }


def imported_lines(done: OrderImport, sheet: OrderSheet) -> list[str]:
    """The same for people, and what to do next."""
    lines = [
        _("{shop}: {orders} orders, new {created}, changed {updated}, as before {unchanged}",
          shop=_(SHOP_LABELS[done.format]), orders=done.orders, created=done.created, updated=done.updated,
          unchanged=done.unchanged),
        _("Paid {paid}, gone back {back}, net {net} yuan", paid=yuan(done.paid_fen), back=yuan(done.refunded_fen),
          net=yuan(done.net_fen)),
    ]  # fmt: skip
    if done.points:
        lines.append(_("Points: {points}", points=f"{done.points:+d}"))
    if done.too_old:
        lines.append(
            _("{n} orders were paid too long ago to earn points (rule order.points_within_days)", n=done.too_old)
        )
    if done.new_members:
        lines.append(_("New members: {n}", n=done.new_members))
    lines += map(str, sheet.notes)
    if done.unmatched:
        waits = _("{n} buyers wait: qunguan order settle BUYER MEMBER, or new, or nobody", n=len(done.unmatched))
        lines += ["", waits, *unmatched_lines(done.unmatched)]
    return [*lines, *rejected_lines(done.rejected)]


def unmatched(found: Iterable[Unmatched]) -> list[dict[str, Any]]:
    """Buyers who wait."""
    return [
        {"buyer": each.buyer, "phone": each.phone, "orders": each.orders, "net_fen": each.net_fen,
         "doubtful": each.doubtful,
         "candidates": [{"member_id": member_id, "name": name} for member_id, name in each.candidates]}
        for each in found
    ]  # fmt: skip


def unmatched_lines(found: Sequence[Unmatched]) -> list[str]:
    """The same for people, nothing when nobody waits."""
    rows = [
        (each.buyer, each.phone, each.orders, yuan(each.net_fen), " / ".join(label(*one) for one in each.candidates))
        for each in found
    ]
    header = (_("buyer"), _("phone"), _("orders"), _("net"), _("may be"))
    return columns(header, rows, right=(2, 3)) if rows else []


def summary(found: OrderSummary) -> dict[str, Any]:
    """The book as of a day."""
    return {
        "as_of": found.as_of,
        "orders": found.orders,
        "buyers": found.buyers,
        "net_fen": found.net_fen,
        "aov_fen": found.aov_fen,
        "repeat_rate": {**_rate(found.repeat), "terms": str(found.repeat_terms)},
        "repeat_rates": {each.form: {**_rate(each.rate), "terms": str(each.terms)} for each in found.rates},
        "ltv_fen": _rate(found.ltv_fen) | ({"value": round(found.ltv_fen.value)} if found.ltv_fen else {}),
    }


def _rate(rate: Rate | None) -> dict[str, Any]:
    return {"value": rate.value if rate else None, "n": rate.n if rate else 0}


def summary_lines(found: OrderSummary) -> list[str]:
    """The same for people: every rate says what it is of."""
    aov = known(None if found.aov_fen is None else yuan(found.aov_fen))
    ltv = known(None if found.ltv_fen is None else yuan(round(found.ltv_fen.value)))
    lines = [
        _("{day}: {orders} orders of {buyers} buyers, net {net} yuan", day=found.as_of, orders=found.orders,
          buyers=found.buyers, net=yuan(found.net_fen)),
        _("Average order {aov} yuan; observed LTV {ltv} yuan a buyer", aov=aov, ltv=ltv),
    ]  # fmt: skip
    for each in found.rates:
        value = known(each.rate)
        lines.append(_("Repeat rate {value}: {terms}", value=value, terms=each.terms))
    return lines


def row(each: OrderRow) -> dict[str, Any]:
    """One order of a list."""
    document: dict[str, Any] = jsonable(each)
    return document


def row_lines(rows: Iterable[OrderRow]) -> list[str]:
    """Orders for people."""
    table = [
        (each.id, known(each.day), each.buyer, each.member or _("waits") * (each.matched_by in ("doubtful", "unknown")),
         yuan(each.net_fen), _(STATUS_LABELS[each.status]), each.points or "", _(SHOP_LABELS[each.shop]), each.number,
         each.items[:30])
        for each in rows
    ]  # fmt: skip
    header = (_("id"), _("day"), _("buyer"), _("member"), _("net"), _("status"), _("points"), _("shop"), _("number"),
              _("articles"))  # fmt: skip
    return columns(header, table, right=(0, 4, 6))


def detail(found: OrderDetail) -> dict[str, Any]:
    """One order with everything about it."""
    return {
        **row(found.row),
        "phone": found.phone,
        "paid_at": found.paid_at,
        "freight_fen": found.freight_fen,
        "note": found.note,
        "lines": found.lines,
        "refunds": found.refunds,
        "award": found.points,
        "why": [str(reason) for reason in found.why],
    }


def detail_lines(found: OrderDetail) -> list[str]:
    """The same for people."""
    each = found.row
    lines = [*row_lines([each]), ""]
    lines += columns(
        (_("article"), _("variant"), _("quantity"), _("price")),
        [(one.item, one.sku, one.quantity, known(None if one.amount_fen is None else yuan(one.amount_fen)))
         for one in found.lines],
        right=(2, 3),
    ) if found.lines else []  # fmt: skip
    for back in found.refunds:
        lines.append(_("{day} gave back {yuan} {reason}", day=back.day, yuan=yuan(back.amount_fen), reason=back.reason))
    return [*lines, *map(str, found.why)]


def change(done: OrderChange) -> dict[str, Any]:
    """What was done to an order."""
    document: dict[str, Any] = jsonable(done)
    return document


def change_lines(done: OrderChange) -> list[str]:
    """The same for people."""
    line = _("Order #{id} of {buyer}: paid {paid}, gone back {back}, net {net} yuan", id=done.id, buyer=done.buyer,
             paid=yuan(done.amount_fen), back=yuan(done.refund_fen), net=yuan(done.net_fen))  # fmt: skip
    return [line, *([_("Points: {points}", points=f"{done.points:+d}")] if done.points else [])]


def settled(done: Settled) -> dict[str, Any]:
    """Who a buyer is now."""
    document: dict[str, Any] = jsonable(done)
    return document


def settled_lines(done: Settled) -> list[str]:
    """The same for people."""
    if done.member_id is None:
        lines = [_("{buyer} is left out: {n} orders are nobody's", buyer=done.buyer, n=done.orders)]
    else:
        who = label(done.member_id, done.name)
        lines = [_("{buyer} is {member}: {n} orders moved", buyer=done.buyer, member=who, n=done.orders)]
    return [*lines, *([_("Points: {points}", points=f"{done.points:+d}")] if done.points else [])]
