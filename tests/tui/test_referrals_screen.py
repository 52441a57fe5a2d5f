"""The fission book by key: import with a cheater in it, settle, hand out, undo."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from textual.widgets import TextArea

from qunguan.domain.campaigns import Draft
from qunguan.domain.clock import Clock
from qunguan.services import campaigns, groups, members, points, referrals
from qunguan.services.desk import Desk
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.source_box import SourceBox
from tests.conftest import NOW
from tests.tui.desk_app import Room, pictured, room

TODAY = date(2026, 3, 20)
LATER = Clock(NOW + timedelta(days=9))
LINES = "阿梨 邀请 小满\n阿梨 邀请 团团\n阿梨 邀请 禾苗\n阿梨 邀请 阿梨\n团团 邀请 [/]坏名字\n早上好\n"


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """阿梨 is there, and a drive: three friends earn 30 points and a bookmark."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        desk.write(members.add, "阿梨", group_id=1, joined_on=TODAY - timedelta(days=90))
        terms = {"invite_tiers": "3", "tier_gifts": "书签", "tier_points": "30"}
        draft = Draft("春天拉新", "fission", TODAY, 600, TODAY + timedelta(days=5), 1320, terms=terms)
        desk.write(campaigns.add, 1, draft)
    return tmp_path / "q.db"


async def enter(here: Room) -> None:
    await here.turn_to("referrals")
    await here.sees("春天拉新")


async def take_in(here: Room) -> None:
    await here.press("i")
    await here.opened(SourceBox)
    here.app.screen.query_one(TextArea).insert(LINES)
    await here.press("f2")
    await here.opened(Confirm)
    await here.sees("记下 5 个邀请", "看不出谁邀请了谁")
    await here.press("y")
    await here.closed()


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_drive_whose_cheater_invited_himself_is_settled(path, clock, size):
    async with room(path, clock, "6", size) as here:
        await enter(here)
        await take_in(here)
        await here.press("r")
        await here.sees("没有要发的")
    async with room(path, LATER, "6", size) as here:
        await enter(here)
        await here.press("enter")
        await here.sees("有效 4", "自己邀请自己", "按 r 发 1 份")
        await here.press("r")
        await here.opened(Confirm)
        await here.sees("阿梨", "书签", "30 积分")
        await here.press("y")
        await here.sees("发了 1 份")
        await here.press("r")
        await here.sees("没有要发的")
        await here.press("u")
        await here.sees("按 r 发 1 份")
    with Desk(path, LATER) as desk:
        assert desk.read(points.balance, 1, TODAY + timedelta(days=9)) == 0


async def test_the_book_opens_says_why_and_goes_back(path, clock):
    with Desk(path, clock) as desk:
        desk.write(referrals.add, 1, "阿梨", "[/]坏名字")
    async with room(path, clock, "6") as here:
        await enter(here)
        await here.press("enter")
        await here.sees("[/]坏名字", "待结算")
        await here.press("w")
        await here.opened(TextView)
        await here.sees("待结算 1")
        await here.press("escape")
        await here.press("a")
        await here.opened(Form)
        await here.write("阿梨")
        await here.press("enter")
        await here.write("小满")
        await here.press("f2")
        await here.sees("阿梨 带来了 小满")
        await here.press("y")
        await here.sees("复制")
        await here.press("t")
        await here.sees("收进")
        await here.press("escape")
        await here.sees("1 次裂变")


async def test_a_book_that_is_opened_anew_offers_nothing_before_it_is_read(path, clock):
    with Desk(path, clock) as desk:
        desk.write(referrals.add, 1, "阿梨", "小满")
    async with room(path, clock, "6") as here:
        await enter(here)
        await here.press("enter")
        await here.sees("小满")
        before = here.top
        await here.turn_to("today")
        await here.app._close(before)
        await here.turn_to("referrals")
        await here.sees("小满", "春天拉新")
        assert here.top is not before


async def test_without_a_drive_the_room_teaches(tmp_path, clock):
    with Desk(tmp_path / "leer.db", clock, create=True) as desk:
        desk.write(groups.create, "空群")
    async with room(tmp_path / "leer.db", clock, "6") as here:
        await here.turn_to("referrals")
        await here.sees("请老成员带朋友来")
        await here.press("i")
        await here.sees("先到“活动”里策划一个")


def test_how_the_book_looks(snap_compare, path, clock):
    with Desk(path, clock) as desk:
        for inviter, invitee in (
            ("阿梨", "小满"),
            ("阿梨", "团团"),
            ("团团", "禾苗"),
            ("团团", "团团"),
            ("禾苗", "青稞"),
        ):
            desk.write(referrals.add, 1, inviter, invitee)
        desk.write(members.leave, 5, 1, TODAY + timedelta(days=0))

    async def arrive(here: Room) -> None:
        await here.press("6")
        await enter(here)
        await here.press("enter")
        await here.sees("青稞")

    assert pictured(snap_compare, path, LATER, arrive)
