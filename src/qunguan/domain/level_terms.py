"""The terms of a ladder: its levels, what each asks for, how long it holds and how it is lost (semantics 3.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal, TypeGuard, get_args

from qunguan.domain.errors import BadInput
from qunguan.domain.money import short_yuan
from qunguan.domain.names import typed_name
from qunguan.domain.rosters import Reason
from qunguan.domain.rules import preset
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_
from qunguan.values import frozen

Metric = Literal["spend", "orders", "growth", "checkins", "best_streak", "streak"]
"""What a condition looks at.

spend: net fen of orders; orders: orders that are still worth something; growth: points earned by rule, what was taken
back subtracted, what was spent not; checkins: check-ins of all challenges; best_streak and streak: slots, the longest
of all challenges.
"""
Policy = Literal["never", "one_down", "by_value"]
"""What a review does with somebody who no longer holds the bar: nothing, one level down, down to what they hold."""

METRICS: Final[tuple[Metric, ...]] = get_args(Metric)
POLICIES: Final[tuple[Policy, ...]] = get_args(Policy)
WINDOWED: Final[frozenset[Metric]] = frozenset({"spend", "orders", "growth", "checkins"})
"""The metrics that can be counted over the last N days; a streak has its own time."""
MOST_LEVELS = 20
MOST_DAYS = 3660
_MOST = 100_000_000_000
_FEN = 100
_SAID: Final[dict[Metric, tuple[str, str]]] = {
    "spend": (N_("{n} yuan spent in all"), N_("{n} yuan spent in {days} days")),
    "orders": (N_("{n} orders ever"), N_("{n} orders in {days} days")),
    "growth": (N_("{n} growth points in all"), N_("{n} growth points in {days} days")),
    "checkins": (N_("{n} check-ins in all"), N_("{n} check-ins in {days} days")),
    "best_streak": (N_("a best streak of {n}"), ""),
    "streak": (N_("a current streak of {n}"), ""),
}
_AMOUNTS: Final[dict[Metric, str]] = {
    "spend": N_("{n} yuan"),
    "orders": N_("{n} orders"),
    "growth": N_("{n} growth points"),
    "checkins": N_("{n} check-ins"),
    "best_streak": N_("{n} in a row"),
    "streak": N_("{n} in a row"),
}


@frozen
class Condition:
    """`metric` >= `at_least`, over a lifetime or the last `days` days (today included). Spend is in fen."""

    metric: Metric
    at_least: int
    days: int | None = None

    def said(self) -> Reason:
        """The condition in words: 1000 yuan spent in 365 days, 3 orders ever, a best streak of 21."""
        lifetime, rolling = _SAID[self.metric]
        value = short_yuan(self.at_least) if self.metric == "spend" else self.at_least
        if self.days is None:
            return Reason.of(lifetime, n=value)
        return Reason.of(rolling, n=value, days=self.days)


@frozen
class Level:
    """One level: reached when any of the groups of conditions in `any_of` is met in full. The base level has none."""

    name: str
    any_of: tuple[tuple[Condition, ...], ...] = ()


@frozen
class Terms:
    """Levels from the lowest (rank 1, everybody's) to the highest, and how they are kept.

    A level holds for `hold_days` after the day it was reached, that many days later included. `low_water_pct` is the
    share of a bar that is enough to keep the level at its review. `strict`: what is taken back (refunds, reversals) can
    cost the level at once instead of at the review.
    """

    levels: tuple[Level, ...]
    hold_days: int = 365
    low_water_pct: int = 100
    policy: Policy = "by_value"
    strict: bool = False

    def name(self, rank: int) -> str:
        """The name of a rank; a rank above the top is the top."""
        return self.levels[min(rank, len(self.levels)) - 1].name

    def judges_like(self, other: Terms) -> bool:
        """Whether the two differ in names at most: renaming a level moves nobody (C16)."""
        return self._judging() == other._judging()

    def metrics(self) -> frozenset[Metric]:
        """What has to be read to judge by these terms."""
        return frozenset(each.metric for level in self.levels for group in level.any_of for each in group)

    def _judging(self) -> tuple[object, ...]:
        bars = tuple(level.any_of for level in self.levels)
        return bars, self.hold_days, self.low_water_pct, self.policy, self.strict


def ranks_after(before: Terms, after: Terms) -> dict[int, int]:
    """Old rank → new rank: a level is the one of its name; one without its name again follows the one below it."""
    places = {match_key(level.name): rank for rank, level in enumerate(after.levels, 1)}
    moved: dict[int, int] = {}
    below = 0
    for rank, level in enumerate(before.levels, 1):
        below = places.get(match_key(level.name), min(below + 1, len(after.levels)))
        moved[rank] = below
    return moved


def quantity(metric: Metric, amount: int) -> Reason:
    """So much of a metric, in words: 200 yuan, 3 orders."""
    return Reason.of(_AMOUNTS[metric], n=short_yuan(amount) if metric == "spend" else amount)


def to_json(terms: Terms) -> dict[str, Any]:
    """The terms as they are stored; `terms_from` reads them back."""
    return {
        "levels": [{"name": level.name, "any": [[_plain(each) for each in group] for group in level.any_of]}
                   for level in terms.levels],
        "hold_days": terms.hold_days,
        "low_water_pct": terms.low_water_pct,
        "policy": terms.policy,
        "strict": terms.strict,
    }  # fmt: skip


def terms_from(document: Mapping[str, Any], *, hold_days: int | None = None, low_water_pct: int | None = None) -> Terms:
    """Terms read from JSON or TOML. A bar of spend is `at_least` in fen or `yuan`; the two numbers given stand in for
    what the document leaves out (None: the rule as shipped). Raises BadInput with the place, like levels[2].any[1]."""
    _known(document, ("levels", "hold_days", "low_water_pct", "policy", "strict"), "")
    levels = document.get("levels")
    if not _is_list(levels) or not 2 <= len(levels) <= MOST_LEVELS:
        raise BadInput("a ladder has 2 to {most} levels", hint="list them from the lowest to the highest",
                       where="levels", most=MOST_LEVELS)  # fmt: skip
    found = tuple(_level(level, number) for number, level in enumerate(levels, 1))
    _refuse_same_names(found)
    policy, strict = document.get("policy", "by_value"), document.get("strict", False)
    if policy not in POLICIES:
        raise BadInput("{value} is not a choice", hint="choose one of: {choices}", where="policy",
                       value=show(str(policy)[:40]), choices=", ".join(POLICIES))  # fmt: skip
    if not isinstance(strict, bool):
        raise BadInput("write true or false", where="strict")
    return Terms(
        found,
        _number(_or_rule(document, "hold_days", hold_days), "hold_days", MOST_DAYS),
        _number(_or_rule(document, "low_water_pct", low_water_pct), "low_water_pct", 100),
        policy,
        strict,
    )


def _plain(condition: Condition) -> dict[str, Any]:
    plain: dict[str, Any] = {"metric": condition.metric, "at_least": condition.at_least}
    return plain if condition.days is None else {**plain, "days": condition.days}


def _or_rule(document: Mapping[str, Any], name: str, given: int | None) -> Any:
    fallback = preset(f"level.{name}").value if given is None else given
    return document.get(name, fallback)


def _level(document: Any, number: int) -> Level:
    where = f"levels[{number}]"
    _table(document, where)
    _known(document, ("name", "any"), where)
    name = typed_name(str(document.get("name", "")), where=f"{where}.name")
    groups = document.get("any", [])
    if not _is_list(groups) or not all(_is_list(group) for group in groups):
        raise BadInput("a level asks for a list of groups of conditions", where=f"{where}.any",
                       hint="qunguan level list --json shows how the presets say it")  # fmt: skip
    if number == 1 and groups:
        raise BadInput("the lowest level is everybody's and asks for nothing", where=f"{where}.any")
    if number > 1 and not (groups and all(groups)):
        raise BadInput("a level above the lowest asks for something", where=f"{where}.any",
                       hint="qunguan level list --json shows how the presets say it")  # fmt: skip
    return Level(
        name,
        tuple(
            tuple(_condition(each, f"{where}.any[{place}][{at}]") for at, each in enumerate(group, 1))
            for place, group in enumerate(groups, 1)
        ),
    )


def _condition(document: Any, where: str) -> Condition:
    _table(document, where)
    _known(document, ("metric", "at_least", "yuan", "days"), where)
    metric = document.get("metric")
    if metric not in METRICS:
        raise BadInput("{value} is not a choice", hint="choose one of: {choices}", where=f"{where}.metric",
                       value=show(str(metric)[:40]), choices=", ".join(METRICS))  # fmt: skip
    days = document.get("days")
    if days is not None and metric not in WINDOWED:
        raise BadInput("{metric} is not counted over days", where=f"{where}.days", metric=metric)
    if "yuan" in document:
        if metric != "spend" or "at_least" in document:
            raise BadInput("yuan stands instead of at_least, for spend", where=f"{where}.yuan")
        bar = _fen(document["yuan"], f"{where}.yuan")
    else:
        bar = _number(document.get("at_least"), f"{where}.at_least", _MOST)
    return Condition(metric, bar, None if days is None else _number(days, f"{where}.days", MOST_DAYS))


def _fen(value: Any, where: str) -> int:
    try:
        fen = Decimal(str(value)) * _FEN
        if isinstance(value, bool) or not fen.is_finite() or abs(fen) > _MOST or fen != fen.to_integral_value():
            raise InvalidOperation
    except (InvalidOperation, ValueError):
        raise BadInput("{value} is not an amount in yuan", where=where, hint="write it like 1000 or 999.99",
                       value=show(str(value)[:40])) from None  # fmt: skip
    return _number(int(fen), where, _MOST)


def _number(value: Any, where: str, most: int) -> int:
    if type(value) is not int:
        raise BadInput("{value} is not a whole number", where=where, value=show(str(value)[:40]))
    if not 1 <= value <= most:
        raise BadInput("{value} is out of range", hint="use {least} to {most}", where=where, value=value, least=1,
                       most=most)  # fmt: skip
    return value


def _table(document: Any, where: str) -> None:
    if not isinstance(document, Mapping):
        raise BadInput("a table with names and values is expected here", where=where)


def _known(document: Mapping[str, Any], names: tuple[str, ...], where: str) -> None:
    for name in document:
        if name not in names:
            raise BadInput("{name} is not known here", hint="there are: {known}", where=where,
                           name=show(str(name)[:40]), known=", ".join(names))  # fmt: skip


def _is_list(value: Any) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _refuse_same_names(levels: tuple[Level, ...]) -> None:
    seen: set[str] = set()
    for number, level in enumerate(levels, 1):
        key = match_key(level.name)
        if key in seen:
            raise BadInput("two levels are called {name}", where=f"levels[{number}].name", name=show(level.name))
        seen.add(key)
