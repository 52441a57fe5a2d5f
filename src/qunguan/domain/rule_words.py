"""Rules as people read them: a value with its unit, a rule on one line."""

from __future__ import annotations

from typing import Any

from qunguan.domain.rules import Rule, RuleState
from qunguan.i18n import N_, _, ngettext

CHOICES = {
    "debt": N_("owed until the next points come in"),
    "waive": N_("let go"),
    "max": N_("the largest counts"),
    "product": N_("all on top of each other"),
    "in": N_("counted"),
    "out": N_("not counted"),
    "yes": N_("yes"),
    "no": N_("no"),
    "on": N_("on"),
    "off": N_("off"),
    "members": N_("members present"),
    "online": N_("people online"),
    "any": N_("a message, a check-in, a deed or an order"),
    "messages": N_("messages only"),
    "checkins": N_("check-ins only"),
    "joined": N_("the first join"),
    "first_seen": N_("the first activity"),
    "add": N_("added as members"),
    "ask": N_("wait to be told"),
    "fixed": N_("fixed cut points"),
    "quintile": N_("fifths of the buyers"),
    "window": N_("within the silent days"),
    "ever": N_("ever"),
    "60/30/10": N_("60 / 30 / 10 of a hundred"),
    "3:2:1": N_("3 : 2 : 1, by weight"),
    "own": N_("weights of one's own"),
    "payment": N_("with the payment"),
    "end": N_("the day after the old end"),
}
"""What the values of choices are called: message IDs. One value means the same in every rule."""
_UNITS = {
    "days": (N_("{n} day"), N_("{n} days")),
    "points": (N_("{n} point"), N_("{n} points")),
    "percent": ("{n} %", "{n} %"),
    "count": ("{n}", "{n}"),
}


def rule_value(rule: Rule, value: Any) -> str:
    """A rule's value as people read it: 3 days, 7=20, 21=60 (7 天 20 分、21 天 60 分)."""
    if rule.kind == "tiers":
        return _(", ").join(_("{days}={points}", days=days, points=points) for days, points in value.items())
    if rule.kind == "choice":
        return _(CHOICES[value]) if value in CHOICES else str(value)
    one, many = _UNITS[rule.kind]
    return ngettext(one, many, value) if rule.kind != "count" else str(value)


def rule_line(state: RuleState) -> str:
    """A rule in force on one line, what it decides, its value, its source: Success fee of brokering …: 2 % (S3-35)."""
    from qunguan.domain.sources import Brief

    value = rule_value(state.rule, state.value)
    if not state.enabled:
        value = _("{value} (off)", value=value)
    return _("{rule}: {value} ({source})", rule=_(state.rule.label), value=value, source=Brief(state.rule.source))
