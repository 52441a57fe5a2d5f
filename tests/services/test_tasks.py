"""Tasks: what is due on which day, what became of it, and that all of it can be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from qunguan.domain import tasks as words
from qunguan.domain.campaigns import Draft
from qunguan.domain.clock import Clock, DayRule
from qunguan.domain.content import PostDraft
from qunguan.domain.errors import Ambiguous, BadInput, NotFound, Refused
from qunguan.domain.members import Birthday
from qunguan.domain.sops import Step, Trigger
from qunguan.domain.tasks import Task
from qunguan.i18n import set_language
from qunguan.services import campaigns, content, groups, history, members, rules, scripts, sops, tasks
from qunguan.services.desk import Desk

TODAY = date(2026, 3, 20)  # a Friday; it is 20:00


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


def day(number: int) -> date:
    return date(2026, 3, number)


def at(desk, hour: int, minute: int = 0, on: date = TODAY) -> None:
    """Let it be this hour in Shanghai."""
    desk.clock = Clock(datetime(on.year, on.month, on.day, hour, minute, tzinfo=UTC) - timedelta(hours=8))


def due(desk: Desk, on: date = TODAY, group_id: int | None = 1) -> tuple[Task, ...]:
    return desk.read(tasks.on_day, desk.clock, on, group_id)


def titles(found) -> list[str]:
    return [task.title for task in found]


def own(desk: Desk, trigger: Trigger, *steps: Step, name: str = "自己的") -> int:
    made = desk.write(sops.add, 1, name, trigger)
    for step in steps:
        desk.write(sops.put_step, made.id, step)
    return made.id


def join(desk: Desk, name: str, on: date = TODAY) -> int:
    return desk.write(members.add, name, group_id=1, joined_on=on).id


def test_a_group_without_anything_has_nothing_due(desk):
    assert due(desk) == ()
    assert desk.read(tasks.on_day, desk.clock, TODAY) == ()


class TestClock:
    def test_a_daily_sop_is_due_by_its_hours_and_late_past_the_grace(self, desk):
        at(desk, 9)
        desk.write(sops.use, "daily", 1)
        found = due(desk)
        assert [(task.on_minute, task.hat) for task in found] == [
            (600, "content"), (900, "content"), (1080, "service"), (1200, "owner"), (1290, "owner"),
        ]  # fmt: skip
        assert not any(task.late for task in found)
        at(desk, 10, 30)
        assert not due(desk)[0].late
        at(desk, 10, 31)
        assert due(desk)[0].late
        desk.write(rules.change, "task.grace_minutes", 60)
        assert not due(desk)[0].late

    def test_a_daily_one_is_not_carried_over_a_weekly_one_is(self, desk):
        at(desk, 9, on=day(16))
        own(desk, "daily", Step(0, 600, "早报", "content"), name="每天")
        own(desk, "weekly", Step(3, 1200, "直播", "owner"), name="每周")
        at(desk, 9, on=day(19))
        assert titles(due(desk, day(19))) == ["直播", "早报"]
        assert due(desk, day(19))[0].late
        at(desk, 9, on=day(21))
        assert titles(due(desk, day(21))) == ["直播", "早报"]
        at(desk, 9, on=day(22))
        assert titles(due(desk, day(22))) == ["早报"]
        assert titles(due(desk, day(18))) == ["早报", "直播"]  # of a past day only what was due on it
        desk.write(rules.switch, "task.overdue_days", enabled=False)
        at(desk, 9, on=day(19))
        assert titles(due(desk, day(19))) == ["早报"]

    def test_nothing_is_due_before_it_was_taken_up_nor_while_it_is_off(self, desk):
        sop = own(desk, "daily", Step(0, 600, "早报", "content"))
        assert due(desk, day(19)) == ()
        at(desk, 9, on=day(22))
        desk.write(sops.switch, sop, enabled=False)
        assert (len(due(desk, day(21))), len(due(desk, day(22)))) == (1, 0)
        at(desk, 9, on=day(25))
        desk.write(sops.switch, sop, enabled=True)
        assert [len(due(desk, day(n))) for n in (21, 22, 24, 25, 26)] == [1, 0, 0, 1, 1]

    def test_what_was_ticked_stays_ticked_when_it_is_switched_off(self, desk):
        sop = own(desk, "daily", Step(0, 600, "早报", "content"), Step(0, 900, "话题", "content"))
        desk.write(tasks.mark_done, due(desk)[0].key)
        desk.write(sops.switch, sop, enabled=False)
        assert [(task.title, task.state) for task in due(desk)] == [("早报", "done")]
        desk.write(sops.switch, sop, enabled=True)
        assert titles(due(desk)) == ["早报", "话题"]

    def test_a_script_of_the_library_in_place_of_a_text(self, desk):
        desk.write(scripts.add, "我的早报", "daily", "{group}早安 {news}")
        own(
            desk,
            "daily",
            Step(0, 600, "早报", "content", "旧的", "我的早报"),
            Step(0, 660, "x", "content", "有", "没有"),
        )
        assert [(task.text, task.missing) for task in due(desk)] == [
            ("早起读书群早安 {news}", ("news",)), ("有", ()),
        ]  # fmt: skip

    def test_put_away_it_leaves_the_past_as_it_was(self, desk):
        sop = own(desk, "daily", Step(0, 600, "早报", "content"))
        at(desk, 9, on=day(22))
        desk.write(sops.end, sop)
        assert [len(due(desk, day(n))) for n in (20, 21, 22, 23)] == [1, 1, 0, 0]

    def test_a_changed_step_leaves_the_past_as_it_was(self, desk):
        sop = own(desk, "daily", Step(0, 600, "早报", "content"))
        at(desk, 9, on=day(23))
        (old,) = desk.read(sops.get, sop).steps_now
        desk.write(sops.put_step, sop, Step(0, 660, "晚一点的早报", "content", id=old.id))
        assert [(task.title, task.on_minute) for n in (22, 23) for task in due(desk, day(n))] == [
            ("早报", 600), ("晚一点的早报", 660),
        ]  # fmt: skip

    def test_a_step_that_is_ticked_today_changes_from_tomorrow_on(self, desk):
        sop = own(desk, "daily", Step(0, 600, "早报", "content"))
        at(desk, 11, on=day(23))
        desk.write(tasks.mark_done, due(desk, day(23))[0].key)
        (old,) = desk.read(sops.get, sop).steps_now
        desk.write(sops.put_step, sop, Step(0, 660, "新早报", "content", id=old.id))
        assert [(task.title, task.state) for n in (23, 24) for task in due(desk, day(n))] == [
            ("早报", "done"), ("新早报", "todo"),
        ]  # fmt: skip

    def test_where_the_day_begins_at_four_half_past_one_is_the_night_after(self):
        rule = DayRule("Asia/Shanghai", 4)
        assert words.due_at(TODAY, 90, rule) == datetime(2026, 3, 20, 17, 30, tzinfo=UTC)
        assert words.due_at(TODAY, 240, rule) == datetime(2026, 3, 19, 20, 0, tzinfo=UTC)
        assert words.due_at(TODAY, None, rule) == datetime(2026, 3, 20, 20, 0, tzinfo=UTC)
        assert not words.is_late(TODAY, None, rule, 30, datetime(2026, 3, 20, 19, 59, tzinfo=UTC))
        assert words.is_late(TODAY, None, rule, 30, datetime(2026, 3, 20, 20, 0, tzinfo=UTC))


class TestNewcomers:
    def test_those_of_one_day_are_one_line_and_one_tick(self, desk):
        desk.write(sops.use, "welcome", 1)
        for name in ("阿梨", "小满", "老周", "团团", "圆圆"):
            join(desk, name)
        welcome, survey = due(desk)[1], due(desk)[0]
        assert (welcome.title, survey.title) == ("欢迎新人", "私信新人问卷")
        assert {person.name for person in welcome.people} == {"阿梨", "小满", "老周", "团团", "圆圆"}
        assert welcome.text.startswith("欢迎 ")
        assert "早起读书群" in welcome.text
        assert welcome.missing == ()
        done = desk.write(tasks.mark_done, welcome.key)
        assert (done.changed, done.task.state) == (5, "done")
        assert desk.write(tasks.mark_done, welcome.key).changed == 0
        join(desk, "后来的")
        assert [(len(task.people), task.state) for task in due(desk) if task.title == "欢迎新人"] == [
            (1, "todo"), (5, "done"),
        ]  # fmt: skip

    def test_the_ladder_goes_on_by_the_day_each_joined(self, desk):
        desk.write(sops.use, "welcome", 1)
        join(desk, "阿梨")
        at(desk, 9, on=day(21))
        join(desk, "小满", day(21))
        found = {task.title: [person.name for person in task.people] for task in due(desk, day(21)) if not task.late}
        assert found == {"邀请新人开始三天打卡": ["阿梨"], "欢迎新人": ["小满"], "私信新人问卷": ["小满"]}
        assert titles(due(desk, day(27))) == ["一周回访：问问感受，请 TA 说一句"]

    def test_who_came_before_the_sop_or_has_left_is_not_asked_for(self, desk):
        old = join(desk, "老人", day(17))
        desk.write(sops.use, "welcome", 1)
        assert due(desk) == ()
        new = join(desk, "新人")
        assert len(due(desk)) == 2
        desk.write(members.leave, new, 1, day(20))
        assert due(desk) == ()
        assert due(desk, day(21)) == ()
        assert old

    def test_a_private_text_is_written_to_each_apart(self, desk):
        desk.write(sops.use, "welcome", 1)
        join(desk, "阿梨")
        assert due(desk)[0].text.startswith("阿梨 你好，我是早起读书群的群主。")
        join(desk, "小满")
        assert due(desk)[0].text.count("我是早起读书群的群主") == 2

    def test_names_are_the_groups_nicknames(self, desk):
        desk.write(sops.use, "welcome", 1)
        who = join(desk, "李四")
        desk.write(members.set_alias, who, "nick", "四哥")
        assert due(desk)[0].people[0].name == "四哥"


class TestBirthdays:
    def test_three_days_before_on_the_day_and_after(self, desk):
        desk.write(sops.use, "birthday", 1)
        born = desk.write(members.add, "寿星", group_id=1, birthday=Birthday(3, 23)).id
        desk.write(members.add, "别人", group_id=1, birthday=Birthday(7, 1))
        assert [titles(due(desk, day(n))) for n in (20, 21, 23, 24)] == [
            ["备好生日礼"], [], ["私聊送生日祝福"], ["问问礼物收到没有"],
        ]  # fmt: skip
        assert [person.member_id for person in due(desk)[0].people] == [born]

    def test_what_is_late_does_not_say_today_or_soon(self, desk):
        at(desk, 9, on=day(10))
        desk.write(sops.use, "birthday", 1)
        desk.write(members.add, "昨天", group_id=1, birthday=Birthday(3, 19))
        desk.write(members.add, "今天", group_id=1, birthday=Birthday(3, 20))
        at(desk, 20)
        texts = {(task.people[0].name, task.title): task.text for n in (16, 17, 19, 20) for task in due(desk, day(n))}
        assert "今天好好过" in texts["今天", "私聊送生日祝福"]
        late = texts["昨天", "私聊送生日祝福"]
        assert "今天" not in late
        assert "来晚了" in late
        for name in ("昨天", "今天"):
            assert "过几天" not in texts[name, "备好生日礼"]
            assert name in texts[name, "备好生日礼"]

    def test_a_lunar_birthday_and_the_turn_of_the_year(self, desk):
        desk.write(sops.use, "birthday", 1)
        desk.write(members.add, "农历", group_id=1, birthday=Birthday(2, 4, lunar=True))  # 2026-03-22
        desk.write(members.add, "元旦", group_id=1, birthday=Birthday(1, 1))
        assert titles(due(desk, day(22))) == ["私聊送生日祝福"]
        assert titles(due(desk, date(2026, 12, 29))) == ["备好生日礼"]

    def test_the_29th_of_february_is_kept_on_the_28th(self, desk):
        desk.write(sops.use, "birthday", 1)
        desk.write(members.add, "闰", group_id=1, birthday=Birthday(2, 29))
        assert titles(due(desk, date(2027, 2, 28))) == ["私聊送生日祝福"]


class TestRuns:
    def test_a_campaign_is_run_for_its_day(self, desk):
        at(desk, 9)
        sop = desk.write(sops.use, "campaign", 1)
        assert due(desk) == ()
        run = desk.write(sops.start, sop.id, day(23))
        assert desk.write(sops.start, sop.id, day(23)) == run
        assert [len(due(desk, day(n))) for n in range(20, 26)] == [1, 0, 1, 2, 1, 0]
        desk.write(tasks.mark_done, due(desk)[0].key)
        desk.write(sops.end_run, run.id)
        assert [len(due(desk, day(n))) for n in range(20, 26)] == [1, 0, 0, 0, 0, 0]

    def test_what_lies_before_the_start_is_not_asked_for(self, desk):
        sop = desk.write(sops.use, "campaign", 1)
        desk.write(sops.start, sop.id, day(21))
        assert [len(due(desk, day(n))) for n in range(18, 23)] == [0, 0, 1, 2, 1]
        with pytest.raises(BadInput, match="every step"):
            desk.write(sops.start, sop.id, day(17))

    def test_a_run_of_one_member_names_them(self, desk):
        who = join(desk, "阿梨")
        sop = desk.write(sops.use, "wake_up", 1)
        desk.write(sops.start, sop.id, None, who)
        letter = next(task for task in due(desk) if task.title == "一对一写第一封")
        assert [person.name for person in letter.people] == ["阿梨"]
        assert letter.text.startswith("阿梨 最近还好吗？")
        assert letter.missing == ("topic",)
        assert desk.write(tasks.mark_done, letter.key).task.state == "done"

    def test_what_runs_by_itself_is_not_started(self, desk):
        with pytest.raises(Refused, match="by itself"):
            desk.write(sops.start, desk.write(sops.use, "daily", 1).id)


class TestPosts:
    def plan(self, desk: Desk, title: str = "早报", on: date = TODAY, minute: int | None = 600) -> int:
        draft = PostDraft(title, "value", on, minute, text="{group}的早报")
        return desk.write(content.schedule, 1, draft).post.id

    def test_posting_by_its_task_is_posting_it(self, desk):
        post = self.plan(desk)
        (task,) = due(desk)
        assert (task.key, task.text, task.late) == (f"post:{post}", "早起读书群的早报", True)
        assert desk.write(tasks.mark_done, task.key).changed == 1
        assert desk.write(tasks.mark_done, task.key).changed == 0
        assert desk.read(content.get, post).state == "posted"
        desk.write(tasks.reopen, task.key)
        assert desk.read(content.get, post).state == "planned"
        desk.write(content.mark_posted, post)
        assert due(desk)[0].state == "done"

    def test_moving_it_moves_it_in_the_calendar(self, desk):
        post = self.plan(desk)
        desk.write(tasks.postpone, f"post:{post}", day(22), 660)
        moved = desk.read(content.get, post)
        assert (moved.day, moved.at_minute) == (day(22), 660)
        assert due(desk) == ()
        assert titles(due(desk, day(22))) == ["早报"]

    def test_leaving_it_out_drops_it_and_keeps_the_reason(self, desk):
        post = self.plan(desk)
        done = desk.write(tasks.skip, f"post:{post}", "今天停发")
        assert (done.task.state, done.task.reason) == ("skipped", "今天停发")
        assert desk.read(content.get, post).state == "dropped"
        desk.write(tasks.reopen, f"post:{post}")
        assert [task.state for task in due(desk)] == ["todo"]
        desk.write(content.drop, post)
        assert due(desk) == ()  # dropped in the calendar it is no task


class TestCampaigns:
    def plan(self, desk):
        first = day(23)
        return desk.write(campaigns.add, 1, Draft("周末拼团", "group_buy", first, 1200, first, 1320, offer="买二送一"))

    def test_its_steps_are_tasks_with_texts(self, desk):
        made = self.plan(desk)
        warm = next(task for task in due(desk) if task.key == f"campaign:{made.id}:warm")
        assert (warm.origin, warm.subject, warm.missing) == ("周末拼团", made.id, ())
        assert warm.text
        assert desk.write(tasks.mark_done, warm.key).task.state == "done"
        assert desk.write(tasks.skip, f"campaign:{made.id}:start", "停").task.state == "skipped"
        assert all(task.state == "todo" for task in due(desk, day(24)))
        with pytest.raises(NotFound):
            desk.write(tasks.mark_done, f"campaign:{made.id}:nothing")

    def test_a_campaign_that_moves_asks_again(self, desk):
        made = self.plan(desk)
        key = f"campaign:{made.id}:warm"
        desk.write(tasks.mark_done, key)
        draft = desk.read(campaigns.draft_of, made)
        desk.write(campaigns.edit, made.id, replace(draft, first=day(24), last=day(24)))
        (task,) = [task for task in due(desk, day(21)) if task.key == key]
        assert task.state == "todo"
        assert desk.write(tasks.mark_done, key).task.state == "done"

    def test_called_off_it_asks_for_nothing(self, desk):
        made = self.plan(desk)
        desk.write(campaigns.cancel, made.id)
        assert due(desk) == ()


class TestMarks:
    def single(self, desk: Desk, **values: Any) -> Task:
        return desk.write(tasks.add, 1, "买奖品", TODAY, **values)

    def test_done_on_time_and_late(self, desk):
        at(desk, 9)
        first, second = self.single(desk, at_minute=600), self.single(desk, at_minute=600)
        at(desk, 10, 20)
        assert not desk.write(tasks.mark_done, first.key).task.late
        at(desk, 12)
        done = desk.write(tasks.mark_done, second.key).task
        assert (done.state, done.late) == ("done", True)
        told = desk.read(tasks.tally, desk.clock, TODAY, 1)
        assert (told.done, told.late, told.open, told.planned) == (2, 1, 0, 2)

    def test_skipping_asks_why(self, desk):
        task = self.single(desk)
        with pytest.raises(BadInput, match="why"):
            desk.write(tasks.skip, task.key, "  ")
        assert desk.write(tasks.skip, task.key, "没空").task.reason == "没空"
        with pytest.raises(Refused, match="settled"):
            desk.write(tasks.postpone, task.key, day(21))
        assert desk.write(tasks.mark_done, task.key).task.state == "done"
        with pytest.raises(Refused, match="settled"):
            desk.write(tasks.skip, task.key, "没空")

    def test_moved_to_another_day_it_is_there_and_says_here_that_it_went(self, desk):
        task = self.single(desk, at_minute=600)
        desk.write(tasks.postpone, task.key, day(23), 660, "等货")
        assert [(each.state, each.late) for each in due(desk)] == [("postponed", False)]
        (there,) = due(desk, day(23))
        assert (there.state, there.on_minute, there.moved, there.reason) == ("todo", 660, True, "等货")
        desk.write(tasks.postpone, task.key, day(25))
        assert due(desk, day(23)) == ()
        at(desk, 9, on=day(25))
        done = desk.write(tasks.mark_done, task.key).task
        assert (done.state, done.on_day, done.late) == ("done", day(25), False)
        assert desk.write(tasks.reopen, task.key).task.on_day == day(25)
        assert desk.write(tasks.reopen, task.key).task.on_day == TODAY

    def test_moved_far_it_is_still_found(self, desk):
        at(desk, 9)
        sop = own(desk, "weekly", Step(5, 600, "直播", "owner"))
        task = due(desk)[0]
        desk.write(tasks.postpone, task.key, date(2026, 5, 20))
        at(desk, 9, on=date(2026, 5, 21))
        assert titles(due(desk, date(2026, 5, 21))) == ["直播"]
        assert due(desk, date(2026, 5, 21))[0].late
        assert sop

    def test_to_later_the_same_day(self, desk):
        at(desk, 9)
        task = self.single(desk, at_minute=600)
        desk.write(tasks.postpone, task.key, TODAY, 1200)
        assert [(each.state, each.on_minute) for each in due(desk)] == [("todo", 1200)]

    @pytest.mark.parametrize(("to", "minute"), [(day(19), None), (TODAY, 600)])
    def test_the_past_is_no_time_to_move_to(self, desk, to, minute):
        with pytest.raises(BadInput, match="past"):
            desk.write(tasks.postpone, self.single(desk).key, to, minute)

    def test_newcomers_moved_and_ticked_apart(self, desk):
        desk.write(sops.use, "welcome", 1)
        join(desk, "阿梨")
        join(desk, "小满")
        task = due(desk)[0]
        desk.write(tasks.postpone, task.key, day(21), 600)
        assert [(each.state, len(each.people)) for each in due(desk) if each.key == task.key] == [("postponed", 2)]
        assert len(next(each for each in due(desk, day(21)) if each.key == task.key).people) == 2

    def test_everything_can_be_undone(self, desk):
        desk.write(sops.use, "welcome", 1)
        join(desk, "阿梨")
        before = due(desk)
        for write in (
            lambda key: desk.write(tasks.mark_done, key),
            lambda key: desk.write(tasks.skip, key, "没空"),
            lambda key: desk.write(tasks.postpone, key, day(22)),
        ):
            write(before[0].key)
            assert due(desk) != before
            desk.write(history.undo)
            assert due(desk) == before

    def test_a_single_task_is_taken_off_with_what_was_said(self, desk):
        task = self.single(desk)
        desk.write(tasks.skip, task.key, "没空")
        desk.write(tasks.remove, task.key)
        assert due(desk) == ()
        desk.write(sops.use, "daily", 1)
        with pytest.raises(Refused, match="comes of"):
            desk.write(tasks.remove, due(desk)[0].key)


class TestBelated:
    def test_what_is_planned_later_leaves_the_day_before_as_it_was(self, desk):
        at(desk, 9, on=day(19))
        desk.write(tasks.add, 1, "寄书", day(19), at_minute=600)
        at(desk, 9)
        before = desk.read(tasks.tally, desk.clock, day(19), 1)
        assert (before.planned, before.missed) == (1, 1)
        desk.write(tasks.add, 1, "补上", day(19), at_minute=600)
        desk.write(content.schedule, 1, PostDraft("昨天的", "value", day(19), 600))
        desk.write(campaigns.add, 1, Draft("春拼", "group_buy", day(21), 600, day(22), 1320))
        assert desk.read(tasks.tally, desk.clock, day(19), 1) == before
        assert [(task.title, task.late) for task in due(desk) if task.on_day < TODAY] == [
            ("寄书", True),
            ("补上", False),
        ]
        assert "昨天的" in titles(due(desk, day(19)))
        desk.write(tasks.mark_done, "task:2")
        assert desk.read(tasks.tally, desk.clock, day(19), 1) == before


class TestOffers:
    def test_they_begin_at_its_hour_or_now(self, desk):
        at(desk, 9)
        key = desk.write(tasks.add, 1, "答疑", TODAY, at_minute=1080).key
        told = [(each.id, each.day, each.minute) for each in desk.read(tasks.offers, desk.clock, key)]
        assert told == [("hour", TODAY, 1140), ("evening", TODAY, 1200), ("tomorrow", day(21), 1080)]
        at(desk, 19, 30)
        later = [(each.id, each.minute) for each in desk.read(tasks.offers, desk.clock, key)]
        assert later == [("hour", 1230), ("evening", 1200), ("tomorrow", 1080)]


class TestFinding:
    def test_the_short_form_means_the_one_of_today(self, desk):
        own(desk, "weekly", Step(4, 600, "直播", "owner"), Step(5, 600, "直播", "owner"))
        at(desk, 9, on=day(19))
        sop = own(desk, "daily", Step(0, 600, "早报", "content"), name="每天")
        yesterday = due(desk, day(19))
        at(desk, 9)
        for task in due(desk):
            if task.day == TODAY:
                assert desk.read(tasks.find, desk.clock, tasks.short(task)).key == task.key
        assert all(desk.read(tasks.find, desk.clock, task.key).key == task.key for task in yesterday)
        assert sop

    def test_by_key_short_form_and_title(self, desk):
        desk.write(sops.use, "daily", 1)
        news = due(desk)[0]
        for text in (news.key, tasks.short(news), "早报"):
            assert desk.read(tasks.find, desk.clock, text).key == news.key

    def test_what_means_several_or_none(self, desk):
        for title in ("写文案一", "写文案二"):
            desk.write(tasks.add, 1, title, TODAY)
        with pytest.raises(Ambiguous, match=r"task:1.*task:2"):
            desk.read(tasks.find, desk.clock, "文案")
        for text in ("没有", "task:9", "sop:1.1:2026-03-20", "sop:1.1:2026-99-99", ""):
            with pytest.raises(NotFound):
                desk.read(tasks.find, desk.clock, text)


class TestWorkload:
    def test_by_hat_over_a_week(self, desk):
        at(desk, 9)
        desk.write(sops.use, "daily", 1)
        desk.write(tasks.mark_done, due(desk)[0].key)
        at(desk, 9, on=day(21))
        told = {load.hat: load.tally for load in desk.read(tasks.workload, desk.clock, TODAY, day(21), 1)}
        assert list(told) == list(words.HATS)
        assert (told["content"].done, told["content"].missed, told["content"].open) == (1, 1, 2)
        assert (told["owner"].missed, told["service"].missed, told["analyst"].planned) == (2, 1, 0)


def test_statements_do_not_grow_with_groups_and_members(desk, monkeypatch):
    from qunguan.store.session import Session

    asked: list[object] = []
    rows = Session.rows

    def counted(self: Session, *args: Any) -> Any:
        asked.append(1)
        return rows(self, *args)

    monkeypatch.setattr(Session, "rows", counted)
    for preset in ("daily", "welcome", "birthday"):
        desk.write(sops.use, preset, 1)
    join(desk, "阿梨")

    def count() -> int:
        asked.clear()
        due(desk, group_id=None)
        return len(asked)

    before = count()
    for number in range(2, 5):
        group = desk.write(groups.create, f"群{number}").id
        for preset in ("daily", "welcome", "birthday"):
            desk.write(sops.use, preset, group)
        for each in range(10):
            desk.write(members.add, f"新人{number}{each}", group_id=group, joined_on=TODAY, birthday=Birthday(3, 20))
    assert count() == before
