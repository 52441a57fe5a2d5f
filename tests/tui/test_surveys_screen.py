"""Surveys by key: a set made, answers in, bars, who replied, whose they are, tags, texts; hostile names."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from qunguan.domain.clock import Clock
from qunguan.domain.surveys import preset_typed
from qunguan.exchange.readers.sheets import read_sheet, sheet_from_text
from qunguan.exchange.readers.surveys import read_survey
from qunguan.services import groups, members, surveys
from qunguan.services.desk import Desk
from qunguan.tui.screens.surveys import SurveysScreen
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.source_box import SourceBox
from tests.conftest import FIXTURES
from tests.tui.desk_app import Room, pictured, room

ZONE = "Asia/Shanghai"
HOSTILE = "[/][red]\u202e怪名字\x1b[31m"
BAD = f"序号,昵称,1、[b]好吗[/b],2、想说的\n1,{HOSTILE},[/]好,\x1b]0;坏\x07{'长' * 500}\n2,小满,[/]好,没有\n"


@pytest.fixture
def empty(tmp_path: Path, clock: Clock) -> Path:
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
    return tmp_path / "q.db"


@pytest.fixture
def path(empty: Path, clock: Clock) -> Path:
    with Desk(empty, clock) as desk:
        desk.write(members.add_many, ["阿梨", "小满", "老陈"], group_id=1)
        desk.write(surveys.add_preset, preset_typed("newcomer"), group_id=1)
        found = read_survey(read_sheet(FIXTURES / "surveys" / "wjx_text.xlsx"), ZONE)
        desk.write(surveys.take_in, found)
    return empty


def held(path: Path, clock: Clock) -> dict[str, int]:
    with Desk(path, clock) as desk:
        return {one.name: one.replies for one in desk.read(surveys.surveys)}


def tagged(path: Path, clock: Clock) -> int:
    with Desk(path, clock) as desk:
        return sum(each.members for each in desk.read(members.tags))


async def come(here: Room) -> None:
    await here.turn_to("surveys")
    await here.until(lambda: here.app.screen.query("PagedTable.main") and here.table._pages is not None)


async def opened(here: Room) -> SurveysScreen:
    await come(here)
    await here.sees("新人入群问卷")
    await here.press("enter")
    await here.sees("朋友推荐")
    return here.on(SurveysScreen)


async def to_line(here: Room, holds: str) -> None:
    screen = here.on(SurveysScreen)
    place = next(at for at, line in enumerate(screen._lines) if line.bar is not None and holds in line.bar.text)
    await here.until(lambda: screen.key is not None)
    while screen.key != place:
        await here.press("down")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_survey_question_by_question(path, clock, size):
    async with room(path, clock, "2", size) as here:
        await come(here)
        await here.sees("1 份问卷", "5 份答卷", "2 份待认人")
        await here.press("m")
        await here.told("这是给答卷用的")
        await here.press("enter")
        await here.sees("你是怎么找到我们的", "1（20%）", "2 位认真")
        await to_line(here, "公众号文章")
        if size[0] == 120:
            await here.sees("标签：来源:公众号", "老陈")
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("老陈")
        await here.press("escape")
        await here.closed()
        await here.press("/")
        await here.write("打卡不在这里")
        await here.sees("没有找到“打卡不在这里”")
        await here.press("escape")
        await here.sees("朋友推荐")
        await here.press("escape")
        await here.sees("1 份问卷")
        await here.press("w")
        await here.opened(TextView)
        await here.sees("S3-37", "意向合计")


async def test_who_replied_and_whose_they_are(path, clock):
    async with room(path, clock, "2") as here:
        screen = await opened(here)
        await here.press("space")
        await here.told("这是给答的人用的")
        await here.press("f")
        await here.sees("谁答了", "高意向", "谁也不认识 ?")
        await here.until(lambda: screen.key is not None)
        await here.press("space")
        await here.sees("✓")
        await here.press("u")
        await here.until(lambda: "✓" not in here.text)
        await here.press("f")
        await here.sees("待认人", "阿黎")
        await here.press("m")
        await here.opened(Choose)
        await here.sees("阿梨 (#1)")
        await here.press("enter")
        await here.closed()
        await here.until(lambda: "阿黎" not in here.text)
        await here.press("m")
        await here.opened(Choose)
        await here.press("down", "enter")
        await here.closed()
        await here.sees("留了名字的都认出来了")
        await here.press("f")
        await here.sees("朋友推荐")


async def test_tags_are_looked_at_and_given_in_one_step(path, clock):
    async with room(path, clock, "2") as here:
        await opened(here)
        await here.press("t")
        await here.opened(Confirm)
        await here.sees("来源:朋友推荐：阿梨")
        await here.press("t", "y")
        await here.closed()
        await here.until(lambda: tagged(path, clock) > 0)
        await here.press("t")
        await here.told("该打的标签都打上了")
        await here.press("u")
        await here.until(lambda: tagged(path, clock) == 0)


async def test_answers_come_in_after_a_look(path, clock):
    async with room(path, clock, "2") as here:
        await come(here)
        await here.press("i")
        await here.opened(SourceBox)
        here.on(SourceBox).query_one(TextArea).text = "好吗,为什么\n好,不知道\n"
        await here.press("f2")
        await here.opened(Choose)  # who answered? none of them
        await here.press("enter")
        await here.pilot.pause()
        await here.opened(Choose)
        await here.press("enter")
        await here.opened(Confirm)
        await here.sees("导入 1 份新答卷", "没有名字", "新题目：好吗")
        await here.press("escape")
        await here.closed()
        await here.press("i")
        await here.opened(SourceBox)
        here.on(SourceBox).query_one(TextArea).text = "序号\n1\n"
        await here.press("f2")
        await here.until(lambda: here.wrong)
        here.on(SourceBox).query_one(TextArea).text = BAD
        await here.press("f2")
        await here.opened(Confirm)
        await here.sees("导入 2 份新答卷", "1 份认不准是谁")
        await here.press("y")
        await here.closed()
        await here.sees("[b]好吗[/b]", "[/]好")
        await here.press("f")
        await here.sees("怪名字")
        assert len(held(path, clock)) == 2
        await here.press("u")
        await here.until(lambda: len(held(path, clock)) == 1)
        await here.sees("1 份问卷")


async def test_a_survey_of_a_set_is_changed_copied_and_taken_away(empty, clock, copied):
    async with room(empty, clock, "2") as here:
        await come(here)
        await here.sees("先问，别猜")
        await here.press("e")
        await here.told("还没选问卷")
        await here.press("a")
        await here.opened(Choose)
        await here.press("enter")
        await here.opened(Form)
        await here.press("f2", "f2")
        await here.closed()
        await here.sees("你的年龄段是")
        assert held(empty, clock) == {"需求调研": 0}
        await here.press("n")
        await here.opened(Form)
        fields = list(here.on(Form).query(Input))
        fields[0].value, fields[2].value = "周几有空？", "周六 / 周日"
        await here.press("f2")
        await here.closed()
        await here.until(lambda: here.on(SurveysScreen)._lines[-1].spread.question.text == "周几有空？")
        await to_line(here, "周日")
        await here.press("e")
        await here.opened(Form)
        fields = list(here.on(Form).query(Input))
        fields[1].value, fields[2].value = "空闲：周日", "9999"
        await here.press("f2")
        await here.until(lambda: here.wrong)
        fields[2].value = "2"
        await here.press("f2")
        await here.closed()
        await here.sees("空闲:周日", "+2")
        await here.press("delete")
        await here.opened(Confirm)
        await here.sees("去掉选项“周日”")
        await here.press("y")
        await here.closed()
        await here.until(lambda: here.on(SurveysScreen)._lines[-1].bar.text == "周六")  # type: ignore[union-attr]
        await here.press("up", "y")  # the same key at once would be a second answer
        await here.opened(Choose)
        await here.press("enter")
        await here.until(lambda: copied)
        assert "7. 周几有空？\n   A 周六" in copied[0]
        await here.press("escape")
        await here.sees("1 份问卷")
        await here.press("delete")
        await here.opened(Confirm)
        await here.press("y")
        await here.closed()
        await here.until(lambda: not held(empty, clock))
        await here.sees("先问，别猜")


async def test_crossed_with_segments_and_written_to_a_file(path, clock):
    async with room(path, clock, "2") as here:
        screen = await opened(here)
        await here.press("b")
        await here.opened(Choose)
        await here.press("down", "enter")
        await here.closed()
        await here.until(lambda: screen._scheme and screen._told is not None and screen._told.buckets)
        await here.press("x")
        await here.opened(Form)
        file = path.parent / "结果.csv"
        here.on(Form).query(Input).first().value = str(file)
        await here.press("f2")
        await here.closed()
        await here.until(file.exists)
        assert "朋友推荐" in file.read_text(encoding="utf-8-sig")


async def test_today_leads_to_who_replied(path, clock):
    async with room(path, clock, "1") as here:
        here.app.go("surveys", 1)
        await here.until(lambda: here.noun == "surveys")
        await here.sees("谁答了", "高意向")


def test_picture(path, clock, snap_compare):
    with Desk(path, clock) as desk:
        more = "".join(
            f"{n},2026/3/19 8:0{n % 10}:00,1秒,微信,N/A,10.0.0.1,0,人{n},{'朋友推荐' if n % 3 else '公众号文章'},"
            f"学会一件事,{'只是好奇' if n % 2 else '做过，没坚持下来'},每天都行,早上,\n"
            for n in range(10, 20)
        )
        head = (
            "序号,提交答卷时间,所用时间,来源,来源详情,来自IP,总分,1、您的群昵称是？,2、你是怎么找到我们的？,"
            "3、你想在这里得到什么？,4、这件事你现在走到哪一步？,5、一周能留多少时间给它？,6、什么时候看群最方便？,"
            "7、还有什么想先告诉我的？\n"
        )
        desk.write(surveys.take_in, read_survey(sheet_from_text(head + more, "新人.csv"), ZONE))

    async def arrive(here: Room) -> None:
        await opened(here)
        await to_line(here, "公众号文章")
        await here.sees("标签：来源:公众号")

    assert pictured(snap_compare, path, clock, arrive)
