"""Lots of points and the rows a ledger is about to gain: the parts `points_book` works with. No SQL, no clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

DAY = timedelta(days=1)


@dataclass(slots=True)
class Expiry:
    """A posted EXPIRE of a lot. `left` is what of it still stands: a later debit may have called points back."""

    entry_id: int
    day: date
    left: int


@dataclass(slots=True)
class Call:
    """A REVERSE that calls points back from an EXPIRE. `left` is what of it still stands: it may be needed earlier."""

    entry_id: int
    expiry: Expiry
    day: date
    left: int


@dataclass(slots=True)
class Lot:
    """Points that came in together. `taken` is net of what was given back; `expired` is what its EXPIREs hold now."""

    id: int
    day: date
    expires_on: date | None
    occurred_at: datetime
    amount: int
    taken: int = 0
    expired: int = 0
    gave_back: bool = False
    moves: list[tuple[date, int]] = field(default_factory=list)
    expiries: list[Expiry] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    key: tuple[date, datetime, int] = field(init=False)

    def __post_init__(self) -> None:
        self.key = (self.expires_on or date.max, self.occurred_at, self.id)  # spending order

    @property
    def left(self) -> int:
        """Points neither taken nor expired, whatever the day."""
        return self.amount - self.taken - self.expired

    def dead(self, day: date) -> bool:
        """Whether the lot can no longer be used on `day`."""
        return self.expires_on is not None and day > self.expires_on

    def move(self, day: date, amount: int) -> None:
        """Take `amount` on `day`; a negative amount gives back."""
        self.moves.append((day, amount))
        self.taken += amount
        self.gave_back = self.gave_back or amount < 0

    def expire(self, expiry: Expiry) -> None:
        """What is left of an EXPIRE expires."""
        self.expiries.append(expiry)
        self.expired += expiry.left

    def called(self, call: Call) -> None:
        """A REVERSE calls back part of an EXPIRE."""
        self.calls.append(call)
        call.expiry.left -= call.left
        self.expired -= call.left

    def let_go(self, call: Call, amount: int) -> None:
        """Part of what was called back expires again."""
        call.left -= amount
        call.expiry.left += amount
        self.expired += amount

    def free(self, day: date) -> int:
        """Points that can be taken on `day` without any later taking going short.

        What its EXPIREs hold counts as free: they are called back when an entry dated before them needs the points.
        """
        return 0 if day < self.day or self.dead(day) else self.lowest(day)

    def left_on(self, day: date) -> int:
        """Points not taken at the end of `day`; after the lot's last day they are what has expired."""
        return self.amount - sum(amount for on, amount in self.moves if on <= day)

    def lowest(self, day: date) -> int:
        """The fewest points not taken at the end of `day` or of any day after it."""
        if not self.gave_back:
            return self.amount - self.taken
        lowest = left = self.left_on(day)
        for _on, amount in sorted(move for move in self.moves if move[0] > day):
            left -= amount
            lowest = min(lowest, left)
        return lowest

    def free_days(self) -> set[date]:
        """The days on which more of the lot may become free: its first, and those that gave back."""
        return {self.day, *(on for on, amount in self.moves if amount < 0)}


@dataclass(slots=True)
class Entry:
    """A ledger entry as the book knows it. `allocs` are (lot id, amount, day): positive takes, negative gives back."""

    id: int
    kind: str
    sign: int
    amount: int
    day: date
    expires_on: date | None
    source_type: str
    reverses_id: int | None
    allocs: list[tuple[int, int, date]] = field(default_factory=list)

    @property
    def is_lot(self) -> bool:
        """Whether the entry opens a lot: points earned, given by adjustment, or reinstated by a reversal."""
        return self.sign > 0 and (self.kind != "REVERSE" or self.expires_on is not None)


class Sheet:
    """Rows on their way into the ledger, with the ids they will have. One for all members of a unit of work."""

    def __init__(self, next_id: int, now: datetime) -> None:
        self.next_id = next_id
        self.now = now
        self.entries: list[dict[str, Any]] = []
        self.allocs: list[dict[str, Any]] = []

    def entry(
        self,
        member_id: int,
        kind: str,
        sign: int,
        amount: int,
        day: date,
        source: tuple[str, str],
        *,
        expires_on: date | None = None,
        rule_id: str = "",
        base: int | None = None,
        multiplier_pct: int = 100,
        reverses_id: int | None = None,
        reason: str = "",
    ) -> int:
        """Add an entry row and return its id. `source` is (source_type, source_id); `base` None means the amount."""
        entry_id = self.next_id
        self.next_id += 1
        self.entries.append(
            {
                "id": entry_id,
                "member_id": member_id,
                "kind": kind,
                "sign": sign,
                "amount": amount,
                "occurred_at": self.now,
                "biz_date": day,
                "expires_on": expires_on,
                "rule_id": rule_id,
                "base": amount if base is None else base,
                "multiplier_pct": multiplier_pct,
                "source_type": source[0],
                "source_id": source[1],
                "reverses_id": reverses_id,
                "reason": reason,
            }
        )
        return entry_id

    def alloc(self, entry_id: int, lot_id: int, amount: int, day: date) -> None:
        """Add an allocation row."""
        self.allocs.append({"entry_id": entry_id, "lot_id": lot_id, "amount": amount, "biz_date": day})
