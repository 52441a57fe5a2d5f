"""Orders: what a sheet says about a purchase, and what the book answers. Money is integer fen everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from qunguan.domain.rosters import Reason, RowNote

Shop = Literal["ktt", "qunjielong", "youzan", "generic", "hand"]
OrderStatus = Literal["pending", "paid", "refunded", "cancelled"]
MatchedBy = Literal["id", "phone", "alias", "hand", "doubtful", "unknown", "nobody"]
"""How a buyer became a member; `doubtful` and `unknown` wait in the queue, `nobody` was left out by the owner."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One article of an order. `amount_fen` is None where the sheet does not price it."""

    item: str
    sku: str = ""
    quantity: int = 1
    amount_fen: int | None = None


@dataclass(frozen=True, slots=True)
class OrderEntry:
    """One order as a file tells it. Texts are clean; "" and None mean the file does not say.

    (`shop`, `series`, `number`) is the order's identity: numbers of 快团团 and 群接龙 start again at 1 with every list,
    whose name or fingerprint is the `series`. `paid_at` is naive, on the wall clock of the group. `amount_fen` is what
    was paid, freight in; `freight_fen` the part of it that is freight; `refund_fen` all that went back so far.
    `rows` are the file's rows, counted from 1, that speak of it. `member_ref` is an id of ours or of the platform.
    """

    shop: Shop
    series: str
    number: str
    buyer: str
    rows: tuple[int, ...]
    amount_fen: int
    status: OrderStatus
    status_text: str = ""
    paid_at: datetime | None = None
    freight_fen: int = 0
    refund_fen: int = 0
    phone: str = ""
    member_ref: str = ""
    lines: tuple[OrderLine, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class OrderSheet:
    """What a file of orders holds: its format, the orders in file order, and the rows that are none, with reasons."""

    format: Shop
    encoding: str
    entries: tuple[OrderEntry, ...]
    rejected: tuple[RowNote, ...]
    notes: tuple[RowNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A buyer who is nobody's member for sure: how many orders wait, and who it may be (ids, likeliest first)."""

    buyer: str
    phone: str
    orders: int
    net_fen: int
    doubtful: bool
    candidates: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OrderImport:
    """What an import did, or would do. Sums are of this file's orders that count: paid, gone back, and the rest.

    `points` is the change of the ledger by it; `new_members` were created for unknown buyers.
    """

    format: Shop
    orders: int
    lines: int
    created: int
    updated: int
    unchanged: int
    paid_fen: int
    refunded_fen: int
    net_fen: int
    unmatched: tuple[Unmatched, ...]
    rejected: tuple[RowNote, ...]
    points: int = 0
    new_members: int = 0


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order as a list shows it, as of a day."""

    id: int
    shop: Shop
    series: str
    number: str
    buyer: str
    member_id: int | None
    member: str
    matched_by: MatchedBy
    day: date | None
    amount_fen: int
    refund_fen: int
    net_fen: int
    status: OrderStatus
    status_text: str
    items: str
    points: int


@dataclass(frozen=True, slots=True)
class Rate:
    """A share and the count it is of; None where the base is empty."""

    value: float
    n: int


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """The book as of a day. `aov_fen` is net per order, rounded half up; None where there is no order.

    Buyers are members, or names where nobody is matched. `repeat` is 复购率 as `repeat_terms` says (semantics 3.7);
    `ltv_fen` is observed: net per buyer over their lifetime so far, n buyers (semantics 3.8).
    """

    as_of: date
    orders: int
    buyers: int
    net_fen: int
    aov_fen: int | None
    repeat: Rate | None
    repeat_terms: Reason
    ltv_fen: Rate | None


@dataclass(frozen=True, slots=True)
class Spending:
    """What a member bought up to a day: `orders` that count, merged by nothing."""

    member_id: int
    orders: int
    net_fen: int
    first_day: date
    last_day: date
    last_fen: int

    @property
    def aov_fen(self) -> int:
        """Net per order in fen, rounded half up."""
        return (self.net_fen * 2 + self.orders) // (2 * self.orders)
