"""Streaks: the vectors of semantics 3.2, tables of cases, and a recount written another way."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain.cadence import Cadence
from qunguan.domain.checkins import (
    DONE,
    MAKEUP,
    PRESENT,
    STATES,
    Run,
    State,
    Terms,
    carried,
    newly_reached,
    runs,
    settled_on,
    standing,
    streak,
    unfounded,
)
from qunguan.domain.errors import BadInput
from qunguan.i18n import set_language

START = date(2026, 3, 2)  # a Monday
LETTERS: dict[str, State] = {"D": "done", "M": "makeup", "F": "frozen", "E": "excused"}


def told(text: str, start: date = START) -> dict[date, State]:
    """One letter a day from `start`; a dot is no record."""
    return {start + timedelta(n): LETTERS[letter] for n, letter in enumerate(text) if letter in LETTERS}


def terms(cadence: str = "daily", **fields) -> Terms:
    return Terms(Cadence.parse(cadence), fields.pop("first", START), **fields)


def day(n: int) -> date:
    """The nth day, counted from 1."""
    return START + timedelta(n - 1)


# -- the vectors of semantics 3.2

VECTOR = told("DDDDDFDMD", date(2026, 8, 1))
TODAY = date(2026, 8, 10)


def test_vector_today_still_open():
    assert streak(VECTOR, terms(first=date(2026, 8, 1)), TODAY) == 8


def test_vector_makeups_that_only_bridge():
    assert streak(VECTOR, terms(first=date(2026, 8, 1), makeup_counts=False), TODAY) == 7


def test_vector_yesterday_missed():
    records = dict(VECTOR)
    del records[date(2026, 8, 9)]
    before = standing(records, terms(first=date(2026, 8, 1)), date(2026, 8, 9))
    after = standing(records, terms(first=date(2026, 8, 1)), TODAY)
    assert (before.streak, before.best) == (7, 7)
    assert (after.streak, after.best) == (0, 7)


# -- days

CASES = [
    ("", 3, 0, 0, "no record at all"),
    ("D", 1, 1, 1, "the first day"),
    ("D", 2, 1, 1, "today is open"),
    ("D", 3, 0, 1, "yesterday was missed"),
    ("DD.D", 4, 1, 2, "a gap begins a new run"),
    ("FD", 2, 1, 1, "a freeze cannot start a run"),
    ("DF", 2, 1, 1, "nor end one"),
    ("DFFFFD", 6, 2, 2, "frozen days add nothing"),
    ("DEED", 4, 2, 2, "nor do excused ones"),
    ("DF", 3, 1, 1, "frozen yesterday, today open"),
    ("DF", 4, 0, 1, "a freeze lasts one day"),
    ("FFF", 3, 0, 0, "a freeze alone is no streak"),
    ("DM", 2, 2, 2, "a make-up counts"),
    ("DDDDDDD", 5, 5, 5, "as of a past day the later records are unknown"),
]


@pytest.mark.parametrize(("text", "as_of", "current", "best", "why"), CASES, ids=[case[-1] for case in CASES])
def test_daily(text, as_of, current, best, why):
    found = standing(told(text), terms(), day(as_of))
    assert (found.streak, found.best) == (current, best), why


def test_a_day_that_is_over_breaks_at_once():
    assert streak(told("DD"), terms(), day(3)) == 2
    assert streak(told("DD"), terms(), day(3), over=True) == 0


def test_runs_tell_where_they_begin_and_end():
    found = runs(told("FDDFD..MD"), terms())
    assert [(run.start, run.end, run.count) for run in found] == [(day(2), day(5), 3), (day(8), day(9), 2)]


def test_total_counts_without_continuity():
    assert standing(told("D.M.F.D"), terms(makeup_counts=False), day(7)).total == 3


def test_the_order_of_the_records_does_not_matter():
    records = dict(reversed(told("DDDFD").items()))
    assert standing(records, terms(), day(5)).streak == 4


# -- bounds


def test_records_outside_the_enrolment_do_not_count():
    assert standing(told("DDDD"), terms(first=day(3)), day(4)).best == 2
    assert standing(told("DDDD"), terms(last=day(2)), day(4)).total == 2


def test_a_challenge_that_is_over_keeps_its_last_streak():
    assert streak(told("DDD"), terms(last=day(3)), day(40)) == 3
    assert streak(told("DD"), terms(last=day(3)), day(40)) == 0
    assert streak(told("DD"), terms(last=day(3)), day(3)) == 2


def test_before_the_start_nothing_is_due():
    assert terms(first=day(5)).latest(day(4)) is None
    assert streak({}, terms(first=day(5)), day(4)) == 0


# -- weekdays


def test_days_that_are_not_due_neither_break_nor_count():
    working = terms("weekdays:135")
    assert streak(told("D.D.D"), working, day(7)) == 3
    assert streak(told("D.D.D"), working, day(8)) == 3  # Monday is open
    assert streak(told("D.D.D"), working, day(9)) == 0
    assert streak(told("DDDDD"), working, day(5)) == 3
    assert not working.due(day(2))


def test_weekday_missed():
    assert standing(told("D...D"), terms("weekdays:135"), day(5)).streak == 1


# -- N times a week


def test_a_week_counts_when_it_is_full():
    assert streak(told("D.D.D.."), terms("weekly:3"), day(7)) == 1
    assert streak(told("D.D...."), terms("weekly:3"), day(7)) == 0
    assert streak(told("DDDDDDD"), terms("weekly:3"), day(7)) == 1


def test_the_running_week_never_breaks():
    records = told("DDD....DD.....")
    assert streak(records, terms("weekly:3"), day(14)) == 1
    assert streak(records, terms("weekly:3"), day(14), over=True) == 0
    assert streak(records, terms("weekly:3"), day(15)) == 0


def test_a_frozen_week_bridges():
    records = told("DDD....D.F....DDD....")
    assert standing(records, terms("weekly:3"), day(21)).streak == 2


def test_a_week_made_full_by_makeups_that_do_not_count_bridges():
    records = told("DDD....DDM....DDD....")
    assert standing(records, terms("weekly:3"), day(21)).streak == 3
    assert standing(records, terms("weekly:3", makeup_counts=False), day(21)).streak == 2


def test_a_week_too_short_to_be_filled_is_not_due():
    late = terms("weekly:3", first=day(6))
    assert late.latest(day(7)) is None
    assert streak(told("DDD", day(8)), late, day(14)) == 1
    ends = terms("weekly:3", last=day(9))
    assert streak(told("DDD"), ends, day(30)) == 1


def test_a_week_is_settled_by_its_nth_record():
    records = told("D.F.MD.D")
    assert settled_on(START, records, terms("weekly:3")) == day(6)
    assert settled_on(day(3), records, terms()) == day(3)


# -- cadence


@pytest.mark.parametrize(("text", "canonical"), [("daily", "daily"), (" Weekdays:531 ", "weekdays:135"),
                                                 ("weekdays:1234567", "daily"), ("weekly：3", "weekly:3")])  # fmt: skip
def test_cadence_is_read(text, canonical):
    assert str(Cadence.parse(text)) == canonical


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("每天", "daily"), ("天天", "daily"), ("every day", "daily"), ("工作日", "weekdays:12345"),
        ("周末", "weekdays:67"),
        ("每周一三五", "weekdays:135"), ("周一、周三、周五", "weekdays:135"), ("星期一和星期天", "weekdays:17"),
        ("周一至周五", "weekdays:12345"), ("周一到三、六", "weekdays:1236"), ("周135", "weekdays:135"),
        ("Mon Wed Fri", "weekdays:135"), ("every Monday and Thursday", "weekdays:14"), ("weekdays", "weekdays:12345"),
        ("每周一", "weekdays:1"), ("每周一次", "weekly:1"), ("每周3次", "weekly:3"), (" 每周 ３ 次", "weekly:3"),
        ("一周两次", "weekly:2"), ("三次/周", "weekly:3"), ("3 times a week", "weekly:3"), ("once a week", "weekly:1"),
        ("daily", "daily"), ("weekdays：531", "weekdays:135"), ("weekly:3", "weekly:3"),
    ],
)  # fmt: skip
def test_a_rhythm_is_understood_as_people_say_it(text, canonical):
    assert str(Cadence.understand(text)) == canonical


@pytest.mark.parametrize(
    "text", ["", "隔天", "每周", "每周8次", "每周一打卡", "周八", "三五", "每月1次", "mon mornings", "35"]
)
def test_a_rhythm_that_is_none_is_refused(text):
    with pytest.raises(BadInput):
        Cadence.understand(text)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_rhythm_is_understood_as_it_is_said(language):
    every = ["daily", *(f"weekly:{n}" for n in range(1, 8))]
    every += ["weekdays:" + "".join(str(d) for d in range(1, 8) if 1 << d & mask) for mask in range(2, 254, 2)]
    set_language(language)
    try:
        assert [str(Cadence.understand(Cadence.parse(text).spoken())) for text in every] == every
    finally:
        set_language(None)


@pytest.mark.parametrize("text", ["", "hourly", "weekdays:", "weekdays:8", "weekly:0", "weekly:8", "weekly:12",
                                  "weekly", "daily:1", "weekdays:1a", "weekly:³"])  # fmt: skip
def test_what_is_no_cadence_is_refused(text):
    with pytest.raises(BadInput):
        Cadence.parse(text)


@pytest.mark.parametrize("text", ["daily", "weekdays:135", "weekdays:7", "weekdays:67", "weekly:2"])
def test_slots_follow_each_other(text):
    cadence = Cadence.parse(text)
    for n in range(1, 30):
        slot = cadence.slot(day(n))
        assert cadence.next(day(n)) > day(n)
        assert cadence.previous(day(n)) < day(n)
        if slot is not None:
            assert slot <= day(n) <= cadence.slot_end(slot)
            assert cadence.slot_at(cadence.place(day(n))) == slot
            assert cadence.next(cadence.previous(day(n))) == slot


# -- tiers


def run(first: int, last: int) -> Run:
    return Run(day(first), day(last), tuple(range(first, last + 1)))


def test_a_tier_is_reached_when_the_run_becomes_long_enough():
    assert newly_reached(7, [run(1, 6)], [run(1, 7)]) == (run(1, 7),)
    assert newly_reached(7, [run(1, 7)], [run(1, 8)]) == ()


def test_a_make_up_that_joins_or_lengthens_reaches_no_tier_twice():
    assert newly_reached(7, [run(1, 7), run(9, 12)], [run(1, 12)]) == ()
    assert newly_reached(7, [run(5, 11)], [run(1, 11)]) == ()
    assert newly_reached(7, [run(1, 4), run(6, 9)], [run(1, 9)]) == (run(1, 9),)


def test_a_second_run_reaches_the_tier_again():
    assert newly_reached(7, [run(1, 7), run(9, 14)], [run(1, 7), run(9, 15)]) == (run(9, 15),)


def test_an_award_falls_when_its_run_is_broken():
    broken = [run(1, 3), run(5, 8)]
    assert unfounded(7, [day(1)], broken, broken) == (day(1),)


def test_an_award_stands_on_what_is_left_of_its_run():
    rest = [run(1, 3), run(5, 20)]
    assert unfounded(7, [day(1)], rest, rest) == ()


def test_an_award_does_not_stand_on_a_run_that_has_its_own():
    rest = [run(1, 3), run(5, 8), run(30, 40)]
    assert unfounded(7, [day(1), day(30)], rest, rest) == (day(1),)


def test_an_award_does_not_stand_on_a_run_that_earns_nothing():
    rest = [run(1, 3), run(30, 40)]
    assert unfounded(7, [day(1)], rest, [run(1, 3)]) == (day(1),)


# -- the recount


def recount(records: dict[date, State], rule: Terms, as_of: date) -> tuple[int, int, int]:
    """Streak, best and total told another way: one letter per slot, then patterns over the string."""
    inside = {d: s for d, s in records.items() if rule.first <= d <= min(as_of, rule.last or as_of)}
    total = sum(state in PRESENT for state in inside.values())
    line, n = "", rule.first
    stop = min(as_of, rule.last or as_of)
    if rule.cadence.times:
        n -= timedelta(days=n.weekday())
        while n <= stop:
            week = [n + timedelta(days=i) for i in range(7)]
            room = [d for d in week if d >= rule.first and (rule.last is None or d <= rule.last)]
            got = [inside[d] for d in week if d in inside]
            full = sum(s == DONE or (s == MAKEUP and rule.makeup_counts) for s in got)
            if full >= rule.cadence.times:
                line += "x"
            elif sum(s in PRESENT for s in got) >= rule.cadence.times or any(s not in PRESENT for s in got):
                line += "~"
            elif room[-1] >= as_of and len(room) >= rule.cadence.times:
                line += "?"
            elif len(room) >= rule.cadence.times:
                line += "."
            n += timedelta(days=7)
    else:
        while n <= stop:
            if n.isoweekday() in rule.cadence.weekdays:
                state = inside.get(n)
                counts = state == DONE or (state == MAKEUP and rule.makeup_counts)
                line += "x" if counts else "~" if state else "?" if n == as_of else "."
            n += timedelta(days=1)
    line = line.rstrip("?")
    assert "?" not in line
    tail = re.search(r"[x~]*$", line)
    best = max((part.count("x") for part in line.split(".")), default=0)
    return (tail.group().count("x") if tail else 0), best, total


@st.composite
def situations(draw):
    cadence = draw(st.sampled_from(["daily", "weekdays:135", "weekdays:67", "weekdays:4", "weekly:1", "weekly:3"]))
    first = draw(st.integers(1, 12))
    last = draw(st.none() | st.integers(first, 45))
    letters = draw(st.text("DDDDMFE.", max_size=40))
    rule = terms(cadence, first=day(first), last=last and day(last), makeup_counts=draw(st.booleans()))
    return told(letters), rule, day(draw(st.integers(1, 50)))


@settings(max_examples=400, deadline=None)
@given(situations())
def test_streaks_equal_a_recount(situation):
    records, rule, as_of = situation
    found = standing(records, rule, as_of)
    assert (found.streak, found.best, found.total) == recount(records, rule, as_of)
    counted = runs(records, rule, as_of)
    assert max((each.count for each in counted), default=0) == found.best


@settings(max_examples=200, deadline=None)
@given(situations())
def test_a_stored_streak_carried_on_equals_the_rows(situation):
    records, rule, as_of = situation
    inside = [d for d in records if rule.first <= d and (rule.last is None or d <= rule.last)]
    if rule.cadence.times or (inside and max(inside) > as_of):
        return
    last = max(inside, default=None)
    stored = standing(records, rule, last).streak if last else 0
    for over in (False, True):
        assert carried(stored, last, rule, as_of, over=over) == streak(records, rule, as_of, over=over)


def test_every_state_is_known():
    assert set(STATES) == set(LETTERS.values())
