"""Funnels over a real book: each step reads what it says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qunguan.domain.errors import BadInput
from qunguan.domain.funnels import parse_steps, preset
from qunguan.domain.orders import OrderLine
from qunguan.services import checkins, earning, members, orders
from qunguan.services.funnels import funnel
from tests.services.trade_kit import LAST


def ago(days: int):
    return LAST - timedelta(days=days)


def reached(desk, steps, **more):
    wanted = preset(steps) if "," not in steps else parse_steps(steps)
    return [each.n for each in desk.read(funnel, desk.clock, wanted, **more).steps]


@pytest.fixture
def three(desk):
    """Three who joined 10 days ago."""
    return list(desk.write(members.add_many, ["甲子", "乙丑", "丙寅"], group_id=1, joined_on=ago(10)))


def test_orders_by_article_price_and_again(desk, three):
    one, two, _none = three
    desk.write(orders.add_order, one, 990, day=ago(9), lines=[OrderLine("试用课")])
    desk.write(orders.add_order, one, 99_900, day=ago(3), lines=[OrderLine("系统课")])
    desk.write(orders.add_order, two, 99_900, day=ago(8), lines=[OrderLine("系统课")])
    assert reached(desk, "joined,order,reorder") == [3, 2, 1]
    assert reached(desk, "joined,order:系统,high") == [3, 2, 2]
    assert reached(desk, "joined,low,high") == [3, 1, 1]
    assert reached(desk, "joined,high,low") == [3, 2, 0]
    assert reached(desk, "joined,order", as_of=ago(9)) == [3, 1]
    assert reached(desk, "joined,order", first=ago(5)) == [0, 0]
    with pytest.raises(BadInput):
        reached(desk, "joined,order", first=LAST, last=ago(1))


def test_shipped_funnels_of_people(desk, three):
    one, two, none = three
    assert reached(desk, "newcomer")[:2] == [3, None]  # no such tag: nobody knows
    desk.write(members.tag, [one, two], "问卷")
    found = desk.write(checkins.start, "早起", who="all", starts_on=ago(9), points=0)
    for who in (two, none):
        desk.write(checkins.toggle, found.id, who, ago(1))
    assert reached(desk, "newcomer") == [3, 2, 1, 0]
    desk.write(earning.record_deed, "campaign", [one, two], day=ago(6), note="周三直播")
    desk.write(orders.add_order, one, 990, day=ago(5))
    assert reached(desk, "ladder") == [2, 1, 0]
    assert reached(desk, "joined,campaign:讲座,order") == [3, 0, 0]
    desk.write(earning.record_deed, "share", [one], day=ago(4))
    assert reached(desk, "social") == [3, 1, 0]
    assert reached(desk, "modules") == [3, 3, 1, 1, 0]
    assert reached(desk, "joined,spoke,order") == [3, None, 1]


def test_of_one_group(desk, three):
    from qunguan.services import groups

    other = desk.write(groups.create, "另一个群").id
    desk.write(members.add_many, ["丁卯"], group_id=other, joined_on=ago(10))
    desk.write(orders.add_order, three[0], 990, day=ago(1))
    assert reached(desk, "joined,order", group_id=1) == [3, 1]
    assert reached(desk, "joined,order", group_id=other) == [1, 0]
    assert reached(desk, "order,order", group_id=other) == [0, 0]


def test_who_has_no_day_of_joining_is_a_member_of_the_group(desk, three):
    old = desk.write(members.add, "老人", group_id=1).id
    for price, day in ((990, ago(5)), (99_900, ago(3))):
        desk.write(orders.add_order, old, price, day=day)
    assert reached(desk, "low,high", group_id=1) == reached(desk, "low,high") == [1, 1]
    assert reached(desk, "joined,order", group_id=1) == [3, 0]
