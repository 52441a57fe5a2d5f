"""The roster import on the screen: files and pastes, what columns mean, what it would do, Enter and Esc."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList, Static, TextArea

from qunguan.services import groups, history, members
from qunguan.services.desk import Desk
from qunguan.tui.screens.members_import import PreviewBox
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Dialog, TextView
from qunguan.tui.widgets.source_box import SourceBox, as_path, files_here
from tests.conftest import FIXTURES
from tests.tui.desk_app import Room, room

ROWS = (
    "群昵称\t手机号\t入群日期\t城市\n"
    "阿梨\t13800138000\t2026-03-01\t上海\n小满\t\t2026年3月9日\t\n坏人\t1\t2026-13-01\t\n"
)
ODD = "花名,联系,进来的日子\n阿梨,13800138000,2026-03-01\n小满,13900139000,2026-03-02\n"


def was_told(found: Room, said: str) -> bool:
    return said in found.wrong


@pytest.fixture
def path(tmp_path: Path, clock) -> Path:
    place = tmp_path / "qunguan.db"
    with Desk(place, clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        desk.write(members.add, "阿梨", group_id=1)
    return place


async def give(found: Room, text: str) -> None:
    """Open the import and hand it this text."""
    await found.press("i")
    await found.opened(SourceBox)
    found.app.screen.query_one(TextArea).text = text
    await found.press("f2")


async def test_a_reason_longer_than_its_column_is_said_whole_below_the_rows(path, clock):
    async with room(path, clock, "2", (80, 24)) as found:
        await give(found, ROWS)
        await found.opened(PreviewBox)
        await found.sees("入群日期 不动（2026-13-01）：没有 2026-13-01 这一天")
        await found.press("end")
        await found.until(lambda: "这一天" not in found.text)


def count(path: Path, clock) -> int:
    with Desk(path, clock) as desk:
        return len(desk.read(members.view_ids, present=None))


async def test_pasted_rows_are_shown_before_anything_is_written_and_enter_does_it_once(path, clock):
    async with room(path, clock, "2") as found:
        await give(found, ROWS)
        await found.opened(PreviewBox)
        await found.sees("新增 2 · 有变化 1 · 没变 0 · 不能收 0 · 有误 2 格", "手机号：— → 13800138000")
        await found.sees("入群日期 不动（2026-13-01）：没有 2026-13-01 这一天")
        await found.sees("另存为其他资料：城市")
        box = found.app.screen
        assert isinstance(box, PreviewBox)
        box.action_apply()
        box.action_apply()  # Enter twice before anything was done
        await found.closed()
        await found.told("新增 2 人，更新 1 人")
        await found.until(lambda: found.table.line_count == 3)
        assert list(path.parent.joinpath("backups").glob("*-import*.db"))
        await give(found, ROWS)
        await found.opened(PreviewBox)
        await found.sees("新增 0 · 有变化 0 · 没变 3", "没有要导入的")
        await found.press("enter")
        await found.closed()
        await found.press("u")
        await found.until(lambda: found.table.line_count == 1)
    with Desk(path, clock) as desk:
        assert len(desk.read(history.recent)) == 2


async def test_help_lists_the_keys_of_the_preview(path, clock):
    async with room(path, clock, "2") as found:
        await give(found, ROWS)
        await found.opened(PreviewBox)
        await found.press("question_mark")
        await found.opened(TextView)
        await found.sees("先备份，再按列出的内容导入", "离开，什么都不改")
        await found.press("escape")
        await found.opened(PreviewBox)


async def test_esc_changes_nothing(path, clock):
    async with room(path, clock, "2") as found:
        await give(found, ROWS)
        await found.opened(PreviewBox)
        await found.press("escape")
        await found.closed()
    assert count(path, clock) == 1
    assert not path.parent.joinpath("backups").exists()


@pytest.mark.parametrize("name", ["members_gb18030.csv", "members_utf8_bom.csv", "wecom_customers.xlsx"])
async def test_files_of_real_people_open_by_their_path(path, clock, name):
    async with room(path, clock, "2") as found:
        await give(found, f"'{FIXTURES / 'members' / name}'")
        await found.opened(PreviewBox)
        assert "新增 0" not in str(found.app.screen.query_one(".counts", Static).render())


async def test_what_cannot_be_read_is_said_in_the_box_and_the_text_stays(path, clock, tmp_path):
    tmp_path.joinpath("pic.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    async with room(path, clock, "2") as found:
        await give(found, "   ")
        await found.until(lambda: "还没有" in found.wrong)
        box = found.app.screen.query_one(TextArea)
        for text, said in (
            (str(tmp_path / "pic.csv"), "图片"),
            (str(tmp_path / "nothing.csv"), "nothing.csv"),
            ("/", "/"),
        ):
            box.text = text
            await found.press("f2")
            await found.until(partial(was_told, found, said))
            assert box.text == text
        await found.press("escape")
        await found.closed()


async def test_an_unknown_header_is_asked_about_once_and_remembered(path, clock):
    async with room(path, clock, "2") as found:
        await give(found, ODD)
        await found.opened(Choose)
        await found.sees("群昵称", "13800138000 · 13900139000")
        await found.press("enter")
        await found.until(lambda: "手机号”" in found.text)
        await found.press("down", "enter")
        await found.until(lambda: "入群日期”" in found.text)
        await found.press("down", "enter")
        await found.opened(PreviewBox)
        await found.sees("花名 = 群昵称", "新增 1 · 有变化 1")
        await found.press("enter")
        await found.closed()
        await found.until(lambda: found.table.line_count == 2)
        await give(found, ODD)
        await found.opened(PreviewBox)
        await found.sees("没变 2")


async def test_esc_while_asked_forgets_the_import(path, clock):
    async with room(path, clock, "2") as found:
        await give(found, ODD)
        await found.opened(Choose)
        await found.press("escape")
        await found.closed()
        await give(found, ODD)
        await found.opened(Choose)
    assert count(path, clock) == 1


TAKEN_WRONG = "昵称,备注,城市,编号\n阿梨,13800138000,上海,7\n小满,13900139000,杭州,8\n"


async def test_a_column_taken_for_something_else_is_put_right_and_remembered(path, clock):
    async with room(path, clock, "2") as found:
        await give(found, TAKEN_WRONG)
        await found.opened(PreviewBox)
        await found.sees("备注 = 备注", "另存为其他资料：城市、编号")
        await found.press("ｅ")
        await found.sees("昵称 = 群昵称", "城市 = 另存为其他资料", "上海 · 杭州")
        await found.press("down", "enter")
        await found.sees("“备注”这一列是什么", "现在是“昵称”列")
        await found.write("手机")
        await found.press("enter")
        await found.opened(PreviewBox)
        await found.sees("备注 = 手机号", "手机号：— → 13800138000")
        await found.press("f4")
        await found.opened(Choose)
        await found.write("编号")
        await found.press("enter")
        await found.sees("“编号”这一列是什么")
        await found.write("不要")
        await found.press("enter")
        await found.opened(PreviewBox)
        await found.until(lambda: "编号" not in found.text)
        await found.press("f2")  # Enter twice at once is once
        await found.closed()
        await found.until(lambda: found.table.line_count == 2)
        await give(found, TAKEN_WRONG)
        await found.opened(PreviewBox)
        await found.sees("备注 = 手机号", "没变 2")
        await found.press("e", "enter")
        await found.sees("“昵称”这一列是什么")
        await found.press("up", "enter")
        await found.opened(PreviewBox)
        await found.until(lambda: "总要有一列是群昵称" in found.wrong)
        await found.press("e", "escape")
        await found.opened(PreviewBox)
        await found.sees("昵称 = 群昵称")


async def test_f3_offers_the_files_that_lie_here(path, clock, tmp_path, monkeypatch):
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    async with room(path, clock, "2") as found:
        await found.press("i")
        await found.opened(SourceBox)
        await found.press("f3")
        await found.until(lambda: "没有" in found.wrong)
        folder.joinpath("名单[red].csv").write_text(ODD.replace("花名", "昵称"), encoding="utf-8")
        folder.joinpath("图.png").touch()
        await found.press("f3")
        await found.opened(Choose)
        assert found.app.screen.query_one(OptionList).option_count == 1
        await found.press("enter")
        await found.opened(PreviewBox)


async def test_hostile_headers_and_cells_are_drawn_literally(path, clock):
    text = "昵称,[@click=app.quit]x[/],\x1b[31m\n\u202e小明,[/],\x07\n[red]小红,=1+1,x\n"
    async with room(path, clock, "2") as found:
        await give(found, text)
        await found.opened(PreviewBox)
        await found.sees("[@click=app.quit]x[/]")
        assert not any(ord(ch) < 32 or ch == "\u202e" for line in found.lines() for ch in line)
        await found.press("enter")
        await found.closed()
        await found.until(lambda: found.table.line_count == 3)
        assert isinstance(found.app.focused, type(found.table))


def test_a_line_is_a_path_when_it_names_a_file_or_looks_like_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "my list.csv"
    file.touch()
    assert as_path("my list.csv") == Path("my list.csv")
    assert as_path(f"{tmp_path}/my\\ list.csv ") == file
    assert as_path(f'"{file}"') == file
    assert as_path(file.as_uri()) == file
    assert as_path("~/no.csv") == Path.home() / "no.csv"
    assert as_path("/no/such/file") == Path("/no/such/file")
    assert as_path("名单.XLSX") == Path("名单.XLSX")  # mistyped, not a table of one word
    for text in ("阿梨", "阿梨\n小满", "a\0b", "x" * 5000, ""):
        assert as_path(text) is None


def test_files_come_newest_first_and_a_closed_folder_offers_none(tmp_path):
    import os

    for age, name in enumerate(("a.csv", "b.XLSX", "c.txt", "d.png")):
        tmp_path.joinpath(name).touch()
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    assert [each.name for each in files_here(tmp_path, (".csv", ".xlsx"))] == ["a.csv", "b.XLSX"]
    assert files_here(tmp_path / "none", (".csv",)) == []


async def test_leaving_the_box_while_it_reads_is_allowed(path, clock, monkeypatch):
    async with room(path, clock, "2") as found:
        await give(found, ROWS * 2000)
        await found.press("escape", "escape")
        await found.until(lambda: not isinstance(found.app.screen, SourceBox))
        await found.until(lambda: found.app.screen.is_current)
        if isinstance(found.app.screen, Dialog):
            await found.press("escape")
        await found.closed()
        await found.press("a")
        await found.until(lambda: isinstance(found.app.focused, Input))
    assert count(path, clock) == 1
