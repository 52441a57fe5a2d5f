"""The streak told slot by slot ends where the streak is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain.checkin_trail import trail_lines
from qunguan.domain.checkins import STATES, streak
from tests.domain.test_checkins import START, day, terms, told

CADENCES = ("daily", "weekdays:135", "weekly:1", "weekly:3")


def effects(text: str, until: int, **options) -> str:
    lines = trail_lines(told(text), terms(**options), day(until))
    return " ".join(f"{line.effect}{line.run}" for line in lines)


def test_each_slot_says_what_it_did():
    assert effects("DDFM.D.", 7) == "counts1 counts2 bridges2 counts3 broken0 counts1 open1"


def test_missed_where_no_run_was():
    assert effects("..D", 3) == "missed0 missed0 counts1"


def test_before_the_first_slot_there_is_nothing():
    assert trail_lines({}, terms(), START - timedelta(1)) == ()


def test_a_week_tells_how_many_lie_in_it():
    lines = trail_lines(told("D.D.D..D"), terms("weekly:3"), day(9))
    assert [(line.present, line.effect, line.run) for line in lines] == [(3, "counts", 1), (1, "open", 1)]


@pytest.mark.parametrize("cadence", CADENCES)
@settings(max_examples=60, deadline=None)
@given(
    states=st.lists(st.sampled_from([*STATES, None]), max_size=40),
    first=st.integers(0, 6),
    until=st.integers(0, 45),
    over=st.booleans(),
    counts=st.booleans(),
)
def test_the_last_slot_has_the_streak(cadence, states, first, until, over, counts):
    records = {START + timedelta(n): state for n, state in enumerate(states) if state}
    judged = terms(cadence, first=START + timedelta(first), makeup_counts=counts)
    lines = trail_lines(records, judged, START + timedelta(until), over=over)
    as_of: date = START + timedelta(until)
    assert (lines[-1].run if lines else 0) == streak(records, judged, as_of, over=over)
