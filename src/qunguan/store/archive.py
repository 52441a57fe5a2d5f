"""Every row of every table on its way out of a file, and into an empty one; as stored, past the session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, Table
from sqlalchemy.exc import IntegrityError

from qunguan.domain.archive import Field, Kind, Row, Shape
from qunguan.domain.errors import BadInput
from qunguan.store.dialect import own_dialect, stamp
from qunguan.store.disk import private_folder, settle_new, unfinished
from qunguan.store.engine import make_engine, write_transaction
from qunguan.store.faults import told_plainly
from qunguan.store.lock import StoreLock
from qunguan.store.migrations import SCHEMA_VERSION
from qunguan.store.schema import create_schema, tables
from qunguan.store.seals import is_sealed

_AT_ONCE = 5_000  # rows
_KINDS: dict[str, Kind] = {"INTEGER": "integer", "TEXT": "string"}


@cache
def shapes() -> tuple[Shape, ...]:
    """Every table that is not counted from others, those that are pointed at first."""
    return tuple(_shape(table) for table in tables() if is_sealed(table))


def _shape(table: Table) -> Shape:
    fields = tuple(
        Field(
            column.name,
            _KINDS[column.type.compile(own_dialect())],
            needed=not column.nullable and column.server_default is None,
        )
        for column in table.columns
    )
    links = tuple((column.name, key.column.table.name) for column in table.columns for key in column.foreign_keys)
    return Shape(table.name, fields, links)


def stored(conn: Connection, shape: Shape) -> Iterator[Row]:
    """The rows of a table by id, as they stand in the file."""
    names = ", ".join(f'"{field.name}"' for field in shape.fields)
    found = conn.exec_driver_sql(f'SELECT {names} FROM "{shape.name}" ORDER BY id').cursor
    while rows := found.fetchmany(_AT_ONCE):
        yield from rows


def fill(conn: Connection, shape: Shape, rows: Iterable[Row]) -> None:
    """Put rows into an empty table. Raises BadInput for one that its rules refuse."""
    names = ", ".join(f'"{field.name}"' for field in shape.fields)
    places = ", ".join("?" * len(shape.fields))
    waiting = iter(rows)
    while portion := list(islice(waiting, _AT_ONCE)):
        try:
            conn.exec_driver_sql(f'INSERT INTO "{shape.name}" ({names}) VALUES ({places})', portion)
        except IntegrityError as error:
            raise BadInput("a row breaks the rules of its table: {problem}", where=shape.name,
                           problem=str(error.orig)) from None  # fmt: skip


def takes(shape: Shape) -> bool:
    """Whether rows of this shape fit a table of ours: it knows every column, and needs none that is missing."""
    known = next((each for each in shapes() if each.name == shape.name), None)
    if known is None:
        return False
    ours = {field.name: field for field in known.fields}
    given = {field.name: field.kind for field in shape.fields}
    return given.keys() <= ours.keys() and all(
        given.get(name, field.kind) == field.kind and (name in given or not field.needed)
        for name, field in ours.items()
    )


def make_file(path: Path, fill_it: Callable[[Connection], None]) -> bool:
    """Make a database at `path` and have it filled before it takes its name: whole or not at all. False when there is
    a file by then.
    """
    with told_plainly(path):
        private_folder(path.parent)
        lock = StoreLock(path)
        lock.acquire_alone()
        try:
            with unfinished(path.parent) as part:
                engine = make_engine(part, journal="MEMORY")  # nobody's yet
                try:
                    with write_transaction(engine) as conn:
                        stamp(conn, SCHEMA_VERSION)
                        create_schema(conn)
                        fill_it(conn)
                finally:
                    engine.dispose()
                return settle_new(part, path)
        finally:
            lock.release()
