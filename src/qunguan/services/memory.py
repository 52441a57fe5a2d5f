"""The small things the program remembers between runs: the current group, a column mapping the owner confirmed.

They are conveniences, not facts: they join no step, and undo leaves them alone.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete, select

from qunguan.store.session import Session
from qunguan.store.settings import memory

_VALUE = select(memory.c.value).where(memory.c.key == bindparam("key"))


def recall(session: Session, key: str) -> Any:
    """The value remembered under `key` (whatever JSON holds), or None."""
    return session.settled(memory, key, lambda: session.scalar(_VALUE, {"key": key}))


def remember(session: Session, key: str, value: Any) -> None:
    """Keep `value` (not None) under `key`."""
    forget(session, key)
    session.place(memory, key=key, value=value)


def forget(session: Session, key: str) -> None:
    """Drop what is remembered under `key`, if anything."""
    session.rewrite(delete(memory).where(memory.c.key == key))
