"""A pasted 接龙: matched, new, ambiguous, duplicate, missing, vanished; idempotent, growing, learning."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from qunguan.domain.checkin_outcomes import Decision, RecordPreview
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.exchange.readers.jielong import parse
from qunguan.services import checkins, groups, history, members, reports
from qunguan.services.desk import Desk
from qunguan.store.checkin_queries import present
from tests.services.checkin_kit import (
    TODAY,
    balance,
    chain,
    challenge,
    day,
    go,
    paste,
    people,
    row,
    steps,
)


@pytest.fixture
def three(desk):
    ids = people(desk, "阿梨", "团团", "张三")
    return challenge(desk), ids


def look(desk: Desk, challenge_id: int, text: str, when: date | None = None, **options) -> RecordPreview:
    return desk.read(checkins.preview, desk.clock, challenge_id, parse(text), when, **options)


def test_a_paste_records_the_matched_and_tells_the_missing(desk, three):
    found, ids = three
    outcome = paste(desk, found, chain("阿梨 今天读了30页", "团团 打卡"))
    assert [(each.member_id, each.name, each.text) for each in outcome.recorded] == [
        (ids[0], "阿梨", "阿梨 今天读了30页"),
        (ids[1], "团团", "团团 打卡"),
    ]
    assert [each.name for each in outcome.missing] == ["张三"]
    assert (outcome.day, outcome.points) == (TODAY, 10)
    assert row(desk, found, ids[0]).streak == 1


def test_the_same_paste_twice_records_nothing_and_leaves_no_step(desk, three):
    text = chain("阿梨 好", "团团 好", "没见过 好")
    paste(desk, three[0], text)
    before = steps(desk)
    again = paste(desk, three[0], text)
    assert (again.recorded, len(again.already), len(again.new)) == ((), 2, 1)
    assert steps(desk) == before


def test_a_growing_chain_adds_what_grew_and_shows_who_vanished(desk, three):
    found, ids = three
    paste(desk, found, chain("阿梨 好", "团团 好"))
    grown = paste(desk, found, chain("团团 好", "张三 好"))
    assert [each.name for each in grown.recorded] == ["张三"]
    assert [each.name for each in grown.already] == ["团团"]
    assert [each.name for each in grown.vanished] == ["阿梨"]
    assert row(desk, found, ids[0]).state == "done"
    again = look(desk, found, chain("阿梨 好", "团团 好"))
    assert again.vanished == ()


def test_another_series_has_nobody_to_miss(desk, three):
    paste(desk, three[0], chain("阿梨 好"))
    assert paste(desk, three[0], chain("团团 好", title="晚上再来")).vanished == ()


def test_one_item_a_member_counts(desk, three):
    outcome = paste(desk, three[0], chain("阿梨 早", "阿梨 晚", "团团 好"))
    assert [each.text for each in outcome.duplicate] == ["阿梨 晚"]
    assert len(outcome.recorded) == 2


def test_unknown_names_wait_or_are_made(desk, three):
    text = chain("小鹿 打卡", "小鹿 又来", "阿梨 打卡")
    assert [each.name for each in paste(desk, three[0], text).new] == ["小鹿", "小鹿"]
    made = paste(desk, three[0], text, new="create")
    assert [each.name for each in made.created] == ["小鹿"]
    assert [each.name for each in made.recorded] == ["小鹿"]
    assert [each.text for each in made.duplicate] == ["小鹿 又来"]
    assert [each.name for each in made.already] == ["阿梨"]
    assert [each.name for each in made.enrolled] == ["小鹿"]
    assert desk.read(members.resolve, "小鹿") == made.created[0].member_id


def test_new_people_are_made_in_the_order_of_the_paste(desk, three):
    made = paste(desk, three[0], chain("小鹿 打卡", "阿梨 打卡", "大熊 早", "小鹿 又来", "米粒"), new="create")
    assert [(each.name, each.index, each.text) for each in made.created] == [
        ("小鹿", 0, "小鹿 打卡"), ("大熊", 2, "大熊 早"), ("米粒", 4, "米粒"),
    ]  # fmt: skip
    ids = [each.member_id for each in made.created]
    assert ids == sorted(ids)


def test_a_look_alike_is_never_made_a_second_person_unless_the_owner_says_so(desk, three):
    people(desk, "陈伊敏", "爱吃苹果")
    text = chain("陈一民 打卡", "爱吃平果 打卡", "小鹿 打卡")
    outcome = paste(desk, three[0], text, new="create")
    assert [each.name for each in outcome.created] == ["小鹿"]
    assert [(each.name, [one.why for one in each.candidates]) for each in outcome.new] == [
        ("陈一民", ["sound"]), ("爱吃平果", ["near"]),
    ]  # fmt: skip
    settled = paste(desk, three[0], text, new="create", decisions={0: Decision(create=True)})
    assert [each.name for each in settled.created] == ["陈一民"]
    assert [each.name for each in settled.new] == ["爱吃平果"]


def test_undo_of_a_paste_takes_everything_back(desk, three):
    found, ids = three
    paste(desk, found, chain("小鹿 打卡", "阿梨 打卡"), new="create")
    desk.write(history.undo)
    assert balance(desk, ids[0]) == 0
    assert len(desk.read(checkins.board, desk.clock, found).rows) == 3
    assert len(paste(desk, found, chain("小鹿 打卡", "阿梨 打卡"), new="create").recorded) == 2
    assert balance(desk, ids[0]) == 5


def test_two_of_one_name_are_ambiguous_until_the_owner_says(desk, three):
    (twin,) = people(desk, "张三")
    text = chain("张三 打卡")
    first = paste(desk, three[0], text)
    assert {each.member_id for each in first.ambiguous[0].candidates} == {three[1][2], twin}
    settled = paste(desk, three[0], text, decisions={0: Decision(member_id=twin)})
    assert [each.member_id for each in settled.recorded] == [twin]
    assert settled.ambiguous == ()


def test_a_line_settled_once_stays_settled_as_the_chain_grows(desk, three):
    found, (ali, _tuan, zhang) = three
    (twin,) = people(desk, "张三")
    paste(desk, found, chain("张三 打卡", "阿梨 早"), decisions={0: Decision(member_id=twin)})
    before = steps(desk)
    same = paste(desk, found, chain("张三 打卡", "阿梨 早"))
    assert ([each.member_id for each in same.already], same.ambiguous) == ([twin, ali], ())
    assert steps(desk) == before
    grown = paste(desk, found, chain("张三 打卡", "阿梨 早", "张三 跑步"))
    assert [each.member_id for each in grown.already] == [twin, ali]
    assert ([each.text for each in grown.ambiguous], grown.vanished) == (["张三 跑步"], ())
    settled = paste(desk, found, chain("张三 打卡", "阿梨 早", "张三 跑步"), decisions={2: Decision(member_id=zhang)})
    assert [each.member_id for each in settled.recorded] == [zhang]


def test_two_lines_that_say_the_same_are_told_apart_by_their_order_only_while_both_are_there(desk, three):
    found, zhang = three[0], three[1][2]
    (twin,) = people(desk, "张三")
    both = chain("张三 打卡", "张三 打卡")
    paste(desk, found, both, decisions={0: Decision(member_id=twin), 1: Decision(member_id=zhang)})
    assert [each.member_id for each in paste(desk, found, both).already] == [twin, zhang]
    assert len(paste(desk, found, chain("张三 打卡")).ambiguous) == 1


def test_what_was_settled_in_a_paste_that_was_undone_is_open_again(desk, three):
    found, ali = three[0], three[1][0]
    people(desk, "张三")
    text = chain("张三 打卡")
    paste(desk, found, text, decisions={0: Decision(member_id=ali)})
    desk.write(history.undo)
    assert len(paste(desk, found, text).ambiguous) == 1
    assert len(paste(desk, found, chain("张三 打卡", title="晚上再来")).ambiguous) == 1


def test_a_settled_name_is_known_tomorrow(desk, three):
    found, ids = three
    paste(desk, found, chain("梨子本人 打卡"), day(19), decisions={0: Decision(member_id=ids[0])})
    assert [each.member_id for each in paste(desk, found, chain("梨子本人 又来")).recorded] == [ids[0]]


def test_a_way_to_write_a_name_is_known_tomorrow_and_renames_nobody(desk, three):
    found, ids = three
    (house,) = people(desk, "3栋-1460 范姐")
    near = chain("范姐 打卡", "阿犁 打卡")
    paste(desk, found, near, day(19), decisions={0: Decision(member_id=house), 1: Decision(member_id=ids[0])})
    again = paste(desk, found, near)
    assert [each.member_id for each in again.recorded] == [house, ids[0]]
    assert [each.nick for each in desk.read(members.rows_by_ids, [house, ids[0]])] == ["", ""]


def test_a_new_name_is_what_the_member_is_called(desk, three):
    found, ids = three
    paste(desk, found, chain("梨子本人 打卡"), decisions={0: Decision(member_id=ids[0])})
    assert [each.nick for each in desk.read(members.rows_by_ids, [ids[0]])] == ["梨子本人"]


def test_who_is_in_another_group_is_offered_first_and_joins_when_taken(desk, three):
    found, _ids = three
    other = desk.write(groups.create, "二群").id
    moon = desk.write(members.add, "阿月", group_id=other).id
    text = chain("阿月 打卡")
    (doubt,) = paste(desk, found, text, new="create").new
    assert [(each.member_id, each.why) for each in doubt.candidates] == [(moon, "elsewhere")]
    settled = paste(desk, found, text, decisions={0: Decision(member_id=moon)})
    assert [each.member_id for each in settled.recorded] == [moon]
    assert len(desk.read(members.rows_by_ids, [moon])[0].groups) == 2
    before = steps(desk)
    assert [each.member_id for each in paste(desk, found, text).already] == [moon]
    assert steps(desk) == before


def test_who_is_first_seen_in_todays_paste_was_not_there_yesterday(desk, three):
    found, _ids = three
    other = desk.write(groups.create, "二群").id
    moon = desk.write(members.add, "阿月", group_id=other).id
    past = {kind: desk.read(reports.report, desk.clock, kind, as_of=day(19)) for kind in ("daily", "weekly")}
    made = paste(desk, found, chain("小鹿 打卡", "阿月 早"), new="create", decisions={1: Decision(member_id=moon)})
    ids = [made.created[0].member_id, moon]
    stays = desk.read(present, 1)
    assert [stays[each] for each in ids] == [TODAY, TODAY]
    assert past == {kind: desk.read(reports.report, desk.clock, kind, as_of=day(19)) for kind in past}


def test_the_first_list_of_an_empty_group_says_nobodys_day_of_joining(desk):
    paste(desk, challenge(desk), chain("小鹿 打卡", "大熊 早"), new="create")
    assert set(desk.read(present, 1).values()) == {None}


def test_a_name_that_sounds_the_same_is_offered_not_taken(desk, three):
    (one,) = people(desk, "陈伊敏")
    outcome = paste(desk, three[0], chain("陈怡敏 打卡", "陈一民 打卡"))
    assert outcome.recorded == ()
    assert [each.candidates[0].member_id for each in outcome.new[:1]] == [one]


def test_the_posters_id_counts_more_than_the_name(desk, three):
    found, ids = three
    desk.write(members.set_alias, ids[1], "wxid", "wxid_tuan")
    plain = parse(chain("随便一个名字 打卡"))
    signed = replace(plain, items=(replace(plain.items[0], user="wxid_tuan"),))
    assert [each.member_id for each in desk.write(checkins.record, found, signed).recorded] == [ids[1]]


def test_decisions_skip_and_create(desk, three):
    text = chain("小鹿 打卡", "路人 看看", "阿梨 打卡")
    outcome = paste(desk, three[0], text, decisions={0: Decision(create=True), 1: Decision(skip=True)})
    assert [each.name for each in outcome.recorded] == ["小鹿", "阿梨"]
    assert outcome.new == ()


def test_decisions_must_name_lines_and_members(desk, three):
    with pytest.raises(BadInput):
        paste(desk, three[0], chain("小鹿"), decisions={7: Decision(skip=True)})
    with pytest.raises(NotFound):
        paste(desk, three[0], chain("小鹿"), decisions={0: Decision(member_id=999)})


def test_a_preview_says_what_recording_would_do_and_writes_nothing(desk, three):
    found, ids = three
    desk.write(checkins.tick, found, ids[1])
    text = chain("阿梨 好", "团团 好", "小鹿 好", "阿梨 又")
    before = steps(desk)
    shown = look(desk, found, text)
    assert [line.status for line in shown.lines] == ["matched", "already", "new", "duplicate"]
    assert [(line.name, line.rest) for line in shown.lines[:3]] == [("阿梨", "好"), ("团团", "好"), ("小鹿", "好")]
    assert [each.name for each in shown.missing] == ["张三"]
    assert steps(desk) == before
    settled = look(desk, found, text, decisions={2: Decision(member_id=ids[2])})
    assert (settled.lines[2].status, settled.missing) == ("matched", ())


@pytest.mark.parametrize("when", [day(21), day(1).replace(month=2)])
def test_days_that_cannot_be_are_refused(desk, three, when):
    with pytest.raises(Refused):
        paste(desk, three[0], chain("阿梨 好"), when)
    with pytest.raises(Refused):
        look(desk, three[0], chain("阿梨 好"), when)


@pytest.mark.parametrize("text", ["", "今天天气不错", "\x00\x01", "1.6\n1.7"])
def test_what_is_no_chain_is_refused(desk, three, text):
    before = steps(desk)
    with pytest.raises(BadInput, match="接龙"):
        paste(desk, three[0], text)
    assert steps(desk) == before


def test_a_late_paste_is_done_and_counts_on_its_day(desk, three):
    found, ids = three
    paste(desk, found, chain("阿梨 好"), day(19))
    paste(desk, found, chain("阿梨 好"))
    assert row(desk, found, ids[0]).streak == 2


def test_a_frozen_member_who_checks_in_is_done(desk, three):
    found, ids = three
    desk.write(checkins.mark, found, ids[0], TODAY, "frozen")
    assert len(paste(desk, found, chain("阿梨 好")).recorded) == 1
    assert row(desk, found, ids[0]).state == "done"


def test_a_paste_reaches_tiers_for_all_at_once(desk, three):
    found, ids = three
    for n in range(1, 8):
        go(desk, day(n))
        outcome = paste(desk, found, chain("阿梨 好", "团团 好"), day(n))
    assert outcome.points == 2 * 25
    assert [balance(desk, each) for each in ids] == [55, 55, 0]


def test_lines_with_a_time_of_their_own_are_noted(desk):
    (one,) = people(desk, "阿梨")
    found = challenge(desk, window="05:00-07:30")
    items = parse(chain("阿梨 好", "团团 好"))
    times = (datetime(2026, 3, 20, 1, tzinfo=UTC), datetime(2026, 3, 19, 1, tzinfo=UTC))
    timed = replace(items, items=tuple(replace(item, at=at) for item, at in zip(items.items, times, strict=True)))
    shown = desk.read(checkins.preview, desk.clock, found, timed)
    assert [each.code for each in shown.notes[-2:]] == ["outside_window", "other_day"]
    assert one


def test_a_chain_of_another_day_is_warned_about_first(desk, three):
    def warned(text: str, when: date | None = None) -> list[Any]:
        shown = look(desk, three[0], text, when)
        return [each.values for each in shown.notes if each.code == "another_day"]

    assert warned(chain("阿梨 好", title="3月18日早起")) == [(("written", "3月18日"), ("day", "03-20"))]
    assert warned(chain("阿梨 好", title="3月18日早起"), day(18)) == []
    assert warned(chain("阿梨 好", title="2025年3月20日")) == [(("written", "2025-03-20"), ("day", "2026-03-20"))]
    done = paste(desk, three[0], chain("阿梨 好", title="3月18日早起"))
    assert done.notes[0].code == "another_day"
    begun = parse(chain("阿梨 好"))
    begun = replace(begun, items=(replace(begun.items[0], at=datetime(2026, 3, 19, 1, tzinfo=UTC)),))
    shown = desk.read(checkins.preview, desk.clock, three[0], begun)
    assert [dict(each.values)["written"] for each in shown.notes if each.code == "another_day"] == ["03-19"]


def test_who_has_left_the_group_is_recorded_and_told(desk, three):
    found, ids = three
    desk.write(members.leave, ids[2], 1, day(18))
    text = chain("阿梨 好", "张三 好")

    def told(notes) -> list[str]:
        return [dict(each.values)["people"] for each in notes if each.code == "left"]

    assert told(look(desk, found, text).notes) == ["张三 (2026-03-18)"]
    assert told(look(desk, found, text, day(17)).notes) == []
    done = paste(desk, found, text)
    assert (told(done.notes), len(done.recorded)) == (["张三 (2026-03-18)"], 2)


def test_a_dry_run_leaves_nothing(desk, three):
    before = steps(desk)
    desk.rehearse(checkins.record, three[0], parse(chain("阿梨 好")), raw="x")
    assert steps(desk) == before
    assert row(desk, three[0], three[1][0]).state == "none"


def test_who_came_or_went_is_seen_at_once_whoever_wrote(desk, three):
    found, _ids = three

    def statuses() -> list[str]:
        return [line.status for line in look(desk, found, chain("阿梨 到", "小满 到")).lines]

    assert statuses() == statuses() == ["matched", "new"]
    mei = desk.write(members.add, "小满", group_id=1)
    assert statuses() == ["matched", "matched"]
    desk.write(history.undo)
    assert statuses() == ["matched", "new"]
    desk.write(history.redo)
    assert statuses() == ["matched", "matched"]
    desk.write(members.erase, mei.id)
    assert statuses() == ["matched", "new"]
    with Desk(desk.path, desk.clock) as other:
        other.write(members.add, "小满", group_id=1)
    assert statuses() == ["matched", "matched"]


def test_a_rehearsal_leaves_nobody_behind(desk, three):
    found, _ids = three

    def rehearsed(session, clock):
        members.add(session, clock, "小满", group_id=1)
        return checkins.preview(session, clock, found, parse(chain("小满 到")))

    assert desk.rehearse(rehearsed).lines[0].status == "matched"
    assert look(desk, found, chain("小满 到")).lines[0].status == "new"


@pytest.mark.parametrize(
    ("line", "learnt"),
    [
        ("大 刘 早", []),  # one character
        ("大 宁 起", ["大 宁"]),  # the whole name as it is written
        ("代冰冰 打卡", []),  # for somebody, whoever that is
        ("阿梨妈妈 打卡", []),  # another member's name in it
        ("Tom Lee 早", []),  # the first word of a name, as far as anybody knows
        ("宁宁 早", ["宁宁"]),
        ("大宁妈妈 早", ["大宁妈妈"]),
    ],
)
def test_only_a_whole_name_is_learnt_and_that_is_said(desk, three, line, learnt):
    found, _ids = three
    ning, *_others = people(desk, "大宁", "冰冰")
    outcome = paste(desk, found, chain(line), decisions={0: Decision(member_id=ning)})
    assert [each.name for each in outcome.recorded] == ["大宁"]
    assert [(each.member_id, each.name, each.text) for each in outcome.learnt] == [(ning, "大宁", w) for w in learnt]
    [again] = look(desk, found, chain(line), day(1)).lines
    assert again.status == ("matched" if learnt else again.status)
    assert (again.member_id == ning) is bool(learnt)
    desk.write(history.undo)
    assert look(desk, found, chain(line), day(1)).lines[0].member_id is None


def test_who_signs_for_her_is_not_learnt_as_her_name(desk, three):
    [bing] = people(desk, "冰冰")
    outcome = paste(desk, three[0], chain("代冰冰 打卡"), decisions={0: Decision(member_id=bing)})
    assert ([each.name for each in outcome.recorded], outcome.learnt) == (["冰冰"], ())


@pytest.mark.parametrize("said", ["补昨天的卡", "昨天忘了，补卡", "补打前天"])
def test_a_line_that_makes_up_another_day_is_asked_about(desk, three, said):
    found, ids = three
    text = chain(f"阿梨 {said}", "团团 打卡")
    outcome = paste(desk, found, text)
    assert [each.name for each in outcome.recorded] == ["团团"]
    assert [(each.candidates[0].member_id, each.candidates[0].why) for each in outcome.ambiguous] == [
        (ids[0], "makes_up")
    ]
    told = paste(desk, found, text, decisions={0: Decision(member_id=ids[0])})
    assert ([each.name for each in told.recorded], told.learnt) == (["阿梨"], ())


@pytest.mark.parametrize("grown", [(), ("张三 好",)])
def test_a_line_settled_as_a_second_one_stays_known_in_its_series(desk, three, grown):
    found, ids = three
    paste(desk, found, chain("阿梨 好", "大 刘 早"), decisions={1: Decision(member_id=ids[0])})
    again = look(desk, found, chain("阿梨 好", "大 刘 早", *grown))
    assert [each.status for each in again.lines[:2]] == ["already", "duplicate"]
    assert again.lines[1].member_id == ids[0]


def test_a_line_settled_as_a_second_one_when_all_is_recorded_stays_known_too(desk, three):
    found, ids = three
    text = chain("阿梨 好", "大 刘 早")
    paste(desk, found, text)
    paste(desk, found, text, decisions={1: Decision(member_id=ids[0])})
    assert [each.status for each in look(desk, found, text).lines] == ["already", "duplicate"]


def test_a_title_that_names_another_day_of_the_camp_is_warned_about(desk, three):
    found, _ids = three
    number = desk.read(checkins.board, desk.clock, found).day_no

    def said(title: str) -> list[str]:
        text = f"#接龙\n{title}\n\n1. 阿梨 早\n"
        return [each.code for each in look(desk, found, text).notes]

    assert said(f"早起第{number}天") == []
    assert said(f"早起第{number + 1}天") == ["another_number"]


def test_a_title_that_names_another_challenge_is_warned_about_first(desk, three):
    found, _ids = three
    for name in ("晚读", "晚读打卡"):
        desk.write(checkins.add, name)
    desk.write(checkins.add, "跑步", starts_on=TODAY - timedelta(days=9), days=3)

    def said(title: str) -> list[str | int]:
        notes = look(desk, found, f"#接龙\n{title}\n\n1. 阿梨 早\n").notes
        return [dict(each.values)["other"] for each in notes if each.code == "another_challenge"]

    own = desk.read(checkins.get, found).name
    assert said("【晚读】今晚") == ["晚读"]
    assert said("晚读打卡 第3天") == ["晚读打卡"]
    assert said(f"{own} 和 晚读") == said(own) == said("早") == said("跑步") == []
