"""The overview by key: figures against their lines, the rooms behind them, past days, goals and alerts that join."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from qunguan.domain.insights import DAY, Bar, DayCount, Figure
from qunguan.services import goals, groups, insights
from qunguan.services.desk import Desk
from qunguan.tui.app import QunguanApp
from qunguan.tui.screens import insights_lines as drawing
from qunguan.tui.screens.activity_import import ChatBox
from qunguan.tui.screens.insights import InsightsScreen
from qunguan.tui.screens.insights_lines import ROOMS, Around, CardLine, cells
from qunguan.tui.widgets.dialogs import Form, TextView
from qunguan.tui.widgets.table_cells import Cell
from tests.services.chat_kit import ago, crowd, leave, span, spread, tell
from tests.tui.desk_app import Room, room

HOSTILE = "[/][red]\u202e甲" + "\u200d" * 4


@pytest.fixture
def path(tmp_path: Path, clock) -> Path:
    """A group of 20, 15 of whom speak, as its chats of forty days tell; three left, one goal is set."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        ids = crowd(desk, 20)
        tell(desk, ago(40), ago(1), spread(ids[:15], span(ago(40), ago(1)), 3))
        leave(desk, ids[15:18], ago(3))
        desk.write(goals.add, "active_rate", "60", name=HOSTILE, from_day=ago(10), group_id=1)
    return tmp_path / "q.db"


async def enter(here: Room) -> None:
    await here.turn_to("insights")
    await here.sees("截至 2026-03-20", "活跃率", "88.2 %", "日均发言", "1 顺利", "退群多")


def at(code: str) -> list[str]:
    return ["home", *["down"] * list(ROOMS).index(code)]


@pytest.fixture
def copied(monkeypatch) -> list[str]:
    texts: list[str] = []
    monkeypatch.setattr(QunguanApp, "copy_to_clipboard", lambda _app, text: texts.append(text))
    monkeypatch.setattr("pyperclip.is_available", lambda: False)
    return texts


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_figures_stand_against_their_lines(path, clock, size):
    async with room(path, clock, "4", size) as here:
        await enter(here)
        await here.sees("✓ ≥15% ┆60% ┆30%", "✗ ≤8%", "45.0", "15.0")
        assert "\u202e" not in here.text


async def test_beneath_stands_what_the_line_counts(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("down", "down", "down", "down")
        await here.sees("本群看这条", "7 天内活跃的人 ÷ 末日在群人数", "2026-03-13 到 2026-03-19", "成员 · 清洗")


@pytest.mark.parametrize(
    "code", ["aov", "active_rate", "exit_rate", "checkin_rate", "new_members", "messages", "alerts"]
)
async def test_enter_goes_to_the_room_of_the_line(path, clock, code):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press(*at(code), "enter")
        await here.until(lambda: here.noun == ROOMS[code])


async def test_past_days(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("]")
        await here.told("已经是今天了")
        await here.press("[", "[", "[")
        await here.sees("截至 2026-03-17")
        await here.press("】")
        await here.sees("截至 2026-03-18")
        await here.press(".")
        await here.sees("截至 2026-03-20")


async def test_why_names_rule_and_source(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press(*at("active_rate"), "w")
        await here.opened(TextView)
        await here.sees("S4-24", "alert.active_pct", "insight.first_month_pct", "S0-07", "只算已经过完的日子")


async def test_copy_and_export(path, clock, copied):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("y")
        await here.until(lambda: copied)
        assert "活跃率 88.2 % · n=17" in copied[0]
        assert "≤8% 未达标" in copied[0]
        assert "还不知道：LTV ÷ 客单价" in copied[0]
        await here.press("x")
        await here.opened(Form)
        await here.press("enter")
        await here.told("11 行")
    assert list((path.parent).rglob("overview-2026-03-20.xlsx"))


async def test_a_chat_is_imported_from_here(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("i")
        await here.opened(ChatBox)


async def test_a_group_nobody_told_of_says_so(tmp_path, clock):
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
    async with room(tmp_path / "q.db", clock, "4", (80, 24)) as here:
        await here.turn_to("insights")
        await here.sees("按 i 导入", "回车定一个目标", "没有预警")
        await here.press(*at("goals"), "enter")
        await here.until(lambda: here.noun == "goals")


async def test_what_takes_long_holds_no_key(path, clock, monkeypatch):
    """A key meets the room while its figures are still read: it says so, and the next room opens."""
    gate = threading.Event()
    slow = insights.health

    def waits(*args, **options):
        gate.wait(20)
        return slow(*args, **options)

    monkeypatch.setattr(insights, "health", waits)
    async with room(path, clock, "4") as here:
        here.app.go("insights")
        await here.until(lambda: here.noun == "insights")
        await here.press("y")
        await here.told("数据还在读")
        await here.sees("…")
        gate.set()
        await here.sees("88.2 %")


class TestLines:
    def figure(self, **fields) -> Figure:
        given = {"code": "exit_rate", "unit": "share", "value": 0.1, "n": 20, "before": 0.05, "rising": False}
        return Figure(**{**given, "first": date(2026, 3, 1), "last": date(2026, 3, 7), **fields})

    def drawn(self, **fields) -> Sequence[Cell]:
        return cast("Sequence[Cell]", cells(CardLine("exit_rate", self.figure(**fields)), Around()))

    def test_more_of_what_should_fall_is_bad(self):
        change = self.drawn()[5]
        assert (change.text, change.style) == ("▲ 5.0个点", "bad")
        change = self.drawn(before=0.15)[5]
        assert (change.text, change.style) == ("▼ 5.0个点", "good")

    def test_a_change_that_shows_as_nothing_has_no_arrow_and_no_colour(self):
        for before in (0.1, 0.10004):
            change = self.drawn(before=before)[5]
            assert (change.text, change.style) == ("0.0个点", "")
        change = self.drawn(unit="count", value=1000, before=1001)[5]
        assert (change.text, change.style) == ("0%", "")

    def test_no_window_before_no_change(self):
        assert self.drawn(before=None)[5].text == ""

    def test_the_line_that_applies_comes_first(self):
        bars = (Bar("a", 0.05, "C25", False, False), Bar("b", 0.08, "S4-30", True, False))
        assert self.drawn(bars=bars)[6].text == "✗ ≤8% ┆5%"

    def test_unknown_is_a_dash_on_an_empty_gauge(self):
        value, gauge = self.drawn(value=None, bars=(Bar("b", 0.08, "S4-30", True, None),))[2:5:2]
        assert value.text == "—"
        assert "█" not in gauge.text
        assert "┃" in gauge.text

    def test_days_are_drawn_with_their_gap(self):
        days = [
            DayCount(date(2026, 3, 1) + n * DAY, None if 3 < n < 9 else 5, None if 3 < n < 9 else 2) for n in range(12)
        ]
        assert "03-01" in drawing.draw_days(days)(40, 12).plain
        assert drawing.draw_days(())(40, 12).plain


def test_the_key_view(path, clock, snap_compare):
    async def arrive(pilot):
        here = Room(pilot.app, pilot)
        await here.until(lambda: here.app.version > 0)
        await enter(here)
        await here.press("down", "down", "down", "down")
        await here.sees("本群看这条", "天内活跃的人")

    assert snap_compare(QunguanApp(path, clock), terminal_size=(120, 40), run_before=arrive)


@pytest.fixture
def gate(monkeypatch) -> threading.Event:
    """The goals are counted once this is set."""
    found, count = threading.Event(), goals.progresses

    def waits(*args, **options):
        found.wait(20)
        return count(*args, **options)

    monkeypatch.setattr(goals, "progresses", waits)
    return found


def looking_around(here: Room) -> bool:
    return any(worker.group == "around" for worker in here.app.workers)


async def test_left_half_read_it_reads_on_when_looked_at_again(path, clock, gate):
    async with room(path, clock, "4") as here:
        await here.turn_to("insights")
        await here.sees("88.2 %", "…")
        await here.turn_to("goals")
        await here.until(lambda: not looking_around(here))
        gate.set()
        await here.turn_to("insights")
        await here.sees("1 顺利", "退群多")


async def test_back_before_the_next_room_was_made_it_reads_on(path, clock, gate):
    async with room(path, clock, "4") as here:
        await here.turn_to("insights")
        await here.sees("88.2 %", "…")
        await here.turn_to("goals")
        gate.set()
        await here.turn_to("insights")
        await here.sees("1 顺利", "退群多")


async def test_figures_that_come_after_it_was_left_hold_no_other_room(path, clock, monkeypatch):
    """What is around them is read when somebody looks again."""
    gate, slow = threading.Event(), insights.health

    def waits(*args, **options):
        gate.wait(20)
        return slow(*args, **options)

    monkeypatch.setattr(insights, "health", waits)
    async with room(path, clock, "0") as here:
        await here.turn_to("insights")
        screen = here.on(InsightsScreen)
        await here.until(lambda: any(worker.group == "show" for worker in here.app.workers))
        await here.turn_to("points")
        gate.set()
        await here.until(lambda: screen._card is not None)
        assert not looking_around(here)
        await here.turn_to("insights")
        await here.sees("1 顺利", "退群多")
