"""The business day: the vectors of semantics 3.1."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from qunguan.domain.clock import Clock, DayRule

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("hour", "minute", "day"), [(3, 59, date(2025, 8, 14)), (4, 0, date(2025, 8, 15)), (23, 59, date(2025, 8, 15))]
)
def test_before_the_day_starts_it_is_still_the_day_before(hour, minute, day):
    moment = datetime(2025, 8, 15, hour, minute, tzinfo=SHANGHAI)
    assert DayRule(day_start=4).biz_date(moment) == day
    assert Clock(moment).today(DayRule(day_start=4)) == day


def test_the_zone_of_the_group_decides_not_that_of_the_machine():
    moment = datetime(2025, 8, 15, 0, 30, tzinfo=SHANGHAI)
    assert DayRule("Asia/Shanghai").biz_date(moment) == date(2025, 8, 15)
    assert DayRule("Europe/London").biz_date(moment) == date(2025, 8, 14)


def test_a_clock_change_neither_doubles_nor_skips_a_day():
    new_york = DayRule("America/New_York", 2)
    hours = [datetime(2025, 11, 2, hour, 30, tzinfo=ZoneInfo("UTC")) for hour in range(4, 12)]
    assert sorted({new_york.biz_date(moment) for moment in hours}) == [date(2025, 11, 1), date(2025, 11, 2)]
