"""The column of levels in other people's lists: a page of names, and nothing loaded while there is no ladder."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from qunguan.domain.clock import Clock
from qunguan.store.levels import ladder
from qunguan.store.session import Session

_CURRENT = select(ladder.c.id).where(ladder.c.current).limit(1)


def has_ladder(session: Session) -> bool:
    """Whether a ladder is shown: without one there is nothing to put into a column."""
    return session.first(_CURRENT) is not None


def level_names(session: Session, clock: Clock, ids: Sequence[int]) -> dict[int, str]:
    """What the levels of these members are called today, in a few statements; nobody before the ladder begins."""
    from qunguan.services.level_standing import standings  # the lists are open before anybody asks for levels

    return {member_id: each.level for member_id, each in standings(session, clock, ids).items()}
