"""Exports that are JSON: one object with its messages, one array of them, or a line for each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from qunguan.domain.activity import ChatEvent, ChatFormat
from qunguan.domain.errors import BadInput
from qunguan.exchange.readers import chats_chatlog as chatlog
from qunguan.exchange.readers import chats_qce as qce
from qunguan.exchange.readers import chats_wechat as wechat
from qunguan.exchange.readers.chats_chatlab import ChatLab
from qunguan.exchange.readers.chats_json import JsonStream
from qunguan.exchange.readers.chats_source import Source
from qunguan.exchange.readers.chats_teller import Events, Teller
from qunguan.i18n import N_

Item = Callable[[dict[str, Any], Teller], Events]
Top = Callable[[str, Any, Teller], None]

_HEADS = ("metadata", "chatInfo", "meta", "chatlab", "session", "weflow")
_KEYS: tuple[tuple[str, ChatFormat], ...] = (
    ("chatlab", "chatlab_json"), ("chatInfo", "qce_json"), ("weflow", "weflow_json"), ("session", "weflow_json"),
)  # fmt: skip
# Of a message, where it stands before or without what the object is: keys all of which one exporter writes.
_ITEMS: tuple[tuple[frozenset[str], ChatFormat], ...] = (
    (frozenset(("talker", "senderName", "time")), "chatlog_json"),
    (frozenset(("MsgSvrID", "type_name", "talker")), "pywxdump_json"),
    (frozenset(("localType", "createTime")), "weflow_json"),
    (frozenset(("sender", "accountName", "timestamp")), "chatlab_json"),
    (frozenset(("sender", "timestamp", "content")), "qce_json"),
)
_LINES: dict[ChatFormat, ChatFormat] = {"qce_json": "qce_jsonl", "chatlab_json": "chatlab_jsonl"}


def recognise(source: Source) -> ChatFormat | None:
    """Which exporter wrote the JSON; None where it is none of them. Raises `BadInput` for JSON that is none at all, and
    for the parts of an export that hold no messages."""
    lines = _line_format(source)
    if lines:
        return lines
    stream = JsonStream(source.text(), source.name)
    if stream.peek() == "[":
        return _of_item(next(stream.items(), None))
    seen = []
    for key in stream.members():
        seen.append(key)
        known = next((form for sign, form in _KEYS if sign == key), None)
        if key == "messages" and stream.peek() == "[":
            return known or _of_keys(seen) or _of_item(next(stream.items(), None))
        if key.startswith("wxid_") and len(seen) == 1 and isinstance(stream.value(), dict):
            hint = N_("Name the CSV or JSON with the messages; the names are taken from the file beside it.")
            raise BadInput("these are the names of PyWxDump, not its messages", where=source.name, hint=hint)
    if _of_keys(seen) == "qce_json":
        hint = N_("Name the files in its folder chunks.")
        raise BadInput("this is the table of contents of an export, not its messages", where=source.name, hint=hint)
    return None


def _of_keys(seen: list[str]) -> ChatFormat | None:
    return next((form for sign, form in _KEYS if sign in seen), None)


def _of_item(told: object) -> ChatFormat | None:
    keys = set(told) if isinstance(told, dict) else set()
    return next((form for signs, form in _ITEMS if signs <= keys), None)


def _line_format(source: Source) -> ChatFormat | None:
    """The format of a text with an object on every line; None for one that is no such text."""
    lines = [line for line in source.head.split("\n", 50)[:50] if line.strip() and not line.startswith("#")]
    first = _object(lines[0]) if lines else None
    if first is None:
        return None
    if first.get("_type") == "header" and "chatlab" in first:
        return "chatlab_jsonl"
    form = _of_item(first)
    return _LINES.get(form) if form else None


def _object(line: str) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def read(source: Source, form: ChatFormat, teller: Teller) -> Iterator[ChatEvent]:
    """The events of the document. An item that makes no sense is counted and left out."""
    head, item = _room(source, form)
    if form in _LINES.values():
        yield from _read_lines(source, item, teller)
        return
    stream = JsonStream(source.text(), source.name)
    if stream.peek() == "[":
        yield from _read_items(stream, item, teller)
        return
    for key in stream.members():
        if key in _HEADS and head:
            head(key, stream.value(), teller)
        elif key == "messages" and stream.peek() == "[":
            yield from _read_items(stream, item, teller)


def _room(source: Source, form: ChatFormat) -> tuple[Top | None, Item]:
    if form in ("chatlab_json", "chatlab_jsonl"):
        lab = ChatLab()
        return lab.head, lab.line if form == "chatlab_jsonl" else lab.item
    if form == "pywxdump_json":
        return None, wechat.PyWxDump(source.path).item
    rooms: dict[ChatFormat, tuple[Top | None, Item]] = {
        "chatlog_json": (None, chatlog.item),
        "weflow_json": (wechat.weflow_head, wechat.weflow_item),
        "qce_json": (qce.head, qce.item),
        "qce_jsonl": (None, qce.item),
    }
    return rooms[form]


def _read_items(stream: JsonStream, item: Item, teller: Teller) -> Iterator[ChatEvent]:
    for number, told in enumerate(stream.items(), start=1):
        yield from _one(number, told, item, teller)


def _read_lines(source: Source, item: Item, teller: Teller) -> Iterator[ChatEvent]:
    for number, line in source.lines():
        if line.strip() and not line.startswith("#"):
            yield from _one(number, _object(line), item, teller)


def _one(number: int, told: object, item: Item, teller: Teller) -> Events:
    try:
        if not isinstance(told, dict):
            raise BadInput("no message stands here")
        return item(told, teller)
    except BadInput as error:
        teller.reject(number, error)
        return ()
