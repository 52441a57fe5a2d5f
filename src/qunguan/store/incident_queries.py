"""Incidents as they are read: the open ones with what their clocks need, the rows of one, who was there, who left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, String, func, literal, or_, select, type_coerce, union_all

from qunguan.store.base import Moment
from qunguan.store.feedback import feedback, feedback_step
from qunguan.store.incidents import (
    compensation,
    incident,
    incident_action,
    incident_check,
    incident_line,
    incident_post,
    incident_review,
    incident_role,
)
from qunguan.store.journal import change, step
from qunguan.store.member_queries import IDS
from qunguan.store.members import member, membership
from qunguan.store.session import Session

Rows = Sequence[Row[Any]]
_i, _post, _m = incident.c, incident_post.c, membership.c


def _latest(moment: Any, owner: Any, *where: Any) -> Any:
    """The newest of some moments of an incident."""
    return type_coerce(
        select(func.max(moment)).where(owner == _i.id, *where).correlate(incident).scalar_subquery(), Moment
    )


def _stages_told() -> list[Any]:
    """When each stage of an incident was told."""
    return [
        _latest(_post.posted_at, _post.incident_id, _post.stage == name).label(name)
        for name in ("tell", "time", "trust")
    ]  # fmt: skip


@cache
def _open() -> Select[Any]:
    """What the clocks of the open incidents need: when each stage was told, when anything was and what that
    said, the newest moment."""

    known = (
        _latest(_post.written_at, _post.incident_id),
        _latest(incident_check.c.at, incident_check.c.incident_id),
        _latest(incident_line.c.written_at, incident_line.c.incident_id),
        _latest(incident_role.c.since, incident_role.c.incident_id),
        _latest(incident_review.c.written_at, incident_review.c.incident_id),
    )
    by_time = select(_post.text).order_by(_post.posted_at.desc(), _post.id.desc()).limit(1)
    newest = by_time.where(_post.incident_id == _i.id).correlate(incident).scalar_subquery()
    return (
        select(
            incident,
            *_stages_told(),
            _latest(_post.posted_at, _post.incident_id).label("told_at"),
            newest.label("told"),
            *(column.label(f"known_{place}") for place, column in enumerate(known)),
        )
        .where(_i.closed_at.is_(None))
        .order_by(_i.opened_at, _i.id)
    )


def open_ones(session: Session) -> Rows:
    """The open incidents with what their clocks need, oldest first."""
    return session.rows(_open())


def all_rows(session: Session, group_id: int | None = None) -> Rows:
    """The incidents of a group (None: of all), the newest first."""
    query = select(incident).order_by(_i.t0.desc(), _i.id.desc())
    return session.rows(query if group_id is None else query.where(_i.group_id == group_id))


def stages_told(session: Session, group_id: int) -> Rows:
    """(t0, closed_at, tell, time, trust) of the incidents of a group, the oldest first; no drills."""
    query = select(_i.t0, _i.closed_at, *_stages_told()).where(_i.group_id == group_id, _i.drill.is_(False))
    return session.rows(query.order_by(_i.t0))


def posts(session: Session, incident_id: int) -> Rows:
    """What was told, in the order it was posted."""
    query = select(incident_post).where(_post.incident_id == incident_id)
    return session.rows(query.order_by(_post.posted_at, _post.id))


def checks(session: Session, incident_id: int) -> Rows:
    """The points that were ticked."""
    return session.rows(select(incident_check).where(incident_check.c.incident_id == incident_id))


def lines(session: Session, incident_id: int) -> Rows:
    """What was typed and what only happened here, in order."""
    line = incident_line.c
    return session.rows(
        select(incident_line).where(line.incident_id == incident_id).order_by(line.at, line.id)
    )  # fmt: skip


def clock_told(session: Session, incident_id: int, held: datetime) -> bool:
    """Whether the timeline says that the clock was set back behind this moment."""
    line = incident_line.c
    query = select(line.id).where(line.incident_id == incident_id, line.kind == "clock", line.at == held)
    return session.scalar(query.limit(1)) is not None


def roles(session: Session, incident_id: int) -> Rows:
    """Who wore a hat, oldest first."""
    role = incident_role.c
    return session.rows(select(incident_role).where(role.incident_id == incident_id).order_by(role.id))


def review(session: Session, incident_id: int) -> Row[Any] | None:
    """What was written about it, None before."""
    return session.first(select(incident_review).where(incident_review.c.incident_id == incident_id))


def actions(session: Session, incident_id: int) -> Rows:
    """What is to be done, in order."""
    action = incident_action.c
    return session.rows(select(incident_action).where(action.incident_id == incident_id).order_by(action.place))


def actions_of(session: Session, task_id: int) -> list[int]:
    """The ids of what is to be done, where this task came of it."""
    action = incident_action.c
    return [row.id for row in session.rows(select(action.id).where(action.task_id == task_id))]


def newest(session: Session, incident_id: int) -> list[datetime]:
    """The newest moment of each kind that was written down for an incident."""
    kinds = (
        (incident_post.c.written_at, incident_post.c.incident_id),
        (incident_check.c.at, incident_check.c.incident_id),
        (incident_line.c.written_at, incident_line.c.incident_id),
        (incident_role.c.since, incident_role.c.incident_id),
        (incident_review.c.written_at, incident_review.c.incident_id),
        (compensation.c.promised_at, compensation.c.incident_id),
        (compensation.c.delivered_at, compensation.c.incident_id),
        (incident.c.opened_at, incident.c.id),
    )
    told = union_all(
        *(
            select(type_coerce(func.max(moment), String).label("at")).where(owner == incident_id)
            for moment, owner in kinds
        )
    ).subquery()
    query = select(type_coerce(told.c.at, Moment).label("at")).where(told.c.at.is_not(None))
    return [row.at for row in session.rows(query)]


def given(session: Session, incident_id: int) -> Rows:
    """When amends were promised and when they were handed over, with how many it were: (kind, at, n)."""
    c = compensation.c
    kinds = [
        select(literal(kind).label("kind"), type_coerce(at, String).label("at"), func.count().label("n"))
        .where(c.incident_id == incident_id, at.is_not(None))
        .group_by(at)
        for kind, at in (("promised", c.promised_at), ("delivered", c.delivered_at))
    ]
    told = union_all(*kinds).subquery()
    return session.rows(select(told.c.kind, type_coerce(told.c.at, Moment).label("at"), told.c.n))


def complaints(session: Session, incident_id: int) -> Rows:
    """The complaints told of an incident: (told_at, resolved) with whether the newest such step resolved them."""
    f, s = feedback.c, feedback_step.c
    last = (
        select(s.kind)
        .where(s.feedback_id == f.id, s.kind.in_(("resolved", "reopened")))
        .order_by(s.at.desc(), s.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(f.told_at, (func.coalesce(last, "") == "resolved").label("resolved"))
    return session.rows(query.where(f.incident_id == incident_id, f.kind.in_(("complaint", "review"))))


def exits(session: Session, group_id: int, day: date, known_at: datetime, last: date) -> tuple[int, int]:
    """(members of a group when something happened on `day`, those of them who left from then to the day `last`).

    Days of joining and leaving have no hour: who joined on that very day, or nobody knows when, counts when the roster
    knew them by `known_at` (or from its first day, where that is later), and who left on it when that was not written
    down before.
    """
    there = (_m.group_id == group_id, or_(_m.left_on.is_(None), _m.left_on >= day))
    gone = [row.id for row in session.rows(select(_m.id).where(_m.group_id == group_id, _m.left_on == day))]
    out = _left_before(session, gone, known_at)
    back = select(_m.member_id).where(_m.group_id == group_id, _m.left_on == day)  # their stay before is counted
    doubtful = (
        select(_m.id, _m.member_id, _m.left_on)
        .join(member, member.c.id == _m.member_id)
        .where(*there, or_(_m.joined_on == day, _m.joined_on.is_(None)))
        .where(or_(_m.left_on == day, _m.member_id.not_in(back)))
        .where(member.c.created_at <= max(known_at, _first_known(session, group_id) or known_at))
    )
    sure = select(_m.id, _m.member_id, _m.left_on).where(*there, _m.joined_on < day)
    here = left = 0
    for stays in (sure, doubtful):
        told = stays.where(_m.id.not_in(IDS)).subquery()
        query = select(func.count().label("here"), func.count().filter(told.c.left_on <= last).label("gone"))
        row = session.first(query.select_from(told), {"ids": out})
        assert row is not None
        here, left = here + row.here, left + row.gone
    return here, left


def _first_known(session: Session, group_id: int) -> datetime | None:
    """When the roster of a group was first written down."""
    first = select(_m.member_id).where(_m.group_id == group_id).order_by(_m.id).limit(1).scalar_subquery()
    known: datetime | None = session.scalar(select(member.c.created_at).where(member.c.id == first))
    return known


def _left_before(session: Session, ids: Sequence[int], moment: datetime) -> list[int]:
    """Those of these stays whose end was written down before a moment."""
    if not ids:
        return []
    first = select(func.min(step.c.id)).where(step.c.at >= moment - timedelta(days=2)).scalar_subquery()  # of that day
    query = (
        select(change.c.first_id, change.c.before)
        .join(step, step.c.id == change.c.step_id)
        .where(change.c.step_id >= first, step.c.at < moment)
        .where(change.c.tbl == membership.name, change.c.op == "update", change.c.first_id.in_(IDS))
    )
    rows = session.rows(query, {"ids": list(ids)})
    return sorted({row.first_id for row in rows if "left_on" in row.before})
