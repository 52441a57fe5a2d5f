"""The day a title names: read where it is plain, left alone where it may be anything else."""

from __future__ import annotations

from datetime import date

import pytest

from qunguan.domain.jielong_dates import stated_day, stated_number

NEAR = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("title", "written", "day"),
    [
        ("6月26日早起打卡", "6月26日", date(2026, 6, 26)),
        ("第3天 9月7号（周一）", "9月7号", date(2026, 9, 7)),
        ("2026-03-01 晨读", "2026-03-01", date(2026, 3, 1)),
        ("2025年12月1日", "2025年12月1日", date(2025, 12, 1)),
        ("１１月２１日打卡", "11月21日", NEAR),
        ("6.26日打卡", "6.26日", date(2026, 6, 26)),
        ("1月2日打卡", "1月2日", date(2027, 1, 2)),
        ("2月29日打卡", "2月29日", None),
        ("早起打卡", "", None),
        ("团购 6.26 一斤", "", None),
        ("v2.1.3 发布", "", None),
        ("6月1日-6月21日 打卡", "", None),
        ("6月1日 至 21日", "", None),
        ("6月26日前交作业", "", None),
        ("截止：6月26日", "", None),
        ("6月26日截止", "", None),
        ("从6月26日开始", "", None),
        ("13月26日", "", None),
        ("6月31日", "", None),
    ],
)
def test_a_date_in_a_title(title, written, day):
    assert stated_day(title, NEAR) == (None if day is None else (written, day))


def test_the_nearest_year_is_meant():
    assert stated_day("12月31日打卡", date(2026, 1, 1)) == ("12月31日", date(2025, 12, 31))
    assert stated_day("2月29日打卡", date(2024, 3, 1)) == ("2月29日", date(2024, 2, 29))


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("早起第13天", 13),
        ("21天早起 第２天打卡", 2),
        ("第十二天", 12),
        ("早起 Day 3", 3),
        ("21天打卡", None),
        ("第1天到第7天", None),
        ("第一期", None),
        ("", None),
    ],
)
def test_the_number_of_the_day_in_a_title(title, number):
    assert stated_number(title) == number
