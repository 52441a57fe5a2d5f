"""WeChat's own export: messages selected on the phone and shared as mail or text (formats 2). Minutes only, no ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from qunguan.domain.activity import ChatEvent, Speaker
from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import Reason
from qunguan.exchange.readers.chats_teller import Teller, moment
from qunguan.exchange.readers.chats_text import Lines, blocks
from qunguan.i18n import N_
from qunguan.values import frozen

_DAY = re.compile(r"\s*[—–-]{3,}\s*(\d{4}[-/]\d{1,2}[-/]\d{1,2})\s*[—–-]{3,}\s*")
_HEAD = re.compile(r"(?P<name>\S.*?)[ \xa0]{2}(?P<hour>\d{1,2}):(?P<minute>\d\d)\s*")
_GROUP = re.compile(r"""\s*(?:微信群["“](?P<new>.+)["”]的聊天记录如下.*|(?P<old>.+?) ?微信群上的聊天记录如下.*)""")
_PAIR = re.compile(r"\s*(?P<pair>.+ 和 .+) ?在微信上的聊天记录如下.*")


@frozen
class _Head:
    """A day, the title of a chat, or who spoke at which time of the day."""

    day: str = ""
    chat: str = ""
    name: str = ""
    clock: str = ""


def fits(lines: list[str]) -> bool:
    """Whether the beginning of a text is such an export: it has a line with a day between dashes and a head."""
    return any(map(_DAY.fullmatch, lines)) and any(map(_HEAD.fullmatch, lines))


class _Heads:
    """Which lines are heads. Old clients put a blank line around them, newer ones none: the first head shows which."""

    def __init__(self) -> None:
        self._spaced: bool | None = None

    def __call__(self, line: str, above: str) -> _Head | None:
        if "—" in line or line.lstrip().startswith(("–", "---")):
            day = _DAY.fullmatch(line)
            if day:
                self._spaced = None
                return _Head(day=day[1])
        if line.rstrip().endswith(("如下:", "如下：", "如下，请查收。", "如下,请查收。")):
            title = _GROUP.fullmatch(line) or _PAIR.fullmatch(line)
            if title:
                found = title.groupdict()
                return _Head(chat=(found.get("new") or found.get("old") or found.get("pair") or "").strip())
        if self._spaced and above.strip() and not _DAY.fullmatch(above):
            return None
        found_head = _HEAD.fullmatch(line)
        if found_head is None:
            return None
        if self._spaced is None:
            self._spaced = not above.strip()
        return _Head(name=found_head["name"], clock=f"{found_head['hour'].zfill(2)}:{found_head['minute']}:00")


def read(lines: Lines, teller: Teller) -> Iterator[ChatEvent]:
    """The messages, each at the beginning of its minute."""
    day = ""
    teller.note(Reason(N_("this export has names and minutes only: people of one name are one here")))
    for block in blocks(lines, _Heads()):
        if block.head.chat:
            teller.begin()
            teller.within(block.head.chat)
        elif block.head.day:
            day = block.head.day
        elif not day:
            teller.reject(block.line, BadInput("no day stands above this line"))
        else:
            try:
                at = _at(day, block.head.clock)
            except BadInput as error:
                teller.reject(block.line, error)
                continue
            yield from teller.told(at, Speaker("name", block.head.name, block.head.name), block.body)


def _at(day: str, clock: str) -> datetime:
    return moment(f"{day} {clock}")[0]
