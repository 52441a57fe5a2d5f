"""Rosters into the members: who a row is, what it changes, twice is once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qunguan.domain.member_import import FieldChange
from qunguan.domain.members import Birthday
from qunguan.domain.rosters import Reason, Roster, RosterEntry, RowNote
from qunguan.exchange.readers.headers import Mapping
from qunguan.exchange.readers.rosters import read_roster
from qunguan.exchange.readers.sheets import read_sheet, sheet_from_text
from qunguan.i18n import set_language
from qunguan.services import groups, history, members
from qunguan.services.desk import Desk

FIXTURES = Path(__file__).parents[1] / "fixtures" / "members"


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


def roster(*entries: RosterEntry, rejected: tuple[RowNote, ...] = ()) -> Roster:
    return Roster("generic", "utf-8", ("昵称",), {"昵称": "name"}, (), entries, rejected)


def row(number: int, name: str, **fields) -> RosterEntry:
    return RosterEntry(name, (number,), **fields)


def fixture(name: str) -> Roster:
    return read_roster(read_sheet(FIXTURES / name))


def counts(outcome) -> tuple[int, int, int, int]:
    return outcome.created, outcome.updated, outcome.unchanged, len(outcome.rejected)


def load(desk: Desk, *entries: RosterEntry):
    """Apply, check that the preview said the same, and that a second time changes nothing."""
    given = roster(*entries)
    seen = desk.read(members.preview, desk.clock, given, 1)
    done = desk.write(members.apply, given, 1, source="roster.csv")
    assert (len(seen.new), len(seen.changed), seen.same, seen.rejected) == (*counts(done)[:3], done.rejected)
    again = desk.write(members.apply, given, 1)
    assert (again.created, again.updated, again.rejected) == (0, 0, done.rejected)
    return seen, done


def reasons(outcome) -> list[tuple[int, str]]:
    return [(note.row, str(note.reason)) for note in outcome.rejected]


@pytest.mark.parametrize("first", ["members_gb18030.csv", "members_utf8_bom.csv"])
def test_both_encodings_give_the_same_three_members(desk: Desk, first):
    assert counts(desk.write(members.apply, fixture(first), 1)) == (3, 0, 0, 0)
    for name in ("members_gb18030.csv", "members_utf8_bom.csv"):
        assert counts(desk.write(members.apply, fixture(name), 1)) == (0, 0, 3, 0)
    found = {(m.name, m.joined_on) for m in desk.read(members.list_members)}
    assert found == {
        ("阿梨", date(2024, 3, 1)),
        ("团团妈,二宝", date(2024, 3, 5)),
        ("Crystal🍀", date(2024, 3, 10)),
    }


def test_the_wecom_list_adds_to_who_is_there_and_makes_nobody_twice(desk: Desk):
    desk.write(members.apply, fixture("members_utf8_bom.csv"), 1)
    seen = desk.read(members.preview, desk.clock, fixture("wecom_customers.xlsx"), 1)
    assert ([n.name for n in seen.new], [c.name for c in seen.changed]) == (["Tom@示例公司"], ["阿梨"])
    assert counts(desk.write(members.apply, fixture("wecom_customers.xlsx"), 1)) == (1, 1, 0, 0)
    assert counts(desk.write(members.apply, fixture("wecom_customers.xlsx"), 1)) == (0, 0, 2, 0)
    (ali,) = desk.read(members.list_members, search="阿梨")
    assert {name for _, name in ali.tags} == {"VIP", "老带新", "团购"}
    assert ali.joined_on == date(2024, 3, 1)


def test_a_row_is_known_by_account_then_by_phone_then_by_name(desk: Desk):
    load(
        desk,
        row(2, "阿梨", wxid="wxid_a", phone="13800000001"),
        row(3, "团团", phone="13800000002"),
        row(4, "Tom🍀"),
    )
    seen, done = load(
        desk,
        row(2, "小梨", wxid="WXID_A", phone="13900000001"),
        row(3, "圆圆", phone="13800000002"),
        row(4, "tom", channel="朋友圈"),
    )
    assert counts(done) == (0, 3, 0, 0)
    assert [(c.member_id, c.renamed) for c in seen.changed] == [(1, True), (2, True), (3, False)]
    assert [m.name for m in desk.read(members.rows_by_ids, [1, 2, 3])] == ["小梨", "圆圆", "tom"]
    assert desk.read(members.resolve, "阿梨") == 1
    assert seen.changed[0].changes == (
        FieldChange("name", "阿梨", "小梨"),
        FieldChange("phone", "13800000001", "13900000001"),
        FieldChange("wxid", "wxid_a", "WXID_A"),
    )


def test_a_former_name_finds_its_owner_and_is_not_taken_back(desk: Desk):
    load(desk, row(2, "阿梨", wxid="a"))
    load(desk, row(2, "小梨", wxid="a"))
    _, done = load(desk, row(2, "阿梨"))
    assert counts(done) == (0, 0, 1, 0)
    assert desk.read(members.get, 1).name == "小梨"


def test_a_former_name_stays_a_former_one_when_its_row_tells_something_else(desk: Desk):
    load(desk, row(2, "阿梨", wxid="a"))
    load(desk, row(2, "小梨", wxid="a"))
    seen, _ = load(desk, row(2, "阿梨", channel="扫码"))
    assert [change.field for change in seen.changed[0].changes] == ["channel"]
    names = {one.text: one.valid_to for one in desk.read(members.card, 1).aliases if one.kind == "name"}
    assert (names["小梨"], names["阿梨"]) == (None, date(2026, 3, 20))


def test_an_empty_cell_blanks_nothing_and_a_different_value_is_taken(desk: Desk):
    full = row(
        2, "阿梨", wechat_id="ali", phone="13800000001", joined_on="2024-03-01", channel="扫码", note="团长",
        birthday=Birthday(4, 8, lunar=True, year=1990), tags=(("", "VIP"),), extra={"城市": "杭州", "尺码": "M"},
    )  # fmt: skip
    load(desk, full)
    _, done = load(desk, row(2, "阿梨", wechat_id="ali", birthday=Birthday(4, 8, lunar=True)))
    assert counts(done) == (0, 0, 1, 0)
    seen, _ = load(
        desk,
        row(
            2, "阿梨", wechat_id="ali", joined_on="2024-02-01", tags=(("", "老带新"),), extra={"尺码": "L", "城市": ""}
        ),
    )
    assert seen.changed[0].changes == (
        FieldChange("尺码", "M", "L"),
        FieldChange("tags", "VIP", "VIP、老带新"),
        FieldChange("joined_on", "2024-03-01", "2024-02-01"),
    )
    card = desk.read(members.card, 1)
    assert (card.member.phone, card.member.note, card.member.extra) == (
        "13800000001",
        "团长",
        {"城市": "杭州", "尺码": "L"},
    )
    assert card.member.birthday == Birthday(4, 8, lunar=True, year=1990)
    assert card.tags == (("", "VIP"), ("", "老带新"))


def test_two_rows_of_one_name_with_different_ids_are_two_people(desk: Desk):
    _, done = load(desk, row(2, "张三", wechat_id="z1"), row(3, "张三", wechat_id="z2"))
    assert done.created == 2
    _, done = load(desk, row(2, "张三", phone="13800000001"), row(3, "张三", phone="13800000002"))
    assert reasons(done) == [
        (2, "several members have this name: 张三 (#1) / 张三 (#2)"),
        (3, "several members have this name: 张三 (#1) / 张三 (#2)"),
    ]


def test_two_rows_of_one_name_that_nothing_tells_apart_are_not_guessed(desk: Desk):
    _, done = load(desk, row(2, "张三"), row(3, "张三🍀"), row(4, "李四", wechat_id="l4"), row(5, "李四"))
    assert counts(done)[0] == 2
    assert reasons(done) == [
        (3, "the same name as in row 2, and no ID or phone tells them apart"),
        (5, "the same name as in row 4, and no ID or phone tells them apart"),
    ]


def test_a_row_with_an_id_is_found_before_an_earlier_one_takes_its_name(desk: Desk):
    load(desk, row(2, "张三", wechat_id="z1"))
    _, done = load(desk, row(2, "张三"), row(3, "张三", wechat_id="z1", channel="扫码"))
    assert (done.updated, reasons(done)) == (1, [(2, "the same name as in row 3, and no ID or phone tells them apart")])


def test_the_same_id_twice_is_one_person(desk: Desk):
    _, done = load(desk, row(2, "张三", wechat_id="z1"), row(3, "小张", wechat_id="Z1"))
    assert counts(done)[0] == 1
    assert [number for number, _ in reasons(done)] == [3]


def test_a_family_shares_a_phone(desk: Desk):
    pair = row(2, "张三", phone="13800000001"), row(3, "李四", phone="13800000001")
    assert load(desk, *pair)[1].created == 2
    assert counts(load(desk, *reversed(pair))[1]) == (0, 0, 2, 0)
    _, done = load(desk, row(2, "王五", phone="13800000001"))
    assert reasons(done) == [(2, "the phone belongs to several members: 张三 (#1) / 李四 (#2)")]


def test_leaving_and_returning_are_told_by_the_dates(desk: Desk):
    load(desk, row(2, "阿梨", joined_on="2026-01-01", left_on="2026-02-01"))
    _, done = load(desk, row(2, "阿梨"))
    assert [str(note) for note in done.notes] == [
        "1 people in the file have left the group; they stay so until you let them rejoin"
    ]
    _, done = load(desk, row(2, "阿梨", joined_on="2026-03-01"))
    assert [(s.joined_on, s.left_on) for s in desk.read(members.card, 1).stays] == [
        (date(2026, 1, 1), date(2026, 2, 1)),
        (date(2026, 3, 1), None),
    ]
    _, done = load(
        desk, row(2, "阿梨", left_on="2026-02-15"), row(3, "团团", joined_on="2026-02-02", left_on="2026-02-01")
    )
    assert (
        counts(done),
        [(each.row, each.name, each.column, each.value, str(each.reason)) for each in done.warnings],
    ) == (
        (1, 0, 1, 0),
        [
            (2, "阿梨", "left_on", "2026-02-15", "left on 2026-02-15, before the day they joined, 2026-03-01"),
            (3, "团团", "joined_on", "2026-02-02", "left on 2026-02-01, before the day they joined, 2026-02-02"),
            (3, "团团", "left_on", "2026-02-01", "left on 2026-02-01, before the day they joined, 2026-02-02"),
        ],
    )
    assert [s.left_on for s in desk.read(members.card, 1).stays] == [date(2026, 2, 1), None]


@pytest.mark.parametrize(
    ("joined", "left", "wrong"),
    [("1900-01-01", None, "joined_on"), ("2099-01-01", None, "joined_on"), ("2026-01-01", "2026-03-22", "left_on")],
)
def test_a_day_nobody_joined_or_left_is_not_taken_and_said(desk: Desk, joined, left, wrong):
    _, done = load(desk, row(2, "阿梨", joined_on=joined, left_on=left))
    assert (counts(done)[0], [each.column for each in done.warnings]) == (1, [wrong])
    (stay,) = desk.read(members.card, 1).stays
    assert (stay.joined_on, stay.left_on) == (None if wrong == "joined_on" else date(2026, 1, 1), None)


def test_who_joins_after_midnight_joins_today(desk: Desk):
    _, done = load(desk, row(2, "阿梨", joined_on="2026-03-21"))
    assert (counts(done)[0], done.warnings) == (1, ())


def test_a_bad_cell_leaves_the_field_as_it_was(desk: Desk):
    text = "昵称,生日,入群日期,手机号\n阿梨,{},{},{}\n"

    def read(*cells: str) -> Roster:
        return read_roster(sheet_from_text(text.format(*cells), "群.csv"))

    desk.write(members.apply, read("3月5日", "2026-01-01", "13800000001"), 1)
    done = desk.write(members.apply, read("2月31日", "2026-13-01", "12"), 1)
    assert (counts(done), {each.column for each in done.warnings}) == ((0, 0, 1, 0), {"生日", "入群日期", "手机号"})
    card = desk.read(members.card, 1)
    assert (card.member.birthday, card.member.phone) == (Birthday(3, 5), "13800000001")
    assert card.stays[0].joined_on == date(2026, 1, 1)


def test_an_inviter_may_be_a_member_or_a_row_of_the_same_file(desk: Desk):
    _, done = load(desk, row(2, "团团", inviter="阿梨"), row(3, "阿梨", inviter="谁"), row(4, "Tom", inviter="团团"))
    assert [desk.read(members.card, n).stays[0].inviter for n in done.created_ids] == ["阿梨", "", "团团"]
    assert [str(note) for note in done.notes] == ["who invited them is not clear: 谁 (1 times)"]


def test_a_group_that_grows_too_large_is_said_with_its_source(desk: Desk):
    desk.write(groups.update, replace(desk.read(groups.find), capacity_soft=2))
    seen = desk.read(members.preview, desk.clock, roster(row(2, "甲"), row(3, "乙"), row(4, "丙")), 1)
    assert [str(note) for note in seen.notes] == ["the group then has 3 members, more than 2 (S2-22)"]


def test_rejected_rows_of_the_file_stand_among_ours_in_order(desk: Desk):
    refused = RowNote(3, Reason.of("{problem}", problem="the name is empty"))
    done = desk.write(members.apply, roster(row(2, "张三"), row(4, "张三"), rejected=(refused,)), 1)
    assert [number for number, _ in reasons(done)] == [3, 4]


def test_a_preview_and_a_rehearsal_write_nothing(desk: Desk):
    given = fixture("members_utf8_bom.csv")
    assert len(desk.read(members.preview, desk.clock, given, 1).new) == 3
    assert desk.rehearse(members.apply, given, 1).created == 3
    assert desk.read(members.list_members) == ()


def test_a_mapping_the_owner_confirmed_is_remembered(desk: Desk):
    mapping = Mapping(("谁", "哪天来的", "杂"), ("name", "joined_on", ""))
    assert desk.read(members.recall_mapping, "roster", "abc") is None
    desk.write(members.remember_mapping, "roster", "abc", mapping)
    assert desk.read(members.recall_mapping, "roster", "abc") == mapping
    assert desk.read(members.recall_mapping, "points", "abc") is None


def test_six_thousand_rows_are_read_in_slices(desk: Desk):
    many = [row(n, f"成员{n}", wechat_id=f"wx{n}", phone=str(13_000_000_000 + n)) for n in range(2, 6002)]
    assert counts(desk.write(members.apply, roster(*many), 1)) == (6000, 0, 0, 0)
    moved = [row(n, f"成员{n}", wechat_id=f"wx{n}", channel="扫码") for n in range(2, 6002)]
    assert counts(desk.write(members.apply, roster(*moved), 1)) == (0, 6000, 0, 0)
    assert len(desk.read(members.view_ids, group_id=1)) == 6000


def test_an_import_is_one_step_that_can_be_taken_back(desk: Desk):
    load(desk, row(2, "阿梨", wxid="a", tags=(("", "VIP"),)), row(3, "团团"))
    before = desk.read(members.list_members), desk.read(members.card, 1)
    given = roster(row(2, "小梨", wxid="a", phone="13800000001", left_on="2026-02-01"), row(3, "新人", inviter="小梨"))
    assert counts(desk.write(members.apply, given, 1, source="名单.csv")) == (1, 1, 0, 0)
    assert str(desk.read(history.recent)[0]) == "Imported 2 members from 名单.csv"
    desk.write(history.undo)
    assert (desk.read(members.list_members), desk.read(members.card, 1)) == before


ENTRY = st.fixed_dictionaries(
    {"name": st.sampled_from(["张三", "张三🍀", "李四", "Tom", "tom"])},
    optional={
        "wxid": st.sampled_from(["a", "b", "A"]),
        "wechat_id": st.sampled_from(["a", "x", "y"]),
        "phone": st.sampled_from(["13800000001", "13800000002"]),
        "joined_on": st.sampled_from(["2026-01-01", "2026-02-01", "2026-03-01"]),
        "left_on": st.sampled_from(["2026-01-15", "2026-02-15"]),
        "remark": st.sampled_from(["张三", "老客"]),
        "inviter": st.sampled_from(["张三", "李四", "谁"]),
        "tags": st.sampled_from([(("", "VIP"),), (("", "VIP"), ("来源", "团购"))]),
        "extra": st.sampled_from([{"城市": "杭州"}, {"城市": ""}]),
    },
)


def test_a_phone_that_another_row_takes_away_is_no_doubt_the_second_time(desk: Desk):
    both = {"phone": "13800000002"}
    load(desk, row(2, "张三", wechat_id="x", **both), row(3, "张三", wxid="a", wechat_id="a", **both))
    moved = roster(row(2, "张三", wxid="a", phone="13800000001"), row(3, "张三🍀", **both))
    assert counts(desk.write(members.apply, moved, 1)) == (0, 2, 0, 0)
    assert counts(desk.write(members.apply, moved, 1)) == (0, 0, 2, 0)


def test_a_remark_and_a_phone_do_not_take_a_member_from_the_row_of_their_name(desk: Desk):
    phone = {"phone": "13800000001"}
    file = roster(row(2, "张三"), row(3, "张三", **phone), row(4, "李四", remark="张三", **phone))
    assert counts(desk.write(members.apply, file, 1)) == (2, 0, 0, 1)
    assert counts(desk.write(members.apply, file, 1)) == (0, 0, 2, 1)


def test_what_another_row_tells_settles_a_doubt_the_first_time(desk: Desk):
    phone = {"phone": "13800000002"}
    load(desk, row(2, "李四", wxid="a", **phone), row(3, "李四", wxid="b"))
    _, done = load(desk, row(2, "张三", wxid="b", **phone), row(3, "李四", wechat_id="x", **phone))
    assert counts(done) == (0, 2, 0, 0)
    load(desk, row(2, "赵六", wxid="c", phone="13800000003"), row(3, "王五", wxid="d", phone="13800000003"))
    _, done = load(desk, row(2, "赵六", phone="13800000004"), row(3, "小五", phone="13800000003"))
    assert counts(done) == (0, 2, 0, 0)


ROSTERS = st.lists(st.lists(ENTRY, max_size=6), min_size=1, max_size=3)


def twice_is_once(desk: Desk, files: list[list[dict[str, Any]]]) -> None:
    def all_in_turn(session, clock):
        for file in files:
            given = roster(*(row(n, **fields) for n, fields in enumerate(file, 2)))
            seen = members.preview(session, clock, given, 1)
            done = members.apply(session, clock, given, 1)
            assert (len(seen.new), len(seen.changed), seen.same, seen.rejected) == (*counts(done)[:3], done.rejected)
            assert sum(counts(done)) == len(file)
            again = members.apply(session, clock, given, 1)
            assert (again.created, again.updated) == (0, 0)
        assert members.index_differences(session) == []

    desk.rehearse(all_in_turn)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROSTERS)
def test_any_roster_twice_is_once_and_every_row_is_accounted_for(desk: Desk, files):
    twice_is_once(desk, files)


@pytest.mark.long
@settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROSTERS)
def test_three_thousand_rosters_twice_are_once(desk: Desk, files):
    twice_is_once(desk, files)


def test_hostile_names_of_a_file_are_harmless_or_rejected_with_their_row(desk: Desk, tmp_path: Path):
    names = ["[red]坏[/red]", "=cmd|' /C calc'!A0", "\x1b]52;c;aGk=\x07红", "名" * 10_000, "\u200b\u2060\ufeff", "正常"]
    file = tmp_path / "hostile.csv"
    file.write_text("昵称,手机号\n" + "".join(f'"{name}",1380000000{n}\n' for n, name in enumerate(names)), "utf-8")
    given = read_roster(read_sheet(file))
    assert [note.row for note in desk.read(members.preview, desk.clock, given, 1).row_notes] == [4]
    done = desk.write(members.apply, given, 1)
    stored = [m.name for m in desk.read(members.list_members)]
    assert {"[red]坏[/red]", "=cmd|' /C calc'!A0", "正常"} <= set(stored)
    assert all(len(name) <= 64 and name.isprintable() for name in stored)
    assert done.created + len(done.rejected) == len(names)
    assert 6 in {note.row for note in done.rejected}
    assert counts(desk.write(members.apply, given, 1)) == (0, 0, done.created, len(done.rejected))
