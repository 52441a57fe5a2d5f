"""RFM scores: bars, fifths with their ties, and what combinations are called."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunguan.domain import rfm_scores as scoring
from qunguan.domain.rfm import outside, segment_of, segments, service_of

FREQUENCY, MONEY, DAYS = {2: 2, 3: 3, 4: 4, 9: 5}, {500: 3, 1000: 4, 5000: 5}, {7: 5, 30: 4, 60: 3, 90: 2}


@pytest.mark.parametrize(
    ("days", "score"), [(0, 5), (7, 5), (8, 4), (30, 4), (31, 3), (60, 3), (61, 2), (90, 2), (91, 1), (9999, 1)]
)
def test_recency_has_its_bars_inside(days, score):
    assert scoring.scores([-days], scoring.of_days(DAYS)) == bytes([score])


@pytest.mark.parametrize(("times", "score"), [(0, 1), (1, 1), (2, 2), (3, 3), (4, 4), (8, 4), (9, 5), (99, 5)])
def test_frequency(times, score):
    assert scoring.scores([times], scoring.upwards(FREQUENCY)) == bytes([score])


@pytest.mark.parametrize(
    ("fen", "score"),
    [(0, 1), (1, 2), (49_999, 2), (50_000, 3), (99_999, 3), (100_000, 4), (499_999, 4), (500_000, 5)],
)
def test_money(fen, score):
    assert scoring.scores([fen], scoring.of_money(MONEY)) == bytes([score])


def test_bars_that_skip_scores():
    assert [*scoring.scores([9, 10], scoring.upwards({10: 5}))] == [1, 5]
    assert [*scoring.scores([-3, -4], scoring.of_days({3: 4}))] == [4, 1]
    assert [*scoring.scores([10**9], scoring.upwards({}))] == [1]


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=200))
def test_fifths_are_the_share_of_who_is_worse(values):
    bars = scoring.fifths(values, 1)
    assert bars is not None
    for value, score in zip(values, scoring.scores(values, bars), strict=True):
        assert score == 1 + 5 * sum(other < value for other in values) // len(values)


def test_fifths_need_different_values():
    assert scoring.fifths([1, 1, 2, 2, 3, 4] * 10, 5) is None
    assert scoring.fifths([], 5) is None
    assert scoring.fifths([1, 2, 3, 4, 5], 5) == (2, 3, 4, 5)


def test_every_combination_has_one_name_and_the_rest_is_other():
    assert segments()[-1].id == "other"
    assert len({each.id for each in segments()}) == len({each.name for each in segments()}) == len(segments())
    assert all(each.service for each in segments())
    assert outside() not in {each.name for each in segments()}
    assert {segment_of(*each).id for each in product(range(1, 6), range(1, 6), range(1, 6), (1, 2))} == {
        each.id for each in segments() if each.id != "other"
    }
    assert segments()[-1].holds(1, 1, 1, 1)


def test_the_first_segment_that_fits():
    assert segment_of(5, 5, 5, 9).id == "champion"
    assert segment_of(4, 1, 4, 1).id == "newcomer"
    assert segment_of(4, 1, 4, 3).id == "big_spender"
    assert segment_of(1, 1, 5, 3).id == "win_back"
    assert service_of("冠军")
    assert service_of("谁") == ""
