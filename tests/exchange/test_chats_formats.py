"""Exporters of which no whole conversation is bundled: small files in their shape, and what each of them tells."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from qunguan.domain.activity import ChatEvent, Speaker
from qunguan.domain.errors import BadInput
from qunguan.exchange.readers.chats import recognise
from qunguan.exchange.readers.chats_chatlog import NeedsDay
from qunguan.exchange.readers.chats_system import SELF
from tests.exchange.chats import by_day, by_id, counted, events

WECHATMSG = "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender"


def write(path: Path, content: object) -> Path:
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    return path


def table(path: Path, *rows: list[Any], sheet: str = "聊天记录") -> Path:
    with Workbook(path) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        book.add_worksheet("统计信息").write_row(0, 0, ["消息", 3])
    return path


def told(event: ChatEvent) -> tuple[str, str, str, str]:
    """Time, kind, who, medium."""
    return str(event.at), event.kind, event.speaker.id if event.speaker else "", event.media


def test_the_csv_of_all_chats_has_the_same_header_and_another_meaning(tmp_path):
    rows = [
        "1,11,1,0,0,1709251200,,早,2024-03-01 08:00:00,,一群,阿明",
        "2,22,1,0,1,1709251201,,到,2024-03-01 08:00:01,二群备注,二群,我",
        '3,22,10000,0,0,1709251202,,"""阿明""邀请""小红""加入了群聊",2024-03-01 08:00:02,二群备注,二群,',
    ]
    path = write(tmp_path / "messages.csv", "\n".join([WECHATMSG, *rows]))
    assert recognise(path) == "wechatmsg_all_csv"
    first, second, third = events(path)
    assert (first.chat, first.speaker) == ("一群", Speaker("name", "阿明", "阿明"))
    assert (second.chat, second.speaker) == ("二群", SELF)
    assert (third.kind, third.inviter) == ("join", Speaker("name", "阿明", "阿明"))
    assert str(first.at) == "2024-03-01 08:00:00"


@pytest.mark.parametrize(
    ("kind", "subtype", "expected"),
    [
        (3, 0, ("message", "image")), (34, 0, ("message", "voice")), (43, 0, ("message", "video")),
        (47, 0, ("message", "sticker")), (49, 5, ("message", "link")), (49, 6, ("message", "file")),
        (49, 53, ("message", "text")), (49, 57, ("message", "text")), (49, 62, ("system", "other")),
        (49, 2000, ("message", "other")), (49, 2001, ("message", "red_packet")), (50, 0, ("message", "other")),
        (10000, 4, ("system", "other")), (244813135921, 0, ("message", "text")),
    ],
)  # fmt: skip
def test_type_numbers_of_wechat(kind, subtype, expected, tmp_path):
    row = f'1,11,{kind},{subtype},0,1709251200,,"""阿明"" 拍了拍 ""小红""",2024-03-01 08:00:00,,阿明,wxid_a'
    (event,) = events(write(tmp_path / "a.csv", f"{WECHATMSG}\n{row}\n"))
    assert (event.kind, event.media) == expected


def test_pywxdump_json_and_ids_that_excel_rounded(tmp_path):
    item = {"id": 1, "MsgSvrID": "9000000000000100001", "type_name": "语音", "is_sender": 0, "talker": "wxid_a",
            "room_name": "1@chatroom", "msg": "语音时长：3秒", "CreateTime": "2024-03-01 08:00:00"}  # fmt: skip
    rounded = [item | {"MsgSvrID": "9000000000000100000", "msg": text} for text in "ab"]
    write(tmp_path / "users.json", {"wxid_a": {"nickname": "阿明", "remark": ""}})
    path = write(tmp_path / "page.json", [item, item, *rounded])
    assert recognise(path) == "pywxdump_json"
    counts, info = counted(path)
    assert (counts.messages, counts.duplicates_skipped, info.chats) == (3, 1, ("1@chatroom",))
    assert counts.by_member[0].speaker == Speaker("wxid", "wxid_a", "阿明")
    assert counts.by_media == {"voice": 3}


def chatlog(*heads: str) -> str:
    return "\n\n".join(f"{head}\n第{n}句" for n, head in enumerate(heads)) + "\n\n"


def test_chatlog_text_in_its_three_spans(tmp_path):
    full = write(tmp_path / "a", chatlog("阿明(wxid_a) [早起群(1@chatroom)] 2024-03-01 08:00:00"))
    (event,) = events(full)
    assert (str(event.at), event.chat) == ("2024-03-01 08:00:00", "早起群")

    year = write(
        tmp_path / "b", chatlog("阿(明)(wxid_a) 12-31 23:59:59", "我(我) 01-01 00:00:01", "wxid_b 02-29 07:00:00")
    )
    with pytest.raises(NeedsDay, match="--day"):
        events(year)
    told_times = [str(event.at) for event in events(year, begins=date(2023, 12, 31))]
    assert told_times == ["2023-12-31 23:59:59", "2024-01-01 00:00:01", "2024-02-29 07:00:00"]
    assert [e.speaker.id for e in events(year, begins=date(2023, 12, 31)) if e.speaker] == ["wxid_a", "我", "wxid_b"]

    day = write(tmp_path / "c", chatlog("阿明(wxid_a) 08:00:00", "阿明(wxid_a) 09:00:00"))
    assert by_day(counted(day, begins=date(2024, 3, 1))[0]) == {"2024-03-01": 2}


def test_what_chatlog_quotes_is_not_said_again(tmp_path):
    body = "> 小红 08:00\n> @所有人 早\n@阿明 收到"
    (event,) = events(write(tmp_path / "a", f"阿明(wxid_a) 2024-03-01 08:00:00\n{body}\n"))
    assert (event.text, event.mentions) == ("@阿明 收到", ("阿明",))


def weflow(**changes: Any) -> dict[str, Any]:
    return {
        "localId": 7, "createTime": 1709251200, "formattedTime": "2024-03-01 08:00:00", "type": "文本消息",
        "localType": 1, "content": "早", "isSend": 0, "senderUsername": "wxid_a", "senderDisplayName": "阿明",
    } | changes  # fmt: skip


def test_weflow_json_with_pictures_before_its_messages(tmp_path):
    session = {"wxid": "1@chatroom", "nickname": "早起群", "displayName": "早起群", "type": "群聊"}
    messages = [
        weflow(),
        weflow(localId=8, type="系统消息", localType=10000, content='"阿明"将"小红"移出了群聊', senderUsername=""),
        weflow(localId=9, type="其他消息", localType=49 + (53 << 32), content="[接龙] #接龙"),
        weflow(localId=10, type="其他消息", localType=34, content="[其他消息]"),
    ]
    document = {"weflow": {"version": "1"}, "avatars": {"wxid_a": "data:," + '"\\{[' * 400_000}, "session": session}
    path = write(tmp_path / "a.json", document | {"messages": messages})
    assert recognise(path) == "weflow_json"
    assert [told(event)[1:] for event in events(path)] == [
        ("message", "wxid_a", "text"), ("leave", "小红", "other"), ("message", "wxid_a", "text"),
        ("message", "wxid_a", "voice"),
    ]  # fmt: skip
    assert counted(path)[1].chats == ("早起群",)
    del document["weflow"]
    assert recognise(write(tmp_path / "echotrace.json", document | {"messages": messages})) == "weflow_json"


def test_the_compact_sheet_of_weflow_has_names_only(tmp_path):
    header = ["序号", "时间", "发送者身份", "消息类型", "内容"]
    row = [1, "2024-03-01 08:00:00", "阿明", "链接消息", "[链接]#接龙\n早起\n\n1. 阿明"]
    path = table(tmp_path / "a.xlsx", ["会话信息"], ["微信ID", "1@chatroom", "", "昵称", "早起群"], header, row)
    (event,) = events(path)
    assert (event.speaker, event.media, event.chat) == (Speaker("name", "阿明", "阿明"), "text", "早起群")
    assert event.text.startswith("#接龙")


def test_qq_chat_exporter_4(tmp_path):
    message = {
        "messageId": "77", "timestamp": "1709251200000", "messageType": 9, "isSystemMessage": False,
        "isRecalled": False,
        "sender": {"uid": "u_a", "uin": "10001", "name": ""}, "rawMessage": {"sendMemberName": "阿明"},
        "content": {"text": "@小红 好的", "resources": [], "reply": {"messageId": "70", "senderUin": "2"}},
    }  # fmt: skip
    system = message | {"messageId": "78", "isSystemMessage": True, "content": {"text": "阿明邀请小红加入了群聊"}}
    unseen = message | {"messageId": "79", "sender": {"uid": "u_b", "uin": "0", "name": "小红"}, "isRecalled": True}
    path = write(tmp_path / "a.json", {"messages": [message, system, unseen], "chatInfo": {"name": "早起群"}})
    assert recognise(path) == "qce_json"
    first, second, third = events(path)
    assert (str(first.at), first.speaker) == ("2024-03-01 08:00:00", Speaker("qq", "10001", "阿明"))
    assert (first.reply_to, first.mentions) == ("70", ("小红",))
    assert (second.kind, second.speaker, second.inviter) == (
        "join", Speaker("name", "小红", "小红"), Speaker("name", "阿明", "阿明"),
    )  # fmt: skip
    assert (third.kind, third.speaker) == ("recall", Speaker("uid", "u_b", "小红"))


def test_qq_chat_exporter_chunks_and_their_table_of_contents(tmp_path):
    message = {"id": "1", "timestamp": 1709251200000, "sender": {"uid": "u", "uin": "10001", "name": "阿明"},
               "type": "image", "content": {"text": "[图片]", "resources": [{"type": "image"}], "mentions": []},
               "recalled": False, "system": False}  # fmt: skip
    lines = "\n".join(json.dumps(message | {"id": str(n)}) for n in range(3))
    assert recognise(write(tmp_path / "c000001.jsonl", lines)) == "qce_jsonl"
    assert counted(tmp_path / "c000001.jsonl")[0].by_media == {"image": 3}
    manifest = write(tmp_path / "manifest.json", {"metadata": {"name": "QQChatExporter"}, "chatInfo": {"name": "群"}})
    with pytest.raises(BadInput) as refusal:
        recognise(manifest)
    assert "table of contents" in refusal.value.what


def test_the_sheet_of_qq_chat_exporter_tells_utc(tmp_path):
    header = ["序号", "时间", "发送者", "发送者QQ号", "消息类型", "消息内容", "是否撤回", "资源数量"]
    path = table(
        tmp_path / "a.xlsx", header,
        [1, "2024-02-29T23:30:00.000Z", "阿明", "10001", "text", "[图片: a.jpg]", "否", 1],
        [2, "2024-02-29T23:31:00.000Z", "阿明", "10001", "text", "说错了", "是", 0],
    )  # fmt: skip
    assert recognise(path) == "qce_xlsx"
    assert [told(event) for event in events(path)] == [
        ("2024-03-01 07:30:00", "message", "10001", "image"),
        ("2024-03-01 07:31:00", "recall", "10001", "text"),
    ]


QCE_TEXT = """===============
QQ聊天记录
===============
聊天名称: 早起群
聊天类型: 群聊
导出时间: 2024-03-10 12:00:00
消息总数: 5

[群主] 阿明:
时间: 2024-03-01 08:00:00
内容: 早
时间: 不是头

第二段

小红:
时间: 2024-03-02
内容: [图片: a.jpg]
资源: 1 个文件

小:红:
时间: 3 天前
内容: @阿明 好
回复: 阿明: 早

小红:
时间: 2024-03-08 09:00:00
内容: 小红加入了群聊

系统消息:
时间: 很久以前
内容: 阿明撤回了一条消息

===============
导出完成
"""


def test_the_text_of_qq_chat_exporter(tmp_path):
    path = write(tmp_path / "a.txt", QCE_TEXT)
    assert recognise(path) == "qce_txt"
    first, second, third, fourth = events(path)
    assert (told(first), first.text) == (
        ("2024-03-01 08:00:00", "message", "阿明", "text"),
        "早\n时间: 不是头\n\n第二段",
    )
    assert (told(second), second.whole_day) == (("2024-03-02 00:00:00", "message", "小红", "image"), True)
    assert (third.at, third.whole_day, third.speaker) == (
        datetime.fromisoformat("2024-03-07 12:00:00"), True, Speaker("name", "小:红", "小:红"),
    )  # fmt: skip
    assert (third.mentions, third.reply_to, fourth.kind) == (("阿明",), "阿明: 早", "join")
    counts, info = counted(path)
    assert (info.rejected, info.chats, info.rejections[0].row) == (1, ("早起群",), 30)
    assert sum(counts.by_hour.values()) == 1, "the hour of two of the three messages is not known"


def lab(**changes: Any) -> dict[str, Any]:
    return {"sender": "wxid_a", "accountName": "阿明", "timestamp": 1709251200, "type": 0, "content": "早"} | changes


def test_chatlab_as_one_object_and_as_lines(tmp_path):
    meta = {"name": "早起群", "platform": "wechat", "type": "group", "groupId": "1@chatroom"}
    messages = [
        lab(platformMessageId="m1"), lab(type=25, replyToMessageId="m1", groupNickname="明"), lab(type=1, content=None),
        lab(type=80, content='"阿明"邀请"小红、小白"加入了群聊'), lab(type=81, content='"阿明" 撤回了一条消息'),
    ]  # fmt: skip
    document = {"chatlab": {"version": "0.0.2", "exportedAt": 1}, "meta": meta, "members": [{"avatar": "x" * 99}]}
    whole = write(tmp_path / "a.json", document | {"messages": messages})
    header = {"_type": "header", **{key: document[key] for key in ("chatlab", "meta")}}
    lines = [header, {"_type": "member", "platformId": "wxid_a"}, *({"_type": "message", **m} for m in messages)]
    text = "# 备注\n" + "\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n"
    split = write(tmp_path / "a.jsonl", text)
    assert (recognise(whole), recognise(split)) == ("chatlab_json", "chatlab_jsonl")
    assert events(whole) == events(split)
    said = events(whole)
    assert [(e.kind, e.media, e.part) for e in said] == [
        ("message", "text", 0), ("message", "text", 0), ("message", "image", 0), ("join", "other", 0),
        ("join", "other", 1), ("recall", "text", 0),
    ]  # fmt: skip
    assert (said[1].reply_to, said[1].speaker) == ("m1", Speaker("wxid", "wxid_a", "明"))
    assert counted(whole, split)[0].duplicates_skipped == 5, "lines, not people"
    assert counted(whole)[0].system == 2


def test_any_table_of_who_and_when(tmp_path):
    text = io.StringIO()
    csv.writer(text).writerows([
        ["昵称", "时间", "类型", "条数", "QQ号"],
        ["阿明", "2024/3/1 8:05", "", "", "10001"],
        ["阿明", "2024年3月1日", "消息", "12", "10001"],
        ["小红", "1709251200", "图片", "1", ""],
        ["小白", "2024-03-02 09:00:00", "入群", "", ""],
        ["小白", "2024-03-03 09:00:00", "退群", "", ""],
        ["小白", "2024-03-03 09:00:00", "飞升", "", ""],
        ["", "2024-03-03 09:00:00", "", "", ""],
        ["小白", "2024-02-30", "", "", ""],
    ])  # fmt: skip
    counts, info = counted(write(tmp_path / "a.csv", text.getvalue()))
    assert (counts.messages, by_id(counts), counts.leaves) == (14, {"10001": 13, "小红": 1}, 1)
    assert [note.row for note in info.rejections] == [7, 8, 9]
    assert {hour: n for hour, n in counts.by_hour.items() if n} == {8: 2}, "a sum of a day has no hour"


def test_a_workbook_of_who_and_when(tmp_path):
    rows: list[list[Any]] = [["群员", "日期"], ["昵称", "时间"], ["阿明", "2024-03-01 08:05"], ["小红", 45353.5]]
    counts, info = counted(table(tmp_path / "a.xlsx", *rows, sheet="发言"))
    assert (info.format, by_id(counts), str(counts.last)) == ("sheet", {"阿明": 1, "小红": 1}, "2024-03-02 12:00:00")


def test_qq_cards_that_look_like_ids(tmp_path):
    heads = {
        "【管理员】阿(12345)明(10001)": Speaker("qq", "10001", "阿(12345)明"),
        "(10002)": Speaker("qq", "10002", ""),
        "【团长】<b@c>小红<Red@Example.com>": Speaker("email", "red@example.com", "【团长】<b@c>小红"),
        "匿名消息(80000000)": Speaker("name", "匿名消息", "匿名消息"),
    }
    at = datetime.fromisoformat("2024-03-01 00:00:00")
    blocks = [f"{at + timedelta(minutes=n)} {head}\n早\n" for n, head in enumerate(heads)]
    text = "消息记录（此消息记录为文本格式，不支持重新导入）\n\n" + "\n".join(blocks)
    assert [event.speaker for event in events(write(tmp_path / "a.txt", text))] == list(heads.values())


def test_a_pasted_head_without_an_id_is_a_body_where_heads_have_ids(tmp_path):
    head = "=" * 64 + "\n消息对象:{}\n" + "=" * 64 + "\n\n"
    group = head.format("群") + "2024-03-01 08:00:00 阿明(10001)\n转：\n\n2024-02-01 08:00:00 某某\n早\n\n"
    friend = head.format("老王") + "2024-03-01 08:00:00 老王\n早\n\n2024-03-01 08:01:00 老李\n早\n"
    told_by = [event.speaker.id for event in events(write(tmp_path / "a.txt", group + friend)) if event.speaker]
    assert told_by == ["10001", "老王", "老李"]


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("2024-03-01 00:05:06", "00:05:06"), ("2024-03-01 9:05:06", "09:05:06"), ("2024-03-01 12:05:06 AM", "00:05:06"),
        ("2024-03-01 12:05:06 PM", "12:05:06"), ("2024-03-01 1:05:06 PM", "13:05:06"), ("2024/3/1 9:05:06", "09:05:06"),
        ("2024-03-01 上午 12:05:06", "00:05:06"), ("2024-03-01 下午 12:05:06", "12:05:06"),
        ("2024-03-01 下午 01:05:06", "13:05:06"),
    ],
)  # fmt: skip
def test_the_clocks_of_qq(clock, expected, tmp_path):
    (event,) = events(write(tmp_path / "a.txt", f"消息对象:群\n\n{clock} 阿明(10001)\n早\n"))
    assert str(event.at) == f"2024-03-01 {expected}"


def test_placeholders_are_media_and_words_are_text(tmp_path):
    said = {
        "[图片]": "image", "[图片][图片]": "image", "[表情]": "sticker", "好的[表情]": "text", "[图片]看这个": "text",
        "[QQ红包]请使用新版手机QQ查收红包。": "red_packet", "[语音] 3\"": "voice", "[视频]": "video", "[微笑]": "text",
        "[文件] 课表.pdf": "file", "[视频通话]": "other",
        "![图片](http://127.0.0.1/a)": "image", "[转账|发送 ￥5]": "other",
        "[系统消息]": "text", "[通知]今晚八点": "text",
    }  # fmt: skip
    blocks = [f"2024-03-01 08:00:{n:02} '阿明'\n{text}\n" for n, text in enumerate(said)]
    assert [e.media for e in events(write(tmp_path / "a.txt", "\n".join(blocks)))] == list(said.values())


def test_mentions_end_where_wechat_ends_them(tmp_path):
    text = "@小 红\u2005 @阿明 看 a@b.com，@所有人"
    (event,) = events(write(tmp_path / "a.txt", f"2024-03-01 08:00:00 '阿明'\n{text}\n"))
    assert event.mentions == ("小 红", "阿明", "所有人")
