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
from collections import Counter
from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Any
from zlib import crc32

from qunguan.domain.activity import ChatEvent
from qunguan.domain.activity_chains import is_chain
from qunguan.domain.activity_counts import Keys
from qunguan.domain.activity_sums import Sums
from qunguan.store import activity_queries as queries
from qunguan.store.session import Session

KEYS_IN_A_ROW = 100_000

_NO_LETTERS = re.compile(r"[\W_]+")
_FIRST = frozenset("[#＃红转 \n")
_LABEL = re.compile(r"\[[^\]\s]{1,8}\]|红包|转账")


class Standing(Enum):
    """Whether an event was counted before: for certain, or by its words. `TAKEN` is known for certain too, but not by
    its words: what it told then an event of the same minute and words seems to tell, which was taken for it."""

    NEW = 0
    ALIKE = 1
    KNOWN = 2
    TAKEN = 3


class Seen:
    """What earlier imports of a group counted, read day by day as the file comes to it."""

    def __init__(self, session: Session, group_id: int, *, wordless: bool) -> None:
        """`wordless`: the file tells no words, so nothing in it can be recognised by them."""
        self._session, self._group_id, self._wordless = session, group_id, wordless
        self._empty = not queries.has_imports(session, group_id)
        self._keys, self._told = Keys(), Keys()
        self._loaded: set[date | None] = set()
        self._day: date | None = None
        self._ordinal = 0
        self._minute = -1
        self._equals: dict[str, int] = {}
        self.said = ""
        """What the event looked at last is compared by, within its minute."""
        self._hours: dict[tuple[date, int], int] = {}  # messages counted before
        self._mine: Counter[tuple[date, int]] = Counter()  # of those hours, messages of this file
        self._agreed = 0
        self.overlaps = False
        """Whether the file tells of days that were told before."""

    def look(self, event: ChatEvent, day: date | None) -> tuple[Standing, int | None]:
        """Whether an event of that day of the wall clock is known, and its number for other exporters' files."""
        if day != self._day or not self._loaded:
            self._turn_to(day)
        alike = self._alike(event)
        new = self._keys.add(event.key)
        if self._empty or alike is None or day is None or event.at is None:
            return Standing.NEW if new else Standing.KNOWN, alike
        told = (self._ordinal << 32 | alike) in self._told
        hour = (day, event.at.hour)
        if event.kind == "message" and hour in self._hours:
            self._mine[hour] += 1
            self._agreed += told or not new
        if not new:
            return Standing.KNOWN if told else Standing.TAKEN, alike
        return Standing.ALIKE if told else Standing.NEW, alike

    def one_chat(self, percent: int) -> bool:
        """Whether the file is the chat that was told before: of what both can tell, so much agrees."""
        both = sum(min(self._hours[hour], count) for hour, count in self._mine.items())
        return both > 0 and 100 * self._agreed >= percent * both

    def forget(self) -> None:
        """Let go of the numbers: the file is read."""
        self._keys, self._told = Keys(), Keys()

    def _turn_to(self, day: date | None) -> None:
        self._day, self._ordinal = day, day.toordinal() if day else 0
        self._minute = -1
        if day in self._loaded:
            return
        self._loaded.add(day)
        if self._empty:
            return
        for row in queries.seen(self._session, self._group_id, day):
            self.overlaps = self.overlaps or day is not None
            for key in _unpacked(row.certain, "q"):
                self._keys.add(key)
            for alike in _unpacked(row.alike, "I"):
                self._told.add(self._ordinal << 32 | alike)
        if day is not None:
            for row in queries.hours_of_day(self._session, self._group_id, day):
                self._hours[day, row.hour] = row.messages

    def _alike(self, event: ChatEvent) -> int | None:
        """32 bits of the minute, the letters, and how many were equal before; None where nothing can be compared."""
        if event.at is None or event.whole_day or self._wordless:
            return None
        minute = 60 * event.at.hour + event.at.minute
        if minute != self._minute:
            self._minute = minute
            self._equals.clear()
        if event.kind != "message":
            said = "\x1f" + event.kind
        elif event.media != "text" or _told_apart(event.text):
            said = ""
        else:
            said = event.text if event.text.isalnum() else _NO_LETTERS.sub("", event.text)
        self.said = said
        before = self._equals.get(said, 0)
        self._equals[said] = before + 1
        return crc32(f"{minute}\x1f{said}\x1f{before}".encode("utf-8", "surrogatepass"))


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
