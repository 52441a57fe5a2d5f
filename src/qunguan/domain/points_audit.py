"""对账: one member's ledger recomputed from its rows alone, sharing nothing with the book that wrote them.

Every finding is a `Difference` that names the entry and the day; the earliest comes first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from qunguan.domain.points import Difference
from qunguan.i18n import N_, _

_LEAD = timedelta(hours=14)  # no zone is further ahead of UTC

_MESSAGES = {
    "amount": N_("entry #{entry} of {day}: the amount is not what its base, multiplier and caps give"),
    "sign": N_("entry #{entry} of {day}: the sign does not fit the kind"),
    "reverses": N_("entry #{entry} of {day} reverses an entry that is not there, of another member, or later"),
    "over_reversed": N_("entry #{entry} of {day} is reversed by more than its amount"),
    "future": N_("entry #{entry} of {day} is dated after it was written"),
    "expiry": N_("entry #{entry} of {day}: its last day does not fit"),
    "allocated": N_("entry #{entry} of {day}: the parts taken from lots do not add up to it"),
    "lot": N_("entry #{entry} of {day} takes from something that is not a lot of this member"),
    "early": N_("entry #{entry} of {day} takes from a lot before the lot or the entry is there"),
    "overdrawn": N_("lot #{entry}: on {day} more is taken from it than it holds"),
    "after_expiry": N_("lot #{entry}: on {day}, after its last day, its points do not stay expired"),
    "debt": N_("entry #{entry} of {day} forgives more than was owed"),
    "balance": N_("the balance of {day} differs between entries and lots"),
}

_Found = tuple[date, int, str]  # day, entry id (0: the member as a whole), code


def audit(
    member_id: int, rows: Sequence[Any], allocs: Sequence[Any], awarded: Mapping[tuple[str, str, str], int]
) -> list[Difference]:
    """Everything wrong with a member's ledger, earliest first.

    `rows` are whole entries and `allocs` the allocations of those entries, `awarded` is what caps left of an award by
    (rule_id, source_type, source_id).
    """
    ledger = _Ledger(rows, allocs)
    found = [
        *_entries(ledger, awarded),
        *_reversals(ledger),
        *_allocations(ledger),
        *_lots(ledger),
    ]
    if not found:
        found = list(_balances(ledger))
    unique = sorted(set(found))
    return [Difference(member_id, entry or None, code, _message(code, entry, day)) for day, entry, code in unique]


def _message(code: str, entry: int, day: date) -> str:
    return _(_MESSAGES[code], entry=entry, day=day)


class _Ledger:
    """A member's rows by id, lots and reversals picked out."""

    def __init__(self, rows: Sequence[Any], allocs: Sequence[Any]) -> None:
        self.rows = {row.id: row for row in rows}
        self.lots = {
            row.id: row for row in rows if row.sign > 0 and (row.kind != "REVERSE" or row.expires_on is not None)
        }
        self.parts: dict[int, list[Any]] = defaultdict(list)
        for alloc in allocs:
            self.parts[alloc.entry_id].append(alloc)
        self.reversals: dict[int, list[Any]] = defaultdict(list)
        for row in rows:
            if row.reverses_id is not None:
                self.reversals[row.reverses_id].append(row)

    def stands(self, row: Any) -> int:
        """The amount that is neither reversed nor, where it was, still reversed."""
        return int(row.amount) - sum(self.stands(child) for child in self.reversals.get(row.id, ()))

    def of_expiry(self, row: Any) -> bool:
        """Whether the row is an expiry, calls one back, or undoes that."""
        while (reversed_row := self.rows.get(row.reverses_id)) is not None:
            row = reversed_row
        return bool(row.kind == "EXPIRE")


def _entries(ledger: _Ledger, awarded: Mapping[tuple[str, str, str], int]) -> Iterator[_Found]:
    for row in ledger.rows.values():
        if row.base is not None and not _amount_fits(ledger, row, awarded):
            yield row.biz_date, row.id, "amount"
        if row.sign not in {"EARN": (1,), "SPEND": (-1,), "EXPIRE": (-1,)}.get(row.kind, (1, -1)):
            yield row.biz_date, row.id, "sign"
        if row.biz_date > (row.occurred_at + _LEAD).date():
            yield row.biz_date, row.id, "future"
        if row.expires_on is not None and (row.id not in ledger.lots or row.expires_on < row.biz_date):
            yield row.biz_date, row.id, "expiry"


def _amount_fits(ledger: _Ledger, row: Any, awarded: Mapping[tuple[str, str, str], int]) -> bool:
    wanted = row.base * row.multiplier_pct // 100
    left = awarded.get((row.rule_id, row.source_type, row.source_id))
    if left is not None:
        return bool(row.amount == left)
    # undo takes the note of a cut away with the award, and the award may come back without it
    undone = row.rule_id and any(child.source_type == "undo" for child in ledger.reversals.get(row.id, ()))
    return bool(row.amount == wanted or (undone and row.amount < wanted))


def _reversals(ledger: _Ledger) -> Iterator[_Found]:
    for row in ledger.rows.values():
        if row.kind == "REVERSE":
            target = ledger.rows.get(row.reverses_id)
            if target is None or target.sign == row.sign or target.id >= row.id or target.biz_date > row.biz_date:
                yield row.biz_date, row.id, "reverses"
        if not 0 <= ledger.stands(row) <= row.amount:
            yield row.biz_date, row.id, "over_reversed"
        if row.reverses_id is None and row.id in ledger.reversals and _tree_owes(ledger, row) < 0:
            yield row.biz_date, row.id, "debt"


def _tree_owes(ledger: _Ledger, row: Any) -> int:
    """What is owed for an entry and everything in the tree of its reversals."""
    own = 0
    if row.id not in ledger.lots:
        own = -row.sign * row.amount - sum(part.amount for part in ledger.parts.get(row.id, ()))
    return own + sum(_tree_owes(ledger, child) for child in ledger.reversals.get(row.id, ()))


def _allocations(ledger: _Ledger) -> Iterator[_Found]:
    for row in ledger.rows.values():
        parts = ledger.parts.get(row.id, ())
        total = sum(part.amount for part in parts)
        if row.id in ledger.lots:
            fits = not parts
        elif row.kind == "REVERSE" and not ledger.of_expiry(row):
            fits = 0 <= total * -row.sign <= row.amount
        else:
            fits = total == -row.sign * row.amount and all(part.amount * row.sign < 0 for part in parts)
        if not fits:
            yield row.biz_date, row.id, "allocated"
        for part in parts:
            lot = ledger.lots.get(part.lot_id)
            if lot is None:
                yield row.biz_date, row.id, "lot"
            elif part.biz_date < max(lot.biz_date, row.biz_date):
                yield row.biz_date, row.id, "early"
            elif row.kind == "EXPIRE" and (lot.expires_on is None or part.biz_date <= lot.expires_on):
                yield row.biz_date, row.id, "expiry"
            elif row.kind in ("SPEND", "ADJUST", "EXPIRE") and part.biz_date != row.biz_date:
                yield row.biz_date, row.id, "early"


def _moves(ledger: _Ledger) -> dict[int, dict[date, int]]:
    """Lot -> day -> what was taken from it on that day, expiries included."""
    moves: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for parts in ledger.parts.values():
        for part in parts:
            moves[part.lot_id][part.biz_date] += part.amount
    return moves


def _lots(ledger: _Ledger) -> Iterator[_Found]:
    moves = _moves(ledger)
    for lot in ledger.lots.values():
        left = lot.amount
        for day, amount in sorted(moves.get(lot.id, {}).items()):
            left -= amount
            if not 0 <= left <= lot.amount:
                yield day, lot.id, "overdrawn"
                break
            if lot.expires_on is not None and day > lot.expires_on and left:
                yield day, lot.id, "after_expiry"
                break


def _balances(ledger: _Ledger) -> Iterator[_Found]:
    """Both balances on every day something happens: the entries with what is due, and the living lots with debts."""
    by_entries: dict[date, int] = defaultdict(int)
    by_lots: dict[date, int] = defaultdict(int)
    for row in ledger.rows.values():
        by_entries[row.biz_date] += row.sign * row.amount
        if row.id not in ledger.lots and not ledger.of_expiry(row):
            by_lots[row.biz_date] += row.sign * row.amount  # owed until allocations say from where it is taken
            for part in ledger.parts.get(row.id, ()):
                by_lots[part.biz_date] += part.amount
    moves = _moves(ledger)
    for lot in ledger.lots.values():
        end = date.max if lot.expires_on is None else lot.expires_on
        living = lot.amount - sum(amount for day, amount in moves[lot.id].items() if day <= end)
        by_lots[lot.biz_date] += lot.amount
        for day, amount in moves[lot.id].items():
            if day <= end:
                by_lots[day] -= amount
        if end < date.max:
            gone = end + timedelta(days=1)
            by_lots[gone] -= living
            by_entries[gone] -= lot.amount - sum(moves[lot.id].values())  # due and not posted
    entries = lots = 0
    for day in sorted(by_entries.keys() | by_lots.keys()):
        entries += by_entries[day]
        lots += by_lots[day]
        if entries != lots:
            yield day, 0, "balance"
            return
