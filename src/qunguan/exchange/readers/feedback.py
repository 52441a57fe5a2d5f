"""A sheet of what members said: who, when, kind, words and, where there is one, the category."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from qunguan.domain.errors import BadInput
from qunguan.domain.feedback import TEXT_LIMIT, FeedbackRow, typed_kind
from qunguan.domain.rosters import RowNote
from qunguan.domain.text import NAME_LIMIT, clean, clean_lines, is_blank
from qunguan.exchange.readers import headers, words
from qunguan.exchange.readers.cells import datetime_cell, is_nothing, text_cell
from qunguan.exchange.readers.data_rows import read_rows
from qunguan.exchange.readers.headers import Mapping
from qunguan.exchange.readers.sheets import Row, Sheet
from qunguan.values import frozen

NEEDED = ("text",)
_WORD = 100


@frozen
class FeedbackSheet:
    """What a file says, and the rows that could not be read."""

    rows: tuple[FeedbackRow, ...]
    rejected: tuple[RowNote, ...]


def read_feedback(sheet: Sheet, zone: str, mapping: Mapping | None = None) -> FeedbackSheet:
    """The rows of a table; times are of the clock of `zone`. A row without a kind is a complaint. Raises NeedsMapping
    where no column holds the words.
    """
    if mapping:
        top, columns = headers.find_mapped(sheet, mapping, NEEDED), mapping
    else:
        top, columns = headers.find(sheet, words.FEEDBACK, needed=NEEDED)
    rows, rejected, _nobody = read_rows(sheet, top, lambda row: _row(row, columns, zone))
    return FeedbackSheet(rows, rejected)


def _row(row: Row, columns: Mapping, zone: str) -> FeedbackRow:
    def told(field: str) -> str:
        place = columns.column(field)
        return row.cell(place) if place is not None else ""

    text = clean_lines(text_cell(told("text")), TEXT_LIMIT)
    if is_blank(text):
        raise BadInput("the text is empty", hint="write what was said")
    kind = "complaint" if is_nothing(told("kind")) else typed_kind(text_cell(told("kind")))
    who = "" if is_nothing(told("name")) else clean(text_cell(told("name")), NAME_LIMIT)
    category = "" if is_nothing(told("category")) else clean(text_cell(told("category")), _WORD)
    if is_nothing(told("date")):
        return FeedbackRow(row.number, who, kind, text, category=category)
    day, at = datetime_cell(told("date"))
    if at is None or at == time():
        return FeedbackRow(row.number, who, kind, text, day, category=category)
    return FeedbackRow(row.number, who, kind, text, None, datetime.combine(day, at, ZoneInfo(zone)), category)
