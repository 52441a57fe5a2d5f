"""When levels are put in or taken out, benefits and levels set by hand stay with the level they were given for."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import or_, select

from qunguan.domain.level_terms import Terms, ranks_after
from qunguan.store.levels import level_benefit, level_lock
from qunguan.store.session import Session

_DAY = timedelta(days=1)


def follow_levels(session: Session, ladder_id: int, before: Terms, after: Terms, first: date) -> None:
    """Move benefits, and from `first` on locks, to the ranks their levels have in the terms `after`.

    A lock that began earlier is cut in two, so that the days before keep the rank they were judged by.
    """
    moved = {old: new for old, new in ranks_after(before, after).items() if old != new}
    if not moved:
        return
    benefits = select(level_benefit.c.id, level_benefit.c.rank).where(level_benefit.c.ladder_id == ladder_id)
    session.update_many(
        level_benefit, [{"id": row.id, "rank": moved[row.rank]} for row in session.rows(benefits) if row.rank in moved]
    )
    lock = level_lock.c
    running = select(level_lock).where(lock.ladder_id == ladder_id, or_(lock.to_day.is_(None), lock.to_day >= first))
    for row in session.rows(running):
        if row.rank not in moved:
            continue
        if row.from_day >= first:
            session.update(level_lock, row.id, rank=moved[row.rank])
            continue
        session.update(level_lock, row.id, to_day=first - _DAY)
        session.insert(level_lock, ladder_id=ladder_id, member_id=row.member_id, rank=moved[row.rank], from_day=first,
                       to_day=row.to_day, reason=row.reason)  # fmt: skip
