"""The statements of a unit of work, once for each table: Core takes three times as long to build one as to run it."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Delete, Insert, Select, Table, Update, bindparam, delete, func, insert, select, update

from qunguan.store.dialect import listed


@cache
def insert_row(table: Table) -> Insert:
    """One row, or many with the same columns."""
    return insert(table)


@cache
def row_by_id(table: Table) -> Select[Any]:
    """The whole row `row_id`."""
    return select(table).where(table.c.id == bindparam("row_id"))


@cache
def update_row(table: Table) -> Update:
    """Columns of the row `row_id`."""
    return update(table).where(table.c.id == bindparam("row_id"))


@cache
def delete_row(table: Table) -> Delete:
    """The row `row_id`."""
    return delete(table).where(table.c.id == bindparam("row_id"))


@cache
def newest_id(table: Table) -> Select[Any]:
    """The highest id."""
    return select(func.max(table.c.id))


@cache
def some_columns(table: Table, names: tuple[str, ...]) -> Select[Any]:
    """These columns of the rows `row_ids`."""
    return select(*(table.c[name] for name in names)).where(table.c.id.in_(listed("row_ids")))


@cache
def some_values(table: Table, names: tuple[str, ...]) -> Update:
    """These columns of the row `row_id`, each from `new_` and its name."""
    return update_row(table).values({name: bindparam(f"new_{name}") for name in names})
