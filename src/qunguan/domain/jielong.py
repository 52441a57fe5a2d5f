"""What a 接龙 is once it has been read: title, example, items, tail, and what was odd about it (semantics 3.18).

Texts are kept as they were typed. The two hashes say when a paste was seen before: `digest` the same content,
`series_key` another snapshot of the same growing 接龙.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from unicodedata import normalize

from qunguan.domain.numerals import UNITS
from qunguan.i18n import _
from qunguan.values import frozen


@frozen
class Note:
    """Something the owner should know about a paste. `code` is for programs, `str(note)` for people."""

    code: str
    message: str
    values: tuple[tuple[str, int | str], ...] = ()

    def __str__(self) -> str:
        return _(self.message, **dict(self.values))


def note(code: str, message: str, **values: int | str) -> Note:
    """A note with the message ID `message`, its places filled from `values` when it is shown."""
    return Note(code, message, tuple(values.items()))


@frozen
class JielongItem:
    """One entry: the printed number, the raw text after it (may hold line ends).

    `user` is the poster's id and `at` the moment of posting (aware, UTC); only the client's own XML tells them.
    """

    number: int
    text: str
    user: str = ""
    at: datetime | None = None


@frozen
class Jielong:
    """A text read as a 接龙. When `is_jielong` is False the only content is `notes`, which say why."""

    is_jielong: bool
    title: str | None = None
    example: str | None = None
    tail: str | None = None
    items: tuple[JielongItem, ...] = ()
    notes: tuple[Note, ...] = ()


@frozen
class Quantity:
    """How many of what: `2份` is (2, "份"), `(2桔)` is (2, "桔"), `+2` and `×3` have no unit."""

    count: int
    unit: str = ""


# The client takes two items for the same when they differ in nothing but these and blanks (formats 1.1).
_INSIGNIFICANT = re.compile(r"[\s.。,，:：;；、\-\u200b-\u200f\u2060\ufeff]+")

_QUANTITY = re.compile(
    rf"(?:[+＋×✖*＊]\s?|(?<![^\W\d_])[xXｘＸ]\s?)(?P<plain>\d{{1,4}})(?![\d.:：])(?P<unit>[{UNITS}]?)"
    r"|[（(]\s?(?P<bracket>\d{1,4})\s?(?P<goods>[^\W\d_]{1,6})\s?[）)]"
    rf"|(?<![\d.:：/])(?P<bare>\d{{1,4}})\s?(?P<measure>[{UNITS}])"
)
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)")


def digest(jielong: Jielong) -> str:
    """The content hash of a 接龙 (64 hex digits): equal for two pastes whose title and items say the same."""
    return _hash((jielong.title or "", *(item.text for item in jielong.items)))


def series_key(title: str | None, example: str | None, tail: str | None) -> str:
    """The hash that all snapshots of one growing 接龙 share: same title, example and tail (formats 1.1)."""
    return _hash((title or "", example or "", tail or ""))


def plain(text: str) -> str:
    """The text as the client compares it: blanks and light punctuation do not count, nor does the width."""
    return _INSIGNIFICANT.sub("", normalize("NFKC", text))


def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities an item states, in order: `+2`, `×3`, `x2`, `2份`, `(2桔)`. Times and prices are none."""
    return tuple(
        Quantity(
            int(found["plain"] or found["bracket"] or found["bare"]),
            found["unit"] or found["goods"] or found["measure"] or "",
        )
        for found in _QUANTITY.finditer(text)
    )


def mask_phones(text: str) -> str:
    """The text for the screen, every mainland mobile number as 138****0001."""
    return _PHONE.sub(r"\1****\2", text)


def _hash(parts: Iterable[str]) -> str:
    joined = "\x1f".join(plain(part) for part in parts)
    return sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()
