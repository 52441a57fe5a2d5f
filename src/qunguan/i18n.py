"""Messages: English message IDs in the code, good Chinese on the screen.

`_()` translates when it is called, so the language may be chosen after import; `N_()` only marks a text for the
catalogue (tables of actions, rules, templates) and is translated where it is drawn.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Callable
from functools import cache, lru_cache
from mmap import ACCESS_READ, mmap
from pathlib import Path
from struct import unpack_from

LANGUAGES = ("zh", "en")
Bytes = bytes | mmap
_LOCALE = Path(__file__).parent / "locale"
_KEPT = 1024  # messages said last: more than any screen has
_language: str | None = None


def set_language(language: str | None) -> None:
    """Choose the language of every later message: "zh", "en", or None for `QUNGUAN_LANG` and then Chinese."""
    global _language
    _language = language


def language() -> str:
    """The language in force, "zh" or "en". An unknown `QUNGUAN_LANG` means Chinese."""
    chosen = _language or os.environ.get("QUNGUAN_LANG", "zh")
    return "en" if chosen.lower().startswith("en") else "zh"


def language_said() -> bool:
    """Whether the language was said for this run, by `--lang` or `QUNGUAN_LANG`: it counts for more than the one the
    owner chose in the settings.
    """
    return bool(_language or os.environ.get("QUNGUAN_LANG"))


class _Catalogue:
    """A compiled catalogue (.mo) as it lies in its file, sorted by message.

    As strings its six thousand messages would take 1.4 MiB and tens of milliseconds to make; few are ever said.
    """

    def __init__(self, data: Bytes) -> None:
        self._data, self._order = data, "<" if data[:1] == b"\xde" else ">"
        self._count, self._messages, self._said = unpack_from(f"{self._order}3I", data, 8)

    def say(self, message: str) -> str:
        """What the catalogue has for a message; the message itself where it has nothing."""
        wanted = message.encode()
        place = bisect_left(range(self._count), wanted, key=lambda index: self._text(self._messages, index))
        if place == self._count or self._text(self._messages, place) != wanted:
            return message
        return self._text(self._said, place).decode()

    def _text(self, table: int, index: int) -> bytes:
        length, start = unpack_from(f"{self._order}2I", self._data, table + 8 * index)
        return self._data[start : start + length]


@cache
def _catalogue(name: str) -> Callable[[str], str]:
    if name == "en":
        return str
    with (_LOCALE / "zh_CN" / "qunguan.mo").open("rb") as file:
        held = mmap(file.fileno(), 0, access=ACCESS_READ)  # of nine thousand messages only those looked at are read
    return lru_cache(_KEPT)(_Catalogue(held).say)


def _(message: str, /, **values: object) -> str:
    """The message in the language in force, its `{name}` places filled from `values`."""
    text = _catalogue(language())(message) if message else ""  # under "" the catalogue has its header
    return text.format(**values) if values else text


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """The singular or plural message for `n`; `{n}` is always available as a place.

    Chinese has no plural: both messages carry the same Chinese, so one lookup serves every language shipped.
    """
    return _(one if n == 1 else many, n=n, **values)


def N_(message: str, /) -> str:  # noqa: N802 - the name the extraction tools know
    """Mark a message for the catalogue without translating it yet."""
    return message


def labelled(label: str, value: object) -> str:
    """What `value` is, before it, joined as the language joins them: "title: value", 标题：内容."""
    return _("{field}: {value}", field=label, value=value)
