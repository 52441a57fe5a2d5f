"""Experiments by key: plan, split, count, who did it, the verdict, put away."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import TextArea

from qunguan.domain.clock import Clock
from qunguan.domain.experiment_book import ArmDraft, Draft
from qunguan.domain.experiments import Sample
from qunguan.services import experiments, groups, members
from qunguan.services.desk import Desk
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.source_box import SourceBox
from tests.tui.desk_app import Room, pictured, room

HOSTILE = "[/][red]‮甲" + "\u200d" * 4


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """A group of forty and one with a hostile name; nothing is tried yet."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        for number in range(40):
            desk.write(members.add, f"成员{number:02d}", group_id=1)
        desk.write(members.add, HOSTILE, group_id=1)
    return tmp_path / "q.db"


@pytest.fixture
def tried(path: Path, clock: Clock) -> Path:
    """The same with three experiments: won, leaning, not begun."""
    with Desk(path, clock) as desk:
        arms = (ArmDraft("旧海报"), ArmDraft("新海报"))
        for name, base, a, b in (("海报", 0.1, (8, 80), (24, 80)), ("文案", None, (12, 150), (21, 150))):
            made = desk.write(experiments.add, 1, Draft(name, "预约", arms, base, 0.3 if base else None))
            desk.write(experiments.count_all, made.id, [("旧海报", Sample(*a)), ("新海报", Sample(*b))])
        desk.write(experiments.add, 1, Draft("[/] 问候", "回复", (ArmDraft("A"), ArmDraft("[red]B"))))
    return path


async def enter(here: Room) -> None:
    await here.turn_to("experiments")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_from_the_plan_to_the_verdict(path, clock, size):
    async with room(path, clock, "6", size) as here:
        await enter(here)
        await here.sees("哪个更好")
        await here.press("a")
        await here.opened(Choose)
        await here.press("enter")
        await here.opened(Form)
        await here.write("海报")
        await here.press("enter")
        await here.write("预约")
        await here.press("enter", "enter", "enter")
        await here.write("10%")
        await here.press("enter")
        await here.write("30")
        await here.press("f2")
        await here.sees("每组 29 人：按 s 分流")
        await here.press("s")
        await here.opened(Confirm)
        await here.sees("分 41 人")
        await here.press("y")
        await here.sees("名单在")
        await here.press("r")
        await here.opened(Form)
        await here.write("3/30")
        await here.press("enter")
        await here.write("20/30")
        await here.press("f2")
        await here.sees("B 胜出")
        await here.press("w")
        await here.opened(TextView)
        await here.sees("B 更好的机会")
        await here.press("escape")
        await here.press("u")
        await here.sees("还没有数")
    lists = sorted((path.parent / "导出").glob("*.csv")) or sorted(path.parent.rglob("海报-*.csv"))
    assert len(lists) == 2


async def test_a_list_of_names_and_the_names_of_an_arm(path, clock):
    with Desk(path, clock) as desk:
        made = desk.write(experiments.add, 1, Draft("海报", "预约", (ArmDraft("A"), ArmDraft("B"))))
        desk.write(experiments.split, made.id)
    async with room(path, clock, "6") as here:
        await enter(here)
        await here.sees("海报")
        await here.press("i")
        await here.opened(SourceBox)
        here.app.screen.query_one(TextArea).insert("成员01\n成员02\n谁也不是\n")
        await here.press("f2")
        await here.sees("新记 2 人", "谁也不是")
        await here.press("y")
        await here.opened(Choose)
        await here.press("enter")
        await here.sees("复制")


async def test_what_cannot_be_done_says_why(path, clock):
    async with room(path, clock, "6") as here:
        await enter(here)
        await here.press("s")
        await here.sees("还没有实验：按 a 计划一个")
        await here.press("a")
        await here.opened(Choose)
        await here.press("enter")
        await here.opened(Form)
        await here.press("f2")
        await here.sees("名字")
        await here.press("escape")
        await here.press("p")
        await here.opened(Form)
        await here.press("f2")
        await here.sees("每组要 683 人")


async def test_an_experiment_is_put_away_and_taken_up_again(tried, clock):
    async with room(tried, clock, "6") as here:
        await enter(here)
        await here.sees("3 个实验", "[/] 问候")
        await here.press("c")
        await here.opened(Form)
        await here.write("用新的")
        await here.press("f2")
        await here.sees("已收起", "用新的")
        await here.press("end", "s")
        await here.sees("已经收起：按 c 重新打开")
        await here.press("c")
        await here.sees("重新打开")


def test_how_experiments_look(snap_compare, tried, clock):
    async def arrive(here: Room) -> None:
        await here.press("6")
        await enter(here)
        await here.sees("3 个实验")
        await here.press("end")
        await here.sees("计划每组")

    assert pictured(snap_compare, tried, clock, arrive)
