"""Pinyin that a download site put behind its traditional characters: 運(yùn)營 (semantics 3.19)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal
from unicodedata import normalize

from qunguan.domain.pinyin import readings, spellings
from qunguan.domain.simplified import is_traditional, simplified

Step = Literal["pinyin", "simplified"]

_HAN = "\u4e00-\u9fff"
_TONED = "āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜ"
_SYLLABLE = f"[a-zü]*[{_TONED}][a-zü]*"
_NOTE = re.compile(f"(?<=[{_HAN}])\\(([a-zü{_TONED}]{{1,6}})\\)")
_TONES = str.maketrans({chr(mark): None for mark in (0x300, 0x301, 0x304, 0x30C)})
_TEACHING = 4  # with more than one note in so many behind characters that need none, the pinyin is meant

_TORN = (
    f"(?<=[{_HAN}])\\?[。，、；：;]"  # the first byte of a character was lost
    f"|(?<=[{_HAN}])\\?{_SYLLABLE}\\)"  # and here it took the bracket with it
    f"|(?<=[{_HAN}])[@-~]\\({_SYLLABLE}\\)"  # the second byte of a character, alone
    "|簝|訖C"
)
SPOT = re.compile(f"(?:{_TORN})(?:[^\n]{{0,3}}?(?:{_TORN}))*")
"""A place where bytes of the characters got lost, and their neighbours were read one byte off."""


def without_pinyin(lines: Sequence[str]) -> Mapping[int, Sequence[tuple[Step, str]]]:
    """The lines to change by their place, each with its text after every step.

    Pinyin counts as noise where it stands behind traditional characters only; a text for learners has it
    everywhere and is left alone. Where most lines with traditional characters have such noise, all of the
    text came that way and is simplified; else the lines that have it. Torn places stay as they are.
    """
    noisy = {at: found for at, line in enumerate(lines) if (found := _notes(line))}
    traditional = sum(is_traditional(char) for found in noisy.values() for char in found)
    plain = sum(simplified(char) == char for found in noisy.values() for char in found)
    if not traditional or plain * _TEACHING > sum(map(len, noisy.values())):
        return {}
    written = [at for at, line in enumerate(lines) if at in noisy or any(map(is_traditional, line))]
    whole = len(noisy) * 2 >= len(written)
    steps: dict[int, Sequence[tuple[Step, str]]] = {}
    for at in written if whole else noisy:
        bare = _NOTE.sub(lambda note: "" if _is_note(note) else note[0], lines[at])
        steps[at] = (("pinyin", bare), ("simplified", _simplified(bare)))
    return steps


def _notes(line: str) -> list[str]:
    """The characters of the line that have pinyin behind them."""
    if "(" not in line:
        return []
    return [line[note.start() - 1] for note in _NOTE.finditer(line) if _is_note(note)]


def _is_note(note: re.Match[str]) -> bool:
    """Whether the bracket holds one syllable: with a tone, or without one a reading of the character before it."""
    spelling = normalize("NFC", normalize("NFD", note[1]).translate(_TONES)).replace("ü", "v")
    if spelling != note[1].replace("ü", "v"):
        return spelling in spellings()
    char = note.string[note.start() - 1]
    return spelling in (*readings(char), *readings(simplified(char)))


def _simplified(line: str) -> str:
    """The line simplified, but for its torn places, whose wrong characters are all that is left of the right ones."""
    pieces, last = [], 0
    for spot in SPOT.finditer(line):
        pieces += [simplified(line[last : spot.start()]), spot[0]]
        last = spot.end()
    return "".join([*pieces, simplified(line[last:])])
