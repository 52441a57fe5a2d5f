"""Ways to members: told, from the roster, from accounts; consent; who could be reached if the group went down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.reach import Channel, ContactRow, channel_typed, channels
from qunguan.exchange.readers.headers import NeedsMapping
from qunguan.exchange.readers.reach import read_contacts
from qunguan.exchange.readers.sheets import sheet_from_text
from qunguan.exchange.writers.cells import guarded
from qunguan.exchange.writers.reach import reach_table
from qunguan.exchange.writers.tables import write_table
from qunguan.services import groups, history, members, members_merge, reach, rules
from qunguan.services.cleaning_decide import decide
from qunguan.services.desk import Desk
from qunguan.store.activity import speaker
from qunguan.store.journal import change
from qunguan.store.reach import contact
from qunguan.store.session import Session
from tests.conftest import NOW

PHONE, QQ, EMAIL, WECHAT, APP = (channels()[each] for each in ("phone", "qq", "email", "wechat", "app"))


def people(session: Session, clock: Clock) -> None:
    session.step("people")
    for name, phone in (
        ("阿梨", "13800000001"),
        ("张三", ""),
        ("李四", "138"),
        ("Tom", ""),
        ("王姐", ""),
    ):
        members.add(session, clock, name, group_id=1, phone=phone)


def accounts(session: Session, clock: Clock) -> None:
    session.step("accounts")
    members.set_alias(session, clock, 2, "wechat_id", "zhangsan88")
    session.insert(speaker, group_id=1, kind="qq", key="123456789", name="Tom", member_id=4, matched_by="id")
    session.insert(speaker, group_id=1, kind="qq", key="99999", name="谁", member_id=None, matched_by="unknown")


@pytest.fixture
def group(desk: Desk) -> Desk:
    desk.write(people)
    desk.write(accounts)
    return desk


def covered(desk: Desk):
    found = desk.read(reach.coverage, desk.clock, 1)
    return found, {each.channel: each.n for each in found.channels}


def test_numbers_of_the_roster_and_known_accounts_count_and_what_is_cut_short_does_not(group: Desk):
    found, n = covered(group)
    assert (found.members, n["phone"], n["wechat"], n["qq"], n["email"]) == (5, 1, 1, 1, 0)
    assert found.reachable == 3
    assert found.backup == 2, "a private chat in WeChat falls with the group's own platform"
    assert found.backup_rate == 2 / 5
    assert [name for _who, name in found.unreachable] == ["李四", "王姐"]
    assert (found.target, found.met, found.source) == (80, False, "S4-31")


def test_what_falls_with_the_platform_follows_the_groups_own(group: Desk):
    group.write(groups.update, replace(group.read(groups.get, 1), platform="qq"))
    found, _n = covered(group)
    assert found.backup == 2
    assert {each.channel for each in found.channels if not each.outside} == {"qq"}


def test_a_way_told_counts_until_it_ends_or_is_refused(group: Desk):
    made = group.write(reach.add, 5, EMAIL, "wang@example.com")
    assert (made.origin, made.agreed) == ("told", True)
    assert group.write(reach.add, 5, EMAIL, "wang@example.com") == made
    assert covered(group)[1]["email"] == 1
    number = made.id or 0
    group.write(reach.end, number)
    assert covered(group)[1]["email"] == 0
    with pytest.raises(NotFound):
        group.write(reach.end, number)
    again = group.write(reach.add, 5, EMAIL, "wang@example.com")
    assert covered(group)[1]["email"] == 1
    group.write(reach.refuse, 5, EMAIL)
    found, n = covered(group)
    assert (n["email"], next(each.refused for each in found.channels if each.channel == "email")) == (0, 1)
    group.write(history.undo)
    assert covered(group)[1]["email"] == 1
    assert again.value == "wang@example.com"


def test_a_refused_number_of_the_roster_is_not_written_to(group: Desk):
    group.write(reach.refuse, 1, PHONE)
    assert covered(group)[1]["phone"] == 0
    assert 1 not in {line.member_id for line in group.read(reach.reach_list, group.clock, 1)}
    with pytest.raises(Refused):
        group.write(reach.refuse, 1, APP)
    group.clock = Clock(NOW + timedelta(days=3))
    group.write(reach.add, 1, PHONE, "13800000001")
    assert covered(group)[1]["phone"] == 1


def test_the_rosters_number_is_not_kept_twice(group: Desk):
    before = group.read(history.recent)[0].id
    told = group.write(reach.add, 1, PHONE, "13800000001")
    assert (told.id, told.origin) == (None, "roster")
    assert group.read(history.recent)[0].id == before


def test_who_asked_not_to_be_written_to_is_in_no_list(group: Desk):
    group.write(decide, 1, [1], "no_contact")
    found, n = covered(group)
    assert (found.left_alone, n["phone"], found.backup) == (1, 0, 1)
    assert 1 not in {who for who, _name in found.unreachable}
    assert [line.name for line in group.read(reach.reach_list, group.clock, 1)] == ["Tom", "张三"]


@pytest.mark.parametrize(
    ("channel", "value"),
    [(PHONE, "138****0000"), (PHONE, "打我"), (EMAIL, "wang@"), (QQ, "0123"), (APP, "  "), (EMAIL, "a@b.c\n@d")],
)
def test_a_value_nothing_can_be_sent_to_is_refused(group: Desk, channel: Channel, value: str):
    with pytest.raises(BadInput):
        group.write(reach.add, 5, channel, value)
    with pytest.raises(NotFound):
        group.write(reach.add, 99, EMAIL, "a@b.cn")


def test_channels_are_typed_as_people_call_them():
    assert [channel_typed(each).id for each in ("短信", "手机号", "QQ号", "公众号", "企微", "email")] == [
        "phone", "phone", "qq", "mp", "wecom", "email",
    ]  # fmt: skip
    with pytest.raises(BadInput, match="phone"):
        channel_typed("飞鸽")


def sheet(text: str):
    return read_contacts(sheet_from_text(text, "联系.csv"))


def test_a_table_with_a_column_for_each_channel():
    told = sheet(
        "昵称,手机号,邮箱,QQ号,是否同意\n阿梨,+86 138-0000-0001,a@b.cn,10001,是\n张三,,,12345,不同意\nTom,,,,\n"
    )
    assert told.rows[0].ways == (("phone", "13800000001"), ("email", "a@b.cn"), ("qq", "10001"))
    assert [row.agreed for row in told.rows] == [True, False]
    assert [note.row for note in told.skipped] == [4]


def test_a_table_of_lines_and_what_is_not_taken():
    told = sheet("成员编号,渠道,联系方式\n1,短信,13800000001\n2,飞鸽,5\n3,QQ,\n,QQ,12345\n")
    assert [(row.who, row.ways) for row in told.rows] == [("#1", (("phone", "13800000001"),))]
    assert [note.row for note in told.rejected] == [3, 4, 5]
    with pytest.raises(NeedsMapping):
        sheet("甲,乙\n阿梨,1\n")


def test_an_import_counts_what_is_new_changed_and_known_and_comes_again_to_nothing(group: Desk):
    rows = [
        ContactRow(2, "阿梨", (("phone", "13800000001"), ("email", "li@b.cn"))),
        ContactRow(3, "王姐", (("phone", "13900000005"),)),
        ContactRow(4, "Tom", (("qq", "123456789"),), agreed=False),
        ContactRow(5, "没有这人", (("qq", "123456"),)),
        ContactRow(6, "张三", (("email", "nothing"),)),
    ]
    done = group.write(reach.import_contacts, rows)
    assert (done.added, done.changed, done.already) == (2, 1, 1)
    assert ([note.row for note in done.unresolved], [note.row for note in done.rejected]) == ([5], [6])
    mark = group.read(history.recent)[0].id
    again = group.write(reach.import_contacts, rows)
    assert (again.added, again.changed, again.already) == (0, 0, 4)
    assert group.read(history.recent)[0].id == mark
    assert covered(group)[1] | {"x": 0} == {
        "phone": 2,
        "email": 1,
        "qq": 0,
        "wechat": 1,
        "app": 0,
        "wecom": 0,
        "mp": 0,
        "x": 0,
    }
    group.write(history.undo)
    assert covered(group)[1]["qq"] == 1


def test_the_list_goes_out_and_comes_back_and_no_formula_runs(group: Desk, tmp_path):
    group.write(members.edit, replace(group.read(members.get, 5), name="=HYPERLINK(1)"))
    group.write(reach.add, 5, APP, "=cmd|'/c calc'!A1")
    group.write(reach.add, 5, APP, "wang-2")
    lines = group.read(reach.reach_list, group.clock, 1)
    path = tmp_path / "reach.csv"
    write_table(path, reach_table(lines))
    text = path.read_text(encoding="utf-8-sig")
    assert guarded("=HYPERLINK(1)") in text
    assert ',"=cmd' not in text
    told = sheet(text)
    assert {row.who: dict(row.ways).get("app") for row in told.rows}["#5"] == "wang-2"
    done = group.write(reach.import_contacts, told.rows)
    assert (done.added, done.changed, done.rejected, done.unresolved) == (0, 0, (), ())
    only = group.read(reach.reach_list, group.clock, 1, ("qq",))
    assert [line.ways for line in only] == [{"qq": ("123456789",)}]
    outside = group.read(reach.reach_list, group.clock, 1, outside=True)
    assert "张三" not in {line.name for line in outside}


def test_the_target_is_a_rule_and_an_empty_group_has_no_share(group: Desk):
    group.write(rules.change, "reach.target", 40)
    assert covered(group)[0].met is True
    group.write(rules.switch, "reach.target", enabled=False)
    assert (covered(group)[0].target, covered(group)[0].met) == (None, None)
    other = group.write(groups.create, "空群").id
    found = group.read(reach.coverage, group.clock, other)
    assert (found.backup_rate, found.met, found.channels[0].rate) == (None, None, None)


def test_who_is_forgotten_has_no_contacts_and_the_journal_none_either(group: Desk):
    group.write(reach.add, 5, EMAIL, "wang@example.com")
    group.write(reach.refuse, 5, EMAIL)
    group.write(members.erase, 5)

    def left(session: Session) -> tuple[int, str]:
        images = [str(row.before) for row in session.rows(select(change))]
        return len(session.rows(select(contact))), "".join(images)

    rows, images = group.read(left)
    assert rows == 0
    assert "wang@" not in images


def test_a_way_told_on_the_same_day_twice_is_one_row(group: Desk):
    first = group.write(reach.add, 5, QQ, "55555")
    group.write(reach.refuse, 5, QQ)
    group.write(reach.add, 5, QQ, "55555")
    (only,) = group.read(reach.of_member, group.clock, 5)
    assert (only.id, only.agreed, only.told_on) == (first.id, True, date(2026, 3, 20))


def test_a_no_of_either_is_a_no_after_a_merge(group: Desk):
    group.write(reach.add, 4, QQ, "55555")
    group.write(reach.add, 5, QQ, "55555")
    group.write(reach.refuse, 5, QQ)
    group.write(members_merge.merge, 4, 5)
    told = {one.value: one.agreed for one in group.read(reach.of_member, group.clock, 4)}
    assert told == {"55555": False, "123456789": True}
