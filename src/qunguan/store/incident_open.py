"""Whether an incident is open, without its tables: asked after every change, and almost always no."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Select, column, literal, select
from sqlalchemy import table as named

from qunguan.store.session import Session


@cache
def _query() -> Select[Any]:
    return select(literal(1)).select_from(named("incident")).where(column("closed_at").is_(None)).limit(1)


def any_open(session: Session) -> bool:
    """Whether the clocks of any incident run, a drill's too."""
    return session.scalar(_query()) is not None
