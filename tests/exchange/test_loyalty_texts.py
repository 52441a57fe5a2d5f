"""Texts about badges and bonus days for the group."""

from __future__ import annotations

from datetime import date

from qunguan.domain.badges import Badge, Holding
from qunguan.domain.earning import BonusDay
from qunguan.domain.recurrence import Recurrence
from qunguan.exchange.writers.badges import asks_text, badges_table, congratulation_text, holdings_table
from qunguan.exchange.writers.earning import announcement

DAY = date(2026, 3, 20)
WEEK = Badge(1, "七日坚持", "best_streak", 7, note="连续打卡 7 天")


def test_each_badge_is_congratulated_on_once_with_everyone_who_has_it():
    tank = Badge(2, "智囊团", "hand", title=True, note="发言有料")
    held = [
        Holding(WEEK, 1, "阿梨", DAY, "rule"), Holding(tank, 1, "阿梨", DAY, "hand", reason="常答疑"),
        Holding(WEEK, 2, "阿宝", DAY, "rule"),
    ]  # fmt: skip
    text = congratulation_text(held, 500)
    assert text == (
        "🎉 恭喜获得徽章「七日坚持」：\n阿梨、阿宝\n连续打卡 7 天\n\n🎉 恭喜获得称号「智囊团」：\n阿梨\n常答疑"
    )


def test_a_thousand_names_still_fit_into_one_message():
    held = [Holding(WEEK, n, f"成员{n}", DAY, "rule") for n in range(1000)]
    text = congratulation_text(held, 400)
    assert len(text) <= 400
    assert "及其他" in text
    assert text.endswith("连续打卡 7 天")


def test_a_bonus_day_is_announced_as_far_off_as_it_is():
    bonus = BonusDay(1, "会员日", Recurrence("monthly", (8,)), 150, ("order.points",), perk="试用装一份")
    assert announcement(bonus, DAY, DAY) == "🎁 今天是会员日！\n当天积分×1.5：下单\n试用装一份"
    assert announcement(bonus, date(2026, 3, 21), DAY).startswith("🎁 明天（03-21 周六）是会员日！")
    perk = BonusDay(2, "福利日", Recurrence("monthly", (18,)), 100)
    assert announcement(perk, date(2026, 4, 18), DAY) == "🎁 福利日快到了：04-18 周六，还有 29 天！"


def test_what_a_badge_asks_for_is_said_in_yuan_and_with_its_challenge():
    assert asks_text(Badge(1, "大客户", "spend", 50_000)).endswith("≥ ¥500.00")
    assert asks_text(WEEK, "早读") == "最长连续 ≥ 7 · 早读"
    table = badges_table([WEEK], {1: 2}, {})
    assert table.rows[0][3:5] == ("最长连续 ≥ 7", 2)
    assert holdings_table([Holding(WEEK, 1, "阿梨", DAY, "rule")]).rows[0][3:5] == ("阿梨", DAY)
