"""Festivals and shopping peaks: when they fall, and whether to go with them or keep away (S0-22, S1-31, C24)."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Literal

from qunguan.domain.recurrence import Recurrence
from qunguan.i18n import N_
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "festivals.toml"

Stance = Literal["with", "avoid", ""]
STANCES: Final[dict[Stance, str]] = {
    "with": N_("go with it"),
    "avoid": N_("keep away"),
    "": N_("good to know"),
}
"""What to do about a festival, with the message ID of each (C24)."""


@frozen
class Festival:
    """A festival of one year: its `day`, and the days `from_day` to `to_day` that belong to it.

    `kind` is festival, holiday, shopping or memorial; `advice` one line of what works then.
    """

    id: str
    name: str
    kind: str
    day: date
    from_day: date
    to_day: date
    stance: Stance
    advice: str
    source: str


@frozen
class _Rule:
    id: str
    name: str
    on: str
    kind: str
    stance: Stance
    advice: str
    source: str
    before: int = 0
    after: int = 0


def between(first: date, last: date) -> tuple[Festival, ...]:
    """The festivals of which a day falls from `first` to `last`, by their day. None when `last` is before `first`.

    Raises BadInput for years the lunar calendar does not have.
    """
    years = range(first.year - 1, last.year + 2)  # around New Year the days of a festival lie in two years
    known = (each for year in years for each in _of(year))
    return tuple(each for each in known if each.from_day <= last and each.to_day >= first and first <= last)


def on(day: date) -> tuple[Festival, ...]:
    """The festivals a day belongs to; the one that is on that very day first."""
    return tuple(sorted(between(day, day), key=lambda each: each.day != day))


@lru_cache(maxsize=16)  # a calendar asks for the same few years again and again
def _of(year: int) -> tuple[Festival, ...]:
    """The festivals whose day lies in a year, by day."""
    last = date(year, 12, 31)
    found = []
    for rule in _rules():
        again = Recurrence.parse(rule.on)
        day = again.next(date(year, 1, 1))
        while day is not None and day <= last:
            found.append(_festival(rule, day))
            day = again.next(day + timedelta(days=1))
    return tuple(sorted(found, key=lambda each: each.day))


def _festival(rule: _Rule, day: date) -> Festival:
    begins, ends = day - timedelta(days=rule.before), day + timedelta(days=rule.after)
    return Festival(rule.id, rule.name, rule.kind, day, begins, ends, rule.stance, rule.advice, rule.source)


@cache
def _rules() -> tuple[_Rule, ...]:
    document = tomllib.loads(_PRESET.read_text(encoding="utf-8"))
    return tuple(_Rule(id=key, **fields) for key, fields in document.items())
