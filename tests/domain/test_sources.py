"""Where a rule comes from is said in words an owner knows."""

from __future__ import annotations

import tomllib

import pytest

from qunguan.domain import sources
from qunguan.i18n import set_language
from tests.conftest import FIXTURES


@pytest.fixture(autouse=True)
def chinese():
    set_language("zh")
    yield
    set_language(None)


def test_a_code_is_told_by_its_own_sentence_and_where_it_stands():
    assert sources.spoken("S4-05") == "一个群最多 500 人"
    assert sources.cited("S0-17, semantics 3.2") == [
        "每天签到，连续七天给积分（五份社群资料 S0-17）",
        "打卡、连续、补卡、冻结怎么算（社群打卡的算法约定）",
    ]


def test_a_code_without_a_sentence_is_told_by_its_family_and_an_unknown_one_stays():
    assert sources.spoken("S3-99, S2-98") == "五份社群资料"
    assert sources.spoken("semantics 9.9") == "社群打卡的算法约定"
    assert (sources.spoken("别处"), sources.cited("别处"), sources.cited("")) == ("别处", ["别处"], [])
    assert sources.cited("S3-99, semantics 9.9") == ["五份社群资料 S3-99", "社群打卡的算法约定"]


def test_only_numbers_of_the_rule_book_are_shown_as_codes():
    assert sources.numbered("S0-17, semantics 3.2; C14, own choice") == "S0-17、C14"
    assert sources.numbered("own choice, semantics 3.2") == ""


@pytest.mark.parametrize("name", ["rules", "growth", "challenges", "levels", "badges", "bonus_days"])
def test_every_source_of_a_preset_has_a_sentence_of_its_own(name):
    shipped = _preset(name)
    entries = (
        [each for noun in shipped.values() for each in noun.values()]
        if name in ("rules", "growth")
        else shipped.values()
    )
    texts = [entry.get(field, "") for entry in entries for field in ("source", "numbers")]
    assert {code for text in texts for code in sources.codes(text)} <= _preset("sources")["code"].keys()


def _preset(name):
    return tomllib.loads((FIXTURES.parents[1] / f"src/qunguan/presets/{name}.toml").read_text(encoding="utf-8"))
