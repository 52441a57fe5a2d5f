"""The agenda's lines about incidents that are open: what is due next, and what is late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from qunguan.domain.clock import Clock, DayRule
from qunguan.domain.incident_clock import STAGES, UPDATE, Due, Running, lasting
from qunguan.domain.today import Evidence, Line, Said, Target
from qunguan.i18n import N_, _
from qunguan.services import groups, rules
from qunguan.services.incident_running import running
from qunguan.store.session import Session

_RULES: Final = {
    "tell": ("incident.tell_minutes", "S4-18"),
    "time": ("incident.time_minutes", "S4-19"),
    "trust": ("incident.trust_minutes", "S4-20"),
    UPDATE: ("incident.update_minutes", "semantics 3.17"),
}


def lines(session: Session, clock: Clock, *, named: bool) -> Iterator[Line]:
    """A line for each open incident, drills too; `named` says the group's name with it."""
    for each in running(session, clock):
        group = groups.get(session, each.group_id)
        dues = each.clocks(clock.now())
        title = _("Drill: {title}", title=each.title) if each.drill else each.title
        told = _("; ").join(_said(due, group.day_rule) for due in dues) or _("all told: review it, then close it")
        yield Line(
            kind="crisis",
            key=f"incident:{each.id}",
            text=Said(N_("{title}: {clocks}"), {"title": title, "clocks": told}),
            target=Target("incidents", each.id),
            evidence=tuple(_evidence(session, each, due, group.day_rule) for due in dues),
            group_id=group.id,
            group=group.name if named else "",
        )


def _said(due: Due, rule: DayRule) -> str:
    name = _name(due)
    if due.left < 0:
        return _("{stage} is late by {late}", stage=name, late=lasting(-due.left))
    return _("{stage} by {moment}", stage=name, moment=f"{rule.local(due.due_at):%m-%d %H:%M}")


def _name(due: Due) -> str:
    return _("Update") if due.name == UPDATE else _(STAGES[due.name])  # type: ignore[index]


def _evidence(session: Session, each: Running, due: Due, rule: DayRule) -> Evidence:
    rule_id, source = _RULES[due.name]
    minutes = rules.value(session, rule_id)
    since = each.told_at if due.name == UPDATE and each.told_at else each.t0
    met = Said(N_("{stage}: {n} minutes from {moment}"),
               {"stage": _name(due), "n": minutes, "moment": f"{rule.local(since):%m-%d %H:%M}"})  # fmt: skip
    return Evidence(met, source, rule_id, minutes)
