"""The small things the program remembers between runs: the current group, a column mapping the owner confirmed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from qunguan.i18n import N_
from qunguan.store.session import Session
from qunguan.store.settings import memory


def recall(session: Session, key: str) -> Any:
    """The value remembered under `key` (whatever JSON holds), or None."""
    return session.scalar(select(memory.c.value).where(memory.c.key == key))


def remember(session: Session, key: str, value: Any) -> None:
    """Keep `value` (not None) under `key`. Joins the step of the service that calls it."""
    session.step(N_("Remembered a choice"))
    row_id = session.scalar(select(memory.c.id).where(memory.c.key == key))
    if row_id is None:
        session.insert(memory, key=key, value=value)
    else:
        session.update(memory, row_id, value=value)


def forget(session: Session, key: str) -> None:
    """Drop what is remembered under `key`, if anything."""
    row_id = session.scalar(select(memory.c.id).where(memory.c.key == key))
    if row_id is not None:
        session.step(N_("Remembered a choice"))
        session.delete(memory, row_id)
