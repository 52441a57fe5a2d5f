"""Where rules come from, in an owner's words: the codes such as S0-17 stand for sentences (docs/references.md)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from qunguan.i18n import _
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "sources.toml"
_WORDS = re.compile(r"[a-z]")
_CHAPTER = re.compile(r"(?:semantics|formats|quality|field)\b")
_FAMILY = re.compile(r"[A-Za-z]+?(?=[\d ]|$)")


def codes(source: str) -> list[str]:
    """The codes in "S0-17, S1-08; own choice"."""
    return [code.strip() for code in source.replace(";", ",").split(",") if code.strip()]


def title(code: str) -> str:
    """What one code says: its own sentence, else what it belongs to, else itself."""
    table = _table()
    family = _FAMILY.match(code)
    known = table["code"].get(code) or table["family"].get(family.group() if family else "")
    return _(known["title"]) if known else code


def spoken(source: str) -> str:
    """What "S0-17, S1-08" says, its codes left out."""
    return "；".join(dict.fromkeys(map(title, codes(source))))


@frozen
class Brief:
    """Codes where there is little room: S0-17 as it is, "own choice" said in the language in force, a chapter of
    how numbers are meant only where nothing else is cited.
    """

    source: str

    def __str__(self) -> str:
        told = codes(self.source)
        short = [code for code in told if not _CHAPTER.match(code)] or told
        return ", ".join(dict.fromkeys(title(code) if _WORDS.match(code) else code for code in short))


def numbered(source: str) -> str:
    """The codes that are numbers of the rule book: S0-17、S1-08; the chapters of our own notes say an owner nothing."""
    return _(", ").join(code for code in codes(source) if not _WORDS.match(code))


def cited(source: str) -> list[str]:
    """Each code with what it says and what it belongs to: 每天签到，连续七天给积分（五份社群资料 S0-17）."""
    return list(dict.fromkeys(map(_cited, codes(source))))


def _cited(code: str) -> str:
    family = _FAMILY.match(code)
    known = _table()["family"].get(family.group() if family else "")
    if known is None:
        return title(code)
    whose = _(known["title"])
    origin = whose if _WORDS.match(code) else f"{whose} {code}"
    said = title(code)
    return origin if said == whose else _("{title} ({family})", title=said, family=origin)


@cache
def _table() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(_PRESET.read_text(encoding="utf-8"))
