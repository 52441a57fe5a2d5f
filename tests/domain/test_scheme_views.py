"""Two schemes crossed: what is counted, and when those who are in no bucket get a line of their own."""

from __future__ import annotations

from datetime import date

import pytest

from qunguan.domain.scheme_views import Cross
from qunguan.domain.schemes import Bucket, Scheme

NEW, OLD = Bucket("new", "新人"), Bucket("old", "老人")
BUYER = Bucket("buyer", "买过")


def crossed(cells: dict[tuple[str, str], int]) -> Cross:
    one, two = Scheme("a", "生命周期", "stage"), Scheme("b", "消费", "bucket")
    return Cross(one, two, date(2026, 3, 20), (NEW, OLD), (BUYER,), cells)


def test_none_counts_those_who_are_in_no_bucket():
    table = crossed({("new", "buyer"): 2, ("", "buyer"): 3, ("old", ""): 4})
    assert [table.count(row, column) for row in (NEW, OLD, None) for column in (BUYER, None)] == [2, 0, 0, 4, 3, 0]


@pytest.mark.parametrize(
    ("cells", "rows", "columns"),
    [
        ({}, (NEW, OLD), (BUYER,)),
        ({("new", "buyer"): 1, ("", "buyer"): 0}, (NEW, OLD), (BUYER,)),
        ({("", "buyer"): 1}, (NEW, OLD, None), (BUYER,)),
        ({("new", ""): 1}, (NEW, OLD), (BUYER, None)),
        ({("", ""): 1}, (NEW, OLD, None), (BUYER, None)),
    ],
)
def test_nobodys_line_is_shown_only_where_somebody_is_in_it(cells, rows, columns):
    table = crossed(cells)
    assert (table.shown_rows, table.shown_columns) == (rows, columns)
