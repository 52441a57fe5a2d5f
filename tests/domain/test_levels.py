"""Levels replayed from facts: the vectors of the rule, and the same answer as walking through every day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain.levels import Condition, Facts, Level, Lock, Series, Terms, Version, in_force, path, standing_at

START = date(2026, 1, 1)
YUAN = 100


def day(number: int) -> date:
    return START + timedelta(days=number)


def spends(*pairs: tuple[int, int]) -> Facts:
    """Spend facts from (day, fen)."""
    return {"spend": Series([day(n) for n, _fen in pairs], [fen for _n, fen in pairs])}


def ladder(*bars: int, days: int | None = None, **terms) -> Terms:
    """Levels by spend in fen, the base first."""
    levels = [Level(f"L{n}", ((Condition("spend", bar, days),),)) for n, bar in enumerate(bars, 2)]
    return Terms((Level("L1"), *levels), **terms)


def rank_on(standings, when: date) -> int:
    """The rank of a path on a day."""
    found = standing_at(standings, when)
    assert found is not None
    return found.rank


def ranks(terms: Terms, facts: Facts, up_to: int, locks=()) -> list[tuple[int, int, str]]:
    """The standings as (day, rank, cause)."""
    found = path([Version(START, terms)], facts, locks, day(up_to))
    return [((each.from_day - START).days, each.rank, each.cause) for each in found]


def test_the_bar_itself_is_reached_and_a_fen_less_is_not():
    terms = ladder(1000 * YUAN)
    assert ranks(terms, spends((5, 99_999)), 10) == [(0, 1, "start")]
    assert ranks(terms, spends((5, 100_000)), 10) == [(0, 1, "start"), (5, 2, "rise")]
    assert ranks(terms, spends((5, 99_999), (7, 1)), 10) == [(0, 1, "start"), (7, 2, "rise")]


def test_the_standing_says_which_condition_carried_it_and_with_which_numbers():
    either = Level("银卡", ((Condition("spend", 1000 * YUAN),), (Condition("orders", 2), Condition("growth", 50))))
    terms = Terms((Level("普通"), either))
    facts: Facts = {"orders": Series([day(1), day(2)], [1, 1]), "growth": Series([day(3)], [70])}
    last = path([Version(START, terms)], facts, (), day(9))[-1]
    assert (last.rank, last.from_day) == (2, day(3))
    assert [(each.condition.metric, each.value, each.needed) for each in last.why] == [
        ("orders", 2, 2),
        ("growth", 70, 50),
    ]


def test_the_highest_level_reached_is_taken_at_once():
    assert ranks(ladder(100, 500, 900), spends((3, 600)), 5) == [(0, 1, "start"), (3, 3, "rise")]


@pytest.mark.parametrize(
    ("policy", "after"),
    [("never", 4), ("one_down", 3), ("by_value", 2)],
)
def test_the_level_is_held_through_the_day_the_hold_ends_and_falls_on_the_next(policy, after):
    terms = ladder(100, 500, 900, days=30, hold_days=40, policy=policy)
    found = path([Version(START, terms)], spends((0, 1000), (45, 150)), (), day(50))
    hold_ends = day(40)
    assert found[0].until == (None if policy == "never" else hold_ends)
    assert rank_on(found, hold_ends) == 4
    early = path([Version(START, terms)], spends((0, 1000), (35, 150)), (), hold_ends + timedelta(days=1))
    assert rank_on(early, hold_ends) == 4
    assert rank_on(early, hold_ends + timedelta(days=1)) == after


def test_what_comes_on_the_day_of_the_review_still_keeps_the_level_and_on_the_day_after_does_not():
    terms = ladder(100, days=30, hold_days=40)
    assert ranks(terms, spends((0, 100), (41, 100)), 42) == [(0, 2, "start"), (41, 2, "review")]
    assert ranks(terms, spends((0, 100), (42, 100)), 42) == [(0, 2, "start"), (41, 1, "review"), (42, 2, "rise")]


def test_reaching_the_bar_again_does_not_lengthen_the_hold():
    terms = ladder(100, days=10, hold_days=40)
    found = path([Version(START, terms)], spends((0, 100), (25, 100)), (), day(41))
    assert [each.from_day for each in found] == [day(0), day(41)]
    assert found[-1].rank == 1


def test_a_window_counts_its_first_and_its_last_day():
    terms = ladder(100, days=7)
    assert ranks(terms, spends((0, 50), (6, 50)), 9)[-1] == (6, 2, "rise")
    assert ranks(terms, spends((0, 50), (7, 50)), 9) == [(0, 1, "start")]


def test_the_low_water_mark_keeps_a_level_that_it_does_not_give():
    terms = ladder(100, days=30, hold_days=40, low_water_pct=90)
    assert ranks(terms, spends((0, 100), (20, 90)), 41)[-1] == (41, 2, "review")
    assert ranks(terms, spends((0, 100), (20, 89)), 41)[-1] == (41, 1, "review")
    assert ranks(terms, spends((0, 99)), 41) == [(0, 1, "start")]


def test_a_refund_shows_at_the_review_and_with_strict_terms_at_once():
    facts = spends((0, 1000), (10, -950))
    assert ranks(ladder(100, 500, hold_days=40), facts, 41) == [(0, 3, "start"), (41, 1, "review")]
    assert ranks(ladder(100, 500, hold_days=40, strict=True), facts, 41) == [(0, 3, "start"), (10, 1, "strict")]


def test_a_refund_that_is_not_what_the_level_lacks_costs_nothing_even_with_strict_terms():
    terms = ladder(100, days=5, hold_days=40, strict=True)
    facts: Facts = {"spend": Series([day(0), day(8), day(9)], [100, 10, -10])}
    assert ranks(terms, facts, 30) == [(0, 2, "start")]


def test_a_refund_leaves_a_window_together_with_its_order():
    terms = ladder(100, days=10, hold_days=365)
    late = Series([day(0), day(9), day(12)], [500, 100, -500], [day(0), day(9), day(0)])
    assert path([Version(day(12), terms)], {"spend": late}, (), day(12))[0].rank == 2


def test_a_streak_that_ends_is_nothing_taken_back():
    terms = Terms((Level("L1"), Level("L2", ((Condition("streak", 3),),))), hold_days=30, strict=True)
    facts: Facts = {"streak": Series([day(0), day(1), day(2), day(5)], [1, 1, 1, -3], taken=False)}
    assert ranks(terms, facts, 20) == [(0, 1, "start"), (2, 2, "rise")]


def test_a_lock_wins_while_it_lasts_and_what_is_below_it_goes_on():
    locks = [Lock(3, day(2), day(4), "老朋友")]
    terms = ladder(100, 500, 900)
    found = ranks(terms, spends((3, 100)), 9, locks)
    assert found == [(0, 1, "start"), (2, 3, "lock"), (5, 2, "unlock")]
    standing = path([Version(START, terms)], spends((3, 100)), locks, day(9))[1]
    assert (standing.reason, standing.until, standing.was) == ("老朋友", day(4), 1)
    assert ranks(terms, spends((3, 1000)), 9, [Lock(2, day(1), None, "x")])[-1] == (1, 2, "lock")


def test_a_new_version_judges_everybody_on_its_day_and_new_names_judge_nobody():
    held = ladder(100, days=10, hold_days=365)
    renamed = Terms((Level("青铜"), Level("白银", held.levels[1].any_of)), hold_days=365)
    assert renamed.judges_like(held)
    facts = spends((0, 100))
    assert path([Version(START, held), Version(day(20), renamed)], facts, (), day(30))[-1].from_day == START
    harder = path([Version(START, held), Version(day(20), ladder(100, 200, days=15))], facts, (), day(30))
    assert [(each.from_day, each.rank, each.cause, each.was) for each in harder] == [
        (day(0), 2, "start", 0),
        (day(20), 1, "rule", 2),
    ]


def test_of_two_versions_of_a_day_the_last_is_in_force():
    first, second = Version(START, ladder(100)), Version(START, ladder(300))
    assert in_force([first, second], START) is second
    assert path([first, second], spends((0, 200)), (), day(3))[0].rank == 1
    assert in_force([first], START - timedelta(days=1)) is None
    assert path([first], {}, (), START - timedelta(days=1)) == ()


# --- the same by walking through every day ----------------------------------------------------------------------------

metrics = st.sampled_from(["spend", "orders", "growth"])
conditions = st.builds(Condition, metrics, st.integers(1, 12), st.one_of(st.none(), st.integers(1, 20)))
levels = st.lists(st.lists(st.lists(conditions, min_size=1, max_size=2).map(tuple), min_size=1, max_size=2).map(tuple),
                  min_size=1, max_size=3)  # fmt: skip
ladders = st.builds(
    lambda found, **more: Terms((Level("1"), *(Level(str(n), any_of) for n, any_of in enumerate(found, 2))), **more),
    levels,
    hold_days=st.integers(1, 15),
    low_water_pct=st.sampled_from([100, 90, 50]),
    policy=st.sampled_from(["never", "one_down", "by_value"]),
    strict=st.booleans(),
)
changes = st.lists(
    st.tuples(metrics, st.integers(-10, 40), st.integers(1, 6), st.one_of(st.none(), st.integers(0, 15))), max_size=8
)
LAST = 45


def as_facts(rows) -> tuple[Any, list[Any]]:
    """Series for the replay and the plain rows (metric, day, amount, origin); a fourth value takes it back later."""
    plain = []
    for metric, when, amount, back in rows:
        plain.append((metric, when, amount, when))
        if back is not None:
            plain.append((metric, when + back, -amount, when))
    facts = {}
    for metric in {row[0] for row in plain}:
        mine = sorted((row[1:] for row in plain if row[0] == metric), key=lambda row: row[0])
        facts[metric] = Series([day(r[0]) for r in mine], [r[1] for r in mine], [day(r[2]) for r in mine])
    return facts, plain


def naive(versions, plain, locks) -> list[int]:
    """The rank shown on every day from 0 to LAST; 0 before the ladder. Written without looking at the replay."""

    def value(condition, now, rows):
        since = -(10**6) if condition.days is None else now - condition.days + 1
        return sum(a for m, d, a, o in rows if m == condition.metric and d <= now and since <= o)

    def highest(terms, now, pct, rows):
        for rank in range(len(terms.levels), 1, -1):
            for group in terms.levels[rank - 1].any_of:
                if all(value(c, now, rows) * 100 >= c.at_least * pct for c in group):
                    return rank
        return 1

    shown, rank, until, terms = [], 0, None, None
    for now in range(LAST + 1):
        todays = [found for from_day, found in versions if from_day == now]
        judged = bool(todays) and (terms is None or not todays[-1].judges_like(terms))
        terms = todays[-1] if todays else terms
        if terms is not None:
            top, low = highest(terms, now, 100, plain), highest(terms, now, terms.low_water_pct, plain)
            moved = True
            if judged:
                rank = min(rank, len(terms.levels))
                rank = rank if top < rank <= low else top
            elif top > rank or (
                terms.strict
                and low
                < rank
                <= highest(terms, now, terms.low_water_pct, [r for r in plain if not (r[1] == now and r[2] < 0)])
            ):
                rank = top
            elif until is not None and now == until + 1:
                rank = rank if low >= rank else (rank - 1 if terms.policy == "one_down" else top)
            else:
                moved = False
            if moved:
                until = now + terms.hold_days if rank > 1 and terms.policy != "never" else None
        locked = [r for r, first, last in locks if terms is not None and first <= now and (last is None or now <= last)]
        shown.append(locked[0] if locked else rank)
    return shown


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 25), ladders), min_size=1, max_size=3),
    changes,
    st.one_of(st.none(), st.tuples(st.integers(1, 4), st.integers(0, 30), st.one_of(st.none(), st.integers(0, 10)))),
)
def test_the_replay_is_what_walking_through_every_day_gives(versions, rows, lock):
    facts, plain = as_facts(rows)
    locks = []
    if lock is not None:
        rank, first, length = lock
        locks = [(rank, first, None if length is None else first + length)]
    found = path(
        [Version(day(from_day), terms) for from_day, terms in versions],
        facts,
        [Lock(rank, day(first), None if last is None else day(last), "why") for rank, first, last in locks],
        day(LAST),
    )
    shown = [standing_at(found, day(number)) for number in range(LAST + 1)]
    assert [each.rank if each else 0 for each in shown] == naive(versions, plain, locks)
    assert all(each.until is None or each.until >= day(number) for number, each in enumerate(shown) if each)
    assert [each.from_day for each in found] == sorted({each.from_day for each in found})
    for before, after in pairwise(found):
        assert after.was == before.rank
