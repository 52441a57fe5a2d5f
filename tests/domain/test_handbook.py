"""The handbook says everything the sources hold, in both languages, and each room has its page."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from qunguan.domain import handbook
from qunguan.domain.actions import nouns
from qunguan.domain.rules import presets
from qunguan.domain.sources import title
from tests.conftest import FIXTURES

ITEMS = (FIXTURES / "source_ids.txt").read_text(encoding="utf-8").split()
CODES = re.compile(r"\b(?:S[0-4]-\d\d|C\d\d)\b")
PRESETS = Path(handbook.__file__).parents[1] / "presets"


def carriers(tongue: str) -> dict[str, set[str]]:
    """What carries each item: pages that a room opens, rules, presets."""
    found: dict[str, set[str]] = {item: set() for item in ITEMS}
    rooms = {noun for noun, _name in nouns()}
    for page in handbook.pages(tongue):
        for code in page.sources if rooms & set(page.rooms) else ():
            found.setdefault(code, set()).add(f"page {page.key}")
    for rule in presets().values():
        for code in CODES.findall(rule.source):
            found.setdefault(code, set()).add(f"rule {rule.id}")
    for path in PRESETS.glob("*.toml"):
        if path.name not in ("handbook.toml", "sources.toml", "rules.toml"):  # what a code says carries nothing
            for code in CODES.findall(path.read_text(encoding="utf-8")):
                found.setdefault(code, set()).add(path.name)
    return found


@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_every_item_of_the_sources_is_carried_or_is_noise(tongue):
    assert len(ITEMS) == len(set(ITEMS)) == 225
    carried = carriers(tongue)
    noise = handbook.noise()
    assert carried.keys() == set(ITEMS), "a code nobody knows"
    assert [item for item in ITEMS if not carried[item] and item not in noise] == []
    assert [item for item in ITEMS if carried[item] and item in noise] == []
    assert all(noise.values())
    told = {code for page in handbook.pages(tongue) for code in page.sources}
    assert [item for item in ITEMS if item not in told | noise.keys()] == []  # `?` or a search finds each


@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_an_item_that_is_taken_out_is_missed(tongue, monkeypatch):
    whole = handbook.pages(tongue)
    held_once = [item for item, by in carriers(tongue).items() if len(by) == 1 and all("page" in one for one in by)]
    assert len(held_once) > 20
    for item in held_once[:5]:
        left = tuple(
            replace(page, paragraphs=tuple(each for each in page.paragraphs if item not in each.sources))
            for page in whole
        )
        monkeypatch.setattr(handbook, "pages", lambda _tongue, left=left: left)
        assert not carriers(tongue)[item]


def test_what_rules_and_presets_rest_on_the_handbook_explains():
    texts = "".join(path.read_text(encoding="utf-8") for path in PRESETS.glob("*.toml") if path.name != "handbook.toml")
    cited = set(CODES.findall(texts))
    assert len(cited) > 100
    assert cited - set(ITEMS) == set()
    explained = {code for page in handbook.pages("zh") for code in page.sources}
    assert cited - explained - handbook.noise().keys() == set()


def test_both_languages_have_the_same_pages_with_the_same_sources():
    chinese, english = handbook.pages("zh"), handbook.pages("en")
    assert [(page.key, page.rooms) for page in chinese] == [(page.key, page.rooms) for page in english]
    for one, other in zip(chinese, english, strict=True):
        assert [each.sources for each in one.paragraphs] == [each.sources for each in other.paragraphs]
        assert not re.search(r"[一-鿿]{6}", "".join(each.text for each in other.paragraphs))


def test_every_page_belongs_to_rooms_that_are_there():
    rooms = {noun for noun, _name in nouns()}
    table = tomllib.loads((PRESETS / "handbook.toml").read_text(encoding="utf-8"))["rooms"]
    assert table.keys() == {page.key for page in handbook.pages("zh")}
    for page in handbook.pages("zh"):
        assert set(page.rooms) <= rooms, page.key
        assert page.paragraphs


def test_every_room_has_its_page():
    told = {room for page in handbook.pages("zh") for room in page.rooms}
    assert [noun for noun, _name in nouns() if noun not in told] == ["handbook"]


def test_a_word_a_name_or_a_code_finds_its_page():
    assert [page.key for page in handbook.found("alerts")] == ["alerts"]
    assert "alerts" in [page.key for page in handbook.found("s4-30")]
    assert len(handbook.found("")) == len(handbook.pages())
    assert handbook.found("没有这样的词") == ()
    assert title("S4-30") != "S4-30"
