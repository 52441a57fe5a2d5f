"""Whom a message answers, as far as each exporter tells it: by the number of the message, or by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qunguan.domain.activity import Chunk, Speaker, one_by_one
from qunguan.exchange.readers import chats_keys
from qunguan.exchange.readers.chats import read_chat
from qunguan.exchange.readers.chats_system import SELF
from tests.exchange.chats import EXPORTS, events

BLUE, RED = Speaker("wxid", "wxid_a", "阿明"), Speaker("wxid", "wxid_b", "小红")


def written(path: Path, content: object) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def answered(path: Path) -> list[Speaker | None]:
    return [event.answered for event in events(path)]


def lab(number: str, who: Speaker, to: str = "", at: int = 0) -> dict[str, Any]:
    return {"sender": who.id, "accountName": who.name, "timestamp": 1709251200 + at, "type": 25 if to else 0,
            "content": f"第{number}句", "platformMessageId": number, "replyToMessageId": to}  # fmt: skip


def chatlab(path: Path, *messages: dict[str, Any]) -> Path:
    head = {"chatlab": {"version": "0.0.2"}, "meta": {"name": "群", "platform": "wechat", "groupId": "1@chatroom"}}
    return written(path, head | {"messages": messages})


def test_chatlab_points_to_a_message_before(tmp_path):
    path = chatlab(tmp_path / "a.json", lab("1", BLUE), lab("2", RED, "1"), lab("3", BLUE, "2"), lab("4", RED, "gone"))
    assert answered(path) == [None, BLUE, RED, None]
    assert [event.reply_to for event in events(path)] == [None, "1", "2", "gone"]


def test_what_is_too_long_ago_is_nobodys(tmp_path, monkeypatch):
    monkeypatch.setattr(chats_keys, "ANSWERS_WITHIN", 3)
    told = [lab(str(n), BLUE, at=n) for n in range(8)]
    path = chatlab(tmp_path / "a.json", *told, lab("8", RED, "6"), lab("9", RED, "0"))
    assert answered(path)[-2:] == [BLUE, None]
    last = chats_keys.LastSaid()
    for key in range(100):
        last.said(key, BLUE)
        assert all(last.speaker_of(near) == BLUE for near in range(max(0, key - 2), key + 1))
        assert len(last._near) + len(last._far) <= 6


def qce(number: int, uin: str, name: str, **content: Any) -> dict[str, Any]:
    return {
        "id": str(number), "timestamp": 1709251200000 + number, "type": "text", "recalled": False, "system": False,
        "sender": {"uid": f"u_{uin}", "uin": uin, "name": name}, "content": {"text": f"第{number}句"} | content,
    }  # fmt: skip


def test_qq_chat_exporter_tells_the_message_and_who_said_it(tmp_path):
    unseen = {"type": "reply", "data": {"referencedMessageId": "7", "senderUin": "10003", "senderName": "老陈"}}
    path = written(tmp_path / "a.json", {"chatInfo": {"name": "群"}, "messages": [
        qce(1, "10001", "阿明"),
        qce(2, "10002", "小红", reply={"referencedMessageId": "1", "senderUin": "9", "senderName": "旧名"}),
        qce(3, "10002", "小红", elements=[unseen]),
        qce(4, "10002", "小红", reply={"messageId": "x", "senderUin": "0", "senderName": "阿明"}),
        qce(5, "10002", "小红", reply={"content": "?"}),
        qce(6, "10002", "小红", elements=[{"type": "reply", "data": None}]),
    ]})  # fmt: skip
    first = Speaker("qq", "10001", "阿明")
    assert answered(path) == [
        None, first, Speaker("qq", "10003", "老陈"), Speaker("name", "阿明", "阿明"), None, None
    ]  # fmt: skip


def test_its_text_names_who_is_answered(tmp_path):
    heads = [f"小红:\n时间: 2024-03-01 08:0{n}:00\n内容: 好\n回复: {to}" for n, to in enumerate(("阿明: 早", "早"))]
    text = "\n\n".join(["聊天名称: 群", *heads, ""])
    assert answered(written(tmp_path / "a.txt", text)) == [Speaker("name", "阿明", "阿明"), None]


CHATLOG = (
    ("小红", "wxid_b", "早"),
    ("阿明", "wxid_a", "> 小红(wxid_b) 03-01 08:00:00\n> 早\n收到"),
    ("阿明", "wxid_a", "> 我(我) 03-01 08:00:00\n> 好\n收到"),
    ("阿明", "wxid_a", "> 群(1@chatroom) 03-01 08:00:00\n> 好\n收到"),
    ("阿明", "wxid_a", "> [引用]\n收到"),
    ("阿明", "wxid_a", "> 他说的(不是)"),
)


@pytest.mark.parametrize("many", [1, 20], ids=["alone", "in columns"])
def test_chatlog_quotes_the_head_of_the_message(tmp_path, many):
    rows = CHATLOG * many
    text = "Time,SenderName,Sender,TalkerName,Talker,Content\n" + "".join(
        f'2024-03-01 08:{n // 60:02}:{n % 60:02},{name},{who},群,1@chatroom,"{body}"\n'
        for n, (name, who, body) in enumerate(rows)
    )
    path = written(tmp_path / "a.csv", text)
    assert answered(path) == [None, RED, SELF, None, None, None] * many
    assert [event.text for event in events(path)][:2] == ["早", "收到"]
    with read_chat(path) as reading:
        items = list(reading)
    assert any(isinstance(item, Chunk) for item in items) == (many > 1)
    assert [event.answered for event in one_by_one(items)] == answered(path)


def test_chatlog_in_text_and_json(tmp_path):
    text = "".join(
        f"{name}({who}) 2024-03-01 08:00:0{n}\n{body}\n\n" for n, (name, who, body) in enumerate(CHATLOG[:2])
    )
    assert answered(written(tmp_path / "a.txt", text)) == [None, RED]
    told = {"seq": 5, "time": "2024-03-01T08:00:00+08:00", "talker": "1@chatroom", "talkerName": "群", "type": 49,
            "subType": 57, "sender": "wxid_a", "senderName": "阿明", "content": "收到",
            "contents": {"refer": {"seq": 0, "sender": "wxid_b", "senderName": "小红"}}}  # fmt: skip
    room = told | {"seq": 6, "contents": {"refer": {"sender": "1@chatroom", "senderName": "群"}}}
    assert answered(written(tmp_path / "a.json", [told, room, told | {"seq": 7, "contents": {"refer": []}}])) == [
        RED, None, None
    ]  # fmt: skip


def test_wechatmsg_in_text_names_who_is_quoted(tmp_path):
    text = "2024-03-01 08:00:00 小红\n早\n\n2024-03-01 08:01:00 阿明\n收到\n引用:小红:早\n\n"
    assert answered(written(tmp_path / "a.txt", text)) == [None, Speaker("name", "小红", "小红")]


def test_exports_without_replies_hold_no_column_for_them():
    with read_chat(EXPORTS / "chatlog.csv") as reading:
        chunks = [item for item in reading if isinstance(item, Chunk)]
    assert chunks
    assert all(chunk.answered == () for chunk in chunks)
