"""Badges and titles: what they ask for, since when somebody has one, and what is missing to the next (S4-12, S3-17)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple

from qunguan.domain.checkins import Records, Run, Terms, settled_on
from qunguan.domain.errors import BadInput
from qunguan.domain.money import yuan
from qunguan.domain.text import show
from qunguan.i18n import N_
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "badges.toml"
MAX_AT_LEAST = 100_000_000_000
"""The highest bar: the largest sum of money, in fen."""

Metric = Literal[
    "best_streak", "streak", "checkins", "first", "referrals", "shares", "campaigns", "orders", "spend", "hand"
]
By = Literal["rule", "hand"]
HAND: Final = "hand"

METRICS: dict[Metric, str] = {
    "best_streak": N_("best streak"),
    "streak": N_("current streak"),
    "checkins": N_("check-ins"),
    "first": N_("challenges finished first"),
    "referrals": N_("members invited who stayed"),
    "shares": N_("good shares"),
    "campaigns": N_("campaigns"),
    "orders": N_("orders"),
    "spend": N_("spending"),
    "hand": N_("by hand"),
}
"""What a badge can ask for, with the message ID of its name. Streaks are counted in slots of one challenge (in days
where the badge is for any challenge, weekly ones aside), `first` in challenges that ended with the most check-ins,
`spend` in fen; `hand` has no rule."""

OF_CHALLENGES: tuple[Metric, ...] = ("best_streak", "streak", "checkins", "first")
"""The metrics that can be limited to one challenge."""


@frozen
class BadgePreset:
    """A shipped badge or title."""

    id: str
    name: str
    metric: Metric
    source: str
    at_least: int | None = None
    title: bool = False
    note: str = ""


@frozen
class Badge:
    """A badge, or a title, which stands behind the name. Held while the metric is at least `at_least` (None: by hand).

    `challenge_id` limits it to one challenge, None is any. Switched off nobody has it.
    """

    id: int
    name: str
    metric: Metric
    at_least: int | None = None
    title: bool = False
    challenge_id: int | None = None
    note: str = ""
    source: str = ""
    enabled: bool = True
    preset: str = ""

    def said(self, value: int) -> str:
        """A value of the metric as people read it: yuan for spending, else the number."""
        return f"¥{yuan(value)}" if self.metric == "spend" else str(value)


class Ground(NamedTuple):
    """What a metric comes to on a day, and since when it has been at least the bar (None: it is not)."""

    value: int
    since: date | None


@frozen
class Ruling:
    """The owner's word: the badge is theirs (`given`) or not (`withheld`) whatever the rule says, from `from_day` to
    `to_day` (None: no end), with the reason."""

    id: int
    badge_id: int
    member_id: int
    given: bool
    from_day: date
    to_day: date | None
    reason: str

    def holds(self, day: date) -> bool:
        """Whether it is in force on this day."""
        return self.from_day <= day and (self.to_day is None or day <= self.to_day)


@frozen
class Holding:
    """Somebody has a badge since a day, by its rule or by the owner's hand. `value` is the metric's, 0 by hand alone;
    `until` is the last day of what was given for a time."""

    badge: Badge
    member_id: int
    name: str
    since: date
    by: By
    value: int = 0
    reason: str = ""
    until: date | None = None


@frozen
class Progress:
    """How far somebody is from a badge they do not have; `missing` is at least 1."""

    badge: Badge
    value: int
    missing: int


@frozen
class BadgeCount:
    """A badge and how many members have it."""

    badge: Badge
    holders: int


@frozen
class BadgeOutlook:
    """What a badge would be like as changed: who would have it, and who would gain or lose it by that."""

    holders: tuple[Holding, ...]
    gains: tuple[Holding, ...]
    losses: tuple[Holding, ...]


@frozen
class BadgeChange:
    """What giving or taking a badge by hand did: `held`: they have it now, `changed`: that is new."""

    badge: Badge
    member_id: int
    name: str
    held: bool
    changed: bool


@cache
def presets() -> Mapping[str, BadgePreset]:
    """Every shipped badge by id, in the order of the file."""
    shipped = tomllib.loads(_PRESET.read_text(encoding="utf-8"))
    return {preset_id: BadgePreset(id=preset_id, **fields) for preset_id, fields in shipped.items()}


def checked_terms(metric: str, at_least: int | None, challenge_id: int | None) -> None:
    """Refuse what no badge can ask for (BadInput)."""
    if metric not in METRICS:
        raise BadInput("{text} is not something a badge can ask for", hint="use one of: {known}",
                       text=show(metric[:40]), known=", ".join(METRICS))  # fmt: skip
    if metric == HAND and at_least is not None:
        raise BadInput("a badge given by hand has no number to reach")
    if metric != HAND and (at_least is None or not 1 <= at_least <= MAX_AT_LEAST):
        raise BadInput("a badge needs a number to reach", hint="say how many it takes, from 1 on")
    if challenge_id is not None and metric not in OF_CHALLENGES:
        raise BadInput("{metric} has nothing to do with a challenge", hint="leave the challenge out", metric=metric)


def crossing(changes: Sequence[tuple[date, int]], at_least: int) -> Ground:
    """The sum of dated changes, and since when it has been at least the bar without a break.

    A day counts with everything that happened on it.
    """
    total = sum(amount for _day, amount in changes)
    if sum(amount for _day, amount in changes if amount > 0) < at_least:
        return Ground(total, None)  # most members are far from most bars
    sums: dict[date, int] = {}
    value = 0
    for day, amount in sorted(changes):
        value += amount
        sums[day] = value
    since: date | None = None
    for day, value in sums.items():
        if value < at_least:
            since = None
        elif since is None:
            since = day
    return Ground(total, since)


def best_run(runs: Sequence[Run], records: Records, terms: Terms, at_least: int) -> Ground:
    """The longest run, and the day on which one first was as long as the bar."""
    days = [_reached(run, records, terms, at_least) for run in runs if run.count >= at_least]
    return Ground(max((run.count for run in runs), default=0), min(days, default=None))


def last_run(streak: int, runs: Sequence[Run], records: Records, terms: Terms, at_least: int) -> Ground:
    """The current streak, and the day on which the run it belongs to was as long as the bar."""
    if streak < at_least:
        return Ground(streak, None)
    return Ground(streak, _reached(runs[-1], records, terms, at_least))


def together(grounds: Iterable[Ground]) -> Ground:
    """The same metric in several challenges: the best value, and the first day of any."""
    found = list(grounds)
    days = [each.since for each in found if each.since is not None]
    return Ground(max((each.value for each in found), default=0), min(days, default=None))


def winners(standings: Iterable[tuple[int, int, int]]) -> tuple[int, ...]:
    """Who finished first, of (member, check-ins, best streak): most check-ins, then the longer run; equals share it."""
    found = [each for each in standings if each[1] > 0]
    top = max(((total, best) for _member, total, best in found), default=None)
    return tuple(member_id for member_id, total, best in found if (total, best) == top)


def ruling_on(rulings: Iterable[Ruling], day: date) -> Ruling | None:
    """The owner's word in force on a day: the one that began last."""
    return max((each for each in rulings if each.holds(day)), key=lambda each: (each.from_day, each.id), default=None)


def _reached(run: Run, records: Records, terms: Terms, at_least: int) -> date:
    return settled_on(terms.cadence.slot_at(run.places[at_least - 1]), records, terms)
