"""The digest of a row: the CRC-32 of one text, which says every stored value of it, by the names of its columns.

The text is a JSON array. SQLite makes it of a row that stands in the file, Python of one that goes in, without reading
it back; both say the same, letter for letter, of whole numbers, texts and NULL. Other values are left to SQLite.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from json.encoder import encode_basestring
from typing import Any
from zlib import crc32

from sqlalchemy import Column, Connection, CursorResult, DefaultClause, Dialect, Table

_SAID: dict[str, Callable[[Any], str]] = {"INTEGER": int.__repr__, "TEXT": encode_basestring}
"""A value as JSON has it, by the type its column is declared with; each raises TypeError for any other value."""
_NULL = "null"


def columns_of(table: Table) -> tuple[str, ...]:
    """The names of the columns, in the order the text has them."""
    return tuple(sorted(table.c.keys()))


@cache
def text_of(name: str, columns: tuple[str, ...]) -> str:
    """The select of id and text of the table `name`, to be gone on with a condition on the id.

    Bytes, because damaged text need not be text any more.
    """
    named = ", ".join(f'"{column}"' for column in columns)
    return f'SELECT id, CAST(json_array({named}) AS BLOB) FROM "{name}" WHERE id'


def digested(result: CursorResult[Any]) -> dict[int, int]:
    """The digests, by id, of rows that `text_of` selects; 0 is kept for no row."""
    return {row_id: crc32(text) or 1 for row_id, text in result.cursor.fetchall()}


def digests_of(conn: Connection, table: Table, ids: range, given: Mapping[str, Sequence[Any]]) -> list[int] | None:
    """The digests of new rows: `given` has, by column, the values the driver was given, in the order of `ids`.

    None where a value is not of its column's own type: only SQLite knows what it made of it.
    """
    try:
        texts = _texts(table, conn.dialect, {**given, "id": ids})
    except TypeError:
        return None
    return [crc32(text) or 1 for text in texts]


def _texts(table: Table, dialect: Dialect, given: Mapping[str, Sequence[Any]]) -> list[bytes]:
    """Column by column: what is the same in every row, or in many, is said once."""
    pieces: list[list[bytes]] = []
    before, count = "[", len(given["id"])
    for name, say, default in _columns(table, dialect):
        values = given.get(name, ())
        distinct = set(values)
        if len(distinct) < 2 and name != "id":
            before += (_say(say, *distinct) if distinct else default) + ","
            continue
        if 3 * len(distinct) > count and None not in distinct:
            texts = f"\0{before}".join(map(say, values))  # JSON says a NUL of a text in other letters
            pieces.append(f"{before}{texts}".encode().split(b"\0"))
        else:
            said = {value: (before + _say(say, value)).encode() for value in distinct}
            pieces.append(list(map(said.__getitem__, values)))
        before = ","
    pieces.append([(before[:-1] + "]").encode()] * count)
    return list(map(b"".join, zip(*pieces, strict=True)))


def _say(say: Callable[[Any], str], value: Any) -> str:
    return _NULL if value is None else say(value)


@lru_cache(maxsize=64)
def _columns(table: Table, dialect: Dialect) -> list[tuple[str, Callable[[Any], str], str]]:
    """Name of each column, how its values are said, and the text of what it has where nothing is given."""
    kinds = ((table.c[name], table.c[name].type.compile(dialect)) for name in columns_of(table))
    return [(column.name, _SAID.get(kind, _unsaid), _default(column, kind)) for column, kind in kinds]


def _default(column: Column[Any], kind: str) -> str:
    if not isinstance(column.server_default, DefaultClause):
        return _NULL
    value = str(column.server_default.arg)
    return _SAID.get(kind, _unsaid)(int(value) if kind == "INTEGER" else value)


def _unsaid(_value: Any) -> str:
    raise TypeError
