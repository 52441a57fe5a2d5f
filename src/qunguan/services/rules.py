"""Rules: read a threshold in force, change it with a reason, switch it off, go back to the preset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput
from qunguan.domain.rules import RuleChange, RuleState, checked, preset, presets, tiers
from qunguan.i18n import N_
from qunguan.store.session import Session
from qunguan.store.settings import rule_change

_SIZES = ("group.capacity_soft", "group.capacity_hard")
_CHANGES = select(rule_change).order_by(rule_change.c.id)


def states(session: Session) -> tuple[RuleState, ...]:
    """Every rule as it is in force, in the order of the preset file."""
    latest = _latest(session)
    return tuple(_state(rule_id, latest.get(rule_id)) for rule_id in presets())


def state(session: Session, rule_id: str) -> RuleState:
    """One rule as it is in force. Raises NotFound for an unknown id."""
    return _state(rule_id, _latest(session).get(rule_id))


def _latest(session: Session) -> Mapping[str, Any]:
    """The newest change of every rule that was ever changed."""
    return session.settled(rule_change, None, lambda: {row.rule_id: row for row in session.rows(_CHANGES)})


def value(session: Session, rule_id: str) -> Any:
    """The value in force, whether or not the rule is switched on."""
    return state(session, rule_id).value


def limit(session: Session, rule_id: str) -> int | None:
    """The value of a rule that bounds something, or None while it is switched off (no bound)."""
    found = state(session, rule_id)
    return int(found.value) if found.enabled else None


def change(session: Session, clock: Clock, rule_id: str, new: Any, *, reason: str = "") -> RuleState:
    """Put the owner's own value in force. Raises BadInput when it does not fit the rule."""
    now = state(session, rule_id)
    accepted = checked(now.rule, new)
    _refuse_sizes(session, rule_id, accepted)
    if accepted != now.value:
        session.step(N_("Changed the rule {rule}"), rule=now.rule.label)
        session.insert(rule_change, rule_id=rule_id, at=clock.now(), value=accepted, enabled=now.enabled, reason=reason)
    return state(session, rule_id)


def _refuse_sizes(session: Session, rule_id: str, new: Any) -> None:
    """A suggested size above the largest one is never said, and of nobody is no group. Raises BadInput for either."""
    if rule_id not in _SIZES:
        return
    if new < 1:
        raise BadInput("a group has room for at least one", where=rule_id, hint="to have no bound, switch the rule off")
    soft, hard = (new if each == rule_id else value(session, each) for each in _SIZES)
    if soft > hard:
        raise BadInput(
            "the largest size {hard} is below the suggested size {soft}", where=rule_id, hard=hard, soft=soft
        )


def switch(session: Session, clock: Clock, rule_id: str, *, enabled: bool) -> RuleState:
    """Switch a rule on or off; its value stays."""
    now = state(session, rule_id)
    if enabled != now.enabled:
        session.step(N_("Switched the rule {rule}"), rule=now.rule.label)
        own = now.value if now.changed else None
        session.insert(rule_change, rule_id=rule_id, at=clock.now(), value=own, enabled=enabled, reason="")
    return state(session, rule_id)


def reset(session: Session, clock: Clock, rule_id: str) -> RuleState:
    """Go back to the preset: its value, and switched as shipped."""
    now = state(session, rule_id)
    if now.changed or now.enabled != now.rule.enabled:
        session.step(N_("Reset the rule {rule}"), rule=now.rule.label)
        session.insert(rule_change, rule_id=rule_id, at=clock.now(), value=None, enabled=now.rule.enabled, reason="")
    return state(session, rule_id)


def history(session: Session, rule_id: str) -> tuple[RuleChange, ...]:
    """Every change of a rule, newest first."""
    changes = select(rule_change).where(rule_change.c.rule_id == rule_id).order_by(rule_change.c.id.desc())
    return tuple(RuleChange(row.at, row.value, row.enabled, row.reason) for row in session.rows(changes))


def _state(rule_id: str, row: Any) -> RuleState:
    rule = preset(rule_id)
    if row is None:
        return RuleState(rule, rule.value, rule.enabled, changed=False)
    if row.value is None:
        return RuleState(rule, rule.value, row.enabled, changed=False, changed_at=row.at)
    own = tiers(row.value) if rule.kind == "tiers" else row.value
    return RuleState(rule, own, row.enabled, changed=own != rule.value, changed_at=row.at)
