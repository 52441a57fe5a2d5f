"""Birthdays as people write them: `1990-03-05`, `3月5日`, `农历三月初五`, `闰四月十二`, `腊月廿三`."""

from __future__ import annotations

import re
from datetime import date

from qunguan.domain.errors import BadInput
from qunguan.domain.members import Birthday
from qunguan.domain.numerals import NUMERAL, numeral
from qunguan.exchange.readers.cells import date_cell, folded
from qunguan.i18n import N_

_LUNAR = re.compile(r"农历|阴历|旧历|lunar", re.IGNORECASE)
_SOLAR = re.compile(r"公历|阳历|新历|国历|solar", re.IGNORECASE)
_MARKS = re.compile(r"[()\[\]\s:,]+|生日|生$")
_MONTHS = {"正": 1, "元": 1, "冬": 11, "腊": 12}
_NUMERIC = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})[日号]?", re.ASCII)
_SPOKEN = re.compile(
    rf"(?:(\d{{4}})年?)?(闰)?(正|元|冬|腊|{NUMERAL}{{1,2}}|\d{{1,2}})月"
    rf"(初?{NUMERAL}{{1,3}}|[廿卅]{NUMERAL}?|初?\d{{1,2}})([日号])?",
    re.ASCII,
)
_LEAP_YEAR = 2000  # a year in which every solar day exists


def birthday_cell(value: str) -> Birthday:
    """The birthday in a cell, with its year where one is given (of the same calendar).

    Lunar when it says so (农历, 阴历) or could be nothing else (初五, 廿三, 腊月, 闰). `三月十二` without either
    word is refused: both readings are common. Raises `BadInput` for that, for what is no birthday, and for days
    that do not exist.
    """
    text = folded(value)
    lunar, solar = _LUNAR.search(text) is not None, _SOLAR.search(text) is not None
    bare = text if not (lunar or solar) else _SOLAR.sub("", _LUNAR.sub("", text))
    bare = re.sub("^农|农$", "", bare) if not (lunar or solar) else bare
    lunar = lunar or (bare != text and not solar)
    plain = _MARKS.sub("", bare)
    numeric = _NUMERIC.fullmatch(plain)
    if numeric:
        year, month, day = numeric.groups()
        return _checked(Birthday(int(month), int(day), lunar, year=int(year) if year else None), text)
    spoken = _SPOKEN.fullmatch(plain)
    if spoken and not (lunar and solar):
        return _checked(_spoken(spoken, lunar, solar, text), text)
    if not lunar:
        day_of = date_cell(bare)
        return Birthday(day_of.month, day_of.day, year=day_of.year)
    raise _refused(text)


def _spoken(found: re.Match[str], lunar: bool, solar: bool, text: str) -> Birthday:
    year, leap, month, day, suffix = found.groups()
    only_lunar = bool(leap) or month in ("正", "冬", "腊") or day[0] in "初廿卅"
    if only_lunar and solar:
        raise _refused(text)
    if not (lunar or solar or only_lunar or suffix):
        hint = N_("Put 农历 or 公历 before it.")
        raise BadInput("“{value}” may be a lunar or a solar birthday", hint=hint, value=text[:40])
    return Birthday(
        _MONTHS.get(month) or numeral(month),
        numeral(day.removeprefix("初")),
        lunar or only_lunar,
        leap=bool(leap),
        year=int(year) if year else None,
    )


def _checked(birthday: Birthday, text: str) -> Birthday:
    """A lunar month has up to 30 days; a solar day must exist in its year, or in some year."""
    if birthday.year is not None and not 1900 <= birthday.year <= 2100:
        raise _refused(text)
    try:
        if birthday.lunar:
            exists = 1 <= birthday.month <= 12 and 1 <= birthday.day <= 30
        else:
            exists = bool(date(birthday.year or _LEAP_YEAR, birthday.month, birthday.day))
    except ValueError:
        exists = False
    if not exists:
        raise BadInput("there is no such day as {value}", hint="Look it up in the calendar.", value=text[:40])
    return birthday


def _refused(text: str) -> BadInput:
    hint = N_("Write it like 1990-03-05, 3月5日 or 农历三月初五.")
    return BadInput("“{value}” is not a birthday", hint=hint, value=text[:40])
