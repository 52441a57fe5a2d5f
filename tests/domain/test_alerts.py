"""The alert engine: its vector, each kind at its edge, and everything against a plain re-telling of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain.alert_words import SEVERITIES, SUGGESTIONS, TITLES
from qunguan.domain.alerts import Note, Reading, Terms, find, firings, judge, shipped, state_of
from qunguan.domain.errors import NotFound
from qunguan.domain.rules import presets

DAY0 = date(2026, 3, 2)  # a Monday


def day(number: int) -> date:
    return DAY0 + timedelta(days=number)


def series(*values, n=None):
    """Readings of the days from DAY0 on; None is unknown."""
    return {day(place): Reading(value, n) for place, value in enumerate(values) if value is not None}


QUIET = Terms("consecutive", "<", 50, days=3, rest=0, fresh=3)


class TestVector:
    def test_three_days_under_fifty_fire_on_the_fifth_only(self):
        told = series(49, 50, 49, 48, 47)
        assert [judge(QUIET, told, day(n)).fired for n in range(5)] == [None, False, False, False, True]
        (fired,) = firings(QUIET, told, day(0), day(4))
        assert (fired.fired_on, fired.first.first, fired.last.value) == (day(4), day(2), 47)

    def test_an_unknown_day_never_fires_and_a_known_one_that_does_not_fit_settles_it(self):
        assert judge(QUIET, series(10, None, 10), day(2)).fired is None
        assert judge(QUIET, series(10, None, 60), day(2)).fired is False
        assert judge(QUIET, {}, day(2)).finding == "unknown"


class TestKinds:
    @pytest.mark.parametrize(
        ("op", "value", "fires"), [(">", 8, False), (">", 8.1, True), (">=", 8, True), ("<", 8, False), ("<=", 8, True)]
    )
    def test_the_bar_itself(self, op, value, fires):
        assert judge(Terms("abs", op, 8), series(value), day(0)).fired is fires

    def test_a_small_base_says_nothing(self):
        terms = Terms("abs", ">", 0.08, min_base=10)
        assert judge(terms, series(0.5, n=9), day(0)).finding == "small"
        assert judge(terms, series(0.5, n=10), day(0)).fired

    def test_equal_shares_are_equal(self):
        for whole in range(25, 2000, 25):
            told = {day(0): Reading(2 * (whole // 25) / whole, whole)}
            assert not judge(Terms("abs", ">", 8 / 100), told, day(0)).fired, whole

    def test_growth_needs_both_windows(self):
        terms = Terms("pct", ">=", 0.3, window=2, min_count=3)
        assert judge(terms, series(10, 10, 13, 13), day(3)).fired
        assert judge(terms, series(10, 10, 12, 12), day(3)).fired is False
        assert judge(terms, series(10, None, 13, 13), day(3)).fired is None
        assert judge(terms, series(1, 1, 2, 2), day(3)).finding == "small"

    def test_from_nothing_it_is_new_and_must_be_enough(self):
        terms = Terms("pct", ">=", 0.3, min_count=3)
        assert judge(terms, series(0, 2), day(1)).fired is False
        assert judge(terms, series(0, 3), day(1)).finding == "new"
        assert judge(terms, series(0, 0), day(1)).fired is False
        assert judge(Terms("pct", "<", -0.3), series(0, 5), day(1)).fired is False

    def test_change(self):
        assert judge(Terms("delta", ">", 4), series(10, 15), day(1)).fired
        assert not judge(Terms("delta", ">", 5), series(10, 15), day(1)).fired

    def test_slump_compares_seven_days_after_with_seven_before(self):
        terms = Terms("slump", "<", 0.6, window=7, watch=28)
        before, event = [100] * 7, [900]
        told = series(*before, *event, *[60] * 7)
        assert judge(terms, told, day(14), [day(7)]).fired is False
        told = series(*before, *event, *[60] * 6, 59)
        verdict = judge(terms, told, day(14), [day(7)])
        assert (verdict.fired, verdict.before) == (True, 100)
        assert judge(terms, told, day(13), [day(7)]).finding == "no event"
        assert judge(terms, told, day(14), [day(8)]).finding == "no event"
        assert judge(terms, series(*[None] * 3, *told_values(told)[3:]), day(14), [day(7)]).fired is None
        assert judge(terms, series(*[0] * 7, 9, *[0] * 7), day(14), [day(7)]).finding == "small"


def told_values(told):
    return [told[key].value for key in sorted(told)]


class TestFirings:
    TERMS = Terms("abs", "<", 50, rest=4, fresh=2)

    def test_it_recovers_on_the_first_day_that_does_not_fit(self):
        (fired,) = firings(self.TERMS, series(10, 10, 60), day(0), day(2))
        assert (fired.fired_on, fired.until, fired.recovered_on) == (day(0), day(1), day(2))

    def test_within_its_rest_it_is_the_same_one(self):
        (fired,) = firings(self.TERMS, series(10, 60, 60, 60, 10), day(0), day(4))
        assert (fired.fired_on, fired.until, fired.recovered_on) == (day(0), day(4), None)
        assert len(firings(self.TERMS, series(10, 60, 60, 60, 60, 10), day(0), day(5))) == 2

    def test_it_outlives_a_few_unknown_days_and_fades_after_them(self):
        (fired,) = firings(self.TERMS, series(10, None, None), day(0), day(2))
        assert not fired.faded
        (fired,) = firings(self.TERMS, series(10, None, None, None), day(0), day(3))
        assert (fired.faded, fired.recovered_on) == (True, None)

    def test_where_it_stands(self):
        (fired,) = firings(self.TERMS, series(60, 10, 10), day(0), day(2))
        assert state_of(fired, []) == ("fired", "")
        known = Note("known", day(1), day(1), "看到了")
        assert state_of(fired, [known]) == ("known", "看到了")
        assert state_of(fired, [known, Note("handling", day(1), day(2))]) == ("handling", "看到了")
        assert state_of(fired, [Note("closed", day(-9), day(0))]) == ("fired", "")
        (over,) = firings(self.TERMS, series(10, 60), day(0), day(1))
        assert state_of(over, [Note("known", day(0), day(0))])[0] == "recovered"


values = st.lists(st.one_of(st.none(), st.integers(0, 12)), min_size=1, max_size=30)
kinds = st.builds(
    Terms,
    kind=st.sampled_from(["abs", "delta", "pct", "consecutive"]),
    op=st.sampled_from(["<", "<=", ">", ">="]),
    threshold=st.sampled_from([-0.5, 0, 0.3, 3, 6]),
    window=st.integers(1, 4),
    days=st.integers(1, 4),
    min_base=st.integers(0, 3),
    min_count=st.integers(0, 3),
    rest=st.integers(0, 5),
    fresh=st.integers(0, 3),
)


def naive(terms, told, number):
    """The same question asked of a list: True, False, or None for unknown."""
    at = lambda place: told[place] if 0 <= place < len(told) else None  # noqa: E731
    fits = {
        "<": lambda a: a < terms.threshold, "<=": lambda a: a <= terms.threshold,
        ">": lambda a: a > terms.threshold, ">=": lambda a: a >= terms.threshold,
    }[terms.op]  # fmt: skip
    if terms.kind == "consecutive":
        row = [at(number - back) for back in range(terms.days)]
        if False in [fits(value) for value in row if value is not None]:
            return False
        return None if None in row else True
    now, before = at(number), at(number - terms.window)
    if now is None or (terms.kind != "abs" and before is None):
        return None
    if terms.kind == "abs":
        return fits(now) and now >= terms.min_count
    if terms.kind == "pct" and before == 0:
        return terms.op in (">", ">=") and now > 0 and now >= terms.min_count
    change = now - before if terms.kind == "delta" else (now - before) / before
    return fits(change) and before >= terms.min_base and now >= terms.min_count


@settings(max_examples=300)
@given(kinds, values)
def test_every_day_against_a_plain_telling(terms, told):
    known = series(*told)
    for number in range(len(told)):
        assert judge(terms, known, day(number)).fired is naive(terms, told, number)


@settings(max_examples=300)
@given(kinds, values)
def test_the_story_of_all_days_against_a_plain_telling(terms, told):
    story: list[list[Any]] = []  # [fired_on, last day seen to fire, how it ended]
    open_ = False
    for number in range(len(told)):
        fired = naive(terms, told, number)
        if fired and (open_ or (story and number - story[-1][0] <= terms.rest)):
            story[-1][1:], open_ = [number, "open"], True
        elif fired:
            story.append([number, number, "open"])
            open_ = True
        elif open_ and fired is False:
            story[-1][2], open_ = f"over {number}", False
        elif open_ and number - story[-1][1] > terms.fresh:
            story[-1][2], open_ = "faded", False
    found = firings(terms, series(*told), day(0), day(len(told) - 1))
    ended = [
        f"over {(each.recovered_on - DAY0).days}" if each.recovered_on else "faded" if each.faded else "open"
        for each in found
    ]
    assert [
        [(each.fired_on - DAY0).days, (each.until - DAY0).days, end] for each, end in zip(found, ended, strict=True)
    ] == story


class TestShipped:
    def test_every_number_is_a_rule_that_is_shipped(self):
        for alert in shipped().values():
            for rule_id in (alert.threshold, alert.window, alert.days, alert.min_base, alert.min_count, alert.watch):
                assert not rule_id or rule_id in presets(), (alert.id, rule_id)
            assert alert.id in TITLES
            assert alert.id in SUGGESTIONS
            assert alert.severity in SEVERITIES

    def test_words_are_of_alerts_that_are_shipped(self):
        assert TITLES.keys() == SUGGESTIONS.keys() == shipped().keys()

    def test_the_sources_of_the_shipped_set(self):
        sources = {code for alert in shipped().values() for code in presets()[alert.threshold].source.split(", ")}
        wanted = {
            "S4-25", "S4-29", "S4-30", "S0-36", "S4-24", "S4-39", "S4-08", "S3-31", "S3-44", "S4-11", "S2-22", "S4-05",
            "S4-01",
        }  # fmt: skip
        assert wanted <= sources

    def test_nobody_ships_it(self):
        with pytest.raises(NotFound):
            find("nonsense")
