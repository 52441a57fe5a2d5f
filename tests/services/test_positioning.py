"""The profile of a group: its card, its rules, who broke them, business presets; each change is one step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from qunguan.domain import business as terms
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.lint import GRAVE, findings
from qunguan.domain.scripts import PLACES, shipped
from qunguan.domain.text import match_key
from qunguan.services import (
    business,
    content_columns,
    goals,
    groups,
    history,
    members,
    positioning,
    positioning_view,
    rules,
    scripts,
    sops,
)
from qunguan.services.desk import Desk

TODAY = date(2026, 3, 20)
HOSTILE = "[/]\x1b[31m\u202e阿梨" + "\u200b" * 500


def steps(desk) -> int:
    return len(desk.read(history.recent, 100))


@pytest.fixture
def person(desk: Desk) -> int:
    found = desk.write(members.add, "小满")
    desk.write(members.join, found.id, 1, TODAY - timedelta(days=30))
    return found.id


def test_a_card_is_written_once_and_undone(desk):
    card = desk.read(positioning.card, 1)
    told = replace(card, kinds=("product", "interest"), persona="25–35 岁白领", welcome="欢迎来{group}")
    made = desk.write(positioning.set_card, told)
    assert made.kinds == ("interest", "product")
    before = steps(desk)
    desk.write(positioning.set_card, told)
    assert steps(desk) == before
    desk.write(positioning.set_card, replace(made, persona=HOSTILE))
    assert "\x1b" not in desk.read(positioning.card, 1).persona
    desk.write(history.undo)
    assert desk.read(positioning.card, 1) == made
    desk.write(history.undo)
    assert desk.read(positioning.card, 1) == card
    with pytest.raises(NotFound):
        desk.read(positioning.card, 9)


def test_rules_are_added_moved_changed_and_removed(desk):
    texts = ["不发广告", "七点到九点聊正题", "好分享有积分"]
    made = [desk.write(positioning.add_rule, 1, text) for text in texts]
    with pytest.raises(BadInput):
        desk.write(positioning.add_rule, 1, " 不发广告 ")
    desk.write(positioning.move_rule, 1, made[2].id, 1)
    assert [(rule.place, rule.text) for rule in desk.read(positioning.rules_of, 1)] == [
        (1, "好分享有积分"), (2, "不发广告"), (3, "七点到九点聊正题"),
    ]  # fmt: skip
    before = steps(desk)
    desk.write(positioning.move_rule, 1, made[2].id, -5)
    assert steps(desk) == before
    desk.write(positioning.edit_rule, 1, made[0].id, "不发广告和二维码")
    assert desk.read(positioning.find_rule, 1, "2").text == "不发广告和二维码"
    left = desk.write(positioning.remove_rule, 1, made[2].id)
    assert [(rule.place, rule.text) for rule in left] == [(1, "不发广告和二维码"), (2, "七点到九点聊正题")]
    text = desk.read(positioning.rules_text, 1)
    assert "1. 不发广告和二维码\n2. 七点到九点聊正题" in text
    desk.write(history.undo)
    assert len(desk.read(positioning.rules_of, 1)) == 3
    with pytest.raises(NotFound):
        desk.read(positioning.find_rule, 1, "9")


def test_no_rules_are_announced_before_there_are_any(desk):
    with pytest.raises(Refused):
        desk.read(positioning.rules_text, 1)


def test_a_warning_then_a_removal_that_ends_the_stay(desk, clock, person):
    rule = desk.write(positioning.add_rule, 1, "不发广告")
    first = desk.write(positioning.note_violation, 1, person, rule.id, note="发了二维码")
    assert (first.violation.step, first.violation.rule, "小满" in first.text) == ("warning", "不发广告", True)
    assert desk.read(positioning.next_step, clock, 1, person).step == "removal"
    second = desk.write(positioning.note_violation, 1, person, rule.id)
    assert (second.violation.step, len(second.next.earlier)) == ("removal", 1)
    stay = desk.read(members.card, person).stays[0]
    assert (stay.left_on, "不发广告" in stay.left_reason) == (TODAY, True)
    with pytest.raises(Refused):
        desk.write(positioning.note_violation, 1, person)
    desk.write(history.undo)
    assert desk.read(members.card, person).stays[0].left_on is None
    assert len(desk.read(positioning.violations, 1)) == 1


def test_the_owner_may_choose_the_step_and_the_ladder(desk, clock, person):
    assert desk.write(positioning.note_violation, 1, person, step="warning").violation.step == "warning"
    assert desk.write(positioning.note_violation, 1, person, step="warning").violation.step == "warning"
    assert desk.read(positioning.next_step, clock, 1, person).step == "removal"
    desk.write(rules.change, "group.warnings", 3)
    assert desk.read(positioning.next_step, clock, 1, person).step == "warning"
    with pytest.raises(BadInput):
        desk.write(positioning.note_violation, 1, person, step="ban")
    with pytest.raises(BadInput):
        desk.write(positioning.note_violation, 1, person, day=TODAY + timedelta(days=1))
    stranger = desk.write(members.add, "路人")
    with pytest.raises(Refused):
        desk.write(positioning.note_violation, 1, stranger.id)


def test_a_rule_that_was_removed_is_still_told_with_what_was_broken(desk, person):
    rule = desk.write(positioning.add_rule, 1, "不发广告")
    desk.write(positioning.note_violation, 1, person, rule.id)
    desk.write(positioning.remove_rule, 1, rule.id)
    assert desk.read(positioning.violations, 1)[0].rule == "不发广告"
    with pytest.raises(NotFound):
        desk.write(positioning.note_violation, 1, person, rule.id)


def test_what_was_noted_of_a_person_goes_with_them(desk, person):
    desk.write(positioning.note_violation, 1, person, note="骂了阿梨")
    desk.write(members.erase, person)
    found = desk.read(positioning.violations, 1)[0]
    assert (found.note, found.name) == ("", f"#{person}")


def test_the_profile_at_once(desk, clock, person):
    desk.write(groups.create, "球友", platform="qq")
    desk.write(groups.create, "星球", platform="zsxq")
    desk.write(positioning.add_rule, 1, "不发广告")
    desk.write(content_columns.add_column_preset, 1, "talk")
    found = desk.read(positioning_view.profile, clock, 1)
    assert [each.name for each in found.timetable] == ["话题时间"]
    assert found.advice[-1].source == "S3-06"
    assert (found.meter.capacity.present, found.meter.friends, found.meter.friend_cap) == (1, 1, 10004)
    assert (found.meter.ahead.people, found.platform.id, found.business) == (40, "wechat", "")


# -- business presets


@pytest.mark.parametrize("preset", list(terms.presets()))
def test_a_preset_does_what_it_said_in_one_step_and_nothing_the_second_time(desk, clock, preset):
    before = steps(desk)
    said = desk.read(business.preview, clock, 1, preset)
    assert steps(desk) == before
    done = desk.write(business.apply, 1, preset)
    assert done == said
    assert steps(desk) == before + 1
    again = desk.read(business.preview, clock, 1, preset)
    assert {change.state for change in again.changes} == {"same"}, again.of("new", "change", "kept")
    desk.write(business.apply, 1, preset)
    assert steps(desk) == before + 1
    desk.write(history.undo)
    assert desk.read(business.preview, clock, 1, preset) == said


def test_what_a_preset_puts_in_force(desk, clock):
    desk.write(business.apply, 1, "知识付费")
    assert desk.read(rules.value, "alert.ads_month") == 1
    assert desk.read(rules.history, "alert.ads_month")[0].reason == "知识付费"
    assert {sop.preset for sop in desk.read(sops.all_sops, 1)} == {"welcome", "daily", "live", "review"}
    assert {goal.metric for goal in desk.read(goals.all_goals, 1)} == {"checkin_rate", "active_rate"}
    card = desk.read(positioning.card, 1)
    assert (card.business, "{group}" in card.welcome) == ("knowledge", True)
    assert len(desk.read(positioning.rules_of, 1)) == 4


def test_what_the_owner_wrote_is_kept_and_said_to_be(desk, clock):
    desk.write(positioning.set_card, replace(desk.read(positioning.card, 1), welcome="我自己写的"))
    desk.write(rules.change, "alert.ads_month", 4)
    taken = desk.write(sops.use, "daily", 1)
    desk.write(sops.switch, taken.id, enabled=False)
    done = desk.write(business.apply, 1, "知识付费")
    assert {(each.part, each.old) for each in done.of("kept")} >= {("card", "我自己写的"), ("rule", "4")}
    assert desk.read(positioning.card, 1).welcome == "我自己写的"
    assert desk.read(rules.value, "alert.ads_month") == 4
    assert not desk.read(sops.get, taken.id).on
    forced = desk.write(business.apply, 1, "知识付费", force=True)
    assert {each.state for each in forced.changes} == {"same", "change"}
    assert desk.read(rules.value, "alert.ads_month") == 1
    assert desk.read(sops.get, taken.id).on
    assert desk.read(positioning.card, 1).welcome.startswith("欢迎来到{group}")


def test_a_preset_brings_its_texts_and_keeps_one_that_was_changed(desk, clock):
    desk.write(business.apply, 1, "餐饮")
    assert desk.read(scripts.find, "今日菜单").own
    assert "灶上" in desk.read(scripts.fill, "今日菜单", {}).text
    desk.write(scripts.edit, "今日菜单", text="今天吃什么，我说了算")
    told = {each.name: each.state for each in desk.read(business.preview, clock, 1, "餐饮").changes}
    assert (told["今日菜单"], told["试菜邀请"]) == ("kept", "same")
    desk.write(business.apply, 1, "餐饮", force=True)
    assert "灶上" in desk.read(scripts.find, "今日菜单").text
    desk.write(history.undo)
    assert desk.read(scripts.find, "今日菜单").text == "今天吃什么，我说了算"


def test_every_trade_and_every_kind_of_owner_begins_with_all_it_needs():
    trades = {each.name: each for each in terms.presets().values() if each.of == "trade"}
    owners = [each for each in terms.presets().values() if each.of == "owner"]
    assert set(trades) == {"电商", "知识付费", "本地生活", "品牌", "教育", "美妆", "餐饮", "服务"}
    assert [each.name for each in owners] == ["内容号主", "专业大咖", "社交达人", "线下店主", "有货源的人"]
    for each in trades.values():
        assert all((each.rules, each.goals, each.welcome, len(each.house) >= 3)), each.id
        assert len(each.scripts) >= 2, each.id
    for each in (*trades.values(), *owners):
        assert all((each.sops, each.columns, each.scripts, each.house)), each.id
    texts = [text for each in terms.presets().values() for text in each.scripts]
    names = [match_key(text.name) for text in texts]
    assert len(set(names)) == len(names)
    assert not set(names) & shipped().keys()
    for text in texts:
        assert set(text.places) <= PLACES.keys(), text.name
        assert not [one for one in findings(text.text) if one.level in GRAVE], text.name


def test_what_one_preset_set_another_may_change(desk, clock):
    desk.write(business.apply, 1, "餐饮")
    done = desk.write(business.apply, 1, "教育")
    told = {(each.part, each.name): each.state for each in done.changes}
    assert desk.read(rules.value, "order.repeat_days") == 180
    assert desk.read(positioning.card, 1).welcome.endswith("哪一科、哪一块？")
    assert "kept" not in {state for (part, _name), state in told.items() if part in ("card", "rule")}


def test_an_unknown_preset(desk, clock):
    with pytest.raises(NotFound):
        desk.read(business.preview, clock, 1, "挖矿")
