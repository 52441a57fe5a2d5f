"""Text for a group: honest ranks, and lists cut to what a message holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qunguan.exchange.writers.text import Ranked, fit_text, ranked_lines, ranks


def test_a_tie_shares_its_place():
    assert ranks([9, 9, 7, 10, 7]) == [2, 2, 4, 1, 4]
    assert ranks([]) == []


def test_medals_go_to_places_not_to_positions():
    rows = [Ranked("阿梨", 9, "连续 9 天"), Ranked("小明", 9), Ranked("小红", 7), Ranked("甲", 7), Ranked("乙", 1)]
    assert ranked_lines(rows) == ["🥇 阿梨 连续 9 天", "🥇 小明", "🥉 小红", "🥉 甲", "5. 乙"]


def test_a_place_shared_by_many_has_its_number_instead_of_a_medal():
    rows = [Ranked("阿梨", 9), *(Ranked(name, 7) for name in "甲乙丙丁")]
    assert ranked_lines(rows) == ["🥇 阿梨", "2. 甲", "2. 乙", "2. 丙", "2. 丁"]
    assert ranked_lines(rows[:4]) == ["🥇 阿梨", "🥈 甲", "🥈 乙", "🥈 丙"]


def test_names_cannot_break_the_line():
    assert ranked_lines([Ranked("a\n2. b", 1)]) == ["🥇 a␊2. b"]


def test_what_does_not_fit_is_counted():
    lines = [f"{n}. 成员" for n in range(1, 51)]
    text = fit_text(lines, 60, head=["榜单"], foot=["加油"], more=lambda n: f"…及其他 {n} 人")
    assert text.splitlines()[0] == "榜单"
    assert text.splitlines()[-2:] == [f"…及其他 {50 - (len(text.splitlines()) - 3)} 人", "加油"]
    assert len(text) <= 60
    assert fit_text(lines, 10_000) == "\n".join(lines)


@given(st.lists(st.text("甲a", max_size=8), max_size=30), st.integers(0, 120), st.booleans())
def test_the_limit_holds_and_nobody_is_uncounted(names, limit, spaced):
    text = fit_text(names, limit, more=lambda n: f"+{n}", separator=" " if spaced else "\n", head=["h"])
    assert len(text) <= limit
    if limit >= 5 and "+" in text:
        shown = text.removeprefix("h\n").split(" " if spaced else "\n")
        assert len(shown) - 1 + int(shown[-1].removeprefix("+")) == len(names)
