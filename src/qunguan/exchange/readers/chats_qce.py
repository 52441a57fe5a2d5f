"""qq-chat-exporter: JSON of versions 4 and 5, its chunks, XLSX and text (formats 8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as data_field
from datetime import datetime, timedelta
from typing import Any

from qunguan.domain.activity import ChatEvent, Speaker
from qunguan.domain.errors import BadInput
from qunguan.exchange.readers.chats_json import field
from qunguan.exchange.readers.chats_media import Nature, by_label
from qunguan.exchange.readers.chats_source import CHAT_LIMITS
from qunguan.exchange.readers.chats_system import understand
from qunguan.exchange.readers.chats_teller import Events, Teller, moment, unix
from qunguan.exchange.readers.chats_text import Lines

_PREAMBLE = re.compile(r"(聊天名称|导出时间)[:：]\s*(.*)")
_SPEAKER = re.compile(r"(?:\[[^\]]*\] )?(?P<name>.+?)[:：]")
_PART = re.compile(r"(时间|内容|资源|提及|回复)[:：] ?(.*)")
_RELATIVE = re.compile(
    r"(?:(?P<days>\d{1,5}) ?天前|(?P<hours>\d{1,5}) ?小时前|(?P<minutes>\d{1,5}) ?分钟前|(?P<now>刚刚))"
)
_END = re.compile(r"[=＝-]*\s*导出完成.*")
_SIGNS = ("加入", "退出", "离开", "移出", "撤回")
_APPS = ("系统", "系统消息", "System")


def speaker_of(sender: object) -> Speaker | None:
    """By QQ number, else by the uid that NT gives everybody; the name is the card of that time."""
    if not isinstance(sender, dict):
        return None
    number, uid = field(sender, "uin"), field(sender, "uid")
    name = next((field(sender, key) for key in ("groupCard", "name", "nickname") if field(sender, key)), "")
    if number and number != "0":
        return Speaker("qq", number, name)
    return Speaker("uid", uid, name) if uid else Speaker("name", name, name) if name else None


def head(key: str, value: Any, teller: Teller) -> None:
    """What stands before the messages: the name of the chat."""
    if key == "chatInfo" and isinstance(value, dict):
        teller.within(field(value, "name"))


def item(told: dict[str, Any], teller: Teller) -> Events:
    """One message. `time` is UTC, so the timestamp is asked. What was taken back keeps its text, yet is no speech."""
    content = told.get("content")
    content = content if isinstance(content, dict) else {}
    stamp = told.get("timestamp")
    at = unix(stamp, 1000) if str(stamp).isdecimal() and len(str(stamp)) > 11 else _loose(stamp)
    raw = told.get("rawMessage")
    speaker = speaker_of(told.get("sender"))
    if speaker and not speaker.name and isinstance(raw, dict):
        name = field(raw, "sendMemberName") or field(raw, "sendNickName")
        speaker = Speaker(speaker.kind, speaker.id, name)
    answer = _reply(content)
    return teller.told(
        at, speaker, field(content, "text"), _nature(told, content),
        source_id=field(told, "id") or field(told, "messageId"),
        reply_to=_number(answer), answered=_answered(answer), called=_called(content),
    )  # fmt: skip


def _loose(stamp: object) -> datetime:
    return moment(stamp)[0] if isinstance(stamp, str) and not stamp.isdecimal() else unix(stamp)


def _nature(told: dict[str, Any], content: dict[str, Any]) -> Nature | None:
    if told.get("recalled") is True or told.get("isRecalled") is True:
        return "recall"
    if told.get("system") is True or told.get("isSystemMessage") is True:
        return "system"
    resources = content.get("resources")
    if not field(content, "text").strip("[] \n") or field(content, "text").startswith("["):
        first = resources[0] if isinstance(resources, list) and resources else None
        if isinstance(first, dict) and field(first, "type"):
            return by_label(field(first, "type"))
    label = field(told, "type")
    return None if label in ("", "text") or label.isdecimal() or label.startswith("type_") else by_label(label)


def _reply(content: dict[str, Any]) -> dict[str, Any]:
    """What is told of the message that is answered; nothing where none is."""
    answer, elements = content.get("reply"), content.get("elements")
    if isinstance(elements, list) and not answer:
        answer = next((e.get("data") for e in elements if isinstance(e, dict) and e.get("type") == "reply"), None)
    return answer if isinstance(answer, dict) else {}


def _number(answer: dict[str, Any]) -> str | None:
    keys = ("referencedMessageId", "messageId", "replyMsgId", "msgId", "senderUin", "senderName")
    return next((field(answer, key) for key in keys if field(answer, key)), "") or None


def _answered(answer: dict[str, Any]) -> Speaker | None:
    return speaker_of({"uin": field(answer, "senderUin"), "uid": field(answer, "senderUid"),
                       "name": field(answer, "senderName")}) if answer else None  # fmt: skip


def _called(content: dict[str, Any]) -> tuple[str, ...] | None:
    told = content.get("mentions")
    if not isinstance(told, list):
        return None
    names = (field(one, "name") or field(one, "uin") or field(one, "uid") for one in told if isinstance(one, dict))
    return tuple(name.removeprefix("@") for name in names if name)


def row(cells: dict[str, str], teller: Teller) -> Events:
    """One row of the sheet. Its `时间` is UTC where it ends in Z, and local where an older version wrote it plainly."""
    at, whole_day = moment(cells["时间"])
    number, name = cells["发送者qq号"].strip(), cells["发送者"].strip()
    speaker = Speaker("qq", number, name) if number.isdecimal() and number != "0" else Speaker("name", name, name)
    label = cells["消息类型"]
    nature = by_label(label) if label not in ("", "text", "文本", "文本消息") else None
    if cells["是否撤回"].strip().casefold() in ("是", "true", "yes", "1"):
        nature = "recall"
    return teller.told(at, speaker, cells["消息内容"], nature, whole_day=whole_day)


def fits(lines: list[str]) -> bool:
    """Whether the beginning of a text is this exporter's: its preamble, or its three-line heads."""
    starts = [line.split("：")[0].split(":")[0] for line in lines[:40]]
    return "聊天名称" in starts or ("时间" in starts and "内容" in starts)


@dataclass(slots=True)
class _Message:
    line: int
    name: str
    time: str
    parts: dict[str, list[str]] = data_field(default_factory=dict)
    size: int = 0


def read_txt(lines: Lines, teller: Teller) -> Iterator[ChatEvent]:
    """The messages of the text. Its times may be days only, or relative to the export, as its user chose."""
    exported: datetime | None = None
    for found in _messages(lines):
        if isinstance(found, tuple):
            key, value = found
            if key == "聊天名称":
                teller.begin()
                teller.within(value)
            else:
                exported = _exported(value)
            continue
        try:
            at, whole_day = _when(found.time, exported)
        except BadInput as error:
            teller.reject(found.line, error)
            continue
        yield from _told(found, at, whole_day, teller)


def _messages(lines: Lines) -> Iterator[_Message | tuple[str, str]]:
    """The messages, and what the preamble tells. A name is known only by the time on the line below it."""
    message: _Message | None = None
    part: list[str] = []
    held: str | None = None  # the line above, which may be the name of the next message
    for number, line in lines:
        found = _PART.fullmatch(line)
        if found and found[1] == "时间" and held is not None and (name := _SPEAKER.fullmatch(held.strip())):
            if message:
                yield message
            message, part, held = _Message(number - 1, name["name"], found[2].strip()), [], None
            continue
        if held is not None and message and message.size < CHAT_LIMITS.field_chars:
            part.append(held)
            message.size += len(held)
        held = None
        opening = _PREAMBLE.fullmatch(line) if message is None else None
        if opening:
            yield opening[1], opening[2].strip()
        elif message and found and found[1] not in message.parts and (found[1] != "时间"):
            part = message.parts.setdefault(found[1], [])
            part.append(found[2])
        elif message and _END.fullmatch(line):
            yield message
            message = None
        else:
            held = line
    if message:
        part.extend([held] if held is not None else [])
        yield message


def _told(found: _Message, at: datetime | None, whole_day: bool, teller: Teller) -> Events:
    text = "\n".join(found.parts.get("内容", [])).strip()
    speaker = None if found.name in _APPS else Speaker("name", found.name, found.name)
    nature: Nature | None = "system" if speaker is None or _about_themselves(text, speaker) else None
    called = tuple(name.strip(" @") for line in found.parts.get("提及", []) for name in re.split("[,，、]", line))
    answered = "\n".join(found.parts.get("回复", [])).strip() or None
    return teller.told(
        at, speaker, text, nature, whole_day=whole_day, reply_to=answered, answered=_quoted(answered),
        called=tuple(name for name in called if name) or None,
    )  # fmt: skip


def _quoted(answered: str | None) -> Speaker | None:
    """Who is before the colon of `小红: 在吗`."""
    name, colon, _text = (answered or "").replace("：", ":").partition(":")
    return Speaker("name", name.strip(), name.strip()) if colon and name.strip() else None


def _about_themselves(text: str, speaker: Speaker) -> bool:
    """Whether the app speaks, and the exporter prints whom it speaks of as the sender: `小红: 小红加入了群聊`."""
    if len(text) > 200 or not any(word in text for word in _SIGNS):
        return False
    about = understand(text)[0].who
    return about is not None and about.name == speaker.name


def _exported(text: str) -> datetime | None:
    try:
        return moment(text)[0]
    except BadInput:
        return None


def _when(text: str, exported: datetime | None) -> tuple[datetime | None, bool]:
    """(time, whether only the day is known). Days ago count from the day of the export; unknown without one."""
    relative = _RELATIVE.fullmatch(text)
    if relative is None:
        return moment(text)
    if exported is None:
        return None, True
    ago = {unit: int(n) for unit, n in relative.groupdict().items() if n and unit != "now"}
    return exported - timedelta(**ago), True
