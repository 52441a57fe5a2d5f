"""Which messages of a chat were counted before: by this exporter, for certain, or by another one, by words and minute.

Every exporter names people in its own way, so the keys of two of them differ for one and the same message. What they
agree on is the minute and the letters of a message; those make a second, smaller number. One such number proves
nothing, two chats have their 早 in the same minute too. But of the messages in the hours both files tell of nearly all
agree when it is one chat and few when it is not; so it is settled at the end of the file.
"""

from __future__ import annotations

import re
import sys
from array import array
from base64 import b64decode, b64encode
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any, Literal, TypeAlias
from zlib import crc32

from qunguan.domain.activity import ChatEvent, Chunk
from qunguan.domain.activity_chains import is_chain
from qunguan.domain.activity_sums import Sums
from qunguan.store import activity_queries as queries
from qunguan.store.session import Session

KEYS_IN_A_ROW = 100_000
KEYS_AT_HAND = 100_000
"""Keys of one file that are held as a set, at some 70 bytes each; more are packed, at 8 bytes each."""

_NONE_BEFORE = b"\x1f0"
_NO_LETTERS = re.compile(r"[\W_]+")
_MARKS = "，。！？ "
_FIRST = frozenset("[#＃红转 \n")
_LABEL = re.compile(r"\[[^\]\s]{1,8}\]|红包|转账")


Standing = Literal["new", "alike", "known", "taken"]
"""Whether an event was counted before: `known` for certain, `alike` by its words. `taken` is known for certain too, but
not by its words: what it told then an event of the same minute and words seems to tell, which was taken for it."""

_Runs: TypeAlias = "list[array[int]]"  # each in order


def _stands_in(runs: _Runs, number: int) -> bool:
    return any(place < len(run) and run[place] == number for run in runs for place in (bisect_left(run, number),))


class _Day:
    """What is known of one day of the wall clock."""

    __slots__ = ("hours", "keys", "packed", "told")

    def __init__(self) -> None:
        self.keys: set[int] = set()
        """Of this file, but for those that are packed."""
        self.packed: _Runs = []
        self.told: _Runs = []
        """What other exporters' files told alike."""
        self.hours: dict[int, int] = {}
        """Messages counted before, by hour."""


class Seen:
    """What earlier imports of a group counted, read day by day as the file comes to it."""

    def __init__(self, session: Session, group_id: int, *, wordless: bool) -> None:
        """`wordless`: the file tells no words, so nothing in it can be recognised by them."""
        self._session, self._group_id, self._wordless = session, group_id, wordless
        self._empty = not queries.has_imports(session, group_id)
        self._days: dict[date | None, _Day] = {}
        self._wall: date | None = None
        self._day = _Day()
        self._elsewhere = 0  # keys at hand of the other days
        self._minute = -1
        self._equals: defaultdict[str, int] = defaultdict(int)
        self.said = ""
        """What the event looked at last is compared by, within its minute."""
        self._mine: Counter[tuple[date, int]] = Counter()  # messages of hours that were told before
        self._agreed = 0
        self.overlaps = False
        """Whether the file tells of days that were told before."""

    def look(self, event: ChatEvent, wall: date | None) -> tuple[Standing, int | None]:
        """Whether an event of that day of the wall clock is known, and its number for other exporters' files."""
        if wall != self._wall or not self._days:
            self._turn_to(wall)
        alike = self._alike(event)
        key, day = event.key, self._day
        new = key not in day.keys and not (day.packed and _stands_in(day.packed, key))
        if new:
            day.keys.add(key)
            if self._elsewhere + len(day.keys) > KEYS_AT_HAND:
                self._pack()
        if self._empty or alike is None or wall is None or event.at is None:
            return "new" if new else "known", alike
        told = _stands_in(day.told, alike)
        if event.kind == "message" and event.at.hour in day.hours:
            self._mine[wall, event.at.hour] += 1
            self._agreed += told or not new
        if not new:
            return "known" if told else "taken", alike
        return "alike" if told else "new", alike

    def look_at_run(self, run: Chunk, wall: date) -> array[int] | None:
        """The numbers for other exporters' files of messages of one day of the wall clock, all of them new.

        None where some may be known: then they have to be looked at one by one.
        """
        if wall != self._wall or not self._days:
            self._turn_to(wall)
        day, keys = self._day, set(run.key)
        if day.told or day.hours or len(keys) < len(run) or not keys.isdisjoint(day.keys):
            return None
        if day.packed and any(_stands_in(day.packed, key) for key in keys):
            return None
        day.keys |= keys
        if self._elsewhere + len(day.keys) > KEYS_AT_HAND:
            self._pack()
        if self._wordless:
            return array("I")
        minutes = [60 * at.hour + at.minute for at in run.at]
        return array("I", self._numbers(minutes, _said(run)))

    def one_chat(self, percent: int) -> bool:
        """Whether the file is the chat that was told before: of what both can tell, so much agrees."""
        both = sum(min(self._days[wall].hours[hour], count) for (wall, hour), count in self._mine.items())
        return both > 0 and 100 * self._agreed >= percent * both

    def forget(self) -> None:
        """Let go of the numbers: the file is read."""
        for day in self._days.values():
            day.keys, day.packed, day.told = set(), [], []

    def _turn_to(self, wall: date | None) -> None:
        self._elsewhere += len(self._day.keys)
        self._wall, self._minute = wall, -1
        if wall not in self._days:
            self._days[wall] = _Day() if self._empty else self._load(wall)
        self._day = self._days[wall]
        self._elsewhere -= len(self._day.keys)

    def _load(self, wall: date | None) -> _Day:
        """What earlier imports told of a day. Their keys stand in order."""
        day = _Day()
        for row in queries.seen(self._session, self._group_id, wall):
            self.overlaps = self.overlaps or wall is not None
            day.packed.append(_unpacked(row.certain, "q"))
            day.told.append(_unpacked(row.alike, "I"))
        if wall is not None:
            hours = queries.hours_of_day(self._session, self._group_id, wall)
            day.hours = {row.hour: row.messages for row in hours}
        return day

    def _pack(self) -> None:
        for day in self._days.values():
            if day.keys:
                day.packed.append(array("q", sorted(day.keys)))
                day.keys = set()
        self._elsewhere = 0

    def _alike(self, event: ChatEvent) -> int | None:
        """32 bits of the minute, the letters, and how many were equal before; None where nothing can be compared."""
        at = event.at
        if at is None or event.whole_day or self._wordless:
            return None
        if event.kind != "message":
            said = "\x1f" + event.kind
        elif event.media != "text" or _told_apart(event.text):
            said = ""
        else:
            said = _letters(event.text)
        self.said = said
        return self._numbers([60 * at.hour + at.minute], [said])[0]

    def _numbers(self, minutes: Sequence[int], said: Sequence[str]) -> list[int]:
        """32 bits of each minute, the letters, and how many were equal before."""
        numbers = []
        equals, begun = self._equals, _minute_sums()
        for minute, letters in zip(minutes, said, strict=True):
            if minute != self._minute:
                self._minute = minute
                equals.clear()
            before = equals[letters]
            equals[letters] = before + 1
            number = crc32(letters.encode("utf-8", "surrogatepass"), begun[minute])
            numbers.append(crc32(b"\x1f%d" % before if before else _NONE_BEFORE, number))
        return numbers


@cache
def _minute_sums() -> list[int]:
    """What the number of a message begins with, for every minute of a day."""
    return [crc32(b"%d\x1f" % minute) for minute in range(24 * 60)]


def _said(run: Chunk) -> list[str]:
    """What messages are compared by. The marks are left out of all at once; NUL, which no text holds, parts them."""
    texts = [
        text if media == "text" and not (text[:1] in _FIRST and _told_apart(text)) else ""
        for text, media in zip(run.text, run.media, strict=True)
    ]
    joined = "\0".join(texts)
    for mark in _MARKS:
        joined = joined.replace(mark, "")
    bare = joined.split("\0")
    if len(bare) != len(texts):  # JSON can tell a NUL
        return list(map(_letters, texts))
    return [text if text.isalnum() else _NO_LETTERS.sub("", text) for text in bare]


def _letters(text: str) -> str:
    """The letters and digits of a text. A pattern takes three times as long as leaving out the usual marks."""
    if text.isalnum():
        return text
    for mark in _MARKS:
        text = text.replace(mark, "")
    return text if text.isalnum() else _NO_LETTERS.sub("", text)


def _told_apart(text: str) -> bool:
    """Whether exporters write it in ways of their own: a 接龙, and what stands for a picture or a red packet."""
    return text[:1] in _FIRST and (_LABEL.match(text) is not None or is_chain(text))


def rows(sums: Sums, import_id: int, group_id: int) -> Iterator[dict[str, Any]]:
    """The rows that remember what was counted."""
    for day, keys in sums.keys.items():
        alike = sums.alike[day]
        ordered, numbers = array("q", sorted(keys)), array("I", sorted(alike))
        for start in range(0, len(ordered), KEYS_IN_A_ROW):
            end = start + KEYS_IN_A_ROW
            yield {
                "import_id": import_id,
                "group_id": group_id,
                "day": day,
                "keys": _packed(ordered[start:end]),
                "alike": _packed(numbers[start:end]),
            }


def _packed(numbers: array[int]) -> str:
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return b64encode(numbers).decode("ascii")


def _unpacked(text: str, code: str) -> array[int]:
    numbers = array("q") if code == "q" else array("I")
    numbers.frombytes(b64decode(text))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
