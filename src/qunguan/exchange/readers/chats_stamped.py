"""Texts whose heads carry a full time: WeChatMsg `time name`, WeFlow `time 'name'` (formats 3.5, formats 6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from qunguan.domain.activity import ChatEvent, Speaker
from qunguan.domain.errors import BadInput
from qunguan.exchange.readers.chats_system import SELF
from qunguan.exchange.readers.chats_teller import Teller, moment
from qunguan.exchange.readers.chats_text import Lines, blocks, share

_WECHATMSG = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (\S.*)")
_WEFLOW = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) '(.*)'")
_QUOTE = re.compile(r"(?:^|\n)引用[:：](?P<name>[^\n:：]*)[:：]")
_CARD = re.compile(r"\[(?:链接|接龙)\] ?(?=\S)")
_APP = "系统消息"


def fits_weflow(lines: list[str]) -> bool:
    """Whether heads put the name between single quotation marks."""
    return share(lines, lambda line, above: not above.strip() and _WEFLOW.fullmatch(line)) > 0


def fits_wechatmsg(lines: list[str]) -> bool:
    """Whether heads are a time and a name; tried after all that are more particular."""
    return share(lines, lambda line, above: not above.strip() and _WECHATMSG.fullmatch(line)) > 0


def _heads(pattern: re.Pattern[str], line: str, above: str) -> re.Match[str] | None:
    return None if above.strip() or not line[:1].isdecimal() else pattern.fullmatch(line)


def read_weflow(lines: Lines, teller: Teller) -> Iterator[ChatEvent]:
    """The messages of WeFlow's text. Names only, no ids."""
    for block in blocks(lines, lambda line, above: _heads(_WEFLOW, line, above)):
        at = _time(block.head, block.line, teller)
        if at is None:
            continue
        name = block.head[2].strip()
        speaker = None if name == _APP else SELF if name == "我" else Speaker("name", name, name)
        yield from teller.told(at, speaker, uncarded(block.body), None if speaker else "system")


def read_wechatmsg(lines: Lines, teller: Teller) -> Iterator[ChatEvent]:
    """The messages of WeChatMsg's text. A head without a body is what the app said: nobody sends an empty text."""
    for block in blocks(lines, lambda line, above: _heads(_WECHATMSG, line, above)):
        at = _time(block.head, block.line, teller)
        if at is None:
            continue
        said = block.head[2].strip()
        if block.body:
            quoted = _QUOTE.search(block.body)
            name = quoted["name"].strip() if quoted else ""
            yield from teller.told(
                at, Speaker("name", said, said), block.body, reply_to=quoted["name"] if quoted else None,
                answered=Speaker("name", name, name) if name else None,
            )  # fmt: skip
        else:
            yield from teller.told(at, None, said, "system")


def _time(head: re.Match[str], line: int, teller: Teller) -> datetime | None:
    try:
        return moment(head[1])[0]
    except BadInput as error:
        teller.reject(line, error)
        return None


def uncarded(text: str) -> str:
    """A 接龙 that an exporter shows as a link, without the word for it; any other text as it is."""
    bare = _CARD.sub("", text, count=1) if text.startswith("[") else text
    return bare if bare.lstrip().startswith(("#接龙", "# 接龙", "#Group Note")) else text
