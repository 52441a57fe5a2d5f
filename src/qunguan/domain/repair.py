"""Broken imported text made whole where its damage proves what stood there; all else is left and named.

Three kinds of damage can be undone without a guess: bytes that were read in the wrong encoding and lost nothing by
it, pinyin that a download site put behind traditional characters (運(yùn)營), and the traditional characters of such a
text. Where something was lost the text stays as it is and the place is named for a person to look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from qunguan.domain.repair_encoding import MISREAD, reread, torn_ends
from qunguan.domain.repair_pinyin import SPOT, without_pinyin
from qunguan.i18n import N_
from qunguan.values import frozen

Why = Literal["utf8_as_gbk", "utf8_as_latin", "gbk_as_latin", "pinyin", "simplified"]
Unsure = Literal["lost", "torn", "unread"]

REASONS: dict[Why | Unsure, str] = {
    "utf8_as_gbk": N_("it was UTF-8 and had been read as GBK"),
    "utf8_as_latin": N_("it was UTF-8 and had been read as Western text"),
    "gbk_as_latin": N_("it was GBK and had been read as Western text"),
    "pinyin": N_("pinyin taken out"),
    "simplified": N_("traditional characters made simplified"),
    "lost": N_("characters are gone for good here: look at the original"),
    "torn": N_("characters were torn here: look at the original"),
    "unread": N_("this looks like the wrong encoding, but part of it is missing"),
}

_LOST = re.compile("(?:\ufffd|锟斤拷|锟(?=[\ufffd?])|(?<=拷)锟)+")
_UNREAD = re.compile("(?:[\xc2\xc3][\x80-\xbf]|[\xe4-\xe9][\x80-\xbf]{2}|â€)+")
_SUSPECT = re.compile(f"[{MISREAD}\ufffd锟簝訖?(]")  # one of these is in every line worth a closer look
_AROUND = 6  # characters shown on either side of a doubtful place
_SHOWN = 60  # characters of it in all


@frozen
class Change:
    """A line that was repaired: its number from 1, its text before and after without the line end, and why."""

    line: int
    before: str
    after: str
    why: tuple[Why, ...]


@frozen
class Doubt:
    """A place left as it is: the number of its line from 1, the place with a few characters around it, and why."""

    line: int
    text: str
    why: Unsure


@frozen
class Repair:
    """A text after its repair, what was changed, and what only a person can settle. Sound text comes out the same."""

    text: str
    changes: tuple[Change, ...]
    doubts: tuple[Doubt, ...]


def repaired(text: str) -> Repair:
    """Undo in `text` the damage that proves what stood there, and name the rest (semantics 3.19).

    Repairing what was repaired changes nothing. Line ends and everything that is not damaged stay byte for byte.
    """
    before = text.split("\n")
    after, why = list(before), [dict[Why, None]() for _line in before]
    while _pass(after, why):  # each pass leaves fewer bytes
        continue
    changes = tuple(
        Change(at + 1, old.removesuffix("\r"), new.removesuffix("\r"), tuple(why[at]))
        for at, (old, new) in enumerate(zip(before, after, strict=True))
        if old != new
    )
    doubts = tuple(doubt for at, line in enumerate(after) if _suspect(line) for doubt in _doubts(at + 1, line))
    return Repair("\n".join(after), changes, doubts)


def _suspect(line: str) -> bool:
    return not line.isascii() and _SUSPECT.search(line) is not None


def _pass(lines: list[str], why: list[dict[Why, None]]) -> bool:
    """Repair the lines in place and note why. Returns whether anything changed."""
    changed = False
    for at, line in enumerate(lines):
        if _suspect(line):
            found, ways = reread(line)
            if ways:
                lines[at], changed = found, True
                why[at].update(dict.fromkeys(ways))
    for at, steps in without_pinyin(lines).items():
        for reason, found in steps:
            if found != lines[at]:
                lines[at], changed = found, True
                why[at][reason] = None
    return changed


def _doubts(number: int, line: str) -> Iterator[Doubt]:
    kinds: tuple[tuple[Unsure, re.Pattern[str]], ...] = (("lost", _LOST), ("torn", SPOT), ("unread", _UNREAD))
    spans = [(*found.span(), kind) for kind, pattern in kinds for found in pattern.finditer(line)]
    spans += [(*span, "unread") for span in torn_ends(line)]
    places: list[tuple[int, int, Unsure]] = []
    for start, end, kind in sorted(spans):
        if places and start <= places[-1][1]:  # what touches is one place
            start, last, kind = places.pop()
            end = max(end, last)
        places.append((start, end, kind))
    for start, end, kind in places:
        place = line[max(0, start - _AROUND) : end + _AROUND].strip()
        yield Doubt(number, place if len(place) <= _SHOWN else place[: _SHOWN - 1] + "…", kind)
