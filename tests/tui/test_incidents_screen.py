"""The 3T room: started with two keys, told, ticked, made good, reviewed, closed; its clocks over every screen."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from textual.widgets import Input, TextArea

from qunguan.domain.clock import Clock
from qunguan.domain.incident_compensation import Amends
from qunguan.domain.incidents import Review
from qunguan.services import groups, history, incident_compensation, incidents, members
from qunguan.services.desk import Desk
from qunguan.tui.incident_clocks import IncidentClocks
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.source_box import SourceBox
from qunguan.tui.widgets.text_box import TextBox
from tests.conftest import NOW
from tests.tui.desk_app import Room, pictured, room


@pytest.fixture
def file(tmp_path, clock):
    path = tmp_path / "q.db"
    with Desk(path, clock, create=True) as desk:
        group = desk.write(groups.create, "早起读书群")
        for n in range(40):
            desk.write(members.add, f"成员{n:02}", group_id=group.id)
    return path


def clocks_of(here: Room) -> IncidentClocks:
    """The clocks of a program in which an incident was open."""
    assert here.app.clocks is not None
    return here.app.clocks


def top(here: Room) -> str:
    """The top line."""
    return here.lines()[0]


async def started(here: Room) -> None:
    """The two keystrokes."""
    await here.press("!")
    await here.opened(Form)
    await here.press("enter")
    await here.closed()
    await here.until(lambda: here.noun == "incidents" and here.top.filled)


async def test_two_keys_start_the_clocks_from_any_screen(file, clock):
    async with room(file, clock, "2") as here:
        assert "危机" not in top(here)
        await here.burst("！", "enter")
        await here.until(lambda: here.noun == "incidents" and here.top.filled)
        await here.sees("突发情况 20:00", "T0 03-20 20:00")
        await here.press("3")
        await here.until(lambda: here.noun == "checkins")
        assert "15:00" in top(here)
        assert "1:00:00" in top(here)
        await here.press("!")  # now it leads to the room
        await here.until(lambda: here.noun == "incidents")
    with Desk(file, clock) as desk:
        (made,) = desk.read(incidents.all_incidents)
        assert (made.title, made.t0, made.severity, made.drill) == ("突发情况 20:00", NOW, "major", False)


async def opened_room(here: Room) -> None:
    await here.until(lambda: here.noun == "incidents" and here.top.filled)


async def fill(here: Room, *words: str) -> None:
    """Fill a form line by line; the last Enter saves it."""
    await here.opened(Form)
    for word in words:
        await here.press(*word, "enter")


async def tell(here: Room) -> None:
    """Enter on a stage: a word for each gap, the text as it is, posted now."""
    await here.press("enter")
    await here.until(lambda: isinstance(here.app.screen, Form | TextBox))
    while isinstance(here.app.screen, Form):
        await here.opened(Form)
        for line in here.app.screen.query(Input):
            line.value = line.value or "好"
        await here.press("f2")
        await here.until(lambda: isinstance(here.app.screen, TextBox))
    await here.opened(TextBox)
    await here.press("f2")
    await fill(here, "", "")
    await here.closed()
    await opened_room(here)


async def test_a_whole_drill_by_keyboard(file, clock, copied, tmp_path):
    """Nothing outside the drill changes: no ledger entry, no task."""
    rows = "\n".join(["昵称\t类型\t数值", *(f"成员{n:02}\t积分\t50" for n in range(30))])
    async with room(file, clock, "2") as here:
        await here.press("9")
        await opened_room(here)
        await here.sees("给出事的那天用")
        await here.press("d")
        await here.opened(Form)
        await here.burst("enter", "enter")  # twice is once
        await opened_room(here)
        await here.sees("【演练】", "演练 20:00")
        assert "危机演练" in top(here)
        await here.press("down", "space")
        await here.sees("[✓]")
        await here.press("up")
        await tell(here)
        assert copied[-1].startswith("【演练】")
        await tell_next(here, "②")
        await here.press("c")
        await here.opened(SourceBox)
        here.app.screen.query_one(TextArea).load_text(rows)
        await here.press("f2")
        await here.sees("新答应 30 份，兑现 30 份")
        await here.burst("enter", "enter")
        await here.opened(TextView)
        await here.press("escape")
        await opened_room(here)
        await here.sees("补偿 30/30 份 · 积分 1500/1500")
        await tell_next(here, "③")
        await here.press("delete")
        await here.told("先按 r 写复盘")
        await here.press("r")
        await fill(here, "a", "b", "c", "d", "e", "f", "", "", "", "", "")
        await here.closed()
        await opened_room(here)
        await here.press("delete")
        await here.opened(Confirm)
        await here.press("y")
        await here.until(lambda: "危机演练" not in top(here))
        await opened_room(here)
        await here.press("x")
        await here.opened(Form)
        await here.press("enter")
        await here.told("报告写在")
    with Desk(file, clock) as desk:
        (made,) = desk.read(incidents.all_incidents)
        found = desk.read(incidents.view, clock, made.id)
        assert found.incident.drill
        assert not found.incident.open
        assert [stage.late_seconds for stage in found.stages] == [0, 0, 0]
        assert found.gauges.compensation.delivered == 30
        assert [action.title for action in found.actions] == ["f"]
        assert found.actions[0].task_id is None
    assert "演练" in (file.parent / "out" / f"incident-{made.id}.html").read_text(encoding="utf-8")


async def tell_next(here: Room, number: str) -> None:
    """Go down to the stage with this number, and tell it."""
    await down_to(here, number)
    await tell(here)


async def down_to(here: Room, number: str) -> None:
    """Go down to the stage with this number."""
    for _ in range(20):
        if number in here.top.line.text:
            break
        await here.press("down")


def some(desk: Desk, title: str = "草莓坏了", **terms: Any) -> int:
    return desk.write(incidents.start, title, **terms).id


async def test_what_is_late_says_so_in_red_and_the_small_screen_shows_all_three(file, clock):
    with Desk(file, clock) as desk:
        some(desk)
    late = Clock(NOW + timedelta(minutes=17, seconds=10))
    async with room(file, late, "2", size=(80, 24)) as here:
        assert "危机 告 +02:10 · 时 42:50 · 兑 23:42:50" in top(here)
        assert "03-20" in top(here)
        await here.press("!")
        await opened_room(here)
        await here.sees("+02:10", "42:50", "① 告知")


async def test_the_clocks_are_over_dialogs_too(file, clock):
    with Desk(file, clock) as desk:
        some(desk)
    moving = Moving(NOW)
    async with room(file, moving, "2") as here:
        await here.until(lambda: "15:00" in top(here))
        await here.press("a")
        await here.opened(Form)
        moving.turn(timedelta(seconds=61))
        clocks_of(here).tick()
        await here.until(lambda: "13:59" in top(here))


class Moving(Clock):
    """A clock a test turns; it is not frozen."""

    moments: list[datetime]

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        object.__setattr__(self, "moments", [moment])

    def now(self) -> datetime:
        return self.moments[-1]

    def turn(self, by: timedelta) -> None:
        self.moments.append(self.now() + by)


async def test_what_becomes_late_meanwhile_stands_in_the_room(file, clock):
    with Desk(file, clock) as desk:
        some(desk)
    moving = Moving(NOW)
    async with room(file, moving, "2") as here:
        await here.press("!")
        await opened_room(here)
        moving.turn(timedelta(minutes=15))
        clocks_of(here).tick()
        await here.until(lambda: "告知 00:00" in top(here))
        assert "到点了" not in here.text
        moving.turn(timedelta(seconds=1))
        clocks_of(here).tick()
        await here.sees("告知 到点了，还没说", "+00:01")


async def test_what_was_promised_is_a_list_of_its_own(file, clock):
    with Desk(file, clock) as desk:
        made = some(desk)
        desk.write(incident_compensation.promise, made, 1, Amends("coupon", fen=1000, what="A1"))
    async with room(file, clock, "2") as here:
        await here.press("!")
        await opened_room(here)
        await here.press("v")
        await here.sees("成员00", "券 ¥10.00 A1", "还没兑现")
        await here.press("space")
        await here.sees("补偿 1/1 份 · ¥10/10")
        await here.press("space")
        await here.sees("补偿 0/1 份")
        await here.press("v")
        await here.sees("① 告知")


async def test_a_statement_with_blanks_is_neither_copied_nor_ticked(file, clock, copied):
    with Desk(file, clock) as desk:
        made = some(desk)
    async with room(file, clock, "2") as here:
        await here.press("!")
        await opened_room(here)
        await here.press("enter")
        await here.opened(Form)
        await here.press("f2")
        await here.opened(TextBox)
        await here.press("f2")
        await here.until(lambda: "还有空没填" in here.wrong)
        area = here.top.query_one(TextArea)
        assert area.selected_text == "____"
        assert not copied
        await here.press("escape")
        await here.closed()
        await here.press("y")  # the draft as it is: only where the owner says so
        await here.opened(Confirm)
        await here.press("n")
        await here.closed()
        assert not copied
        await here.press("enter")
        await here.opened(TextBox)
        here.top.query_one(TextArea).load_text("对不起，____。{next}前再说。")
        await here.press("f2")
        await here.until(lambda: here.top.query_one(TextArea).selected_text == "____")
        await here.press("X")  # stands in its stead
        await here.press("f2")
        await here.until(lambda: here.top.query_one(TextArea).selected_text == "{next}")
    with Desk(file, clock) as desk:
        assert all(each.done_at is None for each in desk.read(incidents.view, clock, made).stages)


async def test_trust_says_first_what_was_promised_and_not_handed_over(file, clock, copied):
    with Desk(file, clock) as desk:
        made = some(desk)
        for member_id in (1, 2):
            desk.write(incident_compensation.promise, made, member_id, Amends("points", 50))
    async with room(file, clock, "2") as here:
        await here.press("!")
        await opened_room(here)
        await down_to(here, "③")
        await here.press("enter")
        await here.opened(Confirm)
        await here.sees("还有 2 份补偿没兑现", "补到 0/2 份")
        await here.press("n")
        await here.closed()
        await here.press("enter")
        await here.opened(Confirm)
        await here.press("y")
        await here.opened(Form)
    assert not copied


async def test_a_statement_is_copied_and_a_draft_is_kept(file, clock, copied):
    with Desk(file, clock) as desk:
        some(desk)
    async with room(file, clock, "2") as here:
        await here.press("!")
        await opened_room(here)
        await here.press("y")
        await here.opened(Form)
        await here.write("三箱")
        await here.press("f2")
        await here.opened(Confirm)
        await here.sees("正在做的是：____", "还是要复制吗")
        await here.press("y")
        await here.closed()
        await here.until(lambda: copied)
        assert "三箱" in copied[0]
        await here.press("enter")
        await here.opened(Form)
        await here.press("f2")
        await here.until(lambda: isinstance(here.app.screen, TextBox))
        await here.pilot.pause()
        here.app.screen.query_one(TextArea).load_text("我写的")
        await here.press("f2")
        await here.opened(Form)
        await here.press("escape")
        await here.closed()
        assert "○   ① 告知" in here.text
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, TextBox))
        assert here.app.screen.query_one(TextArea).text == "我写的"


def test_the_room_as_it_looks(snap_compare, file, clock):
    with Desk(file, clock) as desk:
        made = some(desk, playbook="food")
    with Desk(file, Clock(NOW + timedelta(minutes=17))) as desk:
        desk.write(incidents.tick, made, "tell", "今天的草莓有坏的，对不起。", place="群公告")
        desk.write(incidents.check, made, "tell", "1")
        desk.write(incidents.assign, made, "service", "小王")

    async def arrive(here: Room) -> None:
        await here.press("!")
        await opened_room(here)
        await here.sees("说话的人只定一个")

    assert pictured(snap_compare, file, Clock(NOW + timedelta(minutes=22, seconds=7)), arrive)


async def test_the_timer_is_there_only_while_something_is_open(file, clock):
    async with room(file, clock, "2") as here:
        assert here.app.clocks is None
        await started(here)
        assert clocks_of(here)._timer is not None
        await here.press("u")
        await here.opened(Confirm)
        await here.press("y")
        await here.until(lambda: clocks_of(here)._timer is None)
        assert "危机" not in top(here)


async def test_another_process_is_noticed(file, clock):
    async with room(file, clock, "2") as here:
        with Desk(file, clock) as desk:
            some(desk)
        await here.until(lambda: "15:00" in top(here))


async def test_a_clock_set_back_is_told_once_and_makes_nothing_early(file, clock):
    with Desk(file, clock) as desk:
        made = some(desk)
    moving, seconds = Moving(NOW), [0.0]
    async with room(file, moving, "2") as here:
        await here.until(lambda: here.app.clocks is not None)
        clocks_of(here)._monotonic = lambda: seconds[0]
        clocks_of(here)._last = None

        def goes(wall: int, really: int) -> None:
            moving.turn(timedelta(seconds=wall))
            seconds[0] += really
            clocks_of(here).tick()

        goes(0, 0)
        goes(600, 600)
        assert "05:00" in top(here)
        goes(-3600, 1)
        await here.told("钟被往回拨")
        await here.until(lambda: "04:59" in top(here))
        goes(1, 1)
        goes(1, 1)
        await here.until(lambda: "04:57" in top(here))
        assert sum("钟被往回拨" in each.message for each in here.app._notifications) == 1
        await here.app.workers.wait_for_complete()  # what is told late must not meet a program that is gone
    with Desk(file, moving) as desk:
        told = [entry for entry in desk.read(incidents.view, moving, made).timeline if entry.kind == "clock"]
        assert len(told) == 1


async def test_it_is_corrected_in_one_step(file, clock):
    with Desk(file, clock) as desk:
        some(desk, at=NOW - timedelta(minutes=5))
    async with room(file, clock, "2") as here:
        await here.press("!")
        await opened_room(here)
        await here.press("e")
        await fill(here, "新标题", "危急", "食品安全", "19:50", "", "阿梨", "", "")
        await here.closed()
        await here.sees("新标题", "危急", "食品安全", "T0 03-20 19:50", "阿梨")
        await here.press("u")
        await here.sees("草莓坏了", "T0 03-20 19:55")


async def test_a_hostile_title_is_text(file, clock):
    with Desk(file, clock) as desk:
        some(desk, "[/][red][@click=app.quit]点我" + "长" * 150)
    async with room(file, clock, "2", size=(80, 24)) as here:
        await here.press("!")
        await opened_room(here)
        await here.sees("[@click=app.quit]点我")
        for key in ("w", "e", "n", "l", "f"):
            await here.press(key)
            await here.until(lambda: here.noun == "")
            await here.press("escape")
            await here.closed()
        await here.press("h")
        await here.told("incident-1-handover")
        assert here.app.is_running


async def test_the_timeline_and_earlier_ones(file, clock):
    with Desk(file, clock) as desk:
        some(desk, "第一次", at=NOW - timedelta(days=1))
        some(desk, "第二次")
    async with room(file, clock, "2") as here:
        await here.press("9")
        await opened_room(here)
        await here.press("l")
        await fill(here, "快递来了", "")
        await here.closed()
        await here.sees("快递来了")
        first = here.lines()[3]
        await here.press("[")
        await here.until(lambda: here.lines()[3] != first)
        await here.press("[")
        await here.told("没有更早的了")
        await here.press("f")
        await here.press(*"第一次", "enter")
        await here.until(lambda: "第一次" in here.lines()[3])
        await here.press("a")
        await fill(here, "又一次")
        await here.until(lambda: "又一次" in here.lines()[3])  # in the room already, and looking at another one


async def test_a_drill_begun_beside_a_real_one_is_the_one_that_is_shown(file, clock):
    with Desk(file, clock) as desk:
        some(desk, "真的坏了")
    async with room(file, clock, "2") as here:
        await here.press("!")
        await opened_room(here)
        await here.sees("真的坏了")
        await here.press("d")
        await here.opened(Form)
        await here.press("enter")
        await here.closed()
        await here.until(lambda: "【演练】" in here.lines()[3])
        assert here.top.found.incident.drill
        assert "真的坏了" not in here.lines()[3]


def stands(here: Room, waiting: bool) -> bool:
    """Whether the first stage waits to be told."""
    return ("○   ① 告知" in here.text) == waiting


async def test_what_was_told_is_not_taken_back_without_a_question(file, clock):
    with Desk(file, clock) as desk:
        made = some(desk)
        desk.write(incidents.tick, made, "tell", "对不起。")
        desk.write(incidents.log, made, "快递来了")
    async with room(file, clock, "2") as here:
        await here.press("!")
        await opened_room(here)
        await here.press("u")  # a line of the timeline alone
        await here.until(lambda: "快递来了" not in here.text)
        for answer in ("enter", "y"):
            await here.press("u")
            await here.opened(Confirm)
            await here.sees("发了告知：草莓坏了", "已经发到群里的话不会收回")
            await here.press(answer)
            await here.closed()
            await here.until(partial(stands, here, answer == "y"))
        await here.press("u")
        await here.opened(Confirm)
        await here.sees("危机开始：草莓坏了")


async def test_an_incident_that_was_closed_is_not_opened_again_without_a_question(file, clock):
    with Desk(file, clock) as desk:
        desk.write(incidents.close, some(desk), Review("a", "b", "c", "d"))
    async with room(file, clock, "2") as here:
        await here.press("u")
        await here.opened(Confirm)
        await here.sees("草莓坏了", "危机的计时")


async def test_a_review_that_is_left_is_not_lost(file, clock):
    with Desk(file, clock) as desk:
        some(desk)
    async with room(file, clock, "2") as here:
        await here.press("!")
        await opened_room(here)
        await here.press("r")
        await here.opened(Form)
        await here.write("没分拣")
        await here.press("escape")
        await here.closed()
        await here.press("r")
        await here.opened(Form)
        await here.sees("没分拣")
        assert here.top.query_one("#field-impact", Input).value.startswith("退群 0 人")  # words, not a hint
        await here.press("f2")
        await here.sees("一句话就行")
        assert "原样" not in here.text


async def test_the_statement_asks_what_happened_where_the_title_is_the_ready_one(file, clock):
    with Desk(file, clock) as desk:
        told = some(desk, "草莓坏了 20:00")
        assert "20:00左右，我们发现草莓坏了。" in desk.read(incidents.statement, clock, told, "tell").text
        desk.write(history.undo)
        made = some(desk, "突发情况 20:00")
        ready = desk.read(incidents.statement, clock, made, "tell")
        assert "20:00左右，我们发现{what}。" in ready.text
        assert "what" in ready.missing
    async with room(file, clock, "2") as here:
        await here.press("!")
        await opened_room(here)
        await here.press("enter")
        await here.until(lambda: isinstance(here.app.screen, Form | TextBox))
        if isinstance(here.app.screen, Form):
            await here.opened(Form)
            await here.press("f2")
        await here.until(lambda: isinstance(here.app.screen, TextBox))
        await here.sees("F2（或 Ctrl+S）复制")
        assert "保存" not in here.text


async def test_the_clock_keeps_what_the_text_promised(file, clock):
    with Desk(file, clock) as desk:
        made = some(desk)
        text = desk.read(incidents.statement, Clock(NOW + timedelta(minutes=5)), made, "tell").text
    assert "20:25前" in text
    later = Clock(NOW + timedelta(minutes=8))
    with Desk(file, later) as desk:
        desk.write(incidents.tick, made, "tell", re.sub(r"{\w+}", "在查", text))
        assert desk.read(incidents.view, later, made).next_update_at == NOW + timedelta(minutes=25)
        (each,) = desk.read(incidents.running, later)
        assert each.next_update_at(later.now()) == NOW + timedelta(minutes=25)


async def test_today_begins_at_an_incident_that_is_open(file, clock):
    async with room(file, clock, "1") as here:
        await here.until(lambda: here.top.view is not None)
        with Desk(file, clock) as desk:
            some(desk)
            some(desk, "演习", drill=True)
        await here.until(lambda: here.top.line is not None and here.top.line.kind == "crisis")
        assert any("!" in line and "草莓坏了" in line for line in here.lines())
        assert any("演练" in line and "演习" in line for line in here.lines())


async def test_a_drill_is_offered_in_a_small_terminal_while_nothing_is_open(file, clock):
    async with room(file, clock, "2", size=(80, 24)) as here:
        await here.press("9")
        await opened_room(here)
        assert "d 演练" in here.lines()[-1]
