"""The mix of content: the vectors of semantics 3.14, exact at the band, and what to add next."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain.content import kind_typed, mix_presets
from qunguan.domain.content_mix import (
    KINDS,
    Kind,
    MixPreset,
    Terms,
    distance,
    measured,
    own_weights,
    percent,
    suggested,
    too_far,
)
from qunguan.domain.errors import BadInput

A, B = mix_presets()["60/30/10"], mix_presets()["3:2:1"]
TERMS = Terms(10, 10, 28)
DAYS = (date(2026, 2, 21), date(2026, 3, 20), date(2026, 3, 22))
COUNTS = st.fixed_dictionaries({kind: st.integers(0, 60) for kind in KINDS})
WEIGHTS = st.tuples(*[st.integers(0, 100)] * 3).filter(any)


def counts(value: int, interactive: int, benefit: int) -> dict[Kind, int]:
    return {"value": value, "interactive": interactive, "benefit": benefit}


def test_weights_are_shares_of_their_sum():
    assert [percent(A.target[kind]) for kind in KINDS] == ["60", "30", "10"]
    assert [percent(B.target[kind]) for kind in KINDS] == ["50", "33.3", "16.7"]
    assert B.raw.startswith("3:2:1")
    assert B.called("benefit") != A.called("benefit")
    with pytest.raises(BadInput, match="0"):
        own_weights((0, 0, 0))


@pytest.mark.parametrize(
    ("posts", "off"),
    [
        (counts(6, 3, 1), []),
        (counts(5, 3, 2), []),  # just ten points off is not more than ten
        (counts(10, 5, 5), ["benefit"]),  # 25 %: fifteen more; 50 and 25 are within ten
        (counts(4, 3, 2), []),  # nine posts are judged by nobody
        (counts(49, 30, 21), ["value", "benefit"]),
        (counts(0, 0, 9), []),
        (counts(0, 0, 10), ["value", "interactive", "benefit"]),
    ],
)
def test_more_than_ten_points_from_ten_posts_on(posts, off):
    assert list(too_far(posts, A.target, TERMS)) == off
    found = measured(A, posts, posts, TERMS, DAYS)
    assert list(found.off) == off
    assert len(found.warnings) == len(off)


def test_posted_is_actual_and_planned_is_forecast():
    found = measured(A, counts(6, 3, 1), counts(6, 3, 5), TERMS, DAYS)
    assert found.actual == pytest.approx({"value": 0.6, "interactive": 0.3, "benefit": 0.1})
    assert found.forecast == pytest.approx({"value": 6 / 14, "interactive": 3 / 14, "benefit": 5 / 14})
    assert (found.posted, found.n) == (10, 14)
    assert found.deviation is not None
    assert found.deviation["benefit"] == pytest.approx(5 / 14 - 0.1)
    assert found.off == ("value", "benefit")
    assert found.suggestion == "value"
    empty = measured(A, counts(0, 0, 0), counts(0, 0, 0), TERMS, DAYS)
    assert (empty.actual, empty.forecast, empty.deviation, empty.warnings) == (None, None, None, ())
    assert empty.suggestion == "value"


def test_what_rests_is_not_suggested():
    assert suggested(counts(6, 4, 0), A.target) == "benefit"
    assert suggested(counts(6, 4, 0), A.target, ["benefit"]) == "value"


@settings(max_examples=60, deadline=None)
@given(COUNTS, WEIGHTS)
def test_the_suggestion_leaves_the_least_distance(posts, weights):
    preset = MixPreset("own", weights, "plain", "", "own choice")
    best = suggested(posts, preset.target)

    def off(kind):  # an oracle of its own: over plain numbers
        n = sum(posts.values()) + 1
        return sum(abs(Fraction(posts[each] + (each == kind), n) - Fraction(weights[i], sum(weights)))
                   for i, each in enumerate(KINDS))  # fmt: skip

    assert off(best) == min(map(off, KINDS))


@settings(max_examples=60, deadline=None)
@given(COUNTS, WEIGHTS)
def test_shares_add_up_and_distance_is_bounded(posts, weights):
    preset = MixPreset("own", weights, "plain", "", "own choice")
    found = measured(preset, posts, posts, TERMS, DAYS)
    assert sum(found.target.values()) == pytest.approx(1)
    assert 0 <= distance(posts, preset.target) <= 2
    if found.forecast and found.deviation:
        assert sum(found.forecast.values()) == pytest.approx(1)
        assert sum(found.deviation.values()) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("text", "kind"), [
    ("价值", "value"), ("干货", "value"), ("互动", "interactive"),
    ("促销", "benefit"), ("利益", "benefit"), ("BENEFIT", "benefit"),
])  # fmt: skip
def test_kinds_by_any_of_their_names(text, kind):
    assert kind_typed(text) == kind


def test_an_unknown_kind():
    with pytest.raises(BadInput):
        kind_typed("水贴")
