"""Sheets of replies: 问卷星 by words and by numbers, any table, and what is broken in them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from qunguan.domain.errors import BadInput
from qunguan.domain.surveys import Asked, SurveySheet
from qunguan.exchange.readers.headers import NeedsMapping
from qunguan.exchange.readers.limits import Limits
from qunguan.exchange.readers.sheets import read_sheet, sheet_from_text
from qunguan.exchange.readers.surveys import headers_of, read_survey, title_of
from qunguan.exchange.writers.surveys import blocks, form_text, group_text, letter
from tests.conftest import FIXTURES

ZONE = "Asia/Shanghai"
SURVEYS = FIXTURES / "surveys"


def read(text: str) -> SurveySheet:
    return read_survey(sheet_from_text(text, "调查.csv"), ZONE)


def test_an_export_by_words():
    found = read_survey(read_sheet(SURVEYS / "wjx_text.xlsx"), ZONE)
    assert [each.number for each in found.asked] == [2, 3, 4, 5, 6, 7]
    assert found.asked[0] == Asked(2, "你是怎么找到我们的？", "one")
    assert found.asked[1].kind == "many"
    assert found.left_out == ("所用时间", "来源", "来源详情", "来自IP", "总分"), "nobody's address is kept"
    first, _second, third, _fourth, last = found.replies
    assert (first.number, first.name, first.day) == ("1", "阿梨", date(2026, 3, 18))
    assert first.at == datetime(2026, 3, 18, 9, 5, 11, tzinfo=ZoneInfo(ZONE))
    assert first.answers[1] == ("学会一件事", "有人一起坚持")
    assert third.answers[1][2] == "其他〖想找人换书〗"
    assert set(last.answers) == {0, 2, 4, 5}, "what was skipped is no answer"
    assert last.answers[5] == ("=1+1",)


def test_an_export_by_numbers_with_a_column_for_each_option():
    found = read_survey(read_sheet(SURVEYS / "wjx_codes.gb18030.csv"), ZONE)
    options = ("学会一件事", "有人一起坚持", "买到靠谱的东西", "认识同路人", "先看看再说")
    assert found.asked[1] == Asked(3, "3", "many", options)
    assert [each.answers.get(1) for each in found.replies] == [
        ("学会一件事", "有人一起坚持"), ("先看看再说",), ("学会一件事", "买到靠谱的东西"), None,
    ]  # fmt: skip
    assert found.replies[2].answers.get(3) is None, "-3 is a question that was not shown"
    assert found.replies[3].name == "🍀阿黎"


def test_any_table():
    found = read_survey(read_sheet(SURVEYS / "any_sheet.csv"), ZONE)
    assert [each.text for each in found.asked] == ["你想去哪里玩", "周几方便", "想说的话"]
    first = found.replies[0]
    assert (first.name, first.phone, first.at, first.number[0]) == ("阿梨", "13800000001", None, "~")
    assert len({each.number for each in found.replies}) == 4
    assert read_survey(read_sheet(SURVEYS / "any_sheet.csv"), ZONE).replies == found.replies, "the same numbers again"


@pytest.mark.parametrize(
    ("head", "name", "phone"),
    [
        ("1、您的微信昵称是什么？", 0, None),
        ("请填写您的手机号", None, 0),
        ("Q1.你在群里的群昵称叫什么", 0, None),
        ("2. 姓名（必填）", 0, None),
        ("24小时里你几点睡", None, None),
        ("你的名字有什么来历", None, None),
    ],
)
def test_who_answered_is_found_in_the_words_of_a_question(head, name, phone):
    _top, found = headers_of(sheet_from_text(f"{head},你喜欢什么\n1,2\n", "a.csv"))
    assert (found.column("name"), found.column("phone")) == (name, phone)


def test_a_second_name_is_left_out_and_nobody_named_can_be_asked_about():
    found = read("序号,群昵称,1、您的姓名,2、好吗\n1,阿梨,张三,好\n")
    assert found.replies[0].name == "阿梨"
    assert found.left_out == ("1、您的姓名",)
    sheet = sheet_from_text("序号,1、好吗,2、为什么\n1,好,1\n", "a.csv")
    assert not read_survey(sheet, ZONE).named
    with pytest.raises(NeedsMapping) as asked:
        read_survey(sheet, ZONE, ask=True)
    assert not read_survey(sheet, ZONE, asked.value.guess, ask=True).named, "said once, it is so"


def test_two_people_with_the_same_words_are_two_replies():
    found = read("好吗,为什么\n好,就是好\n好,就是好\n不好,\n")
    assert len({each.number for each in found.replies}) == 3


@pytest.mark.parametrize(
    "text",
    [
        "序号,提交答卷时间,群昵称\n1,2026/3/1,阿梨\n",
        "序号\n",
    ],
)
def test_a_table_without_questions_is_refused_in_one_line(text):
    with pytest.raises(BadInput, match="没有一列"):
        read(text)


def test_rows_that_say_nothing_or_no_day_are_told():
    found = read("序号,提交答卷时间,昵称,1、好吗\n1,昨天,阿梨,好\n2,2026/3/1,小满,\n3,2026/3/1 8:00,老陈,好\n合计,,,\n")
    assert [note.row for note in found.rejected] == [2, 3]
    assert [note.row for note in found.skipped] == [5]
    assert [each.number for each in found.replies] == ["3"]


def test_hostile_cells_and_caps():
    long = "长" * 9_000
    found = read(f"昵称,1、想说的\n[/]\u202e坏,\x1b[31m红\u200b{long}\n")
    said = found.replies[0].answers[0][0]
    assert len(said) == 2000
    assert "\x1b" not in said
    limits = Limits(rows=3, columns=5)
    with pytest.raises(BadInput):
        sheet_from_text("昵称,1、好吗\n" + "a,b\n" * 5, "a.csv", limits=limits)
    with pytest.raises(BadInput):
        sheet_from_text(",".join("abcdefgh") + "\n", "a.csv", limits=limits)


@pytest.mark.parametrize(
    ("file", "title"),
    [
        ("12345678_按文本_早起群新人问卷_20_20.xlsx", "早起群新人问卷"),
        ("331122334_按序号_好久不见_7_7.csv", "好久不见"),
        ("周末活动.csv", "周末活动"),
        ("2026_春.csv", "2026_春"),
        ("-", "-"),
    ],
)
def test_a_survey_is_called_as_its_file_is(file, title):
    assert title_of(file) == title


def test_texts_for_the_group_and_for_the_form():
    from qunguan.domain.surveys import Option, Question

    asked = [
        Question(1, 1, "去哪里玩", "many", (Option(1, 1, "爬山"), Option(2, 2, "书店"))),
        Question(2, 2, "想说的", "text"),
    ]
    text = group_text("周末", "先问问大家", asked)
    assert text.startswith("先问问大家\n\n1. 去哪里玩")
    assert "\n   B 书店" in text
    assert form_text("周末", "", asked) == "周末\n\n1. 去哪里玩[多选题]\n爬山\n书店\n\n2. 想说的[填空题]"
    assert [blocks(part) for part in (0, 0.01, 0.5, 1)] == ["░" * 10, "▓" + "░" * 9, "▓" * 5 + "░" * 5, "▓" * 10]
    assert (letter(0), letter(25), letter(26)) == ("A", "Z", "27")
