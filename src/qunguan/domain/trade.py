"""What the community's purchases add up to: attach rate, LTV at equal age, and what a channel's members cost.

Money is integer fen. Buyers are keys of any kind; what went back is out already.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from datetime import date
from itertools import combinations
from typing import Final

from qunguan.domain.errors import BadInput
from qunguan.domain.lives import AGES as AGES
from qunguan.domain.lives import Cohort as Cohort
from qunguan.domain.lives import Purchase, lives
from qunguan.domain.orders import MAX_FEN, NamedRate, Rate
from qunguan.domain.rosters import Reason
from qunguan.i18n import N_
from qunguan.values import frozen

MOST_PAIRS: Final = 20
_MOST_KINDS = 40  # of one buyer: who has bought more kinds pairs everything with everything


@frozen
class Pair:
    """Two kinds of things and the share of buyers who bought both."""

    first: str
    second: str
    buyers: int
    rate: Rate


@frozen
class Attach:
    """连带: the share of buyers who bought two kinds of things or more, kinds per buyer, and the commonest pairs."""

    rate: Rate | None
    per_buyer: float | None
    pairs: tuple[Pair, ...]


@frozen
class ChannelCost:
    """What a channel cost from a day to a day, both included."""

    id: int
    group_id: int | None
    channel: str
    from_day: date
    to_day: date
    cost_fen: int
    note: str = ""

    def cost_by(self, day: date) -> int:
        """The part of it that lies up to a day, by days, rounded down."""
        whole = (self.to_day - self.from_day).days + 1
        passed = (min(day, self.to_day) - self.from_day).days + 1
        return self.cost_fen * max(passed, 0) // whole


@frozen
class Joiner:
    """Somebody's first stay: how they came, when, and when it ended."""

    member_id: int
    channel: str
    joined_on: date
    left_on: date | None


@frozen
class Channel:
    """A channel as of a day: of the people who joined in the days it was paid for.

    `valid` were still there after so many days, `pending` have not been there so long. CAC is cost ÷ valid, LTV what
    the valid ones left so far ÷ valid, `ratio` one by the other; None where nobody is valid or nothing was paid.
    """

    channel: str
    cost_fen: int
    joined: int
    valid: int
    pending: int
    cac_fen: float | None
    ltv_fen: float | None
    ratio: float | None


@frozen
class Trade:
    """Trade of a group or of everybody from `first` to `as_of`; LTV and cohorts are of everything so far.

    `group` is whose members' orders count, those of members who left too; "" where all orders do.

    `conversion` is buyers among the members ÷ members present on the day; its n is the members. `ltv_aov` is observed
    LTV ÷ average order over everything so far, n buyers, judged by S4-24 with `ltv_aov_bar`.
    """

    as_of: date
    first: date
    group: str
    members: int
    buyers: int
    orders: int
    net_fen: int
    aov_fen: int | None
    conversion: Rate | None
    repeat: tuple[NamedRate, ...]
    attach: Attach
    ltv_fen: Rate | None
    ltv_aov: Rate | None
    ltv_aov_bar: int
    overall: tuple[Rate | None, ...]
    cohorts: tuple[Cohort, ...]
    channels: tuple[Channel, ...]


@frozen
class Bought:
    """One order that counts."""

    id: int
    buyer: Hashable
    day: date
    net_fen: int


def attach(baskets: Mapping[Hashable, Collection[str]]) -> Attach:
    """Attach rate of buyers by the kinds of things they bought (S4-17); pairs by buyers, then by name."""
    if not baskets:
        return Attach(None, None, ())
    several = sum(len(kinds) > 1 for kinds in baskets.values())
    pairs: Counter[tuple[str, str]] = Counter()
    for kinds in baskets.values():
        if len(kinds) <= _MOST_KINDS:
            pairs.update(combinations(sorted(kinds), 2))
    common = sorted(pairs.items(), key=lambda each: (-each[1], each[0]))[:MOST_PAIRS]
    whole = len(baskets)
    return Attach(
        Rate(several / whole, whole),
        sum(map(len, baskets.values())) / whole,
        tuple(Pair(*pair, count, Rate(count / whole, whole)) for pair, count in common),
    )


def ltv(orders: Iterable[Bought], as_of: date) -> tuple[tuple[Rate | None, ...], tuple[Cohort, ...]]:
    """LTV at each of AGES of all buyers who are that old, and of each month of first purchases: `lives` of orders."""
    buyers: dict[Hashable, list[Purchase]] = {}
    for each in orders:
        buyers.setdefault(each.buyer, []).append((each.day.toordinal(), each.net_fen))
    found = lives(buyers.values(), as_of)
    return found.overall, found.cohorts


def channel_of(
    name: str,
    costs: Collection[ChannelCost],
    joiners: Iterable[Joiner],
    spent: Mapping[int, int],
    as_of: date,
    days: int,
) -> Channel:
    """One channel with its costs, those who came by it, and what members left so far (fen by member)."""
    mine = [
        each for each in joiners if any(cost.from_day <= each.joined_on <= min(cost.to_day, as_of) for cost in costs)
    ]
    ripe = [each for each in mine if (as_of - each.joined_on).days >= days]
    valid = [each for each in ripe if each.left_on is None or (each.left_on - each.joined_on).days >= days]
    cost, left = sum(each.cost_by(as_of) for each in costs), sum(spent.get(each.member_id, 0) for each in valid)
    cac = cost / len(valid) if valid else None
    worth = left / len(valid) if valid else None
    ratio = left / cost if valid and cost else None
    return Channel(name, cost, len(mine), len(valid), len(mine) - len(ripe), cac, worth, ratio)


def checked_cost(cost_fen: int, from_day: date, to_day: date) -> None:
    """Raises BadInput when a cost or its days cannot be."""
    if not 0 <= cost_fen <= MAX_FEN:
        raise BadInput("a cost is 0 yuan or more")
    if to_day < from_day:
        raise BadInput("{last} is before {first}", first=from_day, last=to_day)


def ltv_ratio(orders: int, buyers: int, net_fen: int) -> float | None:
    """Observed LTV ÷ average order, over all time (S4-24): net ÷ buyers over net ÷ orders. None while nothing is left.

    The orders are everybody's, or those of whoever is or was in a group: a buyer who left was acquired, too.
    """
    return orders / buyers if buyers and net_fen > 0 else None


def whose_orders(group: str) -> Reason:
    """Which orders a figure counts, given the group they are limited to ("" for none)."""
    if group:
        return Reason.of(N_("orders of {group}: of members who are or were there"), group=group)
    return Reason.of(N_("orders of everybody"))


def why_ltv(trade: Trade) -> Reason | None:
    """The verdict of S4-24 on LTV ÷ average order, None where it is not known."""
    if trade.ltv_aov is None:
        return None
    healthy = trade.ltv_aov.value >= trade.ltv_aov_bar
    what = (
        N_("a buyer leaves {ratio} average orders, {bar} is healthy: well (S4-24)")
        if healthy
        else N_("a buyer leaves {ratio} average orders, {bar} is healthy: win second purchases (S4-24)")
    )
    return Reason.of(what, ratio=f"{trade.ltv_aov.value:.1f}", bar=trade.ltv_aov_bar)
