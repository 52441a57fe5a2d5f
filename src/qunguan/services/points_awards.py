"""Points that rules give: each award once, within the caps, taken back when its reason goes (semantics 3.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.points import (
    UNDO,
    Award,
    AwardKey,
    AwardOutcome,
    StepReversal,
    capped,
    checked_amount,
    checked_days,
)
from qunguan.domain.points_book import Book, Reversal, Terms
from qunguan.i18n import N_
from qunguan.services import rules
from qunguan.services.points_posting import Posting, restore, reverse_rest
from qunguan.store import points_queries as queries
from qunguan.store.points import point_cut
from qunguan.store.session import Session

RULE_CAP, MEMBER_CAP = "points.rule_day_cap", "points.member_day_cap"
MONEY_RULE, MONEY_CAPPED = "order.points", "order.capped"
OWED_RULE = "incident.amends"
"""What is booked under this is owed for a wrong: no cap cuts it, and it takes nothing of what a cap allows."""


def award_many(session: Session, clock: Clock, awards: Sequence[Award]) -> tuple[AwardOutcome, ...]:
    """See to it that each award stands, and say what became of each, in order.

    Not booked yet: booked, as far as the caps of its day allow. Standing: left alone. Taken back: restored. A base of
    0 books nothing. Set-based: the number of statements does not grow with the awards. Raises BadInput for a day that
    has not come or an amount that cannot be.
    """
    if not awards:
        return ()
    posting = Posting(session, clock)
    asked = [(award.key, award) for award in awards]
    wanted = {key: award for key, award in asked if _checked(award, posting.today)}
    session.step(N_("Gave points by rule"))
    work = _Awarding(posting, wanted)
    outcomes = tuple(work.ensure(key, award) for key, award in asked)
    work.write()
    return outcomes


def take_back(session: Session, clock: Clock, keys: Iterable[AwardKey]) -> StepReversal:
    """Reverse what stands of the awards with these keys; unknown ones are passed over. Policy and debts as for any
    reversal. An award taken back is restored when it is asked for again.
    """
    found = queries.awards(session, keys)
    if not found:
        return StepReversal(())
    session.step(N_("Took back points"))
    posting = Posting(session, clock)
    posting.open({key.member_id for key in found})
    terms = posting.terms()
    newest_first = sorted(((row.id, key.member_id) for key, row in found.items()), reverse=True)
    done = [
        reverse_rest(posting.book(member_id), entry_id, posting.today, terms) for entry_id, member_id in newest_first
    ]
    posted = tuple(entry_id for part in done if part for entry_id in part.entry_ids)
    if posted:
        posting.write()
    return StepReversal(posted, waived=sum(part.waived for part in done if part))


def keep(session: Session, clock: Clock, key: AwardKey, standing: int, reason: str = "") -> StepReversal:
    """See to it that `standing` points of an award stand, as `keep_many` does."""
    return keep_many(session, clock, {key: standing}, reason)


def keep_many(session: Session, clock: Clock, standing: Mapping[AwardKey, int], reason: str = "") -> StepReversal:
    """See to it that of each award exactly so many points stand, at most what was booked; unknown ones are passed over.

    What is too much is reversed once, however often this is asked; what is missing is restored as far as the program
    took it, never what the owner reversed. Points of an expired lot are gone already. Policy and debts as for any
    reversal; what it waived stays until somebody asks again and the points are there.
    """
    found = queries.awards(session, standing)
    reversals = queries.reversals(session, {key.member_id for key in found}) if found else {}
    stands = {key: row.amount - _gone(row.id, reversals) for key, row in found.items()}
    amiss = {key: row for key, row in found.items() if stands[key] != min(standing[key], row.amount)}
    if not amiss:
        return StepReversal(())
    session.step(N_("Brought points in line"))
    posting = Posting(session, clock)
    posting.open({key.member_id for key in amiss})
    terms = posting.terms(reason=reason)
    done: list[Reversal] = []
    for key, row in sorted(amiss.items(), key=lambda item: -item[1].id):
        done += _kept(posting.book(key.member_id), row.id, min(standing[key], row.amount), posting.today, terms)
    posted = tuple(entry_id for part in done for entry_id in part.entry_ids)
    if posted:
        posting.write()
    return StepReversal(posted, waived=sum(part.waived for part in done))


def standing_of(session: Session, keys: Iterable[AwardKey]) -> dict[AwardKey, tuple[queries.Award, int]]:
    """Each booked award with what of it stands; set-based."""
    found = queries.awards(session, keys)
    reversals = queries.reversals(session, {key.member_id for key in found}) if found else {}
    return {key: (row, row.amount - _gone(row.id, reversals)) for key, row in found.items()}


def _gone(entry_id: int, reversals: Mapping[int, Sequence[Any]]) -> int:
    """What of an entry is reversed and not restored."""
    return sum(int(child.amount) - _gone(child.id, reversals) for child in reversals.get(entry_id, ()))


def _kept(book: Book, entry_id: int, standing: int, today: date, terms: Terms) -> Iterator[Reversal]:
    """Reverse an award down to `standing`, or restore it up to there as far as the program took it."""
    book.post_due(today)
    entry = book.entries[entry_id]
    change = standing - book.effective(entry)
    if change < 0:
        yield from _reversed(book, entry_id, -change, today, terms)
        return
    for child in reversed(tuple(book.children.get(entry_id, ()))):
        if change > 0 and book.entries[child].source_type == UNDO:
            for part in _reversed(book, child, change, today, terms):
                change -= abs(part.amount)
                yield part


def _reversed(book: Book, entry_id: int, amount: int, today: date, terms: Terms) -> Iterator[Reversal]:
    """Reverse up to `amount` of an entry, if anything of it can be."""
    entry = book.entries[entry_id]
    day = max(today, book.changed_on(entry))
    left = min(amount, book.reversible(entry, day))
    if left > 0:
        yield book.reverse(entry_id, day, left, terms)


def _checked(award: Award, today: date) -> bool:
    """Whether there is anything to give; BadInput for what cannot be given."""
    checked_days(award.day, None, today)
    if award.wanted == 0:
        return False
    return bool(checked_amount(award.wanted))


class _Awarding:
    """What one call of award_many knows: what is booked, what the caps still allow, whose book must be opened."""

    def __init__(self, posting: Posting, awards: Mapping[AwardKey, Award]) -> None:
        session = posting.session
        self._posting = posting
        self._booked = queries.awards(session, awards)
        self._caps = (rules.limit(session, RULE_CAP), rules.limit(session, MEMBER_CAP))
        # caps are there against doing things for their points alone (S4-37); who pays does not do that
        self._uncapped = (OWED_RULE,) if rules.value(session, MONEY_CAPPED) == "yes" else (OWED_RULE, MONEY_RULE)
        members = {key.member_id for key in awards}
        self._reversals = queries.reversals(session, members) if self._booked or self._caps != (None, None) else {}
        new = [award for key, award in awards.items() if key not in self._booked]
        self._life = rules.limit(session, "points.expiry_days") or 0
        self._given: dict[tuple[int, date, str], int] = {}
        self._cut_before: dict[AwardKey, Any] = {}
        self._cuts: list[dict[str, Any]] = []
        self._outcomes: dict[AwardKey, AwardOutcome] = {}
        self._opened = queries.unsettled(session, members, posting.today) if new else set()
        posting.open(self._opened)
        if new:
            self._read_caps(session, {award.member_id for award in new}, [award.day for award in new])

    def ensure(self, key: AwardKey, award: Award) -> AwardOutcome:
        """Make one award stand."""
        outcome = self._outcomes.get(key)
        if outcome:
            return AwardOutcome(key, "already", outcome.amount, outcome.cut, outcome.entry_id)
        if key in self._booked:
            outcome = self._stand(key, self._booked[key])
        elif award.wanted:
            outcome = self._book(key, award)
        else:
            return AwardOutcome(key, "nothing", 0)
        self._outcomes[key] = outcome
        return outcome

    def write(self) -> None:
        """Write what was booked, if anything was."""
        if self._posting.sheet.entries:
            self._posting.write()
        self._posting.session.insert_many(point_cut, self._cuts)

    def _stand(self, key: AwardKey, row: Any) -> AwardOutcome:
        stands = row.amount - self._reversed(row.id)
        if stands == row.amount:
            return AwardOutcome(key, "already", stands, entry_id=row.id)
        posting = self._posting
        book = posting.book(key.member_id)
        restored = restore(book, row.id, posting.today, posting.terms())
        stands = book.effective(book.entries[row.id])
        return AwardOutcome(key, "restored" if restored else "already", stands, entry_id=row.id)

    def _reversed(self, entry_id: int) -> int:
        return sum(self._stands(child) for child in self._reversals.get(entry_id, ()))

    def _stands(self, reversal: Any) -> int:
        return int(reversal.amount) - self._reversed(reversal.id)

    def _book(self, key: AwardKey, award: Award) -> AwardOutcome:
        wanted = award.wanted
        amount, cap_id = self._within_caps(award, wanted)
        entry_id = self._credit(award, amount) if amount else None
        if cap_id:
            self._note_cut(key, award, amount, cap_id)
        return AwardOutcome(key, "booked" if amount else "nothing", amount, wanted - amount, entry_id)

    def _within_caps(self, award: Award, wanted: int) -> tuple[int, str]:
        """What the caps of its day leave of an award, and the cap that bound; what is left counts from now on."""
        if self._caps == (None, None) or award.rule_id in self._uncapped:
            return wanted, ""
        places = ((award.member_id, award.day, award.rule_id), (award.member_id, award.day, ""))
        given = [self._given.get(place, 0) for place in places]
        amount, cap_id = capped(wanted, zip((RULE_CAP, MEMBER_CAP), self._caps, given, strict=True))
        for place, before in zip(places, given, strict=True):
            self._given[place] = before + amount
        return amount, cap_id

    def _credit(self, award: Award, amount: int) -> int:
        expires_on = award.day + timedelta(days=self._life) if self._life else None
        posting, source = self._posting, (award.source_type, award.source_id)
        if award.member_id in self._opened or (expires_on and expires_on < posting.today):
            book = posting.book(award.member_id)
            self._opened.add(award.member_id)
            return book.credit(
                "EARN", amount, award.day, source, expires_on=expires_on, rule_id=award.rule_id,
                base=award.base, multiplier_pct=award.multiplier_pct, reason=award.reason,
            ).id  # fmt: skip
        return posting.sheet.entry(
            award.member_id, "EARN", 1, amount, award.day, source, expires_on=expires_on, rule_id=award.rule_id,
            base=award.base, multiplier_pct=award.multiplier_pct, reason=award.reason,
        )  # fmt: skip

    def _note_cut(self, key: AwardKey, award: Award, amount: int, cap_id: str) -> None:
        """Keep what a cap cut off, once for each award."""
        before = self._cut_before.get(key)
        if before is None:
            self._cuts.append(
                {
                    **key._asdict(),
                    "biz_date": award.day,
                    "wanted": award.wanted,
                    "awarded": amount,
                    "cap_id": cap_id,
                }
            )
        else:
            self._posting.session.update(point_cut, before.id, wanted=award.wanted, awarded=amount, cap_id=cap_id)

    def _read_caps(self, session: Session, members: set[int], days: list[date]) -> None:
        if self._caps == (None, None):
            return
        first, last = min(days), max(days)
        for row in queries.earned_by_rule(session, members, first, last):
            if row.rule_id in self._uncapped:
                continue
            stands = row.amount - self._reversed(row.id)
            for scope in (row.rule_id, ""):
                place = (row.member_id, row.biz_date, scope)
                self._given[place] = self._given.get(place, 0) + stands
        self._cut_before = queries.cuts(session, members, first, last)
