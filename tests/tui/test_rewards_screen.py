"""Rewards by key: the shelf, redeeming for a member, handing out, cancelling, texts that go out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.rewards import Redemption, Reward
from qunguan.services import groups, members, points, rewards
from qunguan.services.desk import Desk
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.find_member import FindMember
from tests.tui.desk_app import Room, pictured, room

HOSTILE = "[/][red]‮甲" + "\u200d" * 4


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """阿梨 has 100 points; on the shelf: 乌龙茶 (80, two pieces), and one with a hostile name for nothing."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        pear = desk.write(members.add, "阿梨", group_id=1).id
        desk.write(members.add, HOSTILE, group_id=1)
        desk.write(points.grant, pear, 100, reason="满勤")
        desk.write(rewards.add, Reward(0, "乌龙茶", "goods", 80, stock=2, code_days=30))
        desk.write(rewards.add, Reward(0, "[/] 半小时 [red]", "service", 300, valid_to=date(2026, 12, 31)))
    return tmp_path / "q.db"


def papers(path: Path, clock: Clock) -> tuple[Redemption, ...]:
    with Desk(path, clock) as desk:
        return desk.read(rewards.redemptions)


async def enter(here: Room) -> None:
    await here.turn_to("rewards")
    await here.sees("在架 2 个", "乌龙茶")


async def redeem(here: Room) -> None:
    await here.press("r")
    await here.opened(FindMember)
    await here.write("ali")
    await here.sees("阿梨  100 分")
    await here.press("enter")
    await here.sees("待发放 1 份")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_reward_goes_to_a_member_and_is_handed_out(path, clock, size):
    async with room(path, clock, "4", size) as here:
        await enter(here)
        await redeem(here)
        await here.press("f")
        await here.sees("待发放 1 份", "阿梨")
        await here.press("space")
        await here.sees("已在 2026-03-20 发给 阿梨", "没有人在等")
    [paper] = papers(path, clock)
    assert (paper.state, paper.expires_on) == ("fulfilled", date(2026, 4, 18))


async def test_a_cancellation_asks_says_what_comes_back_and_is_undone(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await redeem(here)
        await here.press("f", "delete")
        await here.opened(Confirm)
        await here.sees("退回 80 积分，阿梨 就有 100 积分")
        await here.press("y")
        await here.sees("余额 100")
        await here.press("u")
        await here.sees("撤销")
    assert papers(path, clock)[0].state == "requested"


async def test_what_the_points_do_not_do_is_said_and_nothing_is_written(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("down", "r")
        await here.opened(FindMember)
        await here.write("ali")
        await here.sees("阿梨  100 分")
        await here.press("enter")
        await here.sees("还差 200")
    assert papers(path, clock) == ()


async def test_a_gift_costs_nothing(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("down", "p")
        await here.opened(FindMember)
        await here.write("ali")
        await here.sees("阿梨  100 分")
        await here.press("enter")
        await here.sees("待发放 1 份")
    assert papers(path, clock)[0].entry_id is None


async def test_the_form_puts_a_reward_on_the_shelf_and_keeps_what_was_typed_when_it_is_refused(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("a")
        await here.opened(Form)
        await here.write("乌龙茶")
        await here.press("enter")
        await here.write("５０")
        await here.press("f2")
        await here.sees("已经有一个礼品叫 乌龙茶")  # and the cursor is back in its line
        await here.write("二号")
        await here.press("f2")
        await here.sees("「乌龙茶二号」已上架", "在架 3 个")
    with Desk(path, clock) as desk:
        assert desk.read(rewards.find, "乌龙茶二号").price == 50


async def test_off_the_shelf_and_on_it_again(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("delete")
        await here.opened(Confirm)
        await here.press("y")
        await here.sees("乌龙茶 已下架", "在架 1 个")


async def test_the_catalogue_and_a_code_are_ready_to_send(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await redeem(here)
        await here.press("y")
        await here.sees("rewards-2026-03-20.txt")
        await here.press("f", "y")
        await here.sees("redemption-1.txt")
    told = (path.parent / "out" / "rewards-2026-03-20.txt").read_text()
    assert "乌龙茶  80 积分 · 剩 1 份" in told
    [paper] = papers(path, clock)
    assert f"兑换码：{paper.code}" in (path.parent / "out" / "redemption-1.txt").read_text()


async def test_search_finds_by_code_and_esc_shows_all(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await redeem(here)
        await here.press("f", "/")
        await here.write(papers(path, clock)[0].code[:5].lower())
        await here.sees("搜索：", "阿梨")
        await here.write("没有")
        await here.sees("没有找到")
        await here.press("escape")
        await here.sees("待发放 1 份", "阿梨")


async def test_why_tells_the_story_and_blocked_keys_say_why(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("space")
        await here.sees("按 f 看谁在等")
        await redeem(here)
        await here.press("f", "w")
        await here.opened(TextView)
        await here.sees("付了 80 积分")
        await here.press("escape", "e")
        await here.sees("按 f 回到礼品清单")


async def test_an_empty_shelf_teaches(tmp_path, clock):
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "群")
    async with room(tmp_path / "q.db", clock, "4", (80, 24)) as here:
        await here.turn_to("rewards")
        await here.sees("礼品让积分有用处")
        await here.press("e")
        await here.sees("按 a 上架一个礼品")


async def test_rooms_turn_with_tab_and_the_number_comes_back_to_the_room_left(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("2")
        await here.until(lambda: getattr(here.app.screen, "noun", "") == "members")
        await here.press("4")
        await here.until(lambda: getattr(here.app.screen, "noun", "") == "rewards")
        await here.press("4")
        await here.until(lambda: getattr(here.app.screen, "noun", "") == "points")
        await here.press("shift+tab")
        await here.until(lambda: getattr(here.app.screen, "noun", "points") != "points")


def test_the_key_view(path, clock, snap_compare):
    with Desk(path, clock) as desk:
        tea = desk.read(rewards.find, "乌龙茶")
        desk.write(rewards.edit, replace(tea, note="春茶，一人一罐"))
        desk.write(rewards.redeem, 1, tea.id, code=lambda: "ABCD2345")

    async def arrive(here):
        await here.press("4")
        await enter(here)
        await here.sees("最近兑换")

    assert pictured(snap_compare, path, clock, arrive)
