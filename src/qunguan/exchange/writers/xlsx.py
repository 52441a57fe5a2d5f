"""XLSX out, row by row in constant memory. Every text is a text cell: no formula, no link, whatever it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from qunguan.domain.errors import BadInput
from qunguan.exchange.writers.cells import Column, Kind, Table, Value, guarded
from qunguan.i18n import N_, _

_CELL_LIMIT = 32_767  # characters; Excel cuts the rest without a word
_ROW_LIMIT = 1_048_576
_EXACT_LIMIT = 10**15  # Excel keeps 15 digits of a number
_TITLE_LIMIT = 31
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_WIDTHS: dict[Kind, int] = {"text": 18, "int": 10, "money": 12, "rate": 10, "date": 12}
_NUMBER_FORMATS: dict[Kind, str] = {"text": "@", "int": "0", "money": "0.00", "rate": "0.0%", "date": "yyyy-mm-dd"}
CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed day, so that equal tables are equal files


@contextmanager
def workbook(file: BinaryIO, title: str, *, by_rows: bool = False) -> Iterator[Any]:
    """A workbook that goes into `file` when it is whole. Raises OSError as the disk said it.

    `by_rows` keeps written rows in a private folder instead of in memory; they must come in order then.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    texts_stay_texts = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    made = BytesIO()  # over a file that fails the library leaves an open archive, which complains when it is collected
    with TemporaryDirectory(prefix="qunguan-", ignore_cleanup_errors=True) as folder:
        book = Workbook(made, {"constant_memory": by_rows, "tmpdir": folder, **texts_stay_texts})
        try:
            book.set_properties({"title": guarded(title), "created": CREATED})
            yield book
            book.close()
        except FileCreateError as error:
            (cause,) = error.args
            raise cause from error
        finally:
            for sheet in book.worksheets() if by_rows else ():  # left open where a write failed
                with suppress(OSError):
                    sheet.row_data_fh.close()
    file.write(made.getbuffer())


def write_xlsx(table: Table, file: BinaryIO) -> None:
    """One worksheet named after the table, its head frozen and filtered. Raises `BadInput` above Excel's row limit."""
    if len(table.rows) >= _ROW_LIMIT:
        hint = N_("Save as .csv.")
        raise BadInput("a worksheet holds at most {rows} rows", hint=hint, rows=_ROW_LIMIT - 1)
    with workbook(file, table.title, by_rows=True) as book:
        sheet = book.add_worksheet(sheet_title(table.title))
        formats = {kind: book.add_format({"num_format": text}) for kind, text in _NUMBER_FORMATS.items()}
        for index, column in enumerate(table.columns):
            sheet.set_column(index, index, _WIDTHS[column.kind], formats[column.kind])
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for index, column in enumerate(table.columns):
            sheet.write_string(0, index, safe_text(column.label), bold)
        for number, row in enumerate(table.rows, start=1):
            _write_row(sheet, number, zip(table.columns, row, strict=True), formats)


def _write_row(sheet: Any, number: int, cells: Iterable[tuple[Column, Value]], formats: dict[Kind, Any]) -> None:
    for index, (column, value) in enumerate(cells):
        if value is None or (isinstance(value, float) and value - value != 0):  # NaN and infinity are unknown too
            continue
        shape = formats[column.kind]
        if isinstance(value, str):
            sheet.write_string(number, index, safe_text(value), formats["text"])
        elif isinstance(value, date):
            sheet.write_datetime(number, index, value, shape)
        elif abs(value) >= _EXACT_LIMIT:
            sheet.write_string(number, index, str(value), formats["text"])
        else:
            sheet.write_number(number, index, value / 100 if column.kind == "money" else value, shape)


def safe_text(text: str) -> str:
    """Text as a cell holds it: it never runs, and what is too long says so."""
    safe = guarded(text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(safe) <= _CELL_LIMIT:
        return safe
    note = _("… (cut: the text has {n} characters)", n=len(text))
    return safe[: _CELL_LIMIT - len(note)] + note


def sheet_title(title: str) -> str:
    """A name Excel accepts: no `[]:*?/\\`, at most 31 characters, no apostrophe at either end, never empty."""
    return guarded(_NOT_IN_TITLE.sub(" ", title))[:_TITLE_LIMIT].strip().strip("'") or "qunguan"
