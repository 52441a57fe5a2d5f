"""Years of a spreadsheet come along: check-ins as they were told, in bulk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from qunguan.domain.challenges import YEARS, Challenge
from qunguan.domain.checkin_outcomes import HistoryOutcome
from qunguan.domain.checkins import State
from qunguan.domain.clock import Clock, DayRule
from qunguan.domain.errors import UserError
from qunguan.domain.rosters import Reason, RowNote
from qunguan.domain.text import NOTE_LIMIT, clean
from qunguan.exchange.readers.history import CheckinHistory, HistoryCheckin
from qunguan.i18n import N_
from qunguan.services import challenges, groups, members
from qunguan.services.checkin_write import Entry, write
from qunguan.store.checkin_queries import states_between
from qunguan.store.checkins import challenge
from qunguan.store.session import Session


def import_history(
    session: Session,
    clock: Clock,
    challenge_id: int,
    history: CheckinHistory,
    resolve: Callable[[str], int] | None = None,
    *,
    award: bool = False,
) -> HistoryOutcome:
    """Record what a file tells, in its order; quotas and windows do not judge it.

    `resolve` gives the member of a name (None: as `members.resolve` does), or raises a user error, which refuses the
    row. Where a day has a record already, the record stays. Told history earns points only with `award`. A daily
    challenge without end whose file begins before it starts earlier from then on; of any other, rows outside its dates
    are refused.
    """
    found = challenges.get(session, challenge_id)
    rule = groups.day_rule(session, found.group_id)
    begun = found.starts_on
    found = _opened(found, history, rule)
    reader = _Reader(found, rule, clock.today(rule), resolve or members.resolver(session), award)
    days = [_day(entry, rule) for entry in history.entries]
    known = states_between(session, challenge_id, min(days), max(days)) if days else {}
    entries = [entry for line in history.entries if (entry := reader.entry(line, known)) is not None]
    session.step(N_("Imported {n} check-ins into {challenge}"), n=len(entries), challenge=found.name)
    found = replace(found, starts_on=min((begun, *(entry.day for entry in entries))))
    if found.starts_on < begun:
        session.update(challenge, challenge_id, starts_on=found.starts_on)
    written = write(session, clock, found, entries)
    rejected = tuple(sorted((*history.rejected, *reader.rejected), key=lambda one: one.row))
    return HistoryOutcome(len(written.changed), reader.already, rejected, len(written.enrolled))


def days_told(session: Session, clock: Clock, challenge_id: int) -> tuple[date, date] | None:
    """The first and the last day a history can tell of; None where a file may make the challenge begin earlier."""
    found = challenges.get(session, challenge_id)
    if _may_begin_earlier(found):
        return None
    today = clock.today(groups.day_rule(session, found.group_id))
    return found.starts_on, min(today, found.last_day or today)


class _Reader:
    """Turns lines of a history into entries, and remembers what was refused and what was known."""

    def __init__(
        self, found: Challenge, rule: DayRule, today: date, resolve: Callable[[str], int], award: bool
    ) -> None:
        self._found, self._rule, self._today = found, rule, today
        self._resolve, self._award = resolve, award
        self._people: dict[str, int | UserError] = {}
        self._seen: dict[tuple[int, date], str] = {}
        self.already = 0
        self.rejected: list[RowNote] = []

    def entry(self, line: HistoryCheckin, known: Mapping[int, Mapping[date, State]]) -> Entry | None:
        """The entry a line stands for, None when it is refused or recorded already."""
        day = _day(line, self._rule)
        member_id = self._member(line.name)
        try:
            if isinstance(member_id, UserError):
                raise member_id
            self._found.check_day(day, self._today)
        except UserError as error:
            self.rejected.append(RowNote(line.row, Reason.of("{error}", error=error)))
            return None
        told = self._seen.get((member_id, day)) or known.get(member_id, {}).get(day)
        if told == line.state:
            self.already += 1
            return None
        if told is not None:
            reason = Reason.of(N_("{name} has another record on {day}"), name=line.name, day=day)
            self.rejected.append(RowNote(line.row, reason))
            return None
        self._seen[member_id, day] = line.state
        note = clean(line.note, NOTE_LIMIT) if line.note else ""
        return Entry(member_id, day, line.state, "history", self._award, text=note or None)

    def _member(self, name: str) -> int | UserError:
        if name not in self._people:
            try:
                self._people[name] = self._resolve(name)
            except UserError as error:
                self._people[name] = error
        return self._people[name]


def _day(line: HistoryCheckin, rule: DayRule) -> date:
    """The business day a line tells: a time before the day's start belongs to the day before."""
    early = line.at is not None and line.at.hour < rule.day_start
    return line.date - timedelta(days=1) if early else line.date


def _opened(found: Challenge, history: CheckinHistory, rule: DayRule) -> Challenge:
    """The challenge, begun earlier where it has no end and the file reaches further back."""
    days = (_day(entry, rule) for entry in history.entries)
    first = min((day for day in days if day.year in YEARS), default=found.starts_on)
    return replace(found, starts_on=first) if _may_begin_earlier(found) and first < found.starts_on else found


def _may_begin_earlier(found: Challenge) -> bool:
    return found.template == "daily" and found.ends_on is None
