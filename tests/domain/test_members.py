"""Rules about people that need no database: birthdays, phones, the order of names."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain.errors import BadInput
from qunguan.domain.members import (
    Birthday,
    birthday_text,
    checked_birthday,
    masked_phone,
    next_birthday,
    sort_key,
    typed_phone,
)
from qunguan.domain.names import typed_name
from qunguan.i18n import set_language

LUNAR_NEW_YEAR = {2024: date(2024, 2, 10), 2025: date(2025, 1, 29), 2026: date(2026, 2, 17), 2027: date(2027, 2, 6)}


@pytest.mark.parametrize(
    ("birthday", "today", "kept"),
    [
        (Birthday(3, 20), date(2026, 3, 20), date(2026, 3, 20)),
        (Birthday(3, 19), date(2026, 3, 20), date(2027, 3, 19)),
        (Birthday(1, 1), date(2026, 12, 31), date(2027, 1, 1)),
        (Birthday(2, 29), date(2026, 2, 1), date(2026, 2, 28)),
        (Birthday(2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        (Birthday(2, 29), date(2026, 3, 1), date(2027, 2, 28)),
        # 五月初五 is 31 May 2025 and 19 June 2026 (the Dragon Boat festivals)
        (Birthday(5, 5, lunar=True), date(2025, 5, 31), date(2025, 5, 31)),
        (Birthday(5, 5, lunar=True), date(2025, 6, 1), date(2026, 6, 19)),
        # a lunar year ends in the next solar one: 腊月廿三 of 2025 is 10 February 2026
        (Birthday(12, 23, lunar=True), date(2026, 1, 1), date(2026, 2, 10)),
        # 2025 has a leap sixth month from 25 July on; 2026 has none, so it is kept on 六月初一
        (Birthday(6, 1, lunar=True, leap=True), date(2025, 6, 1), date(2025, 7, 25)),
        (Birthday(6, 1, lunar=True, leap=False), date(2025, 6, 1), date(2025, 6, 25)),
        (Birthday(6, 1, lunar=True, leap=True), date(2026, 1, 1), date(2026, 7, 14)),
        # the twelfth month of 2025 has 29 days: 三十 falls on 除夕, 16 February 2026
        (Birthday(12, 30, lunar=True), date(2026, 1, 1), date(2026, 2, 16)),
    ],
)
def test_the_day_a_birthday_is_kept(birthday, today, kept):
    assert next_birthday(birthday, today) == kept


@pytest.mark.parametrize("year", LUNAR_NEW_YEAR)
def test_the_first_day_of_the_lunar_year(year):
    assert next_birthday(Birthday(1, 1, lunar=True), date(year, 1, 1)) == LUNAR_NEW_YEAR[year]


@settings(max_examples=60, deadline=None)
@given(
    month=st.integers(1, 12),
    day=st.integers(1, 30),
    leap=st.booleans(),
    today=st.dates(date(1950, 1, 1), date(2090, 1, 1)),
)
def test_a_lunar_birthday_comes_within_thirteen_months_and_is_the_next_one(month, day, leap, today):
    birthday = Birthday(month, day, lunar=True, leap=leap)
    kept = next_birthday(birthday, today)
    assert today <= kept < today + timedelta(days=420)
    assert next_birthday(birthday, kept) == kept


@pytest.mark.parametrize(
    "wrong",
    [
        Birthday(0, 1), Birthday(13, 1), Birthday(4, 31), Birthday(1, 0), Birthday(2, 29, year=2025),
        Birthday(1, 31, lunar=True), Birthday(1, 1, leap=True), Birthday(1, 1, year=12),
    ],
)  # fmt: skip
def test_a_day_that_does_not_exist_is_refused(wrong):
    with pytest.raises(BadInput):
        checked_birthday(wrong)


def test_a_birthday_is_written_as_people_write_it():
    set_language("en")
    try:
        assert birthday_text(Birthday(6, 1, lunar=True, leap=True)) == "lunar leap month 6/1"
        assert birthday_text(Birthday(3, 9, year=1990)) == "1990, 3/9"
        assert birthday_text(None) == ""
    finally:
        set_language(None)


def test_names_stand_in_the_order_of_a_phone_book():
    names = ["张三", "Bob", "阿梨", "黎明", "李雷", "alice", "李安", "展昭", "曾国藩", "🍀小草", "2号", "单田芳"]
    assert sorted(names, key=sort_key) == [
        "阿梨", "alice", "Bob", "李安", "李雷", "黎明", "单田芳", "曾国藩", "展昭", "张三", "2号", "🍀小草",
    ]  # fmt: skip


def test_a_phone_is_stored_as_digits_and_shown_masked():
    assert typed_phone("138-0000 0001") == "13800000001"
    assert typed_phone("+86 138 0000 0001") == "+8613800000001"
    assert masked_phone("13800000001") == "138****0001"
    assert masked_phone("12345") == "*****"
    assert typed_phone("") == masked_phone("") == ""


@given(st.text(max_size=200))
def test_a_typed_name_is_stored_as_it_is_or_refused(text):
    try:
        name = typed_name(text)
    except BadInput:
        return
    assert 1 <= len(name) <= 64
    assert typed_name(name) == name
