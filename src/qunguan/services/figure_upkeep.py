"""Figures kept ahead: what the health card and the alerts are going to ask for on a new day, or after a late write.

One at a time, so that whoever keeps them beside an owner's keys holds none of these.
"""

from __future__ import annotations

from datetime import date

from qunguan.domain.clock import Clock
from qunguan.store import figure_queries
from qunguan.store.session import Session

Missing = tuple[int | None, str, date]


def missing(session: Session, clock: Clock) -> tuple[Missing, ...]:
    """(group, name, day) of every figure that today and tomorrow ask for and that is not kept, in that order.

    None where none was ever kept: a community that small counts them in no time.
    """
    if not figure_queries.any_kept(session):
        return ()
    from qunguan.services import figures

    session.lacking = []
    figures.ask(session, clock)
    found, session.lacking = session.lacking, None
    return tuple(dict.fromkeys(found))


def keep_one(session: Session, clock: Clock, group_id: int | None, name: str, day: date) -> None:
    """Keep one of them."""
    from qunguan.services import figures

    session.keeping = True
    figures.of(session, group_id, name, [day])
    session.keeping = False
