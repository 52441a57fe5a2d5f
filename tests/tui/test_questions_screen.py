"""Questions by key: pasted, picked up to the share of a day, answered, made a post, dropped."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import TextArea

from qunguan.domain.activity_outcomes import QuestionRow
from qunguan.domain.clock import Clock
from qunguan.services import groups, members, questions
from qunguan.services.desk import Desk
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.source_box import SourceBox
from qunguan.tui.widgets.text_box import TextBox
from tests.tui.desk_app import Room, pictured, room

HOSTILE = "[/][red]\u202e怪问题\x1b]0;x\x07" + "\u200b" * 10_000
CHAIN = "#接龙\n今天想问什么\n\n1. 阿梨 怎么早起？\n2. 没见过的人 几点开始？\n3. 阿梨\n"


@pytest.fixture
def empty(tmp_path: Path, clock: Clock) -> Path:
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        desk.write(members.add_many, ["阿梨", "小满"], group_id=1)
    return tmp_path / "q.db"


@pytest.fixture
def path(empty: Path, clock: Clock) -> Path:
    with Desk(empty, clock) as desk:
        for number, text in enumerate(("怎么养成早起的习惯？", "第一次带团要准备什么？", HOSTILE, "下雨还去吗？")):
            desk.write(questions.add, 1, text, number % 2 + 1)
        desk.write(questions.settle_question, 2, "picked")
        desk.write(questions.answer, 4, "去，带伞")
    return empty


def kept(path: Path, clock: Clock) -> dict[int, QuestionRow]:
    with Desk(path, clock) as desk:
        return {one.id: one for one in desk.read(questions.questions)}


async def come(here: Room) -> None:
    await here.turn_to("questions")
    await here.until(lambda: here.app.screen.query("PagedTable.main") and here.table._pages is not None)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_queue(path, clock, size):
    async with room(path, clock, "5", size) as here:
        await come(here)
        await here.sees("第一次带团要准备什么？", "怪问题", "2/3")
        assert "去，带伞" not in here.text
        await here.press("f")
        await here.sees("下雨还去吗？")
        await here.press("f")
        await here.until(lambda: here.table.line_count == 4)
        await here.press("w")
        await here.opened(TextView)


async def test_picked_answered_copied_and_made_a_post(path, clock, copied):
    async with room(path, clock, "5") as here:
        await come(here)
        await here.sees("第一次带团要准备什么？")
        await here.press("enter")
        await here.opened(TextBox)
        await here.press("f2")
        await here.until(lambda: here.wrong)
        here.on(TextBox).query_one(TextArea).text = "先列清单"
        await here.press("f2", "f2")
        await here.closed()
        await here.until(lambda: here.table.line_count == 2)
        await here.press("f")
        await here.sees("下雨还去吗？")
        await here.press("down")
        await here.sees("先列清单")
        await here.press("y")
        await here.until(lambda: copied)
        assert "先列清单" in copied[0]
        await here.press("c")
        await here.opened(Form)
        await here.press("f2")
        await here.closed()
        await here.until(lambda: kept(path, clock)[here.top.key].post_id)


async def test_the_share_of_a_day_is_told_when_it_is_passed(path, clock):
    async with room(path, clock, "5") as here:
        await come(here)
        await here.sees("2/3")
        await here.press("end", "p")
        await here.sees("3/3")
        await here.press("end", "ｐ")
        await here.told("activity.questions_a_day")
        await here.sees("4/3")
        await here.press("u")
        await here.sees("3/3")


async def test_dropped_and_taken_up_again(path, clock):
    async with room(path, clock, "5") as here:
        await come(here)
        await here.sees("2/3")
        await here.press("delete")
        await here.until(lambda: here.table.line_count == 2)
        await here.press("f", "f")
        await here.until(lambda: here.table.line_count == 4)
        assert kept(path, clock)[2].state == "dropped"


async def test_a_chain_taken_in_once(empty, clock):
    async with room(empty, clock, "5") as here:
        await come(here)
        await here.sees("p")
        await here.press("i")
        await here.opened(SourceBox)
        area = here.on(SourceBox).query_one(TextArea)
        area.text = "早上好"
        await here.press("f2")
        await here.until(lambda: here.wrong)
        area.text = CHAIN
        await here.press("f2")
        await here.opened(Confirm)
        await here.press("y")
        await here.closed()
        await here.sees("怎么早起？", "没见过的人 几点开始？")
        assert len(kept(empty, clock)) == 2


async def test_one_written_down(empty, clock):
    async with room(empty, clock, "5") as here:
        await come(here)
        await here.press("a")
        await here.opened(Form)
        await here.write("去哪里集合？")
        await here.press("enter")
        await here.write("没有这个人")
        await here.press("enter")
        await here.until(lambda: here.wrong)
        here.line.value = "阿梨"
        await here.burst("enter", "enter")
        await here.closed()
        await here.sees("去哪里集合？", "阿梨", "0/3")
        assert len(kept(empty, clock)) == 1


def test_the_picture_of_the_queue(snap_compare, path, clock):
    async def arrive(here: Room) -> None:
        await come(here)
        await here.sees("2/3")

    assert pictured(snap_compare, path, clock, arrive)
