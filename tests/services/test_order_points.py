"""Points from money: given once, a refund takes its share once, whatever became of the points meanwhile."""

from __future__ import annotations

from datetime import date

import pytest

from qunguan.services import earning, history, members, orders, points, rules
from qunguan.services.order_points import key_of
from tests.services.order_kit import entry, on, sheet

TODAY = date(2026, 3, 20)


@pytest.fixture
def who(desk):
    desk.write(rules.switch, "points.rule_day_cap", enabled=False)
    desk.write(rules.switch, "points.member_day_cap", enabled=False)
    return desk.write(members.add, "小明").id


def take(desk, *entries, **more):
    return desk.write(orders.import_orders, sheet(*entries), **more)


def balance(desk, who):
    return desk.read(points.balance, who, TODAY)


def spend(desk, who, amount):
    return desk.write(points.spend, who, amount, reason="换杯子").entry_id


def test_refunds_in_parts_take_exactly_their_share(desk, who):
    assert take(desk, entry(1, yuan=100.99)).points == 100
    for refund, left in ((0.98, 100), (0.99, 100), (1, 99), (50, 50), (50.99, 50), (100.99, 0)):
        take(desk, entry(1, yuan=100.99, refund=refund))
        assert balance(desk, who) == left, refund
    take(desk, entry(1, yuan=100.99, refund=30))
    assert balance(desk, who) == 70


def test_a_refund_after_the_points_were_spent_is_owed(desk, who):
    take(desk, entry(1))
    spent = spend(desk, who, 80)
    take(desk, entry(1, refund=50))
    assert balance(desk, who) == -30
    take(desk, entry(1, refund=100))
    assert balance(desk, who) == -80
    take(desk, entry(1, refund=60))
    assert balance(desk, who) == -40
    desk.write(points.reverse, spent, reason="退货")
    assert balance(desk, who) == 40


def test_a_refund_after_the_points_were_spent_is_waived(desk, who):
    desk.write(rules.change, "points.reverse_policy", "waive")
    take(desk, entry(1))
    spend(desk, who, 80)
    take(desk, entry(1, refund=50))
    assert balance(desk, who) == 0
    take(desk, entry(1, refund=100))
    assert balance(desk, who) == 0
    take(desk, entry(1, refund=70))
    assert balance(desk, who) == 0  # 30 should stand and 80 do: they were spent
    take(desk, entry(1, refund=10))
    assert balance(desk, who) == 10
    desk.write(points.grant, who, 5)
    assert balance(desk, who) == 15


def test_expired_points_are_not_taken_back_twice(desk, who):
    desk.write(rules.change, "points.expiry_days", 5)
    take(desk, entry(1))
    assert balance(desk, who) == 0
    take(desk, entry(1, status="refunded"))
    assert balance(desk, who) == 0


def test_a_double_day_is_kept_beside_the_base(desk, who):
    bonus = desk.write(earning.add_bonus_day, "会员日", "monthly:10", multiplier_pct=200)
    assert take(desk, entry(1)).points == 200
    desk.write(earning.switch_bonus_day, bonus.id, enabled=False)
    take(desk, entry(1, refund=25.50))
    assert balance(desk, who) == 148
    found = desk.read(points.standing_of, [key_of(1, who)])
    assert [(award.multiplier_pct, left) for award, left in found.values()] == [(200, 148)]


def test_rules_changed_later_rewrite_nothing(desk, who):
    take(desk, entry(1))
    desk.write(rules.change, "order.points_rate", 3)
    desk.write(rules.change, "order.points_unit", 1000)
    take(desk, entry(1, refund=40), entry(2))
    assert balance(desk, who) == 60 + 30


def test_a_cap_binds_once_and_a_refund_frees_nothing(desk, who):
    desk.write(rules.switch, "points.rule_day_cap", enabled=True)
    desk.write(rules.change, "order.capped", "yes")
    take(desk, entry(1, yuan=300), entry(2, yuan=50))
    assert balance(desk, who) == 100
    take(desk, entry(1, yuan=300, refund=100), entry(2, yuan=50, refund=10))
    assert balance(desk, who) == 100
    take(desk, entry(1, yuan=300, refund=280), entry(2, yuan=50, refund=10))
    assert balance(desk, who) == 20


def test_money_stands_outside_the_caps_and_takes_nothing_from_them(desk, who):
    for cap in ("points.rule_day_cap", "points.member_day_cap"):
        desk.write(rules.switch, cap, enabled=True)
        desk.write(rules.change, cap, 120)
    take(desk, entry(1, yuan=300), entry(2, yuan=50))
    assert balance(desk, who) == 350
    given = [done.amount for done in desk.write(earning.record_deed, "share", [who], amount=100)]
    assert given == [100]


def test_old_orders_and_switched_off_ones_never_earn(desk, who):
    old = take(desk, entry(1, paid="2026-01-18 10:00"), entry(2, paid="2026-01-19 10:00"))
    assert (old.too_old, old.points) == (1, 100)
    assert take(desk, entry(3), award=False).points == 0
    take(desk, entry(1, paid="2026-01-18 10:00", refund=1), entry(3, refund=1))
    assert balance(desk, who) == 100
    desk.write(rules.switch, "order.points_rate", enabled=False)
    assert take(desk, entry(4)).points == 0


def test_a_pending_order_earns_when_it_is_paid(desk, who):
    assert take(desk, entry(1, status="pending", paid=None)).points == 0
    assert take(desk, entry(1, paid="2026-03-19 10:00")).points == 100
    line = desk.read(points.statement, desk.clock, who).entries[0]
    assert line.biz_date == on("2026-03-19")


def test_what_the_owner_took_back_stays_taken(desk, who):
    take(desk, entry(1))
    award = desk.read(points.statement, desk.clock, who).entries[0].id
    desk.write(points.reverse, award, amount=30, reason="刷单")
    take(desk, entry(1, refund=50))
    assert balance(desk, who) == 50
    take(desk, entry(1))
    assert balance(desk, who) == 70


def test_undo_gives_back_what_a_refund_took(desk, who):
    take(desk, entry(1))
    take(desk, entry(1, refund=60))
    desk.write(history.undo)
    assert balance(desk, who) == 100
    desk.write(history.redo)
    assert balance(desk, who) == 40
    take(desk, entry(1, refund=80))
    assert balance(desk, who) == 20
    for _ in range(3):
        desk.write(history.undo)
    assert balance(desk, who) == 0


def test_keep_is_asked_again_without_harm(desk, who):
    take(desk, entry(1))
    key = key_of(1, who)
    for standing, left in ((40, 40), (40, 40), (70, 70), (500, 100), (0, 0), (100, 100)):
        desk.rehearse(points.keep, key, standing)
        desk.write(points.keep, key, standing, reason="调整")
        assert balance(desk, who) == left
    desk.write(points.keep, key_of(99, who), 5)
    assert desk.write(points.keep, key, 100).entry_ids == ()
