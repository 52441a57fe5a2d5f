"""Today's list of a group: who came, who left, who has another name; each counted once."""

from __future__ import annotations

import pytest

from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.rosters import Roster, RosterEntry
from qunguan.exchange.readers.name_lines import names_from
from qunguan.services import history, members
from qunguan.services.desk import Desk
from qunguan.services.member_changes import apply_diff, diff
from qunguan.services.members_duplicates import duplicates
from tests.services.checkin_kit import TODAY, day, people
from tests.services.test_history import picture


def pasted(*names: str) -> Roster:
    return names_from("\n".join(names))


def table(*entries: RosterEntry) -> Roster:
    return Roster("generic", "utf-8", (), {}, (), entries)


def found(desk: Desk, roster: Roster):
    return desk.read(diff, desk.clock, roster, 1)


def test_who_came_and_who_left_and_the_second_time_nobody(desk: Desk) -> None:
    stays, goes = people(desk, "李雷", "小红")
    roster = pasted("李雷🌸", "张三")
    told = found(desk, roster)
    assert [one.name for one in told.joined] == ["张三"]
    assert [one.member_id for one in told.left] == [goes]
    assert [one.member_id for one in told.same] == [stays]
    before = picture(desk)
    done = desk.write(apply_diff, roster, 1, day=day(15), reason="dull")
    assert (done.joined, done.left, done.renamed) == (1, 1, 0)
    stay = desk.read(members.card, goes).stays[0]
    assert (stay.left_on, stay.left_reason) == (day(15), "dull")
    assert not found(desk, roster).changes
    assert desk.write(apply_diff, roster, 1).left == 0
    desk.write(history.undo)
    assert picture(desk) == before


def test_a_new_name_is_known_by_account_or_phone_only(desk: Desk) -> None:
    by_id, by_phone, nothing = people(desk, "李雷", "小红", "Crystal")
    desk.write(members.set_alias, by_id, "wxid", "wxid_l")
    person = desk.read(members.get, by_phone)
    desk.write(members.edit, type(person)(person.id, person.name, "13800000001"))
    roster = table(
        RosterEntry("雷哥", (2,), wxid="wxid_l"),
        RosterEntry("红姐", (3,), phone="13800000001"),
        RosterEntry("Crystol", (4,)),
    )
    told = found(desk, roster)
    assert [(one.member_id, one.was, one.name) for one in told.renamed] == [
        (by_id, "李雷", "雷哥"),
        (by_phone, "小红", "红姐"),
    ]
    assert [one.name for one in told.joined] == ["Crystol"]
    assert [one.member_id for one in told.left] == [nothing]
    (pair,) = told.suggested
    assert (pair.member_id, pair.row) == (nothing, 4)
    desk.write(apply_diff, roster, 1, [*(one.key for one in told.changes), pair.key])
    assert [desk.read(members.get, who).name for who in (by_id, by_phone, nothing)] == ["雷哥", "红姐", "Crystol"]
    assert not found(desk, roster).changes


def test_two_of_one_name_are_two_and_a_missing_one_is_not_guessed(desk: Desk) -> None:
    one, two = people(desk, "小李", "小李")
    both = found(desk, pasted("小李", "小李"))
    assert len(both.same) == 2
    assert not both.changes
    fewer = found(desk, pasted("小李", "张三"))
    assert [each.member_id for each in fewer.unclear] == [two]
    assert not fewer.left
    assert len(found(desk, pasted("小李", "小李", "小李")).joined) == 1
    assert one != two


def test_somebody_who_left_comes_back(desk: Desk) -> None:
    who, _other = people(desk, "李雷", "小红")
    desk.write(members.leave, who, 1, day(10))
    roster = pasted("李雷", "小红")
    (back,) = found(desk, roster).joined
    assert back.member_id == who
    desk.write(apply_diff, roster, 1)
    assert [(stay.joined_on, stay.left_on) for stay in desk.read(members.card, who).stays] == [
        (None, day(10)),
        (TODAY, None),
    ]


def dated(name: str, row: int, left: int | None = None, joined: int | None = None) -> RosterEntry:
    left_on, joined_on = (day(one).isoformat() if one else None for one in (left, joined))
    return RosterEntry(name, (row,), left_on=left_on, joined_on=joined_on)


def test_a_row_with_a_day_of_leaving_is_nobody_in_the_group(desk: Desk) -> None:
    stays, goes, went = people(desk, "李雷", "小红", "阿梨")
    desk.write(members.leave, went, 1, day(8))
    never = dated("从没来过", 5, 3)
    roster = table(dated("李雷", 2), dated("小红", 3, 12), dated("阿梨", 4, 8, 1), never)
    told = found(desk, roster)
    assert (told.listed, told.present, told.joined) == (1, 2, ())
    assert [one.member_id for one in told.same] == [stays]
    assert [(one.member_id, one.row) for one in told.left] == [(goes, 3)]
    assert str(day(12)) in str(told.left[0].evidence)
    desk.write(apply_diff, roster, 1)
    assert desk.read(members.card, goes).stays[0].left_on == day(12)
    assert desk.read(members.card, went).stays[0].left_on == day(8)
    assert not found(desk, roster).changes


def test_a_day_of_leaving_that_has_not_come_or_is_of_a_stay_before_does_not_count(desk: Desk) -> None:
    soon, back, again = people(desk, "李雷", "小红", "阿梨")
    for who in (back, again):
        desk.write(members.leave, who, 1, day(5))
        desk.write(members.join, who, 1, day(9))
    roster = table(dated("李雷", 2, TODAY.day + 1), dated("小红", 3, 5), dated("阿梨", 4, 5, 9))
    told = found(desk, roster)
    assert [one.member_id for one in told.same] == [soon, again]
    assert [(one.member_id, one.row) for one in told.left] == [(back, None)]
    assert desk.read(diff, desk.clock, roster, 1, day=day(21)).listed == 1


def test_one_who_left_and_one_who_is_there_with_the_same_name_are_two(desk: Desk) -> None:
    one, two = people(desk, "小李", "小李")
    desk.write(members.leave, one, 1, day(5))
    assert [each.member_id for each in found(desk, table(dated("小李", 2, 5), dated("小李", 3))).same] == [two]
    (left,) = found(desk, table(dated("小李", 2, 5))).left
    assert (left.member_id, left.row) == (two, None)


def test_a_first_day_before_the_leave_is_not_the_day_they_came_back(desk: Desk) -> None:
    (who,) = people(desk, "李雷")
    desk.write(members.leave, who, 1, day(10))
    desk.write(apply_diff, table(dated("李雷", 2, joined=1)), 1, day=day(15))
    assert [(stay.joined_on, stay.left_on) for stay in desk.read(members.card, who).stays][1] == (day(15), None)


def test_what_cannot_be_names_the_person_and_the_row(desk: Desk) -> None:
    (who,) = people(desk, "李雷")
    desk.write(members.leave, who, 1, day(10))
    before = picture(desk)
    with pytest.raises(BadInput) as told:
        desk.write(apply_diff, table(dated("李雷", 7)), 1, day=day(9))
    assert (told.value.values["row"], told.value.values["name"]) == (7, "李雷")
    assert picture(desk) == before


def test_only_what_is_chosen_is_taken_and_half_a_list_says_so(desk: Desk) -> None:
    people(desk, *"甲乙丙丁戊")
    roster = pasted("甲", "新人")
    told = found(desk, roster)
    assert told.partial
    desk.write(apply_diff, roster, 1, [told.joined[0].key])
    assert len(found(desk, roster).left) == 4
    with pytest.raises(NotFound):
        desk.write(apply_diff, roster, 1, ["+99"])


def test_pairs_that_may_be_one_person(desk: Desk) -> None:
    one, two, three, four = people(desk, "小李", "小李🌸", "王姐", "王姐")
    desk.write(members.set_alias, three, "wxid", "wxid_a")
    desk.write(members.set_alias, four, "wxid", "wxid_b")
    (pair,) = desk.read(duplicates)
    assert (pair.kept_id, pair.gone_id, pair.why) == (one, two, "name")
    desk.write(members.set_alias, one, "wxid", "wxid_b")
    assert [(each.kept_id, each.gone_id, each.why) for each in desk.read(duplicates)] == [
        (one, four, "account"),
        (one, two, "name"),
    ]
