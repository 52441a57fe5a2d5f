"""`qunguan rule`: the thresholds in force, where they come from, and changing them."""

from __future__ import annotations

import argparse

from qunguan.cli.command import Context, columns, jsonable, verbs
from qunguan.domain.rule_words import rule_line
from qunguan.domain.rules import RuleState
from qunguan.domain.sources import Brief
from qunguan.i18n import _


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `rule`."""
    verb = verbs(parser)
    verb("list", listing, _("every rule with its value and source"))
    change = verb("set", put, _("put your own value in force"), writes=True)
    change.add_argument("rule", metavar="RULE")
    change.add_argument("value", metavar="VALUE")
    change.add_argument("--reason", default="", metavar="TEXT")
    for name, command, text in (
        ("on", switch_on, _("switch a rule on")),
        ("off", switch_off, _("switch a rule off")),
        ("reset", reset, _("back to the preset")),
    ):
        verb(name, command, text, writes=True).add_argument("rule", metavar="RULE")


def listing(context: Context) -> None:
    """Print every rule."""
    from qunguan.services import rules

    with context.desk() as desk:
        states = desk.read(rules.states)
    header = (_("rule"), _("value"), _("source"), _("meaning"))
    rows = [(state.rule.id, shown(state), Brief(state.rule.source), _(state.rule.label)) for state in states]
    context.answer({"rules": [_document(state) for state in states]}, columns(header, rows))


def shown(state: RuleState) -> str:
    """The value in force as people read it; a rule that is off says so."""
    text = str(state.value)
    if state.rule.kind == "tiers":
        text = ", ".join(f"{streak}={points}" for streak, points in state.value.items())
    return text if state.enabled else _("{value} (off)", value=text)


def put(context: Context) -> None:
    """Change a rule."""
    from qunguan.services import rules

    options = context.options
    with context.desk() as desk:
        _tell(context, context.write(desk, rules.change, options.rule, options.value, reason=options.reason))


def switch_on(context: Context) -> None:
    """Switch a rule on."""
    from qunguan.services import rules

    with context.desk() as desk:
        _tell(context, context.write(desk, rules.switch, context.options.rule, enabled=True))


def switch_off(context: Context) -> None:
    """Switch a rule off."""
    from qunguan.services import rules

    with context.desk() as desk:
        _tell(context, context.write(desk, rules.switch, context.options.rule, enabled=False))


def reset(context: Context) -> None:
    """Go back to the preset."""
    from qunguan.services import rules

    with context.desk() as desk:
        _tell(context, context.write(desk, rules.reset, context.options.rule))


def _tell(context: Context, state: RuleState) -> None:
    context.answer(_document(state), [rule_line(state)])


def _document(state: RuleState) -> dict[str, object]:
    rule = state.rule
    return {
        "id": rule.id,
        "label": _(rule.label),
        "metric": rule.metric,  # for programs: the same in every language
        "window": rule.window,
        "comparator": rule.comparator,
        "value": jsonable(state.value),
        "unit": rule.kind,
        "preset": jsonable(rule.value),
        "source": rule.source,
        "enabled": state.enabled,
        "changed": state.changed,
        "changed_at": state.changed_at,
    }
