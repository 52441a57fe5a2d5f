"""Cells as people fill them, one shape a line."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunguan.domain.errors import BadInput
from qunguan.domain.members import Birthday
from qunguan.exchange.readers import cells
from qunguan.exchange.readers.birthdays import birthday_cell
from qunguan.exchange.writers.tables import guarded

A_DAY = date(2024, 3, 1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('="0012"', "0012"),
        ('="a""b"', 'a"b'),
        ("E2024001\t", "E2024001"),
        ("'=1+1", "=1+1"),
        ("''=1", "'=1"),
        ("'tis", "'tis"),
        ("阿梨", "阿梨"),
        ("=1+1", "=1+1"),
        ('\'="0012"', '="0012"'),
        ("", ""),
    ],
)
def test_guards_are_taken_off(value, text):
    assert cells.text_cell(value) == text


@given(st.text(st.sampled_from("'=+-@|%＝ \u3000\t\n\r\"甲a"), max_size=6))
def test_what_the_writers_guard_comes_back(text):
    if not guarded(text).endswith("\t") and not (text.strip().startswith('="') and guarded(text) == text):
        assert cells.text_cell(guarded(text)) == text


@pytest.mark.parametrize(
    "value",
    [
        "2024/3/1", "2024-03-01", "2024-3-1 9:05", "2024年3月1日", "2024年03月01号", "2024.3.1", "２０２４／３／１",
        "20240301", "45352", "45352.5", "2024-03-01 10:00:00", "2024-03-01T10:00:00+08:00", "2024/3/1 下午3:05",
        "2024-03-01T02:00:00.123Z", "2024年3月1日 9时5分", "2024年3月1日 星期五", "2024/3/1 (周五)", "'2024-03-01",
        '="2024-03-01"', " 2024-03-01\t", "2024/03/01 09:05:07 PM",
    ],
)  # fmt: skip
def test_dates_in_every_shape(value):
    assert cells.date_cell(value) == A_DAY


def test_excel_serials_are_days_of_excels_calendar():
    assert cells.date_cell("45366") == date(2024, 3, 15)
    assert cells.datetime_cell("45366.270833333336") == (date(2024, 3, 15), time(6, 30))
    with pytest.raises(BadInput):
        cells.date_cell("45366", serials=False)


@pytest.mark.parametrize(
    "value",
    [
        "2023-02-29", "2024-13-01", "2024/0/1", "20240231", "3/15/2024", "24-3-1", "昨天", "", "2024-3", "2024年3月",
        "2024-03-01-05", "2024-03-01 25:00", "123456", "1e5", "2024-03/01", "９" * 10_000, "2024-03-01 打卡",
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused(value):
    with pytest.raises(BadInput):
        cells.date_cell(value)


@pytest.mark.parametrize(
    ("value", "clock"),
    [
        ("2024-3-1 9:05", time(9, 5)),
        ("2024/3/1 下午3:05", time(15, 5)),
        ("2024/3/1 12:30 AM", time(0, 30)),
        ("2024-03-01", None),
        ("2024年3月1日 凌晨1点30分", time(1, 30)),
    ],
)
def test_the_clock_beside_a_day(value, clock):
    assert cells.datetime_cell(value) == (A_DAY, clock)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("5", 5), ("+5", 5), ("-20", -20), ("−3", -3), ("1,234", 1234), ("１２", 12), ("5分", 5), ("5 积分", 5),
        ("5.0", 5), ("007", 7), ("0", 0), ("'+5", 5), ("＋５", 5), ("1,234,567", 1_234_567),
    ],
)  # fmt: skip
def test_whole_numbers(value, number):
    assert cells.int_cell(value) == number


@pytest.mark.parametrize(
    "value",
    ["5.5", "1" + "0" * 30, "1e30", "五", "", "--5", "1,2,3", "5-", "½", "²", "٣", "9" * 10_000, "(5)", "1000000001"],
)
def test_what_is_no_whole_number_is_refused(value):
    with pytest.raises(BadInput):
        cells.int_cell(value)


@pytest.mark.parametrize(
    ("value", "fen"),
    [
        ("￥12.5", 1250), ("¥12.50", 1250), ("12元", 1200), ("1,234.50", 123450), ("-3.2", -320), ("￥-3", -300),
        ("12.500", 1250), ("0.01", 1), ("29.99", 2999), ("０．５元", 50), ("0", 0),
    ],
)  # fmt: skip
def test_money_is_whole_fen(value, fen):
    assert cells.money_cell(value) == fen


@pytest.mark.parametrize("value", ["12.345", "", "十元", "1e9", "9" * 40, "1,2", "-￥-3", "12.5.1"])
def test_what_is_no_money_is_refused(value):
    with pytest.raises(BadInput):
        cells.money_cell(value)


@pytest.mark.parametrize(
    ("value", "phone"),
    [
        ("13800000001", "13800000001"), ("+86 138 0000 0001", "13800000001"), ("86-138-0000-0001", "13800000001"),
        ("'13800000001", "13800000001"), ('="13800000001"', "13800000001"), ("１３８００００００01", "13800000001"),
        ("1.3800000001E+10", "13800000001"), ("138****0001", "138****0001"), ("0571-88888888", "057188888888"),
        ("13800000001.0", "13800000001"),
    ],
)  # fmt: skip
def test_phones(value, phone):
    assert cells.phone_cell(value) == phone


@pytest.mark.parametrize("value", ["1.38E+10", "微信同号", "****", "1" * 40, ""])
def test_a_phone_the_spreadsheet_shortened_is_not_made_up(value):
    with pytest.raises(BadInput):
        cells.phone_cell(value)


def test_ticks():
    for value in ("√", "1", "✅", "是", "y", "Y", "●", "✔️", "TRUE", "１"):
        assert cells.tick_cell(value) is True
    for value in ("", " ", "0", "否", "×", "❌", "n", "FALSE", "-", "·"):
        assert cells.tick_cell(value) is False
    for value in ("x", "X", "也许", "2"):
        with pytest.raises(BadInput):
            cells.tick_cell(value)


@pytest.mark.parametrize(
    ("value", "birthday"),
    [
        ("1990-03-05", Birthday(3, 5, year=1990)),
        ("1990/3/5", Birthday(3, 5, year=1990)),
        ("1990年3月5日", Birthday(3, 5, year=1990)),
        ("1990-03-05 00:00:00", Birthday(3, 5, year=1990)),
        ("19900305", Birthday(3, 5, year=1990)),
        ("3月5日", Birthday(3, 5)),
        ("03-05", Birthday(3, 5)),
        ("3/5", Birthday(3, 5)),
        ("公历3月5号", Birthday(3, 5)),
        ("2月29日", Birthday(2, 29)),
        ("三月五日", Birthday(3, 5)),
        ("农历三月初五", Birthday(3, 5, lunar=True)),
        ("三月初五", Birthday(3, 5, lunar=True)),
        ("农历3月5日", Birthday(3, 5, lunar=True)),
        ("3月5日（农历）", Birthday(3, 5, lunar=True)),
        ("阴历 3-5", Birthday(3, 5, lunar=True)),
        ("农历闰四月十二", Birthday(4, 12, lunar=True, leap=True)),
        ("闰四月十二", Birthday(4, 12, lunar=True, leap=True)),
        ("腊月廿三", Birthday(12, 23, lunar=True)),
        ("正月十五", Birthday(1, 15, lunar=True)),
        ("冬月三十", Birthday(11, 30, lunar=True)),
        ("农历十二月二十", Birthday(12, 20, lunar=True)),
        ("农历1990年三月初五", Birthday(3, 5, lunar=True, year=1990)),
        ("1990年农历三月初五", Birthday(3, 5, lunar=True, year=1990)),
        ("农历1990-3-5", Birthday(3, 5, lunar=True, year=1990)),
        ("农历八月十五", Birthday(8, 15, lunar=True)),
    ],
)
def test_birthdays_solar_and_lunar(value, birthday):
    assert birthday_cell(value) == birthday


@pytest.mark.parametrize(
    "value",
    [
        "三月十二",
        "2月30日",
        "1990-02-29",
        "农历三月三十一",
        "农历十三月初一",
        "春天",
        "",
        "公历腊月廿三",
        "农历",
        "0-5",
        "1790-01-01",
    ],
)
def test_what_is_no_birthday_or_could_be_two_is_refused(value):
    with pytest.raises(BadInput):
        birthday_cell(value)


@given(st.text(max_size=20))
def test_any_text_is_a_value_or_a_refusal(text):
    for read in (cells.date_cell, cells.int_cell, cells.money_cell, cells.phone_cell, cells.tick_cell, birthday_cell):
        with suppress(BadInput):
            read(text)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("12月1日", date(2026, 12, 1)),
        ("12-1", date(2026, 12, 1)),
        ("１２／１", date(2026, 12, 1)),
        ("11.22", date(2026, 11, 22)),  # today
        ("3月5号", date(2027, 3, 5)),
        ("2-29", date(2028, 2, 29)),
        ("2026年12月1日", date(2026, 12, 1)),
        ("20261201", date(2026, 12, 1)),
    ],
)
def test_a_day_to_come_may_lack_its_year(typed, day):
    assert cells.day_to_come(typed, date(2026, 11, 22)) == day


@pytest.mark.parametrize("typed", ["2-30", "13月1日", "4-31", "12-0", "12", "改天", ""])
def test_what_is_no_day_of_a_year_is_refused(typed):
    with pytest.raises(BadInput):
        cells.day_to_come(typed, date(2026, 11, 22))


@pytest.mark.parametrize(
    ("typed", "near", "past", "to_come"),
    [
        ("11.9", "2026-11-09", "2026-11-09", "2027-11-09"),
        ("11月9日", "2026-11-09", "2026-11-09", "2027-11-09"),
        ("９日", "2026-11-09", "2026-11-09", "2026-12-09"),
        ("31号", "2026-10-31", "2026-10-31", "2026-12-31"),
        ("1/5", "2027-01-05", "2026-01-05", "2027-01-05"),
        ("2-29", "2028-02-29", "2024-02-29", "2028-02-29"),
        ("11-22", "2026-11-22", "2026-11-22", "2026-11-22"),  # today
        ("2020-11-9", "2020-11-09", "2020-11-09", "2020-11-09"),
    ],
)
def test_a_day_typed_short_is_the_nearest_that_can_be_meant(typed, near, past, to_come):
    today = date(2026, 11, 22)
    assert str(cells.day_typed(typed, today)) == near
    assert str(cells.day_typed(typed, today, "past")) == past
    assert str(cells.day_typed(typed, today, "next")) == to_come


@pytest.mark.parametrize("typed", ["0日", "32号", "9", "2-30"])
def test_no_day_is_made_of_what_is_none(typed):
    with pytest.raises(BadInput):
        cells.day_typed(typed, date(2026, 11, 22))
