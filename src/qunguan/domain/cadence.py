"""How often a challenge is due: every day, on chosen weekdays, or N times a week (C18).

A slot is what one check-in fills: a day, or for N times a week the week itself, named by its Monday. Slots are numbered
without gaps, so two slots follow each other when their places differ by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

from qunguan.domain.errors import BadInput
from qunguan.domain.text import show

WEEK = 7
Unit = Literal["day", "week"]


@dataclass(frozen=True, slots=True)
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
