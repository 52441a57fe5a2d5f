"""QQ's message manager and TIM: `time card(number)` above each message, several groups in one file (formats 7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from qunguan.domain.activity import ChatEvent, Speaker
from qunguan.domain.errors import BadInput
from qunguan.exchange.readers.chats_teller import Teller
from qunguan.exchange.readers.chats_text import Lines, blocks, share
from qunguan.values import frozen

_RULE = re.compile(r"={60,}")
_TARGET = re.compile(r"消息对象[:：](.*)")
_GROUP = re.compile(r"消息分组[:：]")
_FIRST = frozenset("=消\ufeff \t")  # what else a line that tells of the file begins with
_TITLE = "消息记录（此消息记录为文本格式"
_HEAD = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2}) (?:(上午|下午|AM|PM) ?)?(\d{1,2}):(\d\d):(\d\d)(?: ?(上午|下午|AM|PM)\b)? (.*)"
)
_WHO = re.compile(r"(?P<name>.*?)\s*(?:\((?P<qq>\d{4,12})\)|<(?P<mail>[^<>\s]+@[^<>\s]+)>|<(?P<number>\d{4,12})>)")
_OF_THE_APP = ("10000", "1000000")
_ANONYMOUS = "80000000"
_PEOPLE = 8_192  # heads that are remembered: most lines are from people who spoke before
# What QQ prints before a card: the roles and the default titles of activity. Anything else is the member's own name.
_RANK = re.compile(r"【(?:群主|管理员|潜水|冒泡|吐槽|活跃|话唠|传说)】")


@frozen
class _Head:
    """A message's head, or with `target` the heading of another chat ("" only ends the one above)."""

    clock: tuple[str, ...] = ()
    who: str = ""
    target: str | None = None


def fits(lines: list[str]) -> bool:
    """Whether the beginning of a text is such an export: its title, or heads that end in a number or an address."""
    return any(line.startswith((_TITLE, "消息对象:", "消息对象：")) for line in lines[:12]) or share(lines, _named) > 0


def _named(line: str, above: str) -> bool:
    head = None if above.strip() else _HEAD.fullmatch(line)
    return head is not None and _WHO.fullmatch(head[9]) is not None


class _Heads:
    """Which lines are heads. Where one head of a chat tells an id all do, and a line without one is a body's."""

    def __init__(self) -> None:
        self._with_ids = False

    def __call__(self, line: str, above: str) -> _Head | None:
        if not line[0].isdecimal() and line[0] not in _FIRST:
            return None
        head = _head(line, above)
        if head is None:
            return None
        if head.target is not None:
            self._with_ids = False
            return head
        speaker, by_id = _speaker(head.who)
        if not by_id:
            return None if self._with_ids else head
        self._with_ids = self._with_ids or speaker is not None
        return head


def _head(line: str, above: str) -> _Head | None:
    if (line.startswith("=") and _RULE.fullmatch(line.rstrip())) or line.lstrip("\ufeff").startswith(_TITLE):
        return _Head(target="")
    if above.startswith("=") and _RULE.fullmatch(above.rstrip()):
        target = _TARGET.fullmatch(line)
        if target:
            return _Head(target=target[1].strip())
        if _GROUP.match(line):
            return _Head(target="")
    if above.strip() and not above.startswith("===="):
        return None
    found = _HEAD.fullmatch(line) if line[:1].isdecimal() else None
    return _Head(found.groups("")[:8], found[9]) if found else None


def read(lines: Lines, teller: Teller) -> Iterator[ChatEvent]:
    """The events of every chat in the file."""
    for block in blocks(lines, _Heads()):
        if block.head.target is not None:
            if block.head.target:
                teller.begin()
                teller.within(block.head.target)
            continue
        try:
            at = _clock(*block.head.clock)
        except BadInput as error:
            teller.reject(block.line, error)
            continue
        speaker, _by_id = _speaker(block.head.who)
        yield from teller.told(at, speaker, block.body, None if speaker else "system")


def _clock(year: str, month: str, day: str, before: str, hour: str, minute: str, second: str, after: str) -> datetime:
    """24 hours, one digit or two; or 12 with AM, PM, 上午, 下午 on either side. Raises `BadInput`."""
    half = before or after
    hours = int(hour)
    if half in ("PM", "下午") and hours < 12:
        hours += 12
    elif half in ("AM", "上午") and hours == 12:
        hours = 0
    try:
        return datetime(int(year), int(month), int(day), hours, int(minute), int(second))  # noqa: DTZ001 - wall clock
    except ValueError as error:
        raise BadInput("“{value}” is not a time", value=f"{year}-{month}-{day} {hour}:{minute}:{second}") from error


@lru_cache(maxsize=_PEOPLE)
def _speaker(text: str) -> tuple[Speaker | None, bool]:
    """(who a head names, None for the app itself; whether by an id). The last number in brackets counts: a card may
    hold others."""
    found = _WHO.fullmatch(text)
    if found is None:
        return Speaker("name", text.strip(), text.strip()), False
    name, number = _RANK.sub("", found["name"], count=1).strip(), found["qq"] or found["number"]
    if found["mail"]:
        return Speaker("email", found["mail"].casefold(), name), True
    if number in _OF_THE_APP:
        return None, True
    return Speaker("name", name, name) if number == _ANONYMOUS else Speaker("qq", number, name), True
