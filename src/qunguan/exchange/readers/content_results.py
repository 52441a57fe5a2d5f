"""What came of posts as a table: 日期, 标题 or 帖子编号, and of 触达, 阅读, 点击, 回复, 订单 what was counted."""

from __future__ import annotations

from qunguan.domain.content import checked_day
from qunguan.domain.content_results import LARGEST, Counted, ResultRow, ResultSheet, checked_counts
from qunguan.domain.errors import BadInput
from qunguan.domain.text import clean
from qunguan.exchange.readers import headers, words
from qunguan.exchange.readers.cells import code_cell, date_cell, int_cell, is_nothing, text_cell
from qunguan.exchange.readers.data_rows import read_rows
from qunguan.exchange.readers.headers import Mapping, NeedsMapping
from qunguan.exchange.readers.sheets import Row, Sheet

_NUMBERS = ("audience", "reads", "clicks", "replies", "orders")
_TITLE = 200


def read_results(sheet: Sheet, mapping: Mapping | None = None) -> ResultSheet:
    """The results of a table. A cell that is empty, `-` or `—` was not counted, which is not 0 (semantics 3.9).

    Raises NeedsMapping when neither the title nor the number of the post is recognised.
    """
    top, columns = _header(sheet, mapping)
    return ResultSheet(sheet.encoding, *read_rows(sheet, top, lambda row: _read(row, columns)))


def _header(sheet: Sheet, mapping: Mapping | None) -> tuple[int, Mapping]:
    if mapping:
        needed = ("post",) if "post" in mapping.fields else ("title",)
        return headers.find_mapped(sheet, mapping, needed), mapping
    try:
        return headers.find(sheet, words.RESULTS, needed=("title",))
    except NeedsMapping as refusal:
        if "post" not in refusal.guess.fields:
            raise
        return headers.find(sheet, words.RESULTS, needed=("post",))


def _read(row: Row, columns: Mapping) -> ResultRow:
    told = {field: _cell(row, columns, field) for field in words.RESULTS}
    number, title = code_cell(told["post"]), clean(text_cell(told["title"]), _TITLE)
    if not number and not title:
        raise BadInput("the row names no post", hint="Give its title or its number.")
    day = None if is_nothing(told["date"]) else checked_day(date_cell(told["date"]))
    counts = {field: _count(told[field]) for field in _NUMBERS}
    post = f"#{number.removeprefix('#')}" if number else title
    return ResultRow(row.number, post, day, checked_counts(Counted(**counts)), code_cell(told["kind"]))


def _count(told: str) -> int | None:
    return None if is_nothing(told) else int_cell(told, largest=LARGEST)


def _cell(row: Row, columns: Mapping, field: str) -> str:
    place = columns.column(field)
    return row.cell(place) if place is not None else ""
