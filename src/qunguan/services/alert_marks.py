"""What the owner says to an alert, kept with the figures it fired on; and whether promotion rests (S4-30)."""

from __future__ import annotations

from datetime import date

from qunguan.domain.alert_words import TITLES, said
from qunguan.domain.alerts import NOTED, Alert, PromoLock, State, find
from qunguan.domain.clock import Clock
from qunguan.domain.errors import Ambiguous, BadInput, Refused
from qunguan.domain.rosters import Reason
from qunguan.domain.text import NOTE_LIMIT, clean, show
from qunguan.i18n import N_
from qunguan.services.alert_state import alerts
from qunguan.services.groups import day_rule
from qunguan.store.alerts import alert_note
from qunguan.store.session import Session

_SAID = {
    "known": N_("Alert seen: {alert}"),
    "handling": N_("Alert being handled: {alert}"),
    "closed": N_("Alert closed: {alert}"),
}
_LOCKING = "exits"


def mark(session: Session, clock: Clock, rule: str, group_id: int | None, state: State, note: str = "") -> Alert:
    """Say to an alert that fires that it is known, being handled or closed; the figures of today are kept with it.

    `group_id` None means the one group in which it fires. Saying the same again with no new note changes nothing.
    Raises NotFound for an alert nobody ships, Refused when it does not fire, Ambiguous when it fires in several groups.
    """
    if state not in NOTED:
        raise BadInput("{value} is nothing to say to an alert", hint="say known, handling or closed", value=state)
    fires = _firing(session, clock, rule, group_id)
    text = clean(note, NOTE_LIMIT) if note else ""
    if fires.state == state and text in ("", fires.note):
        return fires
    session.step(_SAID[state], alert=TITLES[rule])
    session.insert(
        alert_note, rule=rule, group_id=fires.group_id, fired_on=fires.since, state=state, inputs=_inputs(fires),
        note=text, at=clock.now(), biz_date=clock.today(day_rule(session, fires.group_id)),
    )  # fmt: skip
    return _firing(session, clock, rule, fires.group_id)


def promo_locked(session: Session, clock: Clock, group_id: int, as_of: date | None = None) -> PromoLock:
    """Whether promotion rests in a group: while too many leave and the owner has not answered (S4-30)."""
    for alert in alerts(session, clock, group_id, as_of, passed=False, only=_LOCKING):
        if alert.state == "fired":
            why = (
                said(alert),
                Reason.of(N_("promotion rests: turn to content, and say known to the alert to go on ({source})"),
                          source=alert.source),
            )  # fmt: skip
            return PromoLock(True, alert.since, why)
    return PromoLock(False)


def _firing(session: Session, clock: Clock, rule: str, group_id: int | None) -> Alert:
    """The alert where it fires now."""
    per_group = find(rule).per_group
    mine = [each for each in alerts(session, clock, group_id if per_group else None) if each.rule == rule]
    fires = [each for each in mine if each.state != "recovered"]
    if len(fires) > 1:
        raise Ambiguous(
            "the alert fires in several groups", hint="say which one: {candidates}",
            candidates=tuple(f"{show(each.group)} (#{each.group_id})" for each in fires),
        )  # fmt: skip
    if not fires:
        raise Refused("the alert {alert} does not fire now", hint="qunguan alert why tells what it measured",
                      alert=Reason.of(TITLES[rule]))  # fmt: skip
    return fires[0]


def _inputs(alert: Alert) -> dict[str, object]:
    """The figures an alert fired on, as they are when the owner answers."""
    return {
        "value": alert.value, "now": alert.now, "before": alert.before, "n": alert.n, "op": alert.op,
        "threshold": alert.threshold, "first": alert.first.isoformat(), "last": alert.last.isoformat(),
    }  # fmt: skip
