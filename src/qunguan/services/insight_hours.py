"""When a group is awake: messages by hour and weekday, by day and by week, and the hour to use (S0-35)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from qunguan.domain.clock import WEEKDAYS, Clock
from qunguan.domain.insights import DAY, DayCount, Hours, best_cell, best_hour
from qunguan.domain.rosters import Reason
from qunguan.i18n import N_
from qunguan.services import rules
from qunguan.services.insight_window import Frame, frame, window
from qunguan.store import insight_queries as queries
from qunguan.store import presence_reads
from qunguan.store.session import Session

_WEEK = 7


def hours(
    session: Session, clock: Clock, group_id: int | None = None, as_of: date | None = None, days: int | None = None
) -> Hours:
    """The hours of a group over the last known days (None: as many as the rule says). Raises NotFound, Ambiguous."""
    found = frame(session, clock, group_id, as_of)
    first, last = window(found.chat_last() or found.last, days or found.days("insight.hours_days"))
    known = [day for day in queries.days_of(first, last) if found.coverage.holds(day, day)]
    grid = [[0] * 24 for _weekday in WEEKDAYS]
    for weekday, hour_of_day, count in presence_reads.hour_sums(session, found.group_id, first, last):
        grid[weekday][hour_of_day] = count
    weekdays = tuple(sum(day.weekday() == weekday for day in known) for weekday in range(_WEEK))
    messages = sum(map(sum, grid))
    lines = tuple(_days(found, first, last))
    least = int(rules.value(session, "insight.hours_messages"))
    enough = messages >= least and all(weekdays)
    hour = best_hour(grid) if enough else None
    return Hours(
        found.group_id, found.group.name, first, last, len(known), messages, tuple(map(tuple, grid)), weekdays, hour,
        best_cell(grid, weekdays) if enough else None,
        None if hour is None else sum(row[hour] for row in grid) / messages,
        tuple(_advice(grid, weekdays, hour, messages, least)), lines, tuple(_weeks(found, first, last, lines)),
    )  # fmt: skip


def _advice(
    grid: Sequence[Sequence[int]], weekdays: Sequence[int], hour: int | None, messages: int, least: int
) -> Iterator[Reason]:
    """What to do about it, or why nothing can be said."""
    if not any(weekdays):
        yield Reason.of(N_("no chats of these days were imported"))
        return
    if not all(weekdays):
        yield Reason.of(N_("a best hour needs every weekday at least once; import more of the chat"))
    if messages < least:
        yield Reason.of(
            N_("{messages} messages are too few to tell a best hour, it takes {least}"), messages=messages, least=least
        )
    if hour is None:
        return
    share = round(100 * sum(row[hour] for row in grid) / messages)
    yield Reason.of(
        N_("most is written at {hour}:00 ({share} % of all): move what matters there, prompts, 接龙 and offers"),
        hour=hour, share=share,
    )  # fmt: skip
    cell = best_cell(grid, weekdays)
    if cell is not None:
        weekday = Reason.of(WEEKDAYS[cell[0]])
        yield Reason.of(N_("the liveliest hour of the week: {weekday} {hour}:00"), weekday=weekday, hour=cell[1])


def _days(found: Frame, first: date, last: date) -> Iterator[DayCount]:
    told = found.speech_days(first, last)
    for day in queries.days_of(first, last):
        known = found.coverage.holds(day, day)
        messages, people = told.get(day, (0, 0))
        yield DayCount(day, messages if known else None, people if known else None)


def _weeks(found: Frame, first: date, last: date, days: Sequence[DayCount]) -> Iterator[DayCount]:
    """Whole calendar weeks, named by their Monday; a week with an unknown day is unknown."""
    by_day = {line.day: line for line in days}
    people = presence_reads.weeks(found.session, found.group_id, first, last)
    monday = first + (-first.weekday() % _WEEK) * DAY
    while monday + (_WEEK - 1) * DAY <= last:
        sunday = monday + (_WEEK - 1) * DAY
        parts = [by_day[day].messages for day in queries.days_of(monday, sunday)]
        told = [part for part in parts if part is not None]
        whole = len(told) == _WEEK
        yield DayCount(monday, sum(told) if whole else None, people.get(monday, (0, 0))[1] if whole else None)
        monday += _WEEK * DAY
