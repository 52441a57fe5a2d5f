"""What a buyer leaves: observed at equal age, beside what an order is worth and what a member costs (semantics 3.8)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date

from qunguan.domain.orders import Rate
from qunguan.domain.revenue import end_of
from qunguan.domain.rosters import Reason
from qunguan.domain.trade import Bought, Channel, Cohort, whose_orders
from qunguan.i18n import N_
from qunguan.values import frozen


@frozen
class Estimate:
    """`LTV_simple`, an estimate, not what was seen: `aov_fen` × `per_month` ÷ `churn`, of `months` complete months.

    A month is active for who bought in it: `per_month` is purchases in such a month, `churn` the share of its buyers
    who buy nothing in the next one.
    """

    fen: float
    aov_fen: float
    per_month: float
    churn: float
    months: int


@frozen
class Lifetime:
    """LTV as of a day, of a group's members or of everybody ("").

    Purchases are the orders that count and the memberships sold without one, `memberships` of them; what went back is
    out. `overall` and `cohorts` are at `domain.trade.AGES`. `ltv_aov` is LTV ÷ average purchase, judged by S4-24 with
    `bar`; `ltv_cac` is what the valid members of all paid channels left ÷ what these cost. Rates have the buyers as n.
    """

    as_of: date
    group: str
    purchases: int
    memberships: int
    buyers: int
    net_fen: int
    aov_fen: int | None
    ltv_fen: Rate | None
    ltv_aov: Rate | None
    bar: int
    overall: tuple[Rate | None, ...]
    cohorts: tuple[Cohort, ...]
    simple: Estimate | None
    ltv_cac: float | None
    channels: tuple[Channel, ...]


def estimate(bought: Sequence[Bought], as_of: date) -> Estimate | None:
    """`LTV_simple` of the complete months; None while there are not two, or while nobody stays away."""
    months: dict[date, set[Hashable]] = {}
    orders = net = 0
    for each in bought:
        month = each.day.replace(day=1)
        if end_of(month) <= as_of:
            months.setdefault(month, set()).add(each.buyer)
            orders, net = orders + 1, net + each.net_fen
    seen = kept = 0
    for month, buyers in months.items():
        after = end_of(month)
        if after < date.max and end_of(following := _next(month)) <= as_of:
            seen += len(buyers)
            kept += len(buyers & months.get(following, set()))
    if not seen or seen == kept:
        return None
    active = sum(map(len, months.values()))
    churn, per_month, aov = 1 - kept / seen, orders / active, net / orders
    return Estimate(aov * per_month / churn, aov, per_month, churn, len(months))


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def ratio_of(channels: Sequence[Channel]) -> float | None:
    """What the valid members of all channels left ÷ what the channels cost; None where nobody is valid or none cost."""
    ripe = [each for each in channels if each.valid and each.ltv_fen is not None]
    cost = sum(each.cost_fen for each in ripe)
    return sum((each.ltv_fen or 0) * each.valid for each in ripe) / cost if cost else None


def verdict(found: Lifetime) -> Reason | None:
    """The verdict of S4-24 on LTV ÷ average purchase, None where it is not known."""
    if found.ltv_aov is None:
        return None
    healthy = found.ltv_aov.value >= found.bar
    what = (
        N_("a buyer leaves {ratio} average purchases, {bar} is healthy: well (S4-24)")
        if healthy
        else N_("a buyer leaves {ratio} average purchases, {bar} is healthy: win second ones (S4-24)")
    )
    return Reason.of(what, ratio=f"{found.ltv_aov.value:.1f}", bar=found.bar)


def terms(found: Lifetime) -> tuple[Reason, ...]:
    """What is counted how, for every face."""
    return (
        Reason.of(N_("LTV: what was paid less what went back ÷ buyers; orders, and memberships sold without an order")),
        whose_orders(found.group),
        Reason.of(N_("a month of first purchases has a value once all of it is that old; what comes is not guessed")),
        Reason.of(N_("LTV ÷ CAC: what the members who stayed left ÷ what their channels cost")),
    )
