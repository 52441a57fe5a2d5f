"""Members one at a time: names with dates, coming and going, tags, who is meant, search, forgetting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from sqlalchemy import select

from qunguan.domain.errors import Ambiguous, BadInput, NotFound, Refused, UserError
from qunguan.domain.members import Birthday
from qunguan.i18n import set_language
from qunguan.services import history, members
from qunguan.services.desk import Desk
from qunguan.store.journal import change, step
from qunguan.store.session import Session

TODAY = date(2026, 3, 20)


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


def add(desk: Desk, name: str, **given):
    return desk.write(members.add, name, **{"group_id": 1, **given})


def test_a_new_name_closes_the_old_one_and_both_are_found(desk: Desk):
    ali = add(desk, "阿梨", joined_on=date(2024, 3, 1))
    desk.write(members.edit, replace(ali, name="小梨", note="团长"))
    card = desk.read(members.card, ali.id)
    assert (card.member.name, card.member.note) == ("小梨", "团长")
    assert [(a.text, a.valid_from, a.valid_to) for a in card.aliases] == [
        ("阿梨", date(2024, 3, 1), TODAY),
        ("小梨", TODAY, None),
    ]
    assert desk.read(members.resolve, "阿梨") == desk.read(members.resolve, "小梨") == ali.id


def test_a_name_taken_back_is_opened_again(desk: Desk):
    ali = add(desk, "阿梨")
    renamed = desk.write(members.edit, replace(ali, name="小梨"))
    desk.write(members.edit, replace(renamed, name="阿梨🍐"))
    assert [(a.text, a.valid_to) for a in desk.read(members.card, ali.id).aliases] == [
        ("阿梨🍐", None),
        ("小梨", TODAY),
    ]


@pytest.mark.parametrize(
    "name", ["[red]坏[/red]", "[/]", "=cmd|' /C calc'!A0", "+86", "@SUM(1)", "-1", "Robert'); DROP TABLE member;--"]
)
def test_markup_and_formulas_are_names_like_others(desk: Desk, name):
    person = add(desk, name)
    assert person.name == name
    assert desk.read(members.resolve, name) == person.id


@pytest.mark.parametrize("name", ["", " \t", "\u200b\u200d\ufeff", "名" * 10_000, "\x1b[31m红", "a\x00b", "\u3164"])
def test_names_that_cannot_be_are_refused_in_one_line(desk: Desk, name):
    with pytest.raises(BadInput) as error:
        add(desk, name)
    assert "\n" not in str(error.value)
    assert "\x1b" not in str(error.value)
    assert desk.read(members.list_members) == ()


@pytest.mark.parametrize(
    "given",
    [
        {"phone": "call me"},
        {"phone": "1" * 40},
        {"birthday": Birthday(2, 30)},
        {"birthday": Birthday(13, 1)},
        {"birthday": Birthday(2, 29, year=2025)},
        {"birthday": Birthday(4, 8, lunar=False, leap=True)},
        {"birthday": Birthday(4, 31, lunar=True)},
        {"group_id": 99},
    ],
)
def test_what_is_no_phone_no_birthday_or_no_group_is_refused_and_nobody_is_added(desk: Desk, given):
    with pytest.raises((BadInput, NotFound)) as error:
        add(desk, "阿梨", **given)
    assert "\n" not in str(error.value)
    assert desk.read(members.list_members) == ()


def test_leaving_and_coming_back_are_two_stays(desk: Desk):
    ali = add(desk, "阿梨", joined_on=date(2026, 1, 1))
    desk.write(members.leave, ali.id, 1, date(2026, 2, 1), "搬家")
    with pytest.raises(Refused):
        desk.write(members.leave, ali.id, 1)
    assert desk.read(members.absent, 1) == {ali.id}
    with pytest.raises(BadInput):
        desk.write(members.rejoin, ali.id, 1, date(2026, 1, 15))
    desk.write(members.rejoin, ali.id, 1, date(2026, 3, 1))
    with pytest.raises(Refused):
        desk.write(members.rejoin, ali.id, 1)
    stays = desk.read(members.card, ali.id).stays
    assert [(s.joined_on, s.left_on, s.left_reason) for s in stays] == [
        (date(2026, 1, 1), date(2026, 2, 1), "搬家"),
        (date(2026, 3, 1), None, ""),
    ]
    there = [d for d in (1, 31) if desk.read(members.list_members, group_id=1, as_of=date(2026, 1, d))]
    assert there == [1, 31]
    assert desk.read(members.list_members, group_id=1, as_of=date(2026, 2, 1)) == ()
    assert desk.read(members.list_members, group_id=1, as_of=date(2025, 12, 31)) == ()


def test_nobody_leaves_before_they_joined(desk: Desk):
    ali = add(desk, "阿梨", joined_on=date(2026, 1, 1))
    with pytest.raises(BadInput, match="2026-01-01"):
        desk.write(members.leave, ali.id, 1, date(2025, 12, 31))


def test_tags_are_counted_found_and_taken_off(desk: Desk):
    ids = desk.write(members.add_many, ["阿梨", "团团", "Tom"], group_id=1)
    assert desk.write(members.tag, ids[:2], "VIP", "等级") == 2
    assert desk.write(members.tag, ids, "VIP", "等级") == 1
    assert desk.read(members.tagged_ids, "VIP") == desk.read(members.tagged_ids, "等级:VIP") == list(ids)
    assert desk.write(members.untag, [ids[0]], "VIP", "等级") == 1
    assert [(t.category, t.name, t.members) for t in desk.read(members.tags)] == [("等级", "VIP", 2)]
    desk.write(members.tag, [ids[0]], "VIP")
    with pytest.raises(Ambiguous, match=":VIP / 等级:VIP"):
        desk.read(members.tagged_ids, "VIP")
    assert desk.read(members.tagged_ids, ":VIP") == [ids[0]]
    assert desk.read(members.tagged_ids, "等级:VIP") == list(ids[1:])
    with pytest.raises(NotFound):
        desk.read(members.tagged_ids, "不存在")
    assert set(desk.read(members.search, "VIP")) == set(ids)


def test_a_number_is_an_id_where_there_is_one_and_else_a_name(desk: Desk):
    one, two = add(desk, "2"), add(desk, "99")
    assert desk.read(members.resolve, "1") == one.id
    assert desk.read(members.resolve, "#2") == two.id
    assert desk.read(members.resolve, "99") == two.id
    with pytest.raises(Ambiguous) as error:  # the member #2, or the one called 2?
        desk.read(members.resolve, "2")
    assert error.value.candidates == ("2 (#1)", "99 (#2)")


def test_who_is_told_apart_by_a_raised_number_only_is_asked_about(desk: Desk):
    add(desk, "一苇✨")
    assert desk.read(members.resolve, "一苇") == 1
    add(desk, "一苇²")
    with pytest.raises(Ambiguous) as error:
        desk.read(members.resolve, "一苇")
    assert error.value.candidates == ("一苇✨ (#1)", "一苇² (#2)")
    assert (desk.read(members.resolve, "一苇✨"), desk.read(members.resolve, "一苇²")) == (1, 2)
    add(desk, "阿宝")
    add(desk, "阿宝2")
    assert desk.read(members.resolve, "阿宝 ") == 3


def test_the_exact_name_wins_and_else_a_doubt_is_refused_with_the_candidates(desk: Desk):
    add(desk, "阿梨")
    add(desk, "阿梨🍀")
    assert desk.read(members.resolve, "阿梨🍀") == 2
    with pytest.raises(Ambiguous) as error:
        desk.read(members.resolve, "阿梨🌸")
    assert error.value.candidates == ("阿梨 (#1)", "阿梨🍀 (#2)")
    add(desk, "阿梨")
    with pytest.raises(Ambiguous) as error:
        desk.read(members.resolve, "阿梨")
    assert error.value.candidates == ("阿梨 (#1)", "阿梨 (#3)")


@pytest.mark.parametrize("text", ["阿里", "", "\x1b[2J", "9" * 50, "[red]"])
def test_an_unknown_member_is_one_line_with_a_near_name_where_there_is_one(desk: Desk, text):
    add(desk, "阿梨")
    with pytest.raises(NotFound) as error:
        desk.read(members.resolve, text)
    assert "\n" not in str(error.value)
    assert "\x1b" not in str(error.value)
    assert ("阿梨 (#1)" in str(error.value)) == (text == "阿里")


@pytest.mark.parametrize("typed", ["小梨", "阿梨", "xiaoli", "xl", "ali", "梨", "5678", "老带新", "ldx"])
def test_search_finds_by_name_alias_pinyin_initials_phone_tail_and_tag(desk: Desk, typed):
    ali = add(desk, "阿梨", phone="138 1234 5678", tags=[("来源", "老带新")])
    add(desk, "Tom")
    desk.write(members.edit, replace(ali, name="小梨"))
    assert desk.read(members.search, typed) == [ali.id]


def test_signs_alone_find_every_name_that_holds_them(desk: Desk):
    ali = add(desk, "[/][red]阿梨")
    add(desk, "Tom")
    for typed in ("[/]", "[", "］", "/"):
        assert desk.read(members.search, typed) == [ali.id]
    assert desk.read(members.search, "！") == []
    desk.write(members.edit, replace(ali, name="阿梨"))
    assert desk.read(members.search, "[/]") == [ali.id]  # it was called that


def test_alias_rows_hold_every_name_of_a_group_also_of_those_who_left_but_no_account_ids(desk: Desk):
    ali, tom = add(desk, "阿梨"), add(desk, "Tom", group_id=None)
    desk.write(members.set_alias, ali.id, "nick", "梨子｜打卡")
    desk.write(members.set_alias, ali.id, "wechat_id", "wx_ali001")
    desk.write(members.leave, ali.id, 1)
    assert [(a.member_id, a.text) for a in desk.read(members.alias_rows, 1)] == [(1, "阿梨"), (1, "梨子｜打卡")]
    assert {a.member_id for a in desk.read(members.alias_rows)} == {ali.id, tom.id}
    assert desk.read(members.resolve, "WX_ALI001") == ali.id


def test_erasing_leaves_the_numbers_and_no_trace_of_the_name(desk: Desk):
    ali = add(desk, "阿梨梨", phone="13812345678", tags=[("", "VIP")])
    add(desk, "Tom")
    desk.write(members.edit, replace(ali, name="秘密花园", note="别人不知道"))
    desk.write(members.untag, [ali.id], "VIP")
    desk.write(members.leave, ali.id, 1, TODAY, "吵架")
    desk.write(members.erase, ali.id)
    gone = desk.read(members.card, ali.id)
    assert (gone.member.name, gone.member.phone, gone.aliases, gone.tags) == ("#1", "", (), ())
    assert gone.stays[0].left_on == TODAY
    said = repr(desk.read(lambda session: [*session.rows(select(change)), *session.rows(select(step))]))
    for text in ("阿梨梨", "秘密花园", "别人不知道", "13812345678", "吵架"):
        assert text not in said
    assert b"\xe7\xa7\x98\xe5\xaf\x86" not in desk.path.read_bytes()
    assert desk.read(members.search, "秘密") == []
    assert desk.read(members.resolve, "Tom") == 2


def test_birthdays_of_the_coming_days_are_those_of_members_present(desk: Desk):
    add(desk, "今天", birthday=Birthday(3, 20))
    add(desk, "农历", birthday=Birthday(2, 5, lunar=True, year=1990))  # 23 March 2026
    add(desk, "八天后", birthday=Birthday(3, 28))
    gone = add(desk, "走了", birthday=Birthday(3, 21))
    desk.write(members.leave, gone.id, 1)
    due = desk.read(members.birthdays, desk.clock, 7)
    assert [(d.name, d.day) for d in due] == [("今天", TODAY), ("农历", date(2026, 3, 23))]


def test_the_roster_is_in_pinyin_order_and_pages_by_ids(desk: Desk):
    ids = desk.write(members.add_many, ["张三", "Bob", "阿梨", "李四"], group_id=1)
    desk.write(members.leave, ids[1], 1)
    desk.write(members.tag, [ids[0]], "VIP")
    assert list(desk.read(members.view_ids, group_id=1)) == [ids[2], ids[3], ids[0]]
    assert list(desk.read(members.view_ids, group_id=1, descending=True)) == [ids[0], ids[3], ids[2]]
    assert list(desk.read(members.view_ids, group_id=1, present=False)) == [ids[1]]
    assert list(desk.read(members.view_ids, present=None)) == [ids[2], ids[1], ids[3], ids[0]]
    assert list(desk.read(members.view_ids, search="zs")) == [ids[0]]
    assert list(desk.read(members.view_ids, search="没有的人")) == []
    lines = desk.read(members.rows_by_ids, [ids[0], 999, ids[2]])
    assert [(line.name, line.groups, line.tags) for line in lines] == [
        ("张三", ("早起读书群",), (("", "VIP"),)),
        ("阿梨", ("早起读书群",), ()),
    ]
    with pytest.raises(BadInput):
        desk.read(members.view_ids, sort="shoe_size")


def test_the_roster_by_the_day_they_joined_has_the_unknown_last_both_ways(desk: Desk):
    for name, day in (("甲", date(2026, 2, 1)), ("乙", None), ("丙", date(2026, 1, 1))):
        add(desk, name, joined_on=day)
    assert list(desk.read(members.view_ids, group_id=1, sort="joined")) == [3, 1, 2]
    assert list(desk.read(members.view_ids, group_id=1, sort="joined", descending=True)) == [1, 3, 2]
    assert list(desk.read(members.view_ids, group_id=1, sort="last_day")) == [1, 2, 3]


def test_the_index_is_mended_where_it_differs(desk: Desk):
    ids = desk.write(members.add_many, ["阿梨", "Tom"])
    assert desk.read(members.index_differences) == []

    def break_it(session, clock):
        from qunguan.store import search

        search.remove(session.conn, [ids[0]])
        search.index_members(session.conn, [(99, "ghost")])
        return members.index_differences(session), members.reindex_all(session), members.index_differences(session)

    assert desk.write(break_it) == ([ids[0], 99], 2, [])


def test_every_change_can_be_taken_back(desk: Desk):
    ali = add(desk, "阿梨", joined_on=date(2026, 1, 1), tags=[("", "VIP")])

    def picture() -> object:
        return desk.read(members.card, ali.id), desk.read(members.list_members), desk.read(members.search, "xiaoli")

    for change_it in (
        lambda: desk.write(members.edit, replace(ali, name="小梨", phone="13800000001")),
        lambda: desk.write(members.leave, ali.id, 1, reason="忙"),
        lambda: desk.write(members.tag, [ali.id], "团长", "身份"),
        lambda: desk.write(members.untag, [ali.id], "VIP"),
        lambda: desk.write(members.set_alias, ali.id, "nick", "小梨子"),
        lambda: add(desk, "Tom"),
    ):
        before = picture()
        change_it()
        after = picture()
        assert after != before
        desk.write(history.undo)
        assert picture() == before
        desk.write(history.redo)
        assert picture() == after


def test_the_head_of_a_view_is_its_beginning_and_leavers_of_another_stay_are_not_lost(desk: Desk):
    ids = [desk.write(members.add, name, group_id=1).id for name in ("丁", "甲", "乙", "丙")]
    desk.write(members.leave, ids[1], 1)
    desk.write(members.leave, ids[2], 1)
    desk.write(members.rejoin, ids[2], 1)
    for present in (True, False, None):
        whole = desk.read(members.view_ids, group_id=1, present=present)
        assert desk.read(members.view_ids, group_id=1, present=present, first=2) == whole[:2]
        assert sorted(whole) == sorted({True: [ids[0], ids[2], ids[3]], False: [ids[1]], None: ids}[present])


@pytest.mark.parametrize("present", [True, False, None])
@pytest.mark.parametrize("descending", [True, False])
def test_the_order_of_joining_is_the_same_for_a_whole_group_and_for_the_head_of_it(desk, present, descending):
    ids = [desk.write(members.add, name, group_id=1, joined_on=day).id for name, day in
           (("甲", date(2026, 3, 2)), ("乙", date(2026, 3, 1)), ("丙", None), ("丁", date(2026, 3, 2)))]  # fmt: skip
    desk.write(members.leave, ids[1], 1)
    view = partial(desk.read, members.view_ids, group_id=1, sort="joined", present=present, descending=descending)
    assert view() == view(first=100)


def test_names_read_ahead_mean_whom_they_mean_one_by_one(desk: Desk):
    for name in ("阿梨", "阿 梨", "Tom", "7", "张三", "张三"):
        desk.write(members.add, name)
    told = ("阿梨", " 阿梨 ", "ＴＯＭ", "tom🍀", "7", "#2", "#99", "张三", "没有这人", "")

    def answers(session: Session, *, ahead: bool) -> list[object]:
        resolve = members.resolver(session, told if ahead else ())
        found: list[object] = []
        for name in told:
            try:
                found.append(resolve(name))
            except UserError as error:
                found.append((type(error), str(error)))
        return found

    one_by_one = desk.read(lambda session: answers(session, ahead=False))
    assert desk.read(lambda session: answers(session, ahead=True)) == one_by_one
    assert one_by_one[:6] == [1, 1, 3, 3, 4, 2]
