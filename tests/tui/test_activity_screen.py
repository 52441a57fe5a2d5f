"""The room of talk by key: pictures by day, week, hour and person; periods, imports, cards, text and file."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from qunguan.domain.insights import DAY, DayCount
from qunguan.services import groups, insights, members
from qunguan.services.desk import Desk
from qunguan.tui.screens import activity_lines as drawing
from qunguan.tui.screens.activity_import import ChatBox
from qunguan.tui.screens.members_card import CardView
from qunguan.tui.widgets.charts import Chart
from qunguan.tui.widgets.dialogs import Form, TextView
from qunguan.tui.widgets.table_cells import Cell
from tests.services.chat_kit import ago, crowd, span, spread, tell
from tests.tui.desk_app import Room, pictured, room

HOSTILE = "[/][red]\u202e甲" + "\u200d" * 4


@pytest.fixture
def path(tmp_path: Path, clock) -> Path:
    """Chats of 130 days but for three: the first six speak daily; one fell silent; one is new; one nobody knows."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        ids = crowd(desk, 8)
        ids.insert(5, desk.write(members.add, HOSTILE, group_id=1, joined_on=ago(200)).id)
        said = spread(ids[:6], span(ago(130), ago(1)), 2) | spread(ids[6:7], span(ago(60), ago(40)), 3)
        said |= spread(ids[7:8], [ago(5)], 4) | {("路人", ago(4)): 5, (ids[0], ago(2)): 40}
        gap = {ago(20), ago(19), ago(18)}
        told = {key: n for key, n in said.items() if key[1] not in gap}
        tell(desk, ago(130), ago(21), {key: n for key, n in told.items() if key[1] < ago(20)}, hour=9)
        tell(desk, ago(17), ago(1), {key: n for key, n in told.items() if key[1] > ago(18)}, hour=21, own=ids[0])
    return tmp_path / "q.db"


@pytest.fixture
def whole(tmp_path: Path, clock) -> Path:
    """The same without a gap."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        ids = crowd(desk, 8)
        ids.insert(5, desk.write(members.add, HOSTILE, group_id=1, joined_on=ago(200)).id)
        said = spread(ids[:6], span(ago(150), ago(1)), 2) | spread(ids[6:7], span(ago(60), ago(40)), 3)
        said |= spread(ids[7:8], [ago(5)], 4) | {("路人", ago(4)): 5, (ids[0], ago(2)): 40}
        tell(desk, ago(150), ago(1), said, hour=21, own=ids[0])
    return tmp_path / "q.db"


async def enter(here: Room) -> None:
    await here.turn_to("activity")
    await here.sees("按天", "四周", "2026-02-20 到 2026-03-19", "2026-03-19 周四")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_day_nobody_told_of_is_a_gap(path, clock, size):
    async with room(path, clock, "4", size) as here:
        await enter(here)
        await here.sees("28 天里 25 天有记录")
        assert here.app.screen.query_one("#picture", Chart).display
        await here.press("end")
        await here.press(*["up"] * 8)
        await here.sees("2026-02-28 周六         —         —")


async def test_the_pictures_turn(whole, clock):
    async with room(whole, clock, "4") as here:
        await enter(here)
        await here.press("f")
        await here.sees("按周", "03-09 – 03-15")
        await here.press("ｆ")
        await here.sees("按时段", "21:00 ★", "21 点最热闹", "100.0 %")
        await here.press("f")
        await here.sees(
            "按人", "8 人发言", "前十名发言占比", "群主发言占比", "（群主）", "路人 ?", "新开口的", "流失的常客"
        )
        await here.sees("[/][red]甲")
        assert "\u202e" not in here.text
        await here.press("f")
        await here.sees("按天")


async def test_periods(whole, clock):
    async with room(whole, clock, "4") as here:
        await enter(here)
        await here.press("]")
        await here.told("已经是最近一段了")
        await here.press("[")
        await here.sees("2026-01-23 到 2026-02-19")
        await here.press("[")
        await here.sees("2025-12-26 到 2026-01-22")
        await here.press("right")
        await here.sees("2026-01-23 到 2026-02-19")
        await here.press(".")
        await here.sees("2026-02-20 到 2026-03-19")
        await here.press("s")
        await here.sees("十二周", "2025-12-26 到 2026-03-19")
        await here.press("s")
        await here.sees("一年", "150 天有记录")
        await here.press("s")
        await here.sees("四周")


async def test_enter_opens_the_card_and_whoever_is_unknown_waits_in_their_room(whole, clock):
    async with room(whole, clock, "4") as here:
        await enter(here)
        await here.press("enter")
        await here.told("回车只对人和导入记录有用")
        await here.press("f", "f", "f")
        await here.sees("按人", "路人 ?")
        await here.press("end", "up", "enter")
        await here.until(lambda: getattr(here.app.screen, "noun", "") == "speakers")
        await here.turn_to("activity")
        await here.sees("路人 ?")
        await here.press("down", "enter")
        await here.opened(CardView)


async def test_the_imports_say_what_they_told(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("l")
        await here.sees("导入过 2 次", "2026-03-03 – 2026-03-19", "u 撤销最近一步")
        await here.press("s")
        await here.told("按 l 回到数据")
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("系统消息", "重复跳过")
        await here.press("escape")
        await here.closed()
        await here.press("l")
        await here.sees("按天")


async def test_undo_takes_an_import_back(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("u")
        await here.sees("28 天里 8 天有记录")


async def test_why_copy_and_export(whole, clock, copied):
    async with room(whole, clock, "4") as here:
        await enter(here)
        await here.press("w")
        await here.opened(TextView)
        await here.sees("红包都算发言", "有记录的日子：2025-10-21 – 2026-03-19", "S0-35")
        await here.press("escape")
        await here.closed()
        await here.press("y")
        await here.until(lambda: copied)
        assert "日均" in copied[0]
        await here.press("x")
        await here.opened(Form)
        await here.press("enter")
        await here.told("28 行")
        await here.press("f", "f", "f")
        await here.sees("按人", "路人 ?")
        await here.press("w")
        await here.opened(TextView)
        await here.sees("社群打卡的算法约定", "insight.voice_pct")
        await here.press("escape")
        await here.closed()
        await here.press("y")
        await here.until(lambda: len(copied) > 1)
        assert "流失的常客：1" in copied[1]
        await here.press("x")
        await here.opened(Form)
        await here.press("enter")
        await here.told("11 行")


async def test_an_empty_room_teaches(tmp_path, clock):
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
    async with room(tmp_path / "q.db", clock, "4", (80, 24)) as here:
        await here.turn_to("activity")
        await here.sees("按 i 导入群聊记录")
        await here.press("f", "f", "f")
        await here.sees("按人", "按 i 导入群聊记录")
        await here.press("l")
        await here.sees("还没有导入过聊天记录")
        await here.press("i")
        await here.opened(ChatBox)


async def test_who_speaks_is_counted_only_where_it_is_shown(whole, clock, monkeypatch):
    asked: list[int] = []
    count = insights.people

    def people(*args, **options):
        asked.append(1)
        return count(*args, **options)

    monkeypatch.setattr(insights, "people", people)
    async with room(whole, clock, "4") as here:
        await enter(here)
        await here.press("f", "f")
        await here.sees("按时段")
        assert not asked
        await here.press("f")
        await here.sees("路人 ?")
        assert asked


async def test_who_speaks_most_is_there_before_who_came_and_went(whole, clock, monkeypatch):
    gate, count = threading.Event(), insights.people

    def waits(*args, brief=False, **options):
        if not brief:
            gate.wait(20)
        return count(*args, brief=brief, **options)

    monkeypatch.setattr(insights, "people", waits)
    async with room(whole, clock, "4") as here:
        await enter(here)
        await here.press("f", "f", "f")
        await here.sees("路人 ?", "净变化         …")
        await here.press("y")
        await here.told("数据还在读")
        gate.set()
        await here.until(lambda: "…" not in here.text)


async def test_the_people_of_a_period_with_a_gap_are_those_of_the_days_that_are_told(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("f", "f", "f")
        await here.sees("按人", "路人 ?", "28 天里 25 天有聊天记录")


def test_a_long_bar_is_no_longer_than_its_room():
    lines = drawing.day_lines([DayCount(date(2026, 3, 1) + n * DAY, n, 1) for n in range(3)], weekly=False)
    assert [line.day and line.day.messages for line in lines] == [2, 1, 0]
    assert [len(cast("Cell", line.cells[3]).text) for line in lines] == [16, 8, 0]


def test_the_key_view(whole, clock, snap_compare):
    async def arrive(here):
        await enter(here)
        await here.press("f", "f", "f")
        await here.sees("路人 ?", "流失的常客")
        await here.until(lambda: "…" not in here.text)

    assert pictured(snap_compare, whole, clock, arrive)
