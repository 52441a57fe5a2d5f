"""Who suits whom, outcomes by name, and trees of invitations: pure sums."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain.errors import BadInput
from qunguan.domain.relation_tree import Forest, biggest, lines
from qunguan.domain.relations import (
    OUTCOMES,
    Introduction,
    Note,
    checked_reason,
    checked_text,
    kin,
    matched,
    outcome_said,
    outcome_typed,
)
from qunguan.domain.text import match_key

DAY = date(2026, 3, 1)


def note(place: int, who: int, text: str, kind: str = "skill") -> Note:
    return Note(place, who, f"m{who}", kind, text, match_key(text), "", DAY)  # type: ignore[arg-type]


def intro(seeker: int, giver: int, about: str = "摄影", outcome: str = "") -> Introduction:
    return Introduction(1, seeker, "s", giver, "g", about, outcome, None, DAY)


class TestKin:
    def test_the_same_first_then_what_stands_in_it_then_what_has_it(self):
        found = kin(["亲子摄影"], ["摄影", "亲子摄影", "户外亲子摄影", "亲子", "装修"])
        assert found == {"亲子摄影": ("亲子摄影", "户外亲子摄影", "亲子", "摄影")}

    def test_one_character_is_too_little_and_latin_words_stay_whole(self):
        assert kin(["画"], ["画画"]) == {}
        assert kin(["ai 绘画"], ["email", "ai"]) == {"ai 绘画": ("ai",)}
        assert kin(["email 营销"], ["ai", "mail"]) == {}
        assert kin(["excel"], ["excel表格"]) == {"excel": ("excel表格",)}

    @settings(max_examples=80, deadline=None)
    @given(st.lists(st.text("甲乙丙丁", min_size=1, max_size=5)), st.lists(st.text("甲乙丙丁", min_size=1, max_size=5)))
    def test_it_is_what_comparing_each_with_each_finds(self, needs, skills):
        def near(need: str, skill: str) -> bool:
            shared = min(len(need), len(skill))
            return need == skill or (shared >= 2 and (need in skill or skill in need))

        every = {need: {skill for skill in skills if near(need, skill)} for need in needs}
        assert {need: set(own) for need, own in kin(needs, skills).items()} == {k: v for k, v in every.items() if v}


class TestMatched:
    def test_the_best_few_not_oneself_not_the_introduced_and_who_was_asked_least(self):
        needs = [note(1, 1, "摄影", "need")]
        skills = [
            note(2, 1, "摄影"),
            note(3, 2, "摄影"),
            note(4, 3, "亲子摄影"),
            note(5, 4, "摄影"),
            note(6, 5, "摄影"),
        ]
        made = [intro(1, 5), intro(9, 2, "剪辑")]
        (found,) = matched(needs, skills, made, 2)
        assert [(one.member_id, one.same, one.asked) for one in found.candidates] == [(4, True, 0), (2, True, 1)]
        assert found.introduced == 1
        (found,) = matched(needs, skills, made, 9)
        assert [one.member_id for one in found.candidates] == [4, 2, 3]
        assert found.candidates[2].why == "会亲子摄影"
        assert found.candidates[1].why == "正好会、之前请过 1 次"

    def test_a_need_that_was_helped_is_settled_and_another_of_the_same_stays(self):
        needs = [note(1, 1, "摄影", "need"), note(2, 1, "剪辑", "need"), note(3, 2, "摄影", "need")]
        made = [intro(1, 7, "摄影", "worked"), intro(1, 7, "剪辑", "nothing")]
        assert [one.need.id for one in matched(needs, [], made, 3)] == [2, 3]


def test_outcomes_are_known_by_code_and_name_and_other_words_stay():
    assert {outcome_typed(code) for code in OUTCOMES} == set(OUTCOMES)
    assert outcome_typed(outcome_said("worked")) == "worked"
    assert (outcome_typed("成了"), outcome_typed(" 没成 "), outcome_typed("改天再聊")) == (
        "worked",
        "nothing",
        "改天再聊",
    )
    assert outcome_said("改天再聊") == "改天再聊"


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "长" * 61])
def test_what_says_nothing_or_too_much_is_no_skill(text):
    with pytest.raises(BadInput):
        checked_text(text)


def test_a_reason_says_something():
    assert checked_reason(" 带朋友来 ") == "带朋友来"
    with pytest.raises(BadInput):
        checked_reason(" ")


class TestForest:
    def test_sizes_depth_and_who_stayed_and_bought(self):
        forest = Forest({2: (1, DAY), 3: (1, DAY), 4: (2, DAY), 6: (5, DAY)})
        (first, second) = biggest(forest, {1: "阿梨"}, {2, 4}, {4, 6}, 9)
        assert (first.name, first.people, first.direct, first.depth, first.here, first.bought) == (
            "阿梨",
            3,
            2,
            2,
            2,
            1,
        )
        assert (second.name, second.people, second.bought) == ("#5", 1, 1)
        told = lines(forest, list(forest.walk(1)), {}, {2}, {4})
        assert [(one.member_id, one.level, one.direct, one.people, one.here, one.bought) for one in told] == [
            (1, 0, 2, 3, False, False), (2, 1, 1, 1, True, False), (4, 2, 0, 0, False, True),
            (3, 1, 0, 0, False, False),
        ]  # fmt: skip
        assert [one.member_id for one in lines(forest, [(9, 0)], {}, (), ())] == [9]

    def test_a_circle_is_cut_where_it_began(self):
        forest = Forest({1: (3, date(2026, 1, 3)), 2: (1, date(2026, 1, 1)), 3: (2, date(2026, 1, 2)), 4: (3, DAY)})
        assert forest.cut == 1
        assert forest.roots == [2]
        assert [one for one, _level in forest.walk(2)] == [2, 3, 1, 4]

    def test_two_who_name_each_other(self):
        assert Forest({1: (2, None), 2: (1, DAY)}).roots == [1]

    def test_a_chain_as_long_as_the_roster(self):
        forest = Forest({one + 1: (one, DAY) for one in range(1, 30_000)})
        (tree,) = biggest(forest, {}, (), (), 1)
        assert (tree.people, tree.depth) == (29_999, 29_999)

    @settings(max_examples=60, deadline=None)
    @given(st.dictionaries(st.integers(1, 12), st.tuples(st.integers(1, 12), st.just(DAY)), max_size=12))
    def test_everybody_stands_in_one_tree_once(self, invited):
        told = {guest: by for guest, by in invited.items() if by[0] != guest}
        forest = Forest(told)
        assert sorted(forest.order) == sorted({*told, *(by for by, _day in told.values())})
        assert len(forest.parent) + forest.cut == len(told)
