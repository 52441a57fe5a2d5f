"""The tables of WeChatMsg (both meanings of one header), MemoTrace and PyWxDump; WeFlow's sheet and JSON
(formats 3, formats 4, formats 6)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qunguan.domain.activity import Speaker
from qunguan.exchange.readers.chats_columns import Columns, Said, each, unixes
from qunguan.exchange.readers.chats_json import field
from qunguan.exchange.readers.chats_media import Nature, by_label, by_number
from qunguan.exchange.readers.chats_stamped import uncarded
from qunguan.exchange.readers.chats_system import SELF
from qunguan.exchange.readers.chats_teller import Events, Teller, moment, unix, wechat_id

Cells = dict[str, str]

_WXID = re.compile(r"wxid_\S+|[A-Za-z][-\w]{5,19}|\d+@(?:chatroom|openim)", re.ASCII)
_APPS = ("系统消息", "系统通知", "系统")
_USERS_BYTES = 20 * 1024**2


def by_members(rows: Sequence[Cells]) -> bool:
    """Whether WeChatMsg's columns speak of the member (one chat exported) and not of the chat (all exported)."""
    senders = {row["sender"].strip() for row in rows} - {""}
    return "我" not in senders and (not senders or any(map(_WXID.fullmatch, senders)))


def wechatmsg(cells: Cells, teller: Teller) -> Events:
    """A row of one chat's CSV: the last three columns are the member's remark, nick and wxid (formats 3.1)."""
    teller.within("", cells["talkerid"])
    return _wechatmsg(cells, teller, _member(cells["sender"], cells["nickname"], cells["remark"]))


def wechatmsg_columns(cells: Columns, _teller: Teller) -> Said:
    """`wechatmsg` of many rows."""
    speakers = each(_member, cells["sender"], cells["nickname"], cells["remark"])
    return _wechatmsg_columns(cells, speakers, [("", chat) for chat in cells["talkerid"]])


def _member(sender: str, nick: str, remark: str) -> Speaker | None:
    sender, name = sender.strip(), nick.strip() or remark.strip()
    return wechat_id(sender, name) if sender or name else None


def wechatmsg_all(cells: Cells, teller: Teller) -> Events:
    """A row of the CSV of all chats: remark and nick are the chat's, the sender is a name or 我 (formats 3.2)."""
    teller.within(*_chat(cells["nickname"], cells["remark"], cells["talkerid"]))
    return _wechatmsg(cells, teller, _anybody(cells["sender"]))


def wechatmsg_all_columns(cells: Columns, _teller: Teller) -> Said:
    """`wechatmsg_all` of many rows."""
    chats = each(_chat, cells["nickname"], cells["remark"], cells["talkerid"])
    return _wechatmsg_columns(cells, each(_anybody, cells["sender"]), chats)


def _chat(nick: str, remark: str, talker: str) -> tuple[str, str]:
    return nick.strip() or remark.strip(), talker


def _anybody(sender: str) -> Speaker:
    sender = sender.strip()
    return SELF if sender == "我" else Speaker("name", sender, sender)


def _wechatmsg(cells: Cells, teller: Teller, speaker: Speaker | None) -> Events:
    """CreateTime before StrTime, which is the clock of the exporting PC. `localId` is unique in one database only."""
    stamp = cells["createtime"].strip()
    at, whole_day = (unix(stamp), False) if stamp.isdecimal() else moment(cells["strtime"])
    nature = _numbered(cells["type"], cells["subtype"])
    source_id = _local(cells["localid"], at.isoformat())
    text = cells["strcontent"] if nature in ("text", "system") else ""
    who = None if nature == "system" else speaker
    return teller.told(at, who, text, nature, source_id=source_id, whole_day=whole_day)


def _wechatmsg_columns(cells: Columns, speakers: Sequence[Speaker | None], chats: Sequence[tuple[str, str]]) -> Said:
    """`_wechatmsg` of many rows, but for those whose time is not in `CreateTime`."""
    at = unixes([stamp if stamp.isdecimal() else None for stamp in map(str.strip, cells["createtime"])])
    natures = each(_numbered, cells["type"], cells["subtype"])
    return Said(
        at=at, speaker=speakers, nature=natures, chat=chats,
        text=[text if nature == "text" else "" for text, nature in zip(cells["strcontent"], natures, strict=True)],
        source_id=[_local(local, one[1]) if one else "" for local, one in zip(cells["localid"], at, strict=True)],
    )  # fmt: skip


def _local(number: str, written: str) -> str:
    number = number.strip()
    return f"local {number} {written}" if number.isdecimal() else ""


def _numbered(kind: str, subtype: str) -> Nature:
    return by_number(_whole(kind), _whole(subtype))


def _whole(text: str) -> int:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 20 else 0


def memotrace(cells: Cells, teller: Teller) -> Events:
    """A row of MemoTrace 3. It has no wxid: the nick identifies as well as it can (formats 3.4)."""
    at, whole_day = moment(cells["时间"])
    name = cells["昵称"].strip() or cells["发送人"].strip()
    nature = "system" if cells["发送人"].strip() in _APPS else by_label(cells["类型"])
    number = cells["消息id"].strip()
    source_id = f"memotrace {number} {at.isoformat()}" if number.isdecimal() else ""
    speaker = None if nature == "system" else SELF if name == "我" else Speaker("name", name, name)
    return teller.told(at, speaker, cells["内容"], nature, source_id=source_id, whole_day=whole_day)


class PyWxDump:
    """PyWxDump keeps names in users.json beside its pages: who is who comes from there (formats 4)."""

    def __init__(self, beside: Path | None) -> None:
        """`beside` is the CSV or JSON; None for piped input."""
        self._names = _users(beside) if beside else {}

    def row(self, cells: Cells, teller: Teller) -> Events:
        """A row of the CSV. Excel keeps 15 digits of MsgSvrID: one that ends in zeros identifies nobody."""
        room = cells.get("room_name", "").strip()
        teller.within(room, room)
        return self._told(cells["createtime"], cells["type_name"], cells["talker"].strip(), cells["msg"],
                              cells["msgsvrid"].strip(), teller)  # fmt: skip

    def item(self, told: dict[str, Any], teller: Teller) -> Events:
        """An item of the JSON, which has the same fields."""
        teller.within(field(told, "room_name"), field(told, "room_name"))
        return self._told(field(told, "CreateTime"), field(told, "type_name"), field(told, "talker"),
                              field(told, "msg"), field(told, "MsgSvrID"), teller)  # fmt: skip

    def _told(self, time: str, label: str, talker: str, text: str, server_id: str, teller: Teller) -> Events:
        at, whole_day = (unix(time), False) if time.strip().isdecimal() else moment(time)
        nature = "system" if talker in _APPS else by_label(label)
        speaker = None if nature == "system" else wechat_id(talker, self._names.get(talker, ""))
        source_id = f"server {server_id}" if server_id.isdecimal() and not server_id.endswith("0000") else ""
        return teller.told(at, speaker, text, nature, source_id=source_id, whole_day=whole_day)


def _users(beside: Path) -> dict[str, str]:
    """wxid → name from the users.json in the same folder; nobody where there is none or it is something else."""
    near = [beside.with_name("users.json"), beside.with_name(f"{beside.stem}_users.json")]
    path = next((p for p in near if p.is_file() and p.stat().st_size <= _USERS_BYTES), None)
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig")) if path else {}
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(told, dict):
        return {}
    return {
        wxid: field(user, "nickname") or field(user, "remark") for wxid, user in told.items() if isinstance(user, dict)
    }


def weflow_row(cells: Cells, teller: Teller) -> Events:
    """A row of WeFlow's sheet; the compact one has no ids (formats 6)."""
    at, whole_day = moment(cells["时间"])
    shown = cells["发送者身份"].strip()
    name = cells.get("群昵称", "").strip() or cells.get("发送者昵称", "").strip() or shown
    nature = "system" if shown in _APPS else by_label(cells["消息类型"])
    speaker = None if nature == "system" else wechat_id(cells.get("发送者微信id", "").strip(), name)
    if speaker == Speaker("name", "我", "我"):
        speaker = SELF
    text, nature = _solitaire(cells["内容"], nature)
    return teller.told(at, speaker, text, nature, whole_day=whole_day)


def weflow_head(key: str, value: Any, teller: Teller) -> None:
    """The chat is told before the messages."""
    if key == "session" and isinstance(value, dict):
        teller.within(field(value, "displayName") or field(value, "nickname"), field(value, "wxid"))


def weflow_item(told: dict[str, Any], teller: Teller) -> Events:
    """One message of WeFlow's or EchoTrace's JSON."""
    at = unix(told["createTime"]) if "createTime" in told else moment(field(told, "formattedTime"))[0]
    number, label = told.get("localType"), field(told, "type")
    nature: Nature = by_label(label)
    if isinstance(number, int) and (nature == "other" or not label):
        nature = by_number(number)
    name = field(told, "groupNickname") or field(told, "senderDisplayName")
    speaker = None if nature == "system" else wechat_id(field(told, "senderUsername"), name)
    text, nature = _solitaire(field(told, "content"), nature)
    local = field(told, "localId")
    source_id = f"local {local} {at.isoformat()}" if local.isdecimal() and local != "0" else ""
    return teller.told(at, speaker, text, nature, source_id=source_id)


def _solitaire(text: str, nature: Nature) -> tuple[str, Nature]:
    """A 接龙 shown as a link is text; so is what the older exporter only calls one."""
    bare = uncarded(text)
    return bare, "text" if bare != text or bare.startswith("[接龙]") else nature
