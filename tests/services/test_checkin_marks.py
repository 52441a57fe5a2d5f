"""One member's day: ticks, make-ups, freezes, their points and their undoing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from qunguan.domain.checkin_outcomes import MarkOutcome
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.i18n import _
from qunguan.services import checkins, history, points
from qunguan.store.checkins import enrolment
from tests.services.checkin_kit import TODAY, balance, challenge, day, earned, go, people, row, steps, tick_days


@pytest.fixture
def one(desk):
    (member_id,) = people(desk, "阿梨")
    return challenge(desk), member_id


def test_a_tick_counts_and_earns(desk, one):
    outcome = desk.write(checkins.tick, *one)
    assert outcome == MarkOutcome(one[1], "阿梨", TODAY, "done", True, 1, 5)
    assert balance(desk, one[1]) == 5


def test_a_tick_twice_leaves_one_step(desk, one):
    desk.write(checkins.tick, *one)
    before = steps(desk)
    assert not desk.write(checkins.tick, *one).changed
    assert steps(desk) == before


def test_toggle_ticks_and_unticks(desk, one):
    assert desk.write(checkins.toggle, *one).state == "done"
    assert desk.write(checkins.toggle, *one).state == "none"
    assert balance(desk, one[1]) == 0
    assert desk.write(checkins.toggle, *one).points == 5
    assert balance(desk, one[1]) == 5


def test_undo_takes_records_points_and_streaks_back(desk, one):
    tick_days(desk, one, range(14, 21))
    assert balance(desk, one[1]) == 7 * 5 + 20
    desk.write(history.undo)
    assert (row(desk, *one).streak, balance(desk, one[1])) == (6, 30)
    desk.write(history.redo)
    assert (row(desk, *one).streak, balance(desk, one[1])) == (7, 55)


def test_who_is_not_enrolled_is_enrolled_and_told(desk, one):
    (other,) = people(desk, "团团")
    assert desk.write(checkins.tick, one[0], other).enrolled


@pytest.mark.parametrize("when", [day(21), day(28)])
def test_the_future_cannot_be_ticked(desk, one, when):
    with pytest.raises(Refused, match="2026-03"):
        desk.write(checkins.tick, *one, when)


def test_days_outside_the_challenge_are_refused(desk):
    (member_id,) = people(desk, "阿梨")
    week = challenge(desk, "七天", template_id="7day")
    for when in (day(8), day(1).replace(month=2)):
        with pytest.raises(Refused):
            desk.write(checkins.tick, week, member_id, when)


def test_days_that_are_not_due_are_refused(desk):
    (member_id,) = people(desk, "阿梨")
    working = challenge(desk, "一三五", cadence="weekdays:135")
    with pytest.raises(Refused, match="2026-03-18"):
        desk.write(checkins.tick, working, member_id, day(19))


def test_an_unknown_state_is_refused(desk, one):
    with pytest.raises(BadInput):
        desk.write(checkins.mark, *one, TODAY, "sick")


def test_unknown_members_and_challenges_are_not_found(desk, one):
    with pytest.raises(NotFound):
        desk.write(checkins.tick, one[0], 99)
    with pytest.raises(NotFound):
        desk.write(checkins.tick, 99, one[1])


# -- make-ups


def test_a_makeup_counts_and_earns_today(desk, one):
    tick_days(desk, one, (18, 20))
    outcome = desk.write(checkins.mark, *one, day(19), "makeup", "出差")
    assert (outcome.streak, outcome.points) == (3, 5)
    entries = desk.read(points.statement, desk.clock, one[1]).entries
    assert entries[-1].biz_date == TODAY
    assert desk.read(checkins.reason_of, *one, day(19)) == "出差"


def test_a_makeup_always_has_a_reason(desk, one):
    desk.write(checkins.mark, *one, day(18), "makeup", "  ")
    assert desk.read(checkins.reason_of, *one, day(18)) == _("make-up")
    desk.write(checkins.mark, *one, day(19), "makeup", "出差")
    desk.write(checkins.mark, *one, day(19), "makeup")
    assert desk.read(checkins.reason_of, *one, day(19)) == "出差"
    desk.write(checkins.mark, *one, TODAY, "frozen")
    assert desk.read(checkins.reason_of, *one, TODAY) == ""


def test_today_is_checked_in_not_made_up(desk, one):
    with pytest.raises(Refused):
        desk.write(checkins.mark, *one, TODAY, "makeup")


def test_a_makeup_has_a_window(desk, one):
    desk.write(checkins.mark, *one, day(17), "makeup")
    with pytest.raises(Refused):
        desk.write(checkins.mark, *one, day(16), "makeup")


def test_a_makeup_has_a_quota_of_the_month_it_is_for(desk, one):
    go(desk, april := day(1).replace(month=4))
    for when in (day(29), day(30)):
        desk.write(checkins.mark, *one, when, "makeup")
    with pytest.raises(Refused, match="2026-03"):
        desk.write(checkins.mark, *one, day(31), "makeup")
    go(desk, april.replace(day=2))
    assert desk.write(checkins.mark, *one, april, "makeup").changed


def test_what_was_done_is_not_made_up(desk, one):
    tick_days(desk, one, [19])
    with pytest.raises(Refused):
        desk.write(checkins.mark, *one, day(19), "makeup")


def test_a_makeup_can_cost_points_and_gives_them_back(desk):
    (member_id,) = people(desk, "阿梨")
    dear = challenge(desk, "贵", makeup_cost=8)
    with pytest.raises(Refused):
        desk.write(checkins.mark, dear, member_id, day(19), "makeup")
    desk.write(points.grant, member_id, 10, reason="x")
    assert desk.write(checkins.mark, dear, member_id, day(19), "makeup").points == -3
    assert balance(desk, member_id) == 7
    desk.write(checkins.mark, dear, member_id, day(19), "none")
    assert balance(desk, member_id) == 10
    desk.write(checkins.mark, dear, member_id, day(19), "makeup")
    assert balance(desk, member_id) == 7
    desk.write(history.undo)
    assert balance(desk, member_id) == 10


def test_a_refused_makeup_changes_nothing(desk):
    (member_id,) = people(desk, "阿梨")
    dear = challenge(desk, "贵", makeup_cost=8)
    before = steps(desk)
    with pytest.raises(Refused):
        desk.write(checkins.mark, dear, member_id, day(19), "makeup")
    assert steps(desk) == before
    assert row(desk, dear, member_id, day(19)).state == "none"


# -- freezes


def test_frozen_days_bridge_and_are_not_due(desk, one):
    tick_days(desk, one, (16, 17))
    outcome = desk.write(checkins.mark_range, one[0], [one[1]], "frozen", day(18), day(25), "出国")
    assert (outcome.members, outcome.days, outcome.kept) == (1, 8, 0)
    assert row(desk, *one).streak == 2
    board = desk.read(checkins.board, desk.clock, one[0])
    assert (board.due, board.rate) == (0, None)


def test_a_range_never_touches_check_ins(desk, one):
    tick_days(desk, one, [18])
    outcome = desk.write(checkins.mark_range, one[0], [one[1]], "excused", day(17), day(19))
    assert (outcome.days, outcome.kept) == (2, 1)
    cleared = desk.write(checkins.mark_range, one[0], [one[1]], "none", day(17), day(19))
    assert cleared.days == 2
    assert row(desk, one[0], one[1], day(18)).state == "done"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [(day(10), day(9), "结束早于开始"), (day(1), day(1).replace(year=2028), "太长")],
)
def test_a_range_must_be_one(desk, one, first, last, said):
    with pytest.raises(BadInput, match=said):
        desk.write(checkins.mark_range, one[0], [one[1]], "frozen", first, last)


@pytest.mark.parametrize("when", [date.max, date.min])
def test_days_out_of_this_world_are_refused(desk, one, when):
    for state in ("done", "frozen", "makeup"):
        with pytest.raises(Refused):
            desk.write(checkins.mark, *one, when, state)
    with pytest.raises(Refused):
        desk.write(checkins.mark_range, one[0], [one[1]], "frozen", when, when)
    assert desk.read(checkins.board, desk.clock, one[0], when).due == (when == date.max)


def test_ticking_a_frozen_day_makes_it_done(desk, one):
    desk.write(checkins.mark, *one, TODAY, "frozen")
    assert desk.write(checkins.toggle, *one).state == "done"
    assert balance(desk, one[1]) == 5


def test_freezing_a_done_day_takes_its_points(desk, one):
    desk.write(checkins.tick, *one)
    desk.write(checkins.mark, *one, TODAY, "frozen")
    assert balance(desk, one[1]) == 0


# -- tiers


def test_a_tier_fires_once_per_run(desk, one):
    tick_days(desk, one, range(1, 9))
    assert earned(desk, one[1], "streak") == [f"{one[0]}:2026-03-01:7"]
    tick_days(desk, one, range(10, 17))
    assert earned(desk, one[1], "streak")[1:] == [f"{one[0]}:2026-03-10:7"]


def test_unticking_takes_the_tier_back_and_ticking_again_restores_it(desk, one):
    tick_days(desk, one, range(1, 8))
    assert balance(desk, one[1]) == 55
    desk.write(checkins.untick, *one, day(3))
    assert balance(desk, one[1]) == 30
    desk.write(checkins.tick, *one, day(3))
    assert balance(desk, one[1]) == 55


def test_a_tier_stays_when_the_rest_of_the_run_is_long_enough(desk, one):
    tick_days(desk, one, range(1, 13))
    full = balance(desk, one[1])
    desk.write(checkins.untick, *one, day(2))
    assert balance(desk, one[1]) == full - 5
    tick_days(desk, one, [13])
    assert balance(desk, one[1]) == full
    desk.write(checkins.tick, *one, day(2))
    assert balance(desk, one[1]) == full + 5


def test_a_makeup_that_joins_runs_pays_no_tier_twice(desk, one):
    tick_days(desk, one, range(5, 12))
    tick_days(desk, one, range(13, 18))
    go(desk, day(14))
    before = balance(desk, one[1])
    desk.write(checkins.mark, *one, day(12), "makeup")
    assert balance(desk, one[1]) == before + 5


def test_a_makeup_can_complete_a_tier(desk, one):
    tick_days(desk, one, (12, 13, 14, 15, 16, 17, 19))
    outcome = desk.write(checkins.mark, *one, day(18), "makeup")
    assert (outcome.streak, outcome.points) == (8, 25)


def test_a_freeze_that_closes_a_gap_can_complete_a_tier_and_its_end_takes_it(desk, one):
    tick_days(desk, one, (12, 13, 14, 15, 17, 18, 19))
    desk.write(checkins.mark, *one, day(16), "frozen")
    assert balance(desk, one[1]) == 55
    desk.write(checkins.mark, *one, day(16), "none")
    assert balance(desk, one[1]) == 35


def test_weekly_tiers_count_weeks(desk):
    (member_id,) = people(desk, "阿梨")
    weekly = challenge(desk, "每周", template_id="weekly", cadence="weekly:2", starts_on=day(2), tiers={2: 30})
    tick_days(desk, (weekly, member_id), (2, 3, 9))
    assert balance(desk, member_id) == 15
    tick_days(desk, (weekly, member_id), (10,))
    assert balance(desk, member_id) == 50
    assert row(desk, weekly, member_id).streak == 2
    desk.write(checkins.untick, weekly, member_id, day(3))
    assert balance(desk, member_id) == 15


def test_points_of_a_challenge_can_be_none(desk):
    (member_id,) = people(desk, "阿梨")
    plain = challenge(desk, "无分", points=0, tiers={})
    assert desk.write(checkins.tick, plain, member_id).points == 0


def test_edited_terms_recount_the_streaks(desk, one):
    tick_days(desk, one, (17, 18, 20))
    desk.write(checkins.mark, *one, day(19), "makeup")
    assert row(desk, *one).streak == 4
    found = desk.read(checkins.get, one[0])
    desk.write(checkins.edit, replace(found, makeup_counts=False))
    assert row(desk, *one).streak == 3


def test_a_wrong_copy_is_found_and_rebuilt(desk, one):
    desk.write(checkins.tick, *one)

    def spoil(session, clock):
        session.step("x")
        row_id = session.scalar(select(enrolment.c.id))
        session.update(enrolment, row_id, best=9)

    desk.write(spoil)
    (wrong,) = desk.read(checkins.cache_differences)
    assert (wrong.column, wrong.stored, wrong.counted) == ("best", "9", "1")
    assert desk.write(checkins.rebuild_cache) == 1
