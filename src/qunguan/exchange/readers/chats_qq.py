"""QQ's message manager and TIM: `time card(number)` above each message, several groups in one file (formats 7)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache, partial

from qunguan.domain.activity import ChatEvent, ChatItem, Speaker
from qunguan.domain.errors import BadInput
from qunguan.exchange.readers.chats_columns import Said, each, packed, plain_moments, told
from qunguan.exchange.readers.chats_keys import Stamped
from qunguan.exchange.readers.chats_source import CHAT_LIMITS, Source
from qunguan.exchange.readers.chats_teller import Events, Teller
from qunguan.exchange.readers.chats_text import LONGEST_HEAD, Block, Blocks, share
from qunguan.values import frozen

_RULE = re.compile(r"={60,}")
_RULE_BELOW = "\n" + "=" * 60
_TARGET = re.compile(r"消息对象[:：](.*)")
_GROUP = re.compile(r"消息分组[:：]")
_FIRST = frozenset("=消\ufeff \t")  # what else a line that tells of the file begins with
_TITLE = "消息记录（此消息记录为文本格式"
_STAMP = r"(\d{4})[-/](\d{1,2})[-/](\d{1,2}) (?:(上午|下午|AM|PM) ?)?(\d{1,2}):(\d\d):(\d\d)(?: ?(上午|下午|AM|PM)\b)?"
_CLOCK = re.compile(_STAMP)
_HEAD = re.compile(_STAMP + " (.*)")
_HEADS = re.compile("^(" + re.sub(r"\((?!\?)", "(?:", _STAMP) + ") (.*)$", re.MULTILINE)
"""`_HEAD` in a whole text: the stamp and who."""
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
        self.with_ids = False

    def __call__(self, line: str, above: str) -> _Head | None:
        if not line[0].isdecimal() and line[0] not in _FIRST:
            return None
        head = _head(line, above)
        if head is None:
            return None
        if head.target is not None:
            self.with_ids = False
            return head
        speaker, by_id = _speaker(head.who)
        if not by_id:
            return None if self.with_ids else head
        self.with_ids = self.with_ids or speaker is not None
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


def read(source: Source, teller: Teller) -> Iterator[ChatItem]:
    """All of every chat in the file: pieces of plain messages in columns, the others line by line."""
    heads = _Heads()
    taken = Blocks(heads)
    for number, lines in source.lines_by_the_piece():
        piece = _Piece(number, lines)
        above, below = enumerate(lines[: piece.begins], number), piece.begins
        yield from packed(_each(taken.feed(above), teller))
        if piece.is_plain and not taken.above.strip():
            heads.with_ids = heads.with_ids or any(piece.speakers)
            yield from packed(_each(taken.end(), teller))
            yield from told(piece.said(teller.chat), teller, partial(_message_at, piece, teller))
            below = piece.ends
            taken.above = ""
        yield from packed(_each(taken.feed(enumerate(lines[below:], number + below)), teller))
    yield from _each(taken.end(), teller)


def _each(blocks: Iterable[Block[_Head]], teller: Teller) -> Iterator[ChatEvent]:
    for block in blocks:
        if block.head.target is None:
            yield from _message(block, teller)
        elif block.head.target:
            teller.begin()
            teller.within(block.head.target)


def _message(block: Block[_Head], teller: Teller) -> Events:
    try:
        at = _clock(*block.head.clock)
    except BadInput as error:
        teller.reject(block.line, error)
        return ()
    speaker, _by_id = _speaker(block.head.who)
    return teller.told(at, speaker, block.body, None if speaker else "system")


class _Piece:
    """Some thousand lines: what looks like heads in them, and the bodies below, as columns.

    `begins` and `ends` are the places of the lines with the first and the last head, whose body may go on.
    """

    def __init__(self, number: int, lines: list[str]) -> None:
        self._number = number
        before, *rest = _HEADS.split("\n".join(lines))
        self.begins = before.count("\n") if rest else len(lines)
        self.ends = len(lines) - 1 - rest[-1].count("\n") if rest else len(lines)
        self._stamps, who, self._bodies = rest[:-3:3], rest[1::3], rest[2:-3:3]
        found = each(_speaker, who)
        self._who, self.speakers = who[:-1], [speaker for speaker, _by_id in found[:-1]]
        self.is_plain = (
            len(who) > 1
            and all(by_id for _speaker, by_id in found)
            and max(map(len, who)) < LONGEST_HEAD // 2
            and all(body.endswith("\n\n") for body in self._bodies)
            and max(map(len, self._bodies)) < CHAT_LIMITS.field_chars
            and not any(_RULE_BELOW in text or _TITLE in text for text in rest[2::3])
        )
        """Whether all that looks like a head is one, if the first of them is."""

    def said(self, chat: tuple[str, str]) -> Said:
        """The messages, but for the last one."""
        return Said(
            at=_moments(self._stamps), speaker=self.speakers, text=list(map(str.strip, self._bodies)),
            nature=[None] * len(self._who), chat=[chat] * len(self._who),
        )  # fmt: skip

    def block(self, place: int) -> Block[_Head]:
        """One of them."""
        line = self._number + self.begins + sum(body.count("\n") for body in self._bodies[:place])
        found = _CLOCK.fullmatch(self._stamps[place])
        assert found is not None
        return Block(line, _Head(found.groups(""), self._who[place]), self._bodies[place].strip())


def _message_at(piece: _Piece, teller: Teller, place: int) -> Events:
    return _message(piece.block(place), teller)


def _moments(stamps: list[str]) -> Sequence[Stamped | None]:
    """`_clock` of stamps; None for what is no time."""
    plain = plain_moments([stamp if len(stamp) > 18 else f"{stamp[:11]}0{stamp[11:]}" for stamp in stamps])
    return plain or list(map(_moment, stamps))


def _moment(stamp: str) -> Stamped | None:
    found = _CLOCK.fullmatch(stamp)
    try:
        at = _clock(*found.groups("")) if found else None
    except BadInput:
        return None
    return (at, at.isoformat()) if at else None


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
