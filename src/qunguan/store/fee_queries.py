"""What came in for ads and deals: one statement a book, by the days the money moved (S3-30, S3-35)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Column, Table, select

from qunguan.domain.fees import Paid, Payment
from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.session import Session


def between(
    session: Session, paid: Table, whose: Column[int], name: Column[str], first: date, last: date, group_id: int | None
) -> tuple[Payment, ...]:
    """The payments of a book from a day to a day, of a group or of all (None), in the order of their days.

    `paid` is the table of the payments, `whose` its column that points at the book, `name` the book's column.
    """
    book = name.table
    query = (
        select(paid.c.biz_date, name.label("name"), book.c.group_id, paid.c.amount_fen)
        .join(book, book.c.id == whose)
        .where(paid.c.biz_date.between(first, last))
    )
    if group_id is not None:
        query = query.where(book.c.group_id == group_id)
    rows = session.rows(query.order_by(paid.c.biz_date, paid.c.id))
    return tuple(Payment(row.biz_date, row.name, row.group_id, row.amount_fen) for row in rows)


def of_some(
    session: Session, paid: Table, whose: Column[int], ids: Iterable[int], day: date
) -> dict[int, tuple[Paid, ...]]:
    """The payments of these ads or deals by the end of a day, in the order of their days."""
    query = select(paid, whose.label("of_id")).where(whose.in_(IDS), paid.c.biz_date <= day)
    rows = in_chunks(session, query.order_by(paid.c.biz_date, paid.c.id), list(ids))
    return grouped((row.of_id, Paid(row.id, row.biz_date, row.amount_fen, row.note)) for row in rows)


def grouped(pairs: Iterable[tuple[int, Any]]) -> dict[int, tuple[Any, ...]]:
    """Values by their key, in the order they came."""
    found: dict[int, list[Any]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}
