"""Fees of the ad book and the brokering book: what was paid, what is due, what is still to come in (S3-30, S3-35).

Money is integer fen. Fees are reckoned exactly and rounded to the fen once, halves up.
"""

from __future__ import annotations

from datetime import date

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
