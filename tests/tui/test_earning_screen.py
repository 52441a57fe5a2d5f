"""Earning by key: bonus days and their announcement, deeds of several members, invitations with why and why not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.services import earning, groups, members, points, rules
from qunguan.services.desk import Desk
from qunguan.tui.screens.points_statement import StatementScreen
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.find_member import FindMember
from tests.tui.desk_app import Room, pictured, room

HOSTILE = "[/][red]\u202e甲" + "\u200d" * 4


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """会员日 on the 8th; 阿梨 made a good share and brought one with a hostile name, who stayed, and 小米, just now."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        pear = desk.write(members.add, "阿梨", group_id=1).id
        for name, day in ((HOSTILE, 1), ("小米", 19)):
            came = desk.write(members.add, name).id
            desk.write(members.join, came, 1, date(2026, 3, day), inviter_id=pear)
        desk.write(earning.add_preset, "member_day")
        desk.write(earning.record_deed, "share", [pear], note="[/]长文", day=date(2026, 3, 18))
    return tmp_path / "q.db"


async def enter(here: Room) -> None:
    await here.turn_to("earning")
    await here.sees("下一个：会员日 ×2", "每月8日")


async def deeds(here: Room) -> None:
    await here.press("f")
    await here.sees("2026-03-18  阿梨")


async def invitations(here: Room) -> None:
    await here.press("f", "f")
    await here.sees("等着记分", "[/][red]甲")


def balance(path: Path, clock: Clock, member_id: int = 1) -> int:
    with Desk(path, clock) as desk:
        return desk.read(points.balance, member_id, date(2026, 3, 20))


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_three_lists_turn(path, clock, size):
    async with room(path, clock, "4", size) as here:
        await enter(here)
        await here.sees("2026-04-08 周三")
        await deeds(here)
        await here.sees("优质分享")
        await here.press("f")
        await here.sees("[/][red]甲", "等着记分", "住满天数才算")
        assert "\u202e" not in here.text
        await here.press("f")
        await here.sees("每月8日")


async def test_a_shipped_day_and_one_of_ones_own(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("a")
        await here.opened(Choose)
        await here.write("双11")
        await here.press("enter")
        await here.told("双11：每年11月11日，积分×2；下一次是 2026-11-11")
        await here.press("a")
        await here.opened(Choose)
        await here.write("自己")
        await here.press("enter")
        await here.opened(Form)
        await here.write("群生日")
        await here.press("down")
        await here.write("哪天")
        await here.press("f2")
        await here.sees("看不懂“哪天”")
        await here.press(*["backspace"] * 2)
        await here.write("每周五")
        await here.press("down", *["backspace"] * 3)
        await here.write("１.５倍")
        await here.press("down")
        await here.write("打卡、下单")
        await here.press("f2")
        await here.told("群生日：每周五，积分×1.5；下一次是 2026-03-20")
        await here.sees("今天是群生日 ×1.5", "打卡、下单")
        await here.press("u")
        await here.sees("下一个：会员日")
    with Desk(path, clock) as desk:
        assert [each.name for each in desk.read(earning.bonus_days)] == ["会员日", "双11"]


async def test_a_day_is_changed_and_keeps_what_was_not_touched(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("e")
        await here.opened(Form)
        await here.press("down", "down", *["backspace"] * 3)
        await here.write("200倍")
        await here.press("f2")
        await here.sees("积分不能乘 ×200")
        await here.press(*["backspace"] * 4)
        await here.write("3")
        await here.press("down")
        await here.write("微笑")
        await here.press("f2")
        await here.sees("微笑 不是给分的规则")
        await here.press("f3")
        await here.opened(Choose)
        await here.write("xiadan")
        await here.press("enter")
        await here.opened(Form)
        await here.press("f2")
        await here.told("会员日：每月8日，积分×3")
    with Desk(path, clock) as desk:
        [found] = desk.read(earning.bonus_days)
    assert (str(found.recurs), found.multiplier_pct, found.applies) == ("monthly:8", 300, ("order.points",))
    assert found.source == "S0-21"


async def test_off_on_and_removed_after_asking(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("space")
        await here.told("会员日 停用了；已经给的分不变")
        await here.press("y")
        await here.told("没有下一次")
        await here.press("　", "space", "delete")
        await here.opened(Confirm)
        await here.sees("删除翻倍日「会员日」？")
        await here.press("delete", "escape")
        await here.closed()
        await here.press("delete")
        await here.opened(Confirm)
        await here.press("y")
        await here.sees("会员日让积分更值钱")
        await here.press("u")
        await here.sees("每月8日")


async def test_the_announcement_of_the_next_day(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("y")
        await here.told("bonus-2026-04-08.txt")
        await deeds(here)
        await here.press("y")
        await here.told("bonus-2026-04-08.txt")
    told = (path.parent / "out" / "bonus-2026-04-08.txt").read_text()
    assert told == "🎁 会员日快到了：04-08 周三，还有 19 天！\n当天所有积分×2"


async def test_a_deed_of_several_is_recorded_once_and_taken_back(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("r")
        await here.opened(Choose)
        await here.sees("优质分享  10 分", "参加活动  20 分")
        await here.press("down", "enter")
        await here.opened(FindMember)
        for typed, name in (("ali", "阿梨"), ("xm", "小米")):
            await here.write(typed)
            await here.sees(f"{name}  #")
            await here.press("enter")
            await here.sees(f"{name}。再选一位")
        await here.press("escape")
        await here.opened(Form)
        await here.press("f2")
        await here.sees("要写上是什么事")
        await here.write("读书会主持")
        await here.press("enter")
        await here.write("三十")
        await here.press("f2")
        await here.until(lambda: here.wrong)
        await here.press(*["backspace"] * 2)
        await here.write("30")
        await here.press("f2", "f2")
        await here.told("给 2 人记了参加活动，共 60 分")
        await here.sees("读书会主持", "分享和活动")
        assert (balance(path, clock), balance(path, clock, 3)) == (40, 30)
        await here.press("home", "delete")
        await here.opened(Confirm)
        await here.sees("收回 小米 2026-03-20 的参加活动？", "2026-03-20 记了 30 分")
        await here.press("y")
        await here.told("积分已收回")
        assert balance(path, clock, 3) == 0
        await here.press("u")
        await here.sees("2026-03-20  小米")
    assert balance(path, clock, 3) == 30


async def test_nobody_chosen_records_nothing(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await deeds(here)
        await here.press("r")
        await here.opened(Choose)
        await here.press("enter")
        await here.opened(FindMember)
        await here.press("escape")
        await here.closed()
        assert here.table.line_count == 1
        await here.press("enter")
        await here.opened(StatementScreen)
        await here.sees("阿梨 的积分")


async def test_invitations_are_rewarded_after_showing_whom_and_say_why_not(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await invitations(here)
        await here.sees("规则给 20 分", "会员日 ×2")
        await here.press("enter")
        await here.opened(Confirm)
        await here.sees("给 1 个邀请记 40 分？", "阿梨 +40：带来了 [/][red]甲")
        await here.press("y")
        await here.told("给 1 个邀请记了 40 分")
        await here.sees("已记分", "0 个邀请等着记分")
        assert balance(path, clock) == 50
        await here.press("r")
        await here.told("没有等着记分的邀请")
        await here.press("home", "w")
        await here.opened(TextView)
        await here.sees("阿梨 → 小米", "满 7 天还在群里才算：2026-03-26", "规则给 20 分", "S1-10")
        await here.press("escape", "delete")
        await here.told("邀请看成员名册")
        await here.press("u")
        await here.sees("1 个邀请等着记分")
    assert balance(path, clock) == 10


async def test_points_go_back_when_who_was_invited_did_not_stay(path, clock):
    with Desk(path, clock) as desk:
        desk.write(earning.reward_referrals)
        desk.write(members.leave, 2, 1, date(2026, 3, 4))
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("f", "f")
        await here.sees("没留下来，要收回积分")
        await here.press("r")
        await here.opened(Confirm)
        await here.sees("收回 1 个邀请的积分？", "阿梨 −40")
        await here.press("y")
        await here.told("收回 40 分")
        await here.sees("没住满就走了")
    assert balance(path, clock) == 10


async def test_why_for_a_day_and_for_a_deed(path, clock):
    with Desk(path, clock) as desk:
        desk.write(earning.add_bonus_day, "群生日", "once:2026-04-08", multiplier_pct=300, applies=["order.points"])
        desk.write(rules.change, "points.stacking", "product")
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("w")
        await here.opened(TextView)
        await here.sees("2026-04-08 周三", "下单          ×6", "群生日 ×3（—）", "叠着算", "社群打卡的算法约定")
        await here.press("escape")
        await deeds(here)
        await here.press("w")
        await here.opened(TextView)
        await here.sees("阿梨 · 优质分享", "优质分享得分：10 分（S3-07, S3-17）", "2026-03-18 记了 10 分")
        await here.press("escape", "e")
        await here.told("这是对翻倍日用的")


async def test_search_and_export(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await deeds(here)
        await here.press("/")
        await here.write("没有")
        await here.sees("没有找到")
        await here.press("escape")
        await here.until(lambda: here.table.line_count == 1)
        for name in ("deeds", "referrals", "days"):
            await here.press("x")
            await here.opened(Form)
            await here.press("end", *["backspace"] * 4)
            await here.write("csv")
            await here.press("f2")
            await here.told(f"earning-{name}-2026-03-20.csv")
            await here.press("f")
    out = path.parent / "out"
    assert "长文" in (out / "earning-deeds-2026-03-20.csv").read_text()
    assert "住满天数才算" in (out / "earning-referrals-2026-03-20.csv").read_text()
    assert "每月8日" in (out / "earning-days-2026-03-20.csv").read_text()


async def test_without_anything_it_teaches(tmp_path, clock):
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "群")
    async with room(tmp_path / "q.db", clock, "4", (80, 24)) as here:
        await here.turn_to("earning")
        await here.sees("会员日让积分更值钱", "按 a 加一个")
        await here.press("w")
        await here.told("列表是空的")
        await here.press("f")
        await here.sees("优质分享、参加活动也可以得积分")
        await here.press("y")
        await here.told("没有要到的翻倍日")
        await here.press("f")
        await here.sees("带来新人并且新人留下来")


def test_the_key_view(path, clock, snap_compare):
    with Desk(path, clock) as desk:
        desk.write(earning.add_preset, "perk_day")
        desk.write(earning.add_preset, "mid_autumn")

    async def arrive(here):
        await here.press("4")
        await here.turn_to("earning")
        await here.sees("接下来")

    assert pictured(snap_compare, path, clock, arrive)
