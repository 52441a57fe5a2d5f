"""Where the three lines of defence of a group stand now; all of it is read, nothing is kept (S4-29 to S4-31)."""

from __future__ import annotations

from qunguan.domain.alert_words import quantity
from qunguan.domain.alerts import Alert, AlertRule, Verdict, find, judge
from qunguan.domain.clock import Clock
from qunguan.domain.defence import DOES, Line, State
from qunguan.domain.reach import TARGET, Coverage
from qunguan.domain.rosters import Reason
from qunguan.i18n import N_
from qunguan.services import alerts, incidents, reach
from qunguan.services.alert_state import Reader, readers
from qunguan.store import feedback_queries, insight_queries
from qunguan.store.session import Session

BAN = "ban"
"""The playbook of a platform that closes the group."""
_ANSWERED = ("known", "handling", "closed")


def lines(session: Session, clock: Clock, group_id: int) -> tuple[Line, ...]:
    """The three lines of a group, the first first. Raises NotFound."""
    return (
        _alert_line(session, clock, group_id, 1, "complaints"),
        _alert_line(session, clock, group_id, 2, "exits"),
        _reach_line(session, clock, group_id),
    )


def _alert_line(session: Session, clock: Clock, group_id: int, number: int, name: str) -> Line:
    """A line that is an alert: what its figure says of the last complete day, and what the owner said to it."""
    (reader,) = readers(session, clock, group_id, None)
    rule = reader.rule(find(name))
    if not rule.enabled:
        return Line(number, name, "off", None, rule.terms.op, rule.terms.threshold, None, rule.shipped.threshold,
                    rule.source, Reason(N_("it is switched off")), DOES[name])  # fmt: skip
    fires = next(iter(alerts.alerts(session, clock, group_id, passed=False, only=name)), None)
    verdict = judge(rule.terms, reader.series(rule), reader.found.last)
    lock = alerts.promo_locked(session, clock, group_id).locked if name == "exits" else False
    return Line(
        number, name, _state(fires, verdict), verdict.value, rule.terms.op, rule.terms.threshold, verdict.n,
        rule.shipped.threshold, rule.source, _said(name, rule, verdict), DOES[name], lock, None, verdict.now,
        verdict.before, _today(reader, name),
    )  # fmt: skip


def _today(reader: Reader, name: str) -> int:
    """How many complained, or left, on the day that is not over yet."""
    session, group = reader.found.session, reader.found.group
    day = reader.found.clock.today(group.day_rule)
    told = feedback_queries.complaints_by_day if name == "complaints" else insight_queries.leaves
    return told(session, group.id, day, day).get(day, 0)


def _state(fires: Alert | None, verdict: Verdict) -> State:
    if fires is not None:
        return "answered" if fires.state in _ANSWERED else "fires"
    return "unknown" if verdict.value is None and verdict.now is None else "holds"


def _said(name: str, rule: AlertRule, verdict: Verdict) -> Reason:
    bar = quantity(rule.terms.threshold, rule.unit)
    if name == "exits":
        if verdict.value is None:
            return Reason(N_("how many left is not known"))
        told = N_("{value} of {n} left in {days} days, the line is {threshold}")
        return Reason.of(told, value=quantity(verdict.value, "share"), n=verdict.n, days=rule.terms.window,
                         threshold=bar)  # fmt: skip
    if verdict.now is None:
        return Reason(N_("how many complained is not known"))
    told = N_("{now} complaints in {days} days, {before} in the days before; the line is +{threshold}")
    return Reason.of(told, now=quantity(verdict.now, "count"), before=quantity(verdict.before, "count"),
                     days=rule.terms.window, threshold=bar)  # fmt: skip


def _reach_line(session: Session, clock: Clock, group_id: int) -> Line:
    found = reach.coverage(session, clock, group_id)
    open_ban = next(
        (each.id for each in incidents.all_incidents(session, group_id) if each.open and each.playbook == BAN), None
    )
    told = N_("{backup} of {members} can be reached on ground of one's own, {lost} not at all")
    said = Reason.of(told, backup=found.backup, members=found.members, lost=len(found.unreachable))
    return Line(
        3, "reach", _reach_state(found, open_ban), found.backup_rate, "<",
        None if found.target is None else found.target / 100, found.members, TARGET, found.source, said,
        DOES["reach" if open_ban is None else "ban"],
        incident_id=open_ban,
    )  # fmt: skip


def _reach_state(found: Coverage, open_ban: int | None) -> State:
    if open_ban is not None:
        return "answered"
    if found.target is None:
        return "off"
    return "unknown" if found.met is None else "holds" if found.met else "fires"
