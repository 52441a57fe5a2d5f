"""A spreadsheet's points, booked as if they had been entered on their days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.errors import Refused, UserError
from qunguan.domain.points import ImportOutcome, checked_amount, checked_days
from qunguan.domain.rosters import Reason, RowNote
from qunguan.exchange.readers.history import HistoryPoints, PointsHistory
from qunguan.i18n import N_
from qunguan.services.members import resolver
from qunguan.services.points_posting import MANUAL, Posting, book_change, restore, same_content
from qunguan.store import points_queries as queries
from qunguan.store.session import Session

IMPORT = "import"
"""The source type of imported rows that carry no key: their id is made from what they say."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the file with the member it means and the source it is booked under."""

    told: HistoryPoints
    member_id: int
    source: tuple[str, str]


def import_history(
    session: Session, clock: Clock, history: PointsHistory, resolve: Callable[[str], int] | None = None
) -> ImportOutcome:
    """Book a history in date order, then file order. Rows known from an earlier import are not booked again.

    `resolve` turns a name into a member id (None: as `members.resolve` does) or raises a UserError. A spend
    above its day's balance, an unknown name and an impossible amount or day are rejected rows; what the reader rejected
    is listed with them.
    """
    session.step(N_("Imported points: {count} rows"), count=len(history.entries))
    posting = Posting(session, clock)
    rejected: list[RowNote] = list(history.rejected)
    rows = list(_understood(history, resolve or resolver(session), posting.today, rejected))
    members = {row.member_id for row in rows}
    known: dict[tuple[str, int, str], Any] = {
        (source_type, *place): entry
        for source_type in (MANUAL, IMPORT)
        for place, entry in queries.keyed(session, members, source_type).items()
    }
    posting.open(members)
    booked = already = 0
    for row in sorted(rows, key=lambda row: row.told.date):
        place = (row.source[0], row.member_id, row.source[1])
        try:
            if place not in known:
                known[place] = _book(posting, row)
                booked += 1
            elif _stands(posting, row, known[place]):
                already += 1
            else:
                booked += 1
        except UserError as error:
            rejected.append(_refusal(row.told, error))
    if booked:
        posting.write()
    return ImportOutcome(booked, already, tuple(sorted(rejected, key=lambda note: note.row)))


def _understood(
    history: PointsHistory, resolve: Callable[[str], int], today: date, rejected: list[RowNote]
) -> Iterator[_Row]:
    """The rows that can be booked, each with its source; the others go to `rejected`."""
    seen: Counter[tuple[Any, ...]] = Counter()
    people: dict[str, int | UserError] = {}
    for told in history.entries:
        try:
            if told.name not in people:
                people[told.name] = _resolved(resolve, told.name)
            member_id = people[told.name]
            if isinstance(member_id, UserError):
                raise member_id
            checked_amount(abs(told.change))
            checked_days(told.date, told.expires_on, today)
        except UserError as error:
            rejected.append(_refusal(told, error))
            continue
        if told.key:
            yield _Row(told, member_id, (MANUAL, told.key))
            continue
        says = (member_id, told.date.isoformat(), told.change, str(told.expires_on or ""), told.reason)
        seen[says] += 1
        digest = blake2b(repr((*says, seen[says])).encode(), digest_size=16).hexdigest()
        yield _Row(told, member_id, (IMPORT, digest))


def _resolved(resolve: Callable[[str], int], name: str) -> int | UserError:
    try:
        return resolve(name)
    except UserError as error:
        return error


def _book(posting: Posting, row: _Row) -> HistoryPoints:
    told = row.told
    kind = "EARN" if told.change > 0 else "SPEND"
    book_change(posting.book(row.member_id), kind, told.change, told.date, row.source, told.reason, told.expires_on)
    return told


def _stands(posting: Posting, row: _Row, known: Any) -> bool:
    """Whether a known row stands already; one that undo took back is restored.

    A key that comes again must say the same as the ledger's entry, or as the earlier row of the file.
    """
    told = row.told
    if isinstance(known, HistoryPoints):
        if (known.change, known.date) != (told.change, told.date):
            raise Refused("the key {key} stands in row {row} with other content", key=told.key, row=known.row)
        return True
    kind = "EARN" if told.change > 0 else "SPEND"
    expires_on = told.expires_on if told.change > 0 else None
    if not same_content(known, kind, told.change, told.date, expires_on, told.reason):
        raise Refused(
            "the key {key} was used for entry #{entry}, which says something else", key=told.key, entry=known.id
        )
    return not restore(posting.book(row.member_id), known.id, posting.today, posting.terms())


def _refusal(told: HistoryPoints, error: UserError) -> RowNote:
    return RowNote(told.row, Reason.of("{problem}", problem=error))
