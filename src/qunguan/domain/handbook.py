"""The handbook: how a community is run, a page for each subject, each paragraph with the sources it carries.

The words are in presets/handbook.zh.md and handbook.en.md; which rooms a page belongs to, in handbook.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from qunguan.domain.sources import cited
from qunguan.domain.text import match_key
from qunguan.i18n import language
from qunguan.values import frozen

_PRESETS = Path(__file__).parents[1] / "presets"
_HEADING = re.compile(r"# (?P<title>.+) \{(?P<key>\w+)\}")
_SOURCES = re.compile(r" \((?P<codes>[SC][\w-]+(?:, [SC][\w-]+)*)\)$")


@frozen
class Paragraph:
    """A few sentences, and the codes of what they carry ("S0-17", "C18")."""

    text: str
    sources: tuple[str, ...] = ()


@frozen
class Page:
    """A subject: `key` names it in both languages, `rooms` are the nouns of the rooms it belongs to."""

    key: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    rooms: tuple[str, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """The codes of all paragraphs, in their order."""
        return tuple(dict.fromkeys(code for paragraph in self.paragraphs for code in paragraph.sources))


def pages(tongue: str = "") -> tuple[Page, ...]:
    """Every page in the order of the handbook, in `tongue` ("zh" or "en"), by default the language in force."""
    return _pages(tongue or language())


def of_room(noun: str) -> tuple[Page, ...]:
    """The pages that belong to a room."""
    return tuple(page for page in pages() if noun in page.rooms)


def found(words: str) -> tuple[Page, ...]:
    """The pages that are called so, else those that have every one of these words, or cite this code; all for none.

    Those with the words in one paragraph come first.
    """
    named = tuple(page for page in pages() if words.strip() in (page.key, page.title))
    having = (page for page in pages() if all(word in _searched(page) for word in _keys(words)))
    return named or tuple(sorted(having, key=lambda page: not hits(page, words)))


def hits(page: Page, words: str) -> tuple[Paragraph, ...]:
    """The paragraphs that have every one of these words, in their own or in what they rest on; none for no words."""
    wanted = _keys(words)
    return tuple(one for one in page.paragraphs if wanted and all(word in _said(one) for word in wanted))


def excerpt(page: Page, words: str, length: int) -> str:
    """Of the first hit so many characters around the first of the words; "" without a hit."""
    for one in hits(page, words):
        text = next(each for each in (one.text, *cited(", ".join(one.sources))) if _keys(words)[0] in match_key(each))
        at = max(text.casefold().find(words.split()[0].casefold()), 0)
        begin = max(0, min(at - length // 3, len(text) - length))
        part = " ".join(text[begin : begin + length].split())
        return ("…" if begin else "") + part + ("…" if begin + length < len(text) else "")
    return ""


def noise() -> Mapping[str, str]:
    """The items of the sources that nothing carries, by code, and why."""
    return {code: str(why) for code, why in _table()["noise"].items()}


def _keys(words: str) -> list[str]:
    return [match_key(word) for word in words.split()]


@cache
def _searched(page: Page) -> str:
    return match_key("\n".join([page.key, page.title])) + "".join(map(_said, page.paragraphs))


def _said(paragraph: Paragraph) -> str:
    return match_key("\n".join([paragraph.text, *cited(", ".join(paragraph.sources)), *paragraph.sources]))


@cache
def _pages(tongue: str) -> tuple[Page, ...]:
    made: list[Page] = []
    rooms = _table()["rooms"]
    for block in (_PRESETS / f"handbook.{tongue}.md").read_text(encoding="utf-8").split("\n\n"):
        if heading := _HEADING.fullmatch(block.strip()):
            made.append(Page(heading["key"], heading["title"], (), tuple(rooms[heading["key"]])))
        else:
            page = made[-1]
            made[-1] = Page(page.key, page.title, (*page.paragraphs, _paragraph(block.strip())), page.rooms)
    return tuple(made)


def _paragraph(text: str) -> Paragraph:
    cited = _SOURCES.search(text)
    return Paragraph(text[: cited.start()], tuple(cited["codes"].split(", "))) if cited else Paragraph(text)


@cache
def _table() -> dict[str, dict[str, Any]]:
    return tomllib.loads((_PRESETS / "handbook.toml").read_text(encoding="utf-8"))
