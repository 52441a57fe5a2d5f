"""The archive: everything a database holds as open tables, and what makes two of them the same.

A table is a CSV whose cells say a whole number, a text or nothing. Nothing is `\\N`; a text that begins with a
backslash, or that a spreadsheet would take for a formula, has a backslash before it. So every text comes back as it was
and none is ever calculated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final, Literal

from qunguan.values import frozen

FORMAT: Final = 1
"""The version of this way to write an archive."""
NULL: Final = r"\N"
Kind = Literal["integer", "string"]
Value = int | str | None
Row = tuple[Value, ...]
_GUARDED = ("\\", "=", "+", "-", "@", "\t", "\r")
_WHOLE = re.compile(r"-?[0-9]{1,19}")


@frozen
class Field:
    """A column: its name, what it holds, and whether it may be empty; `needed` False means it has a default."""

    name: str
    kind: Kind
    needed: bool = False


@frozen
class Shape:
    """A table: its name, its columns in order (`id` first), and which column points at the rows of which table."""

    name: str
    fields: tuple[Field, ...]
    links: tuple[tuple[str, str], ...] = ()


@frozen
class Sheet:
    """What an archive says of one of its tables: its shape, how many rows, and their digest."""

    shape: Shape
    rows: int
    digest: str


@frozen
class Contents:
    """What an archive says of itself. `version` is the one of the file it came from; `next_ids` has by table the id
    given last, so that none is ever given twice.
    """

    version: int
    program: str
    made_at: datetime
    sheets: tuple[Sheet, ...]
    next_ids: Mapping[str, int]

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(sheet.rows for sheet in self.sheets)

    @property
    def digest(self) -> str:
        """One digest of everything: two databases with the same one hold the same rows."""
        return digest_of((sheet.shape.name, sheet.digest) for sheet in self.sheets if sheet.rows)


def cell(value: Value) -> str:
    """A value as a cell has it."""
    if value is None:
        return NULL
    if isinstance(value, int):
        return str(value)
    return "\\" + value if value.startswith(_GUARDED) else value


def value_of(text: str, kind: Kind) -> Value:
    """The value a cell says. Raises ValueError for an integer that is none."""
    if text == NULL:
        return None
    if kind == "integer":
        if not _WHOLE.fullmatch(text):
            raise ValueError(text)
        return int(text)
    return text.removeprefix("\\")


class Digest:
    """The SHA-256 of rows in their order, each as a JSON array on a line."""

    def __init__(self) -> None:
        self._sum = sha256()
        self.rows = 0

    def add(self, row: Row) -> None:
        """One row more."""
        self._sum.update(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        self.rows += 1

    def text(self) -> str:
        """The digest so far, in hexadecimal."""
        return self._sum.hexdigest()


def digest_of(tables: Iterable[tuple[str, str]]) -> str:
    """The digest of named digests, whatever their order."""
    return sha256("".join(f"{name} {digest}\n" for name, digest in sorted(tables)).encode()).hexdigest()
