"""Many rows at once, near the speed of the driver.

`Connection.execute` builds a parameter set for every row and asks every type to convert every value. Here a column at a
time is converted, and what repeats, as days and moments do in bulk work, is converted once.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, Column, Connection, Dialect, Table, insert


@contextmanager
def collector_paused() -> Iterator[None]:
    """Without the cyclic garbage collector: what a bulk plan makes lives until it is written, and walking over it
    again and again, to find nothing, takes a fifth of the time.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def insert_rows(
    conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]], same: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """Insert rows that all have the keys of the first; `same` are columns with one value for all of them.

    Returns by column what the driver was given.
    """
    names = tuple(rows[0])
    taken = zip(*map(itemgetter(*names, names[0]), rows), strict=True)  # one more: of a single name it makes no tuple
    return insert_columns(conn, table, dict(zip(names, taken, strict=False)), same)


def insert_columns(
    conn: Connection, table: Table, values: Mapping[str, Sequence[Any]], same: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """`insert_rows` of rows that are columns already, by name."""
    statement, columns = _prepared(table, conn.dialect, frozenset(values.keys() | same.keys()))
    count = len(next(iter(values.values())))
    given = {
        column.name: _stored(conn, column, [same[column.name]]) * count
        if column.name in same
        else _stored(conn, column, values[column.name])
        for column in columns
    }
    conn.exec_driver_sql(statement, list(zip(*given.values(), strict=True)))
    return given


@lru_cache(maxsize=16)
def _prepared(table: Table, dialect: Dialect, names: frozenset[str]) -> tuple[str, list[Column[Any]]]:
    """The statement, and the columns in the order it names them in."""
    columns = [column for column in table.columns if column.name in names]
    statement = insert(table).compile(dialect=dialect, column_keys=[column.name for column in columns])
    return str(statement), columns


def _stored(conn: Connection, column: Column[Any], values: Sequence[Any]) -> list[Any]:
    """The values of a column as the driver takes them."""
    convert = column.type.dialect_impl(conn.dialect).bind_processor(conn.dialect)
    if convert is None:
        return list(values)
    if isinstance(column.type, JSON):  # whose values cannot be remembered
        return list(map(convert, values))
    stored = {value: convert(value) for value in set(values)}
    return list(map(stored.__getitem__, values))
