"""The agenda's lines of tasks: which line, at which place, what is said of it, and what is folded away."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.rules import preset
from qunguan.domain.tasks import completed
from qunguan.domain.today import Agenda, Line, Said, Target, folded, ordered
from qunguan.i18n import set_language
from qunguan.services import groups, members, questions, rules, sops, tasks, today
from qunguan.services.desk import Desk
from qunguan.store.session import Session

TODAY = date(2026, 3, 20)


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


def at(desk: Desk, hour: int, day: int = 20) -> None:
    desk.clock = Clock(datetime(2026, 3, day, hour, tzinfo=UTC) - timedelta(hours=8))


def duties(desk: Desk, group_id: int | None = 1) -> tuple[Line, ...]:
    return desk.read(today.duties, desk.clock, group_id).lines


def told(line: Line) -> str:
    return f"{line.at or '-'} {line.text}"


def test_where_nothing_was_ever_planned_nothing_is_read(desk, monkeypatch):
    asked: list[object] = []
    scalar = Session.scalar

    def counted(session, statement, params=None):
        asked.append(statement)
        return scalar(session, statement, params)

    monkeypatch.setattr(Session, "scalar", counted)
    assert desk.read(today.duties, desk.clock, 1).lines == ()
    assert len(asked) == 1


def test_tasks_stand_by_their_hour_and_those_past_it_on_top(desk):
    at(desk, 14)
    desk.write(sops.use, "daily", 1)
    desk.write(tasks.add, 1, "买奖品", TODAY, hat="service")
    lines = ordered(duties(desk), 1)
    assert [(line.kind, told(line)) for line in lines] == [
        ("overdue", "10:00 发早报"), ("task", "15:00 抛出今天的话题"), ("task", "18:00 看看有没有问了没人回的"),
        ("task", "20:00 回答今天选出的三个问题"), ("task", "21:30 收尾：晒榜、点名谢谢、明天预告"),
        ("task", "- 买奖品"),
    ]  # fmt: skip
    late = lines[0].evidence
    assert (late[0].source, str(late[0].met)) == ("S0-27", "每日时间表: due today 10:00, as writer")
    assert (late[1].rule, late[1].value) == ("task.grace_minutes", preset("task.grace_minutes").value)
    assert (lines[0].target.screen, lines[0].missing) == ("sops", ("news1", "news2", "news3"))
    assert (lines[-1].does, lines[-1].task) == ("look", "task:1")


def test_what_was_left_from_before_names_its_day(desk):
    at(desk, 9, 18)
    desk.write(tasks.add, 1, "寄书", date(2026, 3, 18), at_minute=600)
    at(desk, 9)
    (line,) = duties(desk)
    assert (line.kind, str(line.at)) == ("overdue", "3/18")
    at(desk, 9, 19)
    assert str(duties(desk)[0].at) == "yesterday"


def test_newcomers_are_one_line_with_their_names(desk):
    desk.write(sops.use, "welcome", 1)
    for name in ("阿梨", "小满"):
        desk.write(members.add, name, group_id=1, joined_on=TODAY)
    welcome = next(line for line in duties(desk) if "欢迎" in str(line.text))
    assert (str(welcome.text), welcome.count) == ("欢迎新人 (2): 阿梨, 小满", 2)
    desk.write(tasks.mark_done, welcome.task)
    desk.write(members.add, "老周", group_id=1, joined_on=TODAY)
    found = [line for line in duties(desk) if line.task == welcome.task]
    assert [(str(line.text), line.state) for line in found] == [
        ("欢迎新人: 老周", "todo"), ("欢迎新人 (2): 阿梨, 小满", "done"),
    ]  # fmt: skip
    assert len({line.key for line in found}) == 2


def test_what_is_settled_is_one_line_at_the_end_but_what_is_kept(desk):
    for title in ("一", "二", "三", "四"):
        desk.write(tasks.add, 1, title, TODAY)
    desk.write(tasks.mark_done, "task:1")
    desk.write(tasks.skip, "task:2", "没空")
    desk.write(tasks.postpone, "task:3", date(2026, 3, 21))
    lines = duties(desk)
    assert [line.state for line in lines] == ["done", "skipped", "postponed", "todo"]
    shown = folded(lines)
    assert [str(line.text) for line in shown] == ["四", "1 done today, 1 skipped, 1 moved"]
    assert (shown[-1].kind, shown[-1].does, shown[-1].count) == ("settled", "look", 3)
    assert [str(line.text) for line in folded(lines, {lines[0].key})] == [
        "一", "四", "0 done today, 1 skipped, 1 moved",
    ]  # fmt: skip
    assert folded((lines[-1],)) == (lines[-1],)
    skipped = [str(each.met) for each in lines[1].evidence]
    assert "left out: 没空" in skipped


def test_what_was_left_and_is_done_today_counts_today(desk):
    at(desk, 9, 19)
    desk.write(tasks.add, 1, "寄书", date(2026, 3, 19), at_minute=600)
    at(desk, 9)
    desk.write(tasks.mark_done, "task:1")
    assert [line.state for line in duties(desk)] == ["done"]
    at(desk, 9, 21)
    assert duties(desk) == ()


def test_yesterday_of_the_group_in_hand(desk):
    at(desk, 9, 19)
    desk.write(sops.use, "daily", 1)
    for task in desk.read(tasks.on_day, desk.clock, date(2026, 3, 19), 1)[:2]:
        desk.write(tasks.mark_done, task.key)
    at(desk, 9)
    found = desk.read(today.duties, desk.clock, 1).yesterday
    assert (found.done, found.planned, found.missed) == (2, 5, 3)
    other = desk.write(groups.create, "第二群").id
    assert desk.read(today.duties, desk.clock, other).yesterday is None
    assert desk.read(today.duties, desk.clock, None).yesterday is None


def test_every_group_has_its_own_day(desk):
    far = desk.write(groups.create, "纽约", timezone="America/New_York").id
    at(desk, 9)
    desk.write(tasks.add, far, "there it is still the 19th", date(2026, 3, 19))
    desk.write(tasks.add, 1, "here it is the 20th", TODAY)
    assert [(str(line.text), line.at) for line in duties(desk, None)] == [
        ("here it is the 20th", None), ("there it is still the 19th", None),
    ]  # fmt: skip


def test_tasks_have_their_place_in_the_agenda():
    lines = [Line(kind, kind, Said(kind), Target("today"), ()) for kind in ("backup", "task", "alarm", "overdue")]
    agenda = Agenda((), None, 9).along(lines, None)
    assert [line.kind for line in agenda.lines] == ["alarm", "overdue", "task", "backup"]


def test_questions_that_wait_and_the_share_of_the_day(desk):
    assert [line for line in desk.read(today.care, desk.clock, 1) if line.kind == "question"] == []
    asked = [desk.write(questions.add, 1, text).id for text in ("怎么选书？", "几点开始？")]
    (line,) = [line for line in desk.read(today.care, desk.clock, 1) if line.kind == "question"]
    assert str(line.text) == "2 questions wait for an answer; 0 of 3 of today are taken up"
    assert line.evidence[0].source == "S3-38"
    desk.write(questions.answer, asked[0], "先看目录")
    (line,) = [line for line in desk.read(today.care, desk.clock, 1) if line.kind == "question"]
    assert str(line.text) == "1 question waits for an answer; 1 of 3 of today are taken up"
    desk.write(rules.switch, "activity.questions_a_day", enabled=False)
    (line,) = [line for line in desk.read(today.care, desk.clock, 1) if line.kind == "question"]
    assert str(line.text) == "1 question waits for an answer"


def test_the_questions_taken_up_today_stand_in_the_text_with_their_answers(desk):
    at(desk, 19)
    desk.write(sops.use, "daily", 1)
    first, second = (desk.write(questions.add, 1, text).id for text in ("怎么选书？", "几点开始？"))
    desk.write(questions.answer, second, "每天六点")
    desk.write(questions.settle_question, first, "picked")
    (line,) = [each for each in duties(desk) if "三个问题" in str(each.text)]
    assert line.missing == ("answer1", "question3", "answer3")
    assert "一、怎么选书？" in line.ready_text
    assert "二、几点开始？\n每天六点" in line.ready_text
    ready, gaps = completed(line.ready_text, line.missing, {"answer1": "先看目录"})
    assert "一、怎么选书？\n先看目录" in ready
    assert "三、" not in ready, "a number with nothing behind it goes"
    assert gaps == ()
