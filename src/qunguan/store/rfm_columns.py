"""Columns of many buyers: at a million of them the rows cost more than their sums, so each column comes as one text.

And what every statement about their orders shares: orders that count by a day, and what went back by then.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, bindparam, func, select

from qunguan.store.member_queries import driver_rows
from qunguan.store.orders import order_refund, shop_order
from qunguan.store.session import Session
from qunguan.values import frozen

_o, _r = shop_order.c, order_refund.c
DAY, OFTEN, MUCH = (bindparam(name, type_=Date) for name in ("day", "often", "much"))
BACK = (
    select(_r.order_id, func.sum(_r.amount_fen).label("fen"))
    .where(_r.biz_date <= DAY)
    .group_by(_r.order_id)
    .subquery("back")
)
BY_NOW = (_o.counts, _o.biz_date <= DAY)


@frozen
class Windows:
    """The first days from which purchases and money count (None: ever), and whether a day is one purchase."""

    often: date | None = None
    much: date | None = None
    merge: bool = True

    def purchases(self, days: Sequence[str]) -> int:
        """How many purchases orders of these days are, in their window."""
        inside = [day for day in days if self.often is None or day >= self.often.isoformat()]
        return len(set(inside)) if self.merge else len(inside)

    def pays(self, day: str) -> bool:
        """Whether money of this day is in its window."""
        return self.much is None or day >= self.much.isoformat()


def gross(*, freight_out: bool) -> ColumnElement[int]:
    """What an order is worth before anything goes back."""
    return _o.amount_fen - _o.freight_fen if freight_out else _o.amount_fen


def went_back(worth: int, back: int) -> bool:
    """Whether an order went back whole, so that it is none."""
    return 0 < back >= worth


def texts(session: Session, query: Select[Any], params: dict[str, Any]) -> tuple[str, ...]:
    """Every column of a select as one text with commas; nothing where there are no rows."""
    labelled = query.with_only_columns(*(each.label(f"c{place}") for place, each in enumerate(query.selected_columns)))
    whole = select(*(func.aggregate_strings(column, ",") for column in labelled.subquery("found").c))
    ((first, *others),) = driver_rows(session, whole, **params)
    return () if first is None else (first, *others)


def numbers(text: str) -> array[int]:
    """A column of integers."""
    return array("q", json.loads(f"[{text}]"))


def days(text: str) -> list[date]:
    """A column of days."""
    return list(map(_Days().__getitem__, text.split(",")))


class _Days(dict[str, date]):
    """Days by their text: there are few, and many buyers have the same."""

    def __missing__(self, text: str) -> date:
        self[text] = found = date.fromisoformat(text)
        return found
