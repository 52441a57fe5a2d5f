"""The clocks of an incident: on the second, one after, over midnight, never before what is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunguan.domain.incident_clock import (
    STAGES,
    Limits,
    Post,
    Running,
    held_now,
    lasting,
    late_seconds,
    next_update,
    owed,
    stages,
)

T0 = datetime(2026, 3, 20, 15, 50, tzinfo=UTC)  # ten to midnight in Shanghai
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
TIMES = Limits(15 * MINUTE, 60 * MINUTE, 1440 * MINUTE, 20 * MINUTE, 120 * MINUTE)
MOMENTS = st.integers(0, 4 * 3600).map(lambda seconds: T0 + seconds * SECOND)


def told(*posts: tuple[str, datetime]) -> list[Post]:
    return [Post(stage, at, "说了") for stage, at in posts]


@pytest.mark.parametrize(("after", "late"), [(-1, 0), (0, 0), (1, 1), (600, 600)])
@pytest.mark.parametrize("name", STAGES)
def test_a_stage_is_late_from_the_second_after_it_was_due(name, after, late):
    due = T0 + TIMES.of(name)
    (found,) = (one for one in stages(T0, told((name, due + after * SECOND)), T0, TIMES) if one.name == name)
    assert (found.due_at, found.late_seconds) == (due, late)


@pytest.mark.parametrize(("after", "late"), [(899, 0), (900, 0), (901, 1)])
def test_what_was_not_told_is_late_by_now(after, late):
    tell, *_others = stages(T0, [], T0 + after * SECOND, TIMES)
    assert (tell.post, tell.late_seconds) == (None, late)


def test_the_next_word_is_counted_from_the_last_one_and_ends_after_two_hours():
    assert next_update(T0, None, T0, TIMES) == T0 + 20 * MINUTE
    assert next_update(T0, T0 + 7 * MINUTE, T0 + 50 * MINUTE, TIMES) == T0 + 27 * MINUTE
    assert next_update(T0, T0 + 100 * MINUTE, T0 + 120 * MINUTE, TIMES) == T0 + 120 * MINUTE
    assert next_update(T0, T0 + 100 * MINUTE, T0 + 120 * MINUTE + SECOND, TIMES) is None
    assert next_update(T0, T0 + 101 * MINUTE, T0 + 102 * MINUTE, TIMES) is None


@given(MOMENTS, MOMENTS)
def test_what_is_owed_next_lies_within_the_time_of_updates(told_at, now):
    due = next_update(T0, told_at, now, TIMES)
    if due is None:
        assert now > T0 + TIMES.updates_for or told_at + TIMES.update > T0 + TIMES.updates_for
    else:
        assert due == told_at + TIMES.update
        assert T0 < due <= T0 + TIMES.updates_for


@given(st.lists(MOMENTS, max_size=12), MOMENTS)
def test_every_word_owed_came_or_is_missing_and_none_is_told_twice(moments, now):
    found = list(owed(T0, told(*(("update", at) for at in moments)), now, TIMES))
    dues = [due for due, _post in found]
    assert all(due <= T0 + TIMES.updates_for for due in dues)
    assert dues == sorted(dues)
    given_posts = [id(post) for _due, post in found if post is not None]
    assert len(given_posts) == len(set(given_posts)) <= len(moments)
    assert all(due < now or any(due < at for at in moments) for due, post in found if post is None)


@pytest.mark.parametrize(
    ("told_at", "now", "dues"),
    [
        ((), 69, [(20, None), (40, None), (60, None)]),
        ((), 60, [(20, None), (40, None)]),  # on the second nothing is late
        ((), 400, [(20, None), (40, None), (60, None), (80, None), (100, None), (120, None)]),
        ((50,), 60, [(20, None), (40, 50)]),
        ((40,), 60, [(20, None), (40, 40)]),
        ((7, 27), 40, [(20, 7), (27, 27)]),
        ((7,), 70, [(20, 7), (27, None), (47, None), (67, None)]),
        ((130,), 140, [(20, None), (40, None), (60, None), (80, None), (100, None), (120, 130)]),
        ((300,), 301, [(20, None), (40, None), (60, None), (80, None), (100, None), (120, None)]),
    ],
)
def test_every_word_that_was_missed_is_told(told_at, now, dues):
    posts = told(*(("update", T0 + at * MINUTE) for at in told_at))
    found = [
        ((due - T0) // MINUTE, None if post is None else (post.at - T0) // MINUTE)
        for due, post in owed(T0, posts, T0 + now * MINUTE, TIMES)
    ]
    assert found == dues


def test_a_word_promised_sooner_was_due_when_it_was_promised():
    posts = told(("update", T0 + 10 * MINUTE), ("update", T0 + 28 * MINUTE))
    early = {posts[0].at: posts[0].at - 5 * MINUTE}  # "in a quarter of an hour"
    found = list(owed(T0, posts, T0 + 30 * MINUTE, TIMES, lambda post: early.get(post.at, post.at)))
    assert found == [(T0 + 20 * MINUTE, posts[0]), (T0 + 25 * MINUTE, posts[1])], "which came three minutes late"


@given(MOMENTS, MOMENTS)
def test_late_is_never_below_nothing(due, at):
    assert late_seconds(due, at) == max(0, int((at - due).total_seconds()))


@given(MOMENTS, st.lists(MOMENTS, max_size=5))
def test_a_clock_that_was_set_back_makes_nothing_early(now, known):
    assert held_now(now, known) >= max([now, *known])


def test_the_clocks_that_run_are_those_not_told_and_the_next_word():
    due = tuple((name, T0 + TIMES.of(name)) for name in STAGES)
    running = Running(1, 1, "漏发", False, T0, T0, None, due, TIMES)
    clocks = running.clocks(T0 + 16 * MINUTE)
    assert [(each.name, each.left) for each in clocks] == [
        ("tell", -60), ("time", 44 * 60), ("trust", 1424 * 60), ("update", 4 * 60)
    ]  # fmt: skip
    later = Running(1, 1, "漏发", False, T0, T0 + 16 * MINUTE, T0 + 16 * MINUTE, due[1:], TIMES)
    assert [each.name for each in later.clocks(T0)] == ["time", "trust", "update"]
    assert later.clocks(T0)[0].left == 44 * 60  # the clock was set back to T0
    assert [each.name for each in later.clocks(T0 + 121 * MINUTE)] == ["time", "trust"]


def test_how_long_it_lasted_is_said_in_minutes_and_seconds():
    assert (lasting(0), lasting(130), lasting(3730)) == ("0:00", "2:10", "1:02:10")
