"""Incidents: start one, find it, correct its T0 once, say how bad it is (semantics 3.17)."""

from __future__ import annotations

from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.incident_clock import held_now
from qunguan.domain.incident_playbooks import playbook_named
from qunguan.domain.incidents import TITLE_LIMIT, Incident, typed_severity
from qunguan.domain.names import meant, only, typed_name
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_
from qunguan.services import groups
from qunguan.store import incident_queries as queries
from qunguan.store.incidents import incident, incident_line
from qunguan.store.session import Session

_LIST = "see the list: qunguan incident list"
_TITLE = attrgetter("title")
_JITTER = timedelta(minutes=1)  # so much is what a clock is put right by every day


def start(
    session: Session,
    clock: Clock,
    title: str,
    *,
    group_id: int | None = None,
    severity: str = "",
    at: datetime | None = None,
    drill: bool = False,
    playbook: str = "",
) -> Incident:
    """Start an incident, or a drill of one, in a group (None: the current one). `at` is T0 (None: now). `severity` ""
    is what the playbook says, else major. Raises NotFound, BadInput, Refused where one of the title is open.
    """
    group = groups.find(session) if group_id is None else groups.get(session, group_id)
    name = typed_name(title, limit=TITLE_LIMIT)
    plan = playbook_named(playbook) if playbook else None
    how = typed_severity(severity or (plan.severity if plan else "major"))
    now = clock.now()
    t0 = now if at is None else at
    if t0 > now:
        raise BadInput(
            "{moment} has not come yet", hint="T0 is when it was noticed", moment=said(session, group.id, t0)
        )
    for row in queries.open_ones(session):
        if (row.group_id, row.drill, match_key(row.title)) == (group.id, drill, match_key(name)):
            raise Refused("{title} is going on already (#{id})", hint="go on with it, or give this one another title",
                          title=show(name), id=row.id)  # fmt: skip
    session.step(N_("Started the drill {title}") if drill else N_("Started the incident {title}"), title=name)
    made = session.insert(
        incident, group_id=group.id, title=name, severity=how, playbook=plan.id if plan else "", t0=t0,
        biz_date=group.day_rule.biz_date(t0), first_t0=None, drill=drill, opened_at=now, closed_at=None,
    )  # fmt: skip
    return get(session, made)


def get(session: Session, incident_id: int) -> Incident:
    """One incident. Raises NotFound."""
    row = session.get(incident, incident_id)
    if row is None:
        raise NotFound("there is no incident #{id}", hint=_LIST, id=incident_id)
    return _incident(row)


def all_incidents(session: Session, group_id: int | None = None) -> tuple[Incident, ...]:
    """The incidents of a group (None: of all), drills among them, the newest first."""
    return tuple(_incident(row) for row in queries.all_rows(session, group_id))


def find(session: Session, text: str | None = None) -> Incident:
    """The incident that is meant, by id or title; None is the one that is open. Raises NotFound, Ambiguous."""
    if text is None:
        return _the_open_one(session)
    like = meant(all_incidents(session), text, _TITLE)
    like = [each for each in like if each.open] or like
    found = only(like, N_("{text} is the title of several incidents"), text, _TITLE)
    if found is None:
        raise NotFound("there is no incident {text}", hint=_LIST, text=show(text[:40]))
    return found


def _the_open_one(session: Session) -> Incident:
    running = [_incident(row) for row in queries.open_ones(session)]
    found = only(running, N_("several incidents are open"), name=_TITLE)
    if found is None:
        raise NotFound("no incident is open", hint="start one: qunguan incident start TITLE")
    return found


def correct_t0(session: Session, clock: Clock, incident_id: int, at: datetime) -> Incident:
    """Say that it was noticed at another moment; once, and it stands in the timeline. Raises NotFound, BadInput for a
    moment to come or after something was told, Refused the second time and of one that is closed.
    """
    found, now = still_open(session, incident_id), held(session, clock, incident_id)
    if at == found.t0:
        return found
    if found.first_t0 is not None:
        raise Refused("T0 was corrected once already", hint="undo that first, if it was wrong")
    if at > now:
        raise BadInput("{moment} has not come yet", hint="T0 is when it was noticed",
                       moment=said(session, found.group_id, at))  # fmt: skip
    told = queries.posts(session, incident_id)
    if told and told[0].posted_at < at:
        raise BadInput("at {moment} something was told already", hint="T0 cannot lie after that",
                       moment=said(session, found.group_id, told[0].posted_at))  # fmt: skip
    rule = groups.get(session, found.group_id).day_rule
    session.step(N_("Corrected T0 of {title}"), title=found.title)
    session.update(incident, incident_id, t0=at, first_t0=found.t0, biz_date=rule.biz_date(at))
    note(session, clock, incident_id, "t0")
    return get(session, incident_id)


def grade(session: Session, clock: Clock, incident_id: int, severity: str) -> Incident:
    """Say how bad it is. Raises NotFound, BadInput, Refused of one that is closed."""
    found, wanted = still_open(session, incident_id), typed_severity(severity)
    if wanted != found.severity:
        session.step(N_("Changed how bad {title} is"), title=found.title)
        session.update(incident, incident_id, severity=wanted)
        note(session, clock, incident_id, "severity", f"{found.severity} {wanted}")
    return get(session, incident_id)


def still_open(session: Session, incident_id: int) -> Incident:
    """One incident that is open. Raises NotFound, Refused."""
    found = get(session, incident_id)
    if found.closed_at is not None:
        raise Refused("{title} was closed at {moment}", hint="undo that, if it goes on", title=show(found.title),
                      moment=said(session, found.group_id, found.closed_at))  # fmt: skip
    return found


def held(session: Session, clock: Clock, incident_id: int) -> datetime:
    """Now, but never before what was written down for an incident."""
    return held_now(clock.now(), queries.newest(session, incident_id))


def writing_at(session: Session, clock: Clock, incident_id: int) -> datetime:
    """The moment something is written down, as `held`. Where the clock was set back, the timeline says so, once until
    it has caught up. Call it behind `session.step`.
    """
    known = max(queries.newest(session, incident_id))
    now = clock.now()
    if known - now > _JITTER and not queries.clock_told(session, incident_id, known):
        session.insert(
            incident_line, incident_id=incident_id, kind="clock", at=known, text=now.isoformat(), written_at=known
        )
    return max(now, known)


def note(
    session: Session, clock: Clock, incident_id: int, kind: str, text: str = "", at: datetime | None = None
) -> None:
    """Put a line into the timeline. Call it behind `session.step`."""
    now = writing_at(session, clock, incident_id)
    session.insert(incident_line, incident_id=incident_id, kind=kind, at=at or now, text=text, written_at=now)


def said(session: Session, group_id: int, moment: datetime) -> str:
    """A moment on the clock of a group."""
    return f"{groups.get(session, group_id).day_rule.local(moment):%Y-%m-%d %H:%M}"


def _incident(row: Any) -> Incident:
    return Incident(row.id, row.group_id, row.title, row.severity, row.playbook, row.t0, row.biz_date, row.first_t0,
                    bool(row.drill), row.opened_at, row.closed_at)  # fmt: skip
