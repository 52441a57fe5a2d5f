"""Trade against pandas; attach rate, LTV at equal age, channels; what the owner tells and takes back."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.orders import OrderLine, Rate
from qunguan.domain.trade import AGES, Bought, attach, ltv, whose_orders, why_ltv
from qunguan.services import groups, history, insights, members, orders, trade, trade_told
from tests.services.trade_kit import LAST, random_book, standing


def ago(days: int) -> date:
    return LAST - timedelta(days=days)


@pytest.mark.parametrize("back", [0, 45, 200])
def test_figures_are_those_of_pandas(desk, back):
    sold, refunds = random_book(desk, 2000)
    day = ago(back)
    rows = standing(sold, refunds, day)
    rows["day"] = pd.to_datetime(rows.day)
    found = desk.read(trade.trade, desk.clock, day)
    inside = rows[rows.day > pd.Timestamp(day) - pd.Timedelta(days=90)]
    assert (found.buyers, found.orders, found.net_fen) == (inside.member.nunique(), len(inside), inside.net.sum())
    here = 2000 if back > 5 else 2000 - 2000 // 7
    left = set() if back > 5 else set(range(7, 2001, 7))
    assert (found.members, found.conversion.n) == (here, here)
    assert found.conversion.value == len(set(inside.member) - left) / here
    days = inside.groupby("member").day.nunique()
    by_people, by_orders, again, second = found.repeat
    assert (by_people.rate.value, by_people.rate.n) == ((days >= 2).mean(), len(days))
    assert by_orders.rate.value == pytest.approx((days.sum() - len(days)) / days.sum())
    before = rows[(rows.day <= pd.Timestamp(day) - pd.Timedelta(days=90))
                  & (rows.day > pd.Timestamp(day) - pd.Timedelta(days=180))]  # fmt: skip
    known = set(before.member)
    assert (again.rate.value, again.rate.n) == (len(known & set(inside.member)) / len(known), len(known))
    ordered = rows.drop_duplicates(["member", "day"]).sort_values("day").groupby("member").day
    first, then = ordered.nth(0), ordered.nth(1)
    start = pd.Series(first.values, index=rows.loc[first.index].member)
    follow = pd.Series(then.values, index=rows.loc[then.index].member)
    ripe = start[(pd.Timestamp(day) - start).dt.days >= 90]
    quick = (follow.reindex(ripe.index) - ripe).dt.days <= 90
    assert (second.rate.value, second.rate.n) == (quick.mean(), len(ripe))
    start = rows.groupby("member").day.min()
    age = (rows.day - rows.member.map(start)).dt.days
    for place, wanted in enumerate(AGES):
        old = start[(pd.Timestamp(day) - start).dt.days >= wanted].index
        if old.empty:
            assert found.overall[place] is None
            continue
        within = rows[(age <= wanted) & rows.member.isin(old)]
        assert found.overall[place].n == len(old)
        assert found.overall[place].value == pytest.approx(within.net.sum() / len(old))
    assert found.ltv_aov.value == pytest.approx(len(rows) / rows.member.nunique())


def test_of_a_group_whoever_is_or_was_in_it_buys(desk):
    sold, refunds = random_book(desk, 200)
    desk.write(groups.create, "二群")
    other = desk.write(members.add, "别群的", group_id=2).id
    desk.write(orders.add_order, other, 88_800)
    rows = standing(sold, refunds, LAST)
    rows = rows[rows.day > ago(90)]
    found = desk.read(trade.trade, desk.clock, group_id=1)
    assert (found.buyers, found.net_fen) == (rows.member.nunique(), rows.net.sum())
    assert desk.read(trade.trade, desk.clock).net_fen == rows.net.sum() + 88_800


def test_ltv_is_one_figure_wherever_it_is_told(desk):
    """Trade and the health card: of everybody while there is one group, then of whoever is or was in it."""
    random_book(desk, 100)

    def told(group_id):
        card = desk.read(insights.health, desk.clock, group_id)
        figure = next(each for each in card.outcomes if each.code == "ltv_ratio")
        of_trade = desk.read(trade.trade, desk.clock, ago(1), group_id=group_id)
        assert (figure.value, figure.n) == (of_trade.ltv_aov.value, of_trade.ltv_aov.n)
        assert str(whose_orders(of_trade.group)) in [str(each) for each in figure.why]
        return of_trade

    everybody = desk.read(trade.trade, desk.clock, ago(1))
    assert told(1).ltv_aov == everybody.ltv_aov
    desk.write(groups.create, "二群")
    stranger = desk.write(members.add, "没进过群的", group_id=2).id
    desk.write(orders.add_order, stranger, 88_800, day=ago(3))
    assert told(1).ltv_aov == everybody.ltv_aov
    assert told(1).group
    assert told(2).ltv_aov.n == 1


def test_an_empty_book(desk):
    found = desk.read(trade.trade, desk.clock)
    assert (found.buyers, found.aov_fen, found.conversion, found.ltv_fen, found.ltv_aov) == (0, None, None, None, None)
    assert (found.attach.rate, found.attach.pairs, found.cohorts, found.channels) == (None, (), (), ())
    assert why_ltv(found) is None


def test_attach_rate_by_article_and_by_kind(desk):
    one, two = desk.write(members.add_many, ["甲子", "乙丑"], group_id=1)
    for who, items in ((one, ("面膜", "精华")), (two, ("苹果",))):
        desk.write(orders.add_order, who, 1000, day=ago(1), lines=[OrderLine(item) for item in items])
    found = desk.read(trade.trade, desk.clock).attach
    assert (found.rate.value, found.rate.n, found.per_buyer) == (0.5, 2, 1.5)
    assert [(each.first, each.second, each.buyers) for each in found.pairs] == [("精华", "面膜", 1)]
    assert desk.write(trade_told.set_category, ["面膜", "精华"], "护肤") == 2
    assert desk.write(trade_told.set_category, ["面膜"], "护肤") == 0
    assert desk.read(trade.trade, desk.clock).attach.rate.value == 0
    assert desk.read(trade_told.articles) == {"精华": "护肤", "面膜": "护肤"}
    desk.write(trade_told.set_category, ["面膜"], "")
    assert desk.read(trade.trade, desk.clock).attach.rate.value == 0.5
    with pytest.raises(BadInput):
        desk.write(trade_told.set_category, [""], "护肤")


def test_pairs_of_nobody():
    assert attach({}).rate is None
    assert attach({1: {"a", "b"}, 2: {"b", "a"}, 3: {"c"}}).pairs[0].buyers == 2


def test_a_young_cohort_has_no_future():
    told = [Bought(1, "a", ago(40), 100), Bought(2, "a", ago(5), 50), Bought(3, "b", ago(2), 70)]
    overall, cohorts = ltv(told, LAST)
    assert overall[:2] == (Rate(100, 1), None)
    assert [(each.month.month, each.size, each.ltv_fen[0]) for each in cohorts] == [(2, 1, None), (3, 1, None)]


def test_a_channel_and_its_members(desk):
    ids = desk.write(members.add_many, ["甲子", "乙丑", "丙寅", "丁卯"], group_id=1, joined_on=ago(20))
    late = desk.write(members.add_many, ["戊辰"], group_id=1, joined_on=ago(3))
    for who in (*ids[:3], *late):
        person = desk.read(members.get, who)
        desk.write(members.edit, _from(person, "抖音"))
    desk.write(members.leave, ids[1], 1, ago(18))
    desk.write(orders.add_order, ids[0], 30_000, day=ago(10))
    done = desk.write(trade_told.add_cost, "抖音", 10_000, from_day=ago(29), to_day=LAST)
    (found,) = desk.read(trade.trade, desk.clock).channels
    assert (found.joined, found.valid, found.pending, found.cost_fen) == (4, 2, 1, 10_000)
    assert (found.cac_fen, found.ltv_fen, found.ratio) == (5000, 15_000, 3.0)
    (then,) = desk.read(trade.channels, ago(15))
    assert (then.cost_fen, then.joined, then.valid, then.pending, then.cac_fen) == (5000, 3, 0, 3, None)
    desk.write(trade_told.remove_cost, done.id)
    assert desk.read(trade.trade, desk.clock).channels == ()
    desk.write(history.undo)
    assert len(desk.read(trade_told.costs, LAST)) == 1
    with pytest.raises(NotFound):
        desk.write(trade_told.remove_cost, 99)
    with pytest.raises(BadInput):
        desk.write(trade_told.add_cost, "抖音", 1, from_day=LAST, to_day=ago(1))


def _from(person, channel):
    from dataclasses import replace

    return replace(person, channel=channel)


def test_channels_of_the_cards_are_known_the_commonest_first(desk):
    for name, channel in (("甲子", "门店"), ("乙丑", "抖音"), ("丙寅", "抖音"), ("丁卯", "")):
        desk.write(members.add, name, group_id=1, channel=channel)
    assert desk.read(trade_told.known_channels) == ["抖音", "门店"]
