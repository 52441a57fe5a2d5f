"""Many values in one place of a statement."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Column, Date, Integer, MetaData, String, Table, create_engine, insert, select

from qunguan.store.dialect import listed


@pytest.mark.parametrize(
    ("kind", "there", "asked", "found"),
    [
        (Integer, [1, 2, 3], [3, 1, 3, 9], [1, 3]),
        (Integer, [1, 2, 3], [], []),
        (Integer, [1, 99_999], range(100_000), [1, 99_999]),
        (String, ["1", "O'Hara", "阿梨", '"'], ("O'Hara", '"', "阿梨", "1 "), ["O'Hara", "阿梨", '"']),
        (Date, [date(2026, 3, 1), date(2026, 3, 2)], {date(2026, 3, 2)}, [date(2026, 3, 2)]),
    ],
)
def test_any_number_of_values_stands_in_one_place(kind, there, asked, found):
    table = Table("there", MetaData(), Column("id", Integer, primary_key=True), Column("value", kind))
    engine = create_engine("sqlite://")
    with engine.begin() as conn:
        table.create(conn)
        conn.execute(insert(table), [{"value": each} for each in there])
        wanted = select(table.c.value).where(table.c.value.in_(listed("asked"))).order_by(table.c.id)
        assert list(conn.scalars(wanted, {"asked": asked})) == found
    engine.dispose()
