"""Days that come again: written, in words, and when they fall."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain.errors import BadInput
from qunguan.domain.members import Birthday, next_birthday
from qunguan.domain.recurrence import Recurrence


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("每月8日", "monthly:8"), ("每月 8 号", "monthly:8"), ("每个月三十一日", "monthly:31"), ("月末", "monthly:31"),
        ("每月最后一天", "monthly:31"), ("每周五", "weekly:5"), ("星期天", "weekly:7"), ("每个礼拜日", "weekly:7"),
        ("11-11", "yearly:11-11"), ("１１/１１", "yearly:11-11"), ("每年11月11日", "yearly:11-11"),
        ("三月八号", "yearly:3-8"), ("5月第二个周日", "nth:5-2-7"), ("每年六月第三个星期天", "nth:6-3-7"),
        ("11月最后一个周五", "nth:11-5-5"), ("农历正月初一", "lunar:1-1"), ("正月十五", "lunar:1-15"),
        ("农历8-15", "lunar:8-15"),
        ("阴历八月十五", "lunar:8-15"), ("腊月廿三", "lunar:12-23"), ("除夕", "lunar:12-30"),
        ("2026-03-08", "once:2026-03-08"), ("2026年3月8日", "once:2026-03-08"), ("MONTHLY:8", "monthly:8"),
    ],
)  # fmt: skip
def test_words_people_write(text, written):
    assert str(Recurrence.parse(text)) == written
    assert str(Recurrence.parse(written)) == written
    assert Recurrence.parse(text).text()


@pytest.mark.parametrize(
    "text",
    ["", "8", "每月", "每月32日", "每月0日", "2-30", "13-1", "周八", "weekly:8", "农历13-1", "农历正月三十一",
     "lunar:1", "once:2026-02-29", "1066-10-14", "foo:1", "nth:5-6-7", "monthly:8-8", "每天"],
)  # fmt: skip
def test_what_is_no_such_day_is_refused(text):
    with pytest.raises(BadInput):
        Recurrence.parse(text)


def test_days_29_to_31_fall_on_the_last_day_of_a_shorter_month():
    """C22."""
    for number in (29, 30, 31):
        rule = Recurrence("monthly", (number,))
        for year in (2024, 2026):
            days = [day for day in _year(year) if rule.falls_on(day)]
            assert days == [date(year, m, min(number, monthrange(year, m)[1])) for m in range(1, 13)]


def test_lunar_days_fall_where_the_calendar_says():
    new_year, eve, autumn = (Recurrence.parse(text) for text in ("农历正月初一", "除夕", "农历八月十五"))
    assert new_year.next(date(2026, 1, 1)) == date(2026, 2, 17)
    assert eve.next(date(2026, 1, 1)) == date(2026, 2, 16), "the last month of that year has 29 days"
    assert eve.next(date(2024, 1, 1)) == date(2024, 2, 9)
    assert autumn.next(date(2026, 1, 1)) == date(2026, 9, 25)
    assert autumn.next(date(2026, 9, 26)) == date(2027, 9, 15)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 12), st.integers(1, 30), st.dates(date(1995, 1, 1), date(2045, 1, 1)))
def test_lunar_days_are_those_birthdays_are_kept_on(month, number, day):
    assert Recurrence("lunar", (month, number)).next(day) == next_birthday(Birthday(month, number, lunar=True), day)


def test_weekdays_counted_in_a_month():
    assert Recurrence.parse("5月第二个周日").next(date(2026, 1, 1)) == date(2026, 5, 10)
    assert Recurrence.parse("nth:11-5-5").next(date(2026, 1, 1)) == date(2026, 11, 27)


def test_a_leap_day_is_kept_in_common_years_and_once_is_once():
    assert Recurrence.parse("2-29").next(date(2026, 1, 1)) == date(2026, 2, 28)
    only = Recurrence.parse("2026-03-08")
    assert only.next(date(2026, 3, 8)) == date(2026, 3, 8)
    assert only.next(date(2026, 3, 9)) is None


RULES = st.one_of(
    st.tuples(st.just("monthly"), st.tuples(st.integers(1, 31))),
    st.tuples(st.just("weekly"), st.tuples(st.integers(1, 7))),
    st.tuples(st.just("yearly"), st.tuples(st.integers(1, 12), st.integers(1, 28))),
    st.tuples(st.just("nth"), st.tuples(st.integers(1, 12), st.integers(1, 5), st.integers(1, 7))),
    st.tuples(st.just("lunar"), st.tuples(st.integers(1, 12), st.integers(1, 30))),
).map(lambda parts: Recurrence(*parts))


@settings(max_examples=60, deadline=None)
@given(RULES, st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_the_next_day_is_the_first_that_it_falls_on(rule, day):
    found = rule.next(day)
    assert found is not None
    assert rule.falls_on(found)
    gap = (found - day).days
    assert not any(rule.falls_on(day + timedelta(days=n)) for n in range(gap))
    assert gap <= 31 if rule.kind == "monthly" else gap <= 400
    assert Recurrence.parse(str(rule)) == rule


def _year(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
