"""The day a 接龙 says it is for: a date in its title. Nothing is guessed but the nearest year."""

from __future__ import annotations

import re
from datetime import date
from unicodedata import normalize

from qunguan.domain.numerals import numeral

_SHAPES = tuple(
    re.compile(r"(?<![\d.])" + shape, re.ASCII)
    for shape in (
        r"(?:(\d{4})\s?年\s?)?(\d{1,2})\s?月\s?(\d{1,2})\s?[日号]",
        r"()(\d{1,2})\.(\d{1,2})[日号]",  # 6.26 alone may be a price, a version, a distance
        r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)",
    )
)
# Beside one of these a date is the edge of a range or a deadline, not the day of the list.
_BEFORE = re.compile(r"(?:[-~—–至到从自前]|截止)[\s:]*\Z")
_AFTER = re.compile(r"\s*(?:[-~—–至到起前后]|[之以][前后]|截止|开始|开营|结束)")


# 第1天到第7天 and 前3天 are no day's number; 21天打卡 is how long the camp is.
_NUMBERED = re.compile(r"第\s*([\d零〇一二两三四五六七八九十]{1,5})\s*天|\bday\s*\.?\s*(\d{1,4})(?!\d)", re.IGNORECASE)


def stated_day(title: str, near: date) -> tuple[str, date] | None:
    """The one day a title names, as it is written there, and which day that is: 6月26日, 6.26日, 2026-06-26.

    Without a year it is the nearest such day to `near`. None for no date, several, a range, a deadline, or a day that
    does not exist.
    """
    text = normalize("NFKC", title)
    found = [one for shape in _SHAPES for one in shape.finditer(text)]
    if len(found) != 1:
        return None
    one = found[0]
    if _BEFORE.search(text, 0, one.start()) or _AFTER.match(text, one.end()):
        return None
    year, month, day = one.groups()
    years = (int(year),) if year else (near.year - 1, near.year, near.year + 1)
    days = [known for each in years if (known := _day(each, int(month), int(day))) is not None]
    return (one[0], min(days, key=lambda known: abs(known - near))) if days else None


def stated_number(title: str) -> int | None:
    """The one day of a camp that a title names by its number: 第3天, 第十二天, Day 3. None for none or several."""
    text = normalize("NFKC", title)
    found = {numeral(one[1] or one[2]) for one in _NUMBERED.finditer(text)}
    return found.pop() if len(found) == 1 else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
