"""How ordinary a Chinese text looks: a wrong reading of bytes gives rare characters."""

from __future__ import annotations

import re

_FOREIGN_RUN = re.compile("[^\x00-\x7f]+")


def everyday(text: str) -> float:
    """Share of the foreign characters of `text` in everyday use (GB 2312 level 1, punctuation, kana, and emoji)."""
    foreign = "".join(_FOREIGN_RUN.findall(text))
    return sum(map(_is_everyday, foreign)) / len(foreign) if foreign else 1.0


def _is_everyday(ch: str) -> bool:
    if ord(ch) >= 0x10000:  # four bytes in gb18030, never met by chance
        return True
    try:
        code = ch.encode("gb2312")
    except UnicodeEncodeError:
        return 0x2000 <= ord(ch) < 0x2C00 or ch == "\ufe0f"  # punctuation, arrows, symbols
    return code[0] in range(0xA1, 0xA6) or 0xB0 <= code[0] <= 0xD7
