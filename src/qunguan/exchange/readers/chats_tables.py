"""Exports that are tables: CSV with any delimiter streamed, XLSX row by row, each row under its header."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice, pairwise

from qunguan.domain.activity import ChatEvent, ChatFormat, ChatItem
from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import Reason
from qunguan.exchange.readers import chats_chatlog as chatlog
from qunguan.exchange.readers import chats_qce as qce
from qunguan.exchange.readers import chats_sheet as sheet
from qunguan.exchange.readers import chats_wechat as wechat
from qunguan.exchange.readers import words
from qunguan.exchange.readers.chats_columns import AT_ONCE, Columns, Said, packed, told
from qunguan.exchange.readers.chats_source import CHAT_LIMITS, WORKBOOK_BYTES, Source, pieces
from qunguan.exchange.readers.chats_teller import Events, Teller
from qunguan.i18n import N_
from qunguan.values import frozen

Record = tuple[int, Sequence[str]]
Records = Iterator[list[Record]]
"""Some at a time: a thousand, or fewer where they are long."""
ReadRow = Callable[[dict[str, str], Teller], Events]
ReadColumns = Callable[[Columns, Teller], Said]

_DELIMITERS = (",", "\t", ";")
_SEARCHED = 30  # records among which the header must stand
_SAMPLE = 200  # rows that settle what a header means which two exporters use


@frozen
class Room:
    """One exporter's table: the headers that give it away, as `words.plain` makes them, and who reads a row."""

    format: ChatFormat
    signs: frozenset[str]
    row: Callable[[Source], ReadRow]
    fits: Callable[[Sequence[dict[str, str]]], bool] | None = None
    chat_above: bool = False  # a row above the header tells the chat
    columns: ReadColumns | None = None  # who reads a thousand rows at once


@dataclass(slots=True)
class Found:
    """A table recognised: where its records come from, its header, and its room."""

    room: Room
    header: tuple[str, ...]
    names: tuple[str, ...]
    records: Records
    chat: str = ""


def _simple(row: ReadRow) -> Callable[[Source], ReadRow]:
    return lambda _source: row


def _signs(*headers: str) -> frozenset[str]:
    return frozenset(words.plain(header) for header in headers)


_WECHATMSG = _signs("localId", "TalkerId", "Type", "SubType", "CreateTime", "StrContent", "StrTime", "Remark",
                    "NickName", "Sender")  # fmt: skip
ROOMS: tuple[Room, ...] = (
    Room("wechatmsg_csv", _WECHATMSG, _simple(wechat.wechatmsg), wechat.by_members,
         columns=wechat.wechatmsg_columns),
    Room("wechatmsg_all_csv", _WECHATMSG, _simple(wechat.wechatmsg_all), columns=wechat.wechatmsg_all_columns),
    Room("memotrace_csv", _signs("消息ID", "类型", "发送人", "时间", "内容", "昵称"), _simple(wechat.memotrace)),
    Room("pywxdump_csv", _signs("MsgSvrID", "type_name", "talker", "msg", "CreateTime"),
         lambda source: wechat.PyWxDump(source.path).row),
    Room("chatlog_csv", _signs("Time", "SenderName", "Sender", "TalkerName", "Talker", "Content"),
         _simple(chatlog.row), columns=chatlog.columns),
    Room("weflow_xlsx", _signs("时间", "发送者身份", "消息类型", "内容"), _simple(wechat.weflow_row), chat_above=True),
    Room("qce_xlsx", _signs("时间", "发送者", "发送者QQ号", "消息类型", "消息内容", "是否撤回"), _simple(qce.row)),
)  # fmt: skip
SHEET = Room("sheet", frozenset(), _simple(sheet.row), columns=sheet.read_columns)


def find(source: Source, notes: list[Reason], wanted: ChatFormat | None = None) -> Found | None:
    """The table in `source`, or None where its beginning has no header known here."""
    if source.is_workbook:
        from qunguan.exchange.readers.xlsx import stream_workbook

        data = source.everything(WORKBOOK_BYTES)
        return _find(source, _by_the_thousand(stream_workbook(data, source.name, CHAT_LIMITS, notes)), wanted)
    for delimiter in _DELIMITERS:
        if delimiter not in source.head:
            continue
        if _find(source, _records(source, delimiter, head=True), wanted):
            return _find(source, _records(source, delimiter), wanted)
    return None


def _by_the_thousand(records: Iterator[Record]) -> Records:
    while some := list(islice(records, AT_ONCE)):
        yield some


def _find(source: Source, records: Records, wanted: ChatFormat | None) -> Found | None:
    begun: list[Record] = []
    while len(begun) < _SEARCHED + _SAMPLE and (more := next(records, None)) is not None:
        begun += more
    first = begun[:_SEARCHED]
    for place, (_number, cells) in enumerate(first):
        names = tuple(words.plain(cell.removeprefix("\ufeff")) for cell in cells)
        rooms = [room for room in ROOMS if room.signs <= set(names) and wanted in (None, room.format)]
        own = sheet.columns(names)
        if not rooms and (own is None or wanted not in (None, "sheet")):
            continue
        below = begun[place + 1 :]
        rest = chain([below], records)
        if not rooms and own:
            return Found(SHEET, _header(cells), own, rest)
        named = [dict(zip(names, _padded(row, names), strict=False)) for _n, row in below[:_SAMPLE]]
        room = next((room for room in rooms if room.fits is None or wanted or room.fits(named)), rooms[-1])
        chat = _chat_above(first[:place]) if room.chat_above else ""
        return Found(room, _header(cells), names, rest, chat)
    return None


def _header(cells: Sequence[str]) -> tuple[str, ...]:
    return (cells[0].removeprefix("\ufeff"), *cells[1:])


def _chat_above(rows: Iterable[Record]) -> str:
    """WeFlow tells the chat above the header, in a row of labels and values; the nick before the id."""
    told: dict[str, str] = {}
    for _number, cells in rows:
        filled = [cell.strip() for cell in cells if cell.strip()]
        told |= {label: value for label, value in pairwise(filled) if label in ("昵称", "备注", "微信ID")}
    return told.get("昵称", "") or told.get("微信ID", "")


def read(source: Source, found: Found, teller: Teller) -> Iterator[ChatItem]:
    """What the table tells. A row that makes no sense is counted and left out; a repeated header begins anew."""
    if found.chat:
        teller.within(found.chat)
    row, columns = found.room.row(source), found.room.columns
    if columns is None:
        yield from packed(event for some in found.records for event in _rows(some, found, row, teller))
        return
    for some in found.records:
        table = _columns(some, found)
        if table is None:
            yield from _rows(some, found, row, teller)
        else:
            yield from told(columns(table, teller), teller, partial(_row_at, some, found, row, teller))


def _columns(records: list[Record], found: Found) -> Columns | None:
    """The columns of rows as long as the header, all of them; None where one is not, or is the header again."""
    rows = [cells for _number, cells in records]
    if not rows or min(map(len, rows)) < len(found.names):
        return None
    again = found.header[0]
    if any(cells[0].endswith(again) and _header(cells) == found.header for cells in rows):
        return None
    return dict(zip(found.names, zip(*rows, strict=False), strict=False))


def _row_at(records: list[Record], found: Found, row: ReadRow, teller: Teller, place: int) -> Iterator[ChatEvent]:
    return _rows(records[place : place + 1], found, row, teller)


def _rows(records: list[Record], found: Found, row: ReadRow, teller: Teller) -> Iterator[ChatEvent]:
    """What rows tell, one by one."""
    names, width, first = found.names, len(found.names), found.header[0]
    for number, cells in records:
        if cells[0].endswith(first) and _header(cells) == found.header:
            teller.begin()
            continue
        if len(cells) < width:
            cells = _padded(cells, names)
        try:
            yield from row(dict(zip(names, cells)), teller)  # noqa: B905 - naming `strict` takes as long again
        except BadInput as error:
            teller.reject(number, error)


def _padded(cells: Sequence[str], names: tuple[str, ...]) -> Sequence[str]:
    return cells if len(cells) >= len(names) else [*cells, *[""] * (len(names) - len(cells))]


def _records(source: Source, delimiter: str, *, head: bool = False) -> Records:
    """(line the record begins on, cells) of the rows with anything in them, those of a piece of the text at most."""
    text = io.StringIO(source.head, newline="") if head else source.text(newline="")
    fed = _Fed(pieces(text, source.name, _with_ends))
    reader = csv.reader(fed.lines, delimiter=delimiter)
    line, some, piece = 1, list[Record](), 1
    try:
        for cells in reader:
            if reader.line_num - line > CHAT_LIMITS.field_newlines:
                raise _unclosed(source.name, line)
            if any(cells):
                some.append((line, cells))
            line = reader.line_num + 1
            if len(some) == AT_ONCE or fed.pieces != piece:
                yield some
                some, piece = [], fed.pieces
    except csv.Error as error:  # a field above the csv module's bound
        if not head:
            raise _unclosed(source.name, line) from error
    yield some


class _Fed:
    """The lines of a text, and how many pieces of it they have come from so far."""

    def __init__(self, source: Iterator[list[str]]) -> None:
        self._source, self.pieces = source, 0
        self.lines = chain.from_iterable(self._each())

    def _each(self) -> Iterator[list[str]]:
        for lines in self._source:
            self.pieces += 1
            yield lines


def _with_ends(text: str) -> list[str]:
    """The lines as the csv module wants them."""
    return io.StringIO(text, newline="").readlines()


def _unclosed(name: str, line: int) -> BadInput:
    hint = N_('Close or remove the " there.')
    return BadInput("a quotation mark opens here and is never closed", where=f"{name}:{line}", hint=hint)
