"""Write src/qunguan/presets/lunar.txt from lunar_python: when each lunar year begins, and its months.

The library computes a year in 20 ms and takes two MiB; what is needed of it is a table.

Lines: `2025 01-29 6 1010010110110` year, its first day, the month after which the leap month comes (0: none), and for
each month in turn 1 where it has 30 days, 0 where 29.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lunar_python import LunarYear

TARGET = Path(__file__).parents[1] / "src" / "qunguan" / "presets" / "lunar.txt"
HEAD = "# Made by scripts/make_lunar.py with lunar_python (MIT): year, first day, leap month, 1 for a month of 30 days"
YEARS = range(1600, 2601)
NOON = 1_721_425  # from a day's ordinal to its Julian number


def line(year: int) -> str:
    """One lunar year."""
    months = [month for month in LunarYear.fromYear(year).getMonths() if month.getYear() == year]
    first = date.fromordinal(int(months[0].getFirstJulianDay()) - NOON)
    leap = next((-month.getMonth() for month in months if month.getMonth() < 0), 0)
    return f"{year} {first:%m-%d} {leap} " + "".join(str(month.getDayCount() - 29) for month in months)


if __name__ == "__main__":
    TARGET.write_text("\n".join([HEAD, *map(line, YEARS)]) + "\n", encoding="utf-8")
