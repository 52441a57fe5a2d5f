"""Tasks on Today by key: ticked, moved, left out, written down, opened again; what is settled folds away."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.content import PostDraft
from qunguan.domain.tasks import Task
from qunguan.domain.today import Agenda, Line, Said, Target
from qunguan.services import content, groups, members, sops, tasks
from qunguan.services.desk import Desk
from qunguan.tui.app import QunguanApp
from qunguan.tui.screens.today import TodayScreen
from qunguan.tui.screens.today_lines import headline
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Form, TextView
from tests.tui.desk_app import Room, pictured, room

TODAY = date(2026, 3, 20)
YESTERDAY = Clock(datetime(2026, 3, 19, 1, tzinfo=UTC))
AFTERNOON = Clock(datetime(2026, 3, 20, 7, 50, tzinfo=UTC))  # 15:50
HOSTILE = "[/][red]\u202e寄书\u200b"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A daily timetable since yesterday, two newcomers, a planned post, a task of one's own."""
    with Desk(tmp_path / "q.db", YESTERDAY, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        desk.write(sops.use, "daily", 1)
        desk.write(sops.use, "welcome", 1)
        for task in desk.read(tasks.on_day, YESTERDAY, date(2026, 3, 19), 1)[:2]:
            desk.write(tasks.mark_done, task.key)
        for name in ("阿梨", "小满"):
            desk.write(members.add, name, group_id=1, joined_on=TODAY)
        desk.write(content.schedule, 1, PostDraft("周五接龙", "interactive", TODAY, 1170, text="{group}接龙"))
        desk.write(tasks.add, 1, HOSTILE, TODAY, text="[/]寄给 {who}")
    return tmp_path / "q.db"


@pytest.fixture
def copied(monkeypatch) -> list[str]:
    texts: list[str] = []
    monkeypatch.setattr(QunguanApp, "copy_to_clipboard", lambda _app, text: texts.append(text))
    monkeypatch.setattr("pyperclip.is_available", lambda: False)
    return texts


def told(path: Path, title: str, day: date = TODAY) -> Task:
    with Desk(path, AFTERNOON) as desk:
        return next(task for task in desk.read(tasks.on_day, AFTERNOON, day, 1) if title in task.title)


async def onto(here: Room, text: str) -> None:
    """Put the cursor on the line with this text."""
    await here.sees("要做的")
    screen = here.on(TodayScreen)
    for _ in range(20):
        if screen.line and text in str(screen.line.text):
            return
        await here.press("down")
    raise AssertionError(f"no line {text}:\n{here.text}")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_day_by_its_hours(path, size):
    async with room(path, AFTERNOON, "1", size) as here:
        await here.sees("10:00     发早报", "欢迎新人（2 人）：", "19:30     周五接龙", "任务 2/5", "[/][red]寄书")
        rows = [line for line in here.lines() if " 发早报" in line or " 收尾" in line or "欢迎新人" in line]
        assert ["!" in rows[0], "21:30" in rows[1], "任务" in rows[2]] == [True, True, True]
        assert "\u202e" not in here.text
        if size[0] > 100:
            await here.sees("按 y 填好 消息一、消息二", "早上好，早起读书群的周五早报来了")


async def test_ticked_it_stays_where_it_is_and_folds_away_later(path):
    async with room(path, AFTERNOON, "1") as here:
        await onto(here, "发早报")
        await here.press("space")
        await here.sees("●  10:00     发早报")
        assert told(path, "发早报").state == "done"
        await here.press("space")
        await here.sees("!  10:00     发早报")
        assert told(path, "发早报").state == "todo"
        await here.press("space")
        await here.sees("●  10:00     发早报")
        await here.press("2")
        await here.until(lambda: here.noun == "members")
        await here.press("1")
        await here.sees("已了      今天完成 1 件")
        assert "发早报" not in here.text
        await onto(here, "今天完成")
        await here.press("enter")
        await here.opened(Choose)
        await here.sees("完成 · 超时  10:00 发早报")
        await here.press("enter")
        await here.told("重新打开：发早报")
        await here.sees("!  10:00     发早报")


async def test_one_tick_is_for_all_newcomers_and_is_undone(path):
    async with room(path, AFTERNOON, "1") as here:
        await onto(here, "欢迎新人")
        await here.press("space")
        await here.told("2 个人都完成了")
        assert told(path, "欢迎新人").state == "done"
        await here.press("u")
        await here.until(lambda: told(path, "欢迎新人").state == "todo")


async def test_moved_to_an_offered_time_and_to_ones_own(path):
    async with room(path, AFTERNOON, "1") as here:
        await onto(here, "发早报")
        await here.press("ｐ")
        await here.opened(Choose)
        await here.sees("一小时后  今天 16:50", "今晚  今天 20:00", "明天  明天 10:00")
        await here.burst("enter", "enter")
        await here.told("改到今天 16:50：发早报")
        await here.sees("16:50     发早报")
        await onto(here, "发早报")
        await here.press("p")
        await here.opened(Choose)
        await here.write("别的")
        await here.press("enter")
        await here.opened(Form)
        here.line.value = "2026-03-01"
        await here.press("f2")
        await here.until(lambda: "已经过去" in here.wrong)
        here.line.value = "2026-03-22"
        await here.press("down")
        here.line.value = "9:30"
        await here.press("f2")
        await here.told("改到3月22日 09:30：发早报")
        await here.sees("改期 1 件")
    moved = told(path, "发早报", date(2026, 3, 22))
    assert (moved.on_day, moved.on_minute) == (date(2026, 3, 22), 570)


async def test_left_out_with_a_reason_shipped_or_typed(path):
    async with room(path, AFTERNOON, "1") as here:
        await onto(here, "发早报")
        await here.press("n")
        await here.opened(Choose)
        await here.sees("今天没空", "时机不对")
        await here.write("停更一天")
        await here.press("enter")
        await here.told("已跳过：发早报")
        await here.sees("−  10:00     发早报")
        await here.press("n")
        await here.told("已经勾掉了：按空格重新打开")
        await here.press("space")
        await here.sees("!  10:00     发早报")
    assert told(path, "发早报").state == "todo"


async def test_a_post_is_posted_by_its_tick(path):
    async with room(path, AFTERNOON, "1") as here:
        await onto(here, "周五接龙")
        await here.press("space")
        await here.sees("●  19:30     周五接龙")
    with Desk(path, AFTERNOON) as desk:
        assert desk.read(content.get, 1).state == "posted"


async def test_the_text_is_copied_and_why_tells_the_week(path, copied):
    async with room(path, AFTERNOON, "1") as here:
        await onto(here, "周五接龙")
        await here.press("y")
        await here.until(lambda: copied)
        assert copied == ["早起读书群接龙"]
        await onto(here, "收尾")
        await here.press("w")
        await here.opened(TextView)
        await here.sees("每日时间表：今天 21:30，群主", "S0-27", "本周各角色", "内容官：", "完成 2")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_what_only_the_owner_can_fill_is_asked_for(path, copied, size):
    async with room(path, AFTERNOON, "1", size) as here:
        await onto(here, "发早报")
        await here.press("y")
        await here.opened(Form)
        await here.sees("消息一", "消息三", "留成 ____", "F2")
        here.line.value = "图书馆今天开门"
        await here.press("f2")
        await here.told("已复制")
        (text,) = copied
        assert "图书馆今天开门" in text
        assert "{" not in text
        assert "____" not in text  # lines that say nothing else are left out
        await onto(here, "寄书")
        await here.press("y")
        await here.opened(Form)
        await here.press("f2")
        await here.told("发之前还要填：谁负责")
        assert copied[1] == "[/]寄给 ____"
        await here.press("y")
        await here.opened(Form)
        await here.press("escape")
        await here.closed()
        assert len(copied) == 2
    names = {file.name for file in (path.parent / "out").iterdir()}
    assert names == {"2026-03-20-task-sop-1.1.txt", "2026-03-20-task-task-1.txt"}


async def test_enter_goes_to_the_sop_or_tells_what_it_is(path):
    async with room(path, AFTERNOON, "1") as here:
        await onto(here, "寄书")
        await here.press("enter")
        await here.opened(TextView)
        await here.press("escape")
        await here.closed()
        await here.press(*["up"] * 12)
        await here.press("enter")
        await here.until(lambda: here.noun == "sops")
        await here.sees("● ", "每日时间表")


async def test_a_task_is_written_down(path):
    async with room(path, AFTERNOON, "1") as here:
        await here.sees("发早报")
        await here.press("a")
        await here.opened(Form)
        await here.press("f2")
        await here.until(lambda: here.wrong)
        for value in ("买奖品", "", "21:00", "客服", ""):
            if value:
                here.line.value = value
            await here.press("down")
        await here.burst("f2", "f2")
        await here.told("记下了：买奖品")
        await here.sees("21:00     买奖品")
    assert told(path, "买奖品").hat == "service"


@pytest.mark.parametrize("key", ["space", "p", "n"])
async def test_what_is_no_task_says_so(path, key):
    async with room(path, AFTERNOON, "1") as here:
        await onto(here, "新来的")
        offered = {action.verb: able for action, able in here.on(TodayScreen)._offered()}
        assert [offered[verb] for verb in ("tick", "postpone", "skip")] == [False] * 3
        await here.press(key)
        await here.told("这一行不是任务")


def test_key_view(path, snap_compare):
    async def arrive(here: Room) -> None:
        await here.sees("10:00     发早报", "新来的 2 位", "早上好，早起读书群的")
        await here.until(lambda: "…" not in here.lines()[2])  # all of the day is read

    assert pictured(snap_compare, path, AFTERNOON, arrive)


def test_while_more_is_read_the_headline_says_so():
    assert headline(Agenda((), None, 9)).plain.endswith("今天没有要赶的事。")
    assert headline(Agenda((), None, 9), more=True).plain == "早上好！ …"
    some = Agenda((Line("task", "task:1", Said("{title}", {"title": "寄书"}), Target("sops"), ()),), None, 9)
    assert headline(some, more=True).plain.rstrip("…") == headline(some).plain.rstrip("。")
