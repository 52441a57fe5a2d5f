"""An incident whole: stages, gauges and everything that happened, as of now (semantics 3.17)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from qunguan.domain import incident_clock
from qunguan.domain.clock import Clock
from qunguan.domain.incident_compensation import CompensationSum
from qunguan.domain.incident_playbooks import playbook
from qunguan.domain.incident_timeline import Happened, lines
from qunguan.domain.incidents import (
    Action,
    ActionDraft,
    Gauges,
    Incident,
    IncidentView,
    Review,
    TimelineEntry,
)
from qunguan.services import groups, rules
from qunguan.services.incident_book import get
from qunguan.services.incident_roles import roles
from qunguan.services.incident_running import limits, promised_from
from qunguan.services.incident_stages import stages, told
from qunguan.store import compensation_queries
from qunguan.store import incident_queries as queries
from qunguan.store.session import Session

EXIT_RULE = "insight.exit_crisis_pct"


def view(session: Session, clock: Clock, incident_id: int) -> IncidentView:
    """Everything of one incident; of one that is closed as it was closed. Raises NotFound."""
    found = get(session, incident_id)
    now = found.closed_at or incident_clock.held_now(clock.now(), queries.newest(session, incident_id))
    posts = told(session, incident_id)
    times, last = limits(session), posts[-1] if posts else None
    told_at = promised_from(session, found.group_id, last.text, last.at, times) if last else None
    update = None if found.closed_at else incident_clock.next_update(found.t0, told_at, now, times)
    return IncidentView(
        found, stages(session, found, now), update, roles(session, incident_id), gauges(session, found, now),
        timeline(session, found, now), review(session, incident_id), actions(session, incident_id), now,
    )  # fmt: skip


def gauges(session: Session, found: Incident, now: datetime) -> Gauges:
    """How it goes by `now`: who left since T0 of those who were there then (S4-22), complaints, amends."""
    rule = groups.get(session, found.group_id).day_rule
    known_at = max(found.t0, found.opened_at)
    here, gone = queries.exits(session, found.group_id, found.biz_date, known_at, rule.biz_date(now))
    complaints = queries.complaints(session, found.id)
    closed = sum(bool(row.resolved) for row in complaints)
    limit = float(rules.value(session, EXIT_RULE)) / 100
    return Gauges(here, gone, gone / here if here else None, limit, len(complaints) - closed, closed,
                  CompensationSum(*compensation_queries.sums(session, found.id)))  # fmt: skip


def actions(session: Session, incident_id: int) -> tuple[Action, ...]:
    """What is to be done, in order."""
    rows = queries.actions(session, incident_id)
    return tuple(Action(row.place, row.title, row.due_on, row.hat, row.task_id) for row in rows)


def review(session: Session, incident_id: int) -> Review | None:
    """What was written about an incident, None before."""
    row = queries.review(session, incident_id)
    if row is None:
        return None
    done = tuple(ActionDraft(each.title, each.due_on, each.hat) for each in actions(session, incident_id))
    return Review(row.cause, row.impact, row.went_well, row.went_badly, done, row.message)


def timeline(session: Session, found: Incident, now: datetime) -> tuple[TimelineEntry, ...]:
    """Everything that happened, told and typed, in order; what was late says so."""
    rule = groups.get(session, found.group_id).day_rule
    return tuple(lines(found, tuple(_happened(session, found)), told(session, found.id), now, limits(session), rule))


def _happened(session: Session, found: Incident) -> Iterator[Happened]:
    points = {
        (stage, item): text
        for stage in incident_clock.STAGES
        for item, text in playbook(found.playbook).sheet(stage).checks
    }
    for row in queries.checks(session, found.id):
        yield Happened(row.at, "check", points.get((row.stage, row.item), row.item), row.stage)
    for row in queries.lines(session, found.id):
        yield Happened(row.at, row.kind, row.text)
    for row in queries.roles(session, found.id):
        yield Happened(row.since, "role", row.holder, row.hat)
    for row in queries.given(session, found.id):
        yield Happened(row.at, row.kind, str(row.n))
    for row in queries.complaints(session, found.id):
        yield Happened(row.told_at, "complaint")
    written = queries.review(session, found.id)
    if written is not None:
        yield Happened(written.written_at, "review")
