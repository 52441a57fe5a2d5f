"""Read in columns, a file tells what it tells row by row: the same events and rejected rows, in order."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from qunguan.domain.activity import ChatEvent, ChatInfo, Chunk
from qunguan.exchange.readers import chats_columns, chats_qq, chats_source, chats_tables
from qunguan.exchange.readers.chats import read_chat
from tests.exchange.noise import chatlog, qq, sheet, wechatmsg, wechatmsg_all


def told(path: Path) -> tuple[list[ChatEvent], ChatInfo, int]:
    with read_chat(path) as reading:
        events: list[ChatEvent] = []
        chunked = 0
        for item in reading:
            chunked += len(item) if isinstance(item, Chunk) else 0
            events += item.events() if isinstance(item, Chunk) else [item]
        return events, reading.info, chunked


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("write", [chatlog, wechatmsg, wechatmsg_all, sheet, qq])
def test_columns_tell_what_rows_tell(write, seed, tmp_path, monkeypatch):
    path = tmp_path / "a"
    write(path, random.Random(seed))
    monkeypatch.setattr(chats_columns, "_FEW", 2)
    monkeypatch.setattr(chats_tables, "AT_ONCE", 70)
    monkeypatch.setattr(chats_source, "_HEAD", 1500)
    events, info, chunked = told(path)
    assert chunked > 100
    monkeypatch.setattr(chats_columns, "_FEW", 10**9)
    monkeypatch.setattr(chats_qq, "LONGEST_HEAD", 0)
    assert told(path)[:2] == (events, info)
    assert info.rejected or write is qq
