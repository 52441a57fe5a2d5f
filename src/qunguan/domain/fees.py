"""Fees of the ad book and the brokering book: what was paid, what is due, what is still to come in (S3-30, S3-35).

Money is integer fen. Fees are reckoned exactly and rounded to the fen once, halves up.
"""

from __future__ import annotations

from datetime import date

from qunguan.domain.errors import BadInput
from qunguan.domain.money import yuan
from qunguan.domain.orders import MAX_FEN
from qunguan.domain.text import match_key, show
from qunguan.values import frozen

WHOLE = 10_000
"""Shares are kept in basis points: hundredths of a per cent."""


@frozen
class Payment:
    """Money that came in on a business day for an ad or a deal called `name`; what was paid back is negative."""

    day: date
    name: str
    group_id: int
    fen: int


@frozen
class Paid:
    """One payment in the book of its ad or deal."""

    id: int
    day: date
    fen: int
    note: str = ""


@frozen
class Account:
    """What a customer owes: `due_fen` earned so far, `paid_fen` in hand (net of what was paid back).

    `since` is the day the first fen that is still open was earned, None where nothing is open.
    """

    due_fen: int
    paid_fen: int
    since: date | None = None

    @property
    def open_fen(self) -> int:
        """What is still to come in; never below 0."""
        return max(self.due_fen - self.paid_fen, 0)

    @property
    def over_fen(self) -> int:
        """What was paid beyond what is due: a down payment, or too much."""
        return max(self.paid_fen - self.due_fen, 0)

    def waits(self, day: date) -> int:
        """Days the oldest open fen has waited by a day; 0 where nothing is open."""
        return 0 if self.since is None else (day - self.since).days


def share_of(fen: int, basis_points: int) -> int:
    """A share of an amount, in fen, halves up."""
    return (fen * basis_points + WHOLE // 2) // WHOLE


def account(earned: list[tuple[date, int]], paid_fen: int) -> Account:
    """Where an account stands: `earned` are days with what was earned on them, payments settle the oldest first."""
    due, since = 0, None
    for day, fen in sorted(earned):
        due += fen
        if due > paid_fen and since is None:
            since = day
    return Account(due, paid_fen, since)


def share_typed(text: str) -> int:
    """A share as it is typed, always in per cent: 20, 2.5 or 20%; in basis points. Raises BadInput."""
    plain = match_key(text).replace(" ", "").removesuffix("%")
    whole, _dot, part = plain.partition(".")
    if not (whole or "0").isdecimal() or not (part or "0").isdecimal() or len(part) > 2 or not (whole or part):
        raise BadInput("“{text}” is no share in per cent", hint="write 20 or 2.5 %", text=show(text[:20]))
    found = int((whole or "0")[:6]) * 100 + int(part.ljust(2, "0") or "0")
    if found > WHOLE:
        raise BadInput("“{text}” is more than 100 %", hint="write 20 or 2.5 %", text=show(text[:20]))
    return found


def share_said(basis_points: int) -> str:
    """A share in per cent: 20 %, 2.5 %."""
    return f"{basis_points / 100:g} %"


def checked_paid(fen: int) -> int:
    """An amount that may be booked as paid; paid back is negative. Raises BadInput for nothing, and too much."""
    if fen == 0 or abs(fen) > MAX_FEN:
        raise BadInput("{amount} is no payment", hint="write what came in, or with a minus what was paid back",
                       amount=yuan(fen))  # fmt: skip
    return fen


def checked_fen(fen: int) -> int:
    """An amount of 0 or more. Raises BadInput."""
    if not 0 <= fen <= MAX_FEN:
        raise BadInput("{amount} is no amount in yuan", hint="write it like 20 or 9.90", amount=yuan(fen))
    return fen


def checked_share(basis_points: int) -> int:
    """A share from 0 to 100 %. Raises BadInput."""
    if not 0 <= basis_points <= WHOLE:
        raise BadInput("“{text}” is more than 100 %", hint="write 20 or 2.5 %", text=share_said(basis_points))
    return basis_points
