"""Sheets of orders made by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from qunguan.domain.orders import OrderEntry, OrderLine, OrderSheet


def entry(
    number: object = 1, buyer: str = "小明", yuan: float = 100, paid: str | None = "2026-03-10 10:00", **more: Any
):
    """A paid order of 快团团; `yuan` and `refund` in yuan."""
    told = {
        "shop": "ktt", "series": "", "number": str(number), "buyer": buyer, "rows": (2,), "status": "paid",
        "amount_fen": round(yuan * 100), "refund_fen": round(more.pop("refund", 0) * 100),
        "paid_at": datetime.fromisoformat(paid) if paid else None, "lines": (OrderLine("苹果"),),
    }  # fmt: skip
    return OrderEntry(**{**told, **more})


def sheet(*entries: OrderEntry, lacks: tuple[str, ...] = ()) -> OrderSheet:
    """The orders as a file holds them."""
    return OrderSheet("ktt", "utf-8", entries, (), lacks=lacks)


def on(text: str) -> date:
    return date.fromisoformat(text)
