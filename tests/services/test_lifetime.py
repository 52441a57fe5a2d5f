"""LTV of orders and memberships: cohorts at equal age, ÷ average purchase, ÷ CAC, and the estimate beside it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest

from qunguan.domain.lifetime import terms, verdict
from qunguan.domain.lives import AGES, lives
from qunguan.services import groups, lifetime, members, orders, plans, trade, trade_told
from tests.services.revenue_kit import earning, recount
from tests.services.trade_kit import LAST, random_book


def ago(days: int) -> date:
    return LAST - timedelta(days=days)


def test_without_memberships_it_is_what_trade_says(desk):
    random_book(desk, 200)
    desk.write(trade_told.add_cost, "抖音", 90_000, from_day=ago(700), to_day=ago(500))
    for day in (None, ago(120)):
        found, told = (desk.read(service, desk.clock, day) for service in (lifetime.lifetime, trade.trade))
        assert (found.ltv_fen, found.ltv_aov, found.overall, found.cohorts, found.channels) == (
            told.ltv_fen, told.ltv_aov, told.overall, told.cohorts, told.channels,
        )  # fmt: skip
        assert found.memberships == 0
    only = found.channels[0]
    assert found.ltv_cac == pytest.approx(only.ratio)
    assert only.cac_fen == 90_000 / only.valid


def test_memberships_are_purchases_and_told_once(desk):
    one, two = (desk.write(members.add, name, group_id=1, joined_on=ago(100), channel="抖音").id for name in "甲乙")
    desk.write(orders.add_order, one, 10_000, day=ago(95))
    desk.write(orders.add_order, two, 30_000, day=ago(95))
    yearly = desk.write(plans.add, desk.read(plans.draft, "年卡")).id
    desk.write(plans.sell, one, yearly, paid_fen=36_000, day=ago(50))
    desk.write(plans.sell, two, yearly, order_id=2)
    desk.write(trade_told.add_cost, "抖音", 19_000, from_day=ago(100), to_day=ago(100))
    found = desk.read(lifetime.lifetime, desk.clock)
    assert (found.purchases, found.memberships, found.buyers, found.net_fen, found.aov_fen) == (3, 1, 2, 76_000, 25_333)
    assert (found.ltv_fen.value, found.ltv_aov.value, found.ltv_cac) == (38_000, 1.5, 4)
    assert [rate.value if rate else None for rate in found.overall] == [20_000, 38_000, 38_000, None, None]
    assert "1.5" in str(verdict(found))
    assert "3" in str(verdict(found))
    assert len(terms(found)) == 4
    before = desk.read(lifetime.lifetime, desk.clock, ago(60))
    assert (before.purchases, before.ltv_fen.value) == (2, 20_000)
    desk.write(plans.refund, one, yearly, late=True, reason="搬走了")
    assert desk.read(lifetime.lifetime, desk.clock).net_fen == 40_000
    desk.write(groups.create, "二群")
    assert desk.read(lifetime.lifetime, desk.clock, group_id=1).purchases == 2
    assert desk.read(lifetime.lifetime, desk.clock, group_id=2).ltv_fen is None


@pytest.mark.parametrize("back", [0, 70])
def test_every_fen_of_buyers_is_in_it(desk, back):
    """Strangers, orders given back whole, memberships with and without an order: as the raw rows have it."""
    earning(desk)
    rows = [row for row in recount(desk.path, date(2020, 1, 1), ago(back)) if row[0] in ("orders", "memberships")]
    found = desk.read(lifetime.lifetime, desk.clock, ago(back))
    assert found.net_fen == sum(row[4] - row[5] for row in rows)
    net: defaultdict[tuple[str, str | int], int] = defaultdict(int)
    for row in rows:
        net[row[1]] += row[4] - row[5]
    assert sum(fen > 0 for fen in net.values()) <= found.buyers <= len(net)
    assert sum(each.size for each in found.cohorts) == found.buyers


def test_nothing_yet(desk):
    found = desk.read(lifetime.lifetime, desk.clock)
    assert (found.ltv_fen, found.ltv_aov, found.simple, found.ltv_cac) == (None, None, None, None)
    assert verdict(found) is None
    assert len(found.overall) == len(AGES)


def test_the_estimate_is_of_complete_months():
    """January: a and b, a twice; February: a; in March, which still runs, nobody counts."""
    one = [date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 3)]
    two = [date(2026, 1, 5), date(2026, 3, 1)]

    def simple(as_of, *buyers):
        days = [[(day.toordinal(), 1000) for day in own if day <= as_of] for own in buyers]
        return lives(days, as_of).simple

    found = simple(date(2026, 3, 20), one, two)
    assert (found.aov_fen, found.per_month, found.churn, found.months) == (1000, 4 / 3, 0.5, 2)
    assert found.fen == pytest.approx(1000 * (4 / 3) / 0.5)
    assert simple(date(2026, 2, 27), one, two) is None
    assert simple(date(2026, 2, 28), one, two) is not None
    assert simple(date(2026, 2, 28), one) is None
    assert simple(date.max, [date.max]) is None
