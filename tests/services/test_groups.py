"""Groups: what may be one, which one is meant, when its day begins, how full it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from qunguan.domain.clock import Clock, DayRule
from qunguan.domain.errors import Ambiguous, BadInput, NotFound
from qunguan.i18n import set_language
from qunguan.services import checkins, groups, history, members, points, rules
from qunguan.services.desk import Desk


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


def test_the_first_group_is_the_current_one_and_has_the_default_day(desk: Desk):
    group = desk.read(groups.current)
    assert group is not None
    assert (group.name, group.platform, group.day_rule) == ("早起读书群", "wechat", DayRule("Asia/Shanghai", 0))
    assert desk.read(groups.find) == group


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"timezone": "Mars/Olympus"}, "there is no time zone Mars/Olympus"),
        ({"timezone": "Asia"}, "there is no time zone Asia"),
        ({"timezone": ""}, "there is no time zone"),
        ({"timezone": "../../etc/passwd"}, "there is no time zone"),
        ({"day_start": 24}, "24 is not an hour of the day"),
        ({"day_start": -1}, "-1 is not an hour of the day"),
        ({"day_start": "noon"}, "noon is not an hour of the day"),
        ({"platform": "msn"}, "there is no platform msn"),
        ({"name": "  "}, "the name is empty"),
        ({"name": "\u200b\u2060\ufeff"}, "the name is empty"),
        ({"name": "群" * 10_000}, "the name is too long: 10000 characters"),
        ({"name": "\x1b]52;c;aGk=\x07"}, "the name has control characters in it"),
        ({"name": "早起读书群"}, "there is already a group 早起读书群"),
        ({"capacity_soft": 0}, "0 is not a size of a group"),
        ({"capacity_hard": 10**30}, "is not a size of a group"),
        ({"capacity_soft": 20, "capacity_hard": 10}, "the largest size 10 is below the suggested size 20"),
    ],
)
def test_a_group_that_cannot_be_is_refused_in_one_line_and_nothing_is_made(desk: Desk, given, says):
    with pytest.raises(BadInput) as error:
        desk.write(groups.create, **{"name": "夜读群", **given})
    assert says in str(error.value)
    assert "\n" not in str(error.value)
    assert "\x1b" not in str(error.value)
    assert len(desk.read(groups.all_groups)) == 1


@pytest.mark.parametrize("name", ["[red]群[/red]", "=HYPERLINK(1)", "读书👩‍👩‍👧群", "A&B <群>"])
def test_markup_formulas_and_emoji_are_ordinary_names(desk: Desk, name):
    made = desk.write(groups.create, name)
    assert made.name == name
    assert desk.read(groups.find, name) == made


def test_a_group_is_found_by_id_by_name_and_by_the_name_as_people_type_it(desk: Desk):
    night = desk.write(groups.create, "Night 夜读群🌙", platform="qq", day_start=4)
    for text in ("2", "#2", "Night 夜读群🌙", "ｎｉｇｈｔ 夜读群", " Night 夜读群🌙 "):
        assert desk.read(groups.find, text) == night
    with pytest.raises(NotFound, match="there is no group"):
        desk.read(groups.find, "不存在")


def test_two_groups_and_none_chosen_are_not_guessed_between(desk: Desk):
    one = desk.write(groups.create, "夜读群")
    desk.write(groups.create, "晨跑群")
    assert desk.read(groups.find).name == "早起读书群"
    desk.write(groups.archive, 1)
    with pytest.raises(Ambiguous) as error:
        desk.read(groups.find)
    assert error.value.candidates == ("夜读群 (#2)", "晨跑群 (#3)")
    desk.write(groups.set_current, one.id)
    assert desk.read(groups.find) == one
    assert [group.id for group in desk.read(groups.all_groups, archived=True)] == [1, 2, 3]


def test_a_name_that_fits_two_groups_is_refused_with_both(desk: Desk):
    desk.write(groups.create, "夜读群🌙")
    desk.write(groups.create, "夜读群⭐")
    with pytest.raises(Ambiguous) as error:
        desk.read(groups.find, "夜读群")
    assert error.value.candidates == ("夜读群🌙 (#2)", "夜读群⭐ (#3)")


def test_a_change_is_written_and_an_unchanged_group_leaves_no_step(desk: Desk):
    group = desk.read(groups.find)
    changed = desk.write(groups.update, replace(group, name="早起群", day_start=4, capacity_soft=100))
    assert (changed.name, changed.day_start, changed.capacity_soft) == ("早起群", 4, 100)
    assert desk.write(lambda session, clock: (groups.update(session, clock, changed), session.changed)[1]) is False


def test_making_a_group_can_be_taken_back(desk: Desk):
    desk.write(groups.create, "夜读群")
    desk.write(groups.set_current, 2)
    desk.write(history.undo)
    assert [group.name for group in desk.read(groups.all_groups)] == ["早起读书群"]
    assert desk.read(groups.find).id == 1


def test_before_the_day_start_it_is_still_yesterday(desk: Desk):
    """Semantics 3.1: day_start 4, 03:59 belongs to the day before, 04:00 does not."""
    desk.write(groups.update, replace(desk.read(groups.find), day_start=4))
    rule = desk.read(groups.day_rule)
    assert rule.biz_date(datetime(2025, 8, 14, 19, 59, tzinfo=UTC)) == date(2025, 8, 14)
    assert rule.biz_date(datetime(2025, 8, 14, 20, 0, tzinfo=UTC)) == date(2025, 8, 15)


def test_another_day_start_is_for_later_records_only(desk: Desk):
    """Semantics 3.1: what was recorded keeps its day."""
    first, second = (desk.write(members.add, name, group_id=1).id for name in ("阿梨", "团团"))
    found = desk.write(checkins.start, "早起", who="all", starts_on=date(2026, 3, 1)).id
    desk.write(groups.update, replace(desk.read(groups.find), day_start=4))
    desk.clock = Clock(datetime(2026, 3, 19, 19, 59, tzinfo=UTC))  # 03:59 of the 20th
    desk.write(checkins.tick, found, first)
    desk.write(groups.update, replace(desk.read(groups.find), day_start=0))
    desk.write(checkins.tick, found, second)
    rows = {row.member_id: row for row in desk.read(checkins.board, desk.clock, found, date(2026, 3, 19)).rows}
    assert [rows[member_id].state for member_id in (first, second)] == ["done", "none"]
    days = [desk.read(points.statement, desk.clock, member_id).entries[0].biz_date for member_id in (first, second)]
    assert days == [date(2026, 3, 19), date(2026, 3, 20)]


def test_capacity_names_the_rule_that_speaks(desk: Desk):
    group = desk.read(groups.find)
    desk.write(members.add_many, [f"人{n}" for n in range(6)], group_id=group.id)
    assert desk.read(groups.capacity, group).verdict == "ok"
    group = desk.write(groups.update, replace(group, capacity_soft=5, capacity_hard=6))
    full = desk.read(groups.capacity, group)
    assert (full.present, full.verdict, full.rule, full.source) == (6, "notice", "group.capacity_soft", "S2-22")
    assert desk.read(groups.capacity, group, joining=1).source == "S4-05"
    desk.write(members.leave, 1, group.id)
    assert desk.read(groups.capacity, group).verdict == "ok"


@pytest.mark.parametrize(("rule", "size"), [("soft", 501), ("soft", 0), ("hard", 299), ("hard", 0)])
def test_size_rules_contradict_neither_each_other_nor_a_group(desk: Desk, rule, size):
    with pytest.raises(BadInput):
        desk.write(rules.change, f"group.capacity_{rule}", size)
    desk.write(rules.change, "group.capacity_hard", 300)
    assert desk.read(rules.limit, "group.capacity_soft") == 300


def test_a_size_rule_that_is_switched_off_bounds_nothing(desk: Desk):
    desk.write(rules.switch, "group.capacity_soft", enabled=False)
    room = desk.read(groups.capacity, desk.read(groups.find), joining=400)
    assert (room.soft, room.hard, room.verdict) == (None, 500, "ok")
