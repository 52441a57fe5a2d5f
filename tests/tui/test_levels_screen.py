"""Levels by key: the four lists, cards and reasons, ladders with their preview, levels by hand, benefits, texts out."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from textual.widgets import Input

from qunguan.domain.clock import Clock
from qunguan.domain.level_views import Ladder, MemberLevel
from qunguan.domain.levels import Condition, Level, Terms
from qunguan.services import checkins, groups, levels, members, orders
from qunguan.services.desk import Desk
from qunguan.tui.screens.levels_preview import LadderPreview
from qunguan.tui.screens.levels_terms import TermsForm
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from tests.tui.desk_app import Room, pictured, room

HOSTILE = "[/][red]‮甲" + "\u200d" * 4
PEAR, TUAN, ZHOU, STRANGE = 1, 2, 3, 4


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """On 银卡金卡 since March 2025, today 2026-03-20: 阿梨 reached 银卡 last week, 老周 loses it on 03-29, 团团 has
    800 yuan, and one with a hostile name has nothing."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        for name in ("阿梨", "团团", "老周", HOSTILE):
            desk.write(members.add, name, group_id=1)
        desk.write(levels.use_preset, "card", from_day=date(2025, 3, 1))
        desk.write(orders.add_order, PEAR, 120_000, number="A1", day=date(2026, 3, 13))
        desk.write(orders.add_order, TUAN, 80_000, number="B1", day=date(2026, 3, 1))
        desk.write(orders.add_order, ZHOU, 200_000, number="C1", day=date(2025, 3, 29))
    return tmp_path / "q.db"


def current(path: Path, clock: Clock) -> Ladder:
    with Desk(path, clock) as desk:
        return desk.read(levels.find)


def stands(path: Path, clock: Clock, member_id: int) -> MemberLevel:
    with Desk(path, clock) as desk:
        return desk.read(levels.standings, clock, [member_id])[member_id]


async def enter(here: Room) -> None:
    await here.turn_to("levels")
    await here.sees("银卡金卡 · 全部成员", "阿梨")


async def point_at(here: Room, name: str) -> None:
    """Put the cursor on the line of this name."""
    for place in range(here.table.line_count):
        await here.table.move_to(place)
        await here.until(lambda: here.table.current is not None)
        assert here.table.current is not None
        if any(name in str(getattr(cell, "text", cell)) for cell in here.table.current.cells):
            return
    raise AssertionError(f"no line of {name}")


async def retype(here: Room, text: str) -> None:
    assert isinstance(here.app.focused, Input)
    here.app.focused.value = ""
    await here.write(text)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_lists_say_who_stands_where_who_moved_and_who_is_about_to_fall(path, clock, size):
    async with room(path, clock, "4", size) as here:
        await enter(here)
        await here.sees("钻石 0 / 金卡 0 / 银卡 2 / 普通 2", "近 30 天 ▲1 ▼0", "2027-03-13", "银卡还差 200 元")
        await here.press("f")
        await here.sees("谁升谁降", "▲", "阿梨", "2026-03-13")
        assert "老周" not in here.text
        await here.press("f")
        await here.sees("快要掉级", "老周", "2026-03-29", "0 元，要 1000 元")
        await here.press("ｆ")
        await here.sees("权益", "9.8折", "每月 1 次")
        await here.press("escape")
        await here.sees("全部成员")


async def test_nobody_moved_and_nobody_falls_are_said(path, clock):
    with Desk(path, clock) as desk:
        desk.write(levels.create, "静", current(path, clock).versions[0].terms)
    async with room(path, clock, "4") as here:
        await here.turn_to("levels")
        await here.sees("静 · 全部成员")
        await here.press("f", "f")
        await here.sees("30 天之内没有人会掉级")
        await here.press("w")
        await here.told("这个列表是空的")
        await here.press("f")
        await here.sees("还没有任何权益")
        await here.press("e")
        await here.told("按 a 加一项")


async def test_the_card_and_the_reasons(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.sees("一路走来", "2026-03-13 ▲ 银卡", "○ 3800 元", "9.8折")
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("银卡金卡　2026-03-20", "离金卡还差：", "19 单", "方案开始时评定")
        await here.press("escape", "w")
        await here.opened(TextView)
        await here.sees("门槛：近 365 天消费 1000 元；当时：1200 元", "出处：S1-23", "保级到 2027-03-13")
        await here.press("escape")
        await here.closed()
        await here.press("f", "enter")
        await here.opened(TextView)
        await here.sees("一路走来")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_new_terms_are_previewed_kept_and_saved_with_a_reason(path, clock, size):
    async with room(path, clock, "4", size) as here:
        await enter(here)
        await here.press("e")
        await here.opened(TermsForm)
        await here.press("down")
        await retype(here, "银卡 = 消费>=800/365天 或 连续≥90")
        await here.press("f2")
        await here.opened(LadderPreview)
        await here.sees("1 人升级，0 人降级", "银卡 2 → 3", "普通 2 → 1", "团团")
        await here.press("enter")
        await here.sees("用几个字说说为什么改等级规则")
        await here.press("escape")
        await here.opened(TermsForm)
        await here.sees("银卡 = 消费>=800/365天 或 连续≥90")
        assert len(current(path, clock).versions) == 1
        await here.press("down")
        await retype(here, "银卡 = 消费≥2500/365天")
        await here.press("f2")
        await here.opened(LadderPreview)
        await here.sees("0 人升级，2 人降级", "▼", "阿梨", "老周", "9.8折")
        await here.press("down", "pagedown", "pageup")
        await here.write("收一收")
        await here.burst("enter", "enter")
        await here.closed()
        await here.sees("银卡 0 / 普通 4")
        assert [each.reason for each in current(path, clock).versions[1:]] == ["收一收"]
        await here.press("u")
        await here.sees("银卡 2 / 普通 2")
    assert len(current(path, clock).versions) == 1


async def test_what_is_wrong_with_a_line_is_said_in_the_form(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("e")
        await here.opened(TermsForm)
        await here.press("down")
        await retype(here, "银卡 = 颜值≥9")
        await here.press("f2")
        await here.sees("第 2 级：没有“颜值”这项统计")
        await retype(here, "银卡 = 消费≥900")
        for _ in range(5):
            await here.press("down")
        await retype(here, "")
        await here.press("f2")
        await here.sees("这里没填")
        await here.press("escape", "escape")
        await here.closed()
    assert len(current(path, clock).versions) == 1


async def test_terms_from_a_day_to_come_wait_and_the_same_terms_change_nothing(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("e")
        await here.opened(TermsForm)
        await here.press("f2")
        await here.opened(LadderPreview)
        await here.sees("没有人变动")
        await here.write("看看")
        await here.press("enter")
        await here.told("什么都没改")
        await here.closed()
        await here.press("e")
        await here.opened(TermsForm)
        await here.press("up")
        await here.write("2026-04-01")
        await here.press("up", "up")
        await retype(here, "50")
        await here.press("f2")
        await here.opened(LadderPreview)
        await here.sees("如果 2026-04-01 起")
        await here.write("放宽")
        await here.press("enter")
        await here.told("从 2026-04-01 起生效")
    assert current(path, clock).versions[-1].terms.low_water_pct == 50


async def test_an_empty_room_teaches_and_takes_a_preset(tmp_path, clock):
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "群")
        desk.write(members.add, "阿梨", group_id=1)
    async with room(tmp_path / "q.db", clock, "4", (80, 24)) as here:
        await here.turn_to("levels")
        await here.sees("等级是对老朋友的感谢", "按 c 用一套现成的")
        for key in ("e", "enter", "f", "a", "x", "slash"):
            await here.press(key)
            await here.told("还没有等级方案：按 c 选一套")
        await here.press("c")
        await here.opened(Choose)
        await here.write("qtby")
        await here.press("enter")
        await here.opened(LadderPreview)
        await here.sees("青铜 1", "没有人变动")
        await here.press("escape")
        await here.closed()
        await here.press("c")
        await here.opened(Choose)
        await here.write("qtby")
        await here.press("enter")
        await here.opened(LadderPreview)
        await here.press("enter")
        await here.sees("青铜白银 · 全部成员", "阿梨", "白银还差 成长值 300")


async def test_a_ladder_of_ones_own_and_back_to_another(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("c")
        await here.opened(Choose)
        await here.write("自己定")
        await here.press("enter")
        await here.opened(TermsForm)
        await here.press("f2")
        await here.sees("一套等级要有 2 到 20 级")
        for text in ("书友榜", "书童", "书生 = 订单≥1", "[/] = 消费≥5000 且 订单≥9"):
            await here.write(text)
            await here.press("enter")
        await here.press("f2")
        await here.opened(LadderPreview)
        await here.sees("书生 3", "3 人升级")
        await here.press("f2")
        await here.sees("书友榜 · 全部成员", "[/] 0 / 书生 3 / 书童 1")
        await here.press("c")
        await here.opened(Choose)
        await here.write("改用这套")
        await here.press("enter")
        await here.sees("银卡金卡 · 全部成员")
    with Desk(path, clock) as desk:
        assert len(desk.read(levels.all_ladders)) == 2


async def test_a_ladder_without_a_name_is_refused(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("c")
        await here.opened(Choose)
        await here.write("自己定")
        await here.press("enter")
        await here.opened(TermsForm)
        await here.press("enter")
        await here.write("一")
        await here.press("enter")
        await here.write("二 = 订单≥1")
        await here.press("f2")
        await here.sees("方案还没有名字")
        await here.press("escape", "escape")
        await here.closed()


async def test_a_level_by_hand_and_off_again(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await point_at(here, "团团")
        await here.press("delete")
        await here.told("团团 的等级不是手动定的")
        await here.press("l")
        await here.opened(Form)
        await retype(here, "黑卡")
        await here.press("f2")
        await here.sees("没有 黑卡 这一级")
        await retype(here, "金卡")
        await here.press("f2")
        await here.sees("用几个字说说为什么手动定级")
        await here.press("down")
        await here.write("帮忙做活动")
        await here.press("enter")
        await here.write("2026-12-31")
        await here.burst("enter", "enter")
        await here.told("团团 定为金卡，到 2026-12-31")
        await here.sees("⚑金卡", "帮忙做活动")
        assert stands(path, clock, TUAN).level == "金卡"
        await here.press("delete")
        await here.opened(Confirm)
        await here.sees("现在手动定为金卡：帮忙做活动", "按规则是普通")
        await here.press("delete", "enter")
        await here.closed()
        assert stands(path, clock, TUAN).level == "金卡"
        await here.press("delete")
        await here.opened(Confirm)
        await here.press("y")
        await here.told("团团 重新按规则定级：普通")
        await here.sees("金卡 0")
        await here.press("u")
        await here.sees("⚑金卡")


async def test_a_benefit_is_used_and_a_refusal_says_what_is_left(path, clock):
    with Desk(path, clock) as desk:
        ladder = desk.read(levels.find)
        desk.write(levels.add_benefit, ladder.id, 2, "生日礼", quota=1, period="year")
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("b")
        await here.opened(Choose)
        await here.write("srl")
        await here.sees("生日礼  每年 1 次，还剩 1 次")
        await here.press("enter")
        await here.told("用了「生日礼」，剩余：0")
        await here.sees("用了 1 次，还剩 0 次")
        await here.press("b")
        await here.opened(Choose)
        await here.write("srl")
        await here.sees("每年 1 次，还剩 0 次")
        await here.press("enter")
        await here.told("阿梨 的「生日礼」只剩 0 次")
        await here.press("u")
        await here.sees("用了 0 次，还剩 1 次")


async def test_benefits_are_added_changed_and_closed(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("a")
        await here.opened(Form)
        await here.write("[/] 包邮")
        await here.press("down", "down")
        await here.write("十二")
        await here.press("f2")
        await here.until(lambda: here.wrong)
        await retype(here, "２")
        await here.press("down")
        await retype(here, "每天")
        await here.press("f2")
        await here.sees("每天")
        await retype(here, "每月")
        await here.press("f2")
        await here.told("银卡有了权益「[/] 包邮」")
        await here.press("f", "f", "f")
        await here.sees("[/] 包邮", "每月 2 次")
        await point_at(here, "包邮")
        await here.press("e")
        await here.opened(Form)
        await here.press("down", "down")
        await retype(here, "3")
        await here.press("f2")
        await here.sees("每月 3 次")
        await here.press("delete")
        await here.opened(Confirm)
        await here.sees("停用「[/] 包邮」？", "银卡：每月 3 次")
        await here.press("y")
        await here.told("从 2026-03-20 起停用")
        await here.until(lambda: "2026-03-20" in str(here.table.current and here.table.current.cells))
        await here.press("delete")
        await here.told("从 2026-03-20 起就停用了")
        await here.press("l")
        await here.told("这是对成员用的")
        await here.press("u")
        await here.until(lambda: "2026-03-20" not in str(here.table.current and here.table.current.cells))


async def test_a_private_text_and_an_export(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("y")
        await here.sees("level-1.txt")
        await here.press("x")
        await here.opened(Form)
        target = path.parent / "levels.csv"
        await retype(here, str(target))
        await here.press("enter")
        await here.told("已把 4 行写到")
    told = (path.parent / "out" / "level-1.txt").read_text()
    assert told.startswith("阿梨，你现在是银卡啦！🎉\n这一级保留到 2027-03-13。\n离金卡还差：3800 元，或者19 单。")
    assert "· 9.8折 (不限次数)" in told
    rows = list(csv.DictReader(target.read_text("utf-8-sig").splitlines()))
    assert [(row["成员"], row["等级"]) for row in rows[:2]] == [("阿梨", "银卡"), ("老周", "银卡")]
    assert [row["离下一级"] for row in rows[:3]] == ["金卡还差 3800 元", "金卡还差 3000 元", "银卡还差 200 元"]


async def test_search_finds_by_initials_and_esc_shows_all(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("/")
        await here.write("tt")
        await here.sees("搜索：tt", "团团")
        await here.until(lambda: here.table.line_count == 1)
        await here.write("没有")
        await here.sees("没有找到")
        await here.press("escape")
        await here.until(lambda: here.table.line_count == 4)
        await here.press("f", "f", "f", "/")
        await here.write("9.8")
        await here.until(lambda: here.table.line_count == 1)


async def test_hostile_names_are_drawn_as_they_are(path, clock):
    with Desk(path, clock) as desk:
        ladder = desk.read(levels.find)
        desk.write(levels.lock, ladder.id, STRANGE, 4, reason="[@click=app.quit]x[/]")
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.sees("⚑钻石", "[/][red]", "[@click=app.quit]x[/]")
        for key in ("enter", "escape", "w", "escape", "f", "e", "escape"):
            await here.press(key)
            await here.pilot.pause()
        assert here.app.is_running


def test_the_key_view(path, clock, snap_compare):
    with Desk(path, clock) as desk:
        ladder = desk.read(levels.find)
        desk.write(levels.lock, ladder.id, TUAN, 3, reason="帮忙做活动", until=date(2026, 12, 31))

    async def arrive(here):
        await here.press("4")
        await here.until(lambda: here.app.screen.query("PagedTable.main"))
        await enter(here)
        await here.sees("一路走来")

    assert pictured(snap_compare, path, clock, arrive)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_roster_and_the_board_have_a_column_of_levels_where_there_is_a_ladder(path, clock, size):
    with Desk(path, clock) as desk:
        desk.write(checkins.start, "早起", who="all", starts_on=date(2026, 3, 18))
    async with room(path, clock, "2", size) as here:
        await here.sees("等级")
        await here.until(lambda: any("阿梨" in line and "银卡" in line for line in here.lines()))
        await here.turn_to("checkins")
        await here.until(lambda: any("老周" in line and "银卡" in line for line in here.lines()))


async def test_a_tick_that_raises_a_level_is_followed_by_it_on_the_board(path, clock):
    with Desk(path, clock) as desk:
        desk.write(checkins.start, "早起", who="all", starts_on=date(2026, 3, 18))
        desk.write(levels.create, "早起榜", Terms((Level("学徒"), Level("师傅", ((Condition("checkins", 1),),)))))
    async with room(path, clock, "3") as here:
        await here.until(lambda: sum("学徒" in line for line in here.lines()) == 4)
        await here.press("space")
        await here.until(lambda: sum("师傅" in line for line in here.lines()) == 1)
        assert sum("学徒" in line for line in here.lines()) == 3
        await here.press("space")
        await here.until(lambda: sum("学徒" in line for line in here.lines()) == 4)


async def test_without_a_ladder_there_is_no_such_column(tmp_path, clock):
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "群")
        desk.write(members.add, "阿梨", group_id=1)
        desk.write(checkins.start, "早起", who="all", starts_on=date(2026, 3, 18))
    async with room(tmp_path / "q.db", clock, "2") as here:
        await here.sees("阿梨", "积分")
        assert "等级" not in here.text
        await here.turn_to("checkins")
        await here.sees("早起", "阿梨")
        assert "等级" not in here.text
