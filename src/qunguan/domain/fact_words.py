"""What facts come to, in words: 3, 12.50 元, 40 天前, 从未, 至少 2, 不知道."""

from __future__ import annotations

import math
from collections.abc import Mapping

from qunguan.domain.conditions import (
    AGES,
    DATED,
    SPOKEN,
    AtLeast,
    Condition,
    Fact,
    Growth,
    Looked,
    Rank,
    Value,
    leaf_facts,
    truth,
)
from qunguan.domain.money import short_yuan
from qunguan.i18n import N_, _
from qunguan.values import frozen


@frozen
class Said:
    """What a leaf found, as a place in a message."""

    looked: Looked

    def __str__(self) -> str:
        facts = leaf_facts(self.looked.leaf)
        said = [value_said(fact, value) for fact, value in zip(facts, self.looked.values, strict=True)]
        if isinstance(self.looked.leaf, Growth):
            return _("{now}, before {then}", now=said[0], then=said[1])
        return said[0]


def value_said(fact: Fact, value: Value) -> str:
    """One value in words; unknown says why where chats would tell."""
    if value is None:
        return _("not known: no chat covers these days") if fact.kind in SPOKEN else _("not known")
    if isinstance(value, AtLeast):
        return _("at least {value}", value=value_said(fact, value.low))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Rank):
        return value.name
    if isinstance(value, str):
        return value or "—"
    if isinstance(value, float) and not math.isfinite(value):
        return _("never") if value > 0 else _("nothing")
    return _number(fact, int(value))


def verdict(condition: Condition, values: Mapping[Fact, Value]) -> str:
    """Whether a condition holds, as a message ID."""
    found = truth(condition, values)
    return N_("not known") if found is None else N_("holds") if found else N_("does not hold")


def _number(fact: Fact, value: int) -> str:
    if fact.kind == "spent":
        return _("{n} yuan", n=short_yuan(value))
    if fact.kind in AGES or (fact.kind in DATED and fact.unit == "d"):
        return _("{n} days", n=value)
    return _("{n} months", n=value) if fact.kind in DATED else str(value)
