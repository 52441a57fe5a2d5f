"""Lines as owners paste them, terms and times as they type them, the tasks that follow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunguan.domain.campaign_lines import read
from qunguan.domain.campaign_terms import fen_typed, goal_typed, typed_terms
from qunguan.domain.campaigns import GOALS, KINDS, filled, minute_typed, playbooks
from qunguan.domain.errors import BadInput, UserError

BOOKS = playbooks()


def lines(text: str, form: str, known: tuple[str, ...] = ()) -> list[tuple[object, ...]]:
    terms = typed_terms(BOOKS[form], {})
    return [
        (each.name, each.team, each.qty, each.amount_fen, each.code, each.note, each.helper)
        for each in read(text, BOOKS[form], terms, known.__contains__)
    ]


def test_a_chain_gives_its_numbered_lines_only():
    text = "#接龙\n周末拼团，99 元\n\n1. 阿梨 A团 99元\n2、小王 A团 ×2 加急\n还有谁"
    assert lines(text, "group_buy") == [
        ("阿梨", "A团", 1, 9_900, "", "", ""),
        ("小王", "A团", 2, 0, "", "加急", ""),
    ]


def test_a_team_is_a_line_of_names():
    paid = lines("月亮团：小 王 39元、阿梨 ×2 ¥78、老陈", "group_buy")
    assert [each[:4] for each in paid] == [
        ("小 王", "月亮团", 1, 3_900), ("阿梨", "月亮团", 2, 7_800), ("老陈", "月亮团", 1, 0),
    ]  # fmt: skip
    assert [each[3] for each in lines("月亮团：阿梨 39元 老陈 39元", "group_buy")] == [3_900, 3_900]
    assert [each[:2] for each in lines("1团：阿梨、小 王,老陈\n二团: 甲 乙", "group_buy")] == [
        ("阿梨", "1团"), ("小 王", "1团"), ("老陈", "1团"), ("甲", "二团"), ("乙", "二团"),
    ]  # fmt: skip


def test_a_known_name_with_blanks_stays_whole():
    assert lines("Amy Li 2份 谢谢", "flash", ("Amy Li",)) == [("Amy Li", "", 2, 0, "", "谢谢", "")]
    assert lines("Amy Li 2份", "flash")[0][0] == "Amy"


def test_sides_codes_and_helpers_are_told_apart():
    assert lines("阿梨 正方 有道理\n反方：小王、老陈", "debate") == [
        ("阿梨", "正方", 1, 0, "", "有道理", ""),
        ("小王", "反方", 1, 0, "", "", ""),
        ("老陈", "反方", 1, 0, "", "", ""),
    ]
    assert lines("阿梨 ¥128 码:梨子", "live") == [("阿梨", "", 1, 12_800, "梨子", "", "")]
    assert [(each[0], each[-1]) for each in lines("阿梨：小红、小明", "help_draw")] == [
        ("阿梨", "小红"),
        ("阿梨", "小明"),
    ]


@given(st.text(max_size=200), st.sampled_from(list(BOOKS)))
def test_no_text_breaks_the_reader(text, form):
    try:
        found = lines(text, form)
    except UserError:
        return
    assert all(each[0] for each in found)


@pytest.mark.parametrize(
    ("typed", "minute"), [("20:00", 1200), ("8点", 480), ("８：３０", 510), ("24:00", 1440), ("9点05分", 545)]
)
def test_times_of_day_as_they_are_typed(typed, minute):
    assert minute_typed(typed) == minute


@pytest.mark.parametrize("typed", ["", "25:00", "8:60", "晚上", "24:01", "-1", "8:5:5"])
def test_what_is_no_time_is_refused(typed):
    with pytest.raises(BadInput):
        minute_typed(typed)


def test_amounts_and_goals_are_read_in_their_units():
    assert [fen_typed(each) for each in ("20", "9.9元", "¥1,200.05", "０.5")] == [2_000, 990, 120_005, 50]
    for wrong in ("-1", "二十", "1.234", ""):
        with pytest.raises(BadInput):
            fen_typed(wrong)
    assert [goal_typed(*each) for each in (("orders", "30单"), ("revenue", "1200"), ("conversion", "25.5%"))] == [
        30, 120_000, 2_550,
    ]  # fmt: skip
    assert goal_typed("orders", " ") is None
    for goal, wrong in (("orders", "3.5"), ("conversion", "101"), ("orders", "x")):
        with pytest.raises(BadInput):
            goal_typed(goal, wrong)


def test_a_line_with_a_place_nobody_told_of_is_left_out():
    assert filled("送{gift}\n到{end}为止", {"end": "周日"}) == "到周日为止"


def test_every_playbook_is_whole():
    assert len(BOOKS) == 16
    for book in BOOKS.values():
        assert book.entry in book.kinds
        assert set(book.kinds) <= set(KINDS)
        assert set(book.goals) <= set(GOALS)
        assert {each.code for each in book.steps} >= {"gate", "review", "week"}
        assert len({each.code for each in book.steps}) == len(book.steps)
        assert any(each.day <= -3 for each in book.steps)
        assert all(each.source for each in book.terms)
        assert minute_typed(book.start) < 1440
