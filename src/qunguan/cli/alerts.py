"""`qunguan alert`: what fires, why, and what the owner says to it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any

from qunguan.cli.command import Context, columns, group_argument, verbs
from qunguan.domain.alert_words import SEVERITIES, STATES, SUGGESTIONS, TITLES, quantity, said
from qunguan.domain.alerts import Alert, AlertRule, State
from qunguan.domain.sources import Brief
from qunguan.i18n import N_, _

_SAY: dict[str, tuple[State, str]] = {
    "know": ("known", N_("say that you have seen an alert")),
    "handle": ("handling", N_("say that you are on it")),
    "close": ("closed", N_("close an alert: not to be told of this time again")),
}


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `alert`."""
    verb = verbs(parser)
    lists = verb("list", listing, _("what fires, and what recovered in the last days"), as_of=True)
    _group(lists)
    for name, (_state, text) in _SAY.items():
        say = verb(name, mark, _(text), writes=True)
        say.add_argument("rule", metavar="RULE", help=_("an alert by its name in the list"))
        _group(say)
        say.add_argument("--note", default="", metavar="TEXT")
    verb("rules", rule_list, _("every alert with its threshold and source"))
    ask = verb("why", why, _("why an alert fires, or why it does not"), as_of=True)
    ask.add_argument("rule", metavar="RULE", help=_("an alert by its name in the list"))
    _group(ask)


def _group(parser: argparse.ArgumentParser) -> None:
    group_argument(parser, _("a group by id or name; without it every group"))


def listing(context: Context) -> None:
    """Print the alerts."""
    from qunguan.services import alerts

    with context.desk() as desk:
        found = desk.read(alerts.alerts, context.clock, context.group_id(desk), context.as_of)
    context.answer({"alerts": [_document(alert) for alert in found]}, _lines(found))


def _document(alert: Alert) -> dict[str, Any]:
    return {
        "rule": alert.rule,
        "severity": alert.severity,
        "state": alert.state,
        "value": alert.value,
        "threshold": alert.threshold,
        "window": {"first": alert.first, "last": alert.last, "days": (alert.last - alert.first).days + 1},
        "source": alert.source,
        "suggestion": _(SUGGESTIONS[alert.rule]),
        "title": _(TITLES[alert.rule]),
        "text": str(said(alert)),
        "op": alert.op,
        "unit": alert.unit,
        "before": alert.before,
        "n": alert.n,
        "since": alert.since,
        "recovered_on": alert.recovered_on,
        "action": alert.action,
        "note": alert.note,
        "group_id": alert.group_id,
        "group": alert.group,
    }


def _lines(found: Sequence[Alert]) -> Iterator[str]:
    if not found:
        yield _("nothing fires")
        return
    header = (
        _("alert"),
        _("severity"),
        _("state"),
        _("since when"),
        _("group"),
        _("what it says"),
        _("source"),
        _("what to do"),
    )
    rows = [
        (
            f"{_(TITLES[alert.rule])} ({alert.rule})", _(SEVERITIES[alert.severity]), _(STATES[alert.state]),
            alert.since, alert.group or "—", said(alert), Brief(alert.source), _(SUGGESTIONS[alert.rule]),
        )
        for alert in found
    ]  # fmt: skip
    yield from columns(header, rows)


def mark(context: Context) -> None:
    """Say something to an alert."""
    from qunguan.services import alerts

    options = context.options
    state = _SAY[options.verb][0]
    with context.desk() as desk:
        alert = context.write(desk, alerts.mark, options.rule, context.group_id(desk), state, note=options.note)
    line = _("{alert}: {state}. Next: {suggestion}", alert=_(TITLES[alert.rule]), state=_(STATES[alert.state]),
             suggestion=_(SUGGESTIONS[alert.rule]))  # fmt: skip
    context.answer(_document(alert), [line])


def rule_list(context: Context) -> None:
    """Print the shipped alerts."""
    from qunguan.services import alerts

    with context.desk() as desk:
        found = desk.read(alerts.alert_rules)
    header = (_("alert"), _("meaning"), _("threshold"), _("severity"), _("source"), _("figures"))
    rows = [
        (
            rule.shipped.id, _(TITLES[rule.shipped.id]), _threshold(rule), _(SEVERITIES[rule.shipped.severity]),
            Brief(rule.source), _("in the file") if rule.readable else _("not recorded yet"),
        )
        for rule in found
    ]  # fmt: skip
    context.answer({"rules": [_rule(rule) for rule in found]}, columns(header, rows))


def _threshold(rule: AlertRule) -> str:
    text = f"{rule.terms.op} {quantity(rule.terms.threshold, rule.unit)}"
    return text if rule.enabled else _("{value} (off)", value=text)


def _rule(rule: AlertRule) -> dict[str, Any]:
    return {
        "rule": rule.shipped.id,
        "title": _(TITLES[rule.shipped.id]),
        "metric": rule.shipped.metric,
        "kind": rule.terms.kind,
        "op": rule.terms.op,
        "threshold": rule.terms.threshold,
        "unit": rule.unit,
        "window_days": rule.terms.window,
        "consecutive_days": rule.terms.days,
        "min_base": rule.terms.min_base,
        "min_count": rule.terms.min_count,
        "rest_days": rule.terms.rest,
        "severity": rule.shipped.severity,
        "source": rule.source,
        "suggestion": _(SUGGESTIONS[rule.shipped.id]),
        "action": rule.shipped.action,
        "enabled": rule.enabled,
        "known": rule.readable,
        "threshold_rule": rule.shipped.threshold,
    }


def why(context: Context) -> None:
    """Print the verdicts of the last days."""
    from qunguan.services import alerts

    options = context.options
    with context.desk() as desk:
        found = desk.read(alerts.why_alert, context.clock, options.rule, context.group_id(desk), context.as_of)
    lines = [str(reason) for reason in found]
    context.answer({"rule": options.rule, "why": lines}, lines)
