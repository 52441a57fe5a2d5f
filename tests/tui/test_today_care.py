"""The care list on Today: it joins the agenda, gifts are given by Enter, `y` has the wish with the code."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.members import Birthday
from qunguan.domain.rewards import Reward
from qunguan.services import badges, earning, groups, members, orders, rewards
from qunguan.services.desk import Desk
from qunguan.tui.app import QunguanApp
from qunguan.tui.screens.orders import OrdersScreen
from qunguan.tui.screens.rewards import RewardsScreen
from qunguan.tui.screens.today import TodayScreen
from qunguan.tui.widgets.dialogs import Confirm, TextView
from tests.services.order_kit import entry, sheet
from tests.tui.desk_app import Room

DAY = date(2026, 3, 20)


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """One birthday today and two tomorrow, a reward that waits, a buyer nobody knows, an invitation."""
    place = tmp_path / "q.db"
    with Desk(place, clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        for name, day in (("寿星[/]", 20), ("小满", 21), ("老周", 21)):
            desk.write(members.add, name, group_id=1, birthday=Birthday(3, day))
        friend = desk.write(members.add, "新朋友").id
        desk.write(members.join, friend, 1, date(2026, 3, 1), inviter_id=2)
        desk.write(rewards.add, Reward(0, "生日券", "coupon", 0, occasion="birthday"))
        desk.write(rewards.add, Reward(0, "一本书", "goods", 0))
        desk.write(rewards.give, 2, 2, code=lambda: "BOOK2345")
        desk.write(badges.add_badge, "热心", "hand")
        desk.write(badges.award, 1, [2], reason="谢谢")
        desk.write(orders.import_orders, sheet(entry(1, "路人甲")))
    return place


@asynccontextmanager
async def today(path: Path, clock: Clock, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Room]:
    """The program with Today open and the care list there."""
    app = QunguanApp(path, clock)
    async with app.run_test(size=size, notifications=True) as pilot:
        found = Room(app, pilot)
        await found.until(lambda: screen(found)._care and screen(found).line)
        yield found


def screen(found: Room) -> TodayScreen:
    there = found.app.get_screen("today")
    assert isinstance(there, TodayScreen)
    return there


async def onto(found: Room, kind: str, count: int = 1) -> None:
    """Put the cursor on the line of this kind that is about so many."""
    await found.press("home")
    for _ in range(20):
        line = screen(found).line
        if line and (line.kind, line.count) == (kind, count):
            return
        await found.press("down")
    raise AssertionError(f"no line {kind} of {count}")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_care_list_joins_the_agenda_in_its_places(path, clock, size):
    async with today(path, clock, size) as found:
        kinds = [line.kind for line in screen(found)._lines]
        assert kinds == ["birthday", "gift", "gift", "reward", "badge", "buyers", "referral", "thanks",
                         "upcoming"]  # fmt: skip
        await found.sees("寿星[/]，送 生日券", "→ 送出", "→ 礼品", "→ 订单", "9 件事")


async def test_enter_gives_the_gift_once_and_y_has_the_wish_with_the_code(path, clock, copied):
    async with today(path, clock) as found:
        await onto(found, "gift")
        await found.burst("enter", "enter")
        await found.told("已送给 寿星[/]")
        await found.until(lambda: getattr(screen(found).line, "does", "") == "nothing")
        await found.press("y")
        await found.until(lambda: copied)
        assert "🎂 寿星[/]，今天生日快乐！" in copied[0]
        with Desk(path, clock) as desk:
            (made,) = desk.read(rewards.redemptions, reward_id=1)
        assert made.code in copied[0]
        await found.press("u")
        await found.told("生日券")
        await found.until(lambda: getattr(screen(found).line, "does", "") == "give")


async def test_several_gifts_are_asked_about_by_name(path, clock):
    async with today(path, clock) as found:
        await onto(found, "gift", 2)
        await found.press("enter")
        await found.opened(Confirm)
        await found.sees("送给这 2 位？", "小满、老周")
        await found.press("escape")
        await found.closed()
        await found.press("enter")
        await found.opened(Confirm)
        await found.press("ｙ")
        await found.told("已送给")
    with Desk(path, clock) as desk:
        assert len(desk.read(rewards.redemptions, reward_id=1)) == 2


async def test_invitations_are_settled_after_a_question(path, clock):
    async with today(path, clock) as found:
        await onto(found, "referral")
        await found.press("enter")
        await found.opened(Confirm)
        await found.sees("小满 邀请了 新朋友")
        await found.press("y")
        await found.told("结算了 1 个邀请")
        await found.until(lambda: "referral" not in [line.kind for line in screen(found)._lines])
    with Desk(path, clock) as desk:
        assert not desk.read(earning.referrals_due, clock).due


async def test_enter_leads_to_the_redemption_and_to_the_buyers_who_wait(path, clock):
    async with today(path, clock) as found:
        await onto(found, "reward")
        await found.press("enter")
        await found.until(lambda: isinstance(found.app.screen, RewardsScreen))
        await found.sees("BOOK2345")
        await found.press("1")
        await onto(found, "buyers")
        await found.press("enter")
        await found.until(lambda: isinstance(found.app.screen, OrdersScreen))
        await found.sees("路人甲")


async def test_w_names_the_rule_the_numbers_and_the_source(path, clock):
    async with today(path, clock) as found:
        await onto(found, "reward")
        await found.press("w")
        await found.opened(TextView)
        await found.sees("小满：一本书", "care.waiting_days", "S1-26")
