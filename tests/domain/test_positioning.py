"""Profiles of groups: kinds as they are typed, what a card lacks, sizes, platforms, and the ladder of violations."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain import business, goals, sops
from qunguan.domain.content import column_presets, mix_presets
from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.groups import PLATFORMS, Capacity
from qunguan.domain.positioning import (
    KINDS,
    Card,
    advice,
    checked_card,
    kinds_said,
    kinds_typed,
    meter,
    platforms,
    too_many,
    welcome_text,
)
from qunguan.domain.positioning_house import Ladder, Step, Violation, checked_rule, next_step
from qunguan.domain.rules import checked, preset

DAY = date(2026, 3, 20)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("兴趣+产品", ("interest", "product")), ("知识型", ("knowledge",)), ("资源群、产品", ("resource", "product")),
        ("interest, Product", ("interest", "product")), ("产品 产品", ("product",)), ("", ()),
    ],
)  # fmt: skip
def test_kinds_are_understood_as_people_write_them(text, kinds):
    assert kinds_typed(text) == kinds


def test_a_kind_nobody_knows_is_refused_with_those_there_are():
    with pytest.raises(BadInput, match="吃瓜"):
        kinds_typed("兴趣+吃瓜")
    with pytest.raises(BadInput):
        checked_card(Card(1, ("gossip",)))  # type: ignore[arg-type]


@given(st.lists(st.sampled_from(list(KINDS))))
def test_what_is_said_of_kinds_is_understood_again(kinds):
    once = tuple(dict.fromkeys(kinds))
    assert kinds_typed(kinds_said(once)) == once


def test_a_card_is_cleaned_and_its_kinds_stand_in_order():
    made = checked_card(
        Card(1, ("product", "interest", "product"), persona="25–35 岁\x1b[31m白领", welcome="一\r\n\n\n\n二")
    )
    assert made.kinds == ("interest", "product")
    assert "\x1b" not in made.persona
    assert made.welcome == "一\n\n二"


def test_advice_goes_with_what_is_missing():
    assert [each.source for each in advice(Card(1))] == ["S3-02", "S3-02", "S3-02, S3-03", "S2-20", "S0-26"]
    whole = Card(1, ("interest",), "25–35 岁白领", "教学和食谱", "线上课", "欢迎来{group}")
    assert advice(whole) == ()
    assert welcome_text(whole, "瑜伽群") == "欢迎来瑜伽群"
    assert [each.source for each in advice(Card(1, ("product",), "谁", "什么", "", "欢迎"))] == ["S2-21"]


def test_every_platform_of_groups_has_its_guide_and_steps_rise():
    assert set(platforms()) == set(PLATFORMS)
    for each in platforms().values():
        sizes = [step.people for step in each.steps]
        assert each.suits
        assert sizes == sorted(sizes)


@pytest.mark.parametrize(
    ("present", "passed", "ahead"), [(0, None, 40), (39, None, 40), (40, 40, 100), (260, 200, 500), (500, 500, None)]
)
def test_sizes_at_which_something_changes(present, passed, ahead):
    found = meter(platforms()["wechat"], Capacity(present, 300, 500), present, 10004)
    assert (found.passed and found.passed.people, found.ahead and found.ahead.people) == (passed, ahead)
    assert (found.friends, found.friend_cap) == (present, 10004)
    elsewhere = meter(platforms()["zsxq"], Capacity(present, 300, 500), present, 10004)
    assert (elsewhere.passed, elsewhere.ahead, elsewhere.friends, elsewhere.friend_cap) == (None, None, None, None)


def test_more_than_two_platforms_are_warned_of():
    assert too_many(["wechat", "qq", "wechat"], 2) is None
    found = too_many(["wechat", "qq", "zsxq"], 2)
    assert found is not None
    assert (found.source, "QQ" in str(found.reason)) == ("S3-06", True)
    assert too_many(["wechat", "qq", "zsxq"], None) is None


def _broken(day: date, step: Step = "warning") -> Violation:
    return Violation(1, 1, 1, "小满", step, day)


def test_a_warning_comes_before_a_removal_and_wears_off():
    ladder = Ladder(1, 90)
    assert next_step([], DAY, ladder).step == "warning"
    assert next_step([_broken(DAY)], DAY, ladder).step == "removal"
    assert next_step([_broken(DAY - timedelta(days=89))], DAY, ladder).step == "removal"
    assert next_step([_broken(DAY - timedelta(days=90))], DAY, ladder).step == "warning"
    assert next_step([_broken(DAY + timedelta(days=1))], DAY, ladder).step == "warning"
    assert next_step([_broken(DAY, "removal")], DAY, ladder).step == "warning"
    assert next_step([], DAY, Ladder(0, 90)).step == "removal"
    assert "1" in str(next_step([_broken(DAY)], DAY, ladder).why)


@settings(max_examples=60)
@given(st.lists(st.integers(0, 200), max_size=6), st.integers(0, 4), st.integers(1, 120))
def test_the_ladder_by_counting(ages, warnings, days):
    earlier = [_broken(DAY - timedelta(days=age)) for age in ages]
    expected = "removal" if sum(age < days for age in ages) >= warnings else "warning"
    assert next_step(earlier, DAY, Ladder(warnings, days)).step == expected


def test_a_rule_is_one_line_with_words():
    assert checked_rule(" 不发广告\n 不拉人 ") == "不发广告 不拉人"
    for text in ("", " \n ", "\u200b\u200b"):
        with pytest.raises(BadInput):
            checked_rule(text)


def test_every_business_preset_names_what_there_is():
    trades = [each.name for each in business.presets().values() if each.of == "trade"]
    assert trades == ["电商", "知识付费", "本地生活", "品牌", "教育", "美妆", "餐饮", "服务"]
    assert sum(each.of == "owner" for each in business.presets().values()) == 5
    for each in business.presets().values():
        assert set(each.sops) <= sops.presets().keys()
        assert set(each.columns) <= column_presets().keys()
        assert set(each.goals) <= goals.presets().keys()
        assert each.rules.get(business.MIX, "60/30/10") in mix_presets()
        assert set(each.kinds) <= KINDS.keys()
        assert "{group}" in each.welcome or each.of == "owner"
        assert [checked_rule(text) for text in each.house] == list(each.house)
        for rule_id, value in each.rules.items():
            assert checked(preset(rule_id), value) == value


def test_a_business_is_found_by_name_or_id():
    assert business.preset("电商").id == business.preset("Ecommerce").id == "ecommerce"
    with pytest.raises(NotFound, match="ecommerce"):
        business.preset("挖矿")
