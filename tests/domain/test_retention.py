"""Cells of time, ripeness, and the lines of the triangle."""

from __future__ import annotations

from datetime import date

import pytest

from qunguan.domain.checkin_outcomes import Rate
from qunguan.domain.retention import CELLS, Cell, Cohort, Counted, Kind, line, lines

FIRST = date(2025, 8, 1)  # a Friday


def counted(born: date, size: int, **kept: int) -> Counted:
    """Those of one day; d1=2 means that two were active on day 1, and not later."""
    cells = tuple(kept.get(f"{'w' if cell.weekly else 'd'}{cell.number}", 0) for cell in CELLS)
    return Counted(born, size, cells, cells)


def test_the_days_of_a_cell() -> None:
    assert (Cell(7, False).starts(FIRST), Cell(7, False).ends(FIRST)) == (date(2025, 8, 8), date(2025, 8, 8))
    assert (Cell(1, True).starts(FIRST), Cell(1, True).ends(FIRST)) == (date(2025, 8, 4), date(2025, 8, 10))


def test_a_cell_nobody_can_have_reached_is_unknown() -> None:
    (found,) = lines([counted(FIRST, 4, d1=1)], Kind.CLASSIC, Cohort.DAY, date(2025, 8, 7), FIRST)
    assert found.cells[1] == Rate(0.25, 4)
    assert found.cells[3] == Rate(0.0, 4)
    assert found.cells[7] is None


def test_a_week_counts_only_those_whose_day_is_over() -> None:
    members = [counted(date(2025, 8, 4), 2, d7=1), counted(date(2025, 8, 6), 3, d7=3)]
    (found,) = lines(members, Kind.CLASSIC, Cohort.WEEK, date(2025, 8, 11), FIRST)
    assert (found.start, found.size) == (date(2025, 8, 4), 5)
    assert found.cells[7] == Rate(0.5, 2), "the other three are not there yet"
    assert found.weeks[1] is None
    assert line(FIRST, members, Kind.CLASSIC, date(2025, 8, 13), FIRST).cells[7] == Rate(0.8, 5)


def test_days_without_anybody_have_no_line() -> None:
    assert lines([counted(FIRST, 0)], Kind.CLASSIC, Cohort.DAY, FIRST, FIRST) == ()


@pytest.mark.parametrize("kind", Kind)
def test_a_cell_that_begins_before_anything_is_told_is_unknown(kind: Kind) -> None:
    members = [counted(FIRST, 4), counted(date(2025, 8, 3), 2, d7=1)]  # a Friday and a Sunday of one week
    late = date(2025, 10, 1)
    (found,) = lines(members, kind, Cohort.WEEK, late, date(2025, 8, 9))
    assert (found.size, found.cells[1], found.cells[3]) == (6, None, None)
    assert found.cells[7] == Rate(0.5, 2), "day 7 of the four was the day before anything is told"
    assert found.cells[14] == Rate(0.0, 6)
    assert (found.weeks[1], found.weeks[2]) == (None, Rate(0.0, 6)), "the first week is told of in part only"
    (dark,) = lines(members, kind, Cohort.WEEK, late, None)
    assert {*dark.cells.values(), *dark.weeks.values()} == {None}
