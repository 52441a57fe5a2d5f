"""What a buyer leaves, of orders and memberships alike: the one source of LTV by cohort, LTV ÷ AOV and LTV ÷ CAC.

Semantics 3.8 adds up what a cohort paid less what went back: a membership that was sold without an order is such money,
one that was paid by an order is that order. The orders alone are what `trade` and the health card tell of S4-24.
"""

from __future__ import annotations

from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.lifetime import Lifetime, estimate, ratio_of
from qunguan.domain.orders import Rate
from qunguan.domain.trade import Bought, ltv, ltv_ratio
from qunguan.services import groups, rules, trade
from qunguan.store import revenue_queries as queries
from qunguan.store import trade_queries
from qunguan.store.session import Session


def lifetime(session: Session, clock: Clock, as_of: date | None = None, *, group_id: int | None = None) -> Lifetime:
    """LTV as of a day (None: today), of whoever is or was in a group, or of everybody. Raises NotFound."""
    day = as_of or clock.today(groups.day_rule(session, group_id))
    group = trade.orders_of(session, group_id)
    ids = trade_queries.ever(session, group.id, day) if group else None
    orders = trade.bought_by(session, day, ids)
    sold = [
        Bought(-number, member_id, sold_on, net)
        for number, member_id, sold_on, net in queries.terms(session, day)
        if ids is None or member_id in ids
    ]
    bought = orders + sold
    buyers, net = len({each.buyer for each in bought}), sum(each.net_fen for each in bought)
    ratio = ltv_ratio(len(bought), buyers, net)
    overall, cohorts = ltv(bought, day)
    channels = trade.channels(session, day, group_id)
    return Lifetime(
        as_of=day, group=group.name if group else "", purchases=len(bought), memberships=len(sold), buyers=buyers,
        net_fen=net, aov_fen=(net * 2 + len(bought)) // (2 * len(bought)) if bought else None,
        ltv_fen=Rate(net / buyers, buyers) if buyers else None,
        ltv_aov=None if ratio is None else Rate(ratio, buyers), bar=int(rules.value(session, "alert.ltv_ratio")),
        overall=overall, cohorts=cohorts, simple=estimate(bought, day), ltv_cac=ratio_of(channels), channels=channels,
    )  # fmt: skip
