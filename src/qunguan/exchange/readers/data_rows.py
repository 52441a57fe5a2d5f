"""The rows of a foreign table one by one: read, refused with the reason, or nobody's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import Reason, RowNote
from qunguan.domain.text import NAME_LIMIT, clean, is_blank
from qunguan.exchange.readers import headers
from qunguan.exchange.readers.cells import folded, is_nothing, text_cell
from qunguan.exchange.readers.sheets import Row, Sheet

T = TypeVar("T")
_DIGITS = 18  # a number of that many may be more than SQLite holds


def read_rows(
    sheet: Sheet, top: int, read: Callable[[Row], T]
) -> tuple[tuple[T, ...], tuple[RowNote, ...], tuple[RowNote, ...]]:
    """What `read` makes of the rows below the header at `top`; those it refused (BadInput) with the reason; and those
    that are no data, such as totals (`headers.not_data`)."""
    rows: list[T] = []
    rejected: list[RowNote] = []
    skipped: list[RowNote] = []
    for row in sheet.rows[top + 1 :]:
        nobody = headers.not_data(row, sheet.rows[top])
        if nobody:
            skipped.append(RowNote(row.number, nobody))
            continue
        try:
            rows.append(read(row))
        except BadInput as error:
            rejected.append(RowNote(row.number, Reason.of("{problem}", problem=error)))
    return tuple(rows), tuple(rejected), tuple(skipped)


def said_in(row: Row, columns: headers.Mapping, field: str) -> str:
    """What a row has in the column of a field; "" where there is none, or nothing in it (`-`, 无)."""
    place = columns.column(field)
    value = row.cell(place) if place is not None else ""
    return "" if is_nothing(value) else value


def whose(number: str, name: str) -> str:
    """Whom a row means: `#12` for a member's number, else the name, else what stands for the number. Raises BadInput
    when it says nobody.
    """
    code = folded(number).removeprefix("#")
    if code.isdecimal() and code.isascii() and len(code) < _DIGITS:
        return f"#{int(code)}"
    who = clean(text_cell(name or number), NAME_LIMIT)
    if is_blank(who):
        raise BadInput("the row does not say whom it is for", hint="give the name or the member's number")
    return who
