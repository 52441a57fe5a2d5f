"""Exports that are tables: CSV with any delimiter streamed, XLSX row by row, each row under its header."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise

from qunguan.domain.activity import ChatEvent, ChatFormat
from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import Reason
from qunguan.exchange.readers import chats_chatlog as chatlog
from qunguan.exchange.readers import chats_qce as qce
from qunguan.exchange.readers import chats_sheet as sheet
from qunguan.exchange.readers import chats_wechat as wechat
from qunguan.exchange.readers import words
from qunguan.exchange.readers.chats_source import CHAT_LIMITS, WORKBOOK_BYTES, Source, pieces
from qunguan.exchange.readers.chats_teller import Events, Teller
from qunguan.i18n import N_
from qunguan.values import frozen

Record = tuple[int, Sequence[str]]
ReadRow = Callable[[dict[str, str], Teller], Events]

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


@dataclass(slots=True)
class Found:
    """A table recognised: where its records come from, its header, and its room."""

    room: Room
    header: tuple[str, ...]
    names: tuple[str, ...]
    records: Iterator[Record]
    chat: str = ""


def _simple(row: ReadRow) -> Callable[[Source], ReadRow]:
    return lambda _source: row


def _signs(*headers: str) -> frozenset[str]:
    return frozenset(words.plain(header) for header in headers)


_WECHATMSG = _signs("localId", "TalkerId", "Type", "SubType", "CreateTime", "StrContent", "StrTime", "Remark",
                    "NickName", "Sender")  # fmt: skip
ROOMS: tuple[Room, ...] = (
    Room("wechatmsg_csv", _WECHATMSG, _simple(wechat.wechatmsg), wechat.by_members),
    Room("wechatmsg_all_csv", _WECHATMSG, _simple(wechat.wechatmsg_all)),
    Room("memotrace_csv", _signs("消息ID", "类型", "发送人", "时间", "内容", "昵称"), _simple(wechat.memotrace)),
    Room("pywxdump_csv", _signs("MsgSvrID", "type_name", "talker", "msg", "CreateTime"),
         lambda source: wechat.PyWxDump(source.path).row),
    Room("chatlog_csv", _signs("Time", "SenderName", "Sender", "TalkerName", "Talker", "Content"),
         _simple(chatlog.row)),
    Room("weflow_xlsx", _signs("时间", "发送者身份", "消息类型", "内容"), _simple(wechat.weflow_row), chat_above=True),
    Room("qce_xlsx", _signs("时间", "发送者", "发送者QQ号", "消息类型", "消息内容", "是否撤回"), _simple(qce.row)),
)  # fmt: skip
SHEET = Room("sheet", frozenset(), lambda _source: sheet.row)


def find(source: Source, notes: list[Reason], wanted: ChatFormat | None = None) -> Found | None:
    """The table in `source`, or None where its beginning has no header known here."""
    if source.is_workbook:
        from qunguan.exchange.readers.xlsx import stream_workbook

        data = source.everything(WORKBOOK_BYTES)
        return _find(source, stream_workbook(data, source.name, CHAT_LIMITS, notes), wanted)
    for delimiter in _DELIMITERS:
        if delimiter not in source.head:
            continue
        if _find(source, _records(source, delimiter, head=True), wanted):
            return _find(source, _records(source, delimiter), wanted)
    return None


def _find(source: Source, records: Iterator[Record], wanted: ChatFormat | None) -> Found | None:
    first = list(islice(records, _SEARCHED))
    for place, (_number, cells) in enumerate(first):
        names = tuple(words.plain(cell.removeprefix("\ufeff")) for cell in cells)
        rooms = [room for room in ROOMS if room.signs <= set(names) and wanted in (None, room.format)]
        own = sheet.columns(names)
        if not rooms and (own is None or wanted not in (None, "sheet")):
            continue
        rest = chain(first[place + 1 :], records)
        if not rooms and own:
            return Found(SHEET, _header(cells), own, rest)
        sample = list(islice(rest, _SAMPLE))
        named = [dict(zip(names, _padded(row, names), strict=False)) for _n, row in sample]
        room = next((room for room in rooms if room.fits is None or wanted or room.fits(named)), rooms[-1])
        chat = _chat_above(first[:place]) if room.chat_above else ""
        return Found(room, _header(cells), names, chain(sample, rest), chat)
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


def read(source: Source, found: Found, teller: Teller) -> Iterator[ChatEvent]:
    """The events of the table. A row that makes no sense is counted and left out; a repeated header begins anew."""
    if found.chat:
        teller.within(found.chat)
    row, names, width, first = found.room.row(source), found.names, len(found.names), found.header[0]
    for number, cells in found.records:
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


def _records(source: Source, delimiter: str, *, head: bool = False) -> Iterator[Record]:
    """(line the record begins on, cells) of the rows with anything in them."""
    text = io.StringIO(source.head, newline="") if head else source.text(newline="")
    reader = csv.reader(chain.from_iterable(pieces(text, source.name, _with_ends)), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            if reader.line_num - line > CHAT_LIMITS.field_newlines:
                raise _unclosed(source.name, line)
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:  # a field above the csv module's bound
        if not head:
            raise _unclosed(source.name, line) from error


def _with_ends(text: str) -> list[str]:
    """The lines as the csv module wants them."""
    return io.StringIO(text, newline="").readlines()


def _unclosed(name: str, line: int) -> BadInput:
    hint = N_('Close or remove the " there.')
    return BadInput("a quotation mark opens here and is never closed", where=f"{name}:{line}", hint=hint)
