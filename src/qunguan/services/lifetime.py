"""What a buyer leaves, of orders and memberships alike: the one source of LTV by cohort, LTV ÷ AOV and LTV ÷ CAC.

Semantics 3.8 adds up what a cohort paid less what went back: a membership that was sold without an order is such money,
one that was paid by an order is that order. The orders alone are what `trade` and the health card tell of S4-24.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.lifetime import Lifetime, ratio_of
from qunguan.domain.lives import Purchase, lives
from qunguan.domain.orders import Rate
from qunguan.domain.trade import ltv_ratio
from qunguan.services import groups, rules, trade
from qunguan.services.order_scope import freight_out, orders_of
from qunguan.store import revenue_queries as queries
from qunguan.store import trade_queries
from qunguan.store.session import Session


def lifetime(session: Session, clock: Clock, as_of: date | None = None, *, group_id: int | None = None) -> Lifetime:
    """LTV as of a day (None: today), of whoever is or was in a group, or of everybody. Raises NotFound."""
    day = as_of or clock.today(groups.day_rule(session, group_id))
    group = orders_of(session, group_id)
    ids = trade_queries.ever(session, group.id, day) if group else None
    sold = [each for each in queries.terms(session, day) if ids is None or each[1] in ids]
    found = lives(_buyers(session, day, ids, sold), day)
    net, buyers, count = found.net_fen, found.buyers, found.purchases
    ratio = ltv_ratio(count, buyers, net)
    channels = trade.channels(session, day, group_id)
    return Lifetime(
        as_of=day, group=group.name if group else "", purchases=count, memberships=len(sold), buyers=buyers,
        net_fen=net, aov_fen=(net * 2 + count) // (2 * count) if count else None,
        ltv_fen=Rate(net / buyers, buyers) if buyers else None,
        ltv_aov=None if ratio is None else Rate(ratio, buyers), bar=int(rules.value(session, "alert.ltv_ratio")),
        overall=found.overall, cohorts=found.cohorts, simple=found.simple, ltv_cac=ratio_of(channels),
        channels=channels,
    )  # fmt: skip


def _buyers(
    session: Session, day: date, ids: set[int] | None, sold: Iterable[tuple[int, int, date, int]]
) -> Iterator[list[Purchase]]:
    """What each buyer bought, orders and memberships; one after the other, so that nothing of it is held."""
    terms: dict[int | str, list[Purchase]] = {}
    for _number, member_id, sold_on, net in sold:
        terms.setdefault(member_id, []).append((sold_on.toordinal(), net))
    ordinals: dict[str, int] = {}
    for who, orders in queries.bought(session, day, freight_out=freight_out(session)):
        if ids is not None and who not in ids:
            continue
        own = terms.pop(who, [])
        for when, net in orders:
            ordinal = ordinals.get(when)
            if ordinal is None:
                ordinal = ordinals[when] = date.fromisoformat(when).toordinal()
            own.append((ordinal, net))
        yield own
    yield from terms.values()
