"""Ranks that are honest, periods, and what the quiet mode leaves."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain.boards import (
    Kept,
    Leaderboard,
    first_day,
    is_over,
    kept_longest,
    longest_in,
    period_after,
    period_before,
    ranked,
    ranks,
)
from qunguan.domain.cadence import Cadence
from qunguan.domain.checkins import Terms, standing

FRIDAY = date(2026, 3, 20)
VALUES = st.dictionaries(st.integers(1, 30), st.integers(-3, 6), max_size=20)


def board(values: dict[int, int], quiet: int | None = None) -> Leaderboard:
    lines = tuple(ranked(values, sorted(values)))
    return Leaderboard("points", "week", FRIDAY, FRIDAY, "point", "", lines, quiet)


def test_a_tie_shares_its_rank_and_the_next_is_left_out():
    lines = board({1: 9, 2: 9, 3: 7, 4: 0}).lines
    assert [(each.member_id, each.rank, each.tied, each.behind) for each in lines] == [
        (1, 1, True, 0), (2, 1, True, 0), (3, 3, False, 2),
    ]  # fmt: skip


@given(VALUES)
def test_a_rank_is_one_more_than_how_many_have_more(values):
    lines = board(values).lines
    assert {each.member_id for each in lines} == {who for who, value in values.items() if value > 0}
    for each in lines:
        better = [value for value in values.values() if value > each.value]
        assert each.rank == len(better) + 1
        assert each.tied == (list(values.values()).count(each.value) > 1)
        assert each.behind == (min(better) - each.value if better else 0)
    assert [each.value for each in lines] == sorted((each.value for each in lines), reverse=True)
    assert [each.rank for each in lines] == ranks(each.value for each in lines)


@given(VALUES, st.integers(0, 5), st.one_of(st.none(), st.integers(1, 5)))
def test_quiet_mode_shows_whole_ties_and_nobody_below(values, quiet, top):
    found = board(values, quiet)
    most = quiet if top is None else min(quiet, top)
    assert found.public(top) == tuple(each for each in found.lines if each.rank <= most)
    assert all(found.of(each.member_id) == each for each in found.lines)


def test_weeks_start_on_monday_and_months_on_their_first():
    assert first_day("today", FRIDAY) == FRIDAY
    assert first_day("week", FRIDAY) == date(2026, 3, 16)
    assert first_day("week", date(2026, 3, 16)) == date(2026, 3, 16)
    assert first_day("month", FRIDAY) == date(2026, 3, 1)
    assert first_day("all", FRIDAY) is None


@settings(max_examples=150)
@given(
    st.dictionaries(st.integers(0, 20), st.sampled_from(["done", "makeup", "frozen"]), max_size=20),
    st.integers(0, 21), st.integers(0, 10),
)  # fmt: skip
def test_the_longest_streak_of_a_period_is_that_of_its_best_day(marks, start, length):
    day = date(2026, 3, 1)
    records = {day + timedelta(days=n): state for n, state in sorted(marks.items())}
    terms = Terms(Cadence(), day)
    first, last = day + timedelta(days=start), day + timedelta(days=start + length)
    days = [first + timedelta(days=n) for n in range(length + 1)]
    past = {each: {d: s for d, s in records.items() if d <= each} for each in (day, *days, last)}
    naive = max(standing(past[each], terms, each).streak for each in days)
    told = {each: state for each, state in records.items() if each <= last}
    assert longest_in(told, terms, first, last) == naive
    assert longest_in(told, terms, None, last) == standing(told, terms, last).best
    for known in (told, records):
        at = max(known, default=None)
        kept = Kept(standing(known, terms, at).streak, standing(known, terms, at).best, at) if at else Kept(0, 0, None)
        for over in (False, True):
            for since in (first, None):
                value = kept_longest(kept, terms, since, last, over=over)
                assert value in (None, longest_in(told, terms, since, last, over=over))


def test_a_period_is_over_once_the_next_one_began_and_steps_go_from_end_to_end():
    assert [is_over(period, FRIDAY - timedelta(days=5), FRIDAY) for period in ("today", "week", "month", "all")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert not is_over("week", FRIDAY - timedelta(days=4), FRIDAY)
    before = {period: period_before(period, FRIDAY) for period in ("today", "week", "month", "all", "challenge")}
    assert before == {
        "today": date(2026, 3, 19), "week": date(2026, 3, 15), "month": date(2026, 2, 28), "all": None,
        "challenge": None,
    }  # fmt: skip
    assert period_after("week", date(2026, 3, 8), FRIDAY) == date(2026, 3, 15)
    assert period_after("week", date(2026, 3, 15), FRIDAY) == FRIDAY, "the running week ends today"
    assert period_after("week", FRIDAY, FRIDAY) is None
    assert period_after("month", date(2026, 1, 31), FRIDAY) == date(2026, 2, 28)
    assert period_after("month", date(2025, 12, 31), FRIDAY) == date(2026, 1, 31)
    assert period_after("today", FRIDAY, FRIDAY) is None
    assert period_after("all", date(2026, 1, 1), FRIDAY) is None
