"""Set-based questions about feedback. What belongs to a drill counts nowhere: every figure leaves it out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Row, Select, and_, bindparam, exists, func, or_, select

from qunguan.store.feedback import feedback, feedback_step
from qunguan.store.groups import chat_group
from qunguan.store.incidents import incident
from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.members import member
from qunguan.store.session import Session
from qunguan.store.tasks import task

_COMPLAINTS = ("complaint", "review")
_GROUP = bindparam("group_id", type_=Integer)
_DRILL = func.coalesce(incident.c.drill, False)
_ROWS = select(
    feedback, func.coalesce(member.c.name, feedback.c.who).label("name"), _DRILL.label("drill")
).select_from(
    feedback.outerjoin(member, member.c.id == feedback.c.member_id)
    .outerjoin(incident, incident.c.id == feedback.c.incident_id)
)  # fmt: skip
_NEWEST = feedback.c.told_at.desc(), feedback.c.id.desc()
_STEPS = (
    select(feedback_step)
    .where(feedback_step.c.feedback_id.in_(IDS))
    .order_by(feedback_step.c.feedback_id, feedback_step.c.at, feedback_step.c.id)
)


def _real() -> ColumnElement[bool]:
    """Not of a drill."""
    drills = select(incident.c.id).where(incident.c.drill)
    return or_(feedback.c.incident_id.is_(None), feedback.c.incident_id.not_in(drills))


def _of_group() -> ColumnElement[bool]:
    return or_(_GROUP.is_(None), feedback.c.group_id == _GROUP)


def _not_reopened(since: Any) -> ColumnElement[bool]:
    """Whether nothing was opened again after the step `since`."""
    again = feedback_step.alias()
    return ~exists().where(
        again.c.feedback_id == since.c.feedback_id, again.c.kind == "reopened",
        or_(again.c.at > since.c.at, and_(again.c.at == since.c.at, again.c.id > since.c.id)),
    )  # fmt: skip


def _done(kinds: Sequence[str] | None) -> ColumnElement[bool]:
    """Whether a step of these kinds (None: any but reopening) holds, none having been opened again after it."""
    done = feedback_step.alias()
    which = done.c.kind != "reopened" if kinds is None else done.c.kind.in_(kinds)
    return exists().where(done.c.feedback_id == feedback.c.id, which, _not_reopened(done))


_SETTLED = or_(
    feedback.c.kind == "praise", _done(("resolved",)), and_(feedback.c.kind == "question", _done(("reply",)))
)
_WAITING = (
    select(feedback.c.id)
    .join(chat_group, chat_group.c.id == feedback.c.group_id)
    .where(_of_group(), chat_group.c.archived_on.is_(None), feedback.c.kind != "praise", _real(), ~_done(None))
)
_BY_DAY = (
    select(feedback.c.biz_date, func.count().label("n"))
    .where(
        feedback.c.group_id == _GROUP, feedback.c.kind.in_(_COMPLAINTS), _real(),
        feedback.c.biz_date.between(bindparam("from_day", type_=Date), bindparam("to_day", type_=Date)),
    )
    .group_by(feedback.c.biz_date)
)  # fmt: skip
_KINDS = (
    select(feedback.c.kind, func.count().label("n"))
    .where(
        feedback.c.group_id.in_(IDS), _real(),
        feedback.c.biz_date.between(bindparam("from_day", type_=Date), bindparam("to_day", type_=Date)),
    )
    .group_by(feedback.c.kind)
)  # fmt: skip


def steps(session: Session, ids: Iterable[int]) -> dict[int, list[Row[Any]]]:
    """The steps of each of these, oldest first."""
    found: dict[int, list[Row[Any]]] = {}
    for row in in_chunks(session, _STEPS, ids):
        found.setdefault(row.feedback_id, []).append(row)
    return found


def by_ids(session: Session, ids: Iterable[int]) -> list[Row[Any]]:
    """These, with the `name` of whoever said it and whether it is of a `drill`."""
    return list(in_chunks(session, _ROWS.where(feedback.c.id.in_(IDS)), ids))


def rows(
    session: Session,
    group_id: int | None = None,
    *,
    kind: str | None = None,
    member_id: int | None = None,
    incident_id: int | None = None,
    still_open: bool = False,
    first: date | None = None,
    last: date | None = None,
    most: int | None = None,
) -> Sequence[Row[Any]]:
    """What was said, newest first, as `by_ids`; what is None asks for all. Drills only by their incident."""
    asked: Select[Any] = _ROWS
    told = {feedback.c.group_id: group_id, feedback.c.kind: kind, feedback.c.member_id: member_id,
            feedback.c.incident_id: incident_id}  # fmt: skip
    for column, value in told.items():
        if value is not None:
            asked = asked.where(column == value)
    if first is not None:
        asked = asked.where(feedback.c.biz_date >= first)
    if last is not None:
        asked = asked.where(feedback.c.biz_date <= last)
    if incident_id is None:
        asked = asked.where(~_DRILL)
    if still_open:
        asked = asked.where(~_SETTLED)
    return session.rows(asked.order_by(*_NEWEST).limit(most))


def waiting_ids(session: Session, group_id: int | None) -> list[int]:
    """What nobody has said anything to since it was told, or opened again; of all groups that are not put away for
    None.
    """
    return [row.id for row in session.rows(_WAITING, {"group_id": group_id})]


def complaints_by_day(session: Session, group_id: int, first: date, last: date) -> dict[date, int]:
    """Complaints and bad reviews of each day that has any."""
    found = session.rows(_BY_DAY, {"group_id": group_id, "from_day": first, "to_day": last})
    return {row.biz_date: row.n for row in found}


def kinds(session: Session, group_ids: Iterable[int], first: date, last: date) -> dict[str, int]:
    """How often each kind was said in groups, from a day to a day; a kind that was not is missing."""
    found = session.rows(_KINDS, {"ids": list(group_ids), "from_day": first, "to_day": last})
    return {row.kind: row.n for row in found}


def twins(session: Session, group_id: int, first: date | None, last: date | None) -> Sequence[Row[Any]]:
    """What is written down of some days (None: of all), to tell what a sheet brings again: kind, name, day, text."""
    asked = _ROWS.where(feedback.c.group_id == group_id, ~_DRILL)
    if first is not None and last is not None:
        asked = asked.where(feedback.c.biz_date.between(first, last))
    return session.rows(asked)


def task_of(session: Session, group_id: int, origin: str, since: date) -> int | None:
    """The newest single task of a group that came of `origin` and is due on a day or later; None without one."""
    asked = select(task.c.id).where(task.c.group_id == group_id, task.c.origin == origin, task.c.day >= since)
    row = session.first(asked.order_by(task.c.id.desc()).limit(1))
    return None if row is None else row.id
