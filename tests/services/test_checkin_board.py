"""The board of a day, who is missing, the month, the three figures, and told history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from qunguan.domain.checkin_outcomes import Board, HistoryOutcome, Rate
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound
from qunguan.exchange.readers.history import CheckinHistory, HistoryCheckin
from qunguan.services import checkins, groups, history, members
from qunguan.services.desk import Desk
from qunguan.store.session import Session
from tests.services.checkin_kit import TODAY, balance, challenge, day, go, people, row, steps, tick_days


@pytest.fixture
def camp(desk):
    ids = people(desk, "阿梨", "团团", "张三", "李四")
    found = challenge(desk)
    tick_days(desk, (found, ids[0]), range(10, 21))
    tick_days(desk, (found, ids[1]), [18, 19])
    tick_days(desk, (found, ids[2]), [12, 13, 20])
    return found, ids


def board(desk: Desk, found: int, when: date | None = None) -> Board:
    return desk.read(checkins.board, desk.clock, found, when)


def test_a_board_ranks_by_streak_then_total(desk, camp):
    shown = board(desk, camp[0])
    assert [(each.name, each.state, each.streak, each.best, each.total) for each in shown.rows] == [
        ("阿梨", "done", 11, 11, 11),
        ("团团", "none", 2, 2, 2),
        ("张三", "done", 1, 2, 3),
        ("李四", "none", 0, 0, 0),
    ]
    assert (shown.day, shown.day_no, shown.due, shown.done) == (TODAY, 20, 4, 2)
    assert (shown.rate, shown.previous_rate) == (Rate(0.5, 4), Rate(0.5, 4))
    assert (shown.habit_bar, shown.habit_count) == (7, 1)
    assert [each.name for each in shown.missing] == ["团团", "李四"]


def test_a_past_board_knows_nothing_of_later(desk, camp):
    shown = board(desk, camp[0], day(14))
    found = {each.name: (each.streak, each.best, each.total) for each in shown.rows}
    assert found == {"阿梨": (5, 5, 5), "团团": (0, 0, 0), "张三": (0, 2, 2), "李四": (0, 0, 0)}


def test_a_past_board_does_not_change_with_time(desk, camp):
    before = {when: board(desk, camp[0], day(when)).rows for when in range(1, 20)}
    go(desk, day(28))
    desk.write(checkins.tick, camp[0], camp[1][3])
    assert {when: board(desk, camp[0], day(when)).rows for when in before} == before


def test_the_frozen_and_the_gone_are_not_due(desk, camp):
    found, ids = camp
    desk.write(checkins.mark, found, ids[1], TODAY, "frozen")
    desk.write(members.leave, ids[3], 1, TODAY)
    shown = board(desk, found)
    assert (shown.due, shown.done, shown.rate) == (2, 2, Rate(1.0, 2))
    assert len(shown.rows) == 3
    assert board(desk, found, day(19)).due == 4


def test_who_comes_back_is_due_again(desk, camp):
    found, ids = camp
    desk.write(members.leave, ids[3], 1, day(10))
    desk.write(members.rejoin, ids[3], 1, day(15))
    assert [board(desk, found, day(n)).due for n in (9, 10, 14, 15)] == [4, 3, 3, 4]


def test_a_challenge_not_begun_or_over_shows_its_nearest_day(desk):
    people(desk, "阿梨")
    week = challenge(desk, "七天", template_id="7day")
    assert board(desk, week).day == day(7)
    later = challenge(desk, "以后", starts_on=day(25))
    assert board(desk, later).day == day(25)


def test_a_day_that_is_not_due_has_no_rate(desk):
    people(desk, "阿梨")
    working = challenge(desk, "一三五", cadence="weekdays:135")
    shown = board(desk, working, day(19))
    assert (shown.due, shown.rate, len(shown.rows)) == (0, None, 1)


def test_a_full_week_asks_for_nothing_more(desk):
    ids = people(desk, "阿梨", "团团")
    weekly = challenge(desk, "每周", cadence="weekly:2", starts_on=day(2))
    tick_days(desk, (weekly, ids[0]), [16, 17])
    assert [each.name for each in desk.read(checkins.missing, desk.clock, weekly)] == ["团团"]
    assert row(desk, weekly, ids[0]).streak == 1


def test_nicknames_are_shown(desk, camp):
    desk.write(members.set_alias, camp[1][1], "nick", "团团妈")
    shown = board(desk, camp[0])
    assert shown.missing[0].nick == "团团妈"


def test_a_month_shows_what_was_missed(desk, camp):
    found, ids = camp
    desk.write(checkins.mark, found, ids[2], day(21), "frozen")
    mine = desk.read(checkins.month, desk.clock, found, ids[2], 2026, 3)
    marks = "".join("x" if cell.missed else cell.state[0] for cell in mine.cells)
    assert marks == "x" * 11 + "dd" + "x" * 6 + "d" + "f" + "n" * 10
    grid = desk.read(checkins.month_grid, desk.clock, found, 2026, 3)
    assert {each.name for each in grid} == {"阿梨", "团团", "张三", "李四"}
    assert desk.read(checkins.month_grid, desk.clock, found, 2026, 2) == ()
    assert not any(cell.due for cell in desk.read(checkins.month, desk.clock, found, ids[2], 2026, 2).cells)
    with pytest.raises(BadInput):
        desk.read(checkins.month_grid, desk.clock, found, 2026, 13)


def test_the_three_figures(desk):
    ids = people(desk, "阿梨", "团团", "张三")
    week = challenge(desk, "七天", template_id="7day", makeup_days=30)
    tick_days(desk, (week, ids[0]), range(1, 8))
    tick_days(desk, (week, ids[1]), [1, 2, 3, 5, 6, 7])
    late = desk.write(members.add, "新来", group_id=1).id
    desk.write(checkins.tick, week, late, day(7))
    figures = desk.read(checkins.kpis, desk.clock, week)
    assert figures.day_rate == Rate(0.75, 4)
    assert figures.completion == Rate(0.25, 4)
    assert figures.habit == Rate(1 / 3, 3)
    desk.write(checkins.mark, week, ids[1], day(4), "makeup")
    assert desk.read(checkins.kpis, desk.clock, week).completion == Rate(0.5, 4)
    go(desk, day(7))
    assert desk.read(checkins.kpis, desk.clock, week).completion is None


def test_a_weekly_challenge_has_no_days_in_a_row(desk):
    people(desk, "阿梨")
    weekly = challenge(desk, "每周", template_id="weekly")
    assert desk.read(checkins.kpis, desk.clock, weekly).habit is None


# -- told history


def told(*lines: tuple[str, date, str]) -> CheckinHistory:
    entries = tuple(HistoryCheckin(n, name, when, state) for n, (name, when, state) in enumerate(lines, 2))  # type: ignore[arg-type]
    return CheckinHistory("long", "utf-8", entries, (), ())


def bring(desk: Desk, found: int, file: CheckinHistory, **options) -> HistoryOutcome:
    def run(session: Session, clock: Clock) -> HistoryOutcome:
        return checkins.import_history(
            session, clock, found, file, lambda name: members.resolve(session, name), **options
        )

    return desk.write(run)


def test_history_is_taken_as_told_and_earns_nothing(desk):
    (one,) = people(desk, "阿梨")
    found = challenge(desk, who=None)
    lines = [("阿梨", day(n), "makeup") for n in range(1, 11)]
    outcome = bring(desk, found, told(*lines))
    assert (outcome.recorded, outcome.already, outcome.rejected, outcome.enrolled) == (10, 0, (), 1)
    assert balance(desk, one) == 0
    assert row(desk, found, one, day(10)).streak == 10
    before = steps(desk)
    again = bring(desk, found, told(*lines))
    assert (again.recorded, again.already) == (0, 10)
    assert steps(desk) == before


def test_history_can_be_paid_when_asked(desk):
    (one,) = people(desk, "阿梨")
    bring(desk, challenge(desk), told(*[("阿梨", day(n), "done") for n in range(1, 8)]), award=True)
    assert balance(desk, one) == 55


def test_a_tier_reached_in_history_is_not_paid_by_the_next_check_in(desk):
    (one,) = people(desk, "阿梨")
    found = challenge(desk, tiers={7: 20, 10: 40})
    bring(desk, found, told(*[("阿梨", day(n), "done") for n in range(11, 20)]))
    desk.write(checkins.tick, found, one)
    assert balance(desk, one) == 45


def test_rows_that_cannot_be_are_refused_with_their_reason(desk):
    people(desk, "阿梨", "张三", "张三")
    found = challenge(desk, "七天", template_id="7day")
    desk.write(checkins.tick, found, 1, day(2))
    outcome = bring(
        desk,
        found,
        told(
            ("没有这个人", day(1), "done"),
            ("张三", day(1), "done"),
            ("阿梨", date(2026, 2, 28), "done"),
            ("阿梨", day(8), "done"),
            ("阿梨", day(2), "frozen"),
            ("阿梨", day(2), "done"),
            ("阿梨", day(1), "done"),
            ("阿梨", day(1), "done"),
        ),
    )
    assert (outcome.recorded, outcome.already) == (1, 2)
    assert [each.row for each in outcome.rejected] == [2, 3, 4, 5, 6]
    assert all(str(each.reason) for each in outcome.rejected)


def test_an_endless_daily_challenge_begins_earlier_when_history_does(desk):
    (one,) = people(desk, "阿梨")
    found = challenge(desk)
    outcome = bring(desk, found, told(("阿梨", date(2025, 12, 31), "done")))
    assert outcome.recorded == 1
    assert desk.read(checkins.get, found).starts_on == date(2025, 12, 31)
    assert row(desk, found, one, date(2025, 12, 31)).total == 1
    desk.write(history.undo)
    assert desk.read(checkins.get, found).starts_on == day(1)


def test_a_time_before_the_day_starts_belongs_to_the_day_before(desk):
    people(desk, "阿梨")
    desk.write(groups.update, replace(desk.read(groups.get, 1), day_start=4))
    found = challenge(desk)
    entry = HistoryCheckin(2, "阿梨", day(15), "done", at=time(1, 30))
    bring(desk, found, CheckinHistory("long", "utf-8", (entry,), (), ()))
    assert row(desk, found, 1, day(14)).state == "done"


def test_unknown_challenges_are_not_found(desk):
    with pytest.raises(NotFound):
        board(desk, 7)
