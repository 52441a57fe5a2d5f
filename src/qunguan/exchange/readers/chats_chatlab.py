"""ChatLab's exchange format, which several exporters write: one object, or a line for each (formats 9)."""

from __future__ import annotations

from typing import Any

from qunguan.domain.activity import IdKind, Speaker
from qunguan.exchange.readers.chats_json import field
from qunguan.exchange.readers.chats_media import Nature
from qunguan.exchange.readers.chats_teller import Events, Teller, unix

_TYPES: dict[int, Nature] = {
    0: "text", 1: "image", 2: "voice", 3: "video", 4: "file", 5: "sticker", 7: "link", 20: "red_packet", 22: "system",
    24: "link", 25: "text", 80: "system", 81: "recall",
}  # fmt: skip
_KINDS: dict[str, IdKind] = {"wechat": "wxid", "weixin": "wxid", "qq": "qq"}
_APPS = ("", "system", "系统消息")


class ChatLab:
    """The reader of one file: what its head says of the platform decides what its ids are."""

    def __init__(self) -> None:
        self._kind: IdKind = "uid"

    def head(self, key: str, value: Any, teller: Teller) -> None:
        """`meta` tells the platform and the chat."""
        if key == "meta" and isinstance(value, dict):
            self._kind = _KINDS.get(field(value, "platform").casefold(), "uid")
            teller.within(field(value, "name"), field(value, "groupId"))

    def item(self, told: dict[str, Any], teller: Teller) -> Events:
        """One message. A reply points to the platform's id of what it answers."""
        at = unix(told.get("timestamp"))
        number = told.get("type")
        nature: Nature = _TYPES.get(number, "other") if isinstance(number, int) else "other"
        name = field(told, "groupNickname") or field(told, "accountName")
        sender = field(told, "sender")
        text = field(told, "content")
        speaker = None if sender.casefold() in _APPS else Speaker(self._kind, sender, name)
        return teller.told(
            at, speaker, text, nature, source_id=field(told, "platformMessageId"),
            reply_to=field(told, "replyToMessageId") or None,
        )  # fmt: skip

    def line(self, told: dict[str, Any], teller: Teller) -> Events:
        """One line of the JSONL: the header, a member, or a message."""
        if told.get("_type") == "header":
            teller.begin()
            self.head("meta", told.get("meta"), teller)
        elif told.get("_type") == "message":
            return self.item(told, teller)
        return ()
