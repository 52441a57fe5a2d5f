"""What feedback is about: the shipped categories, how urgent each is, and which ready texts answer it first."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from qunguan.domain.feedback import Kind, Severity, word
from qunguan.domain.text import match_key
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "feedback.toml"


@frozen
class Category:
    """A category: what it is called, of which kinds it is, how urgent (S4-21), the names of the ready texts to answer
    with, the best one first, and where it comes from.
    """

    id: str
    name: str
    kinds: tuple[Kind, ...]
    severity: Severity
    scripts: tuple[str, ...]
    source: str


@cache
def categories() -> Mapping[str, Category]:
    """Every shipped category by id, in the order of the file."""
    return {
        category_id: Category(category_id, each["name"], tuple(each["kinds"]), each["severity"],
                              tuple(each["scripts"]), each["source"])
        for category_id, each in _preset()["category"].items()
    }  # fmt: skip


def typed(text: str) -> str:
    """A category as it is stored: the id of a shipped one that is meant by it, else the word itself; "" for none."""
    wanted = match_key(text)
    for each in categories().values():
        if wanted and wanted in (match_key(each.id), match_key(each.name)):
            return each.id
    return word(text)


def named(category: str) -> str:
    """What a stored category is called."""
    return categories()[category].name if category in categories() else category


def severity_of(category: str) -> Severity:
    """How urgent a category is."""
    return categories()[category].severity if category in categories() else "normal"


def scripts_for(kind: Kind, category: str) -> tuple[str, ...]:
    """The names of the ready texts to answer with: those of the category, then those of the kind."""
    own = categories()[category].scripts if category in categories() else ()
    return tuple(dict.fromkeys((*own, *_preset()["kind"][kind]["scripts"])))


@cache
def _preset() -> Mapping[str, Mapping[str, dict[str, Any]]]:
    return tomllib.loads(_PRESET.read_text(encoding="utf-8"))
