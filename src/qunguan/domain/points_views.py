"""Points as the screens look at them: a page of balances, the headline, one member's lots."""

from __future__ import annotations

from datetime import date

from qunguan.domain.points import Kind, Statement
from qunguan.values import frozen


@frozen
class BalanceRow:
    """A line of the list: `expiring` are points whose last day is near; `last_day` is that of the newest entry."""

    member_id: int
    name: str
    balance: int
    expiring: int
    last_day: date | None


@frozen
class Outstanding:
    """What all members hold together on a day.

    `points` are held by `holders` members, `debt` is owed by others; `expiring` points of `expiring_members` members
    have their last day within `days` days.
    """

    points: int
    holders: int
    debt: int
    expiring: int
    expiring_members: int
    days: int


@frozen
class LotUse:
    """What one entry took from a lot; negative is given back."""

    entry_id: int
    day: date
    kind: Kind
    amount: int
    reason: str


@frozen
class LotView:
    """Points that came in together: `left` of `amount` can be used through `expires_on` (None: for ever)."""

    entry_id: int
    day: date
    kind: Kind
    amount: int
    left: int
    expires_on: date | None
    reason: str
    source: str
    uses: tuple[LotUse, ...] = ()


@frozen
class Account:
    """One member: the statement through a day, and the lots in the order in which they are spent.

    The balance is what the lots have left, less `debt`: what was taken back after it had been spent.
    """

    statement: Statement
    lots: tuple[LotView, ...]
    debt: int

    @property
    def open_lots(self) -> tuple[LotView, ...]:
        """The lots with something left."""
        return tuple(lot for lot in self.lots if lot.left)
