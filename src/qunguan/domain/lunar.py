"""The lunar calendar: the months of each year.

The table is presets/lunar.txt, made by scripts/make_lunar.py; a year of it is read when it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from qunguan.domain.errors import BadInput

_PRESET = Path(__file__).parents[1] / "presets" / "lunar.txt"
_SHORT = 29


@cache
def months(year: int) -> Mapping[int, tuple[date, int]]:
    """The months of a lunar year in order, a leap month by its negative number: first day, how many days.

    Raises BadInput for a year the table does not have.
    """
    first_year, lines = _table()
    if not 0 <= year - first_year < len(lines):
        raise BadInput("there is no lunar calendar for the year {year}", year=year)
    _year, begins, leap, longs = lines[year - first_year].split()
    numbers = list(range(1, 13))
    if leap != "0":
        numbers.insert(int(leap), -int(leap))
    day = date.fromisoformat(f"{year}-{begins}")
    found: dict[int, tuple[date, int]] = {}
    for number, long in zip(numbers, longs, strict=True):
        found[number] = day, _SHORT + int(long)
        day += timedelta(days=found[number][1])
    return found


@cache
def _table() -> tuple[int, list[str]]:
    """The first year of the table, and its lines."""
    lines = _PRESET.read_text(encoding="ascii").splitlines()[1:]
    return int(lines[0].split()[0]), lines
