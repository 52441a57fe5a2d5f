"""Days, hours and active members of a group: from the roll-ups as of today, from the rows as of a past day."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from qunguan.domain.clock import Clock
from qunguan.domain.presence import HOURS, BestHour, DayCount, HourTable, Stretch, covered, merged, weekdays
from qunguan.domain.presence import best_hour as liveliest
from qunguan.domain.retention import Counts
from qunguan.services import groups, rules
from qunguan.store import presence_queries as queries
from qunguan.store import presence_reads as reads
from qunguan.store.activity import chat_import
from qunguan.store.session import Session

_TOLD = select(chat_import.c.group_id, chat_import.c.first_at, chat_import.c.last_at).where(
    chat_import.c.first_at.is_not(None), chat_import.c.last_at.is_not(None)
)


def coverage(session: Session, group_id: int) -> tuple[Stretch, ...]:
    """The stretches of days chat exports told of the group, merged, in order; a day outside of them is unknown."""
    rule = groups.day_rule(session, group_id)
    told = session.rows(_TOLD.where(chat_import.c.group_id == group_id))
    return merged(Stretch(rule.biz_date(row.first_at), rule.biz_date(row.last_at)) for row in told)


def day_counts(
    session: Session, group_id: int, first: date, last: date, as_of: date | None = None
) -> tuple[DayCount, ...]:
    """Messages and people who spoke on each day from `first` to `last`, no later than `as_of`.

    A told day without messages is 0, a day nobody told of None.
    """
    stop = min(last, as_of or last)
    found = reads.days(session, group_id, first, stop)
    told = set(covered(coverage(session, group_id), first, stop))
    days = (first + timedelta(days=number) for number in range((stop - first).days + 1))
    return tuple(DayCount(day, *found.get(day, (0, 0) if day in told else (None, None))) for day in days)


def hours(session: Session, group_id: int, first: date, last: date, as_of: date | None = None) -> HourTable:
    """Messages by weekday and hour of the wall clock from `first` to `last`, no later than `as_of`."""
    stop = min(last, as_of or last)
    days = weekdays(covered(coverage(session, group_id), first, stop))
    table = [[0] * HOURS if count else None for count in days]
    for weekday, hour, messages in reads.hour_sums(session, group_id, first, stop):
        row = table[weekday]
        if row is not None:
            row[hour] += messages
    return HourTable(first, stop, days, tuple(None if row is None else tuple(row) for row in table))


def best_hour(session: Session, group_id: int, first: date, last: date, as_of: date | None = None) -> BestHour | None:
    """The hour with most messages on an average day of the stretch; None where nothing was told."""
    return liveliest(hours(session, group_id, first, last, as_of))


def actives(session: Session, clock: Clock, group_id: int, window: int, as_of: date | None = None) -> int | None:
    """Members of the group on `as_of` (None: today) active within the last `window` days, that day included.

    Active is what the rule activity.counts says (semantics 3.6). None where messages count and no chat export told of
    any day of the window, though chats of this group are what is counted: an unknown number.
    """
    today = clock.today(groups.day_rule(session, group_id))
    when = as_of or today
    first = when - timedelta(days=window - 1)
    counts = Counts(rules.value(session, "activity.counts"))
    told = coverage(session, group_id)
    if counts is not Counts.CHECKINS and not covered(told, first, when) and (told or counts is Counts.MESSAGES):
        return None
    if use_rollups(session, group_id, today, when):
        return reads.active_now(session, group_id, first)
    return reads.active_then(session, group_id, counts, first, when)


def use_rollups(session: Session, group_id: int, today: date, as_of: date) -> bool:
    """Whether the roll-ups answer: as of today, where there are any, and nothing is dated later."""
    return as_of >= today and queries.filled(session, group_id) and reads.current(session, group_id, as_of)
