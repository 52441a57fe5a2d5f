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


LONGEST_HEAD = 400  # characters: a time, a card of 64, an address; the patterns must not meet a whole article


@frozen
class Block(Generic[T]):
    """A head, the line it stands on, and the text below it without the empty lines around."""

    line: int
    head: T
    body: str


class Blocks(Generic[T]):
    """Takes the lines of a text as they come. What stands above the first head is nobody's."""

    def __init__(self, head: Head[T]) -> None:
        self._head = head
        self._begun: tuple[int, T] | None = None
        self._body: list[str] = []
        self._size = 0
        self.above = ""
        """The line before the next one."""

    def feed(self, lines: Lines) -> Iterator[Block[T]]:
        """The messages that end in these lines. A body beyond all bounds is cut."""
        for number, line in lines:
            found = self._head(line, self.above) if line and len(line) <= LONGEST_HEAD else None
            if found is not None:
                yield from self.end()
                self._begun = (number, found)
            elif self._begun and self._size < CHAT_LIMITS.field_chars:
                self._body.append(line)
                self._size += len(line) + 1
            self.above = line

    def end(self) -> Iterator[Block[T]]:
        """The message that is open, if one is: no line of it follows."""
        begun, body = self._begun, self._body
        self._begun, self._body, self._size = None, [], 0
        if begun:
            yield Block(*begun, "\n".join(body).strip())


def blocks(lines: Lines, head: Head[T]) -> Iterator[Block[T]]:
    """The messages of a text."""
    taken = Blocks(head)
    yield from taken.feed(lines)
    yield from taken.end()


def share(lines: Iterable[str], fits: Callable[[str, str], object]) -> int:
    """How many of the lines are heads."""
    above, count = "", 0
    for line in lines:
        count += 0 < len(line) <= LONGEST_HEAD and bool(fits(line, above))
        above = line
    return count
