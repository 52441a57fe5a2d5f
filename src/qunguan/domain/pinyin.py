"""How Hanzi are read, so that a name is found from the letters of the keyboard.

The table is presets/pinyin.txt, made by scripts/make_pinyin.py and loaded at first use in a few milliseconds.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

_PRESET = Path(__file__).parents[1] / "presets" / "pinyin.txt"
_Readings = tuple[str, ...]


class _Tables(NamedTuple):
    """Readings by character, the syllables of surnames that are read as a whole, and the characters those are of."""

    chars: dict[str, _Readings]
    whole: dict[str, tuple[str, ...]]
    of_whole: frozenset[str]


@cache
def _tables() -> _Tables:
    chars: dict[str, _Readings] = {}
    whole: dict[str, tuple[str, ...]] = {}
    for line in _PRESET.read_text(encoding="utf-8").splitlines():
        head, _, tail = line.partition(" ")
        if head.startswith("="):
            whole[head[1:]] = tuple(tail.split())
        elif head.startswith("+"):
            chars.update((char, (*chars[char], head[1:])) for char in tail)
        else:
            only = (head,)
            for char in tail:  # forty thousand: a dict.fromkeys for each line takes twice as long
                chars[char] = only
    return _Tables(chars, whole, frozenset("".join(whole)))


def readings(char: str) -> tuple[str, ...]:
    """How `char` is read, without tones, ü as v, the reading to expect in a name first; () if it is no Hanzi."""
    return _tables().chars.get(char, ())


@cache
def spellings() -> frozenset[str]:
    """Every syllable some Hanzi is read as, without tones, ü as v."""
    return frozenset(spelling for known in set(_tables().chars.values()) for spelling in known)


def syllables(name: str) -> tuple[tuple[str, ...], ...]:
    """The readings of each character of `name`, those of a compound surname first: 万俟 is mo qi.

    A character that is no Hanzi has none.
    """
    chars, whole, of_whole = _tables()
    found = [chars.get(char, ()) for char in name]
    if of_whole.isdisjoint(name):
        return tuple(found)
    for at in range(len(name) - 1):
        for offset, reading in enumerate(whole.get(name[at : at + 2], ())):
            found[at + offset] = tuple(dict.fromkeys((reading, *found[at + offset])))
    return tuple(found)


def sound(name: str) -> str:
    """How a name is read as a whole, so that 陈艺敏 is offered for 陈伊敏; "" with less than two readings."""
    chars, _whole, of_whole = _tables()
    if of_whole.isdisjoint(name):  # nearly all, and a whole roster is read aloud for the first unknown name
        said = [chars[char][0] for char in name if char in chars]
    else:
        said = [readings[0] for readings in syllables(name) if readings]
    return " ".join(said) if len(said) > 1 else ""
