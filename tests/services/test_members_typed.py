"""Forms into members and back; members into a file and back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from qunguan.domain.errors import BadInput, Refused
from qunguan.domain.members import Birthday
from qunguan.exchange.readers.birthdays import birthday_cell
from qunguan.exchange.readers.rosters import read_roster
from qunguan.exchange.readers.sheets import read_sheet
from qunguan.exchange.writers.tables import write_table
from qunguan.services import history, members
from qunguan.services.desk import Desk
from qunguan.services.members_export import member_table
from qunguan.services.members_typed import (
    add_typed,
    edit_typed,
    leave_many,
    tag_typed,
    typed,
    typed_birthday,
)

GROUP = 1
FULL = {
    "name": "阿梨🍐", "nick": "早起的阿梨", "wechat_id": "ali_88", "phone": "138 0013 8000",
    "birthday": "农历闰四月十二", "joined_on": "2026/3/1", "channel": "小红书", "note": "爱早起",
    "tags": "VIP、学员等级:新人",
}  # fmt: skip


@pytest.mark.parametrize(
    "birthday",
    [
        Birthday(3, 5),
        Birthday(2, 29, year=2000),
        Birthday(4, 12, lunar=True, leap=True),
        Birthday(12, 30, True, year=1990),
    ],
)
def test_a_birthday_in_a_form_is_read_back(birthday: Birthday) -> None:
    assert birthday_cell(typed_birthday(birthday)) == birthday


def test_every_lunar_day_is_echoed_in_the_words_it_is_typed_in() -> None:
    assert typed_birthday(birthday_cell("腊月初八")) == "农历腊月初八"
    assert typed_birthday(birthday_cell("农历1990年闰四月廿三")) == "农历1990年闰四月廿三"
    days = [Birthday(month, day, lunar=True) for month in range(1, 13) for day in range(1, 31)]
    assert [birthday_cell(typed_birthday(each)) for each in days] == days


def test_a_phone_number_is_typed_in_any_width(desk: Desk) -> None:
    person = desk.write(add_typed, FULL | {"phone": "＋86　138－0013－8000"}, GROUP)
    assert person.phone == "13800138000"
    values = typed(desk.read(members.card, person.id), GROUP) | {"phone": "１３９００１３９０００"}
    assert desk.write(edit_typed, person.id, values, GROUP).phone == "13900139000"


def test_a_form_adds_a_member_in_one_step(desk: Desk) -> None:
    person = desk.write(add_typed, FULL, GROUP)
    card = desk.read(members.card, person.id)
    assert (person.phone, person.birthday) == ("13800138000", Birthday(4, 12, True, True))
    assert {(each.kind, each.text) for each in card.aliases} == {
        ("name", "阿梨🍐"), ("nick", "早起的阿梨"), ("wechat_id", "ali_88"),
    }  # fmt: skip
    assert card.stays[0].joined_on == date(2026, 3, 1)
    assert set(card.tags) == {("", "VIP"), ("学员等级", "新人")}
    desk.write(history.undo)
    assert not desk.read(members.view_ids, present=None)


def test_a_form_that_is_not_touched_changes_nothing(desk: Desk) -> None:
    person = desk.write(add_typed, FULL, GROUP)
    steps = desk.read(history.recent)
    values = typed(desk.read(members.card, person.id), GROUP)
    desk.write(edit_typed, person.id, values, GROUP)
    assert desk.read(history.recent) == steps


def test_what_is_changed_or_emptied_in_the_form_is_written(desk: Desk) -> None:
    person = desk.write(add_typed, FULL, GROUP)
    values = typed(desk.read(members.card, person.id), GROUP)
    values |= {"name": "梨子", "nick": "", "birthday": "", "joined_on": "2026-02-01", "extra": "城市=上海; 职业 = 教师"}
    changed = desk.write(edit_typed, person.id, values, GROUP)
    card = desk.read(members.card, person.id)
    assert (changed.name, changed.birthday) == ("梨子", None)
    assert dict(changed.extra) == {"城市": "上海", "职业": "教师"}
    assert [each.kind for each in card.aliases if each.valid_to is None] == ["wechat_id", "name"]
    assert card.stays[0].joined_on == date(2026, 2, 1)
    assert typed(card, GROUP)["extra"] == "城市=上海；职业=教师"
    desk.write(history.undo)
    assert typed(desk.read(members.card, person.id), GROUP)["name"] == "阿梨🍐"


def test_a_date_that_is_none_or_after_the_leaving_is_refused(desk: Desk) -> None:
    person = desk.write(add_typed, {"name": "阿梨", "joined_on": "2026-03-01"}, GROUP)
    desk.write(leave_many, [person.id], GROUP, "2026-03-05", "搬家")
    values = typed(desk.read(members.card, person.id), GROUP)
    with pytest.raises(BadInput):
        desk.write(edit_typed, person.id, values | {"joined_on": "2026-03-06"}, GROUP)
    with pytest.raises(BadInput):
        desk.write(edit_typed, person.id, values | {"joined_on": "2026-02-30"}, GROUP)


def test_several_leave_in_one_step_or_none_does(desk: Desk) -> None:
    ids = list(desk.write(members.add_many, ["甲", "乙", "丙"], group_id=GROUP))
    assert desk.write(leave_many, ids[:2], GROUP, "", "满期") == 2
    assert list(desk.read(members.view_ids, group_id=GROUP)) == ids[2:]
    desk.write(history.undo)
    desk.write(leave_many, ids[2:], GROUP)
    with pytest.raises(Refused):
        desk.write(leave_many, ids, GROUP)
    assert sorted(desk.read(members.view_ids, group_id=GROUP)) == ids[:2]


def test_tags_are_typed_with_their_category(desk: Desk) -> None:
    ids = list(desk.write(members.add_many, ["甲", "乙"], group_id=GROUP))
    assert desk.write(tag_typed, ids, "等级:VIP、团购") == 4
    assert desk.read(members.card, ids[0]).tags == (("", "团购"), ("等级", "VIP"))
    with pytest.raises(BadInput):
        desk.write(tag_typed, ids, " 、 ")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_an_exported_roster_changes_nothing_when_it_comes_back(desk: Desk, tmp_path: Path, suffix: str) -> None:
    person = desk.write(add_typed, FULL, GROUP)
    values = typed(desk.read(members.card, person.id), GROUP) | {"extra": "城市=上海", "name": "=阿梨"}
    desk.write(edit_typed, person.id, values, GROUP)
    other = desk.write(add_typed, {"name": "团团妈"}, GROUP)
    file = tmp_path / f"成员{suffix}"
    table = desk.read(member_table, [other.id, person.id], GROUP)
    write_table(file, table)
    assert [row[1] for row in table.rows] == ["团团妈", "=阿梨"]
    found = desk.read(members.preview, desk.clock, read_roster(read_sheet(file)), GROUP)
    assert (found.new, found.changed, found.rejected, found.same) == ((), (), (), 2)
