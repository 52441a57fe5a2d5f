"""Years of a spreadsheet in: check-ins as a long or a wide table, and points. History is taken as told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date as calendar_day
from datetime import time
from functools import cache
from typing import Literal

from qunguan.domain import text as texts
from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import Reason, RowNote
from qunguan.exchange.readers import headers, words
from qunguan.exchange.readers.cells import (
    code_cell,
    date_cell,
    datetime_cell,
    folded,
    int_cell,
    is_nothing,
    text_cell,
    tick_cell,
)
from qunguan.exchange.readers.headers import Mapping, NeedsMapping
from qunguan.exchange.readers.persons import plain_name
from qunguan.exchange.readers.sheets import Row, Sheet
from qunguan.i18n import N_
from qunguan.values import frozen

CheckinState = Literal["done", "makeup", "frozen", "excused"]
Days = tuple[calendar_day, calendar_day]
"""The first and the last day of a span."""

_STATES: dict[str, CheckinState] = {
    **dict.fromkeys(("打卡", "已打卡", "签到", "已签到", "正常", "完成", "已完成", "done", "●"), "done"),
    **dict.fromkeys(("补", "补卡", "补打卡", "补签", "已补卡", "makeup", "made-up", "◐"), "makeup"),
    **dict.fromkeys(("冻结", "冻", "frozen", "freeze", "❄"), "frozen"),
    **dict.fromkeys(("请假", "假", "已请假", "excused", "leave", "○"), "excused"),
}
_ABSENT = frozenset(("未打卡", "未签到", "缺卡", "缺勤", "缺", "漏", "漏卡", "未完成", "missed", "none", "absent"))
_FOREVER = frozenset(("永久", "永久有效", "长期", "长期有效", "不过期", "无期限"))
_DAY_HEADER = re.compile(r"(\d{1,2})[月/.-](\d{1,2})[日号]?(?:\(?(?:星期|周)?[一二三四五六日天]\)?)?")
_WEEKDAY = re.compile(r"[\s(]*(?:星期|周)[一二三四五六日天]\)?$")


class NeedsYear(BadInput):
    """Columns headed `3月1日` do not say their year, and nothing else does. `head` is the first of them."""

    code = "needs_year"

    def __init__(self, head: str, where: str) -> None:
        hint = N_("Say which year the first column belongs to.")
        super().__init__("the column {head} does not say its year", where=where, hint=hint, head=head)
        self.head = head


@frozen
class HistoryCheckin:
    """One check-in of a file. `at` is the wall clock time where the file gives one, so that a night owl's 01:30 can be
    counted to the day before."""

    row: int
    name: str
    date: calendar_day
    state: CheckinState
    note: str = ""
    at: time | None = None


@frozen
class CheckinHistory:
    """Check-ins in file order. Every row of a long table and every cell of a wide one with something in it is in
    `entries`, `rejected` or `skipped`, or says that there was no check-in."""

    layout: Literal["long", "wide"]
    encoding: str
    entries: tuple[HistoryCheckin, ...]
    rejected: tuple[RowNote, ...]
    skipped: tuple[RowNote, ...]
    notes: tuple[Reason, ...] = ()


@frozen
class HistoryPoints:
    """One change of points. `change` is never 0; `expires_on` the last day the points can be used; `key` may be ""."""

    row: int
    name: str
    date: calendar_day
    change: int
    expires_on: calendar_day | None = None
    reason: str = ""
    key: str = ""


@frozen
class PointsHistory:
    """Changes in file order; every row below the header is in `entries`, `rejected` or `skipped`."""

    encoding: str
    entries: tuple[HistoryPoints, ...]
    rejected: tuple[RowNote, ...]
    skipped: tuple[RowNote, ...]
    notes: tuple[Reason, ...] = ()


def read_checkin_history(
    sheet: Sheet, *, year: int | None = None, within: Days | None = None, mapping: Mapping | None = None
) -> CheckinHistory:
    """Check-ins from `昵称,日期[,状态]` (an empty state is done) or from one column per date (an empty cell is none).

    `year` dates column heads such as `3月1日`; heads that run past December go on in the next year. Without it they are
    of the only year in which all of them lie `within` the first and the last day there can be. Raises `NeedsMapping`
    when the columns are not recognised, `NeedsYear` for heads that need a year, `BadInput` where two name one day.
    """
    if mapping:
        top = headers.find_mapped(sheet, mapping)
    else:
        top, mapping = _find_checkins(sheet)
    days = {} if "date" in mapping.fields else _day_columns(mapping, sheet.at(sheet.rows[top].number), year, within)
    entries: list[HistoryCheckin] = []
    rejected: list[RowNote] = []
    skipped: list[RowNote] = []
    for row in _rows(sheet, top, skipped):
        try:
            if not days:
                entries.append(_long(row, mapping))
                continue
            name = _name(row, mapping)
        except BadInput as error:
            rejected.append(_refused(row, error))
            continue
        for column, day in days.items():
            try:
                state = _mark(row.cell(column))
            except BadInput as error:
                rejected.append(_refused(row, error, mapping.header[column]))
                continue
            if state:
                entries.append(HistoryCheckin(row.number, name, day, state))
    layout: Literal["long", "wide"] = "wide" if days else "long"
    return CheckinHistory(layout, sheet.encoding, tuple(entries), tuple(rejected), tuple(skipped), sheet.notes)


def read_points(sheet: Sheet, mapping: Mapping | None = None) -> PointsHistory:
    """Changes of points from `昵称,日期,变动[,有效期][,原因][,凭证号]`.

    Raises `NeedsMapping` for other columns, `BadInput` for an export of our own ledger, which would be booked twice.
    """
    if mapping:
        top = headers.find_mapped(sheet, mapping)
    else:
        top, mapping = headers.find(sheet, words.POINTS, needed=("name", "date", "change"))
    heads = {words.plain(head) for head in mapping.header}
    if heads & words.OWN_SIGN and heads & words.LEDGER_SIGN:
        hint = N_("Its entries would count twice; to move everything to another file use archive and unarchive.")
        raise BadInput(
            "this is the ledger that qunguan wrote itself", where=sheet.at(sheet.rows[top].number), hint=hint
        )
    entries: list[HistoryPoints] = []
    rejected: list[RowNote] = []
    skipped: list[RowNote] = []
    cells = _Cells(mapping)
    for row in _rows(sheet, top, skipped):
        try:
            entries.append(_points(row, cells))
        except BadInput as error:
            rejected.append(_refused(row, error))
    return PointsHistory(sheet.encoding, tuple(entries), tuple(rejected), tuple(skipped), sheet.notes)


def asked_for(header: Sequence[str]) -> tuple[str, ...]:
    """What has to be asked of columns nobody knows: who, and the day where no column is headed by one."""
    return ("name",) if any(_is_day(head) for head in header) else ("name", "date")


def tells_checkins(sheet: Sheet) -> bool:
    """Whether a header says that the sheet holds check-ins, long or wide."""
    try:
        _find_checkins(sheet)
    except NeedsMapping:
        return False
    return True


def _find_checkins(sheet: Sheet) -> tuple[int, Mapping]:
    """A long header has a name and a date; a wide one a name and columns headed by days."""
    try:
        return headers.find(sheet, words.CHECKINS, needed=("name", "date"))
    except NeedsMapping as refusal:
        named = {"name": words.CHECKINS["name"]}
        try:
            top, mapping = headers.find(sheet, named)
        except NeedsMapping:
            raise refusal from None
        if asked_for(mapping.header) == ("name",):
            return top, mapping
        raise


def _is_day(head: str) -> bool:
    head = folded(head)
    if _DAY_HEADER.fullmatch(head):
        return True
    try:
        date_cell(_WEEKDAY.sub("", head))
    except BadInput:
        return False
    return True


def _day_columns(mapping: Mapping, where: str, year: int | None, within: Days | None) -> dict[int, calendar_day]:
    try:
        return _dated_columns(mapping, where, year)
    except NeedsYear:
        if within is None:
            raise
        able = [found for one in _years(within) if (found := _columns_within(mapping, where, one, within))]
        if len(able) != 1:
            raise
        return able[0]


def _years(within: Days) -> range:
    first, last = within
    return range(first.year, last.year + 1)


def _columns_within(mapping: Mapping, where: str, year: int, within: Days) -> dict[int, calendar_day]:
    """The columns with their days, none when one of the days cannot be in that year."""
    try:
        found = _dated_columns(mapping, where, year)
    except BadInput:
        return {}
    return found if all(within[0] <= day <= within[1] for day in found.values()) else {}


def _dated_columns(mapping: Mapping, where: str, year: int | None) -> dict[int, calendar_day]:
    days: dict[int, calendar_day] = {}
    last: calendar_day | None = None
    for column, head in enumerate(mapping.header):
        if not _is_day(head):
            continue
        day = _head_day(folded(head), last.year if last else year, last, where)
        if day in days.values():
            raise BadInput("two columns are for the same day: {day}", where=where, hint="Remove one of them.", day=day)
        days[column] = last = day
    return days


def _head_day(head: str, year: int | None, last: calendar_day | None, where: str) -> calendar_day:
    short = _DAY_HEADER.fullmatch(head)
    if short is None:
        return date_cell(_WEEKDAY.sub("", head))
    if year is None:
        raise NeedsYear(head, where)
    month, day = int(short.group(1)), int(short.group(2))
    if last and month < last.month:
        year += 1
    try:
        return calendar_day(year, month, day)
    except ValueError as error:
        hint = N_("Look it up in the calendar.")
        raise BadInput("there is no such day as {value}", where=where, hint=hint, value=head) from error


def _rows(sheet: Sheet, top: int, skipped: list[RowNote]) -> Iterator[Row]:
    """The rows below the header; what is neither a person nor a mistake goes to `skipped`."""
    for row in sheet.rows[top + 1 :]:
        nobody = headers.not_data(row, sheet.rows[top])
        if nobody:
            skipped.append(RowNote(row.number, nobody))
        else:
            yield row


def _refused(row: Row, error: BadInput, column: str = "") -> RowNote:
    if column:
        return RowNote(row.number, Reason.of(N_("{column}: {problem}"), column=column, problem=error))
    return RowNote(row.number, Reason.of("{problem}", problem=error))


def _cell(row: Row, mapping: Mapping, field: str) -> str:
    column = mapping.column(field)
    return row.cell(column) if column is not None else ""


def _name(row: Row, mapping: Mapping) -> str:
    return _plain_name(_cell(row, mapping, "name"))


def _long(row: Row, mapping: Mapping) -> HistoryCheckin:
    name = _name(row, mapping)
    day, at = datetime_cell(_cell(row, mapping, "date"))
    told = _cell(row, mapping, "state")
    state = _mark(told) if told.strip() else "done"
    if state is None:
        raise BadInput("not checked in: {value}", hint="Leave the row out.", value=told.strip())
    note = texts.clean(text_cell(_cell(row, mapping, "note")), texts.NOTE_LIMIT)
    return HistoryCheckin(row.number, name, day, state, note, at)


def _mark(value: str) -> CheckinState | None:
    """What a cell says about a day: a state, a tick for done, or None for nothing."""
    word = "".join(code_cell(value).replace("\ufe0f", "").split()).casefold()
    if word in _ABSENT:
        return None
    state = _STATES.get(word)
    if state:
        return state
    try:
        return "done" if tick_cell(word) else None
    except BadInput as error:
        hint = N_("Write 打卡, 补卡, 冻结 or 请假, √ or nothing.")
        raise BadInput("“{value}” is no state of a check-in", hint=hint, value=word[:40]) from error


class _Cells:
    """The cells of a table of points by field. Names, days and reasons come again and again: each is read once."""

    def __init__(self, mapping: Mapping) -> None:
        self._columns = {field: mapping.column(field) for field in words.POINTS}
        self.name = cache(_plain_name)
        self.day = cache(date_cell)
        self.change = cache(int_cell)
        self.note = cache(_note)

    def text(self, row: Row, field: str) -> str:
        """The text of a cell, "" where the table has no such column."""
        column = self._columns[field]
        return "" if column is None else row.cell(column)


def _plain_name(told: str) -> str:
    return plain_name(text_cell(told), "", [])


def _note(told: str) -> str:
    return texts.clean(text_cell(told), texts.NOTE_LIMIT)


def _points(row: Row, cells: _Cells) -> HistoryPoints:
    name = cells.name(cells.text(row, "name"))
    day = cells.day(cells.text(row, "date"))
    change = cells.change(cells.text(row, "change"))
    if change == 0:
        raise BadInput("a change of 0 points changes nothing", hint="Leave the row out.")
    told = cells.text(row, "expires_on")
    expires_on = None if not told or is_nothing(told) or folded(told) in _FOREVER else cells.day(told)
    if expires_on and expires_on < day:
        raise BadInput("the points expire on {expires}, before they are given on {day}", expires=expires_on, day=day)
    reason = cells.note(cells.text(row, "reason"))
    key = cells.text(row, "key")
    return HistoryPoints(row.number, name, day, change, expires_on, reason, texts.clean(code_cell(key)) if key else "")
