"""A list of amends in the 3T room: who gets what before Enter, what they have already, what is noted after it."""

from __future__ import annotations

import pytest
from textual.widgets import TextArea

from qunguan.domain.incident_compensation import CompensationSum
from qunguan.services import groups, incident_compensation, incidents, members
from qunguan.services.desk import Desk
from qunguan.tui.widgets.dialogs import TextView
from qunguan.tui.widgets.source_box import SourceBox
from tests.conftest import NOW
from tests.tui.desk_app import Room, room

LIST = (
    "昵称\t金额(元)\t备注\n"
    + "".join(f"成员{n:02}\t12.50\t\n" for n in range(9))
    + "成员09\t1234.56\t转账\n没有这人\t5\t\n"
)


@pytest.fixture
def file(tmp_path, clock):
    path = tmp_path / "q.db"
    with Desk(path, clock, create=True) as desk:
        group = desk.write(groups.create, "早起读书群")
        for n in range(10):
            desk.write(members.add, f"成员{n:02}", group_id=group.id)
        desk.write(members.leave, 1, group.id, NOW.date())
        desk.write(incidents.start, "草莓坏了")
    return path


async def previewed(here: Room) -> None:
    """The list is pasted, and what it would do is on the screen."""
    await here.press("!")
    await here.until(lambda: here.noun == "incidents" and here.top.filled)
    await here.press("c")
    await here.opened(SourceBox)
    here.app.screen.query_one(TextArea).load_text(LIST)
    await here.press("f2")
    await here.sees("新答应 10 份")


def sums(file, clock) -> CompensationSum:
    with Desk(file, clock) as desk:
        return desk.read(incident_compensation.sums, 1)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_who_gets_what_is_seen_before_enter_and_said_to_be_noted_after_it(file, clock, size):
    async with room(file, clock, "2", size=size) as here:
        await previewed(here)
        await here.sees(
            "兑现 0 份", "先算答应", "现金 10 份", "合计 ¥1347.06", "¥1234.56 转账", "其中 1 位已退群", "成员00"
        )
        lines = here.lines()
        assert lines.index(next(each for each in lines if "¥1234.56" in each)) < lines.index(
            next(each for each in lines if "○ 成员00" in each)
        )
        assert "已记下" not in here.text
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("已记下：", "新答应 10 份，兑现 0 份", "现在：兑现 0/10 份")
        await here.press("escape")
        await here.closed()
    assert (sums(file, clock).promised, sums(file, clock).delivered) == (10, 0)


async def test_rows_that_are_not_taken_are_in_the_headline(file, clock):
    async with room(file, clock, "2", size=(80, 24)) as here:
        await previewed(here)
        await here.sees("0 份早就有了   1 行没算进去，见下面")
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("1 行没算进去，见下面")


async def test_a_key_goes_round_what_they_have_already(file, clock):
    async with room(file, clock, "2") as here:
        await previewed(here)
        await here.press("p")
        await here.sees("都已经给到手了", "兑现 10 份", "✓ 成员09")
        await here.press("ｐ")
        await here.sees("只答应", "兑现 0 份")
        await here.press("p")
        await here.sees("先算答应")
        await here.press("p")
        await here.sees("都已经给到手了")
        await here.burst("enter", "enter")
        await here.opened(TextView)
    assert sums(file, clock).delivered_fen == 134706
