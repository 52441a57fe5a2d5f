"""What an import of chats would do, by name; a rehearsal of it leaves nothing behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qunguan.domain.activity_outcomes import ChainWish, ChatFile, ImportOutlook, SeveralChats
from qunguan.domain.errors import NotFound
from qunguan.exchange.readers.chats import read_chat
from qunguan.services import activity, activity_chains, checkins, history
from qunguan.services.activity_outlook import outlook
from qunguan.services.desk import Desk
from tests.services.activity_kit import state
from tests.services.checkin_kit import challenge, people

SHEET = """who,when,text
小李,2026-03-18 10:00,早
小李子,2026-03-18 10:02,在
生人,2026-03-19 09:00,好
"""
CHAIN = "#接龙\n{day}日早起\n\n1. 小李\n2. 没人认得"
TWO_CHATS = """MsgSvrID,type_name,is_sender,talker,msg,src,CreateTime,room_name
1,文本,0,wxid_1,早,,2026-03-18 10:00:00,1@chatroom
2,文本,0,wxid_2,早,,2026-03-18 10:01:00,2@chatroom
"""


def rehearsed(desk: Desk, path: Path, **terms: Any) -> ImportOutlook:
    with read_chat(path) as reading:
        return desk.rehearse(outlook, [ChatFile(path.name, reading, lambda: reading.info)], **terms)


def test_who_would_be_added_and_who_would_wait_is_told_by_name(desk: Desk, tmp_path: Path) -> None:
    people(desk, "小李")
    (tmp_path / "chat.csv").write_text(SHEET, encoding="utf-8")
    before = state(desk)
    found = rehearsed(desk, tmp_path / "chat.csv")
    assert (found.done.messages, found.added, found.chats) == (3, ("生人",), ())
    assert [(one.name, one.suggestions[0].name) for one in found.waiting] == [("小李子", "小李")]
    asked = rehearsed(desk, tmp_path / "chat.csv", new_members=False)
    assert (asked.added, {one.name for one in asked.waiting}) == ((), {"小李子", "生人"})
    assert state(desk) == before


def test_who_waited_before_and_says_nothing_new_is_left_out(desk: Desk, tmp_path: Path) -> None:
    people(desk, "小李")
    path = tmp_path / "chat.csv"
    path.write_text(SHEET, encoding="utf-8")
    with read_chat(path) as reading:
        desk.write(activity.import_chats, [ChatFile(path.name, reading, lambda: reading.info)])
    assert rehearsed(desk, path).waiting == ()
    path.write_text(SHEET + "小李子,2026-03-20 08:00,早\n", encoding="utf-8")
    (again,) = rehearsed(desk, path).waiting
    assert again.messages == 2


def test_chats_no_group_is_named_like_are_an_error_of_their_own(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "all.csv").write_text(TWO_CHATS, encoding="utf-8")
    with pytest.raises(SeveralChats):
        rehearsed(desk, tmp_path / "all.csv")
    found = rehearsed(desk, tmp_path / "all.csv", only="1@chatroom")
    assert (found.done.messages, found.chats) == (1, ("1@chatroom", "2@chatroom"))


def test_lists_are_recorded_whatever_they_are_headed_as_one_step(desk: Desk, tmp_path: Path) -> None:
    people(desk, "小李")
    number = challenge(desk, "读书")
    rows = "".join(f'小李,2026-03-{day} 10:00,"{CHAIN.format(day=day)}"\n' for day in (18, 19))
    path = tmp_path / "chat.csv"
    path.write_text("who,when,text\n" + rows, encoding="utf-8")
    with read_chat(path) as reading:
        done = desk.write(activity.import_chats, [ChatFile(path.name, reading, lambda: reading.info)])
    before = state(desk)
    assert desk.rehearse(activity_chains.record_chains, done.chains, ChainWish(number)) == ()
    recorded = desk.write(activity_chains.record_all, done.chains, number)
    assert [(len(one.outcome.recorded), len(one.outcome.new)) for one in recorded if one.outcome] == [(1, 1), (1, 1)]
    assert desk.read(checkins.get, number).name == "读书"
    desk.write(history.undo)
    assert state(desk) == before
    with pytest.raises(NotFound):
        desk.write(activity_chains.record_all, done.chains, 99)
