"""One member's points: lots, what is taken from them, what is owed, and every way they change (semantics 3.3).

A book is filled with the member's rows, then asked to credit, spend or reverse; what follows from that (expiries,
called-back expiries, paid debts) it works out itself and writes all of it to the shared `Sheet`. It knows no SQL and no
clock. An operation that is refused has written nothing but expiries that were due anyway.

Three ideas carry it:

- A lot can be taken from on a day if it lives on that day and no later day of its life would go short (`Lot.free`).
- An entry dated before a posted EXPIRE may call points back from it: a REVERSE of that EXPIRE, dated so that no
  balance in between changes.
- What a debit could not take from lots is owed. The first points that come in pay it.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

from qunguan.domain.errors import Refused
from qunguan.domain.points import REVERSE
from qunguan.domain.points_lots import DAY, Call, Entry, Expiry, Lot, Sheet
from qunguan.domain.points_tree import EntryTree
from qunguan.values import frozen

_KEY = attrgetter("key")


@frozen
class Terms:
    """How a reversal is made.

    `waive` lets spent points go instead of owing them; points that come back to an expired lot live `reinstate_days`
    more (0: not at all). `source_type` is REVERSE for what the owner takes back, UNDO for what the program takes back
    and restores when it is asked for again.
    """

    waive: bool = False
    reinstate_days: int = 0
    source_type: str = REVERSE
    reason: str = ""


@frozen
class Reversal:
    """What a reversal posted; the fields of `domain.points.ReverseOutcome`."""

    entry_ids: tuple[int, ...]
    amount: int
    waived: int = 0
    debt: int = 0
    expired: int = 0
    reinstated: int = 0


class Book(EntryTree):
    """A member's ledger in memory. Entries must be loaded in the order of their ids."""

    def __init__(self, member_id: int, sheet: Sheet, entries: Iterable[Any] = (), allocs: Iterable[Any] = ()) -> None:
        super().__init__()
        self.member_id = member_id
        self.lots: dict[int, Lot] = {}
        self._sheet = sheet
        self._usable: list[Lot] = []  # lots that may have something free on some day, in spending order
        self._expired_to = date.min  # lots that expire before this day hold nothing that is not expired
        self._owed: dict[int, int] = {}  # debit entry -> points still owed for it
        for row in entries:
            told = (row.id, row.kind, row.sign, row.amount, row.biz_date, row.expires_on, row.source_type)
            found = Entry(*told, row.reverses_id)
            self._add(found)
            if found.is_lot:
                self.lots[found.id] = Lot(found.id, found.day, found.expires_on, row.occurred_at, found.amount)
        for row in allocs:
            self._load_alloc(row.entry_id, row.lot_id, row.amount, row.biz_date)
        self._usable = sorted((lot for lot in self.lots.values() if lot.taken < lot.amount), key=_KEY)
        for entry in self.entries.values():
            self._load_debt(entry)

    # -- asking

    def balance(self, day: date) -> int:
        """The balance at the end of `day`, which must have its expiries posted."""
        return sum(entry.sign * entry.amount for entry in self.entries.values() if entry.day <= day)

    def reversible(self, entry: Entry, day: date) -> int:
        """How much of an entry can be reversed on `day`: what stands of it and of everything it restores, without
        points of its lot that have expired by then, which are gone already.
        """
        left = min(self.effective(part) for part in self._line(entry))
        if entry.is_lot and entry.kind != "REVERSE" and (lot := self.lots[entry.id]).dead(day):
            left = min(left, self.effective(entry) - lot.left_on(day))
        return left

    # -- writing

    def credit(
        self,
        kind: str,
        amount: int,
        day: date,
        source: tuple[str, str],
        *,
        expires_on: date | None = None,
        rule_id: str = "",
        base: int | None = None,
        multiplier_pct: int = 100,
        reason: str = "",
    ) -> Entry:
        """Open a lot of `amount` points, usable from `day` through `expires_on`; it pays what is owed first."""
        entry_id = self._sheet.entry(
            self.member_id, kind, 1, amount, day, source,
            expires_on=expires_on, rule_id=rule_id, base=base, multiplier_pct=multiplier_pct, reason=reason,
        )  # fmt: skip
        entry = self._add(Entry(entry_id, kind, 1, amount, day, expires_on, source[0], None))
        self._open(entry)
        self._settle()
        return entry

    def debit(self, kind: str, amount: int, day: date, source: tuple[str, str], *, reason: str = "") -> Entry:
        """Take `amount` points from the lots usable on `day`. Raises Refused when they are not there, or when later
        entries have used them.
        """
        self.post_due(day)
        picked: list[tuple[Lot, int]] = []
        short = amount
        for lot in self._usable_on(day):
            if taken := min(short, lot.free(day)):
                picked.append((lot, taken))
                short -= taken
            if not short:
                break
        if short:
            raise self._too_much(amount, amount - short, day)
        entry_id = self._sheet.entry(self.member_id, kind, -1, amount, day, source, reason=reason)
        entry = self._add(Entry(entry_id, kind, -1, amount, day, None, source[0], None))
        for lot, taken in picked:
            self._take(entry, lot, taken, day)
        return entry

    def reverse(self, entry_id: int, day: date, amount: int | None = None, terms: Terms | None = None) -> Reversal:
        """Reverse `amount` of an entry (None: all that can be) on `day`. Raises Refused when it is the program's own,
        reversed already, smaller than that, or was changed after `day`.
        """
        entry = self.entries[entry_id]
        if self.is_own(entry):
            raise Refused("entry #{entry} is an expiry: it is kept right by the program itself", entry=entry_id)
        if day < (changed := self.changed_on(entry)):
            raise Refused(
                "entry #{entry} changed last on {day}: a reversal cannot be dated before that",
                entry=entry_id,
                day=changed,
            )
        self.post_due(day)
        left = self.reversible(entry, day)
        if left <= 0:
            raise self._nothing_left(entry)
        if amount is not None and amount > left:
            raise Refused("only {left} points of entry #{entry} are left to reverse", left=left, entry=entry_id)
        terms = terms or Terms()
        turn = self._give_back if entry.sign < 0 else self._take_back
        return turn(entry, left if amount is None else amount, day, terms)

    def post_due(self, day: date) -> None:
        """Post an EXPIRE for everything that expired before `day`, each dated the day after its last."""
        for lot in self._usable[self._place(self._expired_to) : self._place(day)]:
            if lot.left and lot.expires_on:
                self._expire(lot, lot.left, lot.expires_on + DAY)
        self._expired_to = max(self._expired_to, day)

    # -- reversals

    def _give_back(self, entry: Entry, amount: int, day: date, terms: Terms) -> Reversal:
        """Reverse a debit: what is still owed for it is forgiven, the rest goes back to lots."""
        live: list[tuple[Lot, int]] = []
        dead: list[tuple[Lot, int]] = []
        for lot, back in self._given_up(entry, amount):
            (dead if lot.dead(day) else live).append((lot, back))
        lost = sum(back for _lot, back in dead)
        reinstated = lost if terms.reinstate_days else 0
        posted: list[int] = []
        if amount > reinstated:
            reversal = self._reversal(entry, 1, amount - reinstated, day, terms)
            posted.append(reversal.id)
            for lot, back in live if reinstated else live + dead:
                self._take(reversal, lot, -back, day)
            for lot, back in () if reinstated else dead:
                self._expire(lot, back, day)
        if reinstated:
            until = day + timedelta(days=terms.reinstate_days)
            reversal = self._reversal(entry, 1, reinstated, day, terms, expires_on=until)
            posted.append(reversal.id)
            self._open(reversal)
        self._settle()
        return Reversal(tuple(posted), amount, expired=lost - reinstated, reinstated=reinstated)

    def _take_back(self, entry: Entry, amount: int, day: date, terms: Terms) -> Reversal:
        """Reverse a credit: take from its own lot, or from the lots it gave back to; the rest is owed or waived."""
        given = {entry.id: -amount} if entry.is_lot else self._net(entry)
        picked: list[tuple[Lot, int]] = []
        short = amount
        for lot_id, net in given.items():
            lot = self.lots[lot_id]
            if taken := min(short, max(0, -net), self._retakable(entry, lot, day)):
                picked.append((lot, taken))
                short -= taken
        waived = short if terms.waive and entry.kind != "REVERSE" else 0
        if amount == waived:
            return Reversal((), 0, waived=waived)
        reversal = self._reversal(entry, -1, amount - waived, day, terms)
        for lot, taken in picked:
            self._take(reversal, lot, taken, day)
        if short > waived:
            self._owed[reversal.id] = short - waived
            self._settle()
        return Reversal((reversal.id,), waived - amount, waived=waived, debt=self._owed.get(reversal.id, 0))

    def _given_up(self, entry: Entry, amount: int) -> list[tuple[Lot, int]]:
        """Forgive what is owed for a debit, up to `amount`; returns the lots that get the rest back, last taken first.

        A debit that restores another shares its lots and debts with it: what it took may have gone back already when
        part of the other was reversed. Then the rest is found among what is still taken, or owed, for the other.
        """
        scopes = list(self._line(entry))
        taken = [self._taken(scope) for scope in scopes]
        backs: dict[int, int] = {}
        for place, scope in enumerate(scopes):
            amount -= self._forgive(scope, amount)
            for lot_id, net in reversed(self._net(scope).items()):
                room = min(net, *(each.get(lot_id, 0) for each in taken[place:])) - backs.get(lot_id, 0)
                if back := min(amount, max(0, room)):
                    backs[lot_id] = backs.get(lot_id, 0) + back
                    amount -= back
        if amount:
            raise Refused(
                "the parts of entry #{entry} do not add up to it", hint="reconcile the points", entry=entry.id
            )
        return [(self.lots[lot_id], back) for lot_id, back in backs.items()]

    def _retakable(self, entry: Entry, lot: Lot, day: date) -> int:
        """What a reversal of `entry` on `day` finds in a lot. What a reversal restored and the lot's end then took is
        called back, so that it is not lost twice; for points earned, expired is expired.
        """
        return lot.lowest(day) if entry.kind == "REVERSE" and lot.dead(day) else lot.free(day)

    def _reversal(
        self, entry: Entry, sign: int, amount: int, day: date, terms: Terms, expires_on: date | None = None
    ) -> Entry:
        source = (terms.source_type, f"{entry.id}.{len(self.children.get(entry.id, ())) + 1}")
        entry_id = self._sheet.entry(
            self.member_id, "REVERSE", sign, amount, day, source,
            expires_on=expires_on, reverses_id=entry.id, reason=terms.reason,
        )  # fmt: skip
        return self._add(Entry(entry_id, "REVERSE", sign, amount, day, expires_on, source[0], entry.id))

    # -- debts

    def _settle(self) -> None:
        """Pay what is owed, oldest first, from the first points that are free from the day of the debt on."""
        if not self._owed:
            return
        for entry_id in sorted(self._owed, key=lambda owing: (self.entries[owing].day, owing)):
            debit = self.entries[entry_id]
            later = {day for lot in self._usable for day in lot.free_days() if day > debit.day}
            for day in sorted({debit.day, *later}):
                for lot in list(self._usable_on(day)):
                    if paid := min(self._owed.get(entry_id, 0), lot.free(day)):
                        self._take(debit, lot, paid, day)
                        self._reduce_debt(entry_id, paid)

    def _forgive(self, entry: Entry, amount: int) -> int:
        """Let up to `amount` of what is owed for an entry go, newest first; returns how much was."""
        parts = {part.id for part in self._tree(entry)}
        forgiven = 0
        for entry_id in sorted(parts & self._owed.keys(), reverse=True):
            part = min(amount - forgiven, self._owed[entry_id])
            self._reduce_debt(entry_id, part)
            forgiven += part
        return forgiven

    def _reduce_debt(self, entry_id: int, amount: int) -> None:
        self._owed[entry_id] -= amount
        if not self._owed[entry_id]:
            del self._owed[entry_id]

    # -- lots

    def _open(self, entry: Entry) -> None:
        lot = Lot(entry.id, entry.day, entry.expires_on, self._sheet.now, entry.amount)
        self.lots[lot.id] = lot
        if self._usable and lot.key < self._usable[-1].key:
            insort(self._usable, lot, key=_KEY)
        else:
            self._usable.append(lot)
        if lot.expires_on:
            self._expired_to = min(self._expired_to, lot.expires_on)

    def _usable_on(self, day: date) -> Iterator[Lot]:
        """The lots that live on `day` or later, in spending order."""
        for place in range(self._place(day), len(self._usable)):
            yield self._usable[place]

    def _place(self, day: date) -> int:
        """Where among the usable lots those begin that live on `day` or later; mostly all of them do."""
        if not self._usable or self._usable[0].key[0] >= day:
            return 0
        return bisect_left(self._usable, (day,), key=_KEY)

    def _take(self, entry: Entry, lot: Lot, amount: int, day: date) -> None:
        """Allocate `amount` of a lot to an entry; negative gives back. What is missing is called back from expiries."""
        if amount > lot.left:
            self._call_back(lot, amount - lot.left, day)
        was_usable = lot.taken < lot.amount
        lot.move(day, amount)
        entry.allocs.append((lot.id, amount, day))
        self._sheet.alloc(entry.id, lot.id, amount, day)
        if was_usable and lot.taken == lot.amount:
            del self._usable[bisect_left(self._usable, lot.key, key=_KEY)]
        elif not was_usable and lot.taken < lot.amount:
            insort(self._usable, lot, key=_KEY)

    def _expire(self, lot: Lot, amount: int, day: date) -> None:
        source = ("expiry", f"{lot.id}.{len(lot.expiries) + 1}")
        entry_id = self._sheet.entry(self.member_id, "EXPIRE", -1, amount, day, source)
        self._add(Entry(entry_id, "EXPIRE", -1, amount, day, None, source[0], None, [(lot.id, amount, day)]))
        self._sheet.alloc(entry_id, lot.id, amount, day)
        lot.expire(Expiry(entry_id, day, amount))

    def _call_back(self, lot: Lot, amount: int, day: date) -> None:
        """Reverse part of a lot's expiries for an entry dated `day`, as of the first day on which they hold its points:
        no balance in between changes.

        Where all that an expiry holds was called back for a later day, the later one gives way and is made good by what
        expired after it.
        """
        day = max(day, lot.expires_on + DAY) if lot.expires_on else day
        for expiry in reversed(lot.expiries):
            if expiry.day <= day and (back := min(amount, expiry.left)):
                self._call(lot, expiry, back, day)
                amount -= back
        later = (call for call in lot.calls if call.expiry.day <= day < call.day)
        for call in sorted(later, key=attrgetter("day"), reverse=True):
            if back := min(amount, call.left):
                self._let_go(lot, call, back)
                self._call(lot, call.expiry, back, day)
                self._call_back(lot, back, call.day)
                amount -= back

    def _call(self, lot: Lot, expiry: Expiry, amount: int, day: date) -> None:
        reversal = self._own_reversal(expiry.entry_id, lot, -amount, day)
        lot.called(Call(reversal.id, expiry, day, amount))

    def _let_go(self, lot: Lot, call: Call, amount: int) -> None:
        self._own_reversal(call.entry_id, lot, amount, call.day)
        lot.let_go(call, amount)

    def _own_reversal(self, entry_id: int, lot: Lot, taken: int, day: date) -> Entry:
        sign = 1 if taken < 0 else -1
        reversal = self._reversal(self.entries[entry_id], sign, abs(taken), day, Terms())
        reversal.allocs.append((lot.id, taken, day))
        self._sheet.alloc(reversal.id, lot.id, taken, day)
        return reversal

    # -- loading

    def _load_alloc(self, entry_id: int, lot_id: int, amount: int, day: date) -> None:
        entry, lot = self.entries[entry_id], self.lots[lot_id]
        entry.allocs.append((lot_id, amount, day))
        if not self.is_own(entry):
            lot.move(day, amount)
            return
        if entry.kind == "EXPIRE":
            lot.expire(Expiry(entry_id, day, amount))
        elif amount < 0:
            expiry = next(expiry for expiry in lot.expiries if expiry.entry_id == entry.reverses_id)
            lot.called(Call(entry_id, expiry, day, -amount))
        else:
            lot.let_go(next(call for call in lot.calls if call.entry_id == entry.reverses_id), amount)

    def _load_debt(self, entry: Entry) -> None:
        """Take note of what an entry owes, or of what it forgives of the entry it reverses."""
        if entry.is_lot or self.is_own(entry):
            return
        owed = -entry.sign * entry.amount - sum(amount for _lot, amount, _day in entry.allocs)
        if owed > 0:
            self._owed[entry.id] = owed
        elif owed < 0 and entry.reverses_id is not None:
            for scope in self._line(self.entries[entry.reverses_id]):
                owed += self._forgive(scope, -owed)

    # -- refusals

    def _too_much(self, amount: int, free: int, day: date) -> Refused:
        balance = self.balance(day)
        if balance >= amount:
            return Refused(
                "the balance on {day} was {balance}, but later entries have used part of it: {free} can still be spent",
                day=day, balance=balance, free=free,
            )  # fmt: skip
        return Refused(
            "the balance on {day} is {balance}: {missing} points are missing",
            hint="spend at most {most}, or give points first",
            most=max(balance, 0), day=day, balance=balance, missing=amount - balance,
        )  # fmt: skip

    def _nothing_left(self, entry: Entry) -> Refused:
        standing = [child for child in self.children.get(entry.id, ()) if self.effective(self.entries[child])]
        if standing:
            return Refused("entry #{entry} is already reversed by #{by}", entry=entry.id, by=standing[-1])
        if entry.is_lot and entry.kind != "REVERSE":
            return Refused("the points of entry #{entry} have expired: nothing is left to take back", entry=entry.id)
        return Refused("what entry #{entry} restored has been reversed again", entry=entry.id)
