"""One member of a challenge close up: the line of the board, the month with its words, make-ups left, the streak."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from sqlalchemy import select

from qunguan.domain.challenges import Challenge
from qunguan.domain.checkin_outcomes import BoardRow, Cell
from qunguan.domain.checkin_trail import DayNote, MakeUps, MemberCheckins, Trail, trail_lines
from qunguan.domain.checkins import AWAY, NONE, PRESENT, Mark, Records, Terms, standing
from qunguan.domain.clock import Clock
from qunguan.domain.rules import preset
from qunguan.services import challenges, groups, members, points
from qunguan.services.checkin_board import month_cells, month_days
from qunguan.services.checkin_standing import terms_of
from qunguan.store.checkin_queries import ENROLMENTS, makeups_between, nicks, states_of
from qunguan.store.checkins import checkin
from qunguan.store.session import Session

_RULES = ("checkin.streak_tiers", "checkin.makeup_days", "checkin.makeup_quota")


def board_row(session: Session, clock: Clock, challenge_id: int, member_id: int, day: date) -> BoardRow:
    """One member's line on the board of a day, without the others. Raises NotFound."""
    found = challenges.get(session, challenge_id)
    return _row(session, found, member_id, day, _today(session, clock, found))


def beside(session: Session, clock: Clock, challenge_id: int, member_id: int, day: date) -> MemberCheckins:
    """What stands beside the board for the member under the cursor. Raises NotFound."""
    found = challenges.get(session, challenge_id)
    today = _today(session, clock, found)
    days = month_days(day.year, day.month)
    notes = month_notes(session, challenge_id, member_id, date.min, day, limit=1)
    return MemberCheckins(
        row=_row(session, found, member_id, day, today),
        points=points.balance(session, member_id, today),
        month=month_cells(days, _records(session, found, member_id), _terms(session, found, member_id), today),
        note=notes[0] if notes else None,
    )


def month(
    session: Session, clock: Clock, challenge_id: int, member_id: int, year: int, number: int
) -> tuple[tuple[Cell, ...], tuple[DayNote, ...]]:
    """One member's month: a cell for each day, and the days with words to them, oldest first."""
    found = challenges.get(session, challenge_id)
    days = month_days(year, number)
    terms = _terms(session, found, member_id)
    cells = month_cells(days, _records(session, found, member_id), terms, _today(session, clock, found))
    return cells, month_notes(session, challenge_id, member_id, days[0], days[-1])[::-1]


def month_notes(
    session: Session, challenge_id: int, member_id: int, first: date, last: date, limit: int = 31
) -> tuple[DayNote, ...]:
    """The days of a member that have words to them, newest first."""
    query = select(checkin.c.day, checkin.c.state, checkin.c.text, checkin.c.reason).where(
        checkin.c.challenge_id == challenge_id,
        checkin.c.member_id == member_id,
        checkin.c.day.between(first, last),
        checkin.c.text.is_not(None) | checkin.c.reason.is_not(None),
    )
    rows = session.rows(query.order_by(checkin.c.day.desc()).limit(limit))
    return tuple(DayNote(row.day, row.state, row.text or "", row.reason or "") for row in rows)


def makeups(session: Session, clock: Clock, challenge_id: int, member_id: int) -> MakeUps:
    """The missed days a member can still make up today (semantics 3.2). Raises NotFound."""
    found = challenges.get(session, challenge_id)
    today = _today(session, clock, found)
    terms = _terms(session, found, member_id)
    records = _records(session, found, member_id)
    window = [today - timedelta(days=n) for n in range(1, found.makeup_days + 1)]
    missed = [day for day in window if terms.due(day) and day not in records]
    left = tuple((day, _left(session, found, member_id, day)) for day in missed)
    name = members.get(session, member_id).name
    return MakeUps(name, left, found.makeup_days, found.makeup_quota, found.makeup_cost)


def why(session: Session, clock: Clock, challenge_id: int, member_id: int, day: date) -> Trail:
    """How a member's streak as of a day is counted, slot by slot, and the sources of the rules. Raises NotFound."""
    found = challenges.get(session, challenge_id)
    over = day < _today(session, clock, found)
    name = members.get(session, member_id).name
    lines = trail_lines(_records(session, found, member_id), _terms(session, found, member_id), day, over=over)
    return Trail(found, name, day, lines, {rule: preset(rule).source for rule in _RULES})


def _row(session: Session, found: Challenge, member_id: int, day: date, today: date) -> BoardRow:
    terms, records = _terms(session, found, member_id), _records(session, found, member_id)
    stands = standing(records, terms, day, over=day < today)
    state: Mark = records.get(day, NONE)
    due = terms.due(day) and state not in AWAY and (state in PRESENT or not _week_is_full(found, records, day))
    name, nick = members.get(session, member_id).name, nicks(session, [member_id]).get(member_id, "")
    return BoardRow(member_id, name, nick, state, due, stands.streak, stands.best, stands.total)


def _week_is_full(found: Challenge, records: Records, day: date) -> bool:
    """Whether N times a week are reached before this day of the week."""
    monday = found.cadence.slot(day)
    if not found.cadence.times or monday is None:
        return False
    counting = PRESENT if found.makeup_counts else PRESENT[:1]
    return sum(monday <= each < day and records[each] in counting for each in records) >= found.cadence.times


def _left(session: Session, found: Challenge, member_id: int, day: date) -> int:
    last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    used = makeups_between(session, found.id, member_id, day.replace(day=1), last)
    return max(0, found.makeup_quota - used)


def _records(session: Session, found: Challenge, member_id: int) -> Records:
    return states_of(session, found.id, [member_id]).get(member_id, {})


def _terms(session: Session, found: Challenge, member_id: int) -> Terms:
    enrolled = session.first(ENROLMENTS, {"challenge_id": found.id, "ids": [member_id]})
    return found.terms() if enrolled is None else terms_of(found, enrolled)


def _today(session: Session, clock: Clock, found: Challenge) -> date:
    return clock.today(groups.day_rule(session, found.group_id))


def balances_of(session: Session, member_ids: list[int], day: date) -> dict[int, int]:
    """The points of a page of members at the end of a day."""
    return {member_id: points.balance(session, member_id, day) for member_id in member_ids}
