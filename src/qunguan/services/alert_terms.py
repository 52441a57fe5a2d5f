"""The shipped alerts with the numbers in force: each from its rule, so that changing the rule changes the alert."""

from __future__ import annotations

from collections.abc import Mapping

from qunguan.domain.alerts import AlertRule, Shipped, Terms, shipped
from qunguan.domain.groups import Group
from qunguan.domain.rules import RuleState
from qunguan.services import rules
from qunguan.services.alert_metrics import METRICS
from qunguan.store.session import Session

_WEEK = 7
_OWN_SIZES = {"group.capacity_soft": "capacity_soft", "group.capacity_hard": "capacity_hard"}

InForce = Mapping[str, RuleState]


def in_force(session: Session) -> InForce:
    """Every rule as it is in force, by id."""
    return {state.rule.id: state for state in rules.states(session)}


def alert_rules(session: Session) -> tuple[AlertRule, ...]:
    """Every shipped alert with its numbers in force."""
    states = in_force(session)
    return tuple(rule_of(alert, states) for alert in shipped().values())


def rule_of(alert: Shipped, states: InForce, group: Group | None = None) -> AlertRule:
    """An alert with its numbers in force; the sizes of a group of its own come before the rules'."""
    state = states[alert.threshold]
    percent = state.rule.kind == "percent"
    own = getattr(group, _OWN_SIZES[alert.threshold]) if group and alert.threshold in _OWN_SIZES else None
    threshold = state.value / 100 if percent else float(own if own is not None else state.value)

    def number(rule_id: str, default: int) -> int:
        return int(states[rule_id].value) if rule_id else default

    def floor(rule_id: str) -> int:
        """A least base that is switched off asks for nothing."""
        return int(states[rule_id].value) if rule_id and states[rule_id].enabled else 0

    fresh = number("alert.fresh_days", 0)
    terms = Terms(
        alert.kind, alert.op, threshold, max(number(alert.window, 1), 1), max(number(alert.days, 1), 1),
        floor(alert.min_base), floor(alert.min_count), number("alert.rest_days", 0),
        max(fresh, _WEEK) if alert.weekly else fresh, number(alert.watch, 28),
    )  # fmt: skip
    unit = "share" if percent else "ratio" if alert.metric == "ltv" else "count"
    return AlertRule(alert, terms, unit, state.rule.source, state.enabled, alert.metric in METRICS)
