"""How Hanzi are read, so that a name is found from the letters of the keyboard.

The table is presets/pinyin.txt, made by scripts/make_pinyin.py and loaded at first use in a few milliseconds.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PRESET = Path(__file__).parents[1] / "presets" / "pinyin.txt"
_Readings = tuple[str, ...]


@cache
def _tables() -> tuple[dict[str, _Readings], dict[str, tuple[str, ...]]]:
    """Readings by character, and the syllables of surnames that are read as a whole."""
    chars: dict[str, _Readings] = {}
    whole: dict[str, tuple[str, ...]] = {}
    for line in _PRESET.read_text(encoding="utf-8").splitlines():
        head, _, tail = line.partition(" ")
        if head.startswith("="):
            whole[head[1:]] = tuple(tail.split())
        elif head.startswith("+"):
            chars.update((char, (*chars[char], head[1:])) for char in tail)
        else:
            chars.update(dict.fromkeys(tail, (head,)))
    return chars, whole


def readings(char: str) -> tuple[str, ...]:
    """How `char` is read, without tones, ü as v, the reading to expect in a name first; () if it is no Hanzi."""
    return _tables()[0].get(char, ())


def syllables(name: str) -> tuple[tuple[str, ...], ...]:
    """The readings of each character of `name`, those of a compound surname first: 万俟 is mo qi.

    A character that is no Hanzi has none.
    """
    chars, whole = _tables()
    found = [chars.get(char, ()) for char in name]
    for at in range(len(name) - 1):
        for offset, reading in enumerate(whole.get(name[at : at + 2], ())):
            found[at + offset] = tuple(dict.fromkeys((reading, *found[at + offset])))
    return tuple(found)


def sound(name: str) -> str:
    """How a name is read as a whole, so that 陈艺敏 is offered for 陈伊敏; "" where one character or none has a reading."""
    said = [readings[0] for readings in syllables(name) if readings]
    return " ".join(said) if len(said) > 1 else ""
