"""What kind of thing a message is: by WeChat's type numbers, by an exporter's label, by a placeholder in the text."""

from __future__ import annotations

import re
from typing import Literal

from qunguan.domain.activity import Media

Nature = Media | Literal["system", "recall"]
"""A medium of speech, or that the row is no speech."""

# WeChat's own numbers (formats 3.3). 49 is "app message": its subtype says what it is.
_TYPES: dict[int, Nature] = {
    1: "text", 3: "image", 34: "voice", 43: "video", 47: "sticker", 62: "video", 10000: "system", 10002: "system",
}  # fmt: skip
_APP_TYPES: dict[int, Nature] = {
    1: "text", 2: "image", 4: "link", 5: "link", 6: "file", 8: "sticker", 19: "other", 33: "link", 36: "link",
    53: "text", 57: "text", 62: "system", 87: "text", 2001: "red_packet", 2003: "red_packet",
}  # fmt: skip

# A word in an exporter's label, first match first: 视频通话 is a call and no film, 红包封面 is a red packet.
_LABELS: tuple[tuple[str, Nature], ...] = (
    ("撤回", "recall"), ("拍一拍", "system"), ("戳一戳", "system"), ("系统", "system"), ("通话", "other"),
    ("其他", "other"), ("位置", "other"), ("名片", "other"),
    ("红包", "red_packet"), ("转账", "other"), ("接龙", "text"), ("引用", "text"), ("回复", "text"), ("公告", "text"),
    ("图片", "image"), ("闪照", "image"), ("照片", "image"), ("表情", "sticker"), ("语音", "voice"), ("视频号", "link"),
    ("视频", "video"), ("文件", "file"), ("链接", "link"), ("分享", "link"), ("小程序", "link"), ("文本", "text"),
    ("文字", "text"), ("recall", "recall"), ("system", "system"), ("text", "text"), ("reply", "text"),
    ("image", "image"), ("picture", "image"), ("sticker", "sticker"), ("emoji", "sticker"), ("face", "sticker"),
    ("voice", "voice"), ("audio", "voice"), ("record", "voice"), ("video", "video"), ("file", "file"),
    ("red_packet", "red_packet"), ("redpacket", "red_packet"), ("wallet", "red_packet"), ("link", "link"),
    ("ark", "link"), ("json", "link"), ("share", "link"),
)  # fmt: skip
_PLACEHOLDER = re.compile(r"!?\[([^\[\]\n]{1,20}?)(?:[:：|][^\[\]]*)?\](?:\([^()]*\))?")
_FOLLOWS = re.compile(r"请使用.*|[:：]?\s*\S{0,80}\.\w{2,5}|\s*\d+[\"”秒]?", re.DOTALL)
_WORDY = ("link", "red_packet", "other", "voice", "file")  # the placeholder may be followed by what it is about


def by_number(kind: int, subtype: int = 0) -> Nature:
    """What WeChat's `Type` and `SubType` mean; the newer clients write both as one number (subtype × 2³² + type)."""
    if kind >> 32:
        kind, subtype = kind & 0xFFFFFFFF, kind >> 32
    return _APP_TYPES.get(subtype, "other") if kind == 49 else _TYPES.get(kind, "other")


def by_label(label: str) -> Nature:
    """What an exporter's word for a kind of message means: 文本消息, 动画表情, image."""
    return _named(label) or "other"


def by_text(text: str) -> Media:
    """What a text stands for that is nothing but a placeholder: [图片], [语音] 3", [QQ红包]请使用新版手机QQ查收。"""
    found = _PLACEHOLDER.match(text)
    nature = _named(found.group(1)) if found else None
    if nature is None or nature == "system" or nature == "recall":
        return "text"
    rest = _PLACEHOLDER.sub("", text).strip()
    return nature if not rest or nature in _WORDY or _FOLLOWS.fullmatch(rest) else "text"


def _named(label: str) -> Nature | None:
    plain = label.casefold()
    return next((nature for word, nature in _LABELS if word in plain), None)
