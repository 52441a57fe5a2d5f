"""Points of two entries that turn out to be one person: what one holds goes to the other, lot by lot.

The sum over both is the same on every day, past ones included, and every lot keeps its end. What a rule gave is booked
under the same key with the one who stays: it is not given again, and can be taken back. No SQL and no clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from qunguan.domain.points import REVERSE, UNDO
from qunguan.domain.points_book import Book, Terms
from qunguan.domain.points_lots import Entry, Lot
from qunguan.values import frozen

MERGE = "merge"
"""The source type of what goes over."""

AwardSource = tuple[str, str, str]


@frozen
class Given:
    """What a rule gave: an EARN and what it is booked under."""

    entry_id: int
    rule_id: str
    source_type: str
    source_id: str
    base: int
    multiplier_pct: int
    reason: str = ""

    @property
    def key(self) -> AwardSource:
        """Rule and source: what it is given once for."""
        return self.rule_id, self.source_type, self.source_id


class Purse(Book):
    """A book that can hand over what it holds."""

    def hand_over(self, other: Purse, today: date, given: Iterable[Given], known: dict[AwardSource, int],
                  reason: str) -> int:  # fmt: skip
        """Give everything to `other`; returns the balance that went over, below 0 what was owed.

        `given` are this book's awards that the other is to be known by, `known` the awards it has: key → entry.
        """
        self.post_due(today)
        other.post_due(today)
        awards = {one.entry_id: one for one in given}
        moved = 0
        for lot in list(self.lots.values()):
            left = lot.left
            award = awards.get(lot.id)
            # what was taken back may have been taken from another lot: points are left here, of no award any more
            due = self.effective(self.entries[lot.id]) if award is not None else 0
            day = self._free_from(lot) if left else lot.day
            if award is not None and due:
                day = other._receive_award(self, award, min(left, due), day, today, known, reason)
            if left > due:
                other._receive(left - due, day, lot.expires_on, reason)
            if left:
                self._pass_out(lot, left, day, reason)
            moved += left
        other._settle()
        return moved - self._hand_debt(other, today, reason)

    def _free_from(self, lot: Lot) -> date:
        """The first day from which on all that is left of a lot can be taken."""
        days = sorted({lot.day, *(day for day, _amount in lot.moves)})
        return next((day for day in days if lot.free(day) >= lot.left), days[-1])

    def _receive(self, amount: int, day: date, expires_on: date | None, reason: str) -> Lot:
        source = (MERGE, str(self._sheet.next_id))
        entry_id = self._sheet.entry(
            self.member_id, "ADJUST", 1, amount, day, source, expires_on=expires_on, reason=reason
        )
        return self._opened(Entry(entry_id, "ADJUST", 1, amount, day, expires_on, MERGE, None))

    def _opened(self, entry: Entry) -> Lot:
        """Open a lot that does not pay debts yet."""
        self._open(self._add(entry))
        return self.lots[entry.id]

    def _receive_award(
        self, other: Purse, award: Given, left: int, day: date, today: date, known: dict[AwardSource, int], reason: str
    ) -> date:
        """Have an award of `other` under its key, of which `left` points are there; returns the day they come over."""
        entry = other.entries[award.entry_id]
        mine = known.get(award.key)
        if mine is None:
            lot = self._copied(other, entry, award)
            known[award.key] = lot.id
            gone = self.effective(self.entries[lot.id]) - (left if day == entry.day else 0)
            if gone:
                self._pass_out(lot, gone, entry.day, reason)
            if day != entry.day:  # what came back to the lot later was not there from its first day on
                self._receive(left, day, entry.expires_on, reason)
            return day
        restored = self._restored(mine, today)
        day = today if restored else day
        if restored > left:
            self._pay_back(self.lots[mine], restored - left, day, reason)
        elif left > restored:
            self._receive(left - restored, day, entry.expires_on, reason)
        return day

    def _copied(self, other: Purse, entry: Entry, award: Given) -> Lot:
        """The award as it was booked, and what of it was reversed since."""
        entry_id = self._sheet.entry(
            self.member_id, "EARN", 1, entry.amount, entry.day, (award.source_type, award.source_id),
            expires_on=entry.expires_on, rule_id=award.rule_id, base=award.base,
            multiplier_pct=award.multiplier_pct, reason=award.reason,
        )  # fmt: skip
        lot = self._opened(
            Entry(entry_id, "EARN", 1, entry.amount, entry.day, entry.expires_on, award.source_type, None)
        )
        children = [other.entries[child] for child in other.children.get(entry.id, ())]
        for source in (REVERSE, UNDO):
            gone = sum(other.effective(child) for child in children if (child.source_type == UNDO) == (source == UNDO))
            if gone:
                self._take(self._reversal(self.entries[lot.id], -1, gone, entry.day, Terms(source_type=source)), lot,
                           gone, entry.day)  # fmt: skip
        return lot

    def _restored(self, entry_id: int, today: date) -> int:
        """Bring back what undo took of an award that was handed over before; returns how much is there by it: in its
        lot, in those that paid for it meanwhile, or gone into what was owed. An expired lot brings nothing."""
        before = self._worth()
        for child in self.children.get(entry_id, ()):
            entry = self.entries[child]
            if entry.source_type == UNDO and self.effective(entry):
                self.reverse(child, max(today, self.changed_on(entry)), terms=Terms(source_type=UNDO))
        return self._worth() - before

    def _worth(self) -> int:
        return sum(lot.left for lot in self.lots.values()) - sum(self._owed.values())

    def _pay_back(self, lot: Lot, amount: int, day: date, reason: str) -> None:
        """Take points out of the book, from one lot first; what paid a debt meanwhile is owed again."""
        here = min(amount, lot.left)
        if here:
            self._pass_out(lot, here, day, reason)
        if amount > here:
            self._charge(amount - here, day, reason)

    def _pass_out(self, lot: Lot, amount: int, day: date, reason: str) -> None:
        """Take points of one lot out of the book."""
        source = (MERGE, str(self._sheet.next_id))
        entry_id = self._sheet.entry(self.member_id, "ADJUST", -1, amount, day, source, reason=reason)
        self._take(self._add(Entry(entry_id, "ADJUST", -1, amount, day, None, MERGE, None)), lot, amount, day)

    def _hand_debt(self, other: Purse, today: date, reason: str) -> int:
        """Have the other owe what is owed here; returns how much it was."""
        owed = sum(self._owed.values())
        if not owed:
            return 0
        other._charge(owed, today, reason)
        self._receive(owed, today, None, reason)
        self._settle()
        return owed

    def _charge(self, amount: int, day: date, reason: str) -> None:
        """Take points, and owe those that are not there: an adjustment cannot owe, what reverses one can."""
        for lot in list(self._usable_on(day)):
            if taken := min(amount, lot.free(day)):
                self._pass_out(lot, taken, day, reason)
                amount -= taken
        if amount:
            lot = self._receive(amount, day, None, reason)
            self._pass_out(lot, amount, day, reason)
            self.reverse(lot.id, day, amount, Terms(reason=reason))


def awards_of(rows: Iterable[Any]) -> list[Given]:
    """The awards among whole entries of the ledger."""
    return [
        Given(row.id, row.rule_id, row.source_type, row.source_id, row.base, row.multiplier_pct, row.reason)
        for row in rows
        if row.kind == "EARN" and row.rule_id
    ]
