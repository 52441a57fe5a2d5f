"""Reads the client's own 接龙 message (appmsg 53): who, when and where in the text each item is (formats 1.1)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qunguan.domain.jielong import Jielong, JielongItem, note
from qunguan.exchange.readers.jielong_notes import number_notes
from qunguan.exchange.readers.jielong_runs import trim
from qunguan.exchange.readers.jielong_text import parse_text
from qunguan.i18n import N_

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_START = re.compile(r"\s{0,99}(?:[\w@.-]{1,64}:\s{1,9})?(?=<(?:\?xml|msg|appmsg)[\s>])")
_RANGE = re.compile(r"(\d{1,9})-(\d{1,9})")
_SECONDS = re.compile(r"\d{1,10}")


def is_xml(text: str) -> bool:
    """Whether the text is meant as the XML of a message; a group message may carry its sender in front."""
    return _START.match(text) is not None


def parse_xml(text: str) -> Jielong:
    """The 接龙 in a message's XML, items with `user` and `at`. Broken or hostile XML is none, with a note."""
    found = _START.match(text)
    root = _root(text[found.end() :] if found else text)
    if root is None:
        damaged = note("broken_xml", N_("The XML of the message is damaged; paste it whole, or the text."))
        return Jielong(False, notes=(damaged,))
    message = root if root.tag == "appmsg" else root.find("appmsg")
    title = "" if message is None else message.findtext("title", "")
    info = None if message is None else _solitaire(message.find("extinfo/solitaire_info"))
    return parse_text(title) if info is None else _from_offsets(title, info)


def _root(text: str) -> Element | None:
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(text.strip())
    except (ParseError, DefusedXmlException, ValueError):  # ValueError: NUL, lone surrogates
        return None
    return root


def _solitaire(element: Element | None) -> Element | None:
    if element is None:
        return None
    inner = element.find("solitaire")
    return inner if inner is not None else _root(element.text or "")


def _from_offsets(title: str, info: Element) -> Jielong:
    units = title.encode("utf-16-le", "surrogatepass")
    items: list[JielongItem] = []
    empty: list[int] = []
    for number, entry in enumerate(info.iterfind("content/i"), 1):
        literal = entry.find("c")
        text = _slice(units, entry.findtext("r", "")) if literal is None else literal.text or ""
        if text is None:
            return _mismatch(title)
        if trim(text):
            at = _moment(entry.findtext("t", ""))
            items.append(JielongItem(number, trim(text), trim(entry.findtext("u", "")), at))
        else:
            empty.append(number)
    parts = [_part(units, info.findtext(tag, "")) for tag in ("tt", "ex", "tl")]
    if None in parts or not (items or empty):
        return _mismatch(title)
    head, example, tail = (trim(part or "") or None for part in parts)
    return Jielong(True, head, example, tail, tuple(items), tuple(number_notes(items, empty)))


def _mismatch(title: str) -> Jielong:
    """The text read without its offsets: they do not fit it, so nobody's id may be guessed from them."""
    doubt = N_("The places of the items in the XML do not fit its text; the text was read instead.")
    result = parse_text(title)
    return replace(result, notes=(note("offsets", doubt), *result.notes))


def _part(units: bytes, field: str) -> str | None:
    """Title, example or tail: a range of the text, or the words themselves, or nothing."""
    return _slice(units, field) if _RANGE.fullmatch(field.strip()) else field


def _slice(units: bytes, field: str) -> str | None:
    """The part of the text at `offset-length` in UTF-16 code units, or None outside of it."""
    found = _RANGE.fullmatch(field.strip())
    if found is None:
        return None
    start, length = int(found[1]), int(found[2])
    if 2 * (start + length) > len(units):
        return None
    return units[2 * start : 2 * (start + length)].decode("utf-16-le", "replace")


def _moment(field: str) -> datetime | None:
    found = _SECONDS.fullmatch(field.strip())
    return datetime.fromtimestamp(int(found[0]), UTC) if found and int(found[0]) else None
