"""What a sheet changes about an order the book has, and what an order is worth. Pure sums in fen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from qunguan.domain.orders import OrderEntry, OrderStatus
from qunguan.domain.points import MAX_AMOUNT
from qunguan.values import frozen

MAX_BASE = MAX_AMOUNT // 100
"""The most one order earns before the multiplier, so that a hundredfold day still fits one entry."""

FORGOTTEN = "—"
"""The buyer of an order whose member was forgotten: no sheet brings the name back."""

_RANK: dict[OrderStatus, int] = {"pending": 0, "paid": 1, "refunded": 2, "cancelled": 2}


@frozen
class Kept:
    """What the book holds of an order. `told_fen` is what the shop said last that went back, `refunded_fen` what the
    book has, refunds entered by hand among it.
    """

    status: OrderStatus
    counts: bool
    amount_fen: int
    told_fen: int
    refunded_fen: int


@frozen
class Told:
    """An order after a sheet. `refund_fen` is the signed change of what went back; `first` says that the order counts
    from now on, so that what had gone back already did so on the order's own day.
    """

    status: OrderStatus
    counts: bool
    told_fen: int
    refund_fen: int
    first: bool


def completed(entry: OrderEntry, row: Any, lacks: Collection[str]) -> OrderEntry:
    """The entry with what its sheet cannot tell taken from the order the book has."""
    told: dict[str, Any] = {}
    forgotten = row.buyer == FORGOTTEN
    if "amount" in lacks:
        told["amount_fen"] = row.amount_fen
    if "amount" in lacks or "freight" in lacks:
        told["freight_fen"] = min(row.freight_fen, told.get("amount_fen", entry.amount_fen))
    if "refund" in lacks:
        told["refund_fen"] = min(row.told_fen, told.get("amount_fen", entry.amount_fen))
    if "status" in lacks and _RANK[row.status] >= _RANK[entry.status]:
        told["status"], told["status_text"] = row.status, row.status_text
    if "buyer" in lacks or forgotten:
        told["buyer"] = row.buyer
    told["phone"] = "" if forgotten else entry.phone or row.phone or ""
    told["note"] = "" if forgotten else entry.note or row.note
    return replace(entry, **told)


def follow(kept: Kept | None, entry: OrderEntry, *, dated: bool = True) -> Told | None:
    """What a sheet's order makes of the one that is kept; None when the sheet is older than the book.

    No shop makes an order that was refunded or cancelled paid again, nor a paid one pending: a sheet that says so was
    exported before. One first seen refunded or cancelled never counted; a counted one that is refunded or cancelled
    later gives back all that is left. A refund entered by hand and told by the shop afterwards is one refund. Without
    the day of payment (`dated`) an order does not count yet.
    """
    if kept is not None and _RANK[entry.status] < _RANK[kept.status]:
        return None
    if kept is None or not kept.counts:
        counts = entry.status == "paid" and dated
        told = entry.refund_fen if counts else 0
        return Told(entry.status, counts, told, told, first=counts)
    told = entry.refund_fen if entry.status == "paid" else entry.amount_fen
    change = 0
    if told > kept.told_fen:
        change = max(0, told - kept.refunded_fen)
    elif told < kept.told_fen:
        change = -min(kept.told_fen - told, kept.refunded_fen)
    change = min(change, entry.amount_fen - kept.refunded_fen)
    return Told(entry.status, counts=True, told_fen=told, refund_fen=change, first=False)


def points_of(earning_fen: int, refunded_fen: int, unit_fen: int, rate: int, multiplier_pct: int = 100) -> int:
    """Points from money: floor(net / unit) * rate, then the multiplier, rounded down (semantics 3.3)."""
    return base_of(earning_fen, refunded_fen, unit_fen, rate) * multiplier_pct // 100


def base_of(earning_fen: int, refunded_fen: int, unit_fen: int, rate: int) -> int:
    """Points from money before the multiplier, at most MAX_BASE."""
    return min(max(0, earning_fen - refunded_fen) // unit_fen * rate, MAX_BASE)
