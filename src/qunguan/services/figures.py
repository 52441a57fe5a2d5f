"""Figures at the end of a day that are no sum of days: kept where an import counted them, else counted from the rows.

Each has a name that holds all it depends on, so that a rule that changes asks for another figure. Nothing here is
wrong for being missing: an import keeps what the health card and the alerts ask for, and a write drops what it touches.
Figures of orders are counted forward: the one of a day before that is known, and what has happened to it since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.insights import DAY
from qunguan.domain.retention import Counts
from qunguan.store import figure_queries, figure_steps, presence_reads
from qunguan.store import insight_queries as queries
from qunguan.store.figure_queries import EVERYBODY, Found
from qunguan.store.presence_queries import filled
from qunguan.store.session import Session

Only = Sequence[int] | None
_SINGLE = 10  # days, from which on one pass over all of them is quicker
_REACH = 31  # days a figure is counted forward at most


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
        keeps = owner == EVERYBODY or figure_queries.counted(session, owner)
        if session.lacking is not None and keeps:
            session.lacking += [(group_id, name, day) for day in missing]
            return found | dict.fromkeys(missing, (0,) * _WIDTHS[name.split()[0]])
        counted = _forward(session, group_id, name, missing, found)
        if session.keeping and keeps:
            figure_queries.keep(session, owner, name, counted)
        found |= counted
    return found


def keep(session: Session, clock: Clock) -> None:
    """Keep what the health card and the alerts ask for today and tomorrow, of every group."""
    session.keeping = True
    ask(session, clock)
    session.keeping = False


def ask(session: Session, clock: Clock) -> None:
    """Ask for all of that: what tomorrow asks for is the end of today, which a write of today drops as any other."""
    from qunguan.services import alerts, groups, insights

    for at in (clock, Clock(clock.now() + DAY)):
        for group in groups.all_groups(session):
            insights.health(session, at, group.id)
        alerts.alerts(session, at, passed=False)


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


def _forward(
    session: Session, group_id: int | None, name: str, days: Sequence[date], found: Mapping[date, Found]
) -> dict[date, Found]:
    """The same of days in order, each from the nearest known one before it where that is quicker."""
    kind, *words = name.split()
    if kind == "active":
        return _active_now(session, group_id, words[0], int(words[1]), days)
    if kind not in _CHANGES:
        return _count(session, group_id, name, days)
    owner = EVERYBODY if group_id is None else group_id
    before = {day - back * DAY for day in days for back in range(1, _REACH + 1)}
    known = {**figure_queries.kept(session, owner, name, before), **found}
    for day in days:
        near = max((one for one in known if day - _REACH * DAY <= one < day), default=None)
        change = _CHANGES[kind](session, group_id, near, day, *map(int, words)) if near else None
        if near is None or change is None:
            known |= _count(session, group_id, name, [day])
        else:
            known[day] = tuple(then + more for then, more in zip(known[near], change, strict=True))
    return {day: known[day] for day in days}


def _active(session: Session, group_id: int, counts: str, window: int, days: Sequence[date]) -> dict[date, Found]:
    if len(days) > _SINGLE:
        every = queries.actives(session, group_id, days[0], days[-1], window, counts)
        return {day: (every[day],) for day in days}
    return {
        day: (presence_reads.active_then(session, group_id, Counts(counts), day - (window - 1) * DAY, day),)
        for day in days
    }


def _active_now(
    session: Session, group_id: int | None, counts: str, window: int, days: Sequence[date]
) -> dict[date, Found]:
    """The same by the roll-ups, for the days after which little happened; `counts` is the rule in force."""
    assert group_id is not None
    told: dict[date, Found] = {}
    if len(days) <= _SINGLE and filled(session, group_id):
        for day in days:
            seen = figure_steps.active(session, group_id, Counts(counts), day - (window - 1) * DAY, day)
            if seen is not None:
                told[day] = (seen,)
    others = [day for day in days if day not in told]
    return told | (_active(session, group_id, counts, window, others) if others else {})


def _due(session: Session, group_id: int | None, day: date, challenge_id: int) -> Found:
    assert group_id is not None
    return queries.due_on(session, challenge_id, group_id, day)


def _top(session: Session, group_id: int | None, day: date, window: int) -> Found:
    assert group_id is not None
    return queries.loudest(session, group_id, day - (window - 1) * DAY, day)


def _book(session: Session, group_id: int | None, day: date, freight_out: int, only: Only = None) -> Found:
    return queries.book(session, day, group_id, freight_out=bool(freight_out), only=only)


def _repeat(
    session: Session, group_id: int | None, day: date, back: int, freight_out: int, merge: int, only: Only = None
) -> Found:
    return queries.repeat_buyers(
        session, day - (back - 1) * DAY, day, group_id, freight_out=bool(freight_out), merge=bool(merge), only=only
    )


def _bought(session: Session, group_id: int | None, day: date, freight_out: int, only: Only = None) -> Found:
    assert group_id is not None
    return (queries.buyers_present(session, group_id, day, freight_out=bool(freight_out), only=only),)


def _change(count: Callable[..., Found], session: Session, before: date, day: date, *asked: int | None,
            only: Only) -> Found | None:  # fmt: skip
    """What these come to at the end of a day, less what they did at that of one before; None for too many."""
    if only is None:
        return None
    group_id, *numbers = asked
    now, then = (count(session, group_id, each, *numbers, only=only) for each in (day, before))
    return tuple(more - less for more, less in zip(now, then, strict=True))


def _book_change(session: Session, group_id: int | None, before: date, day: date, freight_out: int) -> Found | None:
    only = figure_steps.orders(session, before, day)
    return _change(_book, session, before, day, group_id, freight_out, only=only)


def _repeat_change(
    session: Session, group_id: int | None, before: date, day: date, back: int, freight_out: int, merge: int
) -> Found | None:
    only = figure_steps.orders(session, before, day, back)
    return _change(_repeat, session, before, day, group_id, back, freight_out, merge, only=only)


def _bought_change(session: Session, group_id: int | None, before: date, day: date, freight_out: int) -> Found | None:
    assert group_id is not None
    only = figure_steps.buyers(session, group_id, before, day)
    return _change(_bought, session, before, day, group_id, freight_out, only=only)


_COUNTS: dict[str, Callable[..., Found]] = {
    "due": _due, "top": _top, "book": _book, "repeat": _repeat, "bought": _bought,
}  # fmt: skip
_CHANGES: dict[str, Callable[..., Found | None]] = {
    "book": _book_change, "repeat": _repeat_change, "bought": _bought_change,
}  # fmt: skip
_WIDTHS = {"active": 1, "due": 2, "top": 2, "book": 3, "repeat": 2, "bought": 1}  # numbers of a figure
