"""Reach by key: the channels, who has no way, notes, imports, refusals, the list; hostile names."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from qunguan.domain.clock import Clock
from qunguan.domain.reach import channels
from qunguan.services import groups, members, reach
from qunguan.services.desk import Desk
from qunguan.tui.screens.reach import ReachScreen
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.source_box import SourceBox
from tests.tui.desk_app import Room, pictured, room

HOSTILE = "[/][red]\u202e怪名字"
TABLE = (
    "昵称,手机号,邮箱,同意\n阿梨,13800000001,li@example.com,是\n小满,,man@example.com,不同意\n没有这人,13800000009,,\n"
)


@pytest.fixture
def empty(tmp_path: Path, clock: Clock) -> Path:
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
    return tmp_path / "q.db"


@pytest.fixture
def path(empty: Path, clock: Clock) -> Path:
    with Desk(empty, clock) as desk:
        desk.write(members.add_many, ["阿梨", "小满", HOSTILE, "老陈"], group_id=1)
        desk.write(reach.add, 1, channels()["phone"], "13800000001")
        desk.write(reach.add, 3, channels()["qq"], "55555")
        desk.write(reach.add, 4, channels()["wechat"], "[/]laochen\u200b")
        desk.write(reach.refuse, 4, channels()["wechat"])
    return empty


def covered(path: Path, clock: Clock) -> dict[str, int]:
    with Desk(path, clock) as desk:
        return {each.channel: each.n for each in desk.read(reach.coverage, clock, 1).channels}


def ways(path: Path, clock: Clock) -> set[tuple[str, str, bool]]:
    with Desk(path, clock) as desk:
        return {(one.name, one.channel, one.agreed) for one in desk.read(reach.contacts, clock, 1)}


async def come(here: Room) -> None:
    await here.turn_to("reach")
    await here.until(lambda: here.app.screen.query("PagedTable.main") and here.table._pages is not None)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_channels_and_who_has_no_way(path, clock, size):
    async with room(path, clock, "9", size) as here:
        await come(here)
        await here.sees("短信 / 电话", "25.0 %", "QQ", "2/4", "2 人联系不上")
        if size[0] == 120:
            await here.sees("三道防线", "S4-31")
        await here.press("f")
        await here.sees("小满", "老陈")
        assert "阿梨" not in here.text
        await here.press("f")
        await here.sees("0001", "怪名字", "✗")
        await here.press("/")
        await here.write("qq")
        await here.until(lambda: here.table.line_count == 1)
        await here.press("escape", "escape", "w")
        await here.opened(TextView)
        await here.sees("三道防线")


async def test_noted_to_somebody_without_a_way_and_taken_back(path, clock):
    async with room(path, clock, "9") as here:
        await come(here)
        await here.press("f")
        await here.sees("小满")
        await here.press("enter")
        await here.opened(Form)
        here.on(Form).query(Input).last().value = ""
        fields = list(here.on(Form).query(Input))
        fields[2].value = "nothing"
        fields[1].value = "邮箱"
        fields[3].value = "是"
        await here.press("f2")
        await here.until(lambda: here.wrong)
        fields[2].value = "man@example.com"
        await here.press("f2", "f2")
        await here.closed()
        await here.until(lambda: covered(path, clock)["email"] == 1)
        await here.press("u")
        await here.until(lambda: covered(path, clock)["email"] == 0)


async def test_a_table_taken_in_after_a_look(path, clock):
    async with room(path, clock, "9") as here:
        await come(here)
        await here.press("i")
        await here.opened(SourceBox)
        here.on(SourceBox).query_one(TextArea).text = TABLE
        await here.press("f2")
        await here.opened(Confirm)
        await here.sees("收进 2 条新的联系方式", "没有这人")
        await here.press("y")
        await here.closed()
        await here.until(lambda: covered(path, clock)["email"] == 1)
        assert ("小满", "email", False) in ways(path, clock)


async def test_columns_nobody_knows_are_asked_about(path, clock):
    async with room(path, clock, "9") as here:
        await come(here)
        await here.press("i")
        await here.opened(SourceBox)
        here.on(SourceBox).query_one(TextArea).text = "甲,乙,丙\n小满,邮箱,man@example.com\n"
        await here.press("f2")
        for _column in range(3):
            await here.opened(Choose)
            await here.press("enter")
            await here.pilot.pause()
        await here.opened(Confirm)
        await here.press("y")
        await here.closed()
        await here.until(lambda: covered(path, clock)["email"] == 1)


async def test_refused_and_taken_out(path, clock):
    async with room(path, clock, "9") as here:
        await come(here)
        await here.press("n")
        await here.told("先选一条联系方式")
        await here.press("f", "f")
        await here.sees("0001")
        screen = here.on(ReachScreen)
        await here.until(lambda: screen.key is not None)
        place = next(at for at, one in enumerate(screen._ways) if one.name == "阿梨")
        await here.until(lambda: here.table.line_count == 3)
        while screen.key != place:
            await here.press("down")
        await here.press("n")
        await here.until(lambda: ("阿梨", "phone", False) in ways(path, clock))
        await here.press("ｎ")
        await here.until(lambda: ("阿梨", "phone", True) in ways(path, clock))
        await here.press("delete")
        await here.opened(Confirm)
        await here.press("delete", "y")
        await here.closed()
        await here.until(lambda: not any(name == "阿梨" for name, _channel, _agreed in ways(path, clock)))


async def test_the_list_goes_to_a_file_and_the_request_to_the_clipboard(path, clock, copied):
    async with room(path, clock, "9") as here:
        await come(here)
        await here.press("y")
        await here.until(lambda: copied)
        assert "@小满" in copied[0]
        assert "@阿梨" not in copied[0]
        await here.press("x")
        await here.opened(Form)
        file = path.parent / "名单.csv"
        here.on(Form).query(Input).first().value = str(file)
        await here.press("f2")
        await here.closed()
        await here.until(file.exists)
        text = file.read_text(encoding="utf-8-sig")
        assert "13800000001" in text
        assert "laochen" not in text


async def test_an_empty_group_teaches(empty, clock):
    async with room(empty, clock, "9") as here:
        await come(here)
        await here.sees("先去成员")
        await here.press("x")
        await here.told("还联系不上任何人")
        await here.press("enter")
        assert here.noun == "reach"


async def test_the_ways_of_a_channel(path, clock):
    async with room(path, clock, "9") as here:
        await come(here)
        await here.sees("短信 / 电话")
        await here.press("enter")
        await here.sees("0001", "全部联系方式")


def test_picture(path, clock, snap_compare):
    assert pictured(snap_compare, path, clock, come)
