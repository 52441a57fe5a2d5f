"""The goals that are about money, beside the money view (S0-07)."""

from __future__ import annotations

from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.goals import Progress
from qunguan.domain.revenue import GOALS
from qunguan.services import goals
from qunguan.store.session import Session


def progresses(
    session: Session, clock: Clock, as_of: date | None = None, group_id: int | None = None
) -> tuple[Progress, ...]:
    """How far the open goals of a group, and of everybody, got by a day (None: today): those about purchases."""
    wanted = [each for each in goals.all_goals(session, group_id, closed=False) if each.metric in GOALS]
    return tuple(goals.progress(session, clock, each, as_of) for each in wanted)
