"""The roster by key: today's list against it, two entries made one, one made two."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from textual.widgets import OptionList, TextArea

from qunguan.domain.clock import Clock
from qunguan.services import groups, members, points
from qunguan.services.desk import Desk
from qunguan.tui.screens.members import MembersScreen
from qunguan.tui.screens.members_diff import DiffBox
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form
from qunguan.tui.widgets.find_member import FindMember
from qunguan.tui.widgets.source_box import SourceBox
from tests.tui.desk_app import Room, room

HOSTILE = "[/][red]\u202e甲"


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """Four members of a year ago; two of them have the same phone."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        for name, phone in (("阿梨", "13800000001"), ("二宝妈", ""), (HOSTILE, ""), ("阿梨小号", "13800000001")):
            desk.write(members.add, name, group_id=1, joined_on=date(2025, 1, 1), phone=phone)
        desk.write(points.grant, 4, 30, reason="分享")
    return tmp_path / "q.db"


async def paste(here: Room, text: str) -> None:
    await here.opened(SourceBox)
    here.app.screen.query_one(TextArea).text = text
    await here.press("f2")


async def cursor_on(here: Room, member_id: int) -> None:
    here.on(MembersScreen).aim(member_id)
    await here.on(MembersScreen).reload()
    await here.until(lambda: here.table.current is not None and here.table.current.key == member_id)


async def split_off(here: Room, name: str) -> None:
    """The second member's name becomes a member of its own, as far as the form."""
    await here.sees("二宝妈")
    await cursor_on(here, 2)
    await here.press("b")
    await here.opened(Choose)
    await here.write(name)
    await here.press("enter")
    await here.sees("够了")
    await here.press("enter")
    await here.opened(Form)


def roster(path: Path, clock: Clock) -> dict[str, date | None]:
    with Desk(path, clock) as desk:
        cards = [desk.read(members.card, one) for one in range(1, 6) if desk.read(exists, one)]
    return {card.member.name: card.stays[-1].left_on if card.stays else None for card in cards}


def exists(session, member_id: int) -> bool:
    from qunguan.store.members import member

    return session.get(member, member_id) is not None


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_todays_list_is_taken_over_tick_by_tick(path, clock, size):
    async with room(path, clock, "2", size) as here:
        await here.sees("二宝妈")
        await here.press("d")
        await paste(here, f"阿梨\n{HOSTILE}\n阿梨小号\n小新\n")
        await here.opened(DiffBox)
        await here.sees("进群", "小新", "退群", "二宝妈")
        assert "\u202e" not in here.text
        await here.press("r")
        await here.opened(Choose)
        await here.write("内容")
        await here.press("enter")
        await here.opened(DiffBox)
        await here.press("f2")
        await here.told("进群 1，退群 1")
        await here.closed()
        await here.sees("小新")
    found = roster(path, clock)
    assert found["二宝妈"] == date(2026, 3, 20)
    assert found["小新"] is None


async def test_a_list_that_is_too_short_ticks_nothing(path, clock):
    async with room(path, clock, "2") as here:
        await here.sees("二宝妈")
        await here.press("d")
        await paste(here, "阿梨\n")
        await here.opened(DiffBox)
        await here.sees("是完整名单吗")
        await here.press("f2")
        await here.until(lambda: "没有勾选" in here.wrong)
        await here.press("space")
        await here.sees("勾选 1")
        await here.press("escape")
        await here.closed()
    assert roster(path, clock)["二宝妈"] is None


async def test_two_entries_become_one_and_undo_makes_them_two(path, clock):
    async with room(path, clock, "2") as here:
        await here.sees("二宝妈")
        await here.press("/")
        await here.write("阿梨")
        await here.press("escape")
        await cursor_on(here, 1)
        await here.press("m")
        await here.opened(Choose)
        await here.sees("阿梨小号", "手机")
        await here.press("enter")
        await here.until(lambda: "留下" in here.text)
        await here.press("enter")
        await here.opened(Confirm)
        await here.press("y")
        await here.told("阿梨小号 现在就是 阿梨")
        await here.until(lambda: not any("阿梨小号" in line.split("│")[0] for line in here.lines()))
    with Desk(path, clock) as desk:
        assert desk.read(points.balance, 1, date(2026, 3, 20)) == 30
    async with room(path, clock, "2") as here:
        await here.press("u")
        await here.sees("阿梨小号")


async def test_one_entry_becomes_two(path, clock):
    with Desk(path, clock) as desk:
        desk.write(members.set_alias, 2, "nick", "二宝爸")
    async with room(path, clock, "2") as here:
        await split_off(here, "二宝爸")
        await here.press("f2")
        await here.told("二宝爸")
        await here.closed()
    assert "二宝爸" in roster(path, clock)


async def test_merging_with_somebody_else_asks_who(path, clock):
    async with room(path, clock, "2") as here:
        await here.sees("二宝妈")
        await cursor_on(here, 2)
        await here.press("m")
        await here.opened(FindMember)
        await here.until(lambda: here.app.screen.query_one(OptionList).option_count == 3)
        assert "2" not in {option.id for option in here.app.screen.query_one(OptionList).options}
        await here.write("二宝妈")
        await here.until(lambda: here.app.screen.query_one(OptionList).option_count == 0)
        await here.press("escape")
        await here.closed()


async def test_who_is_split_off_by_an_account_is_called_like_the_other(path, clock):
    with Desk(path, clock) as desk:
        desk.write(members.set_alias, 2, "wechat_id", "wx_0006")
    async with room(path, clock, "2") as here:
        await split_off(here, "wx_0006")
        await here.sees("二宝妈（2）")
        await here.press("f2")
        await here.told("二宝妈（2）")
        await here.closed()
    assert "二宝妈（2）" in roster(path, clock)
