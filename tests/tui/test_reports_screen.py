"""Reports by key: the text as it is copied, through the periods, out as a file, of a member who is chosen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.reports import Kind
from qunguan.exchange.writers.reports import text
from qunguan.services import challenges, groups, members, reports
from qunguan.services.desk import Desk
from qunguan.tui.screens.reports import ReportsScreen
from qunguan.tui.widgets.dialogs import Form, TextView
from qunguan.tui.widgets.find_member import FindMember
from tests.tui.desk_app import Room, pictured, room

HOSTILE = "[/][red]\u202e早起"


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """A group of two, since February, with a challenge whose name would like to be markup."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        desk.write(members.add_many, ["阿梨", HOSTILE], group_id=1, joined_on=date(2026, 2, 2))
        desk.write(challenges.add, HOSTILE, days=7)
    return tmp_path / "q.db"


def told(path: Path, clock: Clock, kind: Kind, **asked) -> str:
    with Desk(path, clock) as desk:
        return text(desk.read(reports.report, clock, kind, **asked), 1800)


async def enter(here: Room) -> ReportsScreen:
    await here.turn_to("reports")
    await here.sees("日报：早起读书群", "2026-03-19 · 对比 2026-03-18")
    top = here.top
    assert isinstance(top, ReportsScreen)
    return top


async def test_what_is_seen_is_what_is_copied_through_the_periods(path, clock, copied):
    newest, before = told(path, clock, "weekly"), told(path, clock, "weekly", day=clock.today(_rule(path, clock)))
    async with room(path, clock, "8", (120, 40)) as here:
        await enter(here)
        await here.press("down")
        await here.sees("周报：早起读书群", "2026-03-09 到 2026-03-15")
        await here.press("y")
        await here.until(lambda: copied)
        assert copied == [newest]
        await here.press("]")
        await here.sees("尚未结束，截至 2026-03-19")
        await here.press("]")  # the week after has not begun
        await here.sees("下一期还没开始")
        await here.press("y")
        await here.until(lambda: len(copied) == 2)
        assert copied[1] == before
        await here.press(".", "[")
        await here.sees("2026-03-02 到 2026-03-08")
        await here.press("space")
        await here.until(lambda: isinstance(here.top, TextView))
        await here.sees("【怎么办】")
        await here.press("escape", "w")
        await here.until(lambda: isinstance(here.top, TextView))
        await here.sees("最后一天在群")


async def test_a_file_by_its_end_and_a_member_who_is_chosen(path, clock, tmp_path):
    async with room(path, clock, "8", (80, 24)) as here:
        screen = await enter(here)
        await here.press("enter")
        await here.until(lambda: isinstance(here.top, Form))
        here.line.value = str(tmp_path / "report.pdf")
        await here.press("enter")
        await here.sees("写不了这种文件")
        here.line.value = str(tmp_path / "report.xlsx")
        await here.press("enter")
        await here.until(lambda: (tmp_path / "report.xlsx").exists())
        await here.until(lambda: here.top is screen)
        await here.press("end")
        await here.sees("按 m 选一位成员")
        await here.press("y")
        await here.sees("先按 m 选一位成员")
        await here.press("m")
        await here.until(lambda: isinstance(here.top, FindMember))
        await here.write("阿梨")
        await here.sees("#1")
        await here.press("enter")
        await here.sees("成员报告：阿梨")


async def test_a_name_stays_a_name_and_what_has_not_begun_says_so(path, clock):
    async with room(path, clock, "8", (120, 40)) as here:
        await enter(here)
        await here.press(*["down"] * 4)
        await here.sees("打卡营：[/][red]早起", "打卡营报告：[/][red]早起")
        assert "\u202e" not in here.text
        await here.press("[")
        await here.sees("这份报告不分期")


def test_the_reports_as_a_picture(path, clock, snap_compare):
    async def arrive(here: Room) -> None:
        await here.press("8")
        await enter(here)

    assert pictured(snap_compare, path, clock, arrive)


def _rule(path: Path, clock: Clock):
    with Desk(path, clock) as desk:
        return desk.read(groups.day_rule, 1)
