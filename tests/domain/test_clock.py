"""The business day: the vectors of semantics 3.1."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
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


@pytest.mark.parametrize("day_start", [0, 4])
@pytest.mark.parametrize(
    ("zone", "days"),
    [
        ("Asia/Shanghai", [date(2026, 3, 20)]),
        ("UTC", [date(2026, 3, 20)]),
        ("America/New_York", [date(2026, 3, 20), date(2026, 3, 8), date(2026, 11, 1)]),  # and both clock changes
    ],
)
def test_every_minute_of_a_day_is_of_that_local_day(zone, days, day_start):
    """Quality R13: told again from what the clock on the wall says."""
    rule = DayRule(zone, day_start)
    for day in days:
        begin = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=14)
        found = []
        for minute in range(52 * 60):
            moment = begin + timedelta(minutes=minute)
            wall = moment.astimezone(ZoneInfo(zone))
            expected = wall.date() if wall.hour >= day_start else wall.date() - timedelta(days=1)
            assert rule.biz_date(moment) == Clock(moment).today(rule) == expected
            found.append(expected)
        assert found == sorted(found), "no day comes back"
        assert found.count(day) in (23 * 60, 24 * 60, 25 * 60)
