"""What a challenge looks like: the board of a day, the month, the figures."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta

from qunguan.domain.challenges import Challenge
from qunguan.domain.checkin_outcomes import Board, BoardRow, Cell, Kpis, MonthRow, Person, Rate
from qunguan.domain.checkins import NONE, Mark, Standing, State, Terms, carried, filled, standing
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput
from qunguan.services import challenges, checkin_due, groups, members_edit, rules
from qunguan.services.checkin_due import Expected, roll
from qunguan.services.checkin_standing import terms_of
from qunguan.store.checkin_queries import all_records, enrolments, gone, nicks, states_between, states_of
from qunguan.store.session import Session

_WHOLE = 50  # from this many members on, reading the whole challenge is quicker than reading each member


def board(session: Session, clock: Clock, challenge_id: int, day: date | None = None) -> Board:
    """The board of a day (None: today, or the nearest day of the challenge). Raises NotFound.

    As of a day that is over a missed slot has broken the streak; as of today it is still open.
    """
    found = challenges.get(session, challenge_id)
    today = clock.today(groups.day_rule(session, found.group_id))
    when = day or nearest_day(found, today)
    expected = roll(session, found, when)
    known = nicks(session, [each.member_id for each in expected])
    standings = _standings(session, found, expected, when, today)
    expected.sort(key=lambda each: _rank(each, standings[each.member_id]))
    rows = tuple(_row(each, standings[each.member_id], known) for each in expected)
    bar = int(rules.value(session, "board.streak_highlight"))
    return Board(
        challenge=found,
        day=when,
        day_no=found.number(when),
        due=sum(each.due for each in expected),
        done=sum(each.done for each in expected),
        rate=checkin_due.rate(expected),
        previous_rate=_previous_rate(session, found, when),
        habit_bar=bar,
        habit_count=sum(row.streak >= bar for row in rows),
        prompt=challenges.prompt_for(session, found, when),
        rows=rows,
        today=today,
    )


def missing(session: Session, clock: Clock, challenge_id: int, day: date | None = None) -> tuple[Person, ...]:
    """Those who are due on a day (None: as for the board) and have not checked in, by name."""
    found = challenges.get(session, challenge_id)
    today = clock.today(groups.day_rule(session, found.group_id))
    return checkin_due.missing(session, found, day or nearest_day(found, today))


def nearest_day(found: Challenge, today: date) -> date:
    """Today, or the first or last day of a challenge that has not begun or is over."""
    last = found.last_day
    return max(found.starts_on, today if last is None else min(today, last))


def month(session: Session, clock: Clock, challenge_id: int, member_id: int, year: int, number: int) -> MonthRow:
    """One member's month, a cell for each day. Raises NotFound, BadInput for a month that does not exist."""
    name = members_edit.get(session, member_id).name
    for row in month_grid(session, clock, challenge_id, year, number):
        if row.member_id == member_id:
            return row
    blank = (Cell(day, NONE, due=False, missed=False) for day in month_days(year, number))
    return MonthRow(member_id, name, tuple(blank))


def month_grid(session: Session, clock: Clock, challenge_id: int, year: int, number: int) -> tuple[MonthRow, ...]:
    """Everybody's month, by name: members enrolled on some day of it who have not left before it."""
    found = challenges.get(session, challenge_id)
    today = clock.today(groups.day_rule(session, found.group_id))
    days = month_days(year, number)
    records = states_between(session, challenge_id, days[0], days[-1])
    left = gone(session, found.group_id, days[0])
    rows = enrolments(session, challenge_id)
    names = {row.member_id: row.name for row in rows}
    inside = {
        row.member_id: terms_of(found, row)
        for row in rows
        if row.from_day <= days[-1] and (row.to_day is None or row.to_day >= days[0]) and row.member_id not in left
    }
    return tuple(
        MonthRow(member_id, names[member_id], month_cells(days, records.get(member_id, {}), terms, today))
        for member_id, terms in inside.items()
    )


def kpis(session: Session, clock: Clock, challenge_id: int, day: date | None = None) -> Kpis:
    """当日打卡率, 完成率 and 连续7天占比 as of a day (semantics 3.2).

    Finished is who filled every slot of the whole challenge, made up or bridged ones included; the base are those
    enrolled on its last day. 完成率 is known once that day is over.
    """
    found = challenges.get(session, challenge_id)
    today = clock.today(groups.day_rule(session, found.group_id))
    when = day or nearest_day(found, today)
    bar = int(rules.value(session, "board.streak_highlight"))
    records = all_records(session, challenge_id, when)
    daily = checkin_due.rate(roll(session, found, when))
    last = found.last_day
    completion = None
    if last is not None and (when > last or when == last < today):
        enrolled = roll(session, found, last)
        finished = sum(filled(records.get(each.member_id, {}), found.terms()) for each in enrolled)
        completion = Rate.of(finished, len(enrolled))
    habit = None if found.cadence.times else _habit(session, found, records, when, bar)
    return Kpis(daily, completion, habit, bar)


def _habit(
    session: Session, found: Challenge, records: Mapping[int, Mapping[date, State]], day: date, bar: int
) -> Rate | None:
    """Members with any run as long as the bar, by those enrolled for that many days, so newcomers do not dilute it."""
    rows = enrolments(session, found.id)
    long_enough = strong = 0
    for row in rows:
        terms = terms_of(found, row)
        end = day if terms.last is None else min(day, terms.last)
        if (end - terms.first).days + 1 >= bar:
            long_enough += 1
            strong += standing(records.get(row.member_id, {}), terms, day).best >= bar
    return Rate.of(strong, long_enough)


def _standings(
    session: Session, found: Challenge, expected: list[Expected], day: date, today: date
) -> dict[int, Standing]:
    """Where everybody stands as of the day.

    The stored standing is as of the member's last record, so it tells every day from then on; where a record is later
    than the day, or the slot is a week, the rows are counted.
    """
    over = day < today
    stored, counted = {}, {}
    for each in expected:
        copy = each.enrolled
        if found.cadence.times or (copy.last_day is not None and copy.last_day > day):
            counted[each.member_id] = each.terms
        else:
            streak = carried(copy.run, copy.last_day, each.terms, day, over=over)
            stored[each.member_id] = Standing(streak, copy.best, copy.total)
    records = _records(session, found, list(counted), day)
    for member_id, terms in counted.items():
        stored[member_id] = standing(records.get(member_id, {}), terms, day, over=over)
    return stored


def _records(session: Session, found: Challenge, ids: list[int], day: date) -> Mapping[int, Mapping[date, State]]:
    if not ids:
        return {}
    return all_records(session, found.id, day) if len(ids) >= _WHOLE else states_of(session, found.id, ids)


def _rank(each: Expected, stands: Standing) -> tuple[int, int, int, str, int]:
    return (-stands.streak, -stands.total, -stands.best, each.enrolled.sort_key, each.member_id)


def _row(each: Expected, stands: Standing, known: Mapping[int, str]) -> BoardRow:
    return BoardRow(
        member_id=each.member_id,
        name=each.enrolled.name,
        nick=known.get(each.member_id, ""),
        state=each.state,
        due=each.due,
        streak=stands.streak,
        best=stands.best,
        total=stands.total,
    )


def _previous_rate(session: Session, found: Challenge, day: date) -> Rate | None:
    if day <= found.starts_on:
        return None
    before = day - timedelta(days=1) if found.cadence.times else found.cadence.previous(day)
    return checkin_due.rate(roll(session, found, before)) if before >= found.starts_on else None


def month_days(year: int, number: int) -> list[date]:
    """Every day of a month. Raises BadInput for one that does not exist."""
    if not (1 <= number <= 12 and 1 <= year <= 9999):
        raise BadInput("there is no month {year}-{month}", year=year, month=number)
    return [date(year, number, day + 1) for day in range(calendar.monthrange(year, number)[1])]


def month_cells(days: list[date], records: Mapping[date, State], terms: Terms, today: date) -> tuple[Cell, ...]:
    """What one member's records say of each of these days."""
    cells = []
    for day in days:
        state: Mark = records.get(day, NONE)
        due = terms.due(day)
        missed = due and state == NONE and day < today and not terms.cadence.times
        cells.append(Cell(day, state, due, missed))
    return tuple(cells)
