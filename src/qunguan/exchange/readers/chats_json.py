"""JSON larger than memory: the members of the outer object one by one, its long arrays item by item.

The items are taken by the C decoder of the standard library, so a file goes through as fast as it is decoded at all;
what is not wanted (pictures of members, megabytes of them) is skipped without being built.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

from qunguan.domain.errors import BadInput
from qunguan.i18n import N_

_PIECE = 1 << 18
_LARGEST = 8 << 20  # characters of one value that is built: a message, never the file
_BLANK = re.compile(r"[ \t\r\n]*")
_MARK = re.compile(r'["{}\[\]]')
_IN_STRING = re.compile(r'["\\]')
_SCALAR_END = re.compile(r"[,\]}\s]")


def field(told: dict[str, Any], key: str) -> str:
    """The text of a member, a number as its digits; "" where there is none or it is something else."""
    value = told.get(key)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


class JsonStream:
    """A place in a JSON text. Every method raises `BadInput` where the text ends too early or is no JSON."""

    def __init__(self, text: TextIO, name: str) -> None:
        """`name` is the file, for messages."""
        self._text, self._name = text, name
        self._buffer, self._place, self._passed = "", 0, 0
        self._over = False
        self._decoder = json.JSONDecoder()

    def peek(self) -> str:
        """The next character that is no blank, "" at the end."""
        while True:
            self._place = _BLANK.match(self._buffer, self._place).end()  # type: ignore[union-attr]
            if self._place < len(self._buffer):
                return self._buffer[self._place]
            if not self._more():
                return ""

    def members(self) -> Iterator[str]:
        """The keys of the object that begins here. A value nobody took when the next key is asked for is skipped."""
        yield from self._inside("{", "}", keys=True)

    def items(self) -> Iterator[Any]:
        """The items of the array that begins here, each built."""
        for _key in self._inside("[", "]", keys=False):
            yield self.value()

    def value(self) -> Any:
        """What begins here, built. Refused above 8 million characters."""
        self.peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._place)
            except RecursionError as error:
                raise self._broken() from error
            except ValueError as error:
                if len(self._buffer) - self._place > _LARGEST or not self._more(len(self._buffer)):
                    raise self._broken() from error
                continue
            if end == len(self._buffer) and self._more():  # a number may go on
                continue
            self._place = end
            return value

    def skip(self) -> None:
        """Go past what begins here, however large it is."""
        depth = 0
        while True:
            char = self.peek()
            if char == "":
                raise self._broken()
            if char == '"':
                self._skip_string()
            elif char in "{[":
                depth += 1
                self._place += 1
            elif char in "}]":
                depth -= 1
                self._place += 1
            else:
                self._to(_MARK if depth else _SCALAR_END)
            if depth <= 0:
                return

    def _inside(self, opening: str, closing: str, *, keys: bool) -> Iterator[str]:
        if self.peek() != opening:
            raise self._broken()
        self._place += 1
        if self.peek() == closing:
            self._place += 1
            return
        while True:
            key = self._key() if keys else ""
            before = self._passed + self._place
            yield key
            if self._passed + self._place == before:
                self.skip()
            separator = self.peek()
            if separator not in (",", closing):
                raise self._broken()
            self._place += 1
            if separator == closing:
                return

    def _key(self) -> str:
        if self.peek() != '"':
            raise self._broken()
        key = self.value()
        if self.peek() != ":":
            raise self._broken()
        self._place += 1
        self.peek()
        return str(key)

    def _skip_string(self) -> None:
        self._place += 1
        while True:
            self._to(_IN_STRING)
            if self._place >= len(self._buffer):
                raise self._broken()
            escaped = self._buffer[self._place] == "\\"
            self._place += 2 if escaped else 1
            if not escaped:
                return

    def _to(self, mark: re.Pattern[str]) -> None:
        """To the next mark, or the end of the text."""
        while True:
            found = mark.search(self._buffer, self._place)
            if found:
                self._place = found.start()
                return
            self._place = max(self._place, len(self._buffer))
            if not self._more():
                return

    def _more(self, size: int = 0) -> bool:
        """Read on, dropping what is behind. False at the end."""
        piece = "" if self._over else self._text.read(max(_PIECE, size))
        if not piece:
            self._over = True
            return False
        behind = min(self._place, len(self._buffer))
        self._buffer = self._buffer[behind:] + piece
        self._place -= behind
        self._passed += behind
        return True

    def _broken(self) -> BadInput:
        if self._over_soon():
            hint = N_("It was not copied completely: export or copy it again.")
            return BadInput("the JSON ends in the middle", where=self._name, hint=hint)
        place = self._passed + self._place
        hint = N_("Export it again; an editor may have changed it.")
        return BadInput("the JSON is damaged after {place} characters", where=self._name, hint=hint, place=place)

    def _over_soon(self) -> bool:
        """Whether nothing is left, or one value without its end."""
        rest = self._buffer[self._place :].strip()
        if not self._over or not rest:
            return self._over
        try:
            self._decoder.raw_decode(rest)
        except json.JSONDecodeError as error:
            return error.pos >= len(rest) or error.msg.startswith("Unterminated")
        except (ValueError, RecursionError):
            return False
        return False
