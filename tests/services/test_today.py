"""The agenda: each kind of line is there at the edge of its rule and gone one step beyond, and says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from qunguan.domain.clock import Clock
from qunguan.domain.members import Birthday
from qunguan.domain.rules import preset
from qunguan.domain.today import Line, Upkeep
from qunguan.exchange.writers import posts
from qunguan.i18n import set_language
from qunguan.services import checkins, groups, members, points, rules, today
from qunguan.store.journal import step
from tests.services.checkin_kit import TODAY, chain, challenge, day, go, paste, people, tick_days


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


def agenda(desk, group_id: int | None = 1, upkeep: Upkeep | None = None):
    return desk.read(today.agenda, desk.clock, group_id, upkeep)


def lines(desk, kind: str) -> list[Line]:
    return [line for line in agenda(desk).lines if line.kind == kind]


def only(desk, kind: str) -> Line:
    (line,) = lines(desk, kind)
    return line


def at(desk, hour: int) -> None:
    """Let it be this hour of today in Shanghai."""
    desk.clock = Clock(datetime(2026, 3, 20, hour, tzinfo=UTC) - timedelta(hours=8))


def born(desk, name: str, when: date, *, lunar: bool = False):
    birthday = Birthday(when.month, when.day, lunar=lunar)
    return desk.write(members.add, name, group_id=1, birthday=birthday).id


def switch_off(desk, rule_id: str) -> None:
    desk.write(rules.switch, rule_id, enabled=False)


def test_a_fresh_group_has_nothing_due_and_a_yesterday_nobody_knows(desk):
    found = agenda(desk)
    assert found.lines == ()
    told = found.yesterday
    assert (told.shares, told.joined, told.left, told.granted, told.spent) == ((), None, None, None, None)
    assert found.hour == 20


def test_without_a_group_in_hand_there_is_no_yesterday(desk):
    assert agenda(desk, None).yesterday is None


class TestDue:
    def test_nothing_recorded_yet_says_so_and_offers_the_prompt(self, desk):
        people(desk, "阿梨", "小满")
        challenge(desk, window="05:00-07:30", prompts=[""] * 19 + ["今天读到哪一页？"])
        tick_days(desk, (1, 1), [19])
        at(desk, 7)
        line = only(desk, "checkin")
        assert str(line.text) == "早起, day 20: today's 接龙 is not pasted yet"
        assert (line.done, line.due) == (0, 2)
        assert line.target.screen == "checkins"
        assert (line.target.subject, line.target.day) == (1, TODAY)
        assert line.ready_text.splitlines() == [
            "Good morning! Today's check-in for 早起:",
            "",
            "今天读到哪一页？",
            "",
            "1 of us checked in last time. Your turn today!",
            "Check-in is open 05:00-07:30.",
            "When it is done, add yourself to the 接龙; one sentence is plenty.",
        ]

    def test_without_a_prompt_the_day_is_named(self, desk):
        people(desk, "阿梨")
        challenge(desk)
        at(desk, 7)
        assert only(desk, "checkin").ready_text.startswith("Good morning! Today is day 20 of 早起.\n")

    def test_the_board_takes_over_in_the_evening(self, desk):
        people(desk, "阿梨", "小满")
        challenge(desk)
        paste(desk, 1, chain("阿梨"))
        at(desk, 17)
        assert "接龙" in only(desk, "checkin").ready_text
        at(desk, 18)
        line = only(desk, "checkin")
        assert str(line.text) == "早起, day 20: 1 / 2"
        assert "🥇 阿梨" in line.ready_text
        switch_off(desk, "today.evening_hour")
        assert "🥇" not in only(desk, "checkin").ready_text

    def test_only_what_runs_and_is_due_today(self, desk):
        people(desk, "阿梨")
        challenge(desk, "不是今天", cadence="weekdays:1234")
        challenge(desk, "还没开始", starts_on=day(21))
        challenge(desk, "已经结束", days=19)
        assert not lines(desk, "checkin")
        challenge(desk, "正好今天", cadence="weekdays:5")
        assert only(desk, "checkin").target.subject == 4

    def test_who_is_away_is_not_counted_and_when_all_are_there_is_no_line(self, desk):
        people(desk, "阿梨", "小满")
        challenge(desk)
        desk.write(checkins.mark, 1, 1, TODAY, "excused")
        assert only(desk, "checkin").due == 1
        desk.write(checkins.mark, 1, 2, TODAY, "frozen")
        assert not lines(desk, "checkin")

    def test_a_challenge_nobody_joined_asks_for_its_first_chain(self, desk):
        challenge(desk, who=None)
        assert "nobody has joined yet" in str(only(desk, "checkin").text)

    def test_a_week_counts_who_has_filled_it(self, desk):
        people(desk, "阿梨", "小满", "老周")
        challenge(desk, "周记", cadence="weekly:1")
        tick_days(desk, (1, 1), [17])
        assert str(only(desk, "checkin").text) == "周记, week 4: 1 / 3 this week"
        tick_days(desk, (1, 2), [20])
        line = only(desk, "checkin")
        assert (line.done, line.due) == (2, 3)


class TestSlipped:
    def habit(self, desk, days: int, **terms) -> int:
        """阿梨 was there for `days` days up to the day before yesterday, 小满 always."""
        people(desk, "阿梨", "小满")
        found = challenge(desk, **terms)
        tick_days(desk, (found, 1), range(19 - days, 19))
        tick_days(desk, (found, 2), range(10, 20))
        return found

    def test_a_habit_that_broke_yesterday(self, desk):
        self.habit(desk, 7)
        line = only(desk, "nudge")
        assert str(line.text) == "早起: 1 good run broke, it can be made up until 3/22: 阿梨"
        assert line.target.day == day(19)
        assert line.ready_text.splitlines() == [
            "阿梨, I missed you yesterday in 早起. A busy day?",
            "You had 7 days in a row, and it would be a pity to stop there.",
            "It can still be made up until 3/22. No hurry, just tell me.",
        ]
        assert line.evidence[0].rule == "board.streak_highlight"
        assert str(line.evidence[0].met) == "阿梨: 7 in a row before"

    def test_one_day_short_is_no_habit(self, desk):
        self.habit(desk, 6)
        assert not lines(desk, "nudge")

    def test_back_today_it_can_be_mended_all_the_same(self, desk):
        found = self.habit(desk, 7)
        tick_days(desk, (found, 1), [20])
        assert only(desk, "nudge").count == 1

    def test_made_up_it_is_gone(self, desk):
        found = self.habit(desk, 7)
        desk.write(checkins.mark, found, 1, day(19), "makeup")
        assert not lines(desk, "nudge")

    @pytest.mark.parametrize(("terms", "there"), [({"makeup_days": 1}, 1), ({"makeup_days": 0}, 0)])
    def test_only_while_the_window_is_open(self, desk, terms, there):
        self.habit(desk, 7, **terms)
        assert len(lines(desk, "nudge")) == there

    def test_only_while_a_makeup_is_left(self, desk):
        found = self.habit(desk, 9, makeup_quota=1)
        desk.write(checkins.mark, found, 1, day(18), "none")
        desk.write(checkins.mark, found, 1, day(18), "makeup")
        assert not lines(desk, "nudge")

    def test_several_get_a_text_that_suits_each(self, desk):
        people(desk, "阿梨", "小满", "老周")
        found = challenge(desk)
        for who, last in ((1, 18), (2, 18), (3, 19)):
            tick_days(desk, (found, who), range(9 + who, last + 1))
        line = only(desk, "nudge")
        assert str(line.text).endswith(": 2 good runs broke, they can be made up until 3/22: 阿梨, 小满")
        assert "阿梨" not in line.ready_text

    def test_on_a_rhythm_of_weekdays_the_last_due_day_counts(self, desk):
        people(desk, "阿梨", "小满")
        found = challenge(desk, cadence="weekdays:135", makeup_days=2, starts_on=date(2026, 2, 16))
        for who in (1, 2):
            before = [date(2026, 2, 16) + timedelta(days=n) for n in range(30) if n % 7 in (0, 2, 4)]
            for when in before[: 12 + who]:
                desk.write(checkins.mark, found, who, when, "done")
        tick_days(desk, (found, 2), [18])
        assert only(desk, "nudge").target.day == day(18)

    def test_when_nobody_has_a_record_the_chain_was_not_pasted(self, desk):
        people(desk, "阿梨", "小满")
        found = challenge(desk)
        for who in (1, 2):
            tick_days(desk, (found, who), range(5, 19))
        line = only(desk, "late")
        assert str(line.text) == "早起: the 接龙 of yesterday is not pasted, 2 people were due"
        assert not line.ready_text
        assert not lines(desk, "nudge")
        tick_days(desk, (found, 1), [19])
        assert not lines(desk, "late")

    def test_an_old_end_is_not_called_late(self, desk):
        people(desk, "阿梨")
        challenge(desk, days=16, makeup_days=4)
        assert lines(desk, "late")
        challenge(desk, "更早", days=15, makeup_days=4)
        assert [line.target.subject for line in lines(desk, "late")] == [1]


class TestBirthdays:
    def test_today_and_the_days_ahead(self, desk):
        born(desk, "今天", TODAY)
        born(desk, "第三天", day(23))
        born(desk, "第四天", day(24))
        assert str(only(desk, "birthday").text) == "今天: birthday today"
        assert str(only(desk, "upcoming").text) == "第三天: birthday 3/23"
        desk.write(rules.change, "today.birthday_days", 0)
        assert not lines(desk, "upcoming")
        switch_off(desk, "today.birthday_days")
        assert not lines(desk, "birthday")

    def test_one_line_a_day_with_a_wish_for_everybody_by_nickname(self, desk):
        first = born(desk, "张三", TODAY)
        born(desk, "李四", TODAY)
        desk.write(members.set_alias, first, "nick", "三哥")
        line = only(desk, "birthday")
        assert line.ready_text.splitlines()[:2] == ["🎂 3/20, a good day: happy birthday!", "@三哥 @李四"]
        assert line.target.screen == "members"

    def test_a_lunar_birthday_falls_on_its_solar_day(self, desk):
        born(desk, "农历", date(2026, 2, 2), lunar=True)  # 二月初二 of 2026 is 20 March
        line = only(desk, "birthday")
        assert "lunar" in str(line.evidence[0].met)

    def test_who_left_is_not_congratulated(self, desk):
        desk.write(members.leave, born(desk, "走了", TODAY), 1, TODAY)
        assert not lines(desk, "birthday")


class TestNewcomers:
    @pytest.mark.parametrize(("joined", "there"), [(20, True), (18, True), (17, False)])
    def test_the_first_three_days(self, desk, joined, there):
        desk.write(members.add, "新来的", group_id=1, joined_on=day(joined))
        assert bool(lines(desk, "newcomer")) is there

    def test_a_check_in_is_an_arrival(self, desk):
        desk.write(members.add, "新来的", group_id=1, joined_on=day(19))
        challenge(desk)
        line = only(desk, "newcomer")
        assert str(line.text) == "新来的: new, not checked in yet"
        assert "join 早起" in line.ready_text
        tick_days(desk, (1, 1), [20])
        assert not lines(desk, "newcomer")

    def test_without_a_challenge_they_are_welcomed(self, desk):
        desk.write(members.add, "新来的", group_id=1, joined_on=day(19))
        line = only(desk, "newcomer")
        assert str(line.text) == "新来的: new, to be welcomed"
        assert "@新来的" in line.ready_text
        assert "join" not in line.ready_text


class TestEnds:
    @pytest.mark.parametrize(("last", "there"), [(20, True), (23, True), (24, False)])
    def test_the_last_days(self, desk, last, there):
        people(desk, "阿梨")
        challenge(desk, days=last)
        assert bool(lines(desk, "ending")) is there

    def test_the_last_day_itself(self, desk):
        people(desk, "阿梨")
        challenge(desk, days=20)
        line = only(desk, "ending")
        assert str(line.text) == "早起: today is the last day"
        assert line.ready_text.startswith("Today is the last day of 早起!")

    def test_ended_and_not_closed(self, desk):
        people(desk, "阿梨", "小满", "老周")
        found = challenge(desk, days=19)
        tick_days(desk, (found, 1), range(1, 20))
        line = only(desk, "ended")
        assert str(line.text) == "早起 ended yesterday; finished: 33% (1/3)"
        assert line.does == "close"
        assert "3 of us set out together, 1 went all the way (33%)." in line.ready_text
        desk.write(checkins.close, found, line.target.day)
        assert not lines(desk, "ended")
        assert not lines(desk, "ending")

    def test_a_challenge_nobody_joined_has_no_share(self, desk):
        challenge(desk, days=19, who=None)
        assert str(only(desk, "ended").text).endswith("finished: —")


class TestPoints:
    @pytest.mark.parametrize(
        ("ahead", "kinds"), [(0, ["lapsing"]), (7, ["lapsing"]), (8, ["expiring"]), (30, ["expiring"]), (31, [])]
    )
    def test_within_the_rules_days(self, desk, ahead, kinds):
        people(desk, "阿梨")
        desk.write(points.grant, 1, 20, expires_on=TODAY + timedelta(days=ahead))
        assert [line.kind for line in agenda(desk).lines] == kinds

    def test_without_the_urgent_rule_there_is_one_line_and_without_the_other_only_urgent_ones(self, desk):
        people(desk, "阿梨")
        desk.write(points.grant, 1, 20, expires_on=day(22))
        desk.write(points.grant, 1, 5, expires_on=day(30))
        assert [(line.kind, line.text.values["points"]) for line in agenda(desk).lines] == [
            ("lapsing", 20), ("expiring", 5)]  # fmt: skip
        switch_off(desk, "care.expiry_days")
        assert only(desk, "expiring").text.values["points"] == 25
        desk.write(rules.switch, "care.expiry_days", enabled=True)
        switch_off(desk, "points.expiring_days")
        assert [(line.kind, line.text.values["points"]) for line in agenda(desk).lines] == [("lapsing", 20)]

    def test_people_and_sum_and_names(self, desk):
        people(desk, "阿梨", "小满", "走了")
        for who, amount, last in ((1, 20, 25), (1, 5, 30), (2, 7, 24), (3, 9, 22)):
            desk.write(points.grant, who, amount, expires_on=day(last))
        desk.write(members.leave, 3, 1, TODAY)
        switch_off(desk, "care.expiry_days")
        line = only(desk, "expiring")
        assert str(line.text) == "2 people have 32 points about to expire, the first 3/24"
        assert line.ready_text.splitlines()[-3:] == [
            "@小满 7 points until 3/24",
            "@阿梨 20 points until 3/25",
            "@阿梨 5 points until 3/30",
        ]
        assert line.target.screen == "points"


class TestCapacity:
    def test_above_not_at_the_bound(self, desk):
        people(desk, "一", "二", "三")
        group = desk.read(groups.current)

        def bounds(soft, hard):
            desk.write(groups.update, replace(group, capacity_soft=soft, capacity_hard=hard))

        bounds(3, 4)
        assert not lines(desk, "filling")
        bounds(2, 3)
        line = only(desk, "filling")
        assert str(line.text) == "3 people, above the suggested size 2"
        assert line.evidence[0].source == "S2-22"
        bounds(1, 2)
        assert only(desk, "full").evidence[0].value == 2


class TestFile:
    def upkeep(self, days: int, seconds: int = 0) -> Upkeep:
        return Upkeep((), datetime(2026, 3, 20, 12, tzinfo=UTC) - timedelta(days=days, seconds=seconds))

    def kinds(self, desk, upkeep: Upkeep) -> list[str]:
        return [line.kind for line in agenda(desk, 1, upkeep).lines]

    def test_a_backup_of_seven_days_is_young_enough(self, desk):
        assert self.kinds(desk, self.upkeep(7)) == []
        assert self.kinds(desk, self.upkeep(7, 1)) == ["backup"]
        switch_off(desk, "today.backup_days")
        assert self.kinds(desk, self.upkeep(70)) == []

    def test_never_backed_up_counts_from_the_first_group(self, desk):
        assert self.kinds(desk, Upkeep()) == []
        go(desk, day(28))
        (line,) = agenda(desk, 1, Upkeep()).lines
        assert str(line.text) == "There is no backup yet, after 8 days"
        assert line.does == "backup"

    def test_notices_come_first(self, desk):
        people(desk, "阿梨")
        challenge(desk)
        found = agenda(desk, 1, Upkeep(("权限已收紧 {x}",), desk.clock.now())).lines
        assert found[0].kind == "notice"
        assert str(found[0].text) == "权限已收紧 {x}"


class TestYesterday:
    def test_each_challenge_with_its_n_and_what_happened(self, desk):
        before = desk.clock
        go(desk, day(1))
        desk.write(groups.create, "老群")
        desk.write(groups.set_current, 2)
        desk.clock = before
        for n, joined in enumerate((1, 19, 19, 20)):
            desk.write(members.add, f"成员{n}", group_id=2, joined_on=day(joined))
        found = desk.write(checkins.start, "早起", who=[1, 2], group_id=2, starts_on=day(1), points=5, tiers={}).id
        desk.write(checkins.start, "周一", who=[1], group_id=2, starts_on=day(1), cadence="weekdays:1")
        go(desk, day(19))
        desk.write(checkins.tick, found, 1, day(19))
        desk.write(checkins.tick, found, 2, day(19))
        desk.write(checkins.untick, found, 2, day(19))
        for _hesitating in range(3):
            desk.write(checkins.tick, found, 2, day(19))
            desk.write(checkins.untick, found, 2, day(19))
        desk.write(points.spend, 1, 2, reason="换书签")
        desk.clock = before
        desk.write(members.leave, 1, 2, day(19))
        told = agenda(desk, 2).yesterday
        assert (told.joined, told.left, told.granted, told.spent) == (2, 1, 5, 2)
        assert [(share.challenge, share.done, share.due) for share in told.shares] == [("早起", 0, 1)]

    def test_a_quiet_day_of_a_group_that_was_kept_is_nought(self, desk):
        go(desk, day(25))
        told = agenda(desk).yesterday
        assert (told.joined, told.left, told.granted, told.spent) == (0, 0, 0, 0)


def test_most_urgent_first_and_the_group_in_hand_before_others(desk):
    people(desk, "阿梨")
    challenge(desk)
    desk.write(groups.create, "宝妈成长营")
    desk.write(members.join, 1, 2)
    desk.write(checkins.start, "宝妈早起", who="all", group_id=2, starts_on=day(20))
    born(desk, "寿星", TODAY)
    found = agenda(desk, 2).lines
    assert [(line.kind, line.group) for line in found] == [
        ("checkin", "宝妈成长营"),
        ("checkin", "早起读书群"),
        ("late", "早起读书群"),
        ("birthday", "早起读书群"),
    ]
    assert len({line.key for line in found}) == len(found)


def test_every_line_names_its_source_and_rules_that_exist_and_nothing_is_written(desk):
    people(desk, "阿梨", "小满")
    challenge(desk, days=21)
    born(desk, "寿星", TODAY)
    desk.write(members.add, "新来的", group_id=1, joined_on=TODAY)
    desk.write(points.grant, 1, 20, expires_on=day(25))

    def count():
        return desk.read(lambda session: session.scalar(select(func.count()).select_from(step)))

    before = count()
    found = agenda(desk, 1, Upkeep(("x",))).lines
    assert {line.kind for line in found} >= {"notice", "checkin", "birthday", "newcomer", "ending", "lapsing"}
    for line in found:
        assert line.evidence
        for each in line.evidence:
            assert each.source
            assert not each.rule or preset(each.rule).source == each.source
    assert count() == before


@pytest.mark.parametrize("name", ["[/]", "\u202e反", "{n}", "𰻞" * 64])
def test_hostile_names_stay_names(desk, name):
    born(desk, name, TODAY)
    desk.write(members.add, name, group_id=1, joined_on=TODAY)
    for line in agenda(desk).lines:
        assert name[-1] in str(line.text)
        assert "\u202e" not in line.ready_text


def test_what_came_in_past_the_door_is_shown_not_run():
    assert "␛[31m" in posts.birthday_post(["\x1b[31m红"], TODAY, 1800)
    assert "\x1b" not in posts.nudge_note(["\x1b[31m红"], "早起", 7, (day(19), day(22)), TODAY)
    assert "\x1b" not in posts.welcome_post(["a"], "\x1b]0;x\x07", 1800)


def test_texts_stay_within_the_longest_message(desk):
    for n in range(400):
        born(desk, f"一个不算短的名字{n}", TODAY)
    assert len(only(desk, "birthday").ready_text) <= 1800


def test_chinese_is_what_an_owner_would_say(desk):
    set_language("zh")
    people(desk, "阿梨", "小满")
    challenge(desk)
    tick_days(desk, (1, 1), range(12, 19))
    tick_days(desk, (1, 2), [19])
    line = only(desk, "nudge")
    assert str(line.text) == "早起 · 1 位的好习惯断了，还能补到3月22日：阿梨"
    assert line.ready_text.startswith("阿梨，昨天的「早起」没看到你，是太忙了吗？")


def test_an_incident_that_runs_stands_before_everything(desk):
    from qunguan.services import incidents

    assert lines(desk, "crisis") == []
    made = desk.write(incidents.start, "漏发了")
    desk.clock = Clock(desk.clock.now() + timedelta(minutes=16))
    first, *_others = agenda(desk).lines
    assert (first.kind, first.target.screen, first.target.subject) == ("crisis", "incidents", made.id)
    assert "Tell is late by 1:00" in str(first.text)
    assert [each.source for each in first.evidence] == ["S4-18", "S4-19", "S4-20", "semantics 3.17"]
