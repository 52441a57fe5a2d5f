"""Leaderboards by key: figures and periods, own places, texts for the group and in private, the quiet mode."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.services import boards, groups, members, points
from qunguan.services.desk import Desk
from qunguan.tui.screens.points_statement import StatementScreen
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Form, TextView
from tests.services.checkin_kit import challenge, tick_days
from tests.tui.desk_app import Room, pictured, room

HOSTILE = "[/][red]\u202e甲" + "\u200d" * 4


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """This week 阿梨 and 阿宝 have 50 points, 小米 20, one with a hostile name 10; 小米 checked in three days."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        ids = [desk.write(members.add, name, group_id=1).id for name in ("阿梨", "阿宝", "小米", HOSTILE)]
        for member_id, amount in zip(ids, (50, 50, 20, 10), strict=True):
            desk.write(points.grant, member_id, amount, reason="满勤")
        desk.write(points.grant, ids[2], 5, reason="上周", day=date(2026, 3, 12))
        made = challenge(desk, "早读", starts_on=date(2026, 3, 9), points=0, tiers={})
        tick_days(desk, (made, ids[2]), (17, 18, 19))
    return tmp_path / "q.db"


async def enter(here: Room) -> None:
    await here.turn_to("boards")
    await here.sees("本周 · 积分榜", "阿梨")


def out(path: Path, name: str) -> str:
    return (path.parent / "out" / name).read_text()


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_equals_share_a_rank_and_the_next_is_left_out(path, clock, size):
    async with room(path, clock, "4", size) as here:
        await enter(here)
        found = [" ".join(line.split("│")[0].replace("▆", "").split()[-5:]) for line in here.lines()[5:9]]
        assert found == ["▸ 并列 1 阿宝 50 ·"[2:], "并列 1 阿梨 50 ·", "3 小米 20 −30", "4 [/][red]甲 10 −10"]
        assert "\u202e" not in here.text


async def test_figures_and_periods_turn(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("s")
        await here.sees("本周 · 打卡榜", "小米")
        await here.press("s")
        await here.sees("本周 · 连续打卡榜")
        await here.press("s")
        await here.sees("本周 · 邀请榜", "在成员名册（2）里写上邀请人")
        await here.press("Y")
        await here.told("榜上没有人")
        await here.press("s")
        for period in ("本月 · 积分榜", "早读 · 整个挑战", "累计 · 积分榜", "今日 · 积分榜"):
            await here.press("f")
            await here.sees(period)


async def test_earlier_periods_by_brackets_and_arrows_and_back(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("left")
        await here.sees("当周 · 积分榜", "2026-03-09 – 2026-03-15", "1 人上榜")
        await here.press("y")
        await here.told("board-points-week-2026-03-15.txt")
        await here.press("【")
        await here.sees("这段时间还没有人上榜")
        await here.press(".")
        await here.sees("本周 · 积分榜", "4 人上榜")
        await here.press("]")
        await here.sees("已经是最新一期了")
        await here.press("[", "right")
        await here.sees("本周 · 积分榜", "4 人上榜")
        await here.press("f", "f", "f", "[")
        await here.sees("这个榜没有上一期")
    assert out(path, "board-points-week-2026-03-15.txt").startswith("早起读书群 · 当周 · 积分榜")


async def test_a_members_own_places_stand_beside_the_list(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("down", "down")
        await here.sees("打卡榜     1 / 1        打卡 3 次", "累计       3 / 4        25 分")


async def test_texts_for_the_group_and_in_private_and_the_quiet_mode(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("y")
        await here.told("board-points-week-2026-03-20.txt")
        assert "小米 20 分" in out(path, "board-points-week-2026-03-20.txt")
        await here.press("p")
        await here.told("规则 board.quiet")
        await here.sees("安静模式已开", "群里只看前 3 名")
        await here.press("y")
        await here.until(lambda: "私聊我" in out(path, "board-points-week-2026-03-20.txt"))
        assert "10 分" not in out(path, "board-points-week-2026-03-20.txt")
        await here.press("end", "Y")
        await here.told("board-points-week-2026-03-20-4.txt")
        assert "第 4 名，10 分" in out(path, "board-points-week-2026-03-20-4.txt")
        await here.press("p")
        await here.sees("安静模式已关")
        await here.press("u")
        await here.sees("撤销：关闭安静模式", "群里只看前 3 名")


async def test_enter_opens_the_statement_or_the_card(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("enter")
        await here.opened(StatementScreen)
        await here.sees("阿宝 的积分", "满勤")
        await here.press("escape", "s")
        await here.sees("打卡榜", "小米")
        await here.press("enter")
        await here.until(lambda: type(here.app.screen).__name__ == "CardView")
        await here.sees("小米", "早读")
        await here.press("escape")
        await here.sees("本周 · 打卡榜")


async def test_why_says_what_counts_and_where_the_member_stands(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("p", "down", "down", "w")
        await here.opened(TextView)
        await here.sees("花掉的不减", "积分怎么得", "从 2026-03-16 到 2026-03-20", "1、1、3", "前 3 名", "再多 30")


async def test_another_challenge_and_a_search_by_initials(path, clock):
    with Desk(path, clock) as desk:
        challenge(desk, "晚读", starts_on=date(2026, 3, 19))
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("s", "c")
        await here.opened(Choose)
        await here.write("zaodu")
        await here.press("enter")
        await here.sees("早读 · 整个挑战 · 打卡榜", "小米")
        await here.press("s", "s", "s", "f", "/")
        await here.sees("累计 · 积分榜")
        await here.write("xm")
        await here.sees("搜索：xm", "小米")
        await here.until(lambda: here.table.line_count == 1)
        await here.write("没有")
        await here.sees("没有找到")
        await here.press("escape")
        await here.until(lambda: here.table.line_count == 4)


async def test_the_board_is_written_to_a_file_and_a_wrong_end_is_said(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("x")
        await here.opened(Form)
        await here.write(".pdf")
        await here.press("f2")
        await here.until(lambda: here.wrong)
        await here.press(*["backspace"] * 9)
        await here.write(".md")
        await here.press("enter")
        await here.told("board-points-week-2026-03-20.md")
    assert "阿宝" in out(path, "board-points-week-2026-03-20.md")


async def test_without_members_and_challenges_it_teaches(tmp_path, clock):
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "群")
    async with room(tmp_path / "q.db", clock, "4", (80, 24)) as here:
        await here.turn_to("boards")
        await here.sees("打卡（3）和积分（4）会自己排上来")
        await here.press("c")
        await here.sees("还没有打卡挑战")
        await here.press("Y")
        await here.told("榜上没有人")


def test_the_key_view(path, clock, snap_compare):
    with Desk(path, clock) as desk:
        desk.write(boards.set_quiet, quiet=True)

    async def arrive(here):
        await here.press("4")
        await enter(here)
        await here.sees("连续打卡榜")

    assert pictured(snap_compare, path, clock, arrive)
