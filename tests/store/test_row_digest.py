"""A row that goes in and the same row read back have one digest, whatever its table and its values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, Boolean, Column, Connection, Date, DefaultClause, Integer, MetaData, Table, create_engine

from qunguan.store.base import Moment
from qunguan.store.bulk import insert_rows
from qunguan.store.row_digest import digests_of
from qunguan.store.schema import tables
from qunguan.store.seals import digests, is_sealed

SEALED = {table.name: table for table in tables() if is_sealed(table)}


def bare(table: Table) -> Table:
    """The table without what restricts its values: keys, CHECKs, unique indexes."""
    columns = [
        Column(
            column.name,
            column.type,
            primary_key=column.primary_key,
            nullable=column.nullable,
            server_default=str(column.server_default.arg) if isinstance(column.server_default, DefaultClause) else None,
        )
        for column in table.columns
    ]
    return Table(table.name, MetaData(), *columns, sqlite_strict=True, sqlite_autoincrement=True)


BARE = [bare(table) for table in SEALED.values()]
KINDS: dict[type, st.SearchStrategy[Any]] = {
    Integer: st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3) | st.booleans(),
    Boolean: st.booleans(),
    Date: st.dates(),
    Moment: st.datetimes(timezones=st.just(UTC)),
    JSON: st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=5,
    ),
}
WORDS = st.text(max_size=20) | st.sampled_from(
    ["", "打卡", '"', "\\", "\x00\x01\x1f\x7f\x80", "\u2028\ufeff\uffff", "🍀", "null"]
)


def value_of(column: Column[Any]) -> st.SearchStrategy[Any]:
    value = KINDS.get(type(column.type), WORDS)
    return value | st.none() if column.nullable else value


@st.composite
def batches(draw: st.DrawFn) -> tuple[Table, list[dict[str, Any]]]:
    """A table and rows that all give the same columns; some columns have the same value throughout."""
    table = draw(st.sampled_from(BARE))
    columns = [column for column in table.columns if column.name != "id"]
    optional = [column for column in columns if column.nullable or column.server_default is not None]
    left = draw(st.sets(st.sampled_from(optional))) if optional else set()
    count = draw(st.integers(2, 8))
    rows: list[dict[str, Any]] = [{} for _row in range(count)]
    for column in columns:
        if column not in left or len(left) == len(columns):
            value, same = value_of(column), draw(st.booleans())
            drawn = [draw(value)] * count if same else [draw(value) for _row in rows]
            for row, each in zip(rows, drawn, strict=True):
                row[column.name] = each
    return table, rows


@pytest.fixture(scope="module")
def conn():
    engine = create_engine("sqlite://")
    with engine.connect() as conn:
        for table in BARE:
            table.create(conn)
        yield conn
    engine.dispose()


def both(conn: Connection, table: Table, rows: list[dict[str, Any]]) -> tuple[list[int] | None, list[int]]:
    """The digests from what goes in, and from what stands in the table then."""
    with conn.begin_nested() as nested:
        given = insert_rows(conn, table, rows, {})
        ids = range(1, len(rows) + 1)
        made, read = digests_of(conn, table, ids, given), digests(conn, table, ids)
        nested.rollback()
    return made, [read[row_id] for row_id in ids]


@settings(max_examples=400, deadline=None)
@given(batch=batches())
def test_in_memory_and_read_back_agree(conn, batch):
    made, read = both(conn, *batch)
    assert made == read


def test_the_defaults_of_every_table_are_known(conn):
    for table in BARE:
        needed = [column for column in table.columns if not column.nullable and column.server_default is None]
        filled = {
            column.name: {Date: date(2026, 3, 20), Moment: datetime(2026, 3, 20, tzinfo=UTC), JSON: {}, Integer: 1}.get(
                type(column.type), 1 if isinstance(column.type, Boolean) else "x"
            )
            for column in needed
            if column.name != "id"
        }
        made, read = both(conn, table, [filled or {"id": n} for n in (1, 2)])
        assert made == read, table.name


@pytest.mark.parametrize("odd", ["7", 7.0, True])
def test_a_value_that_sqlite_makes_another_of_is_never_sealed_as_it_was_given(conn, odd):
    [alloc] = (table for table in BARE if table.name == "point_alloc")
    row = {"entry_id": 1, "lot_id": 1, "amount": 5, "biz_date": date(2026, 3, 20), "step_id": 1}
    made, read = both(conn, alloc, [row, {**row, "amount": odd}])
    assert made in (None, read)


@pytest.mark.parametrize("odd", [7, True])
def test_a_number_in_a_text_column_is_left_to_sqlite(conn, odd):
    [tag] = (table for table in BARE if table.name == "tag")
    made, read = both(conn, tag, [{"category": "", "name": odd}, {"category": "", "name": "x"}])
    assert made in (None, read)


def test_sealed_columns_hold_whole_numbers_and_texts():
    """Engines do not agree on the digits of a REAL, and JSON has no BLOB."""
    dialect = create_engine("sqlite://").dialect
    kinds = {column.type.compile(dialect) for table in SEALED.values() for column in table.columns}
    assert kinds == {"INTEGER", "TEXT"}
