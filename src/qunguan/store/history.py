"""Which steps stand, which were taken back, and what each one changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, func, select

from qunguan.domain.history import Step
from qunguan.store.journal import change, step
from qunguan.store.session import Session
from qunguan.values import frozen

RECENT = 5_000  # steps looked back over; nobody undoes further than that


@frozen
class Standing:
    """A step of the owner's with the end of its chain: itself, or the newest undo or redo of it."""

    step: Step
    tail_id: int
    undone: bool


def standings(session: Session) -> list[Standing]:
    """The owner's own steps, newest first, each with the newest link of its undo-redo chain."""
    rows = session.rows(select(step).order_by(step.c.id.desc()).limit(RECENT))
    undone_by = {row.undoes_id: row.id for row in rows if row.undoes_id is not None}
    found = []
    for row in rows:
        if row.undoes_id is None:
            tail, depth = row.id, 0
            while tail in undone_by:
                tail, depth = undone_by[tail], depth + 1
            found.append(Standing(Step(row.id, row.at, row.label, row.params), tail, depth % 2 == 1))
    return found


def changes(session: Session, step_id: int) -> Sequence[Row[Any]]:
    """What a step changed, newest change first."""
    return session.rows(select(change).where(change.c.step_id == step_id).order_by(change.c.id.desc()))


def rows_changed(session: Session, step_id: int) -> int:
    """How many rows a step changed."""
    count = func.coalesce(func.sum(change.c.last_id - change.c.first_id + 1), 0)
    return int(session.scalar(select(count).where(change.c.step_id == step_id)))


def first_changes(session: Session, step_id: int) -> Sequence[Row[Any]]:
    """The first change a step made to each table it touched."""
    firsts = select(func.min(change.c.id)).where(change.c.step_id == step_id).group_by(change.c.tbl)
    return session.rows(select(change).where(change.c.id.in_(firsts)).order_by(change.c.id))


def forget(session: Session) -> None:
    """Drop the step of this unit of work: what it changed stays, and undo does not know it.

    For work on a copy nobody has opened yet; an owner's own steps are never forgotten this way.
    """
    if session.changed:
        session.rewrite(delete(change).where(change.c.step_id == session.step_id))
        session.rewrite(delete(step).where(step.c.id == session.step_id))
