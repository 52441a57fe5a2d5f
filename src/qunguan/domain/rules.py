"""Thresholds as data: every number a verdict hangs on, with the source it comes from.

`presets/rules.toml` ships them; the owner's own values live in the database with their history.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from qunguan.domain.errors import BadInput, NotFound
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "rules.toml"
MAX_VALUE = 1_000_000


@frozen
class Rule:
    """One threshold.

    `kind` is how it is edited: count, points, percent, days (all non-negative whole numbers), choice (one of
    `choices`), tiers (a mapping of streak length to points). `label` and `metric` are message IDs. `source` is the ID
    of the text or section the number comes from.
    """

    id: str
    label: str
    kind: str
    value: Any
    source: str
    metric: str = ""
    window: str = ""
    comparator: str = ""
    severity: str = ""
    choices: tuple[str, ...] = ()
    enabled: bool = True


@frozen
class RuleState:
    """A rule as it is in force: the preset, the value now, and whether it is switched on.

    `changed_at` is when the owner last touched it, None when never.
    """

    rule: Rule
    value: Any
    enabled: bool
    changed: bool
    changed_at: datetime | None = None


@frozen
class RuleChange:
    """One entry of a rule's history. `value` None means it went back to the preset."""

    at: datetime
    value: Any
    enabled: bool
    reason: str


@cache
def presets() -> Mapping[str, Rule]:
    """Every shipped rule by id, in the order of the file."""
    import tomllib  # the first rows ask for no rule

    nouns = tomllib.loads(_PRESET.read_text(encoding="utf-8"))
    rules: dict[str, Rule] = {}
    for noun, entries in nouns.items():
        for name, fields in entries.items():
            rule_id = f"{noun}.{name}"
            values = {**fields, "choices": tuple(fields.get("choices", ()))}
            if fields["kind"] == "tiers":
                values["value"] = tiers(fields["value"])
            rules[rule_id] = Rule(id=rule_id, **values)
    return rules


def preset(rule_id: str) -> Rule:
    """The shipped rule. Raises NotFound for an id nobody ships."""
    try:
        return presets()[rule_id]
    except KeyError:
        raise NotFound("there is no rule {rule}", hint="see the list in Settings", rule=rule_id) from None


def tiers(value: Mapping[Any, Any]) -> dict[int, int]:
    """Streak tiers with whole numbers as keys (JSON and TOML keep keys as text), shortest first."""
    return dict(sorted((int(streak), int(points)) for streak, points in value.items()))


def checked(rule: Rule, value: Any) -> Any:
    """`value` as this rule stores it. Raises BadInput when it does not fit the rule's kind."""
    if rule.kind == "choice":
        if value not in rule.choices:
            raise BadInput("{value} is not a choice", hint="choose one of: {choices}", where=rule.id, value=value,
                           choices=", ".join(rule.choices))  # fmt: skip
        return value
    if rule.kind == "tiers":
        return _checked_tiers(rule, value)
    return _checked_number(rule, value)


def _checked_number(rule: Rule, value: Any) -> int:
    try:
        number = int(str(value).strip())
    except ValueError:
        raise BadInput("{value} is not a whole number", where=rule.id, value=value) from None
    if not 0 <= number <= MAX_VALUE:
        raise BadInput("{value} is out of range", hint="use 0 to {most}", where=rule.id, value=value, most=MAX_VALUE)
    return number


def _checked_tiers(rule: Rule, value: Any) -> dict[int, int]:
    if isinstance(value, str):
        pairs = [part.split("=", 1) for part in re.split("[,，、]", value) if part.strip()]
        if any(len(pair) != 2 for pair in pairs):
            raise BadInput(
                "{value} is not a list of tiers", hint="write it like 7=20, 21=60", where=rule.id, value=value
            )
        value = dict(pairs)
    found = {_checked_number(rule, streak): _checked_number(rule, points) for streak, points in value.items()}
    if any(streak < 1 or points < 1 for streak, points in found.items()):
        raise BadInput("a tier needs at least 1 day and 1 point", where=rule.id)
    return tiers(found)
