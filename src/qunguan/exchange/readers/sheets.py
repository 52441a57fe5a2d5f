"""A foreign table, whatever file it came in: rows of plain texts, each with its row number in the file."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Literal

from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import Reason
from qunguan.exchange.readers import words
from qunguan.exchange.readers.decode import SAVE_AS, decode, read_bytes
from qunguan.exchange.readers.limits import LIMITS, Limits, long_cell, too_large
from qunguan.i18n import N_
from qunguan.values import frozen

_DELIMITERS = (",", "\t", ";")
HEAD_ROWS = 30
"""Rows among which a header must stand, below titles, notes and blanks."""
_SNIFFED = 20  # records looked at to find the delimiter
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?")
_MARKUP = re.compile(r"\s*<(!doctype|html|table|\?xml|meta|head|body|style)", re.IGNORECASE)
_JSON = re.compile(r'\ufeff?\s*(?:\{|\[\s*\{)\s*"')
_END = "\0"  # two such cells are fed after the last line: a field that swallows them was never closed


@frozen
class Row:
    """One row: `number` as Excel counts it, from 1; `cells` without the empty ones at the end."""

    number: int
    cells: tuple[str, ...]

    def cell(self, index: int) -> str:
        """The text in column `index`, "" beyond the end."""
        return self.cells[index] if index < len(self.cells) else ""


@frozen
class Sheet:
    """A table as read. `rows` holds the rows with anything in them; `name` is the file, for messages."""

    name: str
    format: Literal["csv", "tsv", "xlsx"]
    encoding: str
    rows: tuple[Row, ...]
    title: str = ""
    notes: tuple[Reason, ...] = ()

    def at(self, row: int) -> str:
        """Where a row is, as errors say it: `file.csv:12`."""
        return f"{self.name}:{row}"


def read_sheet(
    path: str | Path,
    *,
    sheet: str | None = None,
    known_words: Iterable[str] = words.KNOWN,
    limits: Limits = LIMITS,
) -> Sheet:
    """The table in the file at `path` (`-`: standard input): CSV, tab text or XLSX by content, not by suffix.

    `sheet` names the worksheet of a workbook; without it the first one that holds anything is read. Raises
    `BadInput` for what cannot be read or is beyond `limits` (quality 2.2.10), with the line where it can be told.
    """
    data = read_bytes(path, limits)
    name = "-" if str(path) == "-" else Path(path).name
    return sheet_from_bytes(data, name, sheet=sheet, known_words=known_words, limits=limits)


def sheet_from_bytes(
    data: bytes,
    name: str,
    *,
    sheet: str | None = None,
    known_words: Iterable[str] = words.KNOWN,
    limits: Limits = LIMITS,
) -> Sheet:
    """As `read_sheet`, of bytes already in hand; `name` stands for the file in messages."""
    if data.startswith(b"PK\x03\x04"):
        from qunguan.exchange.readers.xlsx import read_workbook

        title, records, notes = read_workbook(data, name, sheet, limits)
        rows = tuple(Row(number, cells) for number, cells in records)
        return _filled(Sheet(name, "xlsx", "xlsx", rows, title, notes), frozenset(known_words))
    decoded = decode(data, known_words, name)
    return sheet_from_text(decoded.text, name, encoding=decoded.encoding, known_words=known_words, limits=limits)


def sheet_from_text(
    text: str,
    name: str = "",
    *,
    encoding: str = "utf-8",
    known_words: Iterable[str] = words.KNOWN,
    limits: Limits = LIMITS,
) -> Sheet:
    """The table in pasted or decoded text: comma, tab or semicolon, quoted as Excel quotes."""
    if _MARKUP.match(text):
        raise BadInput("this is a web page that calls itself a table", where=name, hint=SAVE_AS)
    if _JSON.match(text):
        raise BadInput("this is JSON, not a table", where=name, hint=SAVE_AS)
    named = _SEPARATOR_LINE.match(text)
    known = frozenset(known_words)
    delimiter = named.group(1) if named else _sniff(text, known)
    rows = []
    for number, line, cells in _records(text, delimiter, name, limits):
        if number == 1 and named:
            continue
        _check_record(cells, f"{name}:{line}", number, limits)
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            rows.append(Row(number, tuple(cells)))
    return _filled(Sheet(name, "tsv" if delimiter == "\t" else "csv", encoding, tuple(rows)), known)


def _filled(sheet: Sheet, known: frozenset[str]) -> Sheet:
    if not sheet.rows:
        raise BadInput("the table is empty", where=sheet.name, hint="Check that it is the right file and was saved.")
    return _with_one_head(sheet, known)


def _with_one_head(sheet: Sheet, known: frozenset[str]) -> Sheet:
    """The table, a head over two rows brought into one: what stands below is the column's name (手机 below 联系方式),
    and where nothing does, what stands above (昵称, merged over both).
    """
    for index, (upper, lower) in enumerate(pairwise(sheet.rows[:HEAD_ROWS])):
        if lower.number == upper.number + 1 and _is_one_head(upper, lower, known):
            cells = zip_longest(upper.cells, lower.cells, fillvalue="")
            head = tuple(under if under.strip() else over for over, under in cells)
            said = N_("rows {upper} and {lower} were read as one head")
            note = Reason.of(said, upper=upper.number, lower=lower.number)
            rows = (*sheet.rows[:index], Row(lower.number, head), *sheet.rows[index + 2 :])
            return replace(sheet, rows=rows, notes=(*sheet.notes, note))
    return sheet


def _is_one_head(upper: Row, lower: Row, known: frozenset[str]) -> bool:
    """Whether each row has the word of a head where the other has nothing, and no such word has anything else below
    it, as it has in a row of data.
    """
    above = below = False
    for over, under in zip_longest(upper.cells, lower.cells, fillvalue=""):
        named, named_below = (words.plain(cell) in known for cell in (over, under))
        if named and under.strip() and not named_below:
            return False
        above |= named and not under.strip()
        below |= named_below and not over.strip()
    return above and below


def _records(text: str, delimiter: str, name: str, limits: Limits) -> Iterator[tuple[int, int, list[str]]]:
    """(record number, line it begins on, cells), both counted from 1."""
    reader = csv.reader(_lines(text, _END + delimiter + _END), delimiter=delimiter)
    number, line = 0, 1
    try:
        for cells in reader:
            if cells == [_END, _END]:
                return
            number += 1
            if cells and cells[-1].endswith(_END):
                raise _unclosed(f"{name}:{line}")
            yield number, line, cells
            line = reader.line_num + 1
    except csv.Error as error:  # the only one left is a field above 131,072 characters
        raise _unclosed(f"{name}:{line}") from error


def _lines(text: str, end: str) -> Iterator[str]:
    yield from io.StringIO(text, newline="")
    yield end


def _unclosed(where: str) -> BadInput:
    return BadInput("a quotation mark opens here and is never closed", where=where, hint='Close or remove the " there.')


def _check_record(cells: list[str], where: str, number: int, limits: Limits) -> None:
    if number > limits.rows:
        raise too_large(where, limits)
    if len(cells) > limits.columns and any(cell.strip() for cell in cells[limits.columns :]):
        raise too_large(where, limits)
    for cell in cells:
        if cell.count("\n") + cell.count("\r") > 2 * limits.field_newlines or cell.count("\n") > limits.field_newlines:
            raise _unclosed(where)
        if len(cell) > limits.field_chars:
            raise long_cell(where, limits)


def _sniff(text: str, known: frozenset[str]) -> str:
    """The delimiter under which a row of header words appears, or else under which rows are most alike."""
    head = text[:65_536]
    best, best_score = _DELIMITERS[0], (0, 0, 0)
    for delimiter in _DELIMITERS:
        records: list[Sequence[str]] = []
        for record in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter):
            records.append(record)
            if len(records) == _SNIFFED:
                break
        header = max((sum(words.plain(cell) in known for cell in record) for record in records), default=0)
        widths = Counter(len(record) for record in records if len(record) > 1)
        width, alike = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        score = (header, alike, width)
        if score > best_score:
            best, best_score = delimiter, score
    return best
