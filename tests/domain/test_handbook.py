"""The handbook says everything the sources hold, in both languages, and each room has its page."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from qunguan.domain import handbook
from qunguan.domain.actions import nouns
from qunguan.domain.sources import title
from tests.conftest import FIXTURES

ITEMS = (FIXTURES / "source_ids.txt").read_text(encoding="utf-8").split()
PRESETS = Path(handbook.__file__).parents[1] / "presets"


@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_every_item_of_the_sources_is_carried_or_is_noise(tongue):
    carried = {code for page in handbook.pages(tongue) for code in page.sources}
    assert len(ITEMS) == 225
    assert [item for item in ITEMS if item not in carried | handbook.noise().keys()] == []
    assert carried & handbook.noise().keys() == set()
    assert all(why for why in handbook.noise().values())
    assert carried - set(ITEMS) == set()


def test_what_rules_and_presets_rest_on_the_handbook_explains():
    texts = "".join(path.read_text(encoding="utf-8") for path in PRESETS.glob("*.toml") if path.name != "handbook.toml")
    cited = set(re.findall(r"\b(?:S[0-4]-\d\d|C\d\d)\b", texts))
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


def test_a_word_a_name_or_a_code_finds_its_page():
    assert [page.key for page in handbook.found("alerts")] == ["alerts"]
    assert "alerts" in [page.key for page in handbook.found("s4-30")]
    assert len(handbook.found("")) == len(handbook.pages())
    assert handbook.found("没有这样的词") == ()
    assert title("S4-30") != "S4-30"
