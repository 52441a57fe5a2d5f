"""Days that come again: every 8th, every Friday, 11-11, 农历正月初一 (C22).

Written as `monthly:8`, `weekly:5` (1 is Monday), `yearly:11-11`, `nth:5-2-7` (the second Sunday of May, 5 is the last
one), `lunar:1-1`, `once:2026-03-08`; people write them in words.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from qunguan.domain import lunar
from qunguan.domain.clock import WEEKDAYS
from qunguan.domain.errors import BadInput
from qunguan.domain.members import Birthday, birthday_text
from qunguan.domain.numerals import NUMERAL, numeral
from qunguan.domain.text import show
from qunguan.i18n import _
from qunguan.values import frozen

Kind = Literal["monthly", "weekly", "yearly", "nth", "lunar", "once"]

_WEEK, _LAST = 7, 5
_YEARS = range(1990, 2201)
_LEAP_YEAR = 2000  # a year in which every solar day exists
_SHAPES: dict[Kind, tuple[int, ...]] = {  # the largest of each number
    "monthly": (31,), "weekly": (_WEEK,), "yearly": (12, 31), "nth": (12, _LAST, _WEEK), "lunar": (12, 30),
    "once": (_YEARS.stop - 1, 12, 31),
}  # fmt: skip
_MONTHS = {"正": 1, "元": 1, "冬": 11, "腊": 12}
_SAME = str.maketrans({"号": "日", "天": "日", "/": "-", ".": "-"})
_NUM = rf"(\d{{1,2}}|{NUMERAL}{{1,3}})"
_LUNAR_DAY = rf"(初?(?:\d{{1,2}}|{NUMERAL}{{1,3}})|[廿卅]{NUMERAL}?)"


@frozen
class Recurrence:
    """One rule of days. `numbers`: the day of the month (29 to 31 are its last day where it is shorter); the weekday;
    month and day; month, which one (5: the last), weekday; lunar month and day (30 is the last); year, month, day."""

    kind: Kind
    numbers: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> Recurrence:
        """Read the written form, or words such as 每月8日, 每周五, 11-11, 5月第二个周日, 农历正月初一, 除夕,
        2026-03-08. Raises BadInput for anything else, and for days that do not exist.
        """
        plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()
        found = _written(plain) or _spoken(plain)
        if found is None or not _exists(found):
            raise BadInput(
                "“{text}” is not a day that comes again",
                hint="write it like 每月8日, 每周五, 11-11, 农历正月初一 or 2026-03-08",
                text=show(text[:40]),
            )
        return found

    def __str__(self) -> str:
        numbers = date(*self.numbers).isoformat() if self.kind == "once" else "-".join(map(str, self.numbers))
        return f"{self.kind}:{numbers}"

    def falls_on(self, day: date) -> bool:
        """Whether this day is one of them."""
        if self.kind == "weekly":
            return day.isoweekday() == self.numbers[0]
        return day in _days_in(self, day.year)

    def next(self, day: date) -> date | None:
        """The first such day from `day` on; None when the only one is past."""
        if self.kind == "weekly":
            return day + timedelta(days=(self.numbers[0] - day.isoweekday()) % _WEEK)
        if self.kind == "once":
            only = date(*self.numbers)
            return only if only >= day else None
        years = range(day.year, day.year + 3)  # a lunar day can miss a solar year
        return next(found for year in years for found in _days_in(self, year) if found >= day)

    def text(self) -> str:
        """The rule as people say it."""
        numbers = self.numbers
        if self.kind == "monthly":
            return _("day {n} of every month", n=numbers[0]) if numbers[0] < 31 else _("the last day of every month")
        if self.kind == "weekly":
            return _("every week on {weekday}", weekday=_(WEEKDAYS[numbers[0] - 1]))
        if self.kind == "nth":
            weekday = _(WEEKDAYS[numbers[2] - 1])
            if numbers[1] == _LAST:
                return _("every year on the last {weekday} of month {month}", weekday=weekday, month=numbers[0])
            return _("every year on {weekday} number {n} of month {month}", weekday=weekday, n=numbers[1],
                     month=numbers[0])  # fmt: skip
        if self.kind == "once":
            return date(*numbers).isoformat()
        return _("every year on {day}", day=birthday_text(Birthday(numbers[0], numbers[1], self.kind == "lunar")))


@lru_cache(maxsize=2048)  # some dozen rules over the years of a community
def _days_in(rule: Recurrence, year: int) -> tuple[date, ...]:
    """The rule's days in a solar year, in order."""
    numbers = rule.numbers
    if rule.kind == "monthly":
        return tuple(date(year, month, min(numbers[0], monthrange(year, month)[1])) for month in range(1, 13))
    if rule.kind == "nth":
        return (_nth(year, *numbers),)
    if rule.kind == "once":
        return (date(*numbers),) if numbers[0] == year else ()
    if rule.kind == "yearly":
        month, day = numbers
        return (date(year, month, min(day, monthrange(year, month)[1])),)  # 29 February is the 28th in common years
    month, day = numbers
    months = (lunar.months(each)[month] for each in (year - 1, year))  # the twelfth ends in the next solar year
    days = (first + timedelta(days=min(day, count) - 1) for first, count in months)
    return tuple(found for found in days if found.year == year)


def _nth(year: int, month: int, which: int, weekday: int) -> date:
    first = date(year, month, 1)
    first += timedelta(days=(weekday - first.isoweekday()) % _WEEK)
    days = [first + timedelta(weeks=n) for n in range(5) if (first + timedelta(weeks=n)).month == month]
    return days[-1] if which == _LAST else days[which - 1]


def _exists(rule: Recurrence) -> bool:
    most = _SHAPES[rule.kind]
    if len(rule.numbers) != len(most) or not all(1 <= n <= top for n, top in zip(rule.numbers, most, strict=True)):
        return False
    if rule.kind not in ("yearly", "once"):
        return True
    year, month, day = rule.numbers if rule.kind == "once" else (_LEAP_YEAR, *rule.numbers)
    return year in _YEARS and day <= monthrange(year, month)[1]


def _written(plain: str) -> Recurrence | None:
    kind, colon, detail = plain.partition(":")
    found = next((known for known in _SHAPES if known == kind), None)
    parts = detail.split("-")
    if not colon or found is None or not all(part.isdecimal() and len(part) <= 4 for part in parts):
        return None
    return Recurrence(found, tuple(map(int, parts)))


def _weekday(word: str) -> int:
    return _WEEK if word in "日七7" else numeral(word)


def _lunar(month: str, day: str) -> Recurrence:
    return Recurrence("lunar", (_MONTHS.get(month) or numeral(month), numeral(day.removeprefix("初"))))


def _which(word: str) -> int:
    return _LAST if word == "最后一" else numeral(word.removeprefix("第"))


# What people write, after 号 and 天 became 日, 星期 and 礼拜 became 周, 阴历 became 农历, and / and . became -.
_WORDS: tuple[tuple[str, Callable[..., Recurrence]], ...] = (
    (r"(?:每个?月的?|)(?:最后一日|月末|月底|末|底)", lambda: Recurrence("monthly", (31,))),
    (rf"每个?月的?{_NUM}日?", lambda day: Recurrence("monthly", (numeral(day),))),
    (r"(?:每个?)?周([一二三四五六七日1-7])", lambda word: Recurrence("weekly", (_weekday(word),))),
    (r"(?:每年的?)?(?:农历)?除夕", lambda: Recurrence("lunar", (12, 30))),
    (
        rf"(?:每年的?)?{_NUM}月的?(第[一二三四1-4]|最后一)个?周([一二三四五六七日1-7])",
        lambda month, which, word: Recurrence("nth", (numeral(month), _which(which), _weekday(word))),
    ),
    (r"(?:每年的?)?农历(\d{1,2})-(\d{1,2})", _lunar),
    (rf"(?:每年的?)?农历(正|元|冬|腊|{NUMERAL}{{1,2}}|\d{{1,2}})月{_LUNAR_DAY}日?", _lunar),
    (rf"(?:每年的?)?(正|冬|腊)月{_LUNAR_DAY}日?", _lunar),
    (rf"(?:每年的?)?({NUMERAL}{{1,2}})月(初{NUMERAL})", _lunar),
    (rf"(?:每年的?)?{_NUM}月{_NUM}日?", lambda *found: Recurrence("yearly", (numeral(found[0]), numeral(found[1])))),
    (r"(?:每年的?)?(\d{1,2})-(\d{1,2})", lambda *found: Recurrence("yearly", (int(found[0]), int(found[1])))),
    (r"(\d{4})[-年](\d{1,2})[-月](\d{1,2})日?", lambda *found: Recurrence("once", tuple(map(int, found)))),
)


def _spoken(plain: str) -> Recurrence | None:
    text = re.sub("阴历|旧历", "农历", re.sub("星期|礼拜", "周", plain)).translate(_SAME)
    for pattern, made in _WORDS:
        found = re.fullmatch(pattern, text, re.ASCII)
        if found:
            return made(*found.groups())
    return None
