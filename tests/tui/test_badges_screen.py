"""Badges by key: add, change with a preview by name, give, take, congratulate, why."""

from __future__ import annotations

from pathlib import Path

import pytest

from qunguan.domain.badges import Badge
from qunguan.domain.clock import Clock
from qunguan.services import badges, groups, members
from qunguan.services.desk import Desk
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.find_member import FindMember
from tests.services.checkin_kit import challenge, tick_days
from tests.tui.desk_app import Room, pictured, room

HOSTILE = "[/][red]\u202e甲" + "\u200d" * 4


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """七日坚持 is held by 阿梨 (ten days in a row) and one with a hostile name (seven); 智囊团 is given by hand."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        pear, odd, _rice = [desk.write(members.add, name, group_id=1).id for name in ("阿梨", HOSTILE, "小米")]
        made = challenge(desk, "早读", points=0, tiers={})
        tick_days(desk, (made, pear), range(10, 20))
        tick_days(desk, (made, odd), range(13, 20))
        desk.write(badges.add_preset, "first_week")
        desk.write(badges.add_badge, "智囊团", "hand", title=True, note="发言有料")
    return tmp_path / "q.db"


async def enter(here: Room) -> None:
    await here.turn_to("badges")
    await here.sees("2 个在用", "七日坚持")


def stored(path: Path, clock: Clock) -> list[Badge]:
    with Desk(path, clock) as desk:
        return list(desk.read(badges.badges))


def held(path: Path, clock: Clock, badge_id: int) -> list[tuple[str, str]]:
    with Desk(path, clock) as desk:
        today = clock.today(desk.read(groups.day_rule))
        return [(each.name, each.by) for each in desk.read(badges.holders, today, badge_id=badge_id)]


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_badges_their_holders_and_what_is_new(path, clock, size):
    async with room(path, clock, "4", size) as here:
        await enter(here)
        await here.sees("最长连续 ≥ 7", "2 人有徽章")
        await here.press("enter")
        await here.sees("七日坚持 · 谁拥有", "2026-03-16  阿梨", "[/][red]甲")
        assert "\u202e" not in here.text
        await here.press("escape")
        await here.sees("全部徽章")
        await here.press("f")
        await here.sees("新获得", "2026-03-19")
        await here.press("f")
        await here.sees("全部徽章")


async def test_a_shipped_badge_is_there_and_says_who_has_it_already(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("a")
        await here.opened(Choose)
        await here.write("baici")
        await here.press("enter")
        await here.told("「百次打卡」加好了：已经有 0 人达到")
        await here.sees("3 个在用")
        await here.press("a")
        await here.opened(Choose)
        await here.write("全部")
        await here.press("enter")
        await here.told("加好了 9 个徽章")
        await here.press("u")
        await here.sees("3 个在用")
    assert len(stored(path, clock)) == 3


async def test_a_rule_of_ones_own_shows_by_name_who_gains_it(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("a")
        await here.opened(Choose)
        await here.write("自己定")
        await here.press("enter")
        await here.opened(Form)
        await here.write("十次")
        await here.press("enter", "f3")
        await here.opened(Choose)
        await here.write("打卡次数")
        await here.press("enter")
        await here.opened(Form)
        await here.press("down", "f2")
        await here.sees("要写上达到多少")
        await here.write("１０")
        await here.press("f2")
        await here.opened(Confirm)
        await here.sees("保存后有 1 人拥有", "得到（1）：阿梨")
        await here.press("n")
        await here.opened(Form)
        await here.sees("十次", "打卡次数")
        await here.press("f2")
        await here.opened(Confirm)
        await here.press("y")
        await here.told("「十次」加好了：已经有 1 人达到")
    assert held(path, clock, 3) == [("阿梨", "rule")]


async def test_a_change_shows_who_loses_it_and_esc_leaves_everything(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("e")
        await here.opened(Form)
        await here.press("down", "down", "end", "backspace", "8", "f2")
        await here.opened(Confirm)
        await here.sees("失去（1）：[/][red]甲")
        await here.press("escape")
        await here.opened(Form)
        await here.press("escape")
        await here.closed()
        assert stored(path, clock)[0].at_least == 7
        await here.press("e")
        await here.opened(Form)
        await here.press("down", "down", "end", "backspace", "8", "f2")
        await here.opened(Confirm)
        await here.press("y")
        await here.told("0 人得到，1 人失去")
        await here.sees("最长连续 ≥ 8")
        await here.press("u")
        await here.sees("最长连续 ≥ 7")


async def test_what_does_not_fit_is_said_in_the_box(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("e")
        await here.opened(Form)
        await here.press("down", "end", *["backspace"] * 8)
        await here.write("好人")
        await here.press("f2")
        await here.sees("徽章的条件里没有 好人")
        await here.press("f3")
        await here.opened(Choose)
        await here.write("shouji")
        await here.press("escape")
        await here.opened(Form)
        await here.press("end", *["backspace"] * 8)
        await here.write("订单")
        await here.press("down", "down", "down", *["backspace"] * 8)
        await here.write("早读")
        await here.press("f2")
        await here.sees("和打卡挑战无关")
    assert stored(path, clock)[0].metric == "best_streak"


async def test_off_and_on_with_the_space_bar(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("space")
        await here.told("停用了，谁都没有")
        await here.sees("1 个在用", "0 人有徽章")
        await here.press("r")
        await here.opened(FindMember)
        await here.write("xm")
        await here.sees("小米  ")
        await here.press("enter", "escape")
        await here.opened(Form)
        await here.write("常帮忙")
        await here.press("f2")
        await here.sees("徽章 七日坚持 停用了")
        await here.press("escape", "space")
        await here.sees("2 个在用", "2 人有徽章")


async def test_given_to_several_and_taken_with_a_reason(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("down", "r")
        await here.opened(FindMember)
        await here.write("ali")
        await here.sees("阿梨  ")
        await here.press("enter")
        await here.sees("已选 1 人：阿梨")
        await here.write("xm")
        await here.sees("小米  ")
        await here.press("enter")
        await here.sees("已选 2 人：阿梨、小米")
        await here.press("escape")
        await here.opened(Form)
        await here.sees("把「智囊团」授予 阿梨、小米")
        await here.press("f2")
        await here.sees("要写上理由")
        await here.write("常答疑")
        await here.press("enter", "enter")
        await here.told("2 人得到了「智囊团」")
        await here.closed()
        assert held(path, clock, 2) == [("阿梨", "hand"), ("小米", "hand")]
        await here.press("end", "enter")
        await here.sees("智囊团 · 谁拥有", "常答疑")
        await here.press("delete")
        await here.opened(Form)
        await here.sees("从 阿梨 那里收回「智囊团」？", "直到你再授予")
        await here.write("不来了")
        await here.press("f2")
        await here.told("阿梨 不再有 智囊团")
        assert held(path, clock, 2) == [("小米", "hand")]
        await here.press("u")
        await here.until(lambda: here.table.line_count == 2)
    assert len(held(path, clock, 2)) == 2


async def test_removing_asks_and_names_how_many(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("delete")
        await here.opened(Confirm)
        await here.sees("删除徽章「七日坚持」？", "现在有 2 人拥有")
        await here.press("delete", "n")
        await here.closed()
        assert len(stored(path, clock)) == 2
        await here.press("delete")
        await here.opened(Confirm)
        await here.press("y")
        await here.sees("1 个在用")
        await here.press("u")
        await here.sees("2 个在用")


async def test_congratulations_for_everyone_for_one_and_for_a_day(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("y")
        await here.told("badge-1.txt")
        await here.press("enter", "y")
        await here.told("badge-1-2.txt")
        await here.press("f", "f")
        await here.sees("新获得   2 个在用")
        await here.press("ｙ")
        await here.told("badges-2026-03-19.txt")
        await here.press("f", "down", "y")
        await here.told("还没有人得到")
    out = path.parent / "out"
    assert (out / "badge-1.txt").read_text() == "🎉 恭喜获得徽章「七日坚持」：\n[/][red]甲、阿梨\n连续打卡 7 天"
    assert "阿梨" not in (out / "badge-1-2.txt").read_text()
    assert "[/][red]甲" in (out / "badges-2026-03-19.txt").read_text()


async def test_why_and_the_card_and_blocked_keys(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("w")
        await here.opened(TextView)
        await here.sees("最长连续 ≥ 7", "达到那天就有", "S4-36")
        await here.press("escape", "enter", "down", "w")
        await here.opened(TextView)
        await here.sees("七日坚持 · 阿梨", "最长连续：10，要 7", "2026-03-16 达到")
        await here.press("escape", "e")
        await here.told("按 f 或 Esc 回到徽章")
        await here.press("enter")
        await here.until(lambda: type(here.app.screen).__name__ == "CardView")
        await here.sees("阿梨")


async def test_search_and_export(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("/")
        await here.write("智囊")
        await here.until(lambda: here.table.line_count == 1)
        await here.write("没有")
        await here.sees("没有找到")
        await here.press("escape", "x")
        await here.opened(Form)
        await here.press("f2")
        await here.told("badges-2026-03-20.xlsx")
        await here.press("f", "x")
        await here.opened(Form)
        await here.press("end", *["backspace"] * 4)
        await here.write("md")
        await here.press("f2")
        await here.told("badges-2026-03-20.md")
    assert "阿梨" in (path.parent / "out" / "badges-2026-03-20.md").read_text()


async def test_without_badges_it_teaches(tmp_path, clock):
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "群")
    async with room(tmp_path / "q.db", clock, "4", (80, 24)) as here:
        await here.turn_to("badges")
        await here.sees("徽章让大家看到谁做得好", "按 a 加第一个")
        await here.press("r")
        await here.told("还没有徽章")
        await here.press("e")
        await here.told("列表是空的")
        await here.press("f")
        await here.sees("还没有人得到")


def test_the_key_view(path, clock, snap_compare):
    async def arrive(here):
        await here.press("4")
        await enter(here)
        await here.sees("最近得到")

    assert pictured(snap_compare, path, clock, arrive)
