"""Where a line of text ends: between any two Hanzi, words kept whole, no stop at a line's start, no bracket at its end.

Textual wraps at blanks only: it moves a whole run of Hanzi to the next line, leaves half of this one empty, and cuts a
long run wherever the width ends. It asks one function for the places, so that is where all our texts are wrapped.
"""

from __future__ import annotations

from rich.cells import cell_len, chop_cells
from textual import content

from qunguan.late import pattern

_HANZI = (
    "\u2e80-\u2fdf\u3003-\u3007\u3021-\u318f\u31a0-\u9fff\uf900-\ufaff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
    "\U00020000-\U0003ffff"
)
_OPENING = "（「『《〈【〔〖“［｛"
_CLOSING = "，。、；：！？）」』》〉】〕〗”］｝…％"
_ASCII_CLOSING = ",.;:!?)%}\\]"
_SELECTORS = "\u0300-\u036f\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef"

# What stays together: a Hanzi or a word, the brackets that open before it, the stops and brackets behind it, blanks.
_TOKEN = pattern(
    rf"\s*[{_OPENING}]*(?:[{_HANZI}][{_SELECTORS}]*|[^\s{_HANZI}{_OPENING}{_CLOSING}]+)?[{_CLOSING}{_ASCII_CLOSING}]*\s*"
)
_by_words = content.divide_line  # type: ignore[attr-defined]


def breaks(text: str, width: int, fold: bool = True) -> list[int]:
    """The places in `text` (one line) where a new line of at most `width` cells begins, as Textual asks for them.

    A word longer than a line is cut when `fold`, and left as it is otherwise.
    """
    if text.isascii():
        return _by_words(text, width, fold)
    if cell_len(text) <= width:
        return []
    found: list[int] = []
    at, room = 0, width
    for token in _TOKEN().findall(text):
        size = cell_len(token.rstrip())
        if size > room and room < width:
            found.append(at)
            room = width
        pieces = chop_cells(token, width) if fold and size > width else [token]
        for piece in pieces[:-1]:
            at += len(piece)
            found.append(at)
        if pieces:
            at += len(pieces[-1])
            room = width - cell_len(pieces[-1]) if len(pieces) > 1 else room - cell_len(token)
    return found


def install() -> None:
    """Wrap everything that is drawn so."""
    content.divide_line = breaks  # type: ignore[attr-defined]
