"""Set-based questions about tasks: SOPs with what they hold, who joined and who was born when, marks, single tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, Select, Table, or_, select

from qunguan.domain.members import Birthday
from qunguan.domain.sops import Run, Sop, Span, Step
from qunguan.domain.tasks import Mark
from qunguan.store.activity import question
from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.members import member, membership
from qunguan.store.session import Session
from qunguan.store.tasks import sop, sop_run, sop_span, sop_step, task, task_mark
from qunguan.values import frozen

_SOPS = select(sop).where(sop.c.group_id.in_(IDS)).order_by(sop.c.group_id, sop.c.id)
_STEPS = select(sop_step).where(sop_step.c.sop_id.in_(IDS)).order_by(sop_step.c.sop_id, sop_step.c.place, sop_step.c.id)
_SPANS = select(sop_span).where(sop_span.c.sop_id.in_(IDS)).order_by(sop_span.c.sop_id, sop_span.c.id)
_RUNS = (
    select(sop_run, member.c.name)
    .join_from(sop_run, member, isouter=True)
    .where(sop_run.c.sop_id.in_(IDS))
    .order_by(sop_run.c.sop_id, sop_run.c.id)
)
_TAKEN_UP = (
    select(question.c.group_id, question.c.state_on, question.c.text, question.c.answer)
    .where(question.c.group_id.in_(IDS), question.c.state.in_(("picked", "answered")))
    .order_by(question.c.id)
)


@frozen
class Born:
    """A member of a group and their birthday."""

    member_id: int
    group_id: int
    name: str
    birthday: Birthday


def sops(session: Session, group_ids: Sequence[int], since: date | None = None) -> tuple[Sop, ...]:
    """The SOPs of these groups, with all their steps, spans and runs: those not put away, or that were not by a day."""
    there = sop.c.ended_on.is_(None)
    wanted = _SOPS.where(there if since is None else or_(there, sop.c.ended_on >= since))
    return _whole(session, session.rows(wanted, {"ids": list(group_ids)}))


def one_sop(session: Session, sop_id: int) -> Sop | None:
    """One SOP, put away or not."""
    row = session.get(sop, sop_id)
    return None if row is None else _whole(session, [row])[0]


def _whole(session: Session, rows: Sequence[Row[Any]]) -> tuple[Sop, ...]:
    ids = [row.id for row in rows]
    steps, spans, runs = (_by_sop(session, query, ids) for query in (_STEPS, _SPANS, _RUNS))
    return tuple(
        Sop(
            row.id, row.group_id, row.name, row.starts_by, row.preset, row.source,
            tuple(map(_step, steps.get(row.id, ()))),
            tuple(Span(each.from_day, each.ended_on) for each in spans.get(row.id, ())),
            tuple(map(_run, runs.get(row.id, ()))),
            row.ended_on,
        )
        for row in rows
    )  # fmt: skip


def _by_sop(session: Session, query: Select[Any], ids: Iterable[int]) -> dict[int, list[Row[Any]]]:
    return {key: list(own) for key, own in groupby(in_chunks(session, query, ids), key=attrgetter("sop_id"))}


def _step(row: Row[Any]) -> Step:
    return Step(row.day, row.at_minute, row.title, row.hat, row.text, row.script, row.private, row.source, row.place,
                row.id, row.from_day, row.ended_on)  # fmt: skip


def _run(row: Row[Any]) -> Run:
    return Run(row.id, row.sop_id, row.group_id, row.member_id, row.anchor_on, row.started_on, row.ended_on,
               row.name or "")  # fmt: skip


def span_open(sop_id: int) -> Select[Any]:
    """The span an SOP is switched on in."""
    return select(sop_span).where(sop_span.c.sop_id == sop_id, sop_span.c.ended_on.is_(None))


def span_ended(sop_id: int, day: date) -> Select[Any]:
    """The span that ended on a day."""
    return select(sop_span).where(sop_span.c.sop_id == sop_id, sop_span.c.ended_on == day)


def joined(session: Session, group_ids: Sequence[int], first: date, last: date) -> Sequence[Row[Any]]:
    """(member_id, group_id, joined_on, left_on, name) of the stays that began on these days, by day."""
    m = membership.c
    return session.rows(
        select(m.member_id, m.group_id, m.joined_on, m.left_on, member.c.name)
        .join_from(membership, member, m.member_id == member.c.id)
        .where(m.group_id.in_(IDS), m.joined_on.between(first, last))
        .order_by(m.joined_on, member.c.sort_key, member.c.id),
        {"ids": list(group_ids)},
    )


def born(session: Session, group_ids: Sequence[int], months: Iterable[int]) -> tuple[Born, ...]:
    """Those present whose birthday may fall into these months of the calendar; of lunar ones all, by name."""
    m = member.c
    rows = session.rows(
        select(m.id, m.name, m.birth_year, m.birth_month, m.birth_day, m.birth_lunar, m.birth_leap,
               membership.c.group_id)
        .join_from(member, membership, membership.c.member_id == m.id)
        .where(membership.c.group_id.in_(IDS), membership.c.left_on.is_(None), m.birth_month.is_not(None),
               or_(m.birth_lunar, m.birth_month.in_(tuple(months))))
        .order_by(m.sort_key, m.id),
        {"ids": list(group_ids)},
    )  # fmt: skip
    return tuple(
        Born(row.id, row.group_id, row.name,
             Birthday(row.birth_month, row.birth_day, row.birth_lunar, row.birth_leap, row.birth_year))
        for row in rows
    )  # fmt: skip


def marks(session: Session, group_ids: Sequence[int], first: date, last: date) -> tuple[Mark, ...]:
    """What was said of tasks that were due on these days, or were moved to one of them."""
    m = task_mark.c
    rows = session.rows(
        select(task_mark)
        .where(m.group_id.in_(IDS), or_(m.day.between(first, last), m.to_day.between(first, last)))
        .order_by(m.id),
        {"ids": list(group_ids)},
    )
    return tuple(_mark(row) for row in rows)


def marks_of(session: Session, key: str) -> tuple[Mark, ...]:
    """What was said of one task, whatever day it was due then: a campaign may have been moved since."""
    return tuple(_mark(row) for row in session.rows(select(task_mark).where(task_mark.c.key == key)))


def _mark(row: Row[Any]) -> Mark:
    return Mark(row.id, row.key, row.member_id, row.day, row.state, row.marked_at, row.to_day, row.to_minute,
                row.reason)  # fmt: skip


def singles(session: Session, group_ids: Sequence[int], first: date, last: date) -> Sequence[Row[Any]]:
    """The tasks the owner wrote for these days."""
    t = task.c
    return session.rows(
        select(task).where(t.group_id.in_(IDS), t.day.between(first, last)).order_by(t.day, t.id),
        {"ids": list(group_ids)},
    )


def made_at(session: Session, of: Table, ids: Iterable[int]) -> dict[int, datetime]:
    """The moments these rows of a table came about, by id."""
    wanted = select(of.c.id, of.c.created_at).where(of.c.id.in_(IDS))
    return {row.id: row.created_at for row in in_chunks(session, wanted, list(ids))}


def settled(session: Session, key: str, day: date) -> bool:
    """Whether anything was said of a step on a day; `key` is without its run."""
    m = task_mark.c
    found = select(m.id).where(m.day == day, or_(m.key == key, m.key.startswith(f"{key}:", autoescape=True))).limit(1)
    return session.scalar(found) is not None


def taken_up(
    session: Session, group_ids: Sequence[int], days: Iterable[date]
) -> dict[tuple[int, date], list[tuple[str, str]]]:
    """(group, day) → the questions picked or answered on these days with their answers, as they came in."""
    wanted = sorted(days)
    found: dict[tuple[int, date], list[tuple[str, str]]] = {}
    if wanted:
        query = _TAKEN_UP.where(question.c.state_on.between(wanted[0], wanted[-1]))
        for row in session.rows(query, {"ids": list(group_ids)}):
            found.setdefault((row.group_id, row.state_on), []).append((row.text, row.answer))
    return found
