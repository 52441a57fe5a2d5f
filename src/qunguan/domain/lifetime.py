"""What a buyer leaves: observed at equal age, beside what an order is worth and what a member costs (semantics 3.8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qunguan.domain.lives import Cohort, Estimate
from qunguan.domain.orders import Rate
from qunguan.domain.rosters import Reason
from qunguan.domain.trade import Channel, whose_orders
from qunguan.i18n import N_
from qunguan.values import frozen


@frozen
class Lifetime:
    """LTV as of a day, of a group's members or of everybody ("").

    Purchases are the orders that count and the memberships sold without one, `memberships` of them; what went back is
    out. `overall` and `cohorts` are at `domain.lives.AGES`. `ltv_aov` is LTV ÷ average purchase, judged by S4-24 with
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
