"""Goals: a figure, where it stood, where it should be and by when; how far it got follows from the figure (S0-07).

Values are whole numbers in the metric's own unit: fen, people, or hundredths (of a percent for shares, of one for
ratios and averages), so 60 % is 6000 and 3.5 messages a day are 350.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Final, Literal

from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.money import yuan
from qunguan.domain.rosters import Reason
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_, _
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "goals.toml"
_MOST = 10**15

Kind = Literal["value", "relative", "points"]
KINDS: Final[dict[Kind, str]] = {
    "value": N_("reach"),
    "relative": N_("percent of the baseline more"),
    "points": N_("percentage points more"),
}
Unit = Literal["percent", "hundredths", "fen", "count"]
METRICS: Final[dict[str, tuple[str, Unit]]] = {
    "active_rate": (N_("active rate"), "percent"),
    "repeat_rate": (N_("repurchase rate"), "percent"),
    "conversion": (N_("members who bought"), "percent"),
    "checkin_rate": (N_("check-in rate"), "percent"),
    "exit_rate": (N_("exit rate"), "percent"),
    "retention_d1": (N_("retention after 1 day"), "percent"),
    "retention_d7": (N_("retention after 7 days"), "percent"),
    "retention_d30": (N_("retention after 30 days"), "percent"),
    "attach_rate": (N_("attach rate"), "percent"),
    "ltv_ratio": (N_("LTV ÷ average order"), "hundredths"),
    "messages": (N_("messages a day"), "hundredths"),
    "speakers": (N_("speakers a day"), "hundredths"),
    "aov": (N_("average order"), "fen"),
    "net": (N_("net of purchases"), "fen"),
    "members": (N_("members"), "count"),
    "new_members": (N_("new members"), "count"),
    "buyers": (N_("who bought"), "count"),
}
"""What a goal can be about: message ID and unit. `net` and `buyers` are of the window of trade.window_days."""

FALLING: Final = frozenset({"exit_rate"})
"""Metrics of which less is better."""

State = Literal["ahead", "on_track", "behind", "reached", "missed", "not_begun", "unknown", "closed"]
STATES: Final[dict[State, str]] = {
    "reached": N_("reached"),
    "ahead": N_("ahead"),
    "on_track": N_("on track"),
    "behind": N_("behind"),
    "missed": N_("not reached"),
    "not_begun": N_("not begun"),
    "unknown": N_("unknown"),
    "closed": N_("put aside"),
}


@frozen
class Goal:
    """A goal as it was told. `baseline` None is measured on the first day; `group_id` None is everybody's."""

    id: int
    group_id: int | None
    name: str
    metric: str
    kind: Kind
    baseline: int | None
    target: int
    from_day: date
    to_day: date
    source: str = ""
    closed_on: date | None = None

    @property
    def unit(self) -> Unit:
        """The unit of its metric."""
        return METRICS[self.metric][1]


@frozen
class GoalPreset:
    """A goal to begin with: its target as it is typed, and the days it is given."""

    id: str
    name: str
    metric: str
    kind: Kind
    target: str
    days: int
    source: str


@frozen
class Measured:
    """A metric on a day; None where nobody can know, and `why` says how it is counted or why not."""

    value: int | None
    n: int | None = None
    why: tuple[Reason, ...] = ()


@frozen
class Progress:
    """How far a goal got by a day. `wanted` is its target as a value, `expected` what the straight line from baseline
    to target says for the day. `done` is the share of the way behind it, 1 at the target. None is unknown.
    """

    goal: Goal
    as_of: date
    baseline: int | None
    wanted: int | None
    expected: int | None
    actual: int | None
    n: int | None
    done: float | None
    state: State
    why: tuple[Reason, ...] = ()

    @property
    def kept(self) -> bool:
        """Whether it was met on its first day already: then there is no way to go, and the target is to be held."""
        if self.goal.kind != "value" or self.baseline is None or self.wanted is None:
            return False
        return self.baseline <= self.wanted if self.goal.metric in FALLING else self.baseline >= self.wanted


@cache
def presets() -> Mapping[str, GoalPreset]:
    """The shipped goals by id."""
    told = tomllib.loads(_PRESET.read_text(encoding="utf-8"))
    return {key: GoalPreset(id=key, **{**each, "target": str(each["target"])}) for key, each in told.items()}


def preset(text: str) -> GoalPreset:
    """The shipped goal that is meant, by id or name. Raises NotFound with those there are."""
    for each in presets().values():
        if match_key(text) in (match_key(each.id), match_key(each.name)):
            return each
    known = ", ".join(f"{each.id} ({each.name})" for each in presets().values())
    raise NotFound("there is no preset {text}", hint="there are: {known}", text=show(text[:40]), known=known)


def target_value(goal: Goal, baseline: int | None) -> int | None:
    """What the metric should be: the target itself, or so much more than the baseline. Rounded half up."""
    if goal.kind == "value":
        return goal.target
    if baseline is None:
        return None
    if goal.kind == "points":
        return baseline + goal.target
    if baseline == 0:  # so many percent more than nothing is no target
        return None
    return _half_up(Decimal(baseline) * (10_000 + goal.target) / 10_000)


def progress(goal: Goal, as_of: date, baseline: Measured, now: Measured, slack_pct: int) -> Progress:
    """Where a goal stands on a day: `baseline` of its first day, `now` of the day or its last, whichever is earlier.

    On track is whoever has gone as far as the line says, less `slack_pct` of that way; ahead so much further. After
    its last day a goal is reached or missed. Of FALLING metrics less is better.
    """
    start = baseline.value if goal.baseline is None else goal.baseline
    wanted = target_value(goal, start)
    begun = as_of >= goal.from_day
    whole = (goal.to_day - goal.from_day).days
    passed = min(max((as_of - goal.from_day).days, 0), whole)
    expected = expected_on(goal, start, wanted, as_of)
    done = _way(goal, start, wanted, now.value)
    time = passed / whole if whole else 1.0
    state = _state(goal, as_of, (start, wanted, now.value), (done, time), slack_pct)
    return Progress(
        goal, as_of, start, wanted, expected, now.value if begun else None, now.n, done if begun else None, state,
        _why(goal, baseline, now, start),
    )  # fmt: skip


def expected_on(goal: Goal, start: int | None, wanted: int | None, day: date) -> int | None:
    """What the straight line from the first day to the last says for a day; None without a baseline or target."""
    if start is None or wanted is None:
        return None
    whole = (goal.to_day - goal.from_day).days
    passed = min(max((day - goal.from_day).days, 0), whole)
    return wanted if not whole else start + _half_up(Decimal(wanted - start) * passed / whole)


def days_on_the_way(goal: Goal, as_of: date, most: int) -> tuple[date, ...]:
    """At most so many days from the first one to `as_of` or the last, both included, at even distances."""
    passed = (min(as_of, goal.to_day) - goal.from_day).days
    if passed < 0:
        return ()
    steps = min(passed, most - 1)
    return tuple(goal.from_day + timedelta(days=round(passed * step / max(steps, 1))) for step in range(steps + 1))


def _way(goal: Goal, start: int | None, wanted: int | None, actual: int | None) -> float | None:
    """The share of the way from the start to what is wanted; None where there is none, or it was there already."""
    if start is None or wanted is None or actual is None:
        return None
    whole = wanted - start
    return (actual - start) / whole if whole and (whole < 0) == (goal.metric in FALLING) else None


def _state(
    goal: Goal,
    as_of: date,
    values: tuple[int | None, int | None, int | None],
    way: tuple[float | None, float],
    slack_pct: int,
) -> State:
    """`values` are baseline, target and what is; `way` the shares of the way and of the time that lie behind."""
    (start, wanted, actual), (done, time) = values, way
    if goal.closed_on is not None and as_of >= goal.closed_on:
        return "closed"
    if as_of < goal.from_day:
        return "not_begun"
    if wanted is None or actual is None:
        return "unknown"
    if actual <= wanted if goal.metric in FALLING else actual >= wanted:
        return "reached"
    if as_of > goal.to_day:
        return "missed"
    if done is None:  # without a baseline there is no line; from beyond the target it has fallen back
        return "unknown" if start is None else "behind"
    slack = slack_pct / 100
    return "behind" if done < time * (1 - slack) else "ahead" if done > time * (1 + slack) else "on_track"


def _why(goal: Goal, baseline: Measured, now: Measured, start: int | None) -> tuple[Reason, ...]:
    lines = list(now.why)
    if goal.baseline is not None:
        lines.append(Reason.of(N_("baseline as you told it")))
    elif start is None:
        lines.append(Reason.of(N_("the baseline of {day} is not known: tell it"), day=goal.from_day))
        lines.extend(each for each in baseline.why if each not in lines)
    else:
        lines.append(Reason.of(N_("baseline measured on {day}"), day=goal.from_day))
    if goal.kind == "relative" and start == 0:
        lines.append(Reason.of(N_("percent more than 0 is no target: tell a value or points")))
    return tuple(lines)


def typed(metric: str, kind: Kind, text: str) -> int:
    """A target or baseline as it is typed ("60", "60%", "0.5"), in the metric's unit. Raises BadInput."""
    unit = unit_of(metric)
    if kind == "points" and unit != "percent":
        raise BadInput("{metric} is no share: percentage points say nothing of it", hint="use a value or relative",
                       metric=metric)  # fmt: skip
    told = show(text[:40])
    try:
        number = Decimal(text.strip().replace("％", "%").removesuffix("%").replace(",", ""))
    except ArithmeticError:
        raise BadInput("{text} is not a number", text=told) from None
    if not number.is_finite() or abs(number) > _MOST:
        raise BadInput("{text} is not a number", text=told)
    value = _half_up(number if unit == "count" and kind == "value" else number * 100)
    if kind == "value" and (value < 0 or (unit == "percent" and value > 10_000)):
        raise BadInput("{text} is out of range for {metric}", text=told, metric=metric)
    return value


def unit_of(metric: str) -> Unit:
    """The unit of a metric. Raises NotFound with those there are."""
    if metric not in METRICS:
        raise NotFound("there is no metric {text}", hint="there are: {known}", text=show(metric[:40]),
                       known=", ".join(METRICS))  # fmt: skip
    return METRICS[metric][1]


def checked(goal: Goal) -> None:
    """Raises BadInput, NotFound when a goal cannot be."""
    unit = unit_of(goal.metric)
    if goal.to_day < goal.from_day:
        raise BadInput("{last} is before {first}", first=goal.from_day, last=goal.to_day)
    if goal.kind == "points" and unit != "percent":
        raise BadInput("{metric} is no share: percentage points say nothing of it", hint="use a value or relative",
                       metric=goal.metric)  # fmt: skip
    if goal.kind != "value" and goal.target == 0:
        raise BadInput("a change of 0 is no goal")


def as_typed(unit: Unit, kind: Kind, value: int) -> str:
    """A target or baseline the way `typed` reads it: 60, 12.5, 0.5."""
    if unit == "count" and kind == "value":
        return str(value)
    return f"{Decimal(value) / 100:f}"


def said(unit: Unit, value: int | None) -> str:
    """A value as people read it: 60.0%, 12.50, 3; — where it is not known."""
    if value is None:
        return "—"
    if unit == "percent":
        return f"{value / 100:.1f}%"
    if unit == "fen":
        return yuan(value)
    return f"{value / 100:.2f}" if unit == "hundredths" else str(value)


def target_said(goal: Goal) -> str:
    """The target as it was told: 60.0%, +30%, +5pp are told apart."""
    if goal.kind == "relative":
        return f"{goal.target / 100:+g}%"
    if goal.kind == "points":
        return _("{n}pp", n=f"{goal.target / 100:+g}")
    return said(goal.unit, goal.target)


def _half_up(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_HALF_UP))
