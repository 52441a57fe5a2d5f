"""Many rows at once, near the speed of the driver.

`Connection.execute` builds a parameter set for every row and asks every type to convert every value. Here a column at a
time is converted, and what repeats, as days and moments do in bulk work, is converted once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Connection, Table, insert


def insert_rows(conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]], **same: Any) -> None:
    """Insert rows that all have the keys of the first; `same` are columns with one value for all of them.

    For tables without JSON, whose values cannot be remembered.
    """
    names = rows[0].keys() | same.keys()
    columns = [column for column in table.columns if column.name in names]  # the order the statement names them in
    statement = insert(table).compile(dialect=conn.dialect, column_keys=[column.name for column in columns])
    lists = [
        _stored(conn, column, [same[column.name]]) * len(rows)
        if column.name in same
        else _stored(conn, column, map(itemgetter(column.name), rows))
        for column in columns
    ]
    conn.exec_driver_sql(str(statement), list(zip(*lists, strict=True)))


def _stored(conn: Connection, column: Column[Any], values: Iterable[Any]) -> list[Any]:
    """The values of a column as the driver takes them."""
    convert = column.type.dialect_impl(conn.dialect).bind_processor(conn.dialect)
    if convert is None:
        return list(values)
    known: dict[Any, Any] = {}
    stored = []
    for value in values:
        if value not in known:
            known[value] = convert(value)
        stored.append(known[value])
    return stored
