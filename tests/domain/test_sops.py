"""The words of SOPs: the shipped ones, what is typed for days, hats and triggers, what comes next."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain import sops, tasks
from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.scripts import PLACES
from qunguan.domain.sops import Run, Sop, Span, Step
from qunguan.i18n import set_language

DAY = date(2026, 3, 20)


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


@pytest.mark.parametrize("told", sops.presets().values(), ids=lambda told: told.id)
def test_every_shipped_step_is_whole_and_has_a_text(told):
    assert all((told.name, told.about, told.source))
    assert told.steps == tuple(sops.checked(told.trigger, step) for step in told.steps)
    assert all(step.text and step.source for step in told.steps)
    assert list(told.steps) == sorted(told.steps, key=lambda step: (step.day, step.at_minute or 0))
    asked = {place for step in told.steps for place in tasks.places(step.text)}
    assert asked <= PLACES.keys(), "a place is asked for by what belongs there"
    personal = told.trigger in sops.PERSONAL
    assert all("{nick}" in step.text for step in told.steps if personal)
    assert not [step.title for step in told.steps if not personal and not step.private and "{nick}" in step.text]


def test_the_four_hats_are_all_worn():
    assert {step.hat for told in sops.presets().values() for step in told.steps} == set(tasks.HATS)


def test_presets_are_found_by_id_and_name():
    assert sops.preset("daily") is sops.preset("每日时间表")
    with pytest.raises(NotFound, match="welcome"):
        sops.preset("没有")


@pytest.mark.parametrize(
    ("trigger", "text", "day"),
    [("daily", "", 0), ("weekly", "3", 3), ("weekly", "周三", 3), ("weekly", "星期天", 7), ("join", "", 0),
     ("hand", "-3", -3), ("hand", "－3", -3), ("birthday", "+1", 1)],
)  # fmt: skip
def test_days_as_they_are_typed(trigger, text, day):
    assert sops.typed_day(trigger, text) == day


@pytest.mark.parametrize(
    ("trigger", "step"),
    [("weekly", Step(0, None, "x", "owner")), ("weekly", Step(8, None, "x", "owner")),
     ("daily", Step(1, None, "x", "owner")), ("join", Step(-1, None, "x", "owner")),
     ("hand", Step(400, None, "x", "owner")), ("hand", Step(0, None, " ", "owner")),
     ("hand", Step(0, None, "x", "owner", text="x" * 20_001))],
)  # fmt: skip
def test_steps_that_cannot_be(trigger, step):
    with pytest.raises(BadInput):
        sops.checked(trigger, step)


def test_words_nobody_knows():
    for wrong in (lambda: sops.typed_day("hand", "明天"), lambda: sops.typed_day("daily", "3"),
                  lambda: sops.typed_day("weekly", ""), lambda: sops.typed_trigger("luck"),
                  lambda: tasks.typed_hat("boss")):  # fmt: skip
        with pytest.raises(BadInput):
            wrong()
    assert (sops.typed_trigger("every week"), tasks.typed_hat("writer")) == ("weekly", "content")


@given(
    st.sampled_from(["weekly", "daily", "hand"]),
    st.lists(st.integers(0, 40), max_size=4, unique=True),
    st.lists(st.integers(-5, 9), min_size=1, max_size=3),
)
@settings(max_examples=60)
def test_what_is_due_is_what_a_calendar_says(trigger, switches, days):
    """Spans, steps and runs against a day-by-day reckoning of its own."""
    marks = sorted(DAY + timedelta(days=number) for number in switches)
    spans = tuple(Span(*marks[place : place + 2]) for place in range(0, len(marks), 2))
    steps = tuple(
        Step((each % 7 + 1) if trigger == "weekly" else 0 if trigger == "daily" else each, None, "x", "owner", id=place,
             from_day=DAY + timedelta(days=5))
        for place, each in enumerate(days, 1)
    )  # fmt: skip
    runs = (Run(1, 1, 1, None, DAY + timedelta(days=12), DAY + timedelta(days=8)),) if trigger == "hand" else ()
    sop = Sop(1, 1, "x", trigger, steps=steps, spans=spans, runs=runs)
    window = [DAY + timedelta(days=number) for number in range(45)]
    expected = []
    for day in window:
        on = sum(each <= day for each in marks) % 2 == 1
        for step in steps:
            by_hand = day == DAY + timedelta(days=12 + step.day) and day >= DAY + timedelta(days=8)
            hit = {"daily": True, "weekly": step.day == day.isoweekday(), "hand": by_hand}[trigger]
            if on and hit and day >= DAY + timedelta(days=5):
                expected.append((day, step.id))
    found = [(one.day, one.step.id) for one in sops.due(sop, window)]
    assert found == expected
    if found:
        coming = sops.next_due(sop, window[0], 44)
        assert coming is not None
        assert coming.day == found[0][0]
