"""Levels in the owner's words: what is written is read back as it was, and what is typed is understood."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain.errors import BadInput
from qunguan.domain.level_files import presets
from qunguan.domain.level_terms import METRICS, WINDOWED, Condition, Level
from qunguan.domain.level_words import WORDS, terms_typed, ways_said, written
from qunguan.domain.text import match_key
from qunguan.i18n import set_language

NAMES = st.text("银卡金 =≥>＝VIPor或且and12/、", min_size=1, max_size=8).map(str.strip).filter(bool)


@pytest.fixture(params=["zh", "en"])
def tongue(request):
    set_language(request.param)
    yield request.param
    set_language(None)


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    metric = draw(st.sampled_from(METRICS))
    days = draw(st.none() | st.integers(1, 3660)) if metric in WINDOWED else None
    return Condition(metric, draw(st.integers(1, 10**11)), days)


@st.composite
def ladders(draw: st.DrawFn) -> tuple[Level, ...]:
    ways = st.lists(st.lists(conditions(), min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(tuple)
    base, *above = draw(st.lists(NAMES, min_size=2, max_size=4, unique_by=match_key))
    return (Level(base), *(Level(name, draw(ways)) for name in above))


def typed(*lines: str) -> tuple[Level, ...]:
    return terms_typed(lines, hold_days=365, low_water_pct=80, policy="one_down", strict=True).levels


@settings(max_examples=60)
@given(ladders())
@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_what_is_written_is_read_back(tongue: str, levels: tuple[Level, ...]):
    set_language(tongue)
    try:
        lines = [written(level) for level in levels]
    finally:
        set_language(None)
    assert typed(*lines) == levels


@pytest.mark.usefixtures("tongue")
def test_the_presets_are_read_back():
    for draft in presets().values():
        terms = draft.terms
        again = terms_typed(
            map(written, terms.levels),
            hold_days=terms.hold_days,
            low_water_pct=terms.low_water_pct,
            policy=terms.policy,
            strict=terms.strict,
        )
        assert again == terms


SILVER = ((Condition("spend", 100_000, 365),), (Condition("orders", 6),))


@pytest.mark.parametrize(
    "line",
    [
        "银卡 = 消费≥1000/365天 或 订单≥6",
        "银卡=消费>=1000/365 or orders>=6",
        "银卡＝消费＞＝１０００／３６５天 或者 订单满6单",
        "银卡 = 消费满1,000元/365日 或 下单达到6单",
        "银卡 = 消费≥0.1万/365天 | 订单≥6",
        "银卡 = SPEND>=1000.00/365 days OR Orders ≥ 6",
    ],
)
def test_it_is_understood_as_owners_type_it(line: str):
    assert typed("普通", line)[1] == Level("银卡", SILVER)


def test_and_binds_before_or():
    [_, silver] = typed("普通", "银卡 = 消费≥10 且 订单≥2 或 最长连续≥21天")
    assert silver.any_of == ((Condition("spend", 1000), Condition("orders", 2)), (Condition("best_streak", 21),))


def test_empty_lines_are_left_out_and_every_word_is_known():
    words = [word for tongues in WORDS.values() for told in tongues.values() for word in told]
    for word in words:
        assert typed("普通", "", f"高 = {word}≥3", "  ")[1].any_of[0][0].at_least in (3, 300)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("银卡 = 消费>1000", "消费>1000"),
        ("银卡 = 消费≥1000 或", "—"),
        ("银卡 = 颜值≥9", "颜值"),
        ("银卡 = 连续≥7/30天", "连续"),
        ("银卡 = 订单≥1.5", "1.5"),
        ("银卡 = 消费≥0.001", "0.001"),
        ("银卡 = 订单≥0", "0"),
        ("银卡 = 订单≥" + "9" * 300, "9"),
        ("银卡 =", "levels[2]"),
        ("银卡", "levels[2]"),
        ("= 订单≥6", "levels[2]"),
        ("普通 = 订单≥6", "普通"),
        ("银卡 = (消费≥1 或 订单≥1) 且 打卡≥1", "第 2 级"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(line: str, told: str):
    with pytest.raises(BadInput) as caught:
        typed("普通", line)
    assert told in str(caught.value)


def test_the_words_of_a_level(tongue: str):
    silver = typed("普通", "银卡 = 消费≥1000/365天 且 订单≥6")[1]
    assert (
        ways_said(silver)
        == {
            "zh": "近 365 天消费 1000 元，并且累计 6 单",
            "en": "1000 yuan spent in 365 days and 6 orders ever",
        }[tongue]
    )
