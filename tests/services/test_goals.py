"""Goals in the book: set, measured on their days, changed, closed, undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.goals import METRICS
from qunguan.services import goals, history, members, orders
from qunguan.services.goal_metrics import Figures
from tests.services.trade_kit import LAST


def ago(days: int):
    return LAST - timedelta(days=days)


def test_members_from_the_first_day_to_the_last(desk):
    desk.write(members.add_many, ["甲子", "乙丑"], group_id=1, joined_on=ago(20))
    made = desk.write(goals.add, "members", "6", from_day=ago(10), to_day=LAST, group_id=1)
    desk.write(members.add_many, ["丙寅", "丁卯"], group_id=1, joined_on=ago(5))
    found = desk.read(goals.progress, desk.clock, made, ago(5))
    assert (found.baseline, found.wanted, found.expected, found.actual, found.state) == (2, 6, 4, 4, "on_track")
    before = desk.read(goals.progress, desk.clock, made, ago(11))
    assert (before.state, before.actual) == ("not_begun", None)
    now = desk.read(goals.progress, desk.clock, made)
    assert (now.state, now.done) == ("behind", 0.5)
    assert desk.read(goals.progress, desk.clock, made, LAST + timedelta(days=1)).state == "missed"


def test_the_shipped_ones(desk):
    made = desk.write(goals.add_preset, "repurchase", group_id=1)
    assert (made.kind, made.target, made.source, (made.to_day - made.from_day).days) == ("relative", 3000, "S0-07", 183)
    points = desk.write(goals.add_preset, "半年复购率提升 30%", group_id=1, points=True)
    assert points.kind == "points"
    month = desk.write(goals.add_preset, "first_month", group_id=1)
    assert (month.metric, month.target) == ("active_rate", 6000)
    assert [each.goal.id for each in desk.read(goals.progresses, desk.clock)] == [month.id, made.id, points.id]
    with pytest.raises(BadInput):
        desk.write(goals.add_preset, "ltv", points=True)
    with pytest.raises(NotFound):
        desk.write(goals.add_preset, "moon")


def test_nobody_knows_is_unknown_and_says_why(desk):
    made = desk.write(goals.add, "messages", "50", group_id=1, from_day=ago(3))
    found = desk.read(goals.progress, desk.clock, made)
    assert (found.actual, found.state) == (None, "unknown")
    assert found.why


def test_changed_closed_taken_up_and_undone(desk):
    made = desk.write(goals.add, "net", "1000", name="月销", baseline="0")
    assert (made.baseline, made.target, made.name) == (0, 100_000, "月销")
    more = desk.write(goals.edit, replace(made, target=200_000))
    assert more.target == 200_000
    with pytest.raises(BadInput):
        desk.write(goals.edit, replace(made, to_day=ago(900)))
    assert desk.write(goals.close, made.id).closed_on == LAST
    with pytest.raises(Refused):
        desk.write(goals.close, made.id)
    assert desk.read(goals.all_goals, closed=False) == ()
    assert desk.read(goals.progresses, desk.clock)[0].state == "closed"
    assert desk.write(goals.close, made.id, reopen=True).closed_on is None
    for _ in range(3):
        desk.write(history.undo)
    assert desk.read(goals.get, made.id) == made
    desk.write(history.undo)
    with pytest.raises(NotFound):
        desk.read(goals.get, made.id)


def test_every_metric_can_be_asked(desk):
    one, _two = desk.write(members.add_many, ["甲子", "乙丑"], group_id=1, joined_on=ago(20))
    for days in (9, 2):
        desk.write(orders.add_order, one, 10_000, day=ago(days))
    figures = {
        metric: desk.read(lambda s, metric=metric: Figures(s, desk.clock).of(metric, 1, LAST)) for metric in METRICS
    }
    assert (figures["net"].value, figures["buyers"].value, figures["members"].value) == (20_000, 1, 2)
    assert (figures["repeat_rate"].value, figures["repeat_rate"].n) == (10_000, 1)
    assert (figures["ltv_ratio"].value, figures["aov"].value, figures["conversion"].value) == (200, 10_000, 5000)
    assert figures["retention_d30"].value is None
    assert all(each.value is None or isinstance(each.value, int) for each in figures.values())


def test_goals_of_a_group_and_of_everybody(desk):
    from qunguan.services import groups

    other = desk.write(groups.create, "另一个群").id
    of_all = desk.write(goals.add, "buyers", "10")
    ours = desk.write(goals.add, "buyers", "10", group_id=1)
    desk.write(goals.add, "buyers", "10", group_id=other)
    assert [each.id for each in desk.read(goals.all_goals, 1)] == [of_all.id, ours.id]


def test_the_way_is_measured_day_by_day(desk):
    desk.write(members.add_many, ["甲子", "乙丑"], group_id=1, joined_on=ago(20))
    made = desk.write(goals.add, "members", "6", from_day=ago(10), to_day=LAST, group_id=1)
    desk.write(members.add_many, ["丙寅"], group_id=1, joined_on=ago(5))
    way = [desk.read(goals.measured, desk.clock, made, ago(days)).value for days in (10, 6, 5, 0)]
    assert way == [2, 2, 3, 3]
