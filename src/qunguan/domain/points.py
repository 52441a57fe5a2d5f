"""Points: what an entry is, what the ledger answers, and the small sums around it (semantics 3.3).

The bookkeeping itself, lots and what is taken from them, is `domain.points_book`; its audit is `domain.points_audit`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal, NamedTuple

from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import RowNote
from qunguan.values import frozen

MAX_AMOUNT = 1_000_000_000
"""The largest single entry: sums of a lifetime stay far inside 64 bits."""

REVERSE, UNDO = "reverse", "undo"
"""The source types of a reversal: what the owner took back, what the program did."""

Kind = Literal["EARN", "SPEND", "EXPIRE", "REVERSE", "ADJUST"]


class AwardKey(NamedTuple):
    """What an award is for: it is booked once for each key, however often it is asked for."""

    member_id: int
    rule_id: str
    source_type: str
    source_id: str


@frozen
class Award:
    """Points a rule gives: `base` before multiplier and caps, `multiplier_pct` 200 for a double day."""

    member_id: int
    rule_id: str
    base: int
    source_type: str
    source_id: str
    day: date
    reason: str = ""
    multiplier_pct: int = 100

    @property
    def key(self) -> AwardKey:
        """The award's identity."""
        return AwardKey(self.member_id, self.rule_id, self.source_type, self.source_id)

    @property
    def wanted(self) -> int:
        """The points before caps."""
        return self.base * self.multiplier_pct // 100


@frozen
class AwardOutcome:
    """What became of one award: `amount` points of it stand now, `cut` were cut off by caps.

    `entry_id` is None when nothing is booked for it (0 points).
    """

    key: AwardKey
    status: Literal["booked", "already", "restored", "nothing"]
    amount: int
    cut: int = 0
    entry_id: int | None = None


@frozen
class PostOutcome:
    """A grant, spend or adjustment. `amount` is signed; `balance` is today's, after it.

    `already` means the same key was posted before with the same content, and nothing was written now.
    """

    entry_id: int
    member_id: int
    name: str
    kind: Kind
    amount: int
    balance: int
    already: bool = False


@frozen
class ReverseOutcome:
    """A reversal. `amount` is signed; `entry_ids` are what was posted. When the policy waived everything it is 0 and
    nothing was posted: the ledger has no rows of 0, so asking again answers the same.

    Of `amount`, `debt` is owed until the next points come in, `expired` came back to a lot that had expired and was
    lost again, `reinstated` came back as a lot of its own. `waived` was already spent and is let go.
    """

    reverses_id: int
    entry_ids: tuple[int, ...]
    member_id: int
    name: str
    amount: int
    balance: int
    waived: int = 0
    debt: int = 0
    expired: int = 0
    reinstated: int = 0


@frozen
class StepReversal:
    """What undo posted for the ledger entries of a step; `waived` points were already spent and are let go."""

    entry_ids: tuple[int, ...]
    waived: int = 0


@frozen
class Balance:
    """A member's points on a day; negative while a debt is open."""

    member_id: int
    name: str
    balance: int


@frozen
class StatementLine:
    """One line of a statement. `amount` is signed.

    `id` None is an expiry that is due but not posted yet: the next entry of this member posts it. `redone` says that
    it takes back what an undo took away.
    """

    id: int | None
    biz_date: date
    kind: Kind
    amount: int
    balance_after: int
    expires_on: date | None
    reason: str
    source: str
    reverses_id: int | None = None
    redone: bool = False


@frozen
class Statement:
    """Every entry of a member up to a day, by business day, then id; the last `balance_after` is `balance`."""

    member_id: int
    name: str
    balance: int
    entries: tuple[StatementLine, ...]


@frozen
class Expiring:
    """Points that will expire after `expires_on` if they are not used."""

    member_id: int
    name: str
    amount: int
    expires_on: date


@frozen
class Difference:
    """Something the recomputation does not agree with. `code` is for programs, `message` for people."""

    member_id: int
    entry_id: int | None
    code: str
    message: str


@frozen
class Reconciliation:
    """对账: every balance recomputed from the entries. `ok` when nothing differs."""

    ok: bool
    members: int
    entries: int
    differences: tuple[Difference, ...]


@frozen
class ImportOutcome:
    """How many changes of a history were booked, how many were known before, and the rows that were refused."""

    booked: int
    already: int
    rejected: tuple[RowNote, ...]


def checked_amount(value: Any) -> int:
    """`value` if it is a whole number of points from 1 to MAX_AMOUNT, else BadInput. Text and True are not numbers."""
    if type(value) is not int:
        raise BadInput("{value} is not a whole number of points", hint="write it like 50", value=str(value)[:40])
    if not 1 <= value <= MAX_AMOUNT:
        shown = str(value) if value.bit_length() < 128 else "…"
        raise BadInput("{value} points cannot be booked", hint="use 1 to {most}", value=shown, most=MAX_AMOUNT)
    return value


def checked_days(day: date, expires_on: date | None, today: date) -> None:
    """Refuse a day that has not come and points that expire before they are given (BadInput)."""
    if day > today:
        raise BadInput("{day} has not come yet", hint="book it on the day, today is {today}", day=day, today=today)
    if expires_on is not None and expires_on < day:
        raise BadInput("the points expire on {expires}, before they are given on {day}", expires=expires_on, day=day)


def stack(multipliers: Iterable[int], how: str) -> int:
    """Several multipliers of one day, in percent, as one: the largest ("max") or all of them on top of each other
    ("product", rounded down at each). No multiplier is 100. Raises ValueError for another `how`.
    """
    if how not in ("max", "product"):
        raise ValueError(f"points stack by max or product, not {how}")
    result = 100
    if how == "max":
        return max(multipliers, default=result)
    for percent in multipliers:
        result = result * percent // 100
    return result


def capped(wanted: int, caps: Iterable[tuple[str, int | None, int]]) -> tuple[int, str]:
    """The points that caps leave of `wanted`, and the id of the cap that bound ("" when none did).

    Each cap is (id, limit or None for no limit, points already given under it).
    """
    left, bound_by = wanted, ""
    for cap_id, limit, given in caps:
        if limit is not None and limit - given < left:
            left, bound_by = max(0, limit - given), cap_id
    return left, bound_by
