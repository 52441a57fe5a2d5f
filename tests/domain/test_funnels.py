"""Funnels: against a loop that is as slow as it is plain, and the edges of days and windows."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.funnels import Step, parse_step, parse_steps, preset, presets, returns, run
from qunguan.domain.orders import Rate

START = date(2026, 3, 1)


def on(number: int) -> date:
    return START + timedelta(days=number)


def done(**people: list[int]):
    return {int(who[1:]): [on(number) for number in sorted(days)] for who, days in people.items()}


STEPS = parse_steps("joined,checkin,order")


def test_the_steps_are_in_order_and_in_time():
    found = run(
        STEPS,
        [done(m1=[0], m2=[0], m3=[5], m4=[40]), done(m1=[0, 3], m2=[15], m3=[4]), done(m1=[2, 14], m3=[6])],
        on(0), on(30), 14, on(30),
    )  # fmt: skip
    first, second, third = found.steps
    assert (first.n, second.n, third.n) == (3, 1, 1)
    assert (second.rate, third.rate) == (Rate(1 / 3, 3), Rate(1.0, 1))
    assert (second.median_days, third.median_days) == (0, 2)
    assert (third.cumulative, found.open) == (Rate(1 / 3, 3), 0)


def test_the_last_day_of_the_window_counts_and_the_next_does_not():
    for last, reached in ((14, 1), (15, 0)):
        found = run(STEPS, [done(m1=[0]), done(m1=[last]), done()], on(0), on(0), 14, on(60))
        assert found.steps[1].n == reached


def test_a_step_nobody_knows_is_passed_over():
    found = run(STEPS, [done(m1=[0], m2=[0]), None, done(m1=[2])], on(0), on(1), 14, on(30))
    assert [step.n for step in found.steps] == [2, None, 1]
    assert (found.steps[1].rate, found.steps[1].cumulative) == (None, None)
    assert found.steps[2].rate == Rate(0.5, 2)


def test_what_comes_later_has_not_happened():
    found = run(STEPS, [done(m1=[0]), done(m1=[9]), done()], on(0), on(0), 14, on(8))
    assert ([step.n for step in found.steps], found.open) == ([1, 0, 0], 1)
    nobody = run(STEPS, [done(), done(), done()], on(0), on(0), 14, on(8))
    assert [step.rate for step in nobody.steps] == [None, None, None]


DAYS = st.dictionaries(st.integers(1, 6), st.lists(st.integers(0, 20), min_size=1, max_size=5), max_size=6)


@given(st.lists(DAYS, min_size=3, max_size=3), st.integers(1, 15), st.integers(0, 20), st.integers(0, 25))
def test_as_a_plain_loop_says(told, window, last, today):
    days = [{who: sorted(on(n) for n in set(own)) for who, own in each.items()} for each in told]
    found = run(STEPS, days, on(3), on(last), window, on(today))
    at: dict[int, list[date]] = {}
    for who, own in days[0].items():
        inside = [day for day in own if on(3) <= day <= on(last)]
        if inside:
            at[who] = [inside[0]]
            for later in days[1:]:
                fits = [
                    d for d in later.get(who, []) if at[who][-1] <= d <= min(on(today), inside[0] + timedelta(window))
                ]
                if not fits:
                    break
                at[who].append(fits[0])
    for place, step in enumerate(found.steps):
        through = [path for path in at.values() if len(path) > place]
        assert step.n == len(through)
        if place and through:
            assert step.median_days == median((path[place] - path[0]).days for path in through)


def test_steps_as_they_are_typed():
    assert parse_steps("joined， order:面膜 ,tag:问卷").steps == (
        Step("joined"), Step("order", "面膜"), Step("tag", "问卷"),
    )  # fmt: skip
    for bad in ("joined", "joined,flown", "tag:问卷,order", "joined,tag", "joined,spoke:hm", ",".join(["order"] * 13)):
        with pytest.raises(BadInput):
            parse_steps(bad)
    assert parse_step("Order：面膜").written == "order:面膜"


def test_shipped_funnels():
    assert all(each.steps and each.source and each.name for each in presets().values())
    assert preset("五大模块").source == "S2-15"
    with pytest.raises(NotFound):
        preset("六大模块")


def test_who_came_back():
    assert returns([on(0), on(1), on(31), on(32)], 30) == [on(31)]
    assert returns([on(0)], 1) == []
