"""Figures at the end of a day that are no sum of days: kept where an import counted them, else counted from the rows.

Each has a name that holds all it depends on, so that a rule that changes asks for another figure. Nothing here is
wrong for being missing: an import keeps what the health card and the alerts ask for, and a write drops what it touches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.insights import DAY
from qunguan.domain.retention import Counts
from qunguan.store import figure_queries, presence_reads
from qunguan.store import insight_queries as queries
from qunguan.store.figure_queries import EVERYBODY, Found
from qunguan.store.session import Session

_SINGLE = 10  # days, from which on one pass over all of them is quicker


def of(session: Session, group_id: int | None, name: str, days: Iterable[date]) -> dict[date, Found]:
    """Day → the figure at the end of it. `group_id` None: of everybody, where the figure is of orders.

    Names: "active COUNTS DAYS" (active members), "due CHALLENGE" (checked in, due), "top DAYS" (messages of the ten who
    wrote most, of all), "book FREIGHT_OUT" (orders, buyers, fen), "repeat DAYS FREIGHT_OUT MERGED" (who bought again,
    buyers), "bought FREIGHT_OUT" (members present who ever bought). A switch is 0 or 1.
    """
    wanted = sorted(set(days))
    owner = EVERYBODY if group_id is None else group_id
    found = figure_queries.kept(session, owner, name, wanted)
    missing = [day for day in wanted if day not in found]
    if missing:
        counted = _count(session, group_id, name, missing)
        if session.keeping and (owner == EVERYBODY or figure_queries.counted(session, owner)):
            figure_queries.keep(session, owner, name, counted)
        found |= counted
    return found


def keep(session: Session, clock: Clock) -> None:
    """Keep what the health card and the alerts ask for today, of every group."""
    from qunguan.services import alerts, groups, insights

    session.keeping = True
    for group in groups.all_groups(session):
        insights.health(session, clock, group.id)
    alerts.alerts(session, clock, passed=False)
    session.keeping = False


def differences(session: Session, limit: int) -> list[str]:
    """The first figures that are not what the rows say, for doctor: "figure_day: …"."""
    found = []
    for owner, name, day, kept in figure_queries.everything(session):
        counted = _count(session, None if owner == EVERYBODY else owner, name, [day])
        if " ".join(map(str, counted[day])) != kept:
            found.append(f"figure_day: {owner}, {name}, {day}, {kept}")
            if len(found) >= limit:
                break
    return found


def _count(session: Session, group_id: int | None, name: str, days: Sequence[date]) -> dict[date, Found]:
    kind, *words = name.split()
    if kind == "active":
        assert group_id is not None
        return _active(session, group_id, words[0], int(words[1]), days)
    numbers = [int(word) for word in words]
    count = _COUNTS[kind]
    return {day: tuple(count(session, group_id, day, *numbers)) for day in days}


def _active(session: Session, group_id: int, counts: str, window: int, days: Sequence[date]) -> dict[date, Found]:
    if len(days) > _SINGLE:
        every = queries.actives(session, group_id, days[0], days[-1], window, counts)
        return {day: (every[day],) for day in days}
    return {
        day: (presence_reads.active_then(session, group_id, Counts(counts), day - (window - 1) * DAY, day),)
        for day in days
    }


def _due(session: Session, group_id: int | None, day: date, challenge_id: int) -> Found:
    assert group_id is not None
    return queries.due_on(session, challenge_id, group_id, day)


def _top(session: Session, group_id: int | None, day: date, window: int) -> Found:
    assert group_id is not None
    return queries.loudest(session, group_id, day - (window - 1) * DAY, day)


def _book(session: Session, group_id: int | None, day: date, freight_out: int) -> Found:
    return queries.book(session, day, group_id, freight_out=bool(freight_out))


def _repeat(session: Session, group_id: int | None, day: date, back: int, freight_out: int, merge: int) -> Found:
    return queries.repeat_buyers(
        session, day - (back - 1) * DAY, day, group_id, freight_out=bool(freight_out), merge=bool(merge)
    )


def _bought(session: Session, group_id: int | None, day: date, freight_out: int) -> Found:
    assert group_id is not None
    return (queries.buyers_present(session, group_id, day, freight_out=bool(freight_out)),)


_COUNTS: dict[str, Callable[..., Found]] = {
    "due": _due, "top": _top, "book": _book, "repeat": _repeat, "bought": _bought,
}  # fmt: skip
