"""What the app itself says about members: who joined and by whom, who left, who took a message back (formats 10).

The grammar is presets/system_lines.toml.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from qunguan.domain.activity import EventKind, Speaker
from qunguan.values import frozen

SELF = Speaker("self", "我")
"""Whoever made the export, where the file only says 我, 你 or you."""

_PRESET = Path(__file__).parents[2] / "presets" / "system_lines.toml"
_MARKUP = re.compile(r"<!\[CDATA\[|\]\]>|<[a-zA-Z/][^<>]*>")
_STRAIGHT = str.maketrans("“”", '""')
_LONGEST = 2_000  # characters; what the app says is short, and the patterns must not meet a whole article
_YOU = ("你", "you", "your")


@frozen
class Told:
    """One event of a line: about whom, and who invited them."""

    kind: EventKind
    who: Speaker | None = None
    inviter: Speaker | None = None


@frozen
class _Line:
    kind: EventKind
    pattern: re.Pattern[str]
    several: bool


@cache
def _grammar() -> tuple[_Line, ...]:
    table = tomllib.loads(_PRESET.read_text(encoding="utf-8"))
    return tuple(
        _Line(line["kind"], re.compile(line["pattern"], re.DOTALL), line.get("several", False))
        for line in table["line"]
    )


def understand(text: str) -> tuple[Told, ...]:
    """The events a system line tells, one for each person; a line of no known shape is one plain `system` event.

    Names joined by 、 are taken apart: a nickname that holds one cannot be told from two members.
    """
    line = _MARKUP.sub("", text[:_LONGEST]).translate(_STRAIGHT).strip()
    for rule in _grammar():
        found = rule.pattern.fullmatch(line)
        if found:
            return _told(rule, found.groupdict())
    return (Told("system"),)


def _told(rule: _Line, groups: dict[str, str | None]) -> tuple[Told, ...]:
    inviter = groups.get("inviter")
    names = groups.get("who") or ""
    people = [SELF] if groups.get("you") else []
    people += [_person(name) for name in (names.split("、") if rule.several else [names]) if name.strip(' "')]
    by = None if inviter is None else _person(inviter)
    return tuple(Told(rule.kind, who, by) for who in people)


def _person(name: str) -> Speaker:
    name = name.strip()
    return SELF if name.casefold() in _YOU else Speaker("name", name, name)
