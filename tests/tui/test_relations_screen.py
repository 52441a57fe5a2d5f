"""Relations by key: needs and introductions, skills, the tree, partners, thanks; a table; hostile names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from qunguan.domain.clock import Clock
from qunguan.exchange.readers.chats import read_chat
from qunguan.services import activity, earning, groups, members, relation_thanks, relations
from qunguan.services.desk import Desk
from qunguan.tui.screens.members_card import CardView
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.source_box import SourceBox
from tests.services.checkin_kit import TODAY, day
from tests.tui.desk_app import Room, pictured, room

HOSTILE = "[/][red]\u202e怪名字"
TABLE = "昵称,技能,需求\n阿梨,剪辑,\n没有这人,唱歌,\n"


@pytest.fixture
def empty(tmp_path: Path, clock: Clock) -> Path:
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
    return tmp_path / "q.db"


@pytest.fixture
def path(empty: Path, clock: Clock) -> Path:
    with Desk(empty, clock) as desk:
        ids = [desk.write(members.add, name).id for name in ("阿梨", "小满", HOSTILE, "老陈")]
        for who, by in zip(ids, (None, ids[0], ids[1], None), strict=True):
            desk.write(members.join, who, 1, day(1), inviter_id=by)
        desk.write(relations.note, ids[0], "need", "家装设计", "小户型")
        desk.write(relations.note, ids[1], "skill", "设计")
        desk.write(relations.note, ids[2], "skill", "家装设计")
        desk.write(relations.note, ids[3], "need", "会计")
        desk.write(members.set_role, ids[3], 1, "共创合伙人")
        desk.write(earning.record_deed, "share", [ids[1]], day=TODAY)
    return empty


async def come(here: Room) -> None:
    await here.turn_to("relations")
    await here.until(lambda: here.app.screen.query("PagedTable.main") and here.table._pages is not None)


def log(path: Path, clock: Clock) -> list[tuple[str, str, str]]:
    with Desk(path, clock) as desk:
        return [(one.seeker, one.giver, one.outcome) for one in desk.read(relations.introductions, clock)]


async def test_a_need_is_introduced_and_helped_and_thanked(path, clock, copied):
    async with room(path, clock, "2") as here:
        await come(here)
        await here.sees("2 个需求等着", "1 个有人能帮", "家装设计", "怪名字、小满", "正好会")
        await here.press("y")
        await here.until(lambda: copied)
        assert "家装设计" in copied[0]
        await here.press("enter")
        await here.opened(Form)
        await here.press("f2", "f2")
        await here.closed()
        await here.until(lambda: log(path, clock))
        assert [(one[0], one[2]) for one in log(path, clock)] == [("阿梨", "")]
        await here.press("f", "f")
        await here.sees("牵过的线", "还没回音")
        await here.press("enter")
        await here.opened(Form)
        here.on(Form).query_one(Input).value = "帮上了"
        await here.press("f2")
        await here.closed()
        await here.sees("● ")
        await here.press("f", "f", "f", "f")
        await here.sees("该谢的人", "1 次好分享", "帮了 1 位群友")
        await here.press("y")
        await here.until(lambda: len(copied) == 2)
        await here.press("enter")
        await here.opened(Form)
        here.on(Form).query_one(Input).value = "私聊"
        await here.press("f2")
        await here.closed()
        await here.until(lambda: here.table.line_count == 2)
        await here.press("u")
        await here.until(lambda: here.table.line_count == 3)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_every_view(path, clock, size, copied):
    async with room(path, clock, "2", size) as here:
        await come(here)
        await here.sees("家装设计", "会计")
        await here.press("f")
        await here.sees("谁会什么", "怪名字", "小满")
        await here.press("y")
        await here.told("没有可复制的话")
        await here.press("f")
        await here.sees("还没牵过线")
        await here.press("f")
        await here.sees("谁带来谁", "2 位是老成员带来的", "阿梨", "50%")
        await here.press("a")
        await here.told("不用手记")
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("● 阿梨 (2)", "怪名字")
        await here.press("escape")
        await here.closed()
        await here.press("y")
        await here.until(lambda: copied)
        await here.press("f")
        await here.sees("谁回复谁", "看不出谁回复谁", "qq-chat-exporter")
        await here.press("a")
        await here.told("由聊天记录说话")
        await here.press("f")
        await here.sees("共创合伙人", "老陈")
        await here.press("w")
        await here.opened(TextView)
        await here.sees("S2-23" if size[0] == 80 else "S4-42")
        await here.press("escape")
        await here.closed()
        await here.press("enter")
        await here.opened(CardView)
        await here.press("escape")
        await here.until(lambda: here.noun == "relations")


async def test_noted_taken_out_searched_and_exported(path, clock):
    async with room(path, clock, "2") as here:
        await come(here)
        await here.sees("会计")
        await here.press("ａ")
        await here.opened(Form)
        await here.press("f2")
        await here.until(lambda: here.wrong)
        who, _kind, text, _more = here.on(Form).query(Input)
        who.value, text.value = "小满", "会计入门"
        await here.press("f2")
        await here.closed()
        await here.until(lambda: here.table.line_count == 3)
        await here.press("/")
        await here.write("入门")
        await here.until(lambda: here.table.line_count == 1)
        await here.press("escape")
        await here.until(lambda: here.table.line_count == 3)
        await here.press("end", "delete")
        await here.opened(Confirm)
        await here.sees("小满")
        await here.press("y")
        await here.closed()
        await here.until(lambda: here.table.line_count == 2)
        await here.press("x")
        await here.opened(Form)
        await here.press("f2")
        await here.told("relations-needs.xlsx")


async def test_a_partner_and_somebody_to_thank(path, clock):
    async with room(path, clock, "2") as here:
        await come(here)
        await here.press("f", "f", "f", "f", "f", "a")
        await here.opened(Form)
        here.on(Form).query_one(Input).value = "小满"
        await here.press("f2")
        await here.closed()
        await here.until(lambda: here.table.line_count == 2)
        await here.press("f", "a")
        await here.opened(Form)
        who, what = here.on(Form).query(Input)
        who.value, what.value = "老陈", "整理书单"
        await here.press("f2")
        await here.closed()
        await here.sees("整理书单")
        await here.press("f", "f", "f", "a")
        await here.opened(Form)
        for line, value in zip(here.on(Form).query(Input), ("阿梨", "阿梨", "x"), strict=True):
            line.value = value
        await here.press("f2")
        await here.until(lambda: "介绍给自己" in here.wrong)


async def test_a_table_is_looked_at_first(path, clock):
    async with room(path, clock, "2") as here:
        await come(here)
        await here.press("i")
        await here.opened(SourceBox)
        here.on(SourceBox).query_one(TextArea).text = TABLE
        await here.press("f2")
        await here.opened(Confirm)
        await here.sees("导入 1 条", "没有这人")
        await here.press("y")
        await here.closed()
        await here.told("新记了 1 条")


async def test_today_leads_to_who_is_to_be_thanked(path, clock):
    with Desk(path, clock) as desk:
        desk.write(relation_thanks.owe, 4, "整理书单")
    async with room(path, clock, "1") as here:
        here.app.go("relations", 4)
        await here.until(lambda: here.noun == "relations")
        await here.sees("该谢的人", "整理书单")
        await here.until(lambda: here.top.key == 4)


async def test_without_anything_it_teaches(empty, clock):
    async with room(empty, clock, "2") as here:
        await come(here)
        await here.sees("现在没有等着的需求")
        await here.press("y")
        await here.told("没有选中")
        await here.press("f", "f", "f", "f", "f", "f")
        await here.sees("没有欠着的感谢")


@pytest.fixture
def talked(path: Path, clock: Clock, tmp_path: Path) -> Path:
    """阿梨 answers three, one of them back; 老陈 is never answered, somebody of the chat is not in the roster."""
    said = [("小满", None), (HOSTILE, None), ("阿梨", 0), ("阿梨", 1), ("小满", 2), ("路过", None), ("阿梨", 5),
            ("豆豆", None), ("阿梨", 7), *[("老陈", None)] * 6]  # fmt: skip
    told = [
        {"sender": f"u{who}", "accountName": who, "type": 0, "content": f"第{n}句", "timestamp": 1773100000 + 90 * n,
         "platformMessageId": str(n), "replyToMessageId": None if to is None else str(to)}
        for n, (who, to) in enumerate(said)
    ]  # fmt: skip
    head = {"chatlab": {"version": "0.0.2"}, "meta": {"name": "早起读书群", "platform": "other"}}
    file = tmp_path / "chat.json"
    file.write_text(json.dumps(head | {"messages": told}), encoding="utf-8")
    with Desk(path, clock) as desk, read_chat(file) as reading:
        desk.write(members.add, "豆豆", group_id=1)
        desk.write(activity.import_chat, 1, reading, lambda: reading.info, name=file.name, new_members=False)
    return path


async def to_answers(here: Room) -> None:
    await come(here)
    await here.press("f", "f", "f", "f")
    await here.sees("谁回复谁", "成员之间回复")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_who_answers_whom(talked, clock, size):
    async with room(talked, clock, "2", size) as here:
        await to_answers(here)
        await here.sees("阿梨", "老陈", "怪名字")
        await here.until(lambda: here.table.line_count == 5)
        if size[0] == 120:
            await here.sees("◆", "连接者", "不同的群友", "被几人回")
        await here.press("end")
        if size[0] == 120:
            await here.sees("一次都没人回", "点名接 TA 一句话")
        await here.press("w")
        await here.opened(TextView)
        await here.press("end")
        await here.sees("S2-25" if size[0] == 120 else "S2-02")
        await here.press("escape")
        await here.closed()
        await here.press("y")
        await here.told("没有可复制的话")
        await here.press("x")
        await here.opened(Form)
        await here.press("f2")
        await here.told("relations-answers.xlsx")
        await here.closed()
        await here.press("enter")
        await here.opened(CardView)
        await here.press("escape")
        await here.until(lambda: here.noun == "relations")


def test_the_picture_of_who_answers_whom(talked, clock, snap_compare):
    async def arrive(here: Room) -> None:
        await to_answers(here)
        await here.sees("连接者", "不同的群友")

    assert pictured(snap_compare, talked, clock, arrive)


def test_the_picture(path, clock, snap_compare):
    async def arrive(here: Room) -> None:
        await come(here)
        await here.sees("怪名字、小满", "正好会")

    assert pictured(snap_compare, path, clock, arrive)
