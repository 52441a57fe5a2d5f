"""Segments by key: schemes and their buckets, who is in one and why, past days, own schemes, the wake list."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from textual.widgets import TextArea

from qunguan.domain.clock import Clock
from qunguan.domain.condition_reader import condition_typed
from qunguan.domain.schemes import Bucket
from qunguan.services import cleaning, groups, members, orders, segments
from qunguan.services.desk import Desk
from qunguan.tui.screens import segments_lines as drawing
from qunguan.tui.screens.segments import SegmentsScreen
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.text_box import TextBox
from tests.services.chat_kit import ago, tell
from tests.tui.desk_app import Room, pictured, room

HOSTILE = "[/][red]\u202e甲"


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """老陈 asleep for a year, one with a hostile name likewise, 阿梨 who talks and buys, 新人 of two days ago."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        for name, day in (("老陈", date(2025, 1, 1)), (HOSTILE, date(2025, 1, 1)), ("阿梨", date(2025, 1, 1)),
                          ("新人", ago(2))):  # fmt: skip
            desk.write(members.add, name, group_id=1, joined_on=day)
        desk.write(orders.add_order, 3, 120_000, day=ago(10))
        tell(desk, ago(200), ago(1), {(3, ago(2)): 6})
    return tmp_path / "q.db"


async def enter(here: Room) -> None:
    await here.turn_to("segments")
    await here.sees("新生", "休眠")


async def onto(here: Room, name: str) -> None:
    """Put the cursor on the bucket of this name."""
    screen = here.on(SegmentsScreen)
    lines = drawing.buckets(screen.found)
    place = next(place for place, (_key, each) in enumerate(lines) if each.bucket.name == name)
    await here.table.move_to(place)
    await here.until(lambda: (filled := screen._filled()) is not None and filled.bucket.name == name)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_sleeper_is_found_and_explained(path, clock, size):
    async with room(path, clock, "4", size) as here:
        await enter(here)
        await onto(here, "休眠")
        await here.press("w")
        await here.opened(TextView)
        await here.press("escape")
        await here.closed()
        await here.press("enter")
        await here.sees("老陈", "[/][red]甲", "Esc 回到各层")
        assert "\u202e" not in here.text
        await here.press("w")
        await here.opened(TextView)
        await here.sees("休眠·", "没互动≥30天：实际 至少 201 天")
        await here.press("escape")
        await here.closed()
        await here.press("escape")
        await here.sees("新生")


async def test_a_search_among_the_buckets_finds_the_one_somebody_is_in(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("/")
        await here.write("老陈")
        await here.until(lambda: "没互动≥30天" in here.text and "加入<14天" not in here.text)
        await here.press("enter")
        await here.sees("老陈", "Esc 回到各层")
        assert "[red]甲" not in here.text


async def test_sleepers_go_onto_a_wake_list(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await onto(here, "休眠")
        await here.press("r")
        await here.opened(Form)
        await here.write("春天")
        await here.press("f2")
        await here.told("2 人进了唤醒名单「春天」")
    with Desk(path, clock) as desk:
        (wake,) = desk.read(cleaning.wakes, clock, 1)
    assert (wake.name, len(wake.members)) == ("春天", 2)


async def test_schemes_turn_cross_and_go_back_in_time(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("c")
        await here.opened(Choose)
        await here.write("S3发言")
        await here.press("enter")
        await here.sees("核心", "潜力", "沉默", "发言≥5/7天")
        await here.press("v")
        await here.opened(Choose)
        await here.write("S1金额")
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("×", "合计")
        await here.press("escape")
        await here.closed()
        await here.press("[")
        await here.sees(f"截至 {ago(1)}")
        await here.press(".")
        await here.sees(f"截至 {ago(0)}")
        await here.press("]")
        await here.told("已经是今天了")
        before = here.on(SegmentsScreen)._code
        await here.press("s")
        await here.until(lambda: here.on(SegmentsScreen)._code != before)


async def test_terms_change_after_a_look_at_who_moves_and_come_back(path, clock):
    async with room(path, clock, "4") as here:
        await here.turn_to("segments")
        here.on(SegmentsScreen).turn_to("s3.messages")
        await here.on(SegmentsScreen).show()
        await here.sees("发言≥5/7天")
        await onto(here, "核心")
        await here.press("e")
        await here.opened(Form)
        await here.press("down")
        here.line.value = "发言≥7/7天"
        await here.press("f2")
        await here.opened(Confirm)
        await here.sees("1 人会变", "阿梨")
        await here.press("y")
        await here.told("今天起用新条件")
        await here.sees("发言≥7/7天")
        await here.press("delete")
        await here.opened(Confirm)
        await here.press("y")
        await here.sees("发言≥5/7天")
        await here.press("e")
        await here.opened(Form)
        await here.press("down")
        here.line.value = "发言很多"
        await here.press("f2")
        await here.until(lambda: here.wrong)


async def test_an_own_scheme_in_ones_own_words(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("a")
        await here.opened(Form)
        await here.write("我的分层")
        await here.press("f2")
        await here.opened(TextBox)
        here.app.screen.query_one(TextArea).text = "大客户 = 消费≥1000/365天\n其他"
        await here.press("f2")
        await here.opened(Confirm)
        await here.press("y")
        await here.sees("我的分层", "大客户", "其他")
        await onto(here, "大客户")
        await here.press("t")
        await here.opened(Choose)
        await here.press("down", "enter")
        await here.opened(Form)
        await here.press("f2")
        await here.told("按规则走")
        await here.press("y")
        await here.told("复制")
    with Desk(path, clock) as desk:
        assert [name for _cat, name in desk.read(segments.rule_tags, clock)[3]] == ["大客户"]


async def test_somebody_is_kept_in_a_bucket_by_hand(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("l")
        await here.told("这是对成员做的")
        await onto(here, "休眠")
        await here.press("enter")
        await here.sees("老陈")
        await here.press("l")
        await here.opened(Choose)
        await here.write("活跃")
        await here.press("enter")
        await here.opened(Form)
        await here.press("f2")
        await here.until(lambda: "理由" in here.wrong or "原因" in here.wrong)
        await here.write("线下常来")
        await here.press("f2")
        await here.told("手动设为")
        await here.press("escape")
        await onto(here, "活跃")
        await here.press("enter")
        await here.sees("老陈")
        await here.press("delete")
        await here.told("恢复按条件")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_names_of_buckets_stand_whole_and_all_labels_beside_a_member(path, clock, size):
    long = "常来但是从不下单的老朋友们"
    with Desk(path, clock) as desk:
        own = desk.write(segments.create, "自定", [Bucket("rest", long, condition_typed("在群"))])
    async with room(path, clock, "4", size) as here:
        await enter(here)
        screen = here.on(SegmentsScreen)
        screen._code = own.code
        await screen.show(keep=False)
        await here.sees(long)
        await here.press("enter")
        await here.sees("老陈")
        if size[0] < 120:
            await here.press("w")
            await here.opened(TextView)
        await here.sees("休眠·生命周期七段", "未消费·S1金额", "沉默·S1活跃")


def test_the_key_view(path, clock, snap_compare):
    async def arrive(here):
        await enter(here)
        await onto(here, "休眠")
        await here.sees("趁还没走")

    assert pictured(snap_compare, path, clock, arrive)
