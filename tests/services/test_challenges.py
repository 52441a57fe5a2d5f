"""Challenges: templates, terms, finding one, enrolment, the curriculum."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from qunguan.domain.challenges import parse_window, template, templates, window_text
from qunguan.domain.errors import Ambiguous, BadInput, NotFound, Refused
from qunguan.services import checkins, groups, history, members, rules
from tests.services.checkin_kit import TODAY, challenge, day, go, people, steps


@pytest.mark.parametrize(
    ("asked", "days", "cadence"),
    [("daily", None, "daily"), ("7day", 7, "daily"), ("21day", 21, "daily"), ("30day", 30, "daily"),
     ("newcomer", 3, "daily"), ("weekly", None, "weekly:1"), ("21天打卡", 21, "daily"), ("每日签到", None, "daily")],
)  # fmt: skip
def test_templates_give_rhythm_and_length(desk, asked, days, cadence):
    found = desk.write(checkins.add, template_id=asked, starts_on=day(1))
    assert (str(found.cadence), found.points) == (cadence, 5)
    assert found.ends_on == (None if days is None else day(days))
    prompts = desk.read(checkins.prompts, found.id)
    assert len(prompts) == (days or 0)


def test_every_template_has_a_source_a_name_and_as_many_prompts_as_days():
    for each in templates().values():
        assert each.source
        assert template(each.name) is each
        assert len(each.prompts) in (0, each.days)
        assert each.label


def test_an_unknown_template_is_not_found(desk):
    with pytest.raises(NotFound):
        desk.write(checkins.add, "x", template_id="42day")


def test_own_terms_win_over_the_template(desk):
    found = desk.write(
        checkins.add, "晨读", template_id="21day", starts_on=day(2), days=10, cadence="weekdays:12345",
        window="05:00-07:30", makeup_days=1, makeup_quota=5, makeup_cost=3, points=9, tiers={5: 50},
        prompts=["a", "", "c"],
    )  # fmt: skip
    assert (found.ends_on, str(found.cadence)) == (day(11), "weekdays:12345")
    assert window_text((found.window_from, found.window_to)) == "05:00-07:30"
    assert (found.makeup_days, found.makeup_quota, found.makeup_cost, found.points) == (1, 5, 3, 9)
    assert found.tiers == {5: 50}
    assert desk.read(checkins.prompts, found.id) == {1: "a", 3: "c"}


def test_what_nobody_gives_comes_from_the_rules_in_force_and_stays(desk):
    desk.write(rules.change, "checkin.points", 8)
    desk.write(rules.change, "checkin.streak_tiers", "3=5")
    found = desk.write(checkins.add, "晨读")
    desk.write(rules.change, "checkin.points", 1)
    again = desk.read(checkins.get, found.id)
    assert (again.points, again.tiers) == (8, {3: 5})


@pytest.mark.parametrize(
    "terms",
    [{"days": 0}, {"days": 10**7}, {"cadence": "hourly"}, {"starts_on": date.min}, {"starts_on": date.max},
     {"window": "25:00-26:00"}, {"window": "7-6"},
     {"window": "x"}, {"points": -1}, {"points": 10**30}, {"makeup_days": -1},
     {"tiers": {0: 5}}, {"name": " \u200b"}, {"name": "x" * 65}],
)  # fmt: skip
def test_terms_that_do_not_fit_are_refused_and_change_nothing(desk, terms):
    before = steps(desk)
    with pytest.raises(BadInput):
        desk.write(checkins.add, **{"name": "晨读", **terms})
    assert steps(desk) == before


def test_names_are_taken_once(desk):
    desk.write(checkins.add, "晨读")
    with pytest.raises(BadInput):
        desk.write(checkins.add, "晨读")


def test_windows_are_read():
    assert parse_window("5:00-7:30") == (300, 450)
    assert parse_window("05：00–24:00") == (300, 1440)
    for typed in ("5:00—23:30", "5:00－23:30", "５：００～２３：３０", "5:00 至 23:30", "5:00到23:30", "5:00——23:30"):
        assert parse_window(typed) == (300, 1410), typed
    assert parse_window("") is None


def test_a_challenge_is_found_by_id_and_name(desk):
    first = desk.write(checkins.add, "晨读").id
    second = desk.write(checkins.add, "夜跑🏃").id
    for text in ("晨读", f"#{first}", str(first)):
        assert desk.read(checkins.find, desk.clock, text).id == first
    assert desk.read(checkins.find, desk.clock, "夜跑").id == second
    with pytest.raises(NotFound, match="晨读"):
        desk.read(checkins.find, desk.clock, "冥想")
    with pytest.raises(Ambiguous):
        desk.read(checkins.find, desk.clock)
    desk.write(checkins.close, first)
    go(desk, day(21))
    assert desk.read(checkins.find, desk.clock).id == second


def test_no_challenge_at_all_is_said(desk):
    with pytest.raises(NotFound, match="challenge add"):
        desk.read(checkins.find, desk.clock)


def test_start_and_enrolment_are_one_step(desk):
    people(desk, "阿梨", "团团")
    before = steps(desk)
    found = challenge(desk)
    assert steps(desk) == before + 1
    assert len(desk.read(checkins.board, desk.clock, found).rows) == 2
    desk.write(history.undo)
    assert desk.read(checkins.all_challenges) == ()


def test_enrolment_by_tag_by_hand_and_by_name(desk):
    ids = people(desk, "阿梨", "团团", "张三")
    found = challenge(desk, who=None)
    desk.write(members.tag, ids[:1], "VIP")
    assert desk.write(checkins.enrol, found, "tag:VIP").members == (ids[0],)
    assert desk.write(checkins.enrol, found, [ids[0], ids[1]]).already == 1
    assert desk.write(checkins.enrol, found, "张三").members == (ids[2],)
    before = steps(desk)
    assert desk.write(checkins.enrol, found, "all").already == 3
    assert steps(desk) == before
    with pytest.raises(NotFound):
        desk.write(checkins.enrol, found, "tag:nobody")


def test_nobody_is_due_before_they_joined(desk):
    (old,) = people(desk, "阿梨")
    new = desk.write(members.add, "团团", group_id=1, joined_on=day(15)).id
    found = challenge(desk)
    assert [each.member_id for each in desk.read(checkins.missing, desk.clock, found, day(14))] == [old]
    assert {each.member_id for each in desk.read(checkins.missing, desk.clock, found, day(15))} == {old, new}


def test_who_is_taken_out_is_no_longer_due_and_keeps_the_past(desk):
    ids = people(desk, "阿梨", "团团")
    found = challenge(desk)
    for when in (19, 20):
        desk.write(checkins.tick, found, ids[0], day(when))
    desk.write(checkins.tick, found, ids[1], day(19))
    desk.write(checkins.unenrol, found, ids)
    assert [each.member_id for each in desk.read(checkins.board, desk.clock, found).rows] == [ids[0]]
    assert desk.read(checkins.board, desk.clock, found, day(19)).done == 2
    assert len(desk.write(checkins.enrol, found, ids).members) == 2
    assert desk.read(checkins.board, desk.clock, found).due == 2


def test_who_was_enrolled_in_error_leaves_no_trace(desk):
    (one,) = people(desk, "阿梨")
    found = challenge(desk, starts_on=TODAY)
    desk.write(checkins.unenrol, found, [one])
    assert desk.read(checkins.board, desk.clock, found).rows == ()


def test_dates_cannot_leave_check_ins_outside(desk):
    (one,) = people(desk, "阿梨")
    found = desk.read(checkins.get, challenge(desk))
    desk.write(checkins.tick, found.id, one)
    for changed in (replace(found, starts_on=day(21)), replace(found, ends_on=day(19))):
        with pytest.raises(Refused):
            desk.write(checkins.edit, changed)
    with pytest.raises(Refused):
        desk.write(checkins.close, found.id, day(19))


def test_a_closed_challenge_takes_no_more_and_can_be_reopened(desk):
    (one,) = people(desk, "阿梨")
    found = challenge(desk)
    desk.write(checkins.close, found, day(19))
    with pytest.raises(Refused):
        desk.write(checkins.tick, found, one)
    desk.write(checkins.reopen, found)
    assert desk.write(checkins.tick, found, one).changed


def test_edit_changes_name_points_and_tiers(desk):
    found = desk.read(checkins.get, challenge(desk))
    changed = desk.write(checkins.edit, replace(found, name="早早起", points=2, tiers={4: 9}))
    assert (changed.name, changed.points, changed.tiers) == ("早早起", 2, {4: 9})
    before = steps(desk)
    desk.write(checkins.edit, changed)
    assert steps(desk) == before


def test_prompts_follow_the_slots(desk):
    found = desk.write(checkins.add, "三课", cadence="weekdays:135", starts_on=day(2), prompts=["甲", "乙"])
    assert desk.read(checkins.prompt_for, found, day(4)) == "乙"
    assert desk.read(checkins.prompt_for, found, day(6)) is None
    desk.write(checkins.set_prompt, found.id, 3, "丙")
    assert desk.read(checkins.prompt_for, found, day(6)) == "丙"
    desk.write(checkins.set_prompt, found.id, 3, "")
    assert desk.read(checkins.prompt_for, found, day(6)) is None
    with pytest.raises(BadInput):
        desk.write(checkins.set_prompt, found.id, 0, "x")


def test_weeks_are_numbered_from_the_week_of_the_start(desk):
    found = desk.write(checkins.add, "每周", cadence="weekly:1", starts_on=day(5))
    assert [found.number(day(n)) for n in (1, 5, 8, 9)] == [0, 1, 1, 2]


def test_each_group_has_its_own(desk):
    other = desk.write(groups.create, "夜跑群").id
    desk.write(checkins.add, "夜跑", group_id=other)
    desk.write(checkins.add, "晨读", group_id=1)
    assert [each.name for each in desk.read(checkins.all_challenges, other)] == ["夜跑"]
    assert desk.read(checkins.find, desk.clock).name == "晨读"
