"""Goals by key: a shipped one, one's own, its way, changed, closed, opened again; what is wrong is said in the form."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.goals import Goal
from qunguan.services import goals, groups, members
from qunguan.services.desk import Desk
from qunguan.tui.screens.goals import GoalsScreen
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from tests.tui.desk_app import Room, pictured, room

TODAY = date(2026, 3, 20)
HOSTILE = "[/][red]\u202e冲刺"


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def told(path: Path, clock: Clock) -> list[Goal]:
    with Desk(path, clock) as desk:
        return list(desk.read(goals.all_goals))


@pytest.fixture
def empty(tmp_path: Path, clock: Clock) -> Path:
    """A group of four, two of them new in the last days."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        desk.write(members.add_many, ["甲子", "乙丑"], group_id=1, joined_on=ago(60))
        desk.write(members.add_many, ["丙寅", "丁卯"], group_id=1, joined_on=ago(5))
    return tmp_path / "q.db"


@pytest.fixture
def path(empty: Path, clock: Clock) -> Path:
    """From 2 members to 6 in twenty days, half of them gone; and one nobody can measure."""
    with Desk(empty, clock) as desk:
        desk.write(goals.add, "members", "6", name=HOSTILE, from_day=ago(10), to_day=TODAY + timedelta(days=10),
                   group_id=1)  # fmt: skip
        desk.write(goals.add, "messages", "50", group_id=1, from_day=ago(3))
    return empty


async def enter(here: Room) -> None:
    await here.turn_to("goals")
    await here.sees("2 个目标", "冲刺")


async def fill(here: Room, *values: str) -> None:
    """The lines of the form in their order; None of them is left as it is."""
    for value in values:
        if value:
            here.line.value = value
        await here.press("down")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_goals_with_their_meter(path, clock, size):
    async with room(path, clock, "8", size) as here:
        await enter(here)
        await here.sees("2 → 6", "[/][red]冲刺", "按计划", "未知", "████┃░░░")
        assert "\u202e" not in here.text
        if size[0] > 100:
            await here.sees("应到", "基线取 2026-03-10 的实测值")
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("03-10", "03-30")


async def test_the_way_and_why(path, clock):
    async with room(path, clock, "8") as here:
        await enter(here)
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("2026-03-20  实测 4，应到 4", "2026-03-16  实测 4，应到 3")
        await here.press("escape")
        await here.closed()
        await here.press("ｗ")
        await here.opened(TextView)
        await here.sees("连一条直线", "少 10% 以内")
        await here.press("escape")
        await here.closed()
        await here.press("y")
        await here.told("复制")
    assert "按计划" in (path.parent / "out" / f"goals-{TODAY}.txt").read_text(encoding="utf-8")


async def test_a_shipped_goal(empty, clock):
    async with room(empty, clock, "8") as here:
        await here.turn_to("goals")
        await here.sees("想做到什么")
        await here.press("e")
        await here.told("还没有目标：按 a 定一个")
        await here.press("a")
        await here.opened(Choose)
        await here.write("半年")
        await here.press("enter")
        await here.opened(Form)
        await here.sees("比基线提升", "30")
        await here.burst("f2", "f2")
        await here.told("目标「半年复购率提升 30%」定好了")
        await here.closed()
        await here.press("u")
        await here.sees("想做到什么")
    assert told(empty, clock) == []


async def test_one_of_ones_own_and_what_is_wrong_with_it(empty, clock):
    async with room(empty, clock, "8") as here:
        await here.turn_to("goals")
        await here.sees("想做到什么")
        await here.press("a")
        await here.opened(Choose)
        await here.sees("半年复购率提升 30%  复购率 · 比基线提升（%） · 183 天 · S0-07")
        await here.write("自己")
        await here.press("enter")
        await here.opened(Form)
        await fill(here, "成员", "提升百分点", "5")
        await here.press("f2")
        await here.until(lambda: "不能按百分点定" in here.wrong)
        await here.press("up", "up")
        here.line.value = "乱写"
        await here.press("f2")
        await here.until(lambda: "F3" in here.wrong)
        await fill(here, "达到", "6", "3", str(ago(10)), str(TODAY), "所有群合起来", "六人")
        await here.press("f2")
        await here.told("目标「六人」定好了")
        await here.sees("3 → 6", "落后")
    (made,) = told(empty, clock)
    assert (made.metric, made.kind, made.target, made.baseline, made.group_id) == ("members", "value", 6, 3, None)


async def test_changed_closed_and_opened_again(path, clock):
    async with room(path, clock, "8") as here:
        await enter(here)
        await here.press("home", "e")
        await here.opened(Form)
        await fill(here, "", "", "", "", "", str(TODAY + timedelta(days=30)))
        await here.press("f2")
        await here.told("改好了")
        await here.closed()
        await here.sees("30")
        await here.press("home", "delete")
        await here.opened(Confirm)
        await here.press("delete")
        assert isinstance(here.app.screen, Confirm)
        await here.press("y")
        await here.told("已关闭")
        await here.sees("1 个目标", "1 个已关闭")
        await here.press("end", "delete")
        await here.opened(Confirm)
        await here.sees("重新打开目标")
        await here.press("y")
        await here.sees("2 个目标")
        await here.press("u")
        await here.sees("1 个已关闭")
    assert [goal.closed_on for goal in told(path, clock)].count(TODAY) == 1


def test_the_key_view(path, clock, snap_compare):
    async def arrive(here):
        await enter(here)
        await here.press("end", "home")
        await here.sees("基线取 2026-03-10")
        screen = here.on(GoalsScreen)
        goal = screen._goals[0].goal
        await here.until(lambda: len(screen._ways.get(goal, ())) == 11)
        await here.pilot.pause()

    assert pictured(snap_compare, path, clock, arrive)
