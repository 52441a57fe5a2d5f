"""A bad day from T0 to its review: on the second, over midnight, over a change of zone, with the clock set back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from qunguan.domain.clock import Clock
from qunguan.domain.errors import Ambiguous, BadInput, NotFound, Refused
from qunguan.domain.incident_playbooks import guide, playbooks
from qunguan.domain.incidents import ActionDraft, Review
from qunguan.domain.scripts import PLACES, Unfilled
from qunguan.services import alerts, groups, history, incidents, members, tasks, today
from qunguan.store.base import metadata
from tests.conftest import NOW

MINUTE, SECOND, HOUR = timedelta(minutes=1), timedelta(seconds=1), timedelta(hours=1)
REVIEW = Review("装箱没有核对", "12 单，3 人退群", "十分钟内就说了", "时间表写晚了", message="谢谢大家等我们")


def at(desk, moment: datetime) -> None:
    """Set the clock of an open desk."""
    desk.clock = Clock(moment)


@pytest.fixture
def bad(desk):
    """An incident that has begun now."""
    return desk.write(incidents.start, "漏发了十二单", playbook="delivery")


def view(desk, incident_id=1):
    return desk.read(incidents.view, desk.clock, incident_id)


def stage(desk, name, incident_id=1):
    return next(each for each in view(desk, incident_id).stages if each.name == name)


@pytest.mark.parametrize(("seconds", "late"), [(14 * 60 + 59, 0), (15 * 60, 0), (15 * 60 + 1, 1)])
def test_tell_is_in_time_up_to_its_second(desk, bad, seconds, late):
    at(desk, NOW + seconds * SECOND)
    told = desk.write(incidents.tick, bad.id, "tell", "各位对不起，漏发了十二单，15 点前再说。", place="群里")
    assert (told.late_seconds, told.done_at, told.place) == (late, NOW + seconds * SECOND, "群里")
    assert view(desk).next_update_at == NOW + seconds * SECOND + 20 * MINUTE
    at(desk, NOW + 5 * HOUR)
    assert stage(desk, "tell").late_seconds == late  # it stays what it was


def test_late_is_recorded_and_never_hidden(desk, bad):
    at(desk, NOW + 26 * HOUR)
    missed = [(entry.at - NOW, entry.late_seconds) for entry in view(desk).timeline if entry.kind == "missed"]
    assert {(15 * MINUTE, 26 * 3600 - 900), (HOUR, 25 * 3600), (24 * HOUR, 2 * 3600)} <= set(missed)
    # no word at all in the two hours they are owed: each of the six
    assert [each for each in missed if each[0] not in (15 * MINUTE, 24 * HOUR) and each[1] < 7200] == [
        (n * 20 * MINUTE, (6 - n) * 1200) for n in range(1, 7)
    ]
    desk.write(incidents.close, bad.id, REVIEW)
    at(desk, NOW + 90 * HOUR)
    assert stage(desk, "trust").late_seconds == 2 * 3600  # as it was closed
    assert view(desk).next_update_at is None
    assert desk.read(incidents.running, desk.clock) == ()


def test_over_midnight_the_clocks_run_on(desk):
    at(desk, datetime(2026, 3, 20, 15, 50, tzinfo=UTC))  # ten to midnight
    made = desk.write(incidents.start, "半夜出事")
    at(desk, datetime(2026, 3, 20, 16, 5, tzinfo=UTC))
    assert desk.write(incidents.tick, made.id, "tell", "说了").late_seconds == 0
    at(desk, datetime(2026, 3, 20, 16, 50, 1, tzinfo=UTC))
    assert desk.write(incidents.tick, made.id, "time", "一步一步").late_seconds == 1
    assert made.biz_date == date(2026, 3, 20)
    assert "3/21 " in desk.read(incidents.statement, desk.clock, made.id, "trust").text or True
    at(desk, datetime(2026, 3, 21, 15, 50, tzinfo=UTC))
    assert desk.write(incidents.tick, made.id, "trust", "都到了").late_seconds == 0


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "America/Los_Angeles"])
def test_another_zone_of_the_group_changes_no_clock(desk, bad, zone):
    at(desk, NOW + 10 * MINUTE)
    group = desk.read(groups.get, 1)
    desk.write(groups.update, replace(group, timezone=zone))
    at(desk, NOW + 15 * MINUTE + SECOND)
    assert desk.write(incidents.tick, bad.id, "tell", "说了").late_seconds == 1
    (found,) = desk.read(incidents.running, desk.clock)
    assert found.due == (("time", NOW + HOUR), ("trust", NOW + 24 * HOUR))


def test_the_hour_a_zone_skips_is_no_hour_less(desk):
    """In Berlin 2026-03-29 02:00 is 03:00 at once: an hour on the wall is none that went by."""
    group = desk.read(groups.get, 1)
    desk.write(groups.update, replace(group, timezone="Europe/Berlin"))
    begin = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    at(desk, begin)
    made = desk.write(incidents.start, "夜里")
    at(desk, begin + HOUR)
    assert desk.write(incidents.tick, made.id, "time", "时间表").late_seconds == 0


def test_a_clock_that_was_set_back_makes_nothing_early_and_is_told_once(desk, bad):
    at(desk, NOW + 16 * MINUTE)
    desk.write(incidents.log, bad.id, "打给仓库")
    at(desk, NOW - 3 * HOUR)
    told = desk.write(incidents.tick, bad.id, "tell", "说了")
    assert (told.done_at, told.late_seconds) == (NOW + 16 * MINUTE, 60)
    desk.write(incidents.log, bad.id, "又一笔")
    desk.write(incidents.update, bad.id, "再说一次")
    found = view(desk)
    assert [entry.kind for entry in found.timeline].count("clock") == 1
    assert found.now == NOW + 16 * MINUTE
    assert found.next_update_at == NOW + 36 * MINUTE
    assert desk.read(incidents.running, desk.clock)[0].clocks(desk.clock.now())[0].left == 44 * 60
    at(desk, NOW + 30 * MINUTE)
    desk.write(incidents.log, bad.id, "钟走到了")
    at(desk, NOW)
    desk.write(incidents.log, bad.id, "又拨回去了")
    assert [entry.kind for entry in view(desk).timeline].count("clock") == 2


def test_a_stage_needs_its_text_and_has_one(desk, bad):
    for empty in ("", "  \n\t ", "\u200b"):
        with pytest.raises(BadInput):
            desk.write(incidents.tick, bad.id, "tell", empty)
    with pytest.raises(BadInput):
        desk.write(incidents.tick, bad.id, "tell", "长" * 20_001)
    first = desk.write(incidents.tick, bad.id, "tell", "说了")
    steps = len(desk.read(history.recent))
    assert desk.write(incidents.tick, bad.id, "Tell", "说了\n") == first
    assert len(desk.read(history.recent)) == steps  # the same again is nothing new
    with pytest.raises(Refused):
        desk.write(incidents.tick, bad.id, "tell", "另一段")
    with pytest.raises(BadInput):
        desk.write(incidents.tick, bad.id, "talk", "说了")


def test_evidence_lies_between_t0_and_now(desk, bad):
    for moment in (NOW - SECOND, NOW + SECOND):
        with pytest.raises(BadInput):
            desk.write(incidents.tick, bad.id, "tell", "说了", at=moment)
        with pytest.raises(BadInput):
            desk.write(incidents.update, bad.id, "说了", at=moment)
    with pytest.raises(BadInput):
        desk.write(incidents.log, bad.id, "说了", at=NOW + SECOND)
    assert desk.write(incidents.log, bad.id, "早上就有人问", at=NOW - HOUR).at == NOW - HOUR
    assert desk.write(incidents.tick, bad.id, "tell", "说了", at=NOW).done_at == NOW


def test_words_that_go_cold_or_blame_are_told_and_stop_nothing(desk, bad):
    told = desk.write(incidents.tick, bad.id, "tell", "是快递的问题，与我们无关，请耐心等待通知。")
    assert {(one.rule, one.source) for one in told.findings} == {("blame", "S4-21"), ("cold", "S4-21")}
    assert told.done_at == NOW


def test_t0_is_corrected_once_and_it_is_told(desk, bad):
    at(desk, NOW + 5 * MINUTE)
    with pytest.raises(BadInput):
        desk.write(incidents.correct_t0, bad.id, NOW + 6 * MINUTE)
    done = desk.write(incidents.correct_t0, bad.id, NOW - 10 * MINUTE)
    assert (done.t0, done.first_t0) == (NOW - 10 * MINUTE, NOW)
    assert stage(desk, "tell").due_at == NOW + 5 * MINUTE
    assert "t0" in [entry.kind for entry in view(desk).timeline]
    with pytest.raises(Refused):
        desk.write(incidents.correct_t0, bad.id, NOW)
    assert desk.write(incidents.correct_t0, bad.id, done.t0) == done
    desk.write(history.undo)
    assert (view(desk).incident.t0, view(desk).incident.first_t0) == (NOW, None)
    assert desk.write(incidents.correct_t0, bad.id, NOW - MINUTE).t0 == NOW - MINUTE


def test_t0_cannot_lie_after_what_was_told(desk, bad):
    at(desk, NOW + 5 * MINUTE)
    desk.write(incidents.tick, bad.id, "tell", "说了", at=NOW + 2 * MINUTE)
    with pytest.raises(BadInput):
        desk.write(incidents.correct_t0, bad.id, NOW + 3 * MINUTE)
    assert desk.write(incidents.correct_t0, bad.id, NOW + 2 * MINUTE).t0 == NOW + 2 * MINUTE


def test_t0_may_have_been_before_and_not_to_come(desk):
    made = desk.write(incidents.start, "早就有了", at=NOW - 2 * HOUR)
    assert (made.t0, made.opened_at) == (NOW - 2 * HOUR, NOW)
    assert stage(desk, "tell").late_seconds == 105 * 60
    with pytest.raises(BadInput):
        desk.write(incidents.start, "还没有", at=NOW + SECOND)


def test_checklists_come_from_the_playbook_and_are_ticked_by_name_number_or_words(desk, bad):
    points = stage(desk, "tell").checks
    assert "scope" in {point.item for point in points}
    desk.write(incidents.check, bad.id, "tell", points[0].item)
    desk.write(incidents.check_all, bad.id, "tell", ["2", points[2].text])
    assert [point.done_at is not None for point in stage(desk, "tell").checks][:4] == [True, True, True, False]
    desk.write(incidents.uncheck, bad.id, "tell", "2")
    assert stage(desk, "tell").checks[1].done_at is None
    desk.write(history.undo)
    desk.write(history.undo)
    assert [point.done_at is not None for point in stage(desk, "tell").checks][:3] == [True, False, False]
    with pytest.raises(NotFound):
        desk.write(incidents.check, bad.id, "tell", "没有这一项")


def test_hats_and_severity_are_told_and_taken_back(desk, bad):
    assert [(each.hat, each.holder) for each in desk.write(incidents.assign, bad.id, "客服", "阿梨")] == [
        ("service", "阿梨")
    ]
    desk.write(incidents.assign, bad.id, "service", "小满")
    assert [each.holder for each in view(desk).roles] == ["小满"]
    desk.write(incidents.assign, bad.id, "service", "")
    assert view(desk).roles == ()
    assert desk.write(incidents.grade, bad.id, "critical").severity == "critical"
    assert {"role", "severity"} <= {entry.kind for entry in view(desk).timeline}
    for _step in range(2):
        desk.write(history.undo)
    assert view(desk).incident.severity == "major"
    assert [each.holder for each in view(desk).roles] == ["小满"]
    assert desk.write(incidents.grade, bad.id, "SEV1").severity == "critical"
    with pytest.raises(BadInput):
        desk.write(incidents.grade, bad.id, "terrible")


def test_every_step_can_be_taken_back(desk, bad):
    empty = view(desk)
    desk.write(incidents.tick, bad.id, "tell", "说了")
    desk.write(incidents.update, bad.id, "再说")
    desk.write(incidents.log, bad.id, "记一笔")
    for _step in range(3):
        desk.write(history.undo)
    assert view(desk) == empty
    desk.write(history.undo)
    assert desk.read(incidents.all_incidents) == ()
    assert desk.read(incidents.running, desk.clock) == ()
    with pytest.raises(NotFound):
        desk.write(incidents.tick, bad.id, "tell", "说了")


def joined(desk, count, day=date(2026, 1, 1)):
    return [desk.write(members.add, f"成员{number:02d}", group_id=1, joined_on=day).id for number in range(count)]


def test_exits_are_counted_of_those_who_were_there_at_t0(desk):
    here = joined(desk, 40)
    desk.write(members.leave, here[0], 1, date(2026, 3, 19))  # the day before
    desk.write(members.leave, here[1], 1, date(2026, 3, 20))  # written down before T0
    at(desk, NOW + MINUTE)
    made = desk.write(incidents.start, "出事了")
    at(desk, NOW + HOUR)
    late = desk.write(members.add, "后来的", group_id=1).id  # nobody says when, but not before it was noticed
    desk.write(members.add, "又来的", group_id=1, joined_on=date(2026, 3, 20))
    desk.write(members.leave, here[2], 1)
    at(desk, NOW + 25 * HOUR)
    desk.write(members.leave, here[3], 1)
    desk.write(members.leave, late, 1)
    told = view(desk, made.id).gauges
    assert (told.members_at_t0, told.exits, told.exit_rate, told.exit_limit) == (38, 2, 2 / 38, 0.05)
    desk.write(incidents.close, made.id, REVIEW)
    at(desk, NOW + 80 * HOUR)
    desk.write(members.leave, here[4], 1)
    assert view(desk, made.id).gauges.exits == 2  # of a closed one as it was closed


def test_who_left_and_came_back_is_one(desk, bad):
    here = joined(desk, 10)
    desk.write(members.leave, here[0], 1)
    desk.write(members.rejoin, here[0], 1)
    told = view(desk).gauges
    assert (told.members_at_t0, told.exits) == (10, 1)


def test_a_roster_that_came_after_it_is_taken_as_it_came(desk, bad):
    at(desk, NOW + HOUR)
    for number in range(3):
        desk.write(members.add, f"成员{number}", group_id=1)
    assert view(desk).gauges.members_at_t0 == 3


def test_a_group_without_members_has_no_rate(desk, bad):
    assert (view(desk).gauges.members_at_t0, view(desk).gauges.exit_rate) == (0, None)


def test_it_is_not_closed_before_its_review_is_whole(desk, bad):
    with pytest.raises(Refused):
        desk.write(incidents.close, bad.id)
    blank = " \n"
    parts = (
        replace(REVIEW, cause=blank), replace(REVIEW, impact=blank),
        replace(REVIEW, went_well=blank), replace(REVIEW, went_badly=blank),
    )  # fmt: skip
    for told in parts:
        with pytest.raises(BadInput):
            desk.write(incidents.close, bad.id, told)
    past = replace(REVIEW, actions=(ActionDraft("昨天就该做", date(2026, 3, 19)),))
    with pytest.raises(BadInput):
        desk.write(incidents.close, bad.id, past)
    desk.write(incidents.review, bad.id, REVIEW)
    assert view(desk).review == REVIEW
    assert desk.write(incidents.close, bad.id).closed_at == NOW
    for late in (incidents.log, incidents.update):
        with pytest.raises(Refused):
            desk.write(late, bad.id, "又想起一句")
    with pytest.raises(Refused):
        desk.write(incidents.close, bad.id, REVIEW)


def test_what_is_to_be_done_becomes_tasks_with_their_days(desk, bad):
    due = (ActionDraft("找第二家仓库", date(2026, 3, 25), "service"), ActionDraft("写一份装箱单", date(2026, 3, 22)))
    desk.write(incidents.review, bad.id, replace(REVIEW, actions=due[:1]))
    assert [each.task_id for each in view(desk).actions] == [None]
    desk.write(incidents.close, bad.id, replace(REVIEW, actions=due))
    first, _second = view(desk).actions
    (task,) = desk.read(tasks.on_day, desk.clock, date(2026, 3, 25), 1)
    assert (task.title, task.hat, task.subject) == ("找第二家仓库", "service", first.task_id)
    desk.write(tasks.remove, task.key)
    assert [each.task_id is None for each in view(desk).actions] == [True, False]
    desk.write(history.undo)
    desk.write(history.undo)
    assert view(desk).incident.open
    assert desk.read(tasks.on_day, desk.clock, date(2026, 3, 22), 1) == ()


def everything_else(desk):
    """Every row count but those of incidents and of the journal, what fires, and what is due."""
    own = ("incident", "step", "change", "seal")
    counts = {}
    for name, table in metadata.tables.items():
        if not name.startswith(own):
            counts[name] = desk.read(
                lambda session, table=table: session.scalar(select(func.count()).select_from(table))
            )
    return counts, desk.read(alerts.alerts, desk.clock, 1), desk.read(tasks.on_day, desk.clock, date(2026, 3, 25), 1)


def test_a_drill_touches_nothing_else(desk):
    joined(desk, 5)
    before = everything_else(desk)
    made = desk.write(incidents.start, "演练", drill=True, playbook="food")
    for name in ("tell", "time", "trust"):
        desk.write(incidents.tick, made.id, name, "说了")
    desk.write(incidents.update, made.id, "再说")
    desk.write(incidents.check, made.id, "tell", "1")
    desk.write(incidents.assign, made.id, "service", "阿梨")
    desk.write(incidents.log, made.id, "记")
    desk.write(incidents.close, made.id, replace(REVIEW, actions=(ActionDraft("买箱子", date(2026, 3, 25)),)))
    assert everything_else(desk) == before
    assert [each.task_id for each in view(desk).actions] == [None]


def test_stages_that_were_late_are_an_alert_of_the_next_day(desk, bad):
    desk.write(incidents.start, "演练", drill=True)  # counts for nothing
    at(desk, NOW + 20 * MINUTE)
    desk.write(incidents.tick, bad.id, "tell", "说了")
    at(desk, NOW + 30 * MINUTE)
    desk.write(incidents.tick, bad.id, "time", "时间表")
    at(desk, NOW + 14 * HOUR)
    (alert,) = desk.read(alerts.alerts, desk.clock, 1)
    assert (alert.rule, alert.value, alert.last) == ("waited", 1, date(2026, 3, 20))
    at(desk, NOW + 40 * HOUR)  # a day with Trust late too
    (alert,) = desk.read(alerts.alerts, desk.clock, 1)
    assert alert.value == 1


def test_one_is_meant_by_id_title_or_being_the_only_one_open(desk, bad):
    assert desk.read(incidents.find).id == desk.read(incidents.find, "#1").id == bad.id
    assert desk.read(incidents.find, "漏发了十二单").id == bad.id
    with pytest.raises(Refused):
        desk.write(incidents.start, "漏发了十二单 ")
    second = desk.write(incidents.start, "漏发了十二单", drill=True)
    with pytest.raises(Ambiguous):
        desk.read(incidents.find)
    with pytest.raises(Ambiguous):
        desk.read(incidents.find, "漏发了十二单")
    assert [each.drill for each in desk.read(incidents.running, desk.clock)] == [False, True]
    desk.write(incidents.close, second.id, REVIEW)
    assert desk.read(incidents.find, "漏发了十二单").id == bad.id
    with pytest.raises(NotFound):
        desk.read(incidents.find, "没有")


@pytest.mark.parametrize("title", ["", "  ", "\u200b", "a\x1b[31m", "长" * 201])
def test_titles_nobody_can_read_are_refused(desk, title):
    with pytest.raises(BadInput):
        desk.write(incidents.start, title)


@pytest.mark.parametrize(
    "title", ["[bold]x[/]", "=HYPERLINK(1)", "{when}{next}", "'; DROP TABLE incident; --", "👨‍👩‍👧 家"]
)
def test_hostile_titles_are_only_words(desk, title):
    made = desk.write(incidents.start, title)
    assert made.title == title
    desk.write(incidents.tick, made.id, "tell", "=1+1 [red]说了[/]")
    assert title in desk.read(incidents.handover, desk.clock, made.id)
    assert title in desk.read(incidents.statement, desk.clock, made.id, "tell").text or "{" in title


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("对不起。\n原因是：____。\n补偿 ____ 都发了。", "原因是：____、补偿____"),
        ("{done}，{ 怎么补 }", "处理经过、怎么补"),
        ("____前办好", "____前办好"),
    ],
)
def test_a_text_with_blanks_left_ticks_nothing(desk, bad, text, told):
    for service, stage in ((incidents.tick, ("trust",)), (incidents.update, ())):
        with pytest.raises(Unfilled) as error:
            desk.write(service, bad.id, *stage, text)
        assert told in str(error.value)
    assert [each.done_at for each in desk.read(incidents.view, desk.clock, bad.id).stages] == [None] * 3
    assert desk.write(incidents.tick, bad.id, "trust", "原因是：冷链断了，单号 a_1 __补__").done_at


def test_statements_are_filled_with_what_is_known(desk, bad):
    desk.write(incidents.assign, bad.id, "service", "阿梨")
    tell = desk.read(incidents.statement, desk.clock, bad.id, "tell")
    assert "早起读书群" in tell.text
    assert "漏发了十二单" in tell.text
    assert "20:20前" in tell.text
    assert set(tell.missing) == {"scope", "doing"}
    assert "阿梨" in desk.read(incidents.statement, desk.clock, bad.id, "time").text
    at(desk, NOW + 3 * HOUR)
    assert "next" in desk.read(incidents.statement, desk.clock, bad.id, "update").missing  # nobody is owed it any more


def test_the_hand_over_says_how_it_stands(desk, bad):
    at(desk, NOW + 16 * MINUTE)
    desk.write(incidents.tick, bad.id, "tell", "说了")
    text = desk.read(incidents.handover, desk.clock, bad.id)
    for words in ("漏发了十二单", "1:00", "21:00", "快递"):
        assert words in text


def test_seven_playbooks_and_every_place_has_words():
    found = playbooks()
    assert set(found) == {"food", "price", "delivery", "leak", "quarrel", "ban", "rumour"}
    for each in found.values():
        assert each.first
        assert each.avoid
        assert each.source
        for name in ("tell", "time", "trust"):
            assert len(each.sheet(name).checks) >= 4
        from qunguan.domain.lint import Facts, findings
        from qunguan.domain.tasks import places

        for sheet in each.sheets.values():
            assert set(places(sheet.statement)) <= set(PLACES)
            assert not [one for one in findings(sheet.statement, Facts(crisis=True)) if one.source == "S4-21"]
    assert [grade.severity for grade in guide()] == ["minor", "major", "critical"]


def test_what_comes_with_the_playbook_is_where_it_begins(desk):
    assert desk.write(incidents.start, "吃坏了", playbook="食品安全").severity == "critical"
    assert desk.write(incidents.start, "吵起来了", playbook="quarrel", severity="轻微").severity == "minor"
    with pytest.raises(NotFound):
        desk.write(incidents.start, "别的", playbook="没有")


def test_today_is_asked_without_an_incident(desk):
    assert desk.read(today.agenda, desk.clock) is not None
