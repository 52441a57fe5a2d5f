"""Traditional characters and the simplified ones they are written as.

The table is presets/simplified.txt, made by scripts/make_simplified.py and loaded at first use in a few milliseconds.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_PRESET = Path(__file__).parents[1] / "presets" / "simplified.txt"


class _Tables(NamedTuple):
    """Simplified characters by the code of the traditional one, the words that differ, and what finds those."""

    chars: dict[int, str]
    words: dict[str, str]
    find_words: re.Pattern[str]


@cache
def _tables() -> _Tables:
    chars: dict[int, str] = {}
    words: dict[str, str] = {}
    for line in _PRESET.read_text(encoding="utf-8").splitlines()[1:]:
        head, _, tail = line.partition(" ")
        if head.startswith("="):
            words[head[1:]] = tail
        else:
            chars.update((ord(char), head) for char in tail)
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return _Tables(chars, words, re.compile(f"({'|'.join(longest_first)})"))


def simplified(text: str) -> str:
    """`text` in simplified characters; words in which a character stays as it is (乾坤, 著名) are known."""
    chars, words, find_words = _tables()
    pieces = find_words.split(text)
    return "".join(words[piece] if at % 2 else piece.translate(chars) for at, piece in enumerate(pieces))


def is_traditional(char: str) -> bool:
    """Whether `char` is no character of simplified writing: 運, but not 运, 社 or 著, which 著名 is written with."""
    if ord(char) not in _tables().chars:
        return False
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False
