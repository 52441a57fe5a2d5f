"""Who is who by key: whom a speaker may be, the owner's word, namesakes, and the way back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from qunguan.domain.activity import IdKind
from qunguan.domain.clock import Clock
from qunguan.services import activity_queue, groups, members
from qunguan.services.activity_identity import resolve
from qunguan.services.desk import Desk
from qunguan.tui.screens.activity_import import ChatBox
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.find_member import FindMember
from tests.services.activity_kit import speak, told
from tests.tui.desk_app import Room, pictured, room

HOSTILE = "[/][red]‮甲\x1b[2J" + "\u200b" * 10_000
FIRST, LAST = date(2026, 3, 2), date(2026, 3, 18)
TWINS: list[tuple[IdKind, str]] = [("wxid", "wxid_one"), ("wxid", "wxid_two")]
LI = ("name", "小李子")


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """Two accounts called 乐乐妈 where the roster has one; 小李子, who may be 小李; somebody with a hostile name."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        for name in ("乐乐妈", "小李", "阿梨"):
            desk.write(members.add, name, group_id=1)
        people = [
            *(told(*key, "乐乐妈", FIRST, LAST) for key in TWINS),
            told("name", "小李子", "", FIRST, LAST),
            told("uid", "x9", HOSTILE, FIRST, LAST),
            told("name", "阿梨", "", FIRST, LAST),
        ]
        found = desk.write(resolve, 1, people, add_new=False)
        said = [(TWINS[0], FIRST, 30), (TWINS[1], LAST, 20), (LI, FIRST, 4), (LI, LAST, 6), (("uid", "x9"), FIRST, 1)]
        speak(desk, found, [*said, (("name", "阿梨"), LAST, 3)])
    return tmp_path / "q.db"


async def arrive(here: Room) -> None:
    await here.turn_to("speakers")
    await here.sees("待认的人")
    await here.until(lambda: here.table.current is not None)


def waits(path: Path, clock: Clock) -> list[str]:
    with Desk(path, clock) as desk:
        return [one.key for one in desk.read(activity_queue.waiting)]


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_two_accounts_of_one_name_are_settled_one_after_the_other(path, clock, size):
    async with room(path, clock, "2", size) as here:
        await arrive(here)
        await here.sees("4 人发言", "乐乐妈 (#1) 就叫这个名字")
        await here.press("enter")
        await here.opened(Choose)
        await here.sees("“乐乐妈”是谁", "#1")
        await here.press("enter")
        await here.told("乐乐妈 是 乐乐妈，30 条发言归到名下")
        await here.sees("3 人发言", "乐乐妈 (#1) 叫")
        assert here.table.cursor_row == 0
        await here.press("a")
        await here.told("20 条发言归到名下")
        await here.sees("2 人发言")
    with Desk(path, clock) as desk:
        cards = [desk.read(members.card, one) for one in desk.read(members.search, "乐乐妈")]
    assert sorted(alias.text for card in cards for alias in card.aliases if alias.kind == "wxid") == [
        "wxid_one",
        "wxid_two",
    ]


async def test_what_was_settled_can_be_taken_back(path, clock):
    before = waits(path, clock)
    async with room(path, clock, "2") as here:
        await arrive(here)
        await here.press("enter")
        await here.opened(Choose)
        await here.press("enter")
        await here.sees("3 人发言")
        await here.press("u")
        await here.sees("4 人发言")
    assert waits(path, clock) == before


async def test_any_member_can_be_found(path, clock):
    async with room(path, clock, "2") as here:
        await arrive(here)
        await here.press("enter")
        await here.opened(Choose)
        await here.write("另一位")
        await here.press("enter")
        await here.opened(FindMember)
        await here.write("al")
        await here.sees("阿梨")
        await here.press("down", "up", "enter")
        await here.told("乐乐妈 是 阿梨")
    assert len(waits(path, clock)) == 3


async def test_a_bare_name_may_be_somebodys_for_some_days(path, clock):
    async with room(path, clock, "2") as here:
        await arrive(here)
        await here.press("end", "up", "enter")
        await here.opened(Choose)
        await here.sees("“小李子”是谁", "小李")
        await here.write("某几天")
        await here.press("enter")
        await here.until(lambda: "某几天" not in here.text and isinstance(here.app.screen, Choose))
        await here.press("down", "up", "enter")
        await here.opened(Form)
        await here.press("down")
        await here.press("end", *["backspace"] * 10)
        await here.write("2026-03-01")
        await here.press("f2")
        await here.until(lambda: "早于" in here.wrong or "之前" in here.wrong)
        await here.press(*["backspace"] * 10)
        await here.write("2026-03-10")
        await here.press("f2")
        await here.told("小李子 是 小李，4 条发言归到名下")
    with Desk(path, clock) as desk:
        [left] = [one for one in desk.read(activity_queue.waiting) if one.key == "小李子"]
    assert (left.messages, left.first_day) == (6, LAST)


async def test_setting_aside_asks_and_is_listed(path, clock):
    async with room(path, clock, "2") as here:
        await arrive(here)
        await here.press("end", "delete")
        await here.opened(Confirm)
        await here.sees("搁置", "1 条发言")
        await here.press("y")
        await here.sees("3 人发言")
        await here.press("f", "f")
        await here.sees("搁置的人", "1 人发言", "[/][red]")
        await here.press("delete")
        await here.told("已经搁置")
        await here.press("enter")
        await here.opened(Choose)
        await here.write("新成员")
        await here.press("enter")
        await here.sees("没有搁置的人")
    assert len(waits(path, clock)) == 3


async def test_who_is_known_can_be_said_to_be_somebody_else(path, clock):
    async with room(path, clock, "2") as here:
        await arrive(here)
        await here.press("ｆ")
        await here.sees("认出的人", "阿梨 (#3)", "4 人待认")
        await here.press("a")
        await here.told("已经认出来了")
        await here.press("w")
        await here.opened(TextView)
        await here.sees("阿梨 → 阿梨", "按名字认出")
        await here.press("escape", "enter")
        await here.opened(Choose)
        await here.sees("现在是 阿梨")
        await here.write("另一位")
        await here.press("enter")
        await here.opened(FindMember)
        await here.write("小李")
        await here.press("down", "up", "enter")
        await here.told("阿梨 是 小李，3 条发言归到名下")


async def test_search_and_import(path, clock):
    async with room(path, clock, "2") as here:
        await arrive(here)
        await here.press("slash")
        await here.write("wxid_two")
        await here.sees("搜索：wxid_two", "1 人发言")
        await here.press("escape")
        await here.sees("4 人发言")
        await here.press("slash")
        await here.write("谁也没有")
        await here.sees("没有找到")
        await here.press("escape", "i")
        await here.opened(ChatBox)


async def test_those_of_another_group_are_told_of(path, clock):
    with Desk(path, clock) as desk:
        desk.write(groups.create, "桂花里")
        found = desk.write(resolve, 2, [told("uid", "u1", "生人", FIRST, LAST)], add_new=False)
        speak(desk, found, [(("uid", "u1"), FIRST, 2)], 2)
        desk.write(groups.set_current, 1)
    async with room(path, clock, "2") as here:
        await arrive(here)
        await here.sees("4 人发言", "别的群还有 1 人待认")


async def test_an_empty_room_teaches(tmp_path, clock):
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "群")
    async with room(tmp_path / "q.db", clock, "2", (80, 24)) as here:
        await here.turn_to("speakers")
        await here.sees("拿不准是哪位成员的人", "i 导入聊天记录")
        await here.press("delete")
        await here.told("名单是空的")
        await here.press("f")
        await here.sees("还没有认出的人")


def test_the_key_view(path, clock, snap_compare):
    async def there(here):
        await arrive(here)
        await here.sees("wxid：wxid_one")

    assert pictured(snap_compare, path, clock, there)
