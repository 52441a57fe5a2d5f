"""Experiments kept: planned, split once and the same for all, counted, judged, put away."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.experiment_book import ArmDraft, Draft, crossed
from qunguan.domain.experiments import Sample, arm_of
from qunguan.services import experiments, groups, history, members, members_merge
from qunguan.services.desk import Desk
from tests.conftest import NOW, assert_sound

AB = (ArmDraft("A"), ArmDraft("B"))


@pytest.fixture
def club(tmp_path, clock):
    """A group of sixty."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        group = desk.write(groups.create, "读书群")
        for number in range(60):
            desk.write(members.add, f"成员{number:02d}", group_id=group.id)
        yield desk


def planned(club, **values):
    return club.write(experiments.add, 1, Draft("海报", "预约", AB, **values))


def test_a_plan_says_how_many_each_arm_needs(club):
    made = planned(club, base=0.1, lift=0.1)
    assert (made.per_arm, made.base, made.lift, [arm.name for arm in made.arms]) == (197, 0.1, 0.1, ["A", "B"])
    assert planned_without(club).per_arm is None
    assert_sound(club)


def planned_without(club):
    return club.write(experiments.add, 1, Draft("文案", "下单", AB))


def test_members_are_split_by_the_hash_and_stay_where_they_are(club):
    made = planned(club)
    done = club.write(experiments.split, made.id)
    assert done.new == 60
    for place, people in enumerate(done.members):
        assert all(arm_of(made.id, who, (1, 1)) == place for who, _name in people)
    club.write(members.add, "后来的", group_id=1)
    again = club.write(experiments.split, made.id)
    assert again.new == 1
    before = {who: place for place, people in enumerate(done.members) for who, _name in people}
    after = {who: place for place, people in enumerate(again.members) for who, _name in people}
    assert before.items() <= after.items()
    assert_sound(club)


def test_splitting_twice_leaves_no_second_step(club):
    made = planned(club)
    club.write(experiments.split, made.id)
    steps = len(club.read(history.recent))
    assert club.write(experiments.split, made.id).new == 0
    assert len(club.read(history.recent)) == steps


def test_counts_of_a_day_are_corrected_and_the_newest_holds(club, clock):
    made = planned(club, base=0.1, lift=0.3)
    today = clock.today(groups_rule(club))
    club.write(experiments.count, made.id, "a", Sample(1, 20), today - timedelta(days=1))
    club.write(experiments.count, made.id, "A", Sample(4, 30))
    club.write(experiments.count, made.id, "A", Sample(3, 30))
    club.write(experiments.count, made.id, "B", Sample(14, 30))
    told = club.read(experiments.standing, clock, club.read(experiments.find, "海报"))
    assert told.samples == (Sample(3, 30), Sample(14, 30))
    assert (made.per_arm, told.judgements[0].verdict) == (29, "won")
    past = club.read(experiments.standing, clock, made, today - timedelta(days=1))
    assert past.samples == (Sample(1, 20), None)
    assert past.judgements == (None,)
    club.write(history.undo)
    assert club.read(experiments.standing, clock, made).samples[1] is None
    assert_sound(club)


def groups_rule(club):
    return club.read(groups.day_rule)


def test_who_did_it_comes_from_a_list(club, clock):
    made = planned(club)
    with pytest.raises(Refused, match="分流"):
        club.write(experiments.converted, made.id, ["成员01"])
    done = club.write(experiments.split, made.id)
    club.write(members.add, "局外人", group_id=1)
    told = club.write(experiments.converted, made.id, ["成员01", "成员02", "成员01", "局外人", "没有这人", ""])
    assert (told.noted, told.already, told.outside) == (2, 0, ("局外人", "没有这人"))
    assert club.write(experiments.converted, made.id, ["成员01"]).already == 1
    standing = club.read(experiments.standing, clock, made)
    assert sum(sample.x for sample in standing.samples) == 2
    assert [sample.n for sample in standing.samples] == [len(people) for people in done.members]
    with pytest.raises(BadInput):
        club.write(experiments.converted, made.id, ["", " "])


def test_two_factors_tell_what_each_does_by_itself(club, clock):
    made = club.write(experiments.add, 1, Draft("交叉", "预约", crossed(["旧文案", "新文案"], ["八折", "赠品"])))
    for arm, x in zip(made.arms, (10, 12, 30, 32), strict=True):
        club.write(experiments.count, made.id, arm.name, Sample(x, 100))
    told = club.read(experiments.standing, clock, made)
    assert [round(each.difference, 2) for each in told.effects] == [0.2, 0.02]
    assert told.effects[0].p_value < 0.001 < told.effects[1].p_value
    assert told.alpha == pytest.approx(0.05 / 3)


def test_the_last_day_makes_a_verdict_possible(club, clock, tmp_path):
    made = planned(club, to_day=clock.today(groups_rule(club)))
    club.write(experiments.count, made.id, "A", Sample(5, 100))
    club.write(experiments.count, made.id, "B", Sample(30, 100))
    assert club.read(experiments.standing, clock, made).judgements[0].verdict == "too_few"
    later = Clock(NOW + timedelta(days=1))
    assert club.read(experiments.standing, later, made).judgements[0].verdict == "won"


def test_what_was_put_away_stays_as_it_is(club, clock):
    made = planned(club)
    club.write(experiments.close, made.id, "用 B")
    for call in (
        lambda: club.write(experiments.split, made.id),
        lambda: club.write(experiments.count, made.id, "A", Sample(1, 2)),
        lambda: club.write(experiments.close, made.id),
    ):
        with pytest.raises(Refused):
            call()
    assert club.read(experiments.all_experiments, closed=False) == ()
    assert club.write(experiments.close, made.id, reopen=True).decision == "用 B"


def test_a_merge_keeps_one_arm(club, clock):
    made = planned(club)
    club.write(experiments.split, made.id)
    club.write(members_merge.merge, 1, 2)
    assert sum(len(people) for people in club.read(experiments.lists, made)) == 59
    assert_sound(club)
    club.write(history.undo)
    assert sum(len(people) for people in club.read(experiments.lists, made)) == 60


@pytest.mark.parametrize(
    "draft",
    [
        Draft("一", "x", (ArmDraft("A"),)),
        Draft("一", "x", (ArmDraft("A"), ArmDraft("Ａ"))),
        Draft("", "x", AB),
        Draft("一", "x", AB, base=1.5),
        Draft("一", "x", AB, base=0.1, lift=0.95),
        Draft("一", "x", AB, lift=0.1),
        Draft("一", "x", AB, to_day=date(2020, 1, 1)),
        Draft("一", "x", (ArmDraft("A", weight=0), ArmDraft("B"))),
    ],
)
def test_what_is_no_experiment_is_refused(club, draft):
    with pytest.raises(BadInput):
        club.write(experiments.add, 1, draft)


def test_unknown_ones_are_named(club):
    made = planned(club)
    with pytest.raises(BadInput, match="已经有"):
        planned(club)
    with pytest.raises(NotFound):
        club.read(experiments.find, "没有")
    with pytest.raises(NotFound, match="A / B"):
        club.write(experiments.count, made.id, "C", Sample(1, 2))
