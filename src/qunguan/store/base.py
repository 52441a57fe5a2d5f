"""What every table shares: the metadata, STRICT columns, and the types SQLite does not have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Column, Dialect, Integer, MetaData, Table, TypeDecorator, types
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import SchemaItem

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)


def _strict_name(name: str, *kinds: type[types.TypeEngine[Any]]) -> None:
    """STRICT tables accept five type names only; say TEXT or INTEGER for ours, on SQLite alone."""
    for kind in kinds:

        @compiles(kind, "sqlite")
        def _compile(element: object, compiler: object, _name: str = name, **kw: object) -> str:
            return _name


_strict_name("TEXT", types.String, types.VARCHAR, types.Text, types.DateTime, types.Date, types.JSON)
_strict_name("INTEGER", types.Boolean, types.BigInteger, types.SmallInteger)


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored as ISO-8601 text in UTC: 2026-03-01T12:00:00Z."""

    impl = types.String
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Text of the moment in UTC; a naive datetime is a programming error."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the store")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """The aware moment that was stored."""
        return None if value is None else datetime.fromisoformat(value)


def table(name: str, *items: SchemaItem, append_only: bool = False, cache: bool = False) -> Table:
    """Declare a STRICT table with an `id` that is never reused.

    `append_only` marks a ledger: the schema adds triggers that refuse UPDATE and DELETE, and the journal lets it take
    inserts only. `cache` marks what is counted from other tables: it is not journalled, and doctor compares it.
    """
    return Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True),
        *items,
        sqlite_strict=True,
        sqlite_autoincrement=True,
        info={"append_only": append_only, "cache": cache},
    )


def plain(value: Any) -> Any:
    """A column value as JSON can hold it, for journal images."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if isinstance(value, date | time) else value


def revive(table: Table, image: Mapping[str, Any]) -> dict[str, Any]:
    """The values a journal image stands for: dates and moments again, JSON as it was."""
    return {name: _revived(table.c[name], value) for name, value in image.items()}


def _revived(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, types.Date):
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if isinstance(column.type, Moment) else value
