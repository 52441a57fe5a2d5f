"""A 接龙 item finds its member by the longest known name; whatever is doubtful is offered, never taken."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain.jielong import Quantity, mask_phones, quantities
from qunguan.domain.matching import AliasRow, Matcher, guess
from qunguan.domain.text import match_key

NAMES = [
    *("阿梨", "Tom", "66", "乐乐妈", "张三丰(早八)", "小满", "小满（代妈妈）", "一只🐑", "Crystal🍀", "A花店小李"),
    *("𠮷野家长", "北北11:00", "No.7", "3栋-502 王姐", "李 雷", "陈·伊敏", "韩梅梅|闲置", "ᴬᵐʸ", "李", "🍀", "rookie"),
    *("Mary", "团团妈妈"),
]
MATCHER = Matcher(AliasRow(number, name) for number, name in enumerate(NAMES))


def owner(item: str) -> str | None:
    found = MATCHER.match(item)
    assert (found.status == "matched") is (found.member_id is not None)
    return None if found.member_id is None else NAMES[found.member_id]


@pytest.mark.parametrize(
    ("item", "name", "rest"),
    [
        ("阿梨", "阿梨", ""),
        ("阿梨 2份", "阿梨", "2份"),
        ("阿梨　2份", "阿梨", "2份"),
        ("阿梨（周六到）", "阿梨", "（周六到）"),
        ("阿梨：2 大 1 小", "阿梨", "2 大 1 小"),
        ("阿梨，已付", "阿梨", "已付"),
        ("阿梨+1", "阿梨", "+1"),
        ("阿梨x3", "阿梨", "x3"),
        ("阿梨×3", "阿梨", "×3"),
        ("阿梨2份", "阿梨", "2份"),
        ("阿梨打卡第3天", "阿梨", "打卡第3天"),
        ("阿梨第3天", "阿梨", "第3天"),
        ("阿梨已到", "阿梨", "已到"),
        ("阿梨13800000001", "阿梨", "13800000001"),
        ("Tom13800000001 3栋", "Tom", "13800000001 3栋"),
        ("阿梨✅", "阿梨✅", ""),
        ("阿梨\n备注：不要香菜", "阿梨", "备注：不要香菜"),
        ("@阿梨\u2005打卡", "阿梨", "打卡"),
        ("  阿\u200b梨 到", "阿\u200b梨", "到"),
        ("tom：2", "Tom", "2"),
        ("ＴＯＭ 到", "Tom", "到"),
        ("66：2 大 1 小", "66", "2 大 1 小"),
        ("小满 2份", "小满", "2份"),
        ("小满（代妈妈） 2份", "小满（代妈妈）", "2份"),
        ("小满(代妈妈)（周六到）", "小满（代妈妈）", "（周六到）"),
        ("张三丰(早八) +1", "张三丰(早八)", "+1"),
        ("一只🐑  苹果2斤，橙子1箱", "一只🐑", "苹果2斤，橙子1箱"),
        ("一只 取消", "一只🐑", "取消"),
        ("Crystal💪🏻 打卡", "Crystal🍀", "打卡"),
        ("Crystal🍀\ufe0f：2", "Crystal🍀", "2"),
        ("A花店小李 +1", "A花店小李", "+1"),
        ("𠮷野家长 已付", "𠮷野家长", "已付"),
        ("北北11:00（周六到）", "北北11:00", "（周六到）"),
        ("No.7（周六到）", "No.7", "（周六到）"),
        ("3栋-502 王姐\n地址见私信", "3栋-502 王姐", "地址见私信"),
        ("李 雷 +1", "李 雷", "+1"),
        ("李：到", "李", "到"),
        ("陈·伊敏 2份", "陈·伊敏", "2份"),
        ("韩梅梅|闲置 取消", "韩梅梅|闲置", "取消"),
        ("Amy +1", "ᴬᵐʸ", "+1"),
        ("🍀 打卡", "🍀", "打卡"),
        ("🍀打卡", "🍀", "打卡"),
        ("rookie-增肌-3年-17天 打卡 第19天", "rookie", "-增肌-3年-17天 打卡 第19天"),
    ],
)
def test_a_known_name_before_a_boundary_is_matched(item, name, rest):
    found = MATCHER.match(item)
    assert found.status == "matched"
    assert owner(item) == name or match_key(name) == match_key(NAMES[found.member_id or 0])
    assert found.rest == rest


@pytest.mark.parametrize(
    ("item", "candidates"),
    [
        ("阿梨花 已到", ["阿梨"]),
        ("阿梨妈妈", ["阿梨"]),
        ("阿梨2", ["阿梨"]),
        ("阿梨7:20起床", ["阿梨"]),
        ("阿梨·王", ["阿梨"]),
        ("Tom2", ["Tom"]),
        ("Tom妈妈 到", ["Tom"]),
        ("Mary-Jane 到", ["Mary"]),
        ("李 雷锋 +1", ["李 雷", "李"]),
    ],
)
def test_a_name_that_may_go_on_is_offered_not_taken(item, candidates):
    found = MATCHER.match(item)
    assert (found.status, found.member_id) == ("ambiguous", None)
    assert [one.text for one in found.candidates] == candidates


@pytest.mark.parametrize(
    ("item", "name", "rest", "offered"),
    [
        ("李雷 +1", "李雷", "+1", ["李 雷"]),
        ("小 满 起", "小 满", "起", ["小满"]),
        ("团 团 妈妈 早", "团 团 妈妈", "早", ["团团妈妈"]),
        ("李 雷雷 早", "李", "雷雷 早", None),
    ],
)
def test_blanks_inside_a_chinese_name_do_not_count_but_are_asked_about(item, name, rest, offered):
    found = MATCHER.match(item)
    assert (found.name, found.rest) == (name, rest)
    if offered is not None:
        assert (found.status, [one.text for one in found.candidates]) == ("ambiguous", offered)
        assert {one.why for one in found.candidates} == {"blanks"}


def test_a_name_of_one_character_is_doubtful_before_a_blank_that_may_be_inside_a_longer_one():
    found = Matcher([AliasRow(1, "大"), AliasRow(2, "大宁")]).match("大 宁 起")
    assert (found.status, [one.text for one in found.candidates]) == ("ambiguous", ["大宁", "大"])


def test_the_names_inside_a_text():
    inside = Matcher([AliasRow(1, "冰冰"), AliasRow(2, "冰"), AliasRow(3, "代冰冰")]).names_inside
    assert list(inside("代冰冰")) == [("冰冰", 1)]
    assert list(inside("")) == []


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("新人 到", "新人"),
        ("老李（全天）", "老李"),
        ("新人：2份", "新人"),
        ("新人打卡第3天", "新人"),
        ("爱打卡的猫 7点", "爱打卡的猫"),
        ("Karry🌿 7:20", "Karry🌿"),
        ("小明12:30 到", "小明12:30"),
        ("88：2 大 1 小", "88"),
        ("王姐13800001234 3栋", "王姐"),
        ("13800001234 3栋", "13800001234"),
        ("9913800001234 到", "9913800001234"),
        ("@新人\u2005到", "新人"),
        ("Tommy 打卡", "Tommy"),
        ("666 到", "666"),
        ("🍀🌿 到", "🍀🌿"),
        ("=1+1 到", "=1"),
        ("[red]x[/red] 到", "[red]x[/red]"),
        ("（2份）谁", "（2份）谁"),
    ],
)
def test_an_unknown_name_is_new_and_nobody_is_offered(item, name):
    found = MATCHER.match(item)
    assert (found.status, found.member_id, found.candidates) == ("new", None, ())
    assert found.name == name


@pytest.mark.parametrize("item", ["团团妈马 1份", "团团妈 1份", "团妈团妈 1份"])
def test_a_single_slip_is_offered_never_matched(item):
    found = MATCHER.match(item)
    assert found.member_id is None
    assert [(one.text, one.why) for one in found.candidates] == [("团团妈妈", "near")]


def test_swapped_neighbours_are_one_slip_and_two_members_near_are_none():
    assert [one.why for one in Matcher([AliasRow(1, "大龙虾")]).match("大虾龙 到").candidates] == ["near"]
    assert not Matcher([AliasRow(1, "大龙虾"), AliasRow(2, "大龙马")]).match("大龙猫 到").candidates
    assert not Matcher([AliasRow(1, "大龙")]).match("大虾 到").candidates


def test_a_homophone_is_offered():
    sounds = {"丽丽": "lili", "莉莉": "lili", "团团": "tuantuan"}
    matcher = Matcher([AliasRow(1, "丽丽"), AliasRow(2, "团团")], sound=lambda key: sounds.get(key, ""))
    found = matcher.match("莉莉 到")
    assert (found.status, [(one.member_id, one.why) for one in found.candidates]) == ("new", [(1, "sound")])
    assert not matcher.match("? 到").candidates


class TestSameName:
    MATCHER = Matcher(
        [AliasRow(1, "大宁"), AliasRow(2, "大宁"), AliasRow(3, "Karry🌿"), AliasRow(4, "Karry🍀"), AliasRow(4, "karry")]
    )

    def test_two_members_of_one_name_are_ambiguous(self):
        found = self.MATCHER.match("大宁 6-9")
        assert found.status == "ambiguous"
        assert [(one.member_id, one.why) for one in found.candidates] == [(1, "same_name"), (2, "same_name")]

    def test_who_is_written_exactly_so_is_meant(self):
        assert self.MATCHER.match("Karry🌿 到").member_id == 3
        assert self.MATCHER.match("Karry🍀 到").member_id == 4
        assert self.MATCHER.match("Karry🌸 到").status == "ambiguous"

    def test_two_names_of_one_member_are_no_doubt(self):
        matcher = Matcher([AliasRow(1, "阿梨", "name"), AliasRow(1, "阿梨", "nick"), AliasRow(1, "阿梨 小")])
        assert matcher.match("阿梨 到").member_id == 1
        assert matcher.match("阿梨 小花").member_id == 1


class TestIdentity:
    ROWS = (
        *(AliasRow(1, "阿梨"), AliasRow(1, "wxid_1", "wxid"), AliasRow(2, "Tom"), AliasRow(2, "wxid_2", "wxid")),
        *(AliasRow(3, "团团"), AliasRow(4, "wxid_x", "wxid"), AliasRow(5, "wxid_x", "wxid")),
    )
    MATCHER = Matcher(ROWS)

    def test_the_posters_id_beats_the_name(self):
        found = self.MATCHER.match("Tom 到", "wxid_1")
        assert (found.status, found.member_id, found.name) == ("matched", 1, "Tom")
        assert self.MATCHER.match("新名字 到", "wxid_1").member_id == 1

    def test_a_stranger_with_a_known_name_is_doubtful(self):
        found = self.MATCHER.match("阿梨 到", "wxid_9")
        assert (found.status, found.candidates[0].why) == ("ambiguous", "other_id")
        assert self.MATCHER.match("团团 到", "wxid_9").member_id == 3

    def test_one_id_at_two_members_is_ambiguous(self):
        assert self.MATCHER.match("阿梨 到", "wxid_x").status == "ambiguous"

    def test_an_id_is_no_name(self):
        assert self.MATCHER.match("wxid_1 到").status == "new"


def test_stored_keys_are_trusted_and_empty_rosters_know_nobody():
    assert Matcher([AliasRow(7, "阿梨", "nick", "阿梨")]).match("阿梨 到").member_id == 7
    assert Matcher([]).match("阿梨 到").status == "new"


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(range(len(NAMES))), st.sampled_from([" 到", "", "（周六到）", "：2", "\n备注", " +1"]))
def test_every_member_is_found_by_the_own_name(number, note):
    assert MATCHER.match(NAMES[number] + note).member_id == number


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from([*NAMES, "@", " ", "🍀", "\ufe0f", "花", "x2"]), max_size=5).map("".join),
    )
)
def test_any_item_is_answered_and_nothing_of_it_is_invented(item):
    found = MATCHER.match(item)
    assert found.name in item
    assert found.rest in item
    assert (found.member_id is None) is (found.status != "matched")
    assert guess(item)[0] in item


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+2", [(2, "")]),
        ("阿梨 ×3", [(3, "")]),
        ("13栋 ×２", [(2, "")]),
        ("阿梨 x2", [(2, "")]),
        ("Tom *2份", [(2, "份")]),
        ("(2桔)", [(2, "桔")]),
        ("（ 2 车厘子 ）", [(2, "车厘子")]),
        ("苹果2斤，橙子1箱", [(2, "斤"), (1, "箱")]),
        ("打卡19天 7:30 1.5元", []),
        ("Max2", []),
        ("29.9元/份", []),
    ],
)
def test_quantities(text, expected):
    assert quantities(text) == tuple(Quantity(*one) for one in expected)


def test_phones_are_masked_for_the_screen():
    assert mask_phones("阿梨 13800000001 到") == "阿梨 138****0001 到"
    assert mask_phones("电话138-0000-0001。") == "电话138****0001。"
    assert mask_phones("12800000001 138000000012 20240101") == "12800000001 138000000012 20240101"


_SHORT = st.text("abcd", min_size=1, max_size=6)


def one_slip(name: str) -> set[str]:
    """Every text one slip away from `name`, spelled out."""
    spots = range(len(name) + 1)
    replaced = {name[:at] + ch + name[at + 1 :] for at in spots[:-1] for ch in "abcd"}
    longer = {name[:at] + ch + name[at:] for at in spots for ch in "abcd"}
    shorter = {name[:at] + name[at + 1 :] for at in spots[:-1] if len(name) > 3}
    swapped = {name[:at] + name[at + 1] + name[at] + name[at + 2 :] for at in spots[:-2]}
    return (replaced | longer | shorter | swapped) - {name}


@given(st.sets(_SHORT, max_size=40), _SHORT)
def test_near_misses_are_exactly_the_names_one_slip_away(known: set[str], typed: str):
    found = Matcher(AliasRow(number, name) for number, name in enumerate(sorted(known))).match(typed)
    near = known & one_slip(typed) if len(typed) >= 3 else set()
    if found.status == "new":
        assert {one.text for one in found.candidates} == (near if len(near) == 1 else set())
