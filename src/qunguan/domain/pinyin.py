"""How Hanzi are read, so that a name is found from the letters of the keyboard.

The table is presets/pinyin.txt, made by scripts/make_pinyin.py and loaded at first use in a few milliseconds.
"""

from __future__ import annotations

from array import array
from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import NamedTuple

_PRESET = Path(__file__).parents[1] / "presets" / "pinyin.txt"
_WAYS = 64  # readings of one name that are tried: 成员 is cheng yun and cheng yuan
_FIRST, _LAST = ord("〇"), 0x323AF  # the Hanzi of Unicode 15
_Readings = tuple[str, ...]


class _Tables(NamedTuple):
    """For each code point from `_FIRST` on, which of `kinds` its readings are; surnames that are read as a whole.

    Forty thousand entries of a dict would be 4 MiB for the rest of the day, these are 0.4.
    """

    places: array[int]
    kinds: list[_Readings]
    whole: dict[str, tuple[str, ...]]
    of_whole: frozenset[str]


@cache
def _tables() -> _Tables:
    places = array("H", bytes(2 * (_LAST - _FIRST + 1)))
    kinds: list[_Readings] = [()]
    numbers: dict[_Readings, int] = {}
    whole: dict[str, tuple[str, ...]] = {}
    for line in _PRESET.read_text(encoding="utf-8").splitlines():
        head, _, tail = line.partition(" ")
        if head.startswith("="):
            whole[head[1:]] = tuple(tail.split())
        elif head.startswith("+"):
            for char in tail:
                known = (*kinds[places[ord(char) - _FIRST]], head[1:])
                places[ord(char) - _FIRST] = number = numbers.setdefault(known, len(kinds))
                if number == len(kinds):
                    kinds.append(known)
        else:
            number = len(kinds)
            kinds.append((head,))
            for char in tail:
                places[ord(char) - _FIRST] = number
    return _Tables(places, kinds, whole, frozenset("".join(whole)))


def readings(char: str) -> tuple[str, ...]:
    """How `char` is read, without tones, ü as v, the reading to expect in a name first; () if it is no Hanzi."""
    tables, at = _tables(), ord(char) - _FIRST if len(char) == 1 else -1
    return tables.kinds[tables.places[at]] if 0 <= at <= _LAST - _FIRST else ()


@cache
def spellings() -> frozenset[str]:
    """Every syllable some Hanzi is read as, without tones, ü as v."""
    return frozenset(spelling for known in _tables().kinds for spelling in known)


def syllables(name: str) -> tuple[tuple[str, ...], ...]:
    """The readings of each character of `name`, those of a compound surname first: 万俟 is mo qi.

    A character that is no Hanzi has none.
    """
    whole, of_whole = _tables().whole, _tables().of_whole
    found = [readings(char) for char in name]
    if of_whole.isdisjoint(name):
        return tuple(found)
    for at in range(len(name) - 1):
        for offset, reading in enumerate(whole.get(name[at : at + 2], ())):
            found[at + offset] = tuple(dict.fromkeys((reading, *found[at + offset])))
    return tuple(found)


def sounds_like(name: str, typed: str) -> bool:
    """Whether `typed`, small letters without blanks, is part of the pinyin or of the initials of `name`."""
    ways = islice(product(*(one for one in syllables(name) if one)), _WAYS)
    return any(typed in "".join(way) or typed in "".join(one[0] for one in way) for way in ways)


def sound(name: str) -> str:
    """How a name is read as a whole, so that 陈艺敏 is offered for 陈伊敏; "" with less than two readings."""
    each = map(readings, name) if _tables().of_whole.isdisjoint(name) else syllables(name)
    said = [known[0] for known in each if known]
    return " ".join(said) if len(said) > 1 else ""
