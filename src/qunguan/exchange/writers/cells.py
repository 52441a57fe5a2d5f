"""What a table that goes out is made of, whatever file it becomes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal

from qunguan.exchange.triggers import is_trigger
from qunguan.values import frozen

Kind = Literal["text", "int", "money", "rate", "date"]
Value = str | int | float | date | None

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@frozen
class Column:
    """One column: `key` in JSON, `label` as its head elsewhere.

    Kinds: text; int; money, in fen (yuan outside JSON); rate, 0 to 1 (percent outside JSON); date. None is unknown.
    """

    key: str
    label: str
    kind: Kind = "text"


@frozen
class Table:
    """What is written: each row has one value per column, in their order."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]


def guarded(text: str) -> str:
    """Text as a spreadsheet may hold it: unwritable characters gone, `'` before what would run; see `text_cell`."""
    safe = _UNWRITABLE.sub("", text)
    return f"'{safe}" if is_trigger(safe) else safe
