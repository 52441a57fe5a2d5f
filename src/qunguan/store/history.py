"""Which steps stand, which were taken back, and what each one changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Select, delete, func, select

from qunguan.domain.history import Step
from qunguan.store.engine import make_engine, read_transaction
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


_NEWEST_FIRST: Select[Any] = select(step.c.id, step.c.at, step.c.label, step.c.params, step.c.undoes_id).order_by(
    step.c.id.desc()
)
"""By name: the file of an earlier version has these columns, and not every other."""


def standings(session: Session, most: int | None = RECENT) -> list[Standing]:
    """The owner's own steps, newest first, each with the newest link of its undo-redo chain; `most` None: all."""
    return _chains(session.rows(_NEWEST_FIRST.limit(most)))


def standings_in(file: Path) -> list[Standing]:
    """All steps of another database, a backup of any version, which is not changed. Raises StoreError."""
    engine = make_engine(file, read_only=True)
    try:
        with read_transaction(engine) as conn:
            return _chains(conn.execute(_NEWEST_FIRST).all())
    finally:
        engine.dispose()


def _chains(rows: Sequence[Row[Any]]) -> list[Standing]:
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
