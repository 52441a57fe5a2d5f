"""The rows of a foreign table one by one: read, refused with the reason, or nobody's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import Reason, RowNote
from qunguan.exchange.readers import headers
from qunguan.exchange.readers.sheets import Row, Sheet

T = TypeVar("T")


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
