"""XLSX in: our own caps on the archive first, then openpyxl, always read-only and never trusted with a size."""

from __future__ import annotations

import io
import struct
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from typing import Any

from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.rosters import Reason
from qunguan.exchange.readers.decode import SAVE_AS
from qunguan.exchange.readers.limits import Limits, long_cell, too_large
from qunguan.i18n import N_

Record = tuple[int, tuple[str, ...]]

# What zipfile, zlib, expat and openpyxl raise on damaged or lying workbooks, found by mutating good ones.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    SyntaxError,  # ElementTree.ParseError
    ValueError,  # defusedxml's refusals and openpyxl's own checks
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
)


def read_workbook(
    data: bytes, name: str, sheet: str | None, limits: Limits
) -> tuple[str, tuple[Record, ...], tuple[Reason, ...]]:
    """(worksheet title, records, notes) of the worksheet named `sheet`, or of the first visible one with content.

    A record is its row number from 1 and its cells as text: dates ISO, whole numbers without a fraction.
    Raises `BadInput` for archives beyond `limits`, damaged ones and other kinds of ZIP, `NotFound` for a sheet
    that is not there.
    """
    _check_archive(data, name, limits)
    try:
        return _read(data, name, sheet, limits)
    except _DAMAGE as error:
        raise _damaged(name) from error


def stream_workbook(data: bytes, name: str, limits: Limits, notes: list[Reason]) -> Iterator[Record]:
    """The records of the first visible worksheet, one by one; raises and notes as `read_workbook`."""
    _check_archive(data, name, limits)
    try:
        workbook = _load(data, name, limits)
        try:
            sheets = [ws for ws in workbook.worksheets if ws.sheet_state == "visible"] or workbook.worksheets
            if len(sheets) > 1:
                notes.append(Reason.of(N_("only the sheet “{title}” was read"), title=sheets[0].title))
            if sheets:
                yield from _rows(sheets[0], name, limits, notes)
        finally:
            workbook.close()
    except _DAMAGE as error:
        raise _damaged(name) from error


class _Timed(io.BytesIO):
    """The file as openpyxl pulls it in, piece by piece, until the time is over: whatever it is busy with, it reads."""

    def __init__(self, data: bytes, name: str, limits: Limits) -> None:
        super().__init__(data)
        self._name = name
        self._deadline = time.monotonic() + limits.seconds

    def read(self, size: int | None = -1, /) -> bytes:
        """A piece of the file. Raises BadInput when the time is over."""
        if time.monotonic() > self._deadline:
            hint = N_("Split it into several files and import them one after the other.")
            raise BadInput("the workbook takes too long to read", where=self._name, hint=hint)
        return super().read(size)


def _damaged(name: str) -> BadInput:
    return BadInput("the workbook is damaged or incomplete", where=name, hint=SAVE_AS)


def _check_archive(data: bytes, name: str, limits: Limits) -> None:
    refusal = BadInput("the workbook unpacks to far more than it should", where=name, hint=SAVE_AS)
    if data.count(b"PK\x01\x02") > limits.xlsx_parts:  # counted before zipfile builds an object for each
        raise refusal
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise _damaged(name) from error
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names and not any(part.endswith("workbook.xml") for part in names):
        raise BadInput("this is {kind}, not a workbook", where=name, hint=SAVE_AS, kind=_kind(names))
    if any(part.flag_bits & 1 for part in parts):
        raise BadInput("the workbook has a password", where=name, hint="Remove the password in Excel or WPS first.")
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if len(parts) > limits.xlsx_parts or unpacked > limits.xlsx_bytes or unpacked > limits.xlsx_ratio * packed:
        raise refusal


def _kind(names: set[str]) -> Reason:
    if any(part.startswith("word/") for part in names):
        return Reason(N_("a Word document"))
    if any(part.startswith("ppt/") for part in names):
        return Reason(N_("a presentation"))
    if "xl/workbook.bin" in names or "content.xml" in names:
        return Reason(N_("a workbook in another format (.xlsb, .ods)"))
    return Reason(N_("a ZIP archive"))


def _read(
    data: bytes, name: str, sheet: str | None, limits: Limits
) -> tuple[str, tuple[Record, ...], tuple[Reason, ...]]:
    workbook = _load(data, name, limits)
    try:
        sheets = list(workbook.worksheets)
        if sheet is not None:
            chosen = [ws for ws in sheets if ws.title == sheet]
            if not chosen:
                titles = " / ".join(ws.title for ws in sheets)
                raise NotFound(
                    "there is no sheet “{sheet}”; there are {titles}", where=name, sheet=sheet, titles=titles
                )
        else:
            chosen = [ws for ws in sheets if ws.sheet_state == "visible"] or sheets
        for ws in chosen:
            notes: list[Reason] = []
            records = tuple(_rows(ws, name, limits, notes))
            if records:
                if len(sheets) > 1 and sheet is None:
                    notes.append(Reason.of(N_("only the sheet “{title}” was read"), title=ws.title))
                return ws.title, records, tuple(notes)
        return "", (), ()
    finally:
        workbook.close()


def _load(data: bytes, name: str, limits: Limits) -> Any:
    from openpyxl import load_workbook

    # What it warns of (styles, validation lists) is no matter of the texts, and would land on the screen.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
    return load_workbook(_Timed(data, name, limits), read_only=True, data_only=True, keep_links=False)


def _rows(ws: Any, name: str, limits: Limits, notes: list[Reason]) -> Iterator[Record]:
    """The rows with content. Stops after a long gap: one cell at XFD1048576 is a million empty rows (quality 2.3.7)."""
    ws.reset_dimensions()  # the size the file claims would pad every row to it
    any_yet = False
    gap = 0
    for number, values in enumerate(ws.iter_rows(values_only=True), start=1):
        cells = [_text(value) for value in values]
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            gap += 1
            if gap == limits.empty_rows:
                if any_yet:
                    reason = N_("reading stopped at row {row}, after {rows} empty rows")
                    notes.append(Reason.of(reason, row=number, rows=gap))
                return
            continue
        gap = 0
        where = f"{name}:{number}"
        if number > limits.rows or len(cells) > limits.columns:
            raise too_large(where, limits)
        if any(len(cell) > limits.field_chars for cell in cells):
            raise long_cell(where, limits)
        any_yet = True
        yield number, tuple(cells)


def _text(value: Any) -> str:
    """A typed cell as the text an owner sees, without what Excel adds to it."""
    if value is None:
        return ""
    return _TEXTS.get(type(value), str)(value)


def _number(value: float) -> str:
    """15 digits, as Excel keeps them: 13800000001.0 is 13800000001, 0.1 + 0.2 is 0.3."""
    return f"{Decimal(format(value, '.15g')):f}"


def _moment(value: datetime) -> str:
    whole_day = value.time() == clock_time()
    return value.date().isoformat() if whole_day else value.isoformat(sep=" ", timespec="seconds")


_TEXTS: dict[type, Callable[[Any], str]] = {
    float: _number,
    bool: lambda value: "TRUE" if value else "FALSE",
    datetime: _moment,
    date: date.isoformat,
    clock_time: lambda value: value.isoformat(timespec="seconds"),
    timedelta: str,
}
