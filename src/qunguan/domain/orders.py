"""Orders: what a sheet says about a purchase, and what the book answers. Money is integer fen everywhere."""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime
from typing import Final, Literal

from qunguan.domain.rosters import Reason, RowNote
from qunguan.i18n import N_
from qunguan.values import frozen

Shop = Literal["ktt", "qunjielong", "youzan", "generic", "hand"]
OrderStatus = Literal["pending", "paid", "refunded", "cancelled"]
SHOP_LABELS: Final[dict[Shop, str]] = {
    "ktt": N_("Kuaituantuan"),
    "qunjielong": N_("Qunjielong"),
    "youzan": N_("Youzan"),
    "generic": N_("sheet"),
    "hand": N_("by hand"),
}
"""What a shop is called: message IDs. `readers.words.SHOP_NAMES` knows them again."""
STATUS_LABELS: Final[dict[OrderStatus, str]] = {
    "pending": N_("unpaid"),
    "paid": N_("paid"),
    "refunded": N_("refunded"),
    "cancelled": N_("cancelled"),
}
"""How an order stands: message IDs. presets/order_status.toml knows them again."""
MAX_FEN: Final = 100_000_000_000
"""The largest sum one order can have, a billion yuan: sums of a lifetime stay far inside 64 bits."""
MatchedBy = Literal["id", "phone", "alias", "hand", "doubtful", "unknown", "nobody"]
"""How a buyer became a member; `doubtful` and `unknown` wait in the queue, `nobody` was left out by the owner."""


@frozen
class OrderLine:
    """One article of an order. `amount_fen` is None where the sheet does not price it."""

    item: str
    sku: str = ""
    quantity: int = 1
    amount_fen: int | None = None


@frozen
class OrderEntry:
    """One order as a file tells it. Texts are clean; "" and None mean the file does not say.

    (`shop`, `series`, `number`) is the order's identity: numbers of 快团团 and 群接龙 start again at 1 with every list,
    so their `series` is the moment of the order, which no later or longer export changes; `also` are series the same
    order may be known under from a time when it was not paid or from a sheet without moments. `paid_at` is naive, on
    the wall clock of the group; midnight sharp is a day of which no time was told. `amount_fen` is what was paid,
    freight in; `freight_fen` the part of it that is freight; `refund_fen` all that went back so far. `rows` are the
    file's rows, counted from 1, that speak of it. `member_ref` is an id of ours or of the platform.
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
    also: tuple[str, ...] = ()


@frozen
class OrderSheet:
    """What a file of orders holds: its format, the orders in file order, and the rows that are none, with reasons.

    `lacks` are fields this kind of sheet cannot give (of "buyer", "amount", "paid_at", "status", "refund", "items",
    "phone", "freight"): its entries hold nothing there, which is no reason to forget what is known of an order.
    `notes` tell of rows that are taken with a grain of salt or are none, and of the sheet as a whole at its header's
    row. `columns` is header → field, `unmapped` the headers that are no field.
    """

    format: Shop
    encoding: str
    entries: tuple[OrderEntry, ...]
    rejected: tuple[RowNote, ...]
    notes: tuple[RowNote, ...] = ()
    lacks: tuple[str, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    unmapped: tuple[str, ...] = ()


@frozen
class Unmatched:
    """A buyer who is nobody's member for sure: how many orders wait, and who it may be (ids, likeliest first)."""

    buyer: str
    phone: str
    orders: int
    net_fen: int
    doubtful: bool
    candidates: tuple[tuple[int, str], ...] = ()


@frozen
class OrderImport:
    """What an import did, or would do. Sums are of this file's orders that count: paid, gone back, and the rest.

    `points` is the change of the ledger by it; `too_old` orders count, but were paid longer ago than
    `order.points_within_days` and earn nothing. `new_members` were created for unknown buyers.
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
    too_old: int = 0
    new_members: int = 0

    @property
    def changed(self) -> bool:
        """Whether the book is other than before."""
        return bool(self.created or self.updated)


@frozen
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


@frozen
class Rate:
    """A share and the count it is of; None where the base is empty."""

    value: float
    n: int

    def __str__(self) -> str:
        """41.7% (n=12)."""
        return f"{self.value:.1%} (n={self.n})"


@frozen
class OrderPoints:
    """Why an order has its points: floor(net / unit) * rate is the base, then the day's multiplier, then the caps.

    `net_fen` is what earns after refunds; `awarded` was booked, `standing` is left of it. `rate` 0: it never earns.
    """

    net_fen: int
    unit_fen: int
    rate: int
    multiplier_pct: int
    base: int
    awarded: int
    standing: int
    cap_id: str = ""


@frozen
class OrderRefund:
    """Money that went back on a day; negative where the shop took a refund back."""

    id: int
    day: date
    amount_fen: int
    reason: str


@frozen
class OrderDetail:
    """One order with everything the book knows; `points` is None while it belongs to nobody. `why` are sentences."""

    row: OrderRow
    phone: str
    paid_at: datetime | None
    freight_fen: int
    note: str
    lines: tuple[OrderLine, ...]
    refunds: tuple[OrderRefund, ...]
    points: OrderPoints | None
    why: tuple[Reason, ...]


@frozen
class OrderChange:
    """What was done to one order by hand: its net now, and the change of the ledger by it."""

    id: int
    member_id: int | None
    buyer: str
    amount_fen: int
    refund_fen: int
    net_fen: int
    points: int


@frozen
class Settled:
    """A buyer who was told: `member_id` None is nobody. `orders` moved, `points` is the change of the ledger."""

    buyer: str
    member_id: int | None
    name: str
    orders: int
    points: int


@frozen
class MoneyDay:
    """What a member's book gained or lost on a day: fen, and orders (-1 for one that was refunded whole)."""

    day: date
    fen: int
    orders: int


@frozen
class NamedRate:
    """One of the four forms of 复购率 (semantics 3.7): `form` is for programs, `terms` say what is counted."""

    form: str
    rate: Rate | None
    terms: Reason


@frozen
class OrderSummary:
    """The book as of a day. `aov_fen` is net per order, rounded half up; None where there is no order.

    Buyers are members, or names where nobody is matched. `repeat` is 复购率 as `repeat_terms` says, `rates` are all its
    forms (semantics 3.7); `ltv_fen` is observed: net per buyer over their lifetime so far, n buyers (semantics 3.8).
    """

    as_of: date
    orders: int
    buyers: int
    net_fen: int
    aov_fen: int | None
    repeat: Rate | None
    repeat_terms: Reason
    ltv_fen: Rate | None
    rates: tuple[NamedRate, ...] = ()


@frozen
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
