"""Experiments against the vectors of semantics 3.10, scipy and statsmodels, and exact fractions."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from math import comb, isclose
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    power_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)

from qunguan.domain import experiment_verdicts, experiments
from qunguan.domain.errors import BadInput
from qunguan.domain.experiment_verdicts import Bars, Plan
from qunguan.domain.experiments import Sample, arm_of, fisher, per_arm

# None is what cannot be said; the tests that expect it say so
compare: Callable[..., Any] = experiments.compare
detectable: Callable[..., Any] = experiments.detectable
split_p: Callable[..., Any] = experiments.split_p
judge: Callable[..., Any] = experiment_verdicts.judge

BARS = Bars(alpha=0.05, split=0.001, split_watch=0.01, leaning=0.9)
SIZES = (1, 2, 5, 20, 150, 1000, 30_000)


def beta(a: int, b: int) -> Fraction:
    """B(a, b) of whole numbers."""
    return Fraction(1, (a + b - 1) * comb(a + b - 2, a - 1))


def chance(a: Sample, b: Sample) -> Fraction:
    """P(B > A) in fractions, by the sum of semantics 3.10."""
    alpha_a, beta_a, alpha_b, beta_b = 1 + a.x, 1 + a.n - a.x, 1 + b.x, 1 + b.n - b.x
    whole = beta(alpha_a, beta_a)
    return sum(
        (beta(alpha_a + i, beta_a + beta_b) / ((beta_b + i) * beta(1 + i, beta_b) * whole) for i in range(alpha_b)),
        start=Fraction(0),
    )


def cases(count: int, seed: int) -> list[tuple[Sample, Sample]]:
    """Pairs of arms of all sizes and shares, a third of them with an empty cell."""
    chosen, found = random.Random(seed), []
    for _ in range(count):
        n, m, share = chosen.choice(SIZES), chosen.choice(SIZES), chosen.choice([0, 0.001, 0.05, 0.3, 0.5, 0.97, 1])
        x = min(n, int(n * share * chosen.uniform(0.7, 1.3) + chosen.random()))
        y = min(m, int(m * share * chosen.uniform(0.7, 1.3) + chosen.random()))
        found.append((Sample(x, n), Sample(y, m)))
    return found


@pytest.mark.parametrize(
    ("a", "b", "p", "chance_b", "test"),
    [("120/1000", "150/1000", 0.0496, 0.975, "z"), ("12/150", "21/150", 0.0968, 0.950, "z")],
)
def test_the_vectors_of_two_arms(a, b, p, chance_b, test):
    told = compare(Sample.parse(a), Sample.parse(b))
    assert (round(told.p_value, 4), round(told.p_b_beats_a, 3), told.test) == (p, chance_b, test)


def test_the_vector_with_its_interval_and_the_exact_test():
    told = compare(Sample(120, 1000), Sample(150, 1000))
    assert round(told.z, 3) == 1.963
    assert [round(end, 4) for end in told.ci_diff] == [0.0001, 0.0599]
    assert round(told.p_fisher, 3) == 0.058
    middling = compare(Sample(12, 150), Sample(21, 150))
    assert (round(middling.z, 3), round(middling.p_value, 3)) == (1.661, 0.097)
    small = compare(Sample(3, 20), Sample(8, 20))
    assert round(small.p_fisher, 3) == 0.155
    assert [round(end, 3) for end in small.wilson_b] == [0.219, 0.613]


@pytest.mark.parametrize(
    ("base", "other", "n"),
    [(0.05, 0.06, 8155), (0.10, 0.12, 3839), (0.05, 0.10, 432), (0.1, 0.2, 197), (0.25, 0.4, 150)],
)
def test_how_many_each_arm_needs(base, other, n):
    assert per_arm(base, other) == n


def test_what_a_group_of_some_size_can_tell():
    told = [round(100 * detectable(0.1, n), 1) for n in (50, 100, 150, 250, 500)]
    assert told == [32.0, 24.7, 21.7, 18.7, 15.9]
    assert detectable(0.9, 3) is None


def test_the_power_that_was_asked_for_is_there():
    for base, other in ((0.05, 0.08), (0.2, 0.3), (0.5, 0.55)):
        n = per_arm(base, other, power=0.9)
        power = power_proportions_2indep(other - base, base, n, alternative="two-sided").power
        assert isclose(power, 0.9, abs_tol=0.01)


def test_a_split_is_watched():
    assert round(split_p([520, 480]), 3) == 0.206
    assert round(split_p([560, 440]), 5) == 0.00015
    assert split_p([0, 0]) is None
    for counts in ([50, 70, 60], [10, 30, 20, 25], [5, 9, 9, 8, 30], [10, 20, 30, 40, 50, 60]):
        assert isclose(split_p(counts), stats.chisquare(counts).pvalue, rel_tol=1e-9)
    assert isclose(split_p([90, 30], [3, 1]), 1.0)


def test_tests_and_intervals_agree_with_scipy_and_statsmodels():
    for a, b in cases(500, seed=310):
        told = compare(a, b)
        exact = stats.fisher_exact([[a.x, a.n - a.x], [b.x, b.n - b.x]]).pvalue
        assert isclose(told.p_fisher, exact, rel_tol=1e-9, abs_tol=1e-12), (a, b)
        for sample, interval in ((a, told.wilson_a), (b, told.wilson_b)):
            assert interval == pytest.approx(proportion_confint(sample.x, sample.n, method="wilson"), abs=1e-9)
        if told.z is None:
            assert a.x + b.x in (0, a.n + b.n)
            continue
        z, p = proportions_ztest([b.x, a.x], [b.n, a.n])
        assert (told.z, told.p_z) == pytest.approx((z, p), abs=1e-9)
        wald = confint_proportions_2indep(b.x, b.n, a.x, a.n, method="wald")
        assert told.ci_diff == pytest.approx(wald, abs=1e-9), (a, b)


def test_the_chance_to_be_better_equals_exact_fractions():
    for a, b in cases(500, seed=311):
        if max(a.n, b.n) <= 150:
            assert isclose(compare(a, b).p_b_beats_a, float(chance(a, b)), rel_tol=1e-9, abs_tol=1e-12), (a, b)


@settings(max_examples=60)
@given(st.integers(0, 40), st.integers(1, 40), st.integers(0, 40), st.integers(1, 40))
def test_what_choosing_b_costs_is_the_mean_of_what_a_is_ahead(x, n, y, m):
    a, b = Sample(min(x, n), n), Sample(min(y, m), m)
    told, back = compare(a, b), compare(b, a)
    mean = (1 + b.x) / (2 + b.n) - (1 + a.x) / (2 + a.n)
    assert isclose(back.expected_loss - told.expected_loss, mean, abs_tol=1e-12)  # E[B − A] = E[B − A]⁺ − E[A − B]⁺
    assert isclose(told.p_b_beats_a + back.p_b_beats_a, 1, abs_tol=1e-12)
    assert isclose(fisher(a, b), fisher(b, a), rel_tol=1e-12)


def test_the_loss_equals_the_integral():
    for a, b in (
        (Sample(12, 150), Sample(21, 150)),
        (Sample(0, 3), Sample(2, 3)),
        (Sample(120, 1000), Sample(150, 1000)),
    ):
        of_a, of_b = stats.beta(1 + a.x, 1 + a.n - a.x), stats.beta(1 + b.x, 1 + b.n - b.x)
        steps = 200_000
        area = sum(
            of_a.sf([(i + 0.5) / steps for i in range(steps)]) * of_b.cdf([(i + 0.5) / steps for i in range(steps)])
        )
        assert isclose(compare(a, b).expected_loss, area / steps, rel_tol=1e-5, abs_tol=1e-9)  # fmt: skip


def test_large_arms_are_counted_too():
    told = compare(Sample(300_000, 1_000_000), Sample(301_000, 1_000_000))
    assert 0.93 < told.p_b_beats_a < 0.95
    assert compare(Sample(0, 1_000_000), Sample(1_000_000, 1_000_000)).p_b_beats_a == pytest.approx(1)


def test_empty_arms_say_nothing():
    told = compare(Sample(0, 0), Sample(3, 9))
    assert (told.p_a, told.z, told.p_value, told.p_b_beats_a, told.ci_diff, told.wilson_a) == (None,) * 6
    nobody = compare(Sample(0, 50), Sample(0, 60))
    assert (nobody.z, nobody.p_value, nobody.test) == (None, 1.0, "fisher")


@pytest.mark.parametrize("text", ["", "12", "13/12", "1/2/3", "-1/5", "1e3/5", "a/b", "5/99999999"])
def test_what_is_no_count_is_refused(text):
    with pytest.raises(BadInput):
        Sample.parse(text)


def test_counts_may_be_full_width():
    assert Sample.parse(" １２／１５０ ") == Sample(12, 150)


def test_members_fall_into_arms_the_same_way_every_time_and_evenly():
    arms = [arm_of(7, member, (1, 1)) for member in range(4000)]
    assert arms == [arm_of(7, member, (1, 1)) for member in range(4000)]
    assert split_p([arms.count(0), arms.count(1)]) > 0.001
    assert arms != [arm_of(8, member, (1, 1)) for member in range(4000)]
    three = [arm_of(7, member, (2, 1, 1)) for member in range(4000)]
    assert split_p([three.count(place) for place in range(3)], (2, 1, 1)) > 0.001


# --- the ladder -------------------------------------------------------------------------------------------------------


def test_a_wrong_split_comes_before_everything():
    told = judge(Sample(10, 560), Sample(90, 440), Plan(per_arm=100), BARS)
    assert (told.verdict, told.better) == ("split", None)
    assert "560" in str(told.reasons[0])


def test_looking_before_the_plan_is_met_says_too_few_and_that_it_misleads():
    told = judge(Sample(12, 150), Sample(51, 150), Plan(per_arm=197), BARS)
    assert (told.verdict, told.peeked) == ("too_few", True)
    assert judge(Sample(12, 150), Sample(51, 150), Plan(per_arm=150), BARS).verdict == "won"
    day = date(2026, 3, 20)
    early = judge(Sample(12, 150), Sample(51, 150), Plan(to_day=day, today=day), BARS)
    late = judge(Sample(12, 150), Sample(51, 150), Plan(to_day=day, today=date(2026, 3, 21)), BARS)
    assert (early.verdict, late.verdict, late.better) == ("too_few", "won", "b")


def test_without_a_plan_there_is_no_winner():
    told = judge(Sample(12, 150), Sample(51, 150), Plan(), BARS)
    assert (told.verdict, told.better, told.peeked) == ("leaning", "b", False)


def test_tests_that_disagree_are_borderline_and_make_no_winner():
    told = judge(Sample(120, 1000), Sample(150, 1000), Plan(per_arm=1000), BARS)
    assert (told.verdict, told.better, told.borderline) == ("leaning", "b", True)


def test_no_difference_and_a_lean_either_way():
    plan = Plan(per_arm=100)
    assert judge(Sample(30, 150), Sample(31, 150), plan, BARS).verdict == "no_difference"
    assert judge(Sample(12, 150), Sample(21, 150), plan, BARS).verdict == "leaning"
    assert judge(Sample(21, 150), Sample(12, 150), plan, BARS).better == "a"
    assert judge(Sample(51, 150), Sample(12, 150), plan, BARS).verdict == "won"


@settings(max_examples=80)
@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.integers(1, 300))
def test_a_winner_has_earned_it(x, n, y, m, planned):
    a, b = Sample(min(x, n), n), Sample(min(y, m), m)
    told = judge(a, b, Plan(per_arm=planned), BARS)
    if told.verdict == "won":
        assert min(a.n, b.n) >= planned
        assert max(told.comparison.p_z, told.comparison.p_fisher) < BARS.alpha
        assert (told.split_p or 1) >= BARS.split
        assert (told.comparison.p_b > told.comparison.p_a) == (told.better == "b")
