"""Tags as people write them in one cell: 老带新、团购, and 学员等级:VIP for one with a group of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable

_TAG_BREAK = re.compile(r"[、，,;；|\n]+")
_TAG_GROUP = re.compile(r"[:：]")


def split_tags(text: str, group: str = "") -> tuple[tuple[str, str], ...]:
    """`老带新、团购` → (group, name) pairs in order, each once; `学员等级:VIP` names its own group."""
    found: dict[tuple[str, str], None] = {}
    for part in _TAG_BREAK.split(text):
        own, *rest = (piece.strip() for piece in _TAG_GROUP.split(part, maxsplit=1))
        tag = (own, rest[0]) if rest and own and rest[0] and not group else (group, part.strip())
        if tag[1]:
            found[tag] = None
    return tuple(found)


def join_tags(tags: Iterable[tuple[str, str]]) -> str:
    """The text `split_tags` reads back."""
    return "、".join(f"{group}:{name}" if group else name for group, name in tags)
