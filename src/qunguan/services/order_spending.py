"""What members spent, set-based: their orders up to a day, and every change of it on its own day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from qunguan.domain.orders import MoneyDay, Spending
from qunguan.services.order_scope import freight_out
from qunguan.store import order_queries as queries
from qunguan.store.session import Session


def spendings(
    session: Session, as_of: date, ids: Iterable[int] | None = None, *, since: date | None = None
) -> dict[int, Spending]:
    """Member → what they bought up to a day (from `since` on); who bought nothing is left out (未消费). Set-based."""
    found: dict[int, list[Any]] = {}
    for row in queries.bought(session, as_of, freight_out=freight_out(session), ids=ids):
        if since is None or row.biz_date >= since:
            found.setdefault(row.member_id, []).append(row)
    return {
        member_id: Spending(
            member_id, len(rows), sum(row.net_fen for row in rows), rows[0].biz_date, rows[-1].biz_date,
            rows[-1].net_fen,
        )
        for member_id, rows in found.items()
    }  # fmt: skip


def purchase_days(session: Session, ids: Iterable[int] | None, up_to: date) -> dict[int, tuple[date, ...]]:
    """Member → the days of their orders that count at the end of `up_to`, oldest first, one for each order."""
    found: dict[int, list[date]] = {}
    for row in queries.bought(session, up_to, freight_out=freight_out(session), ids=ids):
        found.setdefault(row.member_id, []).append(row.biz_date)
    return {member_id: tuple(days) for member_id, days in found.items()}


def money_days(session: Session, ids: Iterable[int] | None, up_to: date) -> dict[int, tuple[MoneyDay, ...]]:
    """Member → every change of their spending up to a day, in order of days: orders, and refunds on their own days.

    The sum of a member's changes up to any day is their spending of that day.
    """
    out = freight_out(session)
    found: dict[int, dict[date, list[int]]] = {}
    order_id = gross = back = 0
    for row in queries.money_rows(session, up_to, ids):
        own = found.setdefault(row.member_id, {})
        if row.id != order_id:
            order_id, back = row.id, 0
            gross = row.amount_fen - (row.freight_fen if out else 0)
            _add(own, row.biz_date, gross, 1)
        if row.back_fen is not None:
            before, back = back, back + row.back_fen
            _add(
                own,
                row.back_on,
                max(0, gross - back) - max(0, gross - before),
                _is_order(gross, back) - _is_order(gross, before),
            )
    return {
        member_id: tuple(MoneyDay(day, fen, count) for day, (fen, count) in sorted(days.items()))
        for member_id, days in found.items()
    }


def _add(days: dict[date, list[int]], day: date, fen: int, orders: int) -> None:
    sums = days.setdefault(day, [0, 0])
    sums[0] += fen
    sums[1] += orders


def _is_order(gross: int, back: int) -> int:
    """1 while an order counts as one, 0 once it was given back whole."""
    return int(back <= 0 or back < gross)
