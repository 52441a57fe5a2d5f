"""Goals: what is wanted, the line to it, and where one stands."""

from __future__ import annotations

from datetime import date

import pytest

from qunguan.domain import goals
from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.goals import Goal, Kind, Measured

START, END = date(2026, 3, 1), date(2026, 3, 11)


def goal(kind="value", target=6000, metric="active_rate", **more) -> Goal:
    return Goal(1, 1, "目标", metric, kind, more.pop("baseline", None), target, START, END, **more)


def at(day: int, found: Goal, start: int | None, now: int | None):
    return goals.progress(found, date(2026, 3, day), Measured(start), Measured(now), 10)


@pytest.mark.parametrize(
    ("day", "now", "state"),
    [(1, 1000, "on_track"), (6, 3500, "on_track"), (6, 3250, "on_track"), (6, 3249, "behind"), (6, 3750, "on_track"),
     (6, 3751, "ahead"), (6, 6000, "reached"), (11, 5999, "on_track"), (12, 5999, "missed"), (12, 6000, "reached"),
     (6, None, "unknown")],
)  # fmt: skip
def test_where_a_goal_stands(day, now, state):
    found = at(day, goal(), 1000, now)
    assert (found.state, found.wanted, found.baseline) == (state, 6000, 1000)
    assert found.expected == 1000 + 5000 * min(day - 1, 10) // 10


def test_before_it_begins_and_after_it_was_closed():
    early = goals.progress(goal(), date(2026, 2, 1), Measured(None), Measured(None), 10)
    assert (early.state, early.actual, early.done) == ("not_begun", None, None)
    assert at(5, goal(closed_on=date(2026, 3, 5)), 1000, 2000).state == "closed"
    assert at(4, goal(closed_on=date(2026, 3, 5)), 1000, 3000).state == "ahead"


def test_relative_and_points():
    relative = at(6, goal("relative", 3000, "repeat_rate"), 2000, 2300)
    assert (relative.wanted, relative.expected, relative.done, relative.state) == (2600, 2300, 0.5, "on_track")
    points = at(6, goal("points", 3000, "repeat_rate"), 2000, 2300)
    assert (points.wanted, points.done, points.state) == (5000, 0.1, "behind")
    assert at(6, goal("relative", 3000, "repeat_rate"), 0, 10).state == "unknown"
    assert at(6, goal("relative", 3000, "repeat_rate"), None, 10).state == "unknown"
    assert at(6, goal("points", 500), 0, 500).state == "reached"
    assert at(6, goal("relative", 3000, "repeat_rate", baseline=1000), None, 1300).state == "reached"


def test_a_baseline_nobody_knows_leaves_no_line_but_a_verdict():
    assert at(6, goal(), None, 7000).state == "reached"
    assert at(6, goal(), None, 5000).state == "unknown"
    assert at(12, goal(), None, 5000).state == "missed"
    assert any("not known" in each.what for each in at(6, goal(), None, 5000).why)


def test_from_beyond_the_target_it_may_fall_back():
    assert at(6, goal(), 8000, 7000).state == "reached"
    assert at(6, goal(), 8000, 5000).state == "behind"


def test_less_exits_are_better():
    down = goal(metric="exit_rate", target=500)
    assert [at(6, down, 1000, now).state for now in (750, 500, 400, 990)] == [
        "on_track",
        "reached",
        "reached",
        "behind",
    ]


def test_a_goal_of_one_day():
    found = Goal(1, 1, "今天", "members", "value", None, 300, START, START)
    assert goals.progress(found, START, Measured(200), Measured(250), 10).expected == 300


@pytest.mark.parametrize(
    ("metric", "kind", "text", "value"),
    [("active_rate", "value", "60%", 6000), ("active_rate", "value", "0.5", 50), ("net", "value", "1,000.5", 100_050),
     ("members", "value", "300", 300), ("ltv_ratio", "value", "3", 300), ("members", "relative", "30％", 3000),
     ("exit_rate", "points", "-2", -200)],
)  # fmt: skip
def test_targets_as_they_are_typed(metric, kind, text, value):
    assert goals.typed(metric, kind, text) == value


def test_what_is_no_goal():
    refused: tuple[tuple[str, Kind, str], ...] = (
        ("active_rate", "value", "101"), ("members", "value", "-1"), ("members", "points", "3"),
        ("net", "value", "many"), ("net", "value", "NaN"), ("net", "value", "9e99"),
    )  # fmt: skip
    for metric, kind, text in refused:
        with pytest.raises(BadInput):
            goals.typed(metric, kind, text)
    with pytest.raises(NotFound):
        goals.typed("luck", "value", "1")
    with pytest.raises(BadInput):
        goals.checked(Goal(1, 1, "目标", "members", "value", None, 1, END, START))
    with pytest.raises(BadInput):
        goals.checked(goal("relative", 0))


def test_presets_fit():
    for each in goals.presets().values():
        assert goals.typed(each.metric, each.kind, each.target) > 0
        assert goals.preset(each.name) is each


def test_values_as_people_read_them():
    assert goals.said("percent", 6050) == "60.5%"
    assert (goals.said("fen", 1250), goals.said("hundredths", 350), goals.said("count", 3)) == ("12.50", "3.50", "3")
    assert goals.said("count", None) == "—"
    assert goals.target_said(goal("relative", 3000)) == "+30%"
    assert goals.target_said(goal("points", -500)) == "-5 个百分点"


@pytest.mark.parametrize(
    ("day", "most", "days"),
    [(1, 12, [1]), (3, 12, [1, 2, 3]), (11, 3, [1, 6, 11]), (20, 3, [1, 6, 11]), (11, 12, list(range(1, 12)))],
)
def test_days_on_the_way(day, most, days):
    found = goals.days_on_the_way(goal(), date(2026, 3, day), most)
    assert [each.day for each in found] == days


def test_no_day_before_it_begins():
    assert goals.days_on_the_way(goal(), date(2026, 2, 28), 12) == ()


@pytest.mark.parametrize("metric", ["active_rate", "net", "members", "ltv_ratio"])
@pytest.mark.parametrize("kind", ["value", "relative"])
def test_what_is_shown_in_a_form_is_read_back(metric, kind):
    for value in (1, 30, 6000):
        assert goals.typed(metric, kind, goals.as_typed(goals.unit_of(metric), kind, value)) == value


@pytest.mark.parametrize(
    ("metric", "start", "wanted", "kept"),
    [("active_rate", 9020, 1500, True), ("active_rate", 1000, 1500, False), ("exit_rate", 100, 300, True)],
)
def test_a_target_met_on_the_first_day_is_to_be_held(metric, start, wanted, kept):
    one = at(5, goal(metric=metric, target=wanted), start, start)
    assert one.kept == kept
    assert one.state == ("reached" if kept else "behind")
