"""The money view: what came in, what went back, by stream, month, group, channel; integer fen (S0-02, C32)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, Literal

from qunguan.domain.rosters import Reason
from qunguan.i18n import N_, _
from qunguan.values import frozen

Stream = Literal["orders", "memberships", "ads", "deals"]
STREAMS: Final[dict[Stream, str]] = {
    "orders": N_("orders"),
    "memberships": N_("memberships"),
    "ads": N_("ads"),
    "deals": N_("brokering"),
}
"""Where money comes from, in the order it is told: message IDs."""

By = Literal["stream", "month", "group", "channel"]
BYS: Final[dict[By, str]] = {
    "stream": N_("by stream"),
    "month": N_("by month"),
    "group": N_("by group"),
    "channel": N_("by channel"),
}
"""What the rows are: message IDs."""

HEADS: Final[dict[By, str]] = {
    "stream": N_("stream"),
    "month": N_("which month"),
    "group": N_("group"),
    "channel": N_("channel"),
}
"""What stands above the rows: message IDs."""

NOT_TOLD, STRANGER, ADS, DEALS = "(none)", "(unknown)", "(ads)", "(deals)"
"""Keys of rows that are no group or channel: nothing told, buyers who are nobody's member, fees of ads and deals."""
_SPECIAL: Final = {
    ("group", NOT_TOLD): N_("in no group"),
    ("channel", NOT_TOLD): N_("channel not told"),
    ("channel", STRANGER): N_("buyers who are nobody's member"),
    ("channel", ADS): STREAMS["ads"],
    ("channel", DEALS): STREAMS["deals"],
}

GOALS: Final = frozenset(("net", "buyers", "aov", "conversion", "repeat_rate", "attach_rate", "ltv_ratio"))
"""Which of `domain.goals.METRICS` are about money."""


@frozen
class Takings:
    """What came in and went back in some days: `orders` payments that came in, of `buyers` different ones."""

    key: str
    gross_fen: int = 0
    refunds_fen: int = 0
    orders: int = 0
    buyers: int = 0

    @property
    def net_fen(self) -> int:
        """What came in less what went back; below 0 where more went back."""
        return self.gross_fen - self.refunds_fen


@frozen
class Revenue:
    """The takings from `first` to `last`, both included, in rows of one kind, and all of them together.

    `group` is whose takings alone are told, "" for everybody's. `freight_out`: freight is no part of them. Buyers of
    rows may be the same people: in `total` everybody counts once.
    """

    by: By
    first: date
    last: date
    group: str
    freight_out: bool
    rows: tuple[Takings, ...]
    total: Takings


@frozen
class Payment:
    """One thing that came in, or went back (`fen` below 0). `id` is for `services.revenue` alone.

    `who` is the member, the buyer as the shop names them, or the brand; `what` the articles, the plan or the deal.
    """

    id: int
    day: date
    stream: Stream
    member_id: int | None
    who: str
    what: str
    fen: int


def label(by: By, key: str) -> str:
    """What a row is called in the language in force."""
    if by == "stream":
        return _(next((name for stream, name in STREAMS.items() if stream == key), key))
    return _(_SPECIAL[by, key]) if (by, key) in _SPECIAL else key


def month_of(day: date) -> str:
    """The key of the month a day is in: 2026-03."""
    return day.isoformat()[:7]


def months_to(last: date, count: int) -> list[date]:
    """The first days of so many months, the month of `last` the last of them."""
    number = last.year * 12 + last.month - 1
    numbers = range(max(number - count + 1, 12), number + 1)  # the calendar begins with the year 1
    return [date(each // 12, each % 12 + 1, 1) for each in numbers]


def end_of(month: date) -> date:
    """The last day of the month a day is in."""
    if (month.year, month.month) == (date.max.year, date.max.month):
        return date.max
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def terms(found: Revenue) -> tuple[Reason, ...]:
    """What is counted how: the same sentences on the command line, in the room and in reports."""
    told = [
        N_("gross: what came in on its day; refunds: what went back, on the day it did; net: the difference"),
        N_("orders: payments of more than nothing; buyers: who made them, each of them once in the total"),
        N_("an order that paid for a membership is told once, under memberships"),
        N_("freight is left out: rule order.freight")
        if found.freight_out
        else N_("freight is part of it: rule order.freight"),
    ]
    if found.by == "group" or found.group:
        told.append(N_("memberships, ads and brokering are of the group they were noted for, an order is of the group "
                       "its buyer joined first: nobody's money is told twice"))  # fmt: skip
    if found.by == "channel":
        told.append(N_("channel: how the member came, as their card says; fees, and buyers who are nobody's member, "
                       "stand by themselves"))  # fmt: skip
    return tuple(map(Reason.of, told))
