"""Rules are said as people read them."""

from __future__ import annotations

import pytest

from qunguan.domain.rule_words import rule_line, rule_value
from qunguan.domain.rules import RuleState, preset, presets
from qunguan.i18n import set_language


@pytest.fixture(autouse=True)
def chinese():
    set_language("zh")
    yield
    set_language(None)


def test_every_value_of_every_choice_is_said_in_words():
    said = {(rule.id, value): rule_value(rule, value) for rule in presets().values() for value in rule.choices}
    assert said
    assert not [key for key, words in said.items() if words.isascii()]


@pytest.mark.parametrize(
    ("rule", "value", "words"),
    [
        ("order.freight", "out", "不算"),
        ("board.quiet", "on", "开"),
        ("checkin.makeup_days", 3, "3 天"),
        ("checkin.streak_tiers", {7: 20, 21: 60}, "7 天 20 分、21 天 60 分"),
        ("group.capacity_hard", 500, "500"),
        ("level.low_water_pct", 90, "90 %"),
    ],
)
def test_a_value_carries_its_unit(rule, value, words):
    assert rule_value(preset(rule), value) == words


def test_a_rule_on_one_line_has_its_value_its_source_and_that_it_is_off():
    rule = preset("deal.fee_pct")
    assert rule_line(RuleState(rule, 3, enabled=True, changed=True)).endswith("：3 %（S3-35）")
    assert rule_line(RuleState(rule, 3, enabled=False, changed=False)).endswith("：3 %（已关）（S3-35）")
