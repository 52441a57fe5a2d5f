"""Feedback by key: who waits, answers out of ready texts, a review made good, a sheet, what complaints come to."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual.widgets import TextArea

from qunguan.domain.clock import Clock
from qunguan.domain.feedback import Feedback, FeedbackDraft
from qunguan.services import alerts, feedback, groups, members, tasks
from qunguan.services.desk import Desk
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.source_box import SourceBox
from qunguan.tui.widgets.text_box import TextBox
from tests.tui.desk_app import Room, pictured, room

HOSTILE = "[/][red]\u202e怪话\x1b]0;x\x07" + "\u200b" * 10_000


@pytest.fixture
def empty(tmp_path: Path, clock: Clock) -> Path:
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        desk.write(members.add_many, ["阿梨", "小满"], group_id=1)
    return tmp_path / "q.db"


@pytest.fixture
def path(empty: Path, clock: Clock) -> Path:
    with Desk(empty, clock) as desk:

        def said(minutes: int, kind: str, text: str, **values: str | int) -> None:
            at = clock.now() - timedelta(minutes=minutes)
            desk.write(feedback.add, 1, FeedbackDraft(kind, text, told_at=at, **values))  # type: ignore[arg-type]

        said(130, "complaint", "花一收到就蔫了", member_id=1, category="quality")
        said(20, "question", "几点开始？", member_id=2)
        said(15, "review", HOSTILE, who=HOSTILE)
        said(10, "praise", "真好看", member_id=2)
        for number in range(3):
            said(1500 + number, "complaint", f"坏{number}", member_id=1)
            desk.write(feedback.resolve, 5 + number)
    return empty


def kept(path: Path, clock: Clock) -> dict[int, Feedback]:
    with Desk(path, clock) as desk:
        return {one.id: one for one in desk.read(feedback.feedback)}


async def come(here: Room) -> None:
    await here.turn_to("feedback")
    await here.until(lambda: here.app.screen.query("PagedTable.main") and here.table._pages is not None)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_who_waits_the_longest_on_top_then_what_is_open_then_everything(path, clock, size):
    async with room(path, clock, "9", size) as here:
        await come(here)
        await here.sees("花一收到就蔫了", "几点开始？", "怪话", "3 个等回复", "1 个超时", "0 → 3 新增")
        assert "真好看" not in here.text
        await here.press("f", "f")
        await here.until(lambda: here.table.line_count == 7)
        await here.press("ｓ")
        await here.until(lambda: here.table.line_count == 4)
        await here.press("w")
        await here.opened(TextView)
        await here.sees("120", "S4-29")


async def test_an_answer_out_of_a_ready_text_is_noted_once_and_copied(path, clock, copied):
    async with room(path, clock, "9") as here:
        await come(here)
        await here.sees("花一收到就蔫了")
        await here.press("r")
        await here.opened(Choose)
        await here.sees("质量问题", "投诉先接住")
        await here.press("enter")
        await here.opened(Form)  # what is missing in the text
        await here.write("明天")
        await here.press("f2")
        await here.opened(TextBox)
        assert "我明天前办好" in here.on(TextBox).query_one(TextArea).text
        await here.press("f2", "f2")
        await here.closed()
        await here.until(lambda: copied)
        assert "阿梨，东西有问题" in copied[-1]
        await here.press("u")
        await here.until(lambda: not kept(path, clock)[1].steps)
        await here.until(lambda: here.table.line_count == 3)
    assert kept(path, clock)[1].steps == ()


async def test_who_was_answered_stays_under_the_cursor_until_another_list_is_asked_for(path, clock, copied):
    async with room(path, clock, "9") as here:
        await come(here)
        await here.press("enter")
        await here.opened(Choose)
        await here.write("自己写")
        await here.press("enter")
        await here.opened(TextBox)
        here.on(TextBox).query_one(TextArea).text = "马上补发"
        await here.press("f2")
        await here.closed()
        await here.until(lambda: here.top.key == 1 and "◐" in here.text)
        assert here.table.line_count == 3
        await here.sees("2 个等回复")
        await here.press("m")
        await here.opened(Form)
        await here.sees("花一收到就蔫了")
        await here.press("escape")
        await here.closed()
        await here.press("f", "f", "f")
        await here.until(lambda: here.table.line_count == 2)


async def test_an_answer_with_blanks_is_neither_noted_nor_copied(path, clock, copied):
    async with room(path, clock, "9") as here:
        await come(here)
        await here.sees("花一收到就蔫了")
        await here.press("r")
        await here.opened(Choose)
        await here.sees("〔")
        assert "{" not in here.text
        await here.press("enter")
        await here.opened(Form)
        await here.press("f2")
        await here.opened(TextBox)
        await here.press("f2")
        await here.until(lambda: "还有空没填" in here.wrong)
        assert here.on(TextBox).query_one(TextArea).selected_text == "____"
        await here.press("escape")
        await here.closed()
    assert not copied
    assert kept(path, clock)[1].steps == ()


async def test_words_of_ones_own_are_noted_and_an_empty_answer_is_said(path, clock, copied):
    async with room(path, clock, "9") as here:
        await come(here)
        await here.press("enter")
        await here.opened(Choose)
        await here.write("自己写")
        await here.press("enter")
        await here.opened(TextBox)
        await here.press("f2")
        await here.until(lambda: here.wrong)
        here.on(TextBox).query_one(TextArea).text = "[b]马上补发[/b]"
        await here.press("f2")
        await here.closed()
        await here.until(lambda: copied)
    assert kept(path, clock)[1].steps[0].text == "[b]马上补发[/b]"


async def test_a_review_is_made_good_step_by_step_and_turned(path, clock):
    async with room(path, clock, "9") as here:
        await come(here)
        await here.sees("怪话")
        await here.press("f", "s", "s")
        await here.until(lambda: here.table.line_count == 1)
        for words in ("重发一份", "已签收"):
            await here.press("m")
            await here.opened(Form)
            await here.write(words)
            await here.press("enter")
            await here.closed()
            await here.sees(words)
        await here.press("ｍ")
        await here.opened(Choose)
        await here.press("enter")
        await here.closed()
        await here.until(lambda: here.table.line_count == 0)
    assert [step.kind for step in kept(path, clock)[3].steps] == ["offer", "amends", "turned", "resolved"]


async def test_a_question_has_nothing_to_make_good_and_space_settles_and_opens_again(path, clock):
    async with room(path, clock, "9") as here:
        await come(here)
        await here.press("f", "down", "m")
        await here.sees("不是投诉")
        await here.press("space")
        await here.until(lambda: here.table.line_count == 2)
        await here.press("f", "f", "f", "f", "s", "s", "s")
        await here.until(lambda: here.table.line_count == 1)
        await here.press("space")
        await here.told("重新打开")
    assert kept(path, clock)[2].state == "waiting"


async def test_one_is_written_down_of_a_member_or_of_somebody_by_name(path, clock):
    async with room(path, clock, "9") as here:
        await come(here)
        for words, who in (("包装破了", "小满"), ("太慢", "门口的路人")):
            await here.press("a")
            await here.opened(Form)
            await here.write(words)
            await here.press("enter")
            await here.write(who)
            await here.press("f2", "f2")
            await here.closed()
            await here.sees(words)
    found = kept(path, clock)
    assert [(one.member_id, one.name) for one in (found[8], found[9])] == [(2, "小满"), (None, "门口的路人")]
    assert len(found) == 9


async def test_the_first_look_teaches_and_a_sheet_is_shown_before_it_comes_in(empty, clock):
    async with room(empty, clock, "9") as here:
        await come(here)
        await here.sees("大家都说了什么？")
        await here.press("i")
        await here.opened(SourceBox)
        here.on(SourceBox).query_one(TextArea).text = "反馈人\t类型\t内容\n阿梨\t投诉\t蔫了\n路人\t没这种\tx\n"
        await here.press("f2")
        await here.opened(Confirm)
        await here.sees("导入 1 条反馈？", "没有「没这种」这种反馈")
        await here.press("y")
        await here.sees("蔫了")
    assert [one.name for one in kept(empty, clock).values()] == ["阿梨"]


async def test_the_search_finds_a_name_and_the_list_goes_to_a_file(path, clock):
    async with room(path, clock, "9") as here:
        await come(here)
        await here.press("/")
        await here.write("几点")
        await here.until(lambda: here.table.line_count == 1)
        await here.press("escape", "x")
        await here.opened(Form)
        file = path.parent / "反馈.csv"
        here.line.value = str(file)
        await here.press("enter")
        await here.closed()
        await here.until(file.exists)


async def test_the_ready_text_is_copied_with_its_places_filled(path, clock, copied):
    async with room(path, clock, "9") as here:
        await come(here)
        await here.sees("花一收到就蔫了")
        await here.press("y")
        await here.opened(Form)
        await here.write("周五")
        await here.press("f2")
        await here.until(lambda: copied)
        assert "我周五前办好" in copied[-1]


async def test_today_leads_here_and_the_alert_makes_a_task(path, clock):
    async with room(path, clock, "1") as here:
        await here.sees("阿梨 等了 2 小时 10 分：花一收到就蔫了")
        await here.press("enter")
        await here.until(lambda: here.noun == "feedback" and here.table.current and here.table.current.key == 1)
        await here.turn_to("alerts")
        await here.sees("投诉变多", "之前没有")
        await here.press("enter")
        await here.until(lambda: here.noun == "scripts")
    with Desk(path, clock) as desk:
        day = clock.today(desk.read(groups.day_rule, 1)) + timedelta(days=2)
        (task,) = desk.read(tasks.on_day, clock, day, 1)
        assert task.title == "升级话术：投诉 0 → 3"
        assert [one.state for one in desk.read(alerts.alerts, clock, 1) if one.rule == "complaints"] == ["handling"]


def test_picture(path, clock, snap_compare):
    async def arrive(here: Room) -> None:
        await come(here)
        await here.sees("花一收到就蔫了", "Enter 回复", "今天又来了")

    assert pictured(snap_compare, path, clock, arrive)
