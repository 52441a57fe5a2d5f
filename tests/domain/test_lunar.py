"""The table of the lunar calendar against the library it was made with, and against days everybody knows."""

from __future__ import annotations

from datetime import date

import pytest
from lunar_python import LunarYear

from qunguan.domain import lunar
from qunguan.domain.errors import BadInput

NOON = 1_721_425


@pytest.mark.parametrize("year", [1600, 1850, 1984, 2023, 2025, 2033, 2034, 2262, 2600])
def test_the_months_are_those_of_the_library(year):
    library = {
        month.getMonth(): (date.fromordinal(int(month.getFirstJulianDay()) - NOON), month.getDayCount())
        for month in LunarYear.fromYear(year).getMonths()
        if month.getYear() == year
    }
    assert lunar.months(year) == library
    assert list(lunar.months(year)) == list(library)


@pytest.mark.parametrize(
    ("year", "month", "first"),
    [(2024, 1, date(2024, 2, 10)), (2025, 1, date(2025, 1, 29)), (2025, -6, date(2025, 7, 25)),
     (2033, -11, date(2033, 12, 22))],
)  # fmt: skip
def test_known_days(year, month, first):
    assert lunar.months(year)[month][0] == first


def test_each_year_begins_where_the_one_before_ends():
    for year in range(1601, 2601):
        *_, (last, days) = lunar.months(year - 1).values()
        assert (lunar.months(year)[1][0] - last).days == days


@pytest.mark.parametrize("year", [1, 1599, 2601, 9999])
def test_years_beyond_the_table_are_said(year):
    with pytest.raises(BadInput):
        lunar.months(year)
