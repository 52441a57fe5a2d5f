"""Who is expected to check in on a day, and who has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from qunguan.domain.challenges import Challenge
from qunguan.domain.checkin_outcomes import Person, Rate
from qunguan.domain.checkins import AWAY, NONE, PRESENT, Mark, Terms
from qunguan.services.checkin_standing import terms_of
from qunguan.store.checkin_queries import (
    day_states,
    enrolled_on,
    gone,
    names_enrolled_on,
    nicks,
    week_counts,
)
from qunguan.store.session import Session
from qunguan.values import frozen


@frozen
class Expected:
    """Somebody enrolled and in the group on a day: their enrolment, its terms, their record, and whether one is due."""

    enrolled: Row[Any]
    terms: Terms
    state: Mark
    due: bool

    @property
    def member_id(self) -> int:
        """The member's id."""
        return int(self.enrolled.member_id)

    @property
    def done(self) -> bool:
        """Whether they are due and have checked in."""
        return self.due and self.state in PRESENT


def roll(session: Session, found: Challenge, day: date) -> list[Expected]:
    """Everybody enrolled on this day who has not left the group, by name.

    Nothing is due from who is frozen or excused, and in a week that is already full from nobody who has not checked in.
    """
    states = day_states(session, found.id, day)
    left = gone(session, found.group_id, day)
    full = _full_weeks(session, found, day)
    same: dict[tuple[date, date | None], Terms] = {}  # most of them were enrolled together
    expected = []
    for row in enrolled_on(session, found.id, day):
        if row.member_id in left:
            continue
        state: Mark = states.get(row.member_id, NONE)
        days = (row.from_day, row.to_day)
        terms = same.get(days) or same.setdefault(days, terms_of(found, row))
        due = terms.due(day) and state not in AWAY and (state in PRESENT or row.member_id not in full)
        expected.append(Expected(row, terms, state, due))
    return expected


def rate(expected: Iterable[Expected]) -> Rate | None:
    """当日打卡率: checked in by due, None when nothing is due, or nobody has a record: what was not told is no 0."""
    due = [each for each in expected if each.due]
    done = sum(each.done for each in due)
    return Rate.of(done, len(due)) if done else None


def missing(session: Session, found: Challenge, day: date) -> tuple[Person, ...]:
    """Those who are due on this day and have not checked in, by name: those of `roll` for whom nothing is recorded."""
    if not found.terms().due(day):
        return ()
    settled = day_states(session, found.id, day).keys() | gone(session, found.group_id, day)
    settled |= _full_weeks(session, found, day)
    late = [each for each in names_enrolled_on(session, found.id, day) if each[0] not in settled]
    known = nicks(session, [member_id for member_id, _name in late])
    return tuple(Person(member_id, name, known.get(member_id, "")) for member_id, name in late)


def _full_weeks(session: Session, found: Challenge, day: date) -> set[int]:
    """Who has filled the running week before this day."""
    monday = found.cadence.slot(day)
    if not found.cadence.times or monday is None or monday == day:
        return set()
    states = PRESENT if found.makeup_counts else PRESENT[:1]
    counts = week_counts(session, found.id, monday, day - timedelta(days=1), states)
    return {member_id for member_id, count in counts.items() if count >= found.cadence.times}
