"""SQL that only SQLite understands, for tables and queries.

What handles the file itself (engine, gate, backup, migrate) is SQLite by nature and speaks it directly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Select,
    String,
    Table,
    TableValuedAlias,
    TypeDecorator,
    bindparam,
    func,
    select,
)

from qunguan.store.gate import APPLICATION_ID

SchemaText = dict[tuple[str, str], str]


# --- the append-only ledger -------------------------------------------------------------------------------------------


@cache
def own_dialect() -> Dialect:
    """What DDL is compiled for: the same for every connection, so that it is compiled once."""
    from sqlalchemy.dialects.sqlite import dialect

    return dialect()


def append_only_triggers(table: Table | str) -> list[str]:
    """DDL of the two triggers that refuse UPDATE and DELETE on `table` (semantics 3.3).

    OR REPLACE is covered too, because every connection sets `recursive_triggers`.
    """
    name = table if isinstance(table, str) else table.name
    return [
        f"CREATE TRIGGER {name}_no_{verb.lower()} BEFORE {verb} ON {name} "
        f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ]


# --- many values as one -----------------------------------------------------------------------------------------------


class _Listed(TypeDecorator[Iterable[Any]]):
    """Row ids, texts or days as one bound value: a JSON list."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Iterable[Any] | None, dialect: object) -> str:
        """The list in JSON; days as they are stored."""
        return json.dumps(list(value or ()), default=str)


def listed(name: str) -> Select[Any]:
    """The values bound to `name` as a subselect, for `column.in_(…)`: any number of them, in one bound value.

    An expanding IN writes a place for each value into the text of the statement, at every call anew: for a few
    thousand ids that takes longer than the answer.
    """
    values = func.json_each(bindparam(name, type_=_Listed())).table_valued("value")
    return select(values.c.value)


def json_entries(column: ColumnElement[Any]) -> TableValuedAlias:
    """The entries of a JSON object as rows of `key` and `value`, to join its own row with.

    A path cannot name every key: SQLite knows no escapes in it.
    """
    return func.json_each(column).table_valued("key", "value")


# --- who wrote, and what the file is ----------------------------------------------------------------------------------


def data_version(conn: Connection) -> int:
    """A number that changes when another connection has committed to the file; our own commits do not move it."""
    return int(conn.exec_driver_sql("PRAGMA data_version").scalar_one())


def write_mark(conn: Connection) -> tuple[int, int]:
    """Two numbers of which one changes with every write to the file, be it ours or another connection's.

    Ours count from when they are made, not from when they are committed.
    """
    return data_version(conn), int(conn.connection.driver_connection.total_changes)  # type: ignore[union-attr]


def stamp(conn: Connection, version: int) -> None:
    """Write the application id and the schema version; both belong to the running transaction."""
    conn.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
    set_schema_version(conn, version)


def set_schema_version(conn: Connection, version: int) -> None:
    """Write the schema version; it belongs to the running transaction."""
    conn.exec_driver_sql(f"PRAGMA user_version={int(version)}")


def owner(conn: Connection) -> int:
    """The application id the file carries."""
    return int(conn.exec_driver_sql("PRAGMA application_id").scalar_one())


def schema_version(conn: Connection) -> int:
    """The schema version the file carries."""
    return int(conn.exec_driver_sql("PRAGMA user_version").scalar_one())


def next_ids(conn: Connection) -> dict[str, int]:
    """The id given last, by table: none is ever given twice."""
    given = conn.exec_driver_sql("SELECT name, seq FROM sqlite_sequence ORDER BY name")
    return {name: int(last) for name, last in given}


def set_next_ids(conn: Connection, last: Mapping[str, int]) -> None:
    """Go on giving ids behind these."""
    conn.exec_driver_sql("DELETE FROM sqlite_sequence")
    if last:
        conn.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", list(last.items()))


def schema_text(conn: Connection) -> SchemaText:
    """What the file's own list says of everything in it, by (type, name): whose it is and its DDL, levelled.

    Spacing and identifier quotes do not count. Equal texts mean the same tables, CHECKs, indexes and triggers, whether
    made at once or by migrations. What SQLite makes by itself has no DDL; its type and table may be damaged too.
    """
    rows = conn.exec_driver_sql(
        "SELECT CAST(type AS BLOB), CAST(name AS BLOB), CAST(tbl_name AS BLOB), CAST(coalesce(sql, '') AS BLOB)"
        " FROM sqlite_master WHERE name NOT LIKE 'sqlite!_stat%' ESCAPE '!'"
    )
    texts = ((part.decode(errors="replace") for part in row) for row in rows)  # damaged text need not be text any more
    return {(kind, name): f"{table}: {_level(sql)}" for kind, name, table, sql in texts}


@lru_cache(maxsize=1000)  # a file says what the fresh one beside it says
def _level(sql: str) -> str:
    sql = re.sub(r"\s+", " ", re.sub(r'["`]', "", sql))
    return re.sub(r" ?([(),]) ?", r"\1", sql).strip()
