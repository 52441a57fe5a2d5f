"""Chinese that was read in the wrong encoding: 浣犲ソ or ä½\u00a0å¥½ where 你好 stood.

A stretch is read again only if every byte of it fits and the result is Chinese, emoji or typographic punctuation.
Libraries that know more encodings than these weigh likelihoods; here nothing is weighed against what the bytes say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal

from qunguan.domain.everyday import everyday
from qunguan.values import frozen

Way = Literal["utf8_as_gbk", "utf8_as_latin", "gbk_as_latin"]

_DEEPEST = 3  # wrong readings on top of each other
_HOLES = b"\x81\x8d\x8f\x90\x9d"  # bytes Windows-1252 leaves as they are
_CP1252 = {ord(bytes([byte]).decode("cp1252")): byte for byte in range(0x80, 0xA0) if byte not in _HOLES}
_WESTERN = "\x80-\xff" + "".join(map(chr, _CP1252))
_QUOTES = "“”‘’…—·"  # bytes to Windows, but in Chinese text more often what they look like

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_EMOJI = "\u2600-\u27bf\U0001f000-\U0001faff"
_WIDE = f"{_HAN}{_EMOJI}\u2010-\u203b\u2100-\u25ff\u2b00-\u2bff\u3000-\u30ff\ufe0f\uff01-\uffe5\u200d\u20e3"
_FITS = re.compile(f"[ -~\xa1-\u024f{_WIDE}]+")
_HAS_WIDE = re.compile(f"[{_WIDE}]")
_WORD = re.compile(f"[{_HAN}]{{2}}|[\U0001f000-\U0001faff]")
_CERTAIN = re.compile(f"{_WORD.pattern}|[\u2010-\u2027]")
_STILL_BROKEN = re.compile(f"[\xc2-\xf4][{_WESTERN}]")  # after one reading: another one has to follow
_EVERYDAY = 0.8  # share of everyday characters a GBK reading needs, as it takes almost any bytes
_RARE = 0.5  # share of everyday characters that a stretch beside sound text may not reach: 椹瑰发 can be a name
_LONGEST = 48  # characters before a gap that are looked at


Span = tuple[int, int]
"""From where to where in a line."""


@frozen
class _Route:
    """One wrong reading: the stretches it can have left, their bytes, and what those are when read right.

    `inside` tells that intact text may touch the stretch, which then has to say more for itself.
    """

    way: Way
    stretches: Callable[[str], Iterator[Span]]
    encode: Callable[[str], bytes]
    codec: str
    inside: bool = False


def _all_of(pattern: str) -> Callable[[str], Iterator[Span]]:
    finds = re.compile(pattern).finditer
    return lambda line: (found.span() for found in finds(line))


def _latin(text: str) -> bytes:
    return text.translate(_CP1252).encode("latin-1")


def _gbk(text: str) -> bytes:
    return b"\x80".join(part.encode("gb18030") for part in text.split("€"))  # a lone 80 is € on Windows


def _gbk_chars(leads: range) -> str:
    """The characters whose GBK bytes begin a UTF-8 sequence with one of these first bytes."""
    pairs = (bytes((lead, trail)) for lead in leads for trail in range(0x80, 0xC0))
    return re.escape("".join(pair.decode("gb18030") for pair in pairs))


_GBK = "\x80-\ufffc"
_WIDE_LEADS = _gbk_chars(range(0xE0, 0xF5))
MISREAD = f"\xa1-\xff{_WIDE_LEADS}"
"""Characters one of which every wrongly read line holds, for a character class."""

_LEADS = re.compile(f"[{_WIDE_LEADS}]")
_GAP = re.compile(f"[{_GBK}]{{1,{_LONGEST}}}(?=[\ufffd?])")


def _whole_chars(line: str) -> Iterator[Span]:
    """Stretches from a character that can begin UTF-8 up to where the bytes, and characters of both, end together.

    What runs on into a ? that stands for a byte is torn and none of these: it is left whole for a person.
    """
    start = 0
    while (lead := _LEADS.search(line, start)) is not None:
        at, rest, end = lead.start(), b"", lead.start()
        while at < len(line) and "\x80" <= line[at] < "\ufffd":
            rest += _gbk(line[at])
            at += 1
            try:
                rest.decode()
            except UnicodeDecodeError as error:
                if error.reason != "unexpected end of data":
                    rest = b""
                    break
            else:
                rest, end = b"", at
        start = max(end, lead.end())
        if end > lead.start() and not (rest and line[at : at + 1] in ("?", "\ufffd")):
            yield lead.start(), end


_ROUTES = (
    _Route("utf8_as_latin", _all_of(f"[\xc2-\xf4][{_WESTERN}]+"), _latin, "utf-8"),
    _Route("gbk_as_latin", _all_of("[\xa1-\xfe]{2,}"), _latin, "gb18030"),
    _Route(  # all of a stretch, as two bytes are one character; nearly no sound text can begin such a one
        "utf8_as_gbk",
        _all_of(f"(?<![{_GBK}])[{_gbk_chars(range(0xC2, 0xE0))}]*[{_WIDE_LEADS}][{_GBK}]+"),
        _gbk,
        "utf-8",
    ),
    _Route("utf8_as_gbk", _whole_chars, _gbk, "utf-8", inside=True),
)


def reread(line: str) -> tuple[str, tuple[Way, ...]]:
    """The line with its wrongly read stretches read right, and in which ways they were wrong; () if none was."""
    return _reread(line, _DEEPEST)


def _reread(line: str, depth: int, *, alone: bool = True) -> tuple[str, tuple[Way, ...]]:
    for route in _ROUTES:
        spans = [(*span, line[slice(*span)]) for span in route.stretches(line)]
        pieces = {stretch: _piece(stretch, route, depth) for stretch in {each[2] for each in spans}}
        found = {stretch: piece for stretch, piece in pieces.items() if piece is not None}
        if (found and not alone) or any(_certain(text, stretch, route) for stretch, (text, _ways) in found.items()):
            ways = dict.fromkeys(way for _text, ways in found.values() for way in ways)
            return _replaced(line, [(start, end, found[old][0]) for start, end, old in spans if old in found]), (*ways,)
    return line, ()


def _replaced(line: str, places: list[tuple[int, int, str]]) -> str:
    pieces, last = [], 0
    for start, end, text in places:
        pieces += [line[last:start], text]
        last = end
    return "".join([*pieces, line[last:]])


def _read(stretch: str, route: _Route, lost: int = 0) -> str:
    """The stretch, less the `lost` last bytes, as the route reads it; "" if it does not."""
    try:
        data = route.encode(stretch)
        if route.way == "gbk_as_latin" and _is_utf8(data):  # as GBK this may be Chinese too, but not what stood there
            return ""
        return data[: len(data) - lost].decode(route.codec)
    except UnicodeError:
        return ""


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _fits(text: str) -> bool:
    return _FITS.fullmatch(text) is not None and _STILL_BROKEN.search(text) is None


def _piece(stretch: str, route: _Route, depth: int) -> tuple[str, tuple[Way, ...]] | None:
    """The stretch as it was meant, None if it says nothing when read this way. Whether it is certain is not asked."""
    text = _read(stretch, route)
    body = stretch.rstrip(_QUOTES)
    if not text and len(body) < len(stretch) and (inside := _read(body, route)):
        text = inside + stretch[len(body) :]
    if _fits(text) and _better(text, stretch, route):
        return text, (route.way,)
    if depth > 1:
        deeper, ways = _reread(text, depth - 1, alone=False)
        if ways and _fits(deeper):
            return deeper, (route.way, *ways)
    return None


def _better(text: str, stretch: str, route: _Route) -> bool:
    """Whether `text` is more likely than `stretch`, where the bytes alone do not prove it."""
    if route.way == "utf8_as_latin":
        return True
    if _HAS_WIDE.search(text) is None or everyday(text) <= everyday(stretch):  # 茅台 is no é, ······ no 贩贩贩
        return False
    if route.inside:
        return everyday(text) == 1 and everyday(stretch) < _RARE
    return route.way == "utf8_as_gbk" or everyday(text) >= _EVERYDAY


def _certain(text: str, stretch: str, route: _Route) -> bool:
    """Whether this one stretch is enough to say that its line was read in the wrong encoding."""
    if (_WORD if route.inside else _CERTAIN).search(text) is None:
        return False
    kinds = {(char.isupper(), char.islower()) for char in stretch}
    return route.way != "gbk_as_latin" or (len(kinds) > 1 and len(set(stretch)) > 2)  # ÄãºÃ, but not »»»» or ÀÈÌÒ


def torn_ends(line: str) -> Iterator[Span]:
    """Stretches of the line that would read well but for the last character, which is torn: from, to."""
    for route in _ROUTES:
        for start, end in route.stretches(line) if not route.inside else _before_gaps(line):
            if any(_reads_without(lost, line[start:end], route) for lost in (1, 2)):
                yield start, end


def _before_gaps(line: str) -> Iterator[Span]:
    """Stretches from each character that can begin UTF-8 to the ? after it that stands for a byte."""
    for found in _GAP.finditer(line):
        for lead in _LEADS.finditer(line, *found.span()):
            yield lead.start(), found.end()


def _reads_without(lost: int, stretch: str, route: _Route) -> bool:
    text = _read(stretch, route, lost)
    return _fits(text) and _better(text, stretch, route) and _certain(text, stretch, route)
