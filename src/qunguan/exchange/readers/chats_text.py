"""Plain text exports are heads and bodies: a head begins a message, the lines up to the next one are what was said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from qunguan.exchange.readers.chats_source import CHAT_LIMITS
from qunguan.values import frozen

T = TypeVar("T")
Lines = Iterable[tuple[int, str]]

Head = Callable[[str, str], "T | None"]
"""(line that is not empty, the line above it, "" at the start) → what it begins, None where it is part of a body."""


_LONGEST_HEAD = 400  # characters: a time, a card of 64, an address; the patterns must not meet a whole article


@frozen
class Block(Generic[T]):
    """A head, the line it stands on, and the text below it without the empty lines around."""

    line: int
    head: T
    body: str


def blocks(lines: Lines, head: Head[T]) -> Iterator[Block[T]]:
    """The messages of a text. What stands above the first head is nobody's. A body beyond all bounds is cut."""
    begun: tuple[int, T] | None = None
    body: list[str] = []
    size = 0
    above = ""
    for number, line in lines:
        found = head(line, above) if line and len(line) <= _LONGEST_HEAD else None
        if found is not None:
            if begun:
                yield Block(*begun, "\n".join(body).strip())
            begun, body, size = (number, found), [], 0
        elif begun and size < CHAT_LIMITS.field_chars:
            body.append(line)
            size += len(line) + 1
        above = line
    if begun:
        yield Block(*begun, "\n".join(body).strip())


def share(lines: Iterable[str], fits: Callable[[str, str], object]) -> int:
    """How many of the lines are heads."""
    above, count = "", 0
    for line in lines:
        count += 0 < len(line) <= _LONGEST_HEAD and bool(fits(line, above))
        above = line
    return count
