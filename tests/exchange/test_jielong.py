"""A pasted 接龙, in every shape it is known to come in, gives its items and says what was odd."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain.jielong import Jielong, digest, series_key
from qunguan.exchange.readers.jielong import parse
from qunguan.i18n import set_language

FIXTURES = Path(__file__).parents[1] / "fixtures" / "jielong"
CASES = json.loads((FIXTURES / "cases.json").read_text("utf-8"))
CLIENT_XML = (FIXTURES / "client_appmsg_53.xml").read_text("utf-8")


def pairs(result: Jielong) -> list[tuple[int, str]]:
    return [(item.number, item.text) for item in result.items]


def codes(result: Jielong) -> set[str]:
    return {one.code for one in result.notes}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_known_texts_are_read_as_told(case):
    result, expected = parse(case["text"]), case["expect"]
    assert result.is_jielong is expected["is_jielong"]
    assert pairs(result) == [tuple(item) for item in expected["items"]]
    told = expected["title"] is not None  # the cases typed by hand tell the items only
    for part in ("title", "example", "tail"):
        if told or expected[part] is not None:
            assert getattr(result, part) == expected[part]
    assert ("placeholder" in codes(result)) is ("empty_numbers" in case)


def test_the_tail_behind_an_empty_line_is_not_part_of_the_last_item():
    result = parse(next(case["text"] for case in CASES if case["id"] == "tail"))
    assert result.tail == "截止今晚8点，满10人成团"


class TestClientXml:
    def test_items_know_who_and_when(self):
        result = parse(CLIENT_XML)
        expected = CASES[0]
        assert pairs(result) == [tuple(item) for item in expected["expect"]["items"]]
        assert result.title == expected["expect"]["title"]
        assert [item.user for item in result.items] == ["wxid_m001", "wxid_m002", "m003"]
        assert [item.at for item in result.items] == [
            datetime.fromtimestamp(moment, UTC) for moment in expected["client_offsets"]["created"]
        ]

    def test_the_sender_in_front_of_a_group_message_is_passed_over(self):
        assert parse("wxid_m003:\n" + CLIENT_XML) == parse(CLIENT_XML)

    def test_without_solitaire_info_the_text_is_read(self):
        bare = CLIENT_XML[: CLIENT_XML.index("<extinfo>")] + "</appmsg></msg>"
        assert pairs(parse(bare)) == pairs(parse(CLIENT_XML))

    def test_literal_texts_and_ranges_for_example_and_tail(self):
        xml = (
            "<msg><appmsg><title>#接龙\n例 阿梨\n\n1. 团团</title><type>53</type><extinfo>"
            "<solitaire_info><![CDATA[<solitaire><tt>0-3</tt><ex>4-4</ex><tl>谢谢</tl>"
            "<content><i><u>a</u><c>团团 &lt;b&gt;</c></i></content>"
            "</solitaire>]]></solitaire_info></extinfo></appmsg></msg>"
        )
        result = parse(xml)
        assert (result.title, result.example, result.tail) == ("#接龙", "例 阿梨", "谢谢")
        assert pairs(result) == [(1, "团团 <b>")]

    def test_offsets_outside_the_text_assign_nobody(self):
        result = parse(CLIENT_XML.replace("162-34", "162-99999"))
        assert "offsets" in codes(result)
        assert len(result.items) == 3
        assert not any(item.user for item in result.items)

    @pytest.mark.parametrize(
        "text",
        [
            CLIENT_XML[:400],
            '<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><msg>&b;</msg>',
            '<?xml version="1.0"?><!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><msg>&x;</msg>',
            "<msg>\x00</msg>",
            "<msg>\ud800</msg>",
        ],
    )
    def test_damaged_and_hostile_xml_is_refused_in_words(self, text):
        result = parse(text)
        assert not result.is_jielong
        assert codes(result) == {"broken_xml"}

    def test_another_kind_of_message_is_no_jielong(self):
        assert not parse("<msg><appmsg><title>你好</title><type>57</type></appmsg></msg>").is_jielong
        assert not parse("<msg><img/></msg>").is_jielong


@pytest.mark.parametrize(
    "first",
    [
        "#接龙",
        "#接龍",
        "＃接龙",
        "# 接龙",
        "#Group Note",
        "#group note 周五",
        "接龙",
        "接龙：周五",
        "@张三 来#接龙",
        "#接龙 9月7日",
    ],
)
def test_every_way_to_open_a_jielong(first):
    result = parse(f"{first}\n\n1. 阿梨\n2. Tom")
    assert pairs(result) == [(1, "阿梨"), (2, "Tom")]
    assert result.title == first
    assert not result.notes


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("1.阿梨", "2.Tom"),
        ("1、阿梨", "2、Tom"),
        ("1，阿梨", "2。Tom"),
        ("1) 阿梨", "2） Tom"),
        ("1: 阿梨", "2: Tom"),
        ("1-阿梨", "2-Tom"),
        ("  1 . 阿梨", "2 .Tom"),
        ("\u200b1.\u2005阿梨\u200b", "\xa02.\u3000Tom"),
        ("1\u200b.\xa0阿梨", "2.Tom"),
    ],
)
def test_separators_blanks_and_invisible_marks(one, two):
    assert pairs(parse(f"\ufeff#接龙\r\n\r\n{one}\r\n{two}\r\n")) == [(1, "阿梨"), (2, "Tom")]


@pytest.mark.parametrize("marks", ["１．|２．", "①|②", "1️⃣|2️⃣ ", "（１）|（2）", "❶ |❷", "⒈|⒉"])
def test_numbers_not_typed_in_plain_digits_are_folded_and_noted(marks):
    one, two = marks.split("|")
    result = parse(f"#接龙\n\n{one}阿梨\n{two}Tom")
    assert pairs(result) == [(1, "阿梨"), (2, "Tom")]
    assert codes(result) == {"folded"}


def test_a_list_in_the_header_is_not_the_list():
    text = "#接龙\n须知：\n1. 早到\n2. 带水\n3. 不迟到\n1.5升装 29.9元\n3.8节\n12月1日\n例 昵称 份数\n\n1. 阿梨\n2. Tom"
    result = parse(text)
    assert pairs(result) == [(1, "阿梨"), (2, "Tom")]
    assert result.example == "例 昵称 份数"
    assert codes(result) == {"other_list"}


@pytest.mark.parametrize("mark", ["1、|2、", "1. |2. ", "① |② "])
@pytest.mark.parametrize("head", ["#接龙\n\n", "#接龙 聚餐\n", "聚餐\n"])
def test_a_list_in_the_tail_is_not_the_list(mark, head):
    one, two = mark.split("|")
    result = parse(f"{head}1. 阿梨\n2. Tom\n\n说明：\n{one}带水\n{two}准时")
    assert pairs(result) == [(1, "阿梨"), (2, "Tom")]
    assert result.tail == f"说明：\n{one}带水\n{two}准时"


def test_a_list_in_a_paragraph_of_an_item_stays_in_it():
    result = parse("#接龙\n\n1. 阿梨\n\n今日：\n1. 早起\n2. 读书\n\n2. Tom\n3. 团团")
    assert [item.number for item in result.items] == [1, 2, 3]


def test_a_list_inside_an_item_stays_in_it():
    result = parse("#接龙\n\n1. 阿梨\n1、早起\n2、读书\n2. Tom\n① 跑步\n② 冥想\n3. 团团")
    assert [item.number for item in result.items] == [1, 2, 3]
    assert result.items[0].text == "阿梨\n1、早起\n2、读书"
    assert "continuation" in codes(result)


def test_names_of_digits_without_a_blank_before_them():
    text = "#接龙\n1.66 +1\n2.3栋502 王姐\n3.阿梨\n4.5栋 李"
    assert pairs(parse(text)) == [(1, "66 +1"), (2, "3栋502 王姐"), (3, "阿梨"), (4, "5栋 李")]


def test_times_in_a_list_without_blanks_open_no_items():
    text = "#接龙\n1.阿梨 6:20\n2.30 起床\n2.Tom\n3.5公里\n3.团团"
    assert [item.number for item in parse(text).items] == [1, 2, 3]


def test_gaps_duplicates_disorder_and_placeholders_are_kept_and_noted():
    result = parse("#接龙\n\n1. 阿梨\n2.\n5. Tom\n5. 团团\n4. 星河\n9. 大宁")
    assert pairs(result) == [(1, "阿梨"), (5, "Tom"), (5, "团团"), (4, "星河"), (9, "大宁")]
    assert {one.code: dict(one.values).get("numbers") for one in result.notes} == {
        "gap": "3 6–8",
        "duplicate": "5",
        "disorder": None,
        "placeholder": "2",
    }


def test_a_text_under_an_empty_number_belongs_to_it():
    assert pairs(parse("#接龙\n\n1.\n阿梨\n2. Tom")) == [(1, "阿梨"), (2, "Tom")]


def test_a_fresh_jielong_with_only_the_starters_place_is_one():
    result = parse("#接龙\n周五聚餐\n\n1.")
    assert result.is_jielong
    assert result.title == "#接龙\n周五聚餐"
    assert not result.items


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("#接龙 周五 1. 阿梨 2. Tom 3. 团团", [(1, "阿梨"), (2, "Tom"), (3, "团团")]),
        ("#接龙\n1. 2. 倪.. gt7 3. ..", [(2, "倪.. gt7"), (3, "..")]),
        ("#接龙 1.阿梨 买2.5斤 2.Tom", [(1, "阿梨 买2.5斤"), (2, "Tom")]),
        ("#接龙 早起 1. 阿梨", [(1, "阿梨")]),
        ("#接龙 1.阿梨2.Tom3.团团", [(1, "阿梨"), (2, "Tom"), (3, "团团")]),
    ],
)
def test_a_list_run_together_into_one_line(text, items):
    result = parse(text)
    assert pairs(result) == items
    assert "collapsed" in codes(result)


class TestQuotes:
    QUOTE = "「张三：#接龙\n早起\n\n1. 阿梨\n2. Tom」\n- - - - - - - - - - - - - - -\n"

    def test_a_quoted_jielong_is_ignored(self):
        result = parse(self.QUOTE + "收到")
        assert not result.is_jielong
        assert codes(result) == {"quoted", "only_quote"}

    def test_a_quote_without_a_reply_or_an_end(self):
        assert codes(parse("「张三：#接龙\n1. 阿梨\n- - - -")) == {"quoted", "only_quote"}
        assert codes(parse(self.QUOTE)) == {"quoted", "only_quote"}

    def test_the_reply_to_a_quote_is_read(self):
        result = parse(self.QUOTE + "#接龙\n\n1. 团团")
        assert pairs(result) == [(1, "团团")]
        assert codes(result) == {"quoted"}

    def test_a_quote_in_a_quote(self):
        inner = "「李四：" + self.QUOTE + "好」\n- - - - - -\n"
        assert codes(parse(inner + "嗯")) == {"quoted", "only_quote"}


class TestSeveral:
    def test_the_last_snapshot_counts_and_who_vanished_is_said(self):
        result = parse("#接龙\n早起\n\n1. 阿梨\n2. Tom\n\n李四：\n#接龙\n早起\n\n1. 阿梨\n2. 团团")
        assert pairs(result) == [(1, "阿梨"), (2, "团团")]
        assert codes(result) == {"several", "vanished"}
        assert dict(result.notes[-1].values) == {"n": 1, "line": "Tom"}

    def test_other_titles_are_said(self):
        result = parse("#接龙\n早起\n\n1. 阿梨\n\n#接龙\n聚餐\n\n1. Tom")
        assert (result.title, pairs(result)) == ("#接龙\n聚餐", [(1, "Tom")])
        assert codes(result) == {"several", "other_title"}

    def test_the_word_inside_an_item_opens_nothing(self):
        assert len(parse("#接龙\n\n1. 阿梨\n大家快#接龙\n2. Tom #接龙 好玩").items) == 2


class TestNoJielong:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "empty"),
            (" \n\u200b\t", "empty"),
            ("今天天气不错，大家早起跑步。", "not_jielong"),
            ("大家记得#接龙哦", "no_items"),
            ("1. 只有一条", "not_jielong"),
            ("1.5升\n3.8节\n12月1日", "not_jielong"),
            ("价目\n1. 苹果 5元/斤\n2. 橙子 ￥6\n3. 梨", "prices"),
            ("群规\n1. 不发广告。\n2. 互相尊重。", "prose"),
            ("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
            ("\ufffd\ufffd\x00\x01", "binary"),
        ],
    )
    def test_what_is_none_says_why(self, text, code):
        result = parse(text)
        assert not result.is_jielong
        assert result == Jielong(False, notes=result.notes)
        assert codes(result) == {code}

    def test_a_clean_list_without_the_word_is_taken_with_a_note(self):
        result = parse("周五聚餐\n1. 阿梨\n2. Tom")
        assert (result.title, pairs(result)) == ("周五聚餐", [(1, "阿梨"), (2, "Tom")])
        assert codes(result) == {"no_trigger"}


def test_five_hundred_items_and_more():
    items = [(n, f"群友{n} 打卡第{n}天") for n in range(1, 521)]
    result = parse("#接龙\n\n" + "\n".join(f"{n}. {text}" for n, text in items))
    assert pairs(result) == items
    assert codes(result) == {"too_many"}


@pytest.mark.parametrize(
    "text",
    [
        "1" * 100_000,
        "#接龙\n" + "1" * 100_000,
        "\n" * 100_000,
        "「" * 100_000,
        "「a：\n- - -\n" * 20_000,
        "#接龙\n" * 20_000,
        "#接龙\n1. a\n" * 10_000,
        "#接龙\n" + "1. a\n\n" * 20_000,
        "#接龙\n1" + " " * 100_000,
        "#接龙 " + "1. a " * 20_000,
        "- " * 50_000,
        "#接龙\n" + "\n".join(f"{n}. {'长' * 10_000}" for n in range(1, 30)),
    ],
    ids=range(12),
)
def test_hostile_lengths_are_answered(text):
    result = parse(text)  # read in more than linear time, each of these would take minutes
    assert result.is_jielong or result.notes


@pytest.mark.parametrize(
    "name", ["[red]x[/red]", "=cmd|' /C calc'!A0", "<b>&amp;", "\x1b]52;c;eA==\x07", "{n} %s", "\u202eevil"]
)
def test_hostile_names_stay_the_text_they_are(name):
    assert pairs(parse(f"#接龙\n\n1. {name} 到\n2. Tom")) == [(1, f"{name} 到"), (2, "Tom")]


def test_notes_speak_the_language_in_force():
    notes = parse("#接龙\n\n1. {n}\n1、{line}\n2. {\n4. x").notes
    for language in ("en", "zh"):
        set_language(language)
        try:
            assert all(str(one) for one in notes)
        finally:
            set_language(None)


def test_hashes_tell_content_and_series():
    first, grown = parse("#接龙\n早起\n\n1. 阿梨"), parse("#接龙\n早起\n\n1. 阿梨\n2. Tom")
    retyped = parse("#接龙\r\n早 起\r\n\r\n1、阿梨 。\r\n")
    assert digest(first) == digest(retyped) != digest(grown)
    assert series_key(first.title, None, None) == series_key(grown.title, "", None)
    assert series_key("#接龙", "例 a", None) != series_key("#接龙", None, "例 a")


WORD = st.text(
    st.characters(categories=["L", "Lo", "So", "Sm", "Pd"], exclude_characters="例如格式"), min_size=1, max_size=8
)
NAME = st.one_of(
    WORD, st.sampled_from(["一只🐑", "No.7", "66", "李 雷", "=1+1", "[b]", "3栋-502 王姐", "北北11:00", "💪🏻", "𠮷野"])
)
REST = st.one_of(WORD, st.sampled_from(["+1", "×２", "2份", "7.50-9.20 早餐", "（周六到）", "打卡第19天", "1.5升", ""]))
LINE = st.sampled_from(["胸部：俯卧撑100个", "-5:30阅读", "6:30 冥想", "7.30 洗漱", "备注：不要香菜", "2024年", "#79"])


@st.composite
def jielongs(draw):
    """What the client prints (formats 1.1), with the parts it was printed from."""
    title = "\n".join(
        ["#接龙", *draw(st.lists(st.sampled_from(["早起 6月26日", "1.5升装", "3.8节", "加油💪🏻"]), max_size=3))]
    )
    example = draw(st.sampled_from([None, "例 昵称 份数", "格式如 姓名-楼栋"]))
    tail = draw(st.sampled_from([None, "截止今晚8点", "——团长敬上——\n谢谢大家"]))
    item = st.tuples(NAME, REST, st.lists(LINE, max_size=2)).map(
        lambda one: "\n".join([f"{one[0]} {one[1]}".strip(), *one[2]])
    )
    items = draw(st.lists(item, min_size=1, max_size=12))
    return title, example, items, tail


def render(title: str | None, example: str | None, items: list[str], tail: str | None) -> str:
    head = [title or "", *([example] if example else []), ""]
    body = [f"{number}. {text}" for number, text in enumerate(items, 1)]
    return "\n".join([*head, *body]) + (f"\n\n{tail}" if tail else "")


@settings(max_examples=150, deadline=None)
@given(jielongs())
def test_what_the_client_prints_is_read_back(parts):
    title, example, items, tail = parts
    result = parse(render(*parts))
    assert (result.title, result.example, result.tail) == (title, example, tail)
    assert pairs(result) == list(enumerate(items, 1))
    again = parse(render(result.title, result.example, [item.text for item in result.items], result.tail))
    assert again == result


SCRAPS = st.sampled_from(
    [
        "#接龙",
        "\n",
        "1.",
        "2. ",
        "１",
        "、",
        "（1）",
        "①",
        "1️⃣",
        "「",
        "」",
        "- - -",
        "例 ",
        " ",
        "a",
        "\u200b",
        "<msg>",
        "0-9",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(SCRAPS, max_size=60).map("".join)))
def test_any_text_is_answered(text):
    result = parse(text)
    assert result.is_jielong or (result.notes and not result.items)
    assert all(item.text == item.text.strip() and item.text for item in result.items)
    assert all(str(one) for one in result.notes)
