"""The library by key: found, filled and copied with what is doubtful told; one's own written, changed, taken off."""

from __future__ import annotations

from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.scripts import Script
from qunguan.services import groups, scripts
from qunguan.services.desk import Desk
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.text_box import TextBox
from tests.tui.desk_app import Room, pictured, room

HOSTILE = "[/][red]\u202e怪{nick}\x1b]0;x\x07"


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        desk.write(scripts.add, "怪[/]名", "other", HOSTILE + "国家级", "[bold]那天")
    return tmp_path / "q.db"


def kept(path: Path, clock: Clock, name: str) -> Script:
    with Desk(path, clock) as desk:
        return desk.read(scripts.find, name)


async def find(here: Room, text: str) -> None:
    """The cursor on the only script this search finds."""
    await here.turn_to("scripts")
    await here.until(lambda: here.app.screen.query("PagedTable.main") and here.table._pages is not None)
    await here.press("slash")
    await here.write(text)
    await here.until(lambda: here.table.line_count == 1)
    here.app.screen.set_focus(here.table)
    await here.pilot.pause()


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_library(path, clock, size):
    async with room(path, clock, "5", size) as here:
        await here.turn_to("scripts")
        await here.sees("入群欢迎", "打卡提醒", "55 条")
        await here.press("f")
        await here.until(lambda: here.table.line_count == 3)
        await here.press("w")
        await here.opened(TextView)


async def test_filled_and_copied(path, clock, copied):
    async with room(path, clock, "5") as here:
        await find(here, "rqhy")
        await here.sees("{nick}")
        await here.press("y")
        await here.opened(Form)
        await here.write("小满")
        await here.press("enter")
        await here.write("最好的券")
        await here.press("f2")
        await here.opened(Confirm)
        await here.sees("话里还有空没填")
        assert not copied
        await here.press("y")
        await here.until(lambda: copied)
        assert copied[0].startswith("欢迎 小满 来到「早起读书群」")
        assert "{deadline}前有效" in copied[0]
        await here.told("最好")


async def test_what_should_not_go_out_asks_first(path, clock, copied):
    async with room(path, clock, "5") as here:
        await find(here, "怪[/]名")
        await here.sees("[/][red]", "国家级")
        await here.press("y")
        await here.opened(Form)
        await here.press("enter")
        await here.opened(Confirm)
        await here.press("n")
        await here.closed()
        assert not copied
        await here.press("y")
        await here.opened(Form)
        await here.press("enter")
        await here.opened(Confirm)
        await here.press("y")
        await here.until(lambda: copied)
        assert "\x1b" not in copied[0]


async def test_a_shipped_one_changed_and_brought_back(path, clock):
    async with room(path, clock, "5") as here:
        await find(here, "违规提醒")
        await here.press("delete")
        await here.told(here.top.blocked("remove"))
        await here.press("ｅ")
        await here.opened(TextBox)
        await here.pilot.pause()
        box = here.on(TextBox)
        from textual.widgets import TextArea

        box.query_one(TextArea).text = "好好说话，{nick}"
        await here.press("f2", "f2")
        await here.closed()
        await here.sees("好好说话，")
        assert kept(path, clock, "违规提醒").own
        await here.press("delete")
        await here.opened(Confirm)
        await here.press("y")
        await here.closed()
        await here.until(lambda: not here.top.current.own)
        await here.press("u")
        await here.until(lambda: here.top.current.own)


async def test_one_written_and_taken_off(path, clock):
    async with room(path, clock, "5") as here:
        await here.turn_to("scripts")
        await here.press("a")
        await here.opened(Form)
        await here.press("f2")
        await here.until(lambda: here.wrong)
        await here.write("开业")
        await here.press("f2")
        await here.opened(TextBox)
        await here.press("f2")
        await here.until(lambda: here.wrong)
        await here.press(*"abc")
        await here.press("f2")
        await here.closed()
        await here.until(lambda: here.top.key and here.top.current.name == "开业")
        await here.press("t")
        await here.opened(Form)
        await here.write("大吉")
        await here.press("f2")
        await here.closed()
        assert kept(path, clock, "开业大吉").text == "abc"
        await here.until(lambda: here.top.key and here.top.current.name == "开业大吉")
        await here.press("delete")
        await here.opened(Confirm)
        await here.press("y")
        await here.closed()
        await here.until(lambda: "开业大吉" not in {one.name for one in here.top._scripts.values()})


def test_the_picture_of_the_library(snap_compare, path, clock):
    async def arrive(here: Room) -> None:
        await here.turn_to("scripts")
        await here.sees("{nick}")

    assert pictured(snap_compare, path, clock, arrive)
