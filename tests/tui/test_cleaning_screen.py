"""Silent members by key: the queue and its three questions, decisions, wake lists, tomorrow's look at them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.services import cleaning, groups, members, orders
from qunguan.services.desk import Desk
from qunguan.store.activity import chat_import
from qunguan.store.session import Session
from qunguan.tui.screens.cleaning import CleaningScreen
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Form, TextView
from qunguan.tui.widgets.text_box import TextBox
from tests.tui.desk_app import Room, pictured, room

HOSTILE = "[/][red]\u202e甲" + "\u200d" * 4


def covered(session: Session, clock: Clock) -> None:
    session.step("told")
    nothing = dict.fromkeys(("messages", "system", "recalled", "joins", "leaves", "duplicates"), 0)
    session.insert(chat_import, group_id=1, format="sheet", name="聊天.csv", first_at=datetime(2025, 1, 1, tzinfo=UTC),
                   last_at=datetime(2026, 12, 31, tzinfo=UTC), imported_at=clock.now(), **nothing)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """Three who have said nothing for a year, one of them with a hostile name and one who bought; the chat is known."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        for name in ("老陈", HOSTILE, "二宝"):
            desk.write(members.add, name, group_id=1, joined_on=date(2025, 1, 1))
        desk.write(members.add, "新人", group_id=1, joined_on=date(2026, 3, 18))
        desk.write(orders.add_order, 3, 120_000, day=date(2025, 6, 1))
        desk.write(covered)
    return tmp_path / "q.db"


async def enter(here: Room) -> None:
    await here.turn_to("cleaning")
    await here.sees("4 人里有 3 人 90 天没互动也没消费", "老陈")


def decisions(path: Path, clock: Clock) -> list[tuple[str, str, str]]:
    with Desk(path, clock) as desk:
        return [(one.name, one.decision, one.reason) for one in desk.read(cleaning.cases, clock, 1)]


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_queue_shows_what_speaks_for_each(path, clock, size):
    async with room(path, clock, "2", size) as here:
        await enter(here)
        await here.sees("1 单 ¥1200", "[/][red]甲", "转慢群", "唤醒")
        assert "新人" not in here.text
        assert "\u202e" not in here.text
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("S4-33", "① 买过吗？", "② 参与过吗？", "③ 关注动态吗？")


async def test_sleepers_go_onto_a_wake_list_are_written_to_and_looked_at(path, clock):
    async with room(path, clock, "2") as here:
        await enter(here)
        await here.press("space", "space", "r")
        await here.opened(Form)
        await here.write("三月唤醒")
        await here.press("enter")
        await here.told("2 人进了唤醒名单「三月唤醒」")
        await here.sees("4 人里有 1 人")
        await here.press("f")
        await here.sees("三月唤醒", "还没发")
        await here.press("e")
        await here.opened(Form)
        await here.press("f2")
        await here.opened(TextBox)
        await here.press("f2")
        await here.closed()
        await here.press("y")
        await here.told("复制")
        await here.press("b")
        await here.told("已写给「三月唤醒」里的 2 人")
        await here.press("b")
        await here.told("都已写过")
        await here.press("enter")
        await here.sees("已写 2/2", "Esc 回到全部名单")
        await here.press("w")
        await here.opened(TextView)
        await here.sees("还没到期，目前回来 0 人", "40 %")
        await here.press("escape")
        await here.closed()
        await here.press("escape")
        await here.sees("1 张名单")


async def test_a_letter_goes_to_each_by_name_and_what_only_the_owner_knows_is_asked(path, clock, copied):
    with Desk(path, clock) as desk:
        desk.write(cleaning.decide, 1, [1, 3], "wake", wake_name="甲单")
        (wake,) = desk.read(cleaning.wakes, clock, 1)
    async with room(path, clock, "2") as here:
        await enter_wakes(here)
        await here.press("y")
        await here.until(lambda: copied)
        assert "【给 老陈】\n老陈，好久没" in copied[0]
        assert "【给 二宝】\n二宝，好久没" in copied[0]
        assert "{" not in copied[0]
        with Desk(path, clock) as desk:
            desk.write(cleaning.edit_wake, wake.id, name="甲单", text="{nick}来{group}，有{benefit}")
        await here.until(lambda: "甲单" in here.text)
        await here.app.changed()
        await here.press("y")
        await here.opened(Form)
        await here.write("茶")
        await here.press("f2")
        await here.until(lambda: len(copied) == 2)
        assert copied[1] == "【给 老陈】\n老陈来早起读书群，有茶\n\n【给 二宝】\n二宝来早起读书群，有茶"


async def enter_wakes(here: Room) -> None:
    await here.turn_to("cleaning")
    await here.press("f")
    await here.sees("甲单")


async def test_every_decision_has_its_key_and_undo_brings_them_back(path, clock):
    async with room(path, clock, "2") as here:
        await enter(here)
        for key, word in (("l", "转慢群"), ("m", "保留")):
            await here.press(key)
            await here.told(word)
            await here.sees("4 人里有 2 人")
            await here.press("u")
            await here.sees("4 人里有 3 人")
        for key, asked in (("delete", "移出群吗"), ("n", "不再打扰")):
            await here.press(key)
            await here.opened(Form)
            await here.sees(asked)
            await here.write("说过了")
            await here.press("enter")
            await here.closed()
            await here.sees("有 2 人 90 天")
            await here.press("u")
            await here.sees("4 人里有 3 人")
        await here.press("m")
        await here.sees("4 人里有 2 人")
        await here.press("f", "f")
        await here.sees("保留", "3 天内：还没到期")
        await here.press("space")
        await here.told("一个个决定")
    assert len(decisions(path, clock)) == 1


async def test_a_second_list_is_offered_and_one_left_alone_is_refused(path, clock):
    with Desk(path, clock) as desk:
        desk.write(cleaning.decide, 1, [1], "wake", wake_name="甲单")
        desk.write(cleaning.decide, 1, [2], "no_contact", reason="别发了")
    async with room(path, clock, "2") as here:
        await here.turn_to("cleaning")
        await here.sees("4 人里有 1 人")
        await here.press("r")
        await here.opened(Choose)
        await here.sees("甲单", "新建一张")
        await here.press("enter")
        await here.told("1 人进了唤醒名单「甲单」")
        await here.press("f", "f")
        await here.sees("不再打扰")
        await here.press("down", "r")
        await here.opened(Choose)
        await here.press("enter")
        await here.told("说好了不再打扰")


async def test_an_empty_queue_teaches(tmp_path, clock):
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        desk.write(members.add, "老陈", group_id=1, joined_on=date(2025, 1, 1))
    async with room(tmp_path / "q.db", clock, "2") as here:
        await here.turn_to("cleaning")
        await here.sees("没有聊天记录可查", "认人", "1 人近 90 天没有聊天记录")
        await here.press("r")
        await here.told("先把光标移到某人身上")
        await here.press("y")
        await here.told("唤醒名单上的事")


def test_the_key_view(path, clock, snap_compare):
    async def arrive(here):
        await here.press("2")
        await enter(here)
        await here.sees("① 买过吗？")

    assert pictured(snap_compare, path, clock, arrive)


async def test_a_key_pressed_before_the_room_is_filled_waits_for_it(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        screen = here.on(CleaningScreen)
        screen._loaded, screen._seen = False, -1
        await screen.action_do("filter")
        await here.sees("老陈")
        await screen.reload()
        await here.sees("还没有唤醒名单")


async def test_keys_pressed_before_the_room_is_filled_are_kept_in_order(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        screen = here.on(CleaningScreen)
        screen._loaded, screen._seen = False, -1
        for verb in ("filter", "filter"):
            await screen.action_do(verb)
        await screen.reload()
        await here.until(lambda: not screen._wishes)
        await here.sees("还没拿过主意")
