"""Conditions: written and read back in both languages, what they come to, and what is unknown."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain.condition_reader import age_window, condition_typed
from qunguan.domain.condition_words import NUMBERS, written
from qunguan.domain.conditions import (
    AGES,
    DATED,
    KNOWABLE,
    MOST_DAYS,
    NEVER,
    SPOKEN,
    WINDOWED,
    AtLeast,
    Both,
    Column,
    Condition,
    Either,
    Fact,
    Growth,
    Holds,
    Kind,
    Measure,
    Named,
    Not,
    Op,
    Rank,
    Value,
    evaluate,
    explain,
    facts_of,
    leaf_facts,
    leaves,
    truths,
    whole_months,
)
from qunguan.domain.errors import BadInput

_OPS: st.SearchStrategy[Op] = st.sampled_from([">=", ">", "<", "<=", "="])
_DAYS = st.integers(1, MOST_DAYS)
_WORD = (
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.just(" "), min_size=1, max_size=8)
    .map(str.strip)
    .filter(lambda word: bool(word) and word == condition_text(word))
)


def condition_text(word: str) -> str:
    """The word as it may be stored."""
    from qunguan.domain.text import clean

    return clean(word, 2000)


@st.composite
def _leaf(draw: st.DrawFn) -> Condition:
    kinds: tuple[Kind | None, ...] = (*NUMBERS, "since", "until", "channel", "left_reason", "field", "present", "left",
                               "outside", "refunded", "tag", "bought", "known", None)  # fmt: skip
    kind = draw(st.sampled_from(kinds))
    op = draw(_OPS)
    if kind is None:  # growth
        counted = draw(st.sampled_from([each for each in NUMBERS if each in WINDOWED]))
        return Growth(counted, draw(_DAYS), op, draw(st.integers(0, 100_000)), draw(_DAYS))
    if kind in ("present", "left", "outside", "refunded"):
        return Holds(Fact(kind))
    if kind == "known":
        return Holds(Fact(kind, name=draw(st.sampled_from(KNOWABLE) | _WORD)))
    if kind in ("tag", "bought"):
        days = draw(st.none() | _DAYS) if kind == "bought" else None
        return Holds(Fact(kind, days, name=draw(_WORD)))
    if kind in ("channel", "left_reason", "field") or (kind == "level" and draw(st.booleans())):
        return Named(Fact(kind, name=draw(_WORD) if kind == "field" else ""), draw(_WORD))
    bar = draw(st.integers(0, 10**9))
    if kind in DATED:
        return Measure(Fact(kind, name=draw(_WORD), unit=draw(st.sampled_from(["d", "m"]))), op, bar)
    if kind in AGES:
        return Measure(Fact(kind, age_window(op, bar) if kind in SPOKEN else None), op, bar)
    return Measure(Fact(kind, draw(st.none() | _DAYS) if kind in WINDOWED else None), op, bar)


_CONDITIONS = st.recursive(
    _leaf(),
    lambda parts: (
        st.builds(Not, parts)
        | st.builds(Both, st.lists(parts, min_size=2, max_size=3).map(tuple))
        | st.builds(Either, st.lists(parts, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(_CONDITIONS, st.sampled_from(["zh", "en"]))
def test_what_is_written_reads_back(condition: Condition, tongue: str) -> None:
    text = written(condition, tongue)
    assert condition_typed(text) == condition
    assert written(condition_typed(text), tongue) == text


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("发言≥5/7天 且 (消费≥1000/365天 或 标签=VIP)", "发言≥5/7天 且 (消费≥1000/365天 或 标签=VIP)"),
        ("发言>=5/7天且（消费满1000/365天或标签=VIP）", "发言≥5/7天 且 (消费≥1000/365天 或 标签=VIP)"),
        ("NOT left AND spent >= 1,000.50 / 365 d", "非 已退群 且 消费≥1000.50/365天"),
        ("消费1000以上", "消费≥1000"),
        ("消费500以下", "消费<500"),
        ("打卡3次以上/30天", "打卡≥3/30天"),
        ("近7天发言≥5", "发言≥5/7天"),
        ("近90天消费 ≥ 1.5倍 前90天", "近90天消费≥1.5倍 前90天"),
        ("last 30 days interactions < 0.5x prior 90 days", "近30天互动<0.5倍 前90天"),
        ("距 预产期 > 0天", "距 预产期>0天"),
        ("since 宝宝生日 < 6 months", "自 宝宝生日<6个月"),
        ("never bought/90d", "未消费/90天"),
        ("订单=0", "未消费"),
        ("消费≥1.2万", "消费≥12000"),
        ("等级=金卡 或 等级≥3", "等级=金卡 或 等级≥3"),
        ("标签=“老 带新”", '标签="老 带新"'),
        ("标签：学员等级:VIP", '标签=学员等级:VIP'),
        ("最近互动不到90天", "最近互动<90天"),
    ],
)  # fmt: skip
def test_owners_write_it_in_many_ways(typed: str, canonical: str) -> None:
    assert written(condition_typed(typed), "zh") == canonical


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("", 1), ("发言", 3), ("发盐≥5", 1), ("发言≥5/0天", 8), ("(发言≥5", 6), ("发言≥5 加入<7天", 6),
        ("消费≥1.999", 9), ("标签", 3), ("积分≥5/7天", 5), ("近7天积分≥5", 4), ("发言≥5 且", 7), ("未消费 )", 5),
        ("消费≥1.5倍", 7), ("近90天消费≥1.5倍", 12), ("标签=", 4), ("距 预产期", 6), ("发言≥" + "9" * 30, 34),
        ("(" * 30 + "未消费" + ")" * 30, 21),
    ],
)  # fmt: skip
def test_what_cannot_be_read_names_the_place(typed: str, place: int) -> None:
    with pytest.raises(BadInput) as caught:
        condition_typed(typed)
    assert re.findall(r"\d+", caught.value.where) == [str(place)], str(caught.value)
    assert "\n" not in str(caught.value)


def _is(text: str, **values: Value) -> bool | None:
    """What a condition of one number says when every fact of a kind has this value."""
    condition = condition_typed(text)
    columns = {fact: Column({1: values.get(fact.kind)}) for fact in facts_of(condition)}
    found = truths(condition, columns, [1])[0]
    assert evaluate(condition, {fact: column.of(1) for fact, column in columns.items()}) is (found is True)
    return found


def test_edges_are_half_open() -> None:
    """C04: 满 and 以上 are >=, 以下 is <; C05: nothing bought is its own thing."""
    assert _is("消费满1000", spent=99_999) is False
    assert _is("消费满1000", spent=100_000) is True
    assert _is("消费500以下", spent=50_000) is False
    assert _is("消费500以下", spent=49_999) is True
    assert _is("未消费", orders=0) is True
    assert _is("未消费", orders=1) is False
    assert _is("最近互动≥90天", last_interaction=90) is True
    assert _is("最近互动≥90天", last_interaction=89) is False
    assert _is("最近互动≥90天", last_interaction=NEVER) is True
    assert _is("最近互动<90天", last_interaction=NEVER) is False


def test_unknown_is_neither_true_nor_false() -> None:
    assert _is("发言≥5/7天", messages=None) is None
    assert _is("非 发言≥5/7天", messages=None) is None
    assert _is("发言≥5/7天 或 在群", messages=None, present=True) is True
    assert _is("发言≥5/7天 且 在群", messages=None, present=False) is False
    assert _is("渠道=小红书", channel=None) is None
    assert _is("渠道=Ｘhs", channel="xhs") is True


def test_a_lower_bound_decides_where_it_can() -> None:
    assert _is("发言≥5/7天", messages=AtLeast(5)) is True
    assert _is("发言≥5/7天", messages=AtLeast(4)) is None
    assert _is("发言<5/7天", messages=AtLeast(5)) is False
    assert _is("发言=0/7天", messages=AtLeast(0)) is None
    assert _is("发言=0/7天", messages=AtLeast(1)) is False
    assert _is("发言>5/7天", messages=AtLeast(6)) is True
    assert _is("发言≤5/7天", messages=AtLeast(6)) is False


def test_growth_goes_by_the_day_and_nothing_grew_from_nothing() -> None:
    growth = condition_typed("近90天消费≥1.5倍 前90天")
    then, now = sorted(facts_of(growth), key=lambda fact: -fact.before)
    cases: list[tuple[Any, Any, bool]] = [(150, 100, True), (149, 100, False), (1, 0, True), (0, 0, False),
                                          (AtLeast(500), 100, False), (None, 1, False)]  # fmt: skip
    for last, before, held in cases:
        assert evaluate(growth, {now: last, then: before}) is held, (last, before)
    shorter = condition_typed("近30天互动<0.5倍 前90天")
    then, now = sorted(facts_of(shorter), key=lambda fact: -fact.before)
    assert (then.days, then.before, now.days) == (90, 30, 30)
    assert evaluate(shorter, {now: 14, then: 90}) is True
    assert evaluate(shorter, {now: 15, then: 90}) is False


def test_a_level_is_met_by_rank_and_by_name() -> None:
    assert _is("等级≥2", level=Rank(2, "银卡")) is True
    assert _is("等级=银卡", level=Rank(2, "银卡")) is True
    assert _is("等级≥3", level=Rank(2, "银卡")) is False
    assert _is("等级≥1", level=None) is None


def test_why_shows_each_leaf_with_its_number() -> None:
    condition = condition_typed("消费≥1000/365天 且 非 标签=VIP")
    spent, tag = (next(fact for fact in facts_of(condition) if fact.kind == kind) for kind in ("spent", "tag"))
    looked = explain(condition, {spent: 99_999, tag: True})
    assert [(written(each.leaf, "zh"), each.values, each.truth) for each in looked] == [
        ("消费≥1000/365天", (99_999,), False),
        ("标签=VIP", (True,), True),
    ]


_VALUES = st.none() | st.integers(0, 5) | st.integers(0, 5).map(AtLeast) | st.just(NEVER)


@settings(max_examples=150, deadline=None)
@given(_CONDITIONS, st.data())
def test_many_at_once_are_judged_as_one_by_one(condition: Condition, data: st.DataObject) -> None:
    columns = {
        fact: Column(data.draw(st.dictionaries(st.integers(1, 4), _VALUES)), data.draw(_VALUES))
        for leaf in leaves(condition)
        for fact in leaf_facts(leaf)
    }
    found = truths(condition, columns, range(1, 6))
    for place, who in enumerate(range(1, 6)):
        assert evaluate(condition, {fact: column.of(who) for fact, column in columns.items()}) is (found[place] is True)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2025, 9, 20), date(2026, 3, 19), 5), (date(2025, 9, 20), date(2026, 3, 20), 6),
        (date(2025, 8, 31), date(2026, 2, 28), 5), (date(2025, 8, 31), date(2026, 3, 1), 6),
        (date(2026, 3, 20), date(2026, 3, 20), 0), (date(2026, 3, 21), date(2026, 3, 20), -1),
    ],
)  # fmt: skip
def test_months_are_whole(first: date, last: date, months: int) -> None:
    assert whole_months(first, last) == months
