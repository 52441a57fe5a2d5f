"""The brokering book by key: noted, brought on stage by stage, paid, shown with the consent of both only."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from qunguan.domain.clock import Clock
from qunguan.domain.deals import DealDraft, Party
from qunguan.services import deals, groups, members
from qunguan.services.desk import Desk
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.text_box import TextBox
from tests.tui.desk_app import Room, pictured, room

TODAY = date(2026, 3, 20)
DAY = timedelta(days=1)
HOSTILE = "[/][red]\u202e怪事" + "\u200b" * 10_000
OBEYED = "\x1b]0;x\x07[/]"


@pytest.fixture
def empty(tmp_path: Path, clock: Clock) -> Path:
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        desk.write(members.add_many, ["阿梨", "小满"], group_id=1)
    return tmp_path / "q.db"


@pytest.fixture
def path(empty: Path, clock: Clock) -> Path:
    """A deal that is done and half paid, one in talks, one of a hostile title, one that fell through."""
    with Desk(empty, clock) as desk:
        draft = DealDraft("找印刷厂", need="三千册绘本\n五月交货", seeker=Party(member_id=1), giver=Party("老周印务"),
                          worth_fen=6_000_000)  # fmt: skip
        found = desk.write(deals.add, 1, draft, day=TODAY - 30 * DAY)
        desk.write(deals.move, found.id, "done", TODAY - 17 * DAY, "签了合同")
        desk.write(deals.pay, found.id, 50_000, TODAY - 10 * DAY)
        desk.write(deals.add, 1, DealDraft("拿投资", seeker=Party("某公司"), giver=Party(member_id=2)), stage="talking")
        desk.write(deals.add, 1, DealDraft(HOSTILE, "hiring", OBEYED, Party("某出版社"), fee_fen=800_000))
        desk.write(deals.add, 1, DealDraft("旧事", seeker=Party("某人")), stage="lost")
    return empty


def kept(path: Path, clock: Clock, title: str):
    with Desk(path, clock) as desk:
        return desk.read(deals.find, desk.clock, title)


async def come(here: Room) -> None:
    await here.turn_to("deals")
    await here.until(lambda: here.app.screen.query("PagedTable.main") and here.table._pages is not None)


async def test_what_the_book_shows(path, clock):
    async with room(path, clock, "7") as here:
        await come(here)
        await here.sees("线索 1 在谈 1 已成交 1 没谈成 1", "●●○─", "○───", "怪事", "小满 #2", "未收 ¥700")
        assert "旧事" not in here.text
        await here.press("f")
        await here.sees("佣金没收齐的", "●●●✓", "五月交货", "签了合同")
        await here.press("enter")
        await here.opened(TextView)
        await here.press("escape")
        await here.closed()
        await here.press("f", "f")
        await here.sees("旧事", "×")
        await here.press("w")
        await here.opened(TextView)
        await here.sees("2 %（S3-35）")


async def test_narrow_and_searched(path, clock):
    async with room(path, clock, "7", (80, 24)) as here:
        await come(here)
        await here.sees("拿投资", "某公司")
        await here.press("/")
        await here.write("小满")
        await here.until(lambda: here.table.line_count == 1)


async def test_noted_and_brought_on(empty, clock):
    async with room(empty, clock, "7") as here:
        await come(here)
        await here.sees("按 a 记下来")
        await here.press("space")
        await here.told("没有选中")
        await here.press("a")
        await here.opened(Form)
        await here.write("找仓库")
        await here.press("enter", "enter")
        await here.write("阿梨")
        await here.press("f2", "f2")
        await here.closed()
        await here.sees("找仓库", "2 %")
        assert kept(empty, clock, "找仓库").draft.seeker.member_id == 1
        await here.press("space")
        await here.told("还没写谁能帮上")
        await here.press("e")
        await here.opened(Form)
        for _line in range(4):
            await here.press("enter")
        await here.write("顺风仓储")
        await here.press("enter")
        here.line.value = "5"
        await here.press("f2")
        await here.until(lambda: "看不出" in here.wrong)
        here.on(Form).query_one("#field-fee", Input).value = "¥3000"
        await here.press("f2")
        await here.closed()
        await here.sees("顺风仓储")
        await here.press("space")
        await here.until(lambda: kept(empty, clock, "找仓库").stage == "introduced")
        await here.press("space")
        await here.until(lambda: kept(empty, clock, "找仓库").stage == "talking")
        assert kept(empty, clock, "找仓库").draft.fee_fen == 300_000
        await here.press("u")
        await here.until(lambda: kept(empty, clock, "找仓库").stage == "introduced")


async def test_the_last_stage_asks_what_it_is_worth(path, clock):
    async with room(path, clock, "7") as here:
        await come(here)
        await here.sees("拿投资")
        await here.press("space")
        await here.until(lambda: kept(path, clock, "拿投资").stage == "agreed")
        await here.sees("●●●○")
        await here.press("space")
        await here.opened(Form)
        await here.press("f2")
        await here.until(lambda: "不知道成交金额" in here.wrong)
        await here.press("enter", "enter", "enter")
        await here.write("5000000")
        await here.press("f2")
        await here.closed()
        await here.sees("●●●✓ 拿投资", "¥100000")
        await here.press("ｐ")
        await here.opened(Form)
        assert here.line.value == "100000.00"
        await here.press("f2", "f2")
        await here.closed()
        await here.until(lambda: kept(path, clock, "拿投资").account.open_fen == 0)


async def test_a_case_needs_the_consent_of_both(path, clock, copied):
    async with room(path, clock, "7") as here:
        await come(here)
        await here.press("f")
        await here.sees("找印刷厂", "签了合同")
        await here.press("y")
        await here.told("双方都同意展示")
        await here.press("c")
        await here.opened(Form)
        here.line.value = "是，双方都同意"
        await here.press("f2")
        await here.closed()
        await here.sees("★")
        await here.press("y")
        await here.until(lambda: copied)
        assert "阿梨" in copied[0]
        await here.press("t")
        await here.opened(TextBox)
        here.on(TextBox).query_one(TextArea).text = "自己的话\n第二行"
        await here.press("f2")
        await here.closed()
        await here.press("y")
        await here.until(lambda: len(copied) == 2)
        assert copied[1] == "自己的话\n第二行"
        await here.press("delete")
        await here.opened(Confirm)
        await here.press("escape")
        await here.closed()
        assert kept(path, clock, "找印刷厂").stage == "done"


def test_picture(path, clock, snap_compare):
    async def arrive(here: Room) -> None:
        await come(here)
        await here.press("f", "f", "f")
        await here.sees("旧事")
        await here.press("down")
        await here.sees("固定佣金 ¥8000")  # beside the list

    assert pictured(snap_compare, path, clock, arrive)


async def test_a_line_that_is_missing_has_the_cursor(empty, clock):
    async with room(empty, clock, "7") as here:
        await come(here)
        await here.press("a")
        await here.opened(Form)
        await here.write("找仓库")
        await here.press("f2")
        await here.until(lambda: here.line.id == "field-seeker")
        await here.sees("这里还空着")
