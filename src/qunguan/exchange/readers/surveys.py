"""Replies to a survey: an export of 问卷星 (序号, 提交答卷时间 …, a column a question), or any table of answers.

A column that says who answered is told by its words, `1、您的群昵称是？` among them; without one nobody is named. What
the form notes beside the answers (time used, where from, IP) is not kept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import PurePath
from typing import Final
from zoneinfo import ZoneInfo

from qunguan.domain.errors import BadInput
from qunguan.domain.surveys import (
    ANSWER_LIMIT,
    HINTS,
    QUESTION_LIMIT,
    Asked,
    Kind,
    SheetReply,
    SurveySheet,
    question_key,
)
from qunguan.domain.text import NAME_LIMIT, clean, clean_lines, is_blank, match_key
from qunguan.exchange.readers import headers, words
from qunguan.exchange.readers.cells import code_cell, datetime_cell, folded, is_nothing, phone_cell, text_cell
from qunguan.exchange.readers.data_rows import read_rows
from qunguan.exchange.readers.headers import IGNORED, Mapping, NeedsMapping
from qunguan.exchange.readers.sheets import Row, Sheet
from qunguan.values import frozen

PEOPLE: Final = ("name", "phone", "wechat_id")
"""The fields that say who answered."""
_SAMPLE = 5
_SEVERAL = "┋"
_SKIPPED = frozenset(("(跳过)", "(空)", "跳过"))
_SKIP_CODES = frozenset(("-3", "-2"))  # of an export by numbers: the question was not shown, or left empty
_TICKS: Final = {"1": True, "√": True, "是": True, "0": False, "": False, "否": False, "-3": False, "-2": False}
_NUMBERED = re.compile(r"\s*[QqＱ]?(\d{1,3})\s*(?:[、．.)）:：]\s*(?!\d)(.*)|(?=[(（])(.*)|)", re.DOTALL)
_PART = re.compile(r"(.*?)\s*(?:[(（]\s*([^()（）]+?)\s*[)）]|[:：—]+\s*([^:：—]+))\s*", re.DOTALL)
_KINDS: Final[dict[str, Kind]] = {"单选": "one", "多选": "many", "可多": "many", "填空": "text", "问答": "text",
                                  "打分": "number", "评分": "number", "量表": "number"}  # fmt: skip
_ASKING = re.compile(
    r"^(?:请(?:问|填写|输入|留下|写下)?)?(?:一下)?(?:您|你)?(?:的|在群里的)?(.+?)(?:是什么|叫什么|是|叫)?$"
)
_EXPORT = re.compile(r"^\d{5,}_(?:按\w+?_)?|_\d+(?:_\d+)*$")


def read_survey(sheet: Sheet, zone: str, mapping: Mapping | None = None, *, ask: bool = False) -> SurveySheet:
    """The replies of a table; times are of the clock of `zone`. Raises BadInput where no column is an answer, and with
    `ask` NeedsMapping where none says who answered and no mapping says that it was so meant.
    """
    top, columns = headers_of(sheet, mapping)
    data = [row for row in sheet.rows[top + 1 :] if not headers.not_data(row, sheet.rows[top])]
    asked = _asked(columns, data)
    if not asked:
        raise BadInput("no column of the table holds answers", where=sheet.at(sheet.rows[top].number),
                       hint="there should be a column for each question below 序号 or the name")  # fmt: skip
    named = any(field in columns.fields for field in PEOPLE)
    if ask and mapping is None and not named:
        sample = tuple(row.cells for row in sheet.rows[top + 1 : top + 1 + _SAMPLE])
        raise NeedsMapping("no column says who answered: {header}", where=sheet.at(sheet.rows[top].number),
                           guess=columns, sample=sample, hint="say which it is, or that nobody is named")  # fmt: skip
    reading = _Reading(columns, asked, zone)
    replies, rejected, skipped = read_rows(sheet, top, reading.row)
    left_out = tuple(head for head, field in columns.columns().items() if field not in _KEPT)
    ignored = tuple(h for h, f in zip(columns.header, columns.fields, strict=True) if f == IGNORED)
    return SurveySheet(title_of(sheet.name), tuple(each.asked for each in asked), replies, named, rejected, skipped,
                       left_out + ignored, sheet.notes)  # fmt: skip


_KEPT = (*PEOPLE, "number", "date")


def headers_of(sheet: Sheet, mapping: Mapping | None = None) -> tuple[int, Mapping]:
    """(index in `sheet.rows`, mapping) of the header; every column without a field is a question. Who answered is
    looked for in the words of the questions, too. Raises BadInput for a mapping that was made for another header.
    """
    if mapping is not None:
        return headers.find_mapped(sheet, mapping, needed=()), with_people(mapping)
    top, found = headers.find(sheet, words.SURVEY, needed=())
    return top, with_people(found)


def with_people(found: Mapping) -> Mapping:
    """With the columns that ask who somebody is: `1、您的群昵称是？` is a name. A second name is not kept."""
    for column, head in enumerate(found.header):
        if found.fields[column]:
            continue
        bare = words.plain(_bare(head))
        for field in PEOPLE:
            if bare in words.SURVEY[field]:
                found = found.told(column, IGNORED if field in found.fields else field)
                break
    return found


def title_of(name: str) -> str:
    """What a survey is called by the name of its file: without the number and the counts 问卷星 puts around it."""
    stem = PurePath(name).stem
    bare = _EXPORT.sub("", stem).strip("_ ")
    return clean(bare or stem, NAME_LIMIT)


def _bare(head: str) -> str:
    """The words of a question without its number and what asks: 群昵称 of `1、您的群昵称是？`."""
    _number, text, _kind = _head(head)
    found = _ASKING.match(text.rstrip("?？:：。 "))
    return found.group(1) if found else text


def _head(head: str) -> tuple[int | None, str, Kind | None]:
    """The number of a question, its words, and its kind where the header says it."""
    kind: Kind | None = None
    for word in HINTS.findall(head):
        kind = _KINDS.get(word[:2], kind)
    text = HINTS.sub(" ", head).strip().rstrip("*").strip()
    found = _NUMBERED.fullmatch(text)
    if found is None or (found.group(2) is None and found.group(3) is None and len(text) > 3):
        return None, text, kind
    return int(found.group(1)), (found.group(2) or found.group(3) or "").strip(), kind


@frozen
class _Column:
    """What is asked, and where its answers stand: one column, or one for each of its options."""

    asked: Asked
    places: tuple[int, ...]


def _asked(columns: Mapping, data: Sequence[Row]) -> list[_Column]:
    """The questions of the sheet in their order; neighbours that are ticks of one question are one."""
    free = [place for place, field in enumerate(columns.fields) if not field]
    ticks = {place for place in free if _is_ticks(place, data)}
    found: list[_Column] = []
    at = 0
    while at < len(free):
        place = free[at]
        number, text, kind = _head(columns.header[place])
        run = [place]
        part = _PART.fullmatch(text) if place in ticks else None
        if part:
            for other in free[at + 1 :]:
                if other not in ticks or _stem(columns.header[other]) != (number, question_key(part.group(1))):
                    break
                run.append(other)
        if part and len(run) > 1:
            options = tuple(clean(_option(columns.header[each]), QUESTION_LIMIT) for each in run)
            found.append(_Column(Asked(number, _worded(part.group(1), number), "many", options), tuple(run)))
        else:
            run = [place]
            found.append(_Column(Asked(number, _worded(text, number), kind), (place,)))
        at += len(run)
    return found


def _worded(text: str, number: int | None) -> str:
    return clean(" ".join(text.split()), QUESTION_LIMIT) or (str(number) if number is not None else "")


def _is_ticks(place: int, data: Sequence[Row]) -> bool:
    """Whether a column holds nothing but ticks, and one at least."""
    seen = {folded(row.cell(place)) for row in data}
    return seen <= _TICKS.keys() | _SKIPPED and any(_TICKS.get(each) is not None and each for each in seen)


def _stem(head: str) -> tuple[int | None, str] | None:
    number, text, _kind = _head(head)
    part = _PART.fullmatch(text)
    return (number, question_key(part.group(1))) if part else None


def _option(head: str) -> str:
    _number, text, _kind = _head(head)
    part = _PART.fullmatch(text)
    assert part is not None  # it was looked at before
    return part.group(2) or part.group(3)


class _Reading:
    """One sheet being read row by row."""

    def __init__(self, columns: Mapping, asked: Sequence[_Column], zone: str) -> None:
        self._columns, self._asked, self._zone = columns, asked, ZoneInfo(zone)
        self._bare: dict[str, int] = {}

    def row(self, row: Row) -> SheetReply:
        """The reply of a row. Raises BadInput for one that answers nothing, and for a day that is none."""
        answers = {
            place: told
            for place, each in enumerate(self._asked)
            if (told := _ticked(row, each) if len(each.places) > 1 else _told(row.cell(each.places[0])))
        }
        if not answers:
            raise BadInput("the row answers nothing", hint="nothing is lost: there is nothing in it")
        name = self._cell(row, "name")
        phone = _phone(self._cell(row, "phone"))
        account = self._cell(row, "wechat_id")
        day, at = self._when(row)
        number = self._number(row, (name, phone, account), at, day, answers)
        return SheetReply(row.number, number, name, phone, account, at, day, answers)

    def _cell(self, row: Row, field: str) -> str:
        place = self._columns.column(field)
        value = row.cell(place) if place is not None else ""
        if is_nothing(value) or folded(value) in _SKIPPED or folded(value) in _SKIP_CODES:
            return ""
        text = clean(text_cell(value).strip(), NAME_LIMIT)
        return "" if is_blank(text) else text

    def _when(self, row: Row) -> tuple[date | None, datetime | None]:
        told = self._cell(row, "date")
        if not told:
            return None, None
        day, clock = datetime_cell(told)
        return day, datetime.combine(day, clock, self._zone) if clock not in (None, time()) else None

    def _number(
        self,
        row: Row,
        who: tuple[str, str, str],
        at: datetime | None,
        day: date | None,
        answers: dict[int, tuple[str, ...]],
    ) -> str:
        """What tells the reply from others of its survey: its number, else who and when, else what it says."""
        told = clean(code_cell(self._cell(row, "number")), NAME_LIMIT)
        if told:
            return told
        moment = at.isoformat() if at else str(day or "")
        sign = "|".join((moment, *map(match_key, who))) if any(who) or at else repr((moment, sorted(answers.items())))
        digest = hashlib.sha256(sign.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        if not any(who) or at is None:  # the same words of two people are two replies
            self._bare[digest] = self._bare.get(digest, 0) + 1
            return f"~{digest}" if self._bare[digest] == 1 else f"~{digest}.{self._bare[digest]}"
        return f"~{digest}"


def _phone(told: str) -> str:
    """The number of a cell; what is no number says nothing of who it is."""
    try:
        return phone_cell(told) if told else ""
    except BadInput:
        return ""


def _ticked(row: Row, each: _Column) -> tuple[str, ...]:
    """The options whose columns are ticked."""
    cells = zip(each.places, each.asked.options, strict=True)
    return tuple(option for place, option in cells if _TICKS.get(folded(row.cell(place))))


def _told(value: str) -> tuple[str, ...]:
    """The answers of a cell; none for one that was skipped."""
    text = text_cell(value)
    bare = folded(value)
    if not bare or bare in _SKIPPED or bare in _SKIP_CODES:
        return ()
    parts = (clean_lines(part.strip(), ANSWER_LIMIT) for part in text.split(_SEVERAL))
    return tuple(dict.fromkeys(part for part in parts if not is_blank(part)))
