"""Boxes, runs of SOPs and weeks looked at; the shipped cases count what they say."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from qunguan.domain import growth
from qunguan.domain.errors import BadInput
from qunguan.domain.growth import CaseDraft, Evidence
from qunguan.domain.growth_runs import RunStep, Ticked, finished, weekly_looks

DAY = date(2026, 3, 2)  # a Monday
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def step(number: int, trigger: str, day: int, *, hat: str = "owner", sop: int = 1, since: date = DAY,
         ended: date | None = None) -> RunStep:  # fmt: skip
    return RunStep(number, sop, "流程", 1, trigger, day, hat, since, ended)


def tick(number: int, day: date, *, run: int | None = None, member: int | None = None, sop: int = 1) -> Ticked:
    key = f"sop:{sop}.{number}:{day}" + (f":{run}" if run else "")
    return Ticked(number * 1000 + day.toordinal(), key, member, AT)


def whole(steps: list[RunStep], ticks: list[Ticked]) -> list[str]:
    return [each.tick.key for each in finished(steps, ticks)]


def test_a_day_is_a_run_of_what_comes_daily():
    steps = [step(1, "daily", 0), step(2, "daily", 0)]
    tomorrow = DAY + timedelta(days=1)
    assert whole(steps, [tick(1, DAY), tick(2, tomorrow)]) == []
    assert whole(steps, [tick(2, DAY), tick(1, DAY), tick(1, DAY), tick(2, tomorrow), tick(1, tomorrow)]) == [
        f"sop:1.1:{DAY}", f"sop:1.1:{tomorrow}"
    ]  # fmt: skip


def test_a_newcomer_is_a_run_of_their_own():
    before = DAY - timedelta(days=30)
    steps = [step(1, "join", 0, since=before), step(2, "join", 3, since=before)]
    third = DAY + timedelta(days=3)
    assert whole(steps, [tick(1, DAY, member=7), tick(2, third, member=8)]) == []
    assert whole(steps, [tick(1, DAY, member=7), tick(2, DAY, member=7)]) == []  # of somebody three days earlier
    assert whole(steps, [tick(1, DAY, member=7), tick(2, third, member=7)]) == [f"sop:1.2:{third}"]


def test_two_runs_of_a_day_are_told_apart():
    steps = [step(1, "hand", 0), step(2, "hand", 1)]
    after = DAY + timedelta(days=1)
    assert whole(steps, [tick(1, DAY, run=3), tick(2, after, run=4)]) == []
    assert whole(steps, [tick(1, DAY, run=3), tick(2, after, run=3)]) == [f"sop:1.2:{after}:3"]


def test_a_week_is_a_run_of_what_comes_weekly():
    steps = [step(1, "weekly", 1), step(2, "weekly", 7)]
    sunday = DAY + timedelta(days=6)
    assert whole(steps, [tick(1, DAY + timedelta(days=7)), tick(2, sunday)]) == []
    assert whole(steps, [tick(1, DAY), tick(2, sunday)]) == [f"sop:1.2:{sunday}"]


def test_steps_that_ended_or_came_later_are_not_asked_for():
    steps = [step(1, "daily", 0), step(2, "daily", 0, ended=DAY), step(3, "daily", 0, since=DAY + timedelta(days=1))]
    assert whole(steps, [tick(1, DAY)]) == [f"sop:1.1:{DAY}"]
    assert whole(steps, [tick(1, DAY + timedelta(days=1))]) == []
    assert whole(steps, [Ticked(1, "post:4", None, AT), tick(9, DAY)]) == []


def test_a_week_is_looked_at_once():
    steps = [step(1, "weekly", 7, hat="analyst"), step(2, "weekly", 7, hat="analyst"), step(3, "weekly", 7)]
    days = [DAY + timedelta(days=6 + 7 * n) for n in range(3)]
    ticks = [each for day in days for each in (tick(3, day), tick(1, day), tick(2, day))]
    assert [each.tick.key for each in weekly_looks(steps, ticks)] == [f"sop:1.1:{day}" for day in days]


def test_the_boxes_are_in_order_and_have_all_they_need():
    assert {box.stage for box in growth.boxes()} == set(growth.STAGES)
    for box in growth.boxes():
        first = max([stage for stage in growth.STAGES if stage < box.stage], default=0)
        assert first < box.day <= box.stage, box.code
        assert box.stars in (1, 2, 3)
        assert all((box.title, box.note, box.why)), box.code
        assert set(box.source.split(", ")) <= set(re.findall(r"S[0-4]-\d\d", box.source))
        assert box.check in growth.SAID or not box.check, box.code
    days = [(box.stage, box.day) for box in growth.boxes()]
    assert days == sorted(days)


def test_what_the_data_says_counts_before_the_hand():
    told = Evidence("goal", DAY, "goal", 3, "活跃")
    marks = {"goal": (DAY + timedelta(days=1), "写在本子上"), "three": (DAY, "讲了")}
    found = {each.box.code: each for each in growth.states(DAY, DAY + timedelta(days=40), {"goal": told}, marks)}
    assert (found["goal"].by, found["goal"].done_on, found["goal"].mark) == ("data", DAY, "data")
    assert (found["three"].by, found["three"].mark) == ("hand", "hand")
    assert (found["roster"].mark, found["cases"].mark) == ("late", "open")


@pytest.mark.parametrize(("code", "taken", "price", "told"), [
    ("blogger", 200_000, 399, 501), ("camp", 50_000, 199, 251), ("circle", 80_000, 200, 400),
    ("camera", 150_000, 500, 300),
])  # fmt: skip
def test_the_cases_count_right(code, taken, price, told):
    assert round(taken / price) == told
    assert str(told) in growth.prompt(code).doubt


def test_a_case_wants_a_title_and_drops_what_a_terminal_obeys():
    made = growth.checked_case(CaseDraft("夜读\n书店", "茶\x1b[31m馆", "一\r\n二"))
    assert (made.title, "\x1b" in made.place, made.happened) == ("夜读 书店", False, "一\n二")
    with pytest.raises(BadInput):
        growth.checked_case(CaseDraft(" "))
