"""A spreadsheet's points, booked as if they had been entered on their days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from qunguan.domain.clock import Clock
from qunguan.domain.errors import Refused, UserError
from qunguan.domain.points import UNDO, ImportOutcome, checked_amount, checked_days
from qunguan.domain.rosters import Reason, RowNote
from qunguan.i18n import N_
from qunguan.services.members_find import resolver
from qunguan.services.points_posting import MANUAL, Posting, book_change, restore, same_content
from qunguan.store import points_queries as queries
from qunguan.store.bulk import collector_paused
from qunguan.store.session import Session

if TYPE_CHECKING:
    from qunguan.exchange.readers.history import HistoryPoints, PointsHistory

IMPORT = "import"
"""The source type of imported rows that carry no key: their id is made from what they say."""


Place = tuple[int, tuple[str, str]]
"""A member and a source: what an imported entry is known by."""


class _Row(NamedTuple):
    """A row of the file with the place it is booked at."""

    told: HistoryPoints
    place: Place

    @property
    def member_id(self) -> int:
        """The member the row means."""
        return self.place[0]


@collector_paused()
def import_history(
    session: Session, clock: Clock, history: PointsHistory, resolve: Callable[[str], int] | None = None
) -> ImportOutcome:
    """Book a history in date order, then file order. Rows known from an earlier import are not booked again.

    `resolve` turns a name into a member id (None: as `members.resolve` does) or raises a UserError. A spend
    above its day's balance, an unknown name and an impossible amount or day are rejected rows; what the reader rejected
    is listed with them.
    """
    posting = Posting(session, clock)
    rejected: list[RowNote] = list(history.rejected)
    rows = list(_understood(history, resolve or resolver(session), posting.today, rejected))
    known = _known(session, rows)
    undone = _undone(session, known)
    settled = known.keys() - {place for place, entry in known.items() if entry.id in undone}
    posting.open({row.member_id for row in rows if not settled or row.place not in settled})
    booked = already = 0
    for row in sorted(rows, key=lambda row: row.told.date):
        try:
            if not known or row.place not in known:
                _book(posting, row)
                booked += 1
                if row.told.key:
                    known[row.place] = row.told
            elif _stands(posting, row, known[row.place], undone):
                already += 1
            else:
                booked += 1
        except UserError as error:
            rejected.append(_refusal(row.told, error))
    if booked:
        session.step(N_("Imported points: {count} rows"), count=booked)
        posting.write()
    return ImportOutcome(booked, already, tuple(sorted(rejected, key=lambda note: note.row)))


def _understood(
    history: PointsHistory, resolve: Callable[[str], int], today: date, rejected: list[RowNote]
) -> Iterator[_Row]:
    """The rows that can be booked, each with its source; the others go to `rejected`."""
    seen: dict[tuple[Any, ...], int] = {}
    people: dict[str, int | UserError] = {}
    days: dict[tuple[date, date | None], tuple[str, str]] = {}  # those that can be, as text
    for told in history.entries:
        when = (told.date, told.expires_on)
        try:
            if told.name not in people:
                people[told.name] = _resolved(resolve, told.name)
            member_id = people[told.name]
            if isinstance(member_id, UserError):
                raise member_id
            checked_amount(abs(told.change))
            if when not in days:
                checked_days(*when, today)
                days[when] = (told.date.isoformat(), str(told.expires_on or ""))
        except UserError as error:
            rejected.append(_refusal(told, error))
            continue
        if told.key:
            yield _Row(told, (member_id, (MANUAL, told.key)))
            continue
        says = (member_id, days[when][0], told.change, days[when][1], told.reason)
        seen[says] = number = seen.get(says, 0) + 1
        digest = blake2b(repr((*says, number)).encode(), digest_size=16).hexdigest()
        yield _Row(told, (member_id, (IMPORT, digest)))


def _known(session: Session, rows: list[_Row]) -> dict[Place, Any]:
    """The entries in the ledger that rows of the file may be."""
    members = {row.member_id for row in rows}
    return {
        (member_id, (source_type, source_id)): entry
        for source_type in (MANUAL, IMPORT)
        for (member_id, source_id), entry in queries.keyed(session, members, source_type).items()
    }


def _undone(session: Session, known: dict[Place, Any]) -> set[int]:
    """Those of the known entries that undo took back, wholly or in part."""
    reversals = queries.reversals(session, {member_id for member_id, _source in known})
    return {entry_id for entry_id, found in reversals.items() if any(one.source_type == UNDO for one in found)}


def _resolved(resolve: Callable[[str], int], name: str) -> int | UserError:
    try:
        return resolve(name)
    except UserError as error:
        return error


def _book(posting: Posting, row: _Row) -> None:
    told, (member_id, source) = row
    kind = "EARN" if told.change > 0 else "SPEND"
    book_change(posting.book(member_id), kind, told.change, told.date, source, told.reason, told.expires_on)


def _stands(posting: Posting, row: _Row, known: Any, undone: set[int]) -> bool:
    """Whether a known row stands already; one that undo took back is restored.

    A key that comes again must say the same as the ledger's entry, or as the earlier row of the file.
    """
    from qunguan.exchange.readers.history import HistoryPoints  # heavy, and for a spreadsheet alone

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
    if known.id not in undone:
        return True
    return not restore(posting.book(row.member_id), known.id, posting.today, posting.terms())


def _refusal(told: HistoryPoints, error: UserError) -> RowNote:
    return RowNote(told.row, Reason.of("{problem}", problem=error))
