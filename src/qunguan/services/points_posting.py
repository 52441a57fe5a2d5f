"""Writing the ledger by hand: grant, spend, adjust, reverse; and what undo asks for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import uuid4

from qunguan.domain.clock import Clock
from qunguan.domain.errors import NotFound, Refused
from qunguan.domain.points import (
    REVERSE,
    UNDO,
    AwardKey,
    Kind,
    PostOutcome,
    ReverseOutcome,
    StepReversal,
    checked_amount,
    checked_days,
)
from qunguan.domain.points_book import Book, Reversal, Terms
from qunguan.domain.points_lots import Sheet
from qunguan.domain.points_merge import Given, Purse
from qunguan.domain.text import NOTE_LIMIT, clean, show
from qunguan.i18n import N_, _
from qunguan.services import rules
from qunguan.services.groups import day_rule
from qunguan.services.points_reading import checked_name
from qunguan.store import points_queries as queries
from qunguan.store.members import member_merge
from qunguan.store.points import point_alloc, point_entry
from qunguan.store.session import Session

MANUAL = "manual"
"""The source type of everything posted by hand, and of imported rows that carry a key of their own."""


class Posting:
    """One unit of work on the ledger: the books it opened and the rows it will write."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self.session = session
        self.today = clock.today(day_rule(session))
        self.sheet = Sheet(queries.last_entry_id(session) + 1, clock.now())
        self._books: dict[int, Purse] = {}
        self._policy: tuple[bool, int] | None = None

    def open(self, member_ids: Iterable[int]) -> None:
        """Load the books of members that are not open yet, in a few statements."""
        wanted = sorted(set(member_ids) - self._books.keys())
        for member_id, entries, allocs in queries.book_rows(self.session, wanted):
            self._books[member_id] = Purse(member_id, self.sheet, entries, allocs)

    def book(self, member_id: int) -> Purse:
        """The member's book."""
        if member_id not in self._books:
            self.open((member_id,))
        return self._books[member_id]

    def write(self) -> None:
        """Post what has expired for everyone touched, and write all rows. What reached somebody who was found to be
        another goes on to them: a redemption from before may be cancelled after.
        """
        for member_id in sorted(self._books.keys() & self._merged().keys()):
            self.hand_over(member_id, self._merged()[member_id])
        for book in self._books.values():
            book.post_due(self.today)
        self.session.insert_many(point_entry, self.sheet.entries)
        self.session.insert_many(point_alloc, self.sheet.allocs)

    def hand_over(self, gone_id: int, kept_id: int, given: Iterable[Given] = ()) -> int:
        """Give all that one member holds to another; returns the balance that went over."""
        awards = list(given)
        known = queries.awards(self.session, [AwardKey(kept_id, *award.key) for award in awards])
        booked = {key[1:]: row.id for key, row in known.items()}
        reason = _("Merged with #{member}", member=gone_id)
        return self.book(gone_id).hand_over(self.book(kept_id), self.today, awards, booked, reason)

    def _merged(self) -> dict[int, int]:
        """Whoever was found to be another member → that one."""
        return self.session.settled(member_merge, None, lambda: queries.merged(self.session))

    def terms(self, source_type: str = UNDO, reason: str = "") -> Terms:
        """How reversals are made under the rules in force."""
        if self._policy is None:
            policy = rules.value(self.session, "points.reverse_policy")
            self._policy = (policy == "waive", rules.limit(self.session, "points.reinstate_days") or 0)
        return Terms(*self._policy, source_type, reason)


def grant(
    session: Session,
    clock: Clock,
    member_id: int,
    amount: int,
    *,
    reason: str = "",
    expires_on: date | None = None,
    key: str = "",
    day: date | None = None,
) -> PostOutcome:
    """Give a member points by hand, usable through `expires_on` (None: they do not expire).

    `key` makes a retry harmless: the same key with the same content posts nothing. Raises BadInput for an amount or a
    day that cannot be, NotFound for the member, Refused for a key used with other content.
    """
    name = checked_name(session, member_id)
    change = checked_amount(amount)
    session.step(N_("Granted {amount} points to {name}"), amount=change, name=name)
    return _post(session, clock, (member_id, name), "EARN", change, day, reason=reason, key=key, expires_on=expires_on)


def spend(
    session: Session,
    clock: Clock,
    member_id: int,
    amount: int,
    *,
    reason: str = "",
    key: str = "",
    day: date | None = None,
) -> PostOutcome:
    """Take points a member spends, those that expire first first (semantics 3.3).

    Raises Refused when the balance of the day does not cover it, and as `grant` does.
    """
    name = checked_name(session, member_id)
    change = -checked_amount(amount)
    session.step(N_("{name} spent {amount} points"), amount=-change, name=name)
    return _post(session, clock, (member_id, name), "SPEND", change, day, reason=reason, key=key)


def adjust(
    session: Session,
    clock: Clock,
    member_id: int,
    change: int,
    *,
    reason: str = "",
    expires_on: date | None = None,
    key: str = "",
    day: date | None = None,
) -> PostOutcome:
    """Correct a balance by a signed `change` where neither grant nor spend says what happened.

    Raises as they do; `expires_on` is for points given.
    """
    name = checked_name(session, member_id)
    checked_amount(abs(change) if type(change) is int else change)
    session.step(N_("Adjusted the points of {name} by {change}"), change=change, name=name)
    return _post(
        session, clock, (member_id, name), "ADJUST", change, day, reason=reason, key=key,
        expires_on=expires_on if change > 0 else None,
    )  # fmt: skip


def reverse(
    session: Session,
    clock: Clock,
    entry_id: int,
    *,
    amount: int | None = None,
    reason: str = "",
    day: date | None = None,
) -> ReverseOutcome:
    """Take an entry back, or `amount` of it, by an entry of the opposite sign (semantics 3.3).

    What was spent is owed or, by the rule points.reverse_policy, waived; when all is waived nothing is posted.
    Raises NotFound, BadInput, and Refused when nothing, or not so much, is left to reverse.
    """
    member_id = queries.member_of(session, entry_id)
    if member_id is None:
        raise NotFound("there is no entry #{entry}", hint="see the member's statement", entry=entry_id)
    name = checked_name(session, member_id)
    session.step(N_("Reversed the entry #{entry} of {name}"), entry=entry_id, name=name)
    posting = Posting(session, clock)
    when = day or posting.today
    checked_days(when, None, posting.today)
    wanted = None if amount is None else checked_amount(amount)
    book = posting.book(member_id)
    done = book.reverse(entry_id, when, wanted, posting.terms(REVERSE, clean(reason, NOTE_LIMIT)))
    if done.entry_ids:
        posting.write()
    return ReverseOutcome(
        entry_id, done.entry_ids, member_id, name, done.amount, queries.balance(session, member_id, posting.today),
        done.waived, done.debt, done.expired, done.reinstated,
    )  # fmt: skip


def reverse_step(session: Session, clock: Clock, step_id: int) -> StepReversal:
    """Reverse what still stands of every entry of a step, newest first, for undo; reversing that step restores it.

    Joins the step of the caller. Expiries are not reversed: they follow by themselves.
    """
    rows = queries.step_entries(session, step_id)
    if not rows:
        return StepReversal(())
    posting = Posting(session, clock)
    posting.open({row.member_id for row in rows})
    terms = posting.terms()
    done = [part for row in rows if (part := reverse_rest(posting.book(row.member_id), row.id, posting.today, terms))]
    if any(part.entry_ids for part in done):
        posting.write()
    posted = tuple(entry_id for part in done for entry_id in part.entry_ids)
    return StepReversal(posted, waived=sum(part.waived for part in done))


def reverse_rest(book: Book, entry_id: int, today: date, terms: Terms) -> Reversal | None:
    """Reverse whatever stands of an entry; None when nothing does, or when the program posted it by itself."""
    entry = book.entries[entry_id]
    if book.is_own(entry):
        return None
    book.post_due(today)
    if book.reversible(entry, today) <= 0:
        return None
    return book.reverse(entry_id, max(today, book.changed_on(entry)), terms=terms)


def restore(book: Book, entry_id: int, today: date, terms: Terms) -> bool:
    """Bring back what undo or a withdrawn reason took from an entry; what the owner reversed stays reversed."""
    taken_back = [child for child in book.children.get(entry_id, ()) if book.entries[child].source_type == UNDO]
    done = [reverse_rest(book, child, today, terms) for child in reversed(taken_back)]
    return any(done)


def book_change(book: Book, kind: str, change: int, day: date, source: tuple[str, str], reason: str,
                expires_on: date | None = None) -> int:  # fmt: skip
    """Post a signed change as a lot or as a debit; returns the entry's id. Raises Refused as `Book.debit` does."""
    if change > 0:
        return book.credit(kind, change, day, source, expires_on=expires_on, reason=reason).id
    return book.debit(kind, -change, day, source, reason=reason).id


def same_content(row: Any, kind: str, change: int, day: date | None, expires_on: date | None, reason: str) -> bool:
    """Whether an entry posted under a key says what is asked for again; `day` None was left to the clock."""
    told = (row.kind, row.sign * row.amount, row.expires_on, row.reason)
    return told == (kind, change, expires_on, reason) and day in (None, row.biz_date)


def _post(
    session: Session,
    clock: Clock,
    member: tuple[int, str],
    kind: Kind,
    change: int,
    day: date | None,
    *,
    reason: str,
    key: str,
    expires_on: date | None = None,
) -> PostOutcome:
    member_id, name = member
    posting = Posting(session, clock)
    checked_days(day or posting.today, expires_on, posting.today)
    reason, key = clean(reason, NOTE_LIMIT), clean(key)
    known = queries.by_key(session, member_id, key) if key else None
    if known and not same_content(known, kind, change, day, expires_on, reason):
        raise Refused("the key {key} was used for entry #{entry}, which says something else", key=key, entry=known.id)
    book = posting.book(member_id)
    if known:
        entry_id, already = known.id, not restore(book, known.id, posting.today, posting.terms())
    else:
        source = (MANUAL, key or uuid4().hex)
        try:
            entry_id, already = book_change(book, kind, change, day or posting.today, source, reason, expires_on), False
        except Refused as error:  # the book does not know whose it is
            error.where = show(name)
            raise
    if not already:
        posting.write()
    balance = queries.balance(session, member_id, posting.today)
    return PostOutcome(entry_id, member_id, name, kind, change, balance, already)
