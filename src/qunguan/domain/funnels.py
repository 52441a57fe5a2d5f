"""Funnels: ordered steps, everybody once (semantics 3.12). Steps are what people did, each with its days."""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Final

from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.orders import Rate
from qunguan.domain.text import clean, match_key, show
from qunguan.i18n import N_
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "funnels.toml"
MOST_STEPS: Final = 12
_TEXT_LIMIT = 64

KINDS: Final = {
    "joined": N_("joined"),
    "spoke": N_("spoke"),
    "checkin": N_("checked in"),
    "engaged": N_("spoke, checked in or did a deed"),
    "order": N_("ordered"),
    "low": N_("low-price order"),
    "high": N_("high-price order"),
    "reorder": N_("ordered again"),
    "rung": N_("bought on the rung"),
    "redeemed": N_("redeemed"),
    "invited": N_("brought somebody"),
    "share": N_("good share"),
    "campaign": N_("campaign"),
    "spread": N_("brought somebody or shared"),
    "returned": N_("came back"),
    "tag": N_("tagged"),
    "field": N_("filled in"),
}
"""What a step can be, with the message ID of its name. order, rung, campaign, tag and field take a text:
order:面膜, rung:trial."""
TEXTED: Final = frozenset({"order", "rung", "campaign", "tag", "field"})
NEEDS_TEXT: Final = frozenset({"rung", "tag", "field"})
UNDATED: Final = frozenset({"tag", "field"})
"""Steps that are known without their day: they count as done when the step before was."""

Days = Mapping[int, Sequence[date]]
"""Member → the days they did it on, in order."""


@frozen
class Step:
    """One step: a kind of KINDS, and a text that narrows it down ("" any)."""

    kind: str
    text: str = ""

    @property
    def written(self) -> str:
        """As it is typed: order:面膜."""
        return f"{self.kind}:{self.text}" if self.text else self.kind


@frozen
class Funnel:
    """Steps to go through within `window_days` of the first (None: the rule's). `id` is "" for one typed by hand."""

    id: str
    name: str
    steps: tuple[Step, ...]
    window_days: int | None = None
    source: str = ""


@frozen
class Reached:
    """How many came to a step. `rate` is of the step before that is known, `cumulative` of the first; `median_days`
    lie between the first step and this one, `between_days` between the step before that is known and this one. All are
    None where nobody can know who did it.
    """

    step: Step
    n: int | None
    rate: Rate | None
    cumulative: Rate | None
    median_days: float | None
    between_days: float | None = None


@frozen
class FunnelResult:
    """A funnel over those whose first step fell in first..last. `open` of them still have time for the rest."""

    funnel: Funnel
    first: date
    last: date
    window_days: int
    steps: tuple[Reached, ...]
    open: int


@cache
def presets() -> Mapping[str, Funnel]:
    """The shipped funnels by id, in the order of the file."""
    told = tomllib.loads(_PRESET.read_text(encoding="utf-8"))
    return {
        funnel_id: Funnel(
            funnel_id, each["name"], tuple(map(parse_step, each["steps"])), each.get("window_days"), each["source"]
        )
        for funnel_id, each in told.items()
    }


def preset(text: str) -> Funnel:
    """The shipped funnel that is meant, by id or name. Raises NotFound with those there are."""
    for each in presets().values():
        if match_key(text) in (match_key(each.id), match_key(each.name)):
            return each
    known = ", ".join(f"{each.id} ({each.name})" for each in presets().values())
    raise NotFound("there is no funnel {text}", hint="there are: {known}", text=show(text[:40]), known=known)


def parse_step(text: str) -> Step:
    """A step as it is typed: joined, order, order:面膜, tag:问卷. Raises BadInput."""
    kind, _colon, rest = text.replace("：", ":").partition(":")
    kind, rest = kind.strip().lower(), clean(rest.strip(), _TEXT_LIMIT)
    if kind not in KINDS:
        raise BadInput("{text} is no step", hint="use one of: {known}", text=show(text[:40]), known=", ".join(KINDS))
    if (rest and kind not in TEXTED) or (not rest and kind in NEEDS_TEXT):
        raise BadInput("the step {kind} is written {example}", kind=kind,
                       example=f"{kind}:…" if kind in NEEDS_TEXT else kind)  # fmt: skip
    return Step(kind, rest)


def parse_steps(text: str) -> Funnel:
    """A funnel typed by hand: joined,checkin,order. Raises BadInput."""
    steps = tuple(parse_step(each) for each in text.replace("，", ",").split(",") if each.strip())
    if not 2 <= len(steps) <= MOST_STEPS:
        raise BadInput("a funnel has 2 to {most} steps", hint="write them like joined,checkin,order", most=MOST_STEPS)
    if steps[0].kind in UNDATED:
        raise BadInput("a funnel cannot begin with {kind}: nobody knows its day", kind=steps[0].kind)
    return Funnel("", " → ".join(each.written for each in steps), steps)


def run(
    funnel: Funnel, done: Sequence[Days | None], first: date, last: date, window_days: int, as_of: date
) -> FunnelResult:
    """Who got how far: `done` are the days of each step, None where nobody can know.

    A member enters on their earliest day of step 1 in first..last. Every next step counts on their earliest day at or
    after the step before and at most `window_days` after step 1. A step nobody knows is skipped; later ones go on from
    the one before it. What lies after `as_of` has not happened.
    """
    entered = _entered(done[0], first, last)
    at = dict(entered)
    reached = [Reached(funnel.steps[0], None if done[0] is None else len(entered), None, _of(entered, entered), None)]
    for step, days in zip(funnel.steps[1:], done[1:], strict=True):
        if days is None or done[0] is None:
            reached.append(Reached(step, None, None, None, None))
            continue
        before, at = at, _next(step, days, at, entered, window_days, as_of)
        dated = {} if step.kind in UNDATED else at
        since_first = [(day - entered[who]).days for who, day in dated.items()]
        since_last = [(day - before[who]).days for who, day in dated.items()]
        reached.append(Reached(
            step, len(at), _of(at, before), _of(at, entered), median(since_first) if dated else None,
            median(since_last) if dated else None,
        ))  # fmt: skip
    still = sum((as_of - day).days < window_days for day in entered.values())
    return FunnelResult(funnel, first, last, window_days, tuple(reached), still)


def _entered(days: Days | None, first: date, last: date) -> dict[int, date]:
    found = {}
    for who, own in (days or {}).items():
        place = bisect_left(own, first)
        if place < len(own) and own[place] <= last:
            found[who] = own[place]
    return found


def _next(
    step: Step, days: Days, at: Mapping[int, date], entered: Mapping[int, date], window_days: int, as_of: date
) -> dict[int, date]:
    found = {}
    for who, since in at.items():
        own = days.get(who)
        if own is None:
            continue
        if step.kind in UNDATED:
            found[who] = since
            continue
        place = bisect_left(own, since)
        if place < len(own) and own[place] <= min(as_of, entered[who] + timedelta(days=window_days)):
            found[who] = own[place]
    return found


def _of(part: Mapping[int, date], whole: Mapping[int, date]) -> Rate | None:
    return Rate(len(part) / len(whole), len(whole)) if whole else None


def returns(days: Sequence[date], silent: int) -> list[date]:
    """The days on which somebody came back after `silent` days or more without any."""
    return [later for earlier, later in pairwise(days) if (later - earlier).days >= silent]
