"""SOPs by key: a shipped one, one's own, its steps and texts, on and off, started and put away."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.sops import Sop
from qunguan.services import groups, members, sops
from qunguan.services.desk import Desk
from qunguan.tui.screens.sops import SopsScreen
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.text_box import TextBox
from tests.tui.desk_app import Room, pictured, room

TODAY = date(2026, 3, 20)
HOSTILE = "[/][red]\u202e早报"
MORNING = Clock(datetime(2026, 3, 20, 1, tzinfo=UTC))


def told(path: Path) -> list[Sop]:
    with Desk(path, MORNING) as desk:
        return list(desk.read(sops.all_sops))


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    with Desk(tmp_path / "q.db", MORNING, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        desk.write(members.add, "阿梨", group_id=1)
    return tmp_path / "q.db"


@pytest.fixture
def path(empty: Path) -> Path:
    with Desk(empty, MORNING) as desk:
        for preset in ("daily", "welcome", "campaign"):
            desk.write(sops.use, preset, 1)
        desk.write(sops.start, 3, date(2026, 3, 23))
    return empty


async def enter(here: Room) -> None:
    await here.turn_to("sops")
    await here.sees("3 个 SOP", "每日时间表")


async def fill(here: Room, *values: str) -> None:
    for value in values:
        if value:
            here.line.value = value
        await here.press("down")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_what_is_on_and_what_comes_next(path, size):
    async with room(path, MORNING, "5", size) as here:
        await enter(here)
        await here.sees("今天 10:00", "今天 15:00", "1 次执行中")
        if size[0] > 100:
            await here.sees("等下一位新人", "发早报  内容官", "21:30")
            await here.press("down", "down")
            await here.sees("执行中，从3月23日算起", "提前 3 天", "当天提醒")


async def test_one_is_taken_up_and_undone(empty):
    async with room(empty, MORNING, "5") as here:
        await here.turn_to("sops")
        await here.sees("每天做什么、每周做什么")
        await here.press("ｅ")
        await here.told("还没有 SOP：按 a 用一个")
        await here.press("ａ")
        await here.opened(Choose)
        await here.sees("每日时间表  每天 · 早报、话题、答疑、收尾")
        await here.write("迎新")
        await here.burst("enter", "enter")
        await here.told("用上了迎新阶梯：5 步")
        await here.closed()
        await here.sees("1 个 SOP", "入群当天", "欢迎新人")
        await here.press("u")
        await here.sees("每天做什么、每周做什么")
    assert told(empty) == []


async def test_one_of_ones_own_with_a_step_and_its_text(empty):
    async with room(empty, MORNING, "5") as here:
        await here.turn_to("sops")
        await here.sees("每天做什么、每周做什么")
        await here.press("a")
        await here.opened(Choose)
        await here.write("自己")
        await here.press("enter")
        await here.opened(Form)
        await fill(here, HOSTILE, "随便")
        await here.press("f2")
        await here.until(lambda: "不是 SOP 的起点" in here.wrong)
        await here.press("up")  # the cursor is in the line that was wrong
        await fill(here, "早报会", "每周")
        await here.press("f2")
        await here.sees("早报会", "还没有步骤")
        await here.press("enter")
        await here.opened(Choose)
        await here.press("enter")
        await here.opened(Form)
        await fill(here, "开会", "9", "25:00")
        await here.press("f2")
        await here.until(lambda: here.wrong)
        await fill(here, "", "", "", "", "周三", "20:00")
        here.line.value = here.line.value
        await here.press("escape", "escape")
        await here.closed()
    (made,) = told(empty)
    assert (made.name, made.trigger, made.steps) == ("早报会", "weekly", ())


async def test_a_new_step_is_asked_for_its_text(path):
    async with room(path, MORNING, "5") as here:
        await enter(here)
        await here.press("enter")
        await here.opened(Choose)
        await here.write("加一步")
        await here.press("enter")
        await here.opened(Form)
        await fill(here, "午间问候", "12:30", "客服", "一对一")
        await here.press("f2")
        await here.opened(TextBox)
        await here.press("中", "午", "好")
        await here.press("f2")
        await here.closed()
        await here.sees("12:30  午间问候  客服")
    (daily, *_rest) = told(path)
    (step,) = [step for step in daily.steps_now if step.title == "午间问候"]
    assert (step.text, step.private, step.hat, step.at_minute) == ("中午好", True, "service", 750)


async def test_a_step_is_changed_its_text_too_and_taken_out(path):
    async with room(path, MORNING, "5") as here:
        await enter(here)
        for does, kind in (("要发的话", TextBox), ("改标题", Form), ("拿掉", Confirm)):
            await here.press("enter")
            await here.opened(Choose)
            await here.write("早报")
            await here.press("enter")
            await here.until(lambda: isinstance(here.app.screen, Choose) and "拿掉" in here.text)
            await here.write(does)
            await here.press("enter")
            await here.opened(kind)
            if kind is TextBox:
                await here.press("早", "f2")
            elif kind is Form:
                await fill(here, "发早报啦", "9:30")
                await here.press("f2")
            else:
                await here.press("y")
            await here.closed()
        await here.until(lambda: "早报啦" not in here.text)
    (daily, *_rest) = told(path)
    assert len(daily.steps_now) == 4


async def test_off_and_on_by_space(path):
    async with room(path, MORNING, "5") as here:
        await enter(here)
        await here.press("space")
        await here.told("每日时间表 关掉了")
        await here.sees("○", "关着：按空格打开")
        assert here.on(SopsScreen).current.name == "每日时间表"
        await here.press("space")
        await here.told("每日时间表 打开了")
    assert all(one.on for one in told(path))


async def test_started_for_a_member_and_ended(path):
    async with room(path, MORNING, "5") as here:
        await enter(here)
        await here.press("s")
        await here.told("这个会自己跑")
        await here.press("down", "down", "s")
        await here.opened(Choose)
        await here.press("enter")
        await here.opened(Form)
        await fill(here, "2026-03-25", "查无此人")
        await here.press("f2")
        await here.until(lambda: here.wrong)
        await here.press("up")
        await fill(here, "2026-03-25", "阿梨")
        await here.press("f2")
        await here.sees("2 次执行中", "执行中，从3月25日算起 · 阿梨")
        await here.press("s")
        await here.opened(Choose)
        await here.write("结束3月25")
        await here.press("enter")
        await here.told("这次执行结束了")
        await here.sees("1 次执行中")


async def test_put_away_copied_and_why(path):
    async with room(path, MORNING, "5") as here:
        await enter(here)
        await here.press("w")
        await here.opened(TextView)
        await here.sees("S0-27", "10:00")
        await here.press("escape")
        await here.closed()
        await here.press("y")
        await here.told("复制")
        await here.press("delete")
        await here.opened(Confirm)
        await here.sees("每日时间表？", "5 步不再提醒")
        await here.burst("y", "y")
        await here.sees("2 个 SOP")
        await here.press("u")
        await here.sees("3 个 SOP")
    assert "▍每天 10:00 发早报" in (path.parent / "out" / "sop-1.txt").read_text(encoding="utf-8")


async def test_a_hostile_name_is_drawn_as_it_is(empty):
    with Desk(empty, MORNING) as desk:
        desk.write(sops.add, 1, HOSTILE, "daily")
    async with room(empty, MORNING, "5") as here:
        await here.turn_to("sops")
        await here.sees("[/][red]早报")
        assert "\u202e" not in here.text


def test_key_view(path, snap_compare):
    async def arrive(here: Room) -> None:
        await enter(here)
        await here.sees("发早报  内容官")

    assert pictured(snap_compare, path, MORNING, arrive)
