"""How often a challenge is due: every day, on chosen weekdays, or N times a week (C18).

A slot is what one check-in fills: a day, or for N times a week the week itself, named by its Monday. Slots are numbered
without gaps, so two slots follow each other when their places differ by one.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from functools import cache
from typing import Literal

from qunguan.domain.clock import WEEKDAYS
from qunguan.domain.errors import BadInput
from qunguan.domain.text import show
from qunguan.i18n import _, ngettext
from qunguan.late import pattern
from qunguan.values import frozen

WEEK = 7
Unit = Literal["day", "week"]

_EVERY_DAY = frozenset(("每天", "每日", "天天", "日日", "everyday"))
_NAMED = {
    "工作日": (1, 2, 3, 4, 5),
    "weekdays": (1, 2, 3, 4, 5),
    "onweekdays": (1, 2, 3, 4, 5),
    "周末": (6, 7),
    "双休日": (6, 7),
    "weekends": (6, 7),
    "atweekends": (6, 7),
}
_TIMES = pattern(
    "(?:每个?|一)?(?:周|星期|礼拜)(?:打卡)?([1-7一二两三四五六七])[次天回]|([1-7一二两三四五六七])次[/每一](?:周|星期|礼拜)"
    "|([1-7])timesaweek|(once)aweek"
)
_NUMBERS = {**dict(zip("1234567一二三四五六七两", (*range(1, 8), *range(1, 8), 2), strict=True)), "once": 1}
_DAY_NAMES = dict(zip("1234567一二三四五六日天", (*range(1, 8), *range(1, 8), 7), strict=True))
_SPAN = pattern("([1-7一二三四五六日天])[至到~-]([1-7一二三四五六日天])")
_BETWEEN_DAYS = pattern("[每逢周、,和及与/]|星期|礼拜")
_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ENGLISH_REST = pattern(
    "(mon|fri|sun)(days?)?|tue(sdays?)?|wed(nesdays?)?|thu(rsdays?)?|sat(urdays?)?|every|on|and|[,/]"
)


@frozen
class Cadence:
    """`weekdays` (1 is Monday) are the days it is due; `times` is N for N times a week, 0 otherwise."""

    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    times: int = 0

    @classmethod
    def parse(cls, text: str) -> Cadence:
        """Read `daily`, `weekdays:135` or `weekly:3`. Raises BadInput for anything else."""
        kind, _colon, detail = text.strip().lower().replace("：", ":").partition(":")
        if kind == "daily" and not detail:
            return cls()
        digits = set(detail)
        if kind == "weekdays" and digits and digits <= set("1234567"):
            return cls(weekdays=tuple(sorted(int(digit) for digit in digits)))
        if kind == "weekly" and len(digits) == len(detail) == 1 and digits <= set("1234567"):
            return cls(times=int(detail))
        raise BadInput(
            "{text} is not a rhythm of check-ins",
            hint="write daily, weekdays:135 (1 is Monday) or weekly:3",
            text=show(text[:40]),
        )

    @classmethod
    def understand(cls, text: str) -> Cadence:
        """Read a rhythm as people say it: 每天, 工作日, 每周一三五, 周一至周五, 每周3次, Mon Fri, or as `parse` does.

        Raises BadInput for anything else.
        """
        plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text).casefold())
        if plain in _EVERY_DAY:
            return cls()
        if times := _TIMES().fullmatch(plain):
            return cls(times=_NUMBERS[next(filter(None, times.groups()))])
        if days := _NAMED.get(plain) or _weekdays(plain):
            return cls(weekdays=days)
        if plain.startswith(("daily", "weekdays:", "weekly:")):
            return cls.parse(plain)
        raise BadInput(
            "{text} is not a rhythm of check-ins",
            hint="write every day, weekdays, Mon Wed Fri or 3 times a week",
            text=show(text[:40]),
        )

    def spoken(self) -> str:
        """As people say it, and `understand` reads it: 每天, 工作日, 每周一三五, 每周 3 次."""
        if self.times:
            return ngettext("once a week", "{n} times a week", self.times)
        if len(self.weekdays) == WEEK:
            return _("every day")
        if self.weekdays == _NAMED["weekdays"]:
            return _("on weekdays")
        if self.weekdays == _NAMED["weekends"]:
            return _("at weekends")
        names = [_(name) for name in WEEKDAYS]
        same = int(len({name[0] for name in names}) == 1)  # 周一 周三 周五 are said as 周一三五
        return _("on {days}", days=("" if same else " ").join(names[day - 1][same:] for day in self.weekdays))

    def __str__(self) -> str:
        if self.times:
            return f"weekly:{self.times}"
        return "daily" if len(self.weekdays) == WEEK else "weekdays:" + "".join(map(str, self.weekdays))

    @property
    def unit(self) -> Unit:
        """What a streak counts: days, or weeks (周) for N times a week."""
        return "week" if self.times else "day"

    def due(self, day: date) -> bool:
        """Whether a check-in on this day can fill a slot."""
        return day.isoweekday() in self.weekdays

    def slot(self, day: date) -> date | None:
        """The slot a check-in on this day belongs to; None on a day that is not due."""
        if self.times:
            return day - timedelta(days=day.weekday())
        return day if self.due(day) else None

    def place(self, day: date) -> int:
        """The number of the latest slot that has begun by this day."""
        week, weekday = divmod(day.toordinal() - 1, WEEK)  # 0001-01-01 is a Monday
        if self.times:
            return week
        return week * len(self.weekdays) + sum(due <= weekday + 1 for due in self.weekdays) - 1

    def slot_at(self, place: int) -> date:
        """The slot with this number, by its first day."""
        if self.times:
            return date.fromordinal(place * WEEK + 1)
        week, index = divmod(place, len(self.weekdays))
        return date.fromordinal(week * WEEK + self.weekdays[index])

    def slot_end(self, slot: date) -> date:
        """The last day of a slot: itself, or the Sunday of the week."""
        return slot + timedelta(days=WEEK - 1) if self.times else slot

    def next(self, day: date) -> date:
        """The first slot after the one this day lies in or follows."""
        return self.slot_at(self.place(day) + 1)

    def previous(self, day: date) -> date:
        """The last slot before the one this day lies in; on a day that is not due, the last slot before it."""
        return self.slot_at(self.place(day) - (self.slot(day) is not None))


def _weekdays(plain: str) -> tuple[int, ...]:
    """The days that are named, () where something else is there too."""
    if found := set(re.findall("|".join(_ENGLISH), plain)):
        return () if _ENGLISH_REST().sub("", plain) else tuple(sorted(_ENGLISH.index(name) + 1 for name in found))
    if not plain.startswith(("每周", "每星期", "每礼拜", "逢周", "周", "星期", "礼拜")):
        return ()
    rest = _BETWEEN_DAYS().sub("", plain)
    days: set[int] = set()
    for first, last in _SPAN().findall(rest):
        days.update(range(_DAY_NAMES[first], _DAY_NAMES[last] + 1))
    single = _SPAN().sub("", rest)
    days.update(_DAY_NAMES.get(name, 0) for name in single)
    return () if 0 in days else tuple(sorted(days))


class Places(dict[date, int | None]):
    """Day → number of its slot (None: not due), worked out once per day and remembered."""

    def __init__(self, cadence: Cadence) -> None:
        super().__init__()
        self._cadence = cadence

    def __missing__(self, day: date) -> int | None:
        found = None if self._cadence.slot(day) is None else self._cadence.place(day)
        self[day] = found
        return found


@cache
def places(cadence: Cadence) -> Places:
    """The remembered slot numbers of a cadence: whole boards are counted with them."""
    return Places(cadence)
