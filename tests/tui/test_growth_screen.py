"""The growth plan by key: boxes ticked by the data and by hand, where they are done, the notebook of cases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual.widgets import TextArea

from qunguan.domain.actions import nouns, of
from qunguan.domain.clock import Clock
from qunguan.domain.growth import Case, CaseDraft, Plan, boxes
from qunguan.services import groups, growth, members, sops
from qunguan.services.desk import Desk
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.text_box import TextBox
from tests.conftest import NOW
from tests.tui.desk_app import Room, pictured, room

HOSTILE = "[/][red]\u202e怪案例\x1b]0;x\x07" + "\u200b" * 10_000


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        desk.write(members.add_many, [f"成员{n}" for n in range(12)], group_id=1)
        desk.write(sops.use, "welcome", 1)
        desk.write(growth.start, NOW.date() - timedelta(days=20))
    return tmp_path / "q.db"


def kept(path: Path, clock: Clock) -> tuple[Plan, tuple[Case, ...]]:
    with Desk(path, clock) as desk:
        return desk.read(growth.plan, clock), desk.read(growth.cases)


async def come(here: Room) -> None:
    await here.turn_to("growth")
    await here.until(lambda: here.top.filled)


async def test_the_plan_says_what_ticked_what_and_leads_there(path, clock):
    async with room(path, clock, "0") as here:
        await come(here)
        await here.sees("第 21 天", "● ", "! ", "○ ", "成员9", "把人请进花名册")
        await here.press("space")
        await here.sees("你做过的事已经替它打上勾")
        await here.press("w")
        await here.opened(TextView)
        await here.sees("表 member 的第 10 行")
        await here.press("escape")
        await here.press("enter", "enter")
        await here.until(lambda: here.noun == "members")


async def test_by_hand_with_a_word(path, clock):
    async with room(path, clock, "0") as here:
        await come(here)
        await here.press(*["down"] * 8, "space")
        await here.opened(Form)
        await here.press("f2")
        await here.sees("用几个字说说你做了什么")
        await here.write("讲给小鹿听了 [/]")
        await here.press("f2", "f2")
        await here.closed()
        await here.sees("◐", "讲给小鹿听了 [/]")
        await here.press("space")
        await here.until(lambda: "讲给小鹿听了" not in here.text)
        await here.press("u")
        await here.sees("讲给小鹿听了 [/]")
    three = next(each for each in kept(path, clock)[0].boxes if each.box.code == "three")
    assert (three.by, three.done_on) == ("hand", NOW.date())


async def test_another_first_day_and_a_file(path, clock):
    async with room(path, clock, "0", (80, 24)) as here:
        await come(here)
        await here.press("d")
        await here.opened(Form)
        here.line.value = "2026-03-01"
        await here.press("enter")
        await here.closed()
        await here.sees("第 20 天")
        await here.press("x")
        await here.opened(Form)
        here.line.value = str(path.parent / "计划.pdf")
        await here.press("enter")
        await here.until(lambda: here.wrong)
        here.line.value = str(path.parent / "计划.md")
        await here.press("enter")
        await here.closed()
    assert "● 把人请进花名册" in (path.parent / "计划.md").read_text(encoding="utf-8")


async def test_cases_taken_apart(path, clock):
    with Desk(path, clock) as desk:
        desk.write(growth.add_case, CaseDraft(HOSTILE))
    async with room(path, clock, "0") as here:
        await come(here)
        await here.press("e")
        await here.sees("按 c 看案例")
        await here.press("ｃ")
        await here.sees("怪案例", "职场博主在群里卖课", "你的案例 1 个")
        await here.press("down")
        await here.sees("501 人买")
        await here.press("delete")
        await here.sees("这是现成的")
        await here.press("enter", "enter")
        await here.opened(Form)
        await here.press("down", "down")
        await here.write("先算账")
        await here.press("f2", "f2")
        await here.closed()
        await here.sees("你的案例 2 个", "先算账")
        await here.press("e")
        await here.opened(Choose)
        await here.press("down", "down", "down", "enter")
        await here.opened(TextBox)
        here.on(TextBox).query_one(TextArea).text = "先做\n免费的"
        await here.press("f2")
        await here.closed()
        await here.sees("免费的")
        await here.press("delete")
        await here.opened(Confirm)
        await here.press("y")
        await here.sees("你的案例 1 个")
        await here.press("a")
        await here.opened(Choose)
        await here.press("enter")
        await here.opened(Form)
        await here.press("f2")
        await here.sees("这个案例还没有标题")
        await here.press("escape", "c")
        await here.sees("第 21 天")
    assert len(kept(path, clock)[1]) == 1


def test_every_box_leads_to_a_key_that_is_there():
    rooms = dict(nouns())
    for box in boxes():
        assert box.room in rooms, box.code
        assert box.verb in {action.verb for action in of(box.room)}, box.code


def test_the_plan_as_a_picture(path, clock, snap_compare):
    async def arrive(here: Room) -> None:
        await come(here)
        await here.sees("花名册里有了成员9")  # beside the list

    assert pictured(snap_compare, path, clock, arrive)
