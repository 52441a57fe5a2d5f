"""The one way a check-in record is written: rows, enrolment, points and stored standings in one go.

Ticks, pastes, make-ups and imported history all end here, so that none of them can forget one of the four.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from qunguan.domain.challenges import Challenge
from qunguan.domain.checkins import NONE, Mark, Run, State, runs
from qunguan.domain.clock import Clock
from qunguan.services import checkin_awards
from qunguan.services.checkin_awards import Change
from qunguan.services.checkin_enrol import cover
from qunguan.services.checkin_standing import terms_of, write_copies
from qunguan.store.checkin_queries import ENROLMENTS, ROWS_BETWEEN, all_records, states_of
from qunguan.store.checkins import checkin
from qunguan.store.member_queries import in_chunks
from qunguan.store.session import Session
from qunguan.values import frozen

_WHOLE = 50  # from this many members on, reading the whole challenge is quicker than reading each member


@frozen
class Entry:
    """One record to be written; "none" removes. `at` is when it happened (None: now), `earns` tells whether it
    gives points."""

    member_id: int
    day: date
    state: Mark
    source: str = "hand"
    earns: bool = True
    text: str | None = None
    reason: str | None = None
    at: datetime | None = None


@frozen
class Written:
    """What came of the entries: those that changed something, who is newly enrolled, points by member (signed).

    `book` is what is known now of the members whose records changed; None when none did.
    """

    changed: tuple[Entry, ...] = ()
    enrolled: tuple[int, ...] = ()
    points: Mapping[int, int] = field(default_factory=dict)
    book: checkin_awards.Book | None = None


def write(session: Session, clock: Clock, found: Challenge, entries: Iterable[Entry]) -> Written:
    """Write these records, at most one a member and day; what is there already in this state is left alone.

    The caller has named the step and checked the days. Raises what the ledger raises when a make-up cannot be paid.
    """
    wanted = list(entries)
    stored = _stored(session, found, wanted)
    changed = [entry for entry in wanted if entry.state != _state(stored.get((entry.member_id, entry.day)))]
    if not changed:
        return Written()
    ids = list(dict.fromkeys(entry.member_id for entry in changed))
    enrolled = _enrolled(session, found, ids)
    records = _records(session, found, ids)
    before = _runs(found, enrolled, records)
    new, moved = cover(session, found, _spans(changed), enrolled)
    if moved:
        enrolled = _enrolled(session, found, ids)
    _write_rows(session, clock, found, changed, stored)
    for entry in changed:
        own = records.setdefault(entry.member_id, {})
        if entry.state == NONE:
            own.pop(entry.day, None)
        else:
            own[entry.day] = entry.state
    after = _runs(found, enrolled, records)
    write_copies(session, found, enrolled.values(), records)
    changes = [_change(entry, stored.get((entry.member_id, entry.day))) for entry in changed]
    terms = {member_id: terms_of(found, row) for member_id, row in enrolled.items()}
    book = checkin_awards.Book(found, before, after, records, terms)
    return Written(tuple(changed), new, checkin_awards.settle(session, clock, book, changes), book)


def _state(row: Row[Any] | None) -> Mark:
    if row is None:
        return NONE
    state: State = row.state
    return state


def _change(entry: Entry, row: Row[Any] | None) -> Change:
    earned = row is not None and bool(row.earns)
    told = entry.source == "history"
    return Change(entry.member_id, entry.day, _state(row), earned, entry.state, entry.earns, costs=not told)


def _stored(session: Session, found: Challenge, entries: Sequence[Entry]) -> dict[tuple[int, date], Row[Any]]:
    """The rows that are there now for the days of the entries."""
    if not entries:
        return {}
    days = [entry.day for entry in entries]
    ids = dict.fromkeys(entry.member_id for entry in entries)
    rows = in_chunks(session, ROWS_BETWEEN, ids, challenge_id=found.id, first=min(days), last=max(days))
    return {(row.member_id, row.day): row for row in rows}


def _enrolled(session: Session, found: Challenge, ids: Sequence[int]) -> dict[int, Row[Any]]:
    return {row.member_id: row for row in in_chunks(session, ENROLMENTS, ids, challenge_id=found.id)}


def _records(session: Session, found: Challenge, ids: Sequence[int]) -> dict[int, dict[date, State]]:
    if len(ids) < _WHOLE:
        return states_of(session, found.id, ids)
    whole = all_records(session, found.id)
    return {member_id: whole.get(member_id, {}) for member_id in ids}


def _runs(
    found: Challenge, enrolled: Mapping[int, Row[Any]], records: Mapping[int, Mapping[date, State]]
) -> dict[int, tuple[Run, ...]]:
    return {member_id: runs(records.get(member_id, {}), terms_of(found, row)) for member_id, row in enrolled.items()}


def _spans(changed: Iterable[Entry]) -> dict[int, tuple[date, date]]:
    spans: dict[int, tuple[date, date]] = {}
    for entry in changed:
        if entry.state != NONE:
            first, last = spans.get(entry.member_id, (entry.day, entry.day))
            spans[entry.member_id] = (min(first, entry.day), max(last, entry.day))
    return spans


def _write_rows(
    session: Session,
    clock: Clock,
    found: Challenge,
    changed: Iterable[Entry],
    stored: Mapping[tuple[int, date], Row[Any]],
) -> None:
    now = clock.now()
    new: list[dict[str, Any]] = []
    for entry in changed:
        row = stored.get((entry.member_id, entry.day))
        values = {
            "state": entry.state,
            "occurred_at": entry.at or now,
            "source": entry.source,
            "earns": entry.earns,
            "text": entry.text,
            "reason": entry.reason,
        }
        if entry.state == NONE:
            assert row is not None
            session.delete(checkin, row.id)
        elif row is None:
            new.append({"challenge_id": found.id, "member_id": entry.member_id, "day": entry.day, **values})
        else:
            session.update(checkin, row.id, **values)
    session.insert_many(checkin, new)
