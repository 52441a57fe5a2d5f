"""What a spreadsheet runs: the readers take our guard off such a text, the writers put it on (quality 2.2.9)."""

from __future__ import annotations

TRIGGERS = "=+-@\t\r\n\0|%＝＋－＠"
"""Characters that make a spreadsheet run a cell that begins with one."""


def is_trigger(text: str) -> bool:
    """Whether a spreadsheet could take `text` for a formula or a command: its first mark, past blanks and `'`."""
    bare = text.lstrip(" '\u3000\xa0")
    return bare[:1] in TRIGGERS and bare != ""
