"""What one cell of goods lists: `名称(颜色,尺码)*数量` a line, `名(规格)(n件);…`, `苹果x2，梨` (formats 11)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qunguan.domain.orders import OrderLine
from qunguan.domain.text import NOTE_LIMIT, clean

MAX_QUANTITY = 10**6

_OPEN, _CLOSE = "(（[【", ")）]】"
_UNIT = r"(?:件|份|个|盒|箱|袋|瓶|斤|套|只|包|张|本|支|条|双|提|组|罐|桶|块|枚|束|串|粒|杯)"
_PIECES = re.compile(rf"(.+)[(（]\s*[*×xX]?\s*(\d{{1,6}})\s*{_UNIT}\s*[)）]", re.ASCII | re.DOTALL)
_TIMES = re.compile(rf"(.+?)\s*(?:[*×✕＊]|(?<![A-Za-z0-9])[xXｘＸ])\s*(\d{{1,6}})\s*{_UNIT}?", re.ASCII | re.DOTALL)
_HARD, _SOFT = "\r\n;；", ",，、"
_SOFT_MARK = re.compile(f"[{_SOFT}]")


def item_lines(text: str) -> tuple[OrderLine, ...]:
    """The goods in `text`, in its order; what names no quantity is one piece.

    Line ends and semicolons part them; commas only where each part then names its quantity, for a name may hold
    commas. Brackets are never torn apart.
    """
    lines: list[OrderLine] = []
    for part in _parts(text, _HARD):
        if not _SOFT_MARK.search(part):
            lines.append(counted(part) or named(part, 1))
            continue
        pieces = list(_parts(part, _SOFT))
        told = [counted(piece) for piece in pieces]
        if len(pieces) > 1 and all(found is not None for found in told):
            lines += [found for found in told if found is not None]
        else:
            lines.append(counted(part) or named(part, 1))
    return tuple(lines)


def counted(text: str) -> OrderLine | None:
    """The article of `名(规格)*2` or `名(规格)(2件)`; None where no quantity from 1 to `MAX_QUANTITY` is told."""
    found = _PIECES.fullmatch(text) or _TIMES.fullmatch(text)
    if found is None or not 0 < int(found.group(2)) <= MAX_QUANTITY:
        return None
    return named(found.group(1), int(found.group(2)))


def named(text: str, quantity: int) -> OrderLine:
    """`名称(规格)` taken apart; a name without brackets at its end has no `sku`."""
    text = text.strip()
    if text and text[-1] in ")）":
        start = _bracket(text)
        if start > 0:
            return OrderLine(clean(text[:start].strip(), NOTE_LIMIT), clean(text[start + 1 : -1], NOTE_LIMIT), quantity)
    return OrderLine(clean(text, NOTE_LIMIT), "", quantity)


def _bracket(text: str) -> int:
    """Where the bracket opens that closes at the end of `text`, -1 where none does."""
    depth = 0
    for index in range(len(text) - 1, -1, -1):
        if text[index] in ")）":
            depth += 1
        elif text[index] in "(（":
            depth -= 1
            if depth == 0:
                return index
    return -1


def _parts(text: str, marks: str) -> Iterator[str]:
    """The non-empty parts between `marks` outside of brackets; an unclosed bracket keeps nothing together."""
    if not any(mark in text for mark in marks):
        if text.strip():
            yield text.strip()
        return
    depth, start = 0, 0
    balanced = sum(map(text.count, _OPEN)) == sum(map(text.count, _CLOSE))
    for index, ch in enumerate(text):
        if balanced and ch in _OPEN:
            depth += 1
        elif balanced and ch in _CLOSE:
            depth -= 1
        elif ch in marks and depth <= 0:
            if text[start:index].strip():
                yield text[start:index].strip()
            start = index + 1
    if text[start:].strip():
        yield text[start:].strip()
