"""Presence: the roll-ups of activity kept in line with the rows, and the questions they answer in no time.

As of today the roll-ups answer, as of a past day the rows; both say the same. `settle` runs at the end of every unit of
work and reads in its journal what to count anew, so that no service has to think of it, and undo none of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from qunguan.domain.retention import Born, Counts
from qunguan.services import buyers, rules
from qunguan.services.presence_read import actives, best_hour, coverage, day_counts, hours
from qunguan.store import figure_queries as figures
from qunguan.store import presence_queries as queries
from qunguan.store.session import Session

__all__ = [
    "actives",
    "best_hour",
    "coverage",
    "day_counts",
    "definition",
    "differences",
    "hours",
    "rebuild",
    "refresh",
    "settle",
]

COUNTS, BORN = "activity.counts", "insight.cohort"
_MANY = 20_000  # members, from which on counting the whole group may be quicker


def definition(session: Session) -> tuple[Counts, Born]:
    """What counts as activity, and what a member's first day is, by the rules in force."""
    return Counts(rules.value(session, COUNTS)), Born(rules.value(session, BORN))


def settle(session: Session) -> None:
    """Bring the roll-ups in line with what this unit of work has changed since it was asked last."""
    if not session.changed:
        return
    buyers.settle(session)
    if not queries.any_watched(session):
        return
    after = session.settled_change
    tables, found, session.settled_change = queries.touched(session, session.step_id, after)
    if "rule_change" in tables and queries.rule_changed(session, session.step_id, (COUNTS, BORN)):
        rebuild(session)
        return
    everywhere = found.pop(None, queries.Touched())
    for group_id in queries.group_ids(session) if everywhere.members else sorted(key for key in found if key):
        own = found.get(group_id, queries.Touched())
        _recount(session, group_id, own.members | everywhere.members, own.days)
    _settle_figures(session, after, tables)


def _settle_figures(session: Session, after: int, tables: set[str]) -> None:
    """Who came and left is counted anew where that changed, a figure a write touched is dropped; imports keep them."""
    if "membership" in tables:
        for group_id, days in figures.stay_days(session, session.step_id, after).items():
            if queries.filled(session, group_id):
                figures.count_stays(session, group_id, days)
    figures.drop(session, session.step_id, after, tables)
    if tables & {"chat_import", "shop_order"} and figures.many(session, session.step_id, after):
        from qunguan.services.figures import keep

        keep(session, session.clock)


def refresh(
    session: Session, group_id: int, *, days: Iterable[date] | None = None, member_ids: Iterable[int] | None = None
) -> None:
    """Count days and members of a group anew now, or all of it where neither is named.

    Nobody needs it after a journalled change: `settle` sees to those.
    """
    if days is None and member_ids is None:
        queries.fill(session, group_id, *definition(session))
        return
    figures.forget(session, group_id)
    if queries.filled(session, group_id):
        figures.count_stays(session, group_id)
    _recount(session, group_id, set(member_ids or ()), {day.isoformat() for day in days or ()})


def rebuild(session: Session) -> None:
    """Count the roll-ups of every group anew."""
    for group_id in queries.group_ids(session):
        queries.clear(session, group_id)
        if queries.watched(session, group_id):
            queries.fill(session, group_id, *definition(session))


def differences(session: Session, limit: int = 5) -> tuple[str, ...]:
    """The first rows of the roll-ups that are not what the rows say, for doctor."""
    found: list[str] = []
    for group_id in queries.group_ids(session):
        found += queries.differences(session, group_id, *definition(session), limit - len(found))
        if len(found) >= limit:
            return tuple(found)
    from qunguan.services.figures import differences as wrong

    return (*found, *wrong(session, limit - len(found)))


def _recount(session: Session, group_id: int, members: set[int], days: set[str]) -> None:
    filled = queries.filled(session, group_id)
    if not queries.watched(session, group_id):
        if filled:
            queries.clear(session, group_id)
        return
    many = len(members) > _MANY and 2 * len(members) > queries.members_known(session, group_id)
    if not filled or many:
        queries.fill(session, group_id, *definition(session))
        return
    if members:
        queries.recount_members(session, group_id, *definition(session), members)
    if days:
        queries.recount_days(session, group_id, days)
