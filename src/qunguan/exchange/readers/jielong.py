"""Reads a pasted 接龙: the text a client shows, the same typed by hand, or the client's own XML (semantics 3.18)."""

from __future__ import annotations

from qunguan.domain.jielong import Jielong
from qunguan.exchange.readers.jielong_text import parse_text
from qunguan.exchange.readers.jielong_xml import is_xml, parse_xml


def parse(text: str) -> Jielong:
    """The 接龙 in `text`, which may be anything at all: what is none comes back with `is_jielong` False and why.

    Linear in the length of the text; never raises.
    """
    body = text.lstrip("\ufeff")
    return parse_xml(body) if is_xml(body) else parse_text(body)
