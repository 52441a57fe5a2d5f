"""Festivals: the days they fall on, by calendars printed elsewhere, and what to do about them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from qunguan.domain import festivals


def _day(name: str, year: int) -> date:
    found = [each for each in festivals.between(date(year, 1, 1), date(year, 12, 31)) if each.name == name]
    return next(each.day for each in found if each.day.year == year)


@pytest.mark.parametrize(
    ("name", "year", "day"),
    [
        ("春节", 2025, "2025-01-29"), ("春节", 2026, "2026-02-17"), ("除夕", 2026, "2026-02-16"),
        ("元宵节", 2026, "2026-03-03"), ("端午节", 2026, "2026-06-19"), ("中秋节", 2026, "2026-09-25"),
        ("七夕", 2025, "2025-08-29"), ("重阳节", 2025, "2025-10-29"), ("腊八", 2026, "2026-01-26"),
        ("母亲节", 2026, "2026-05-10"), ("父亲节", 2026, "2026-06-21"), ("感恩节", 2026, "2026-11-26"),
        ("618", 2026, "2026-06-18"), ("双11", 2026, "2026-11-11"), ("双12", 2026, "2026-12-12"),
    ],
)  # fmt: skip
def test_days(name: str, year: int, day: str) -> None:
    assert _day(name, year) == date.fromisoformat(day)


def test_a_long_holiday_is_kept_away_from_on_each_of_its_days() -> None:
    for step in range(7):
        found = festivals.on(date(2026, 10, 1) + timedelta(days=step))
        assert [(each.name, each.stance) for each in found] == [("国庆节", "avoid")]
    assert not festivals.on(date(2026, 10, 8))


def test_a_day_can_have_its_own_festival_within_a_rivals_peak() -> None:
    assert [each.name for each in festivals.on(date(2025, 6, 15))] == ["父亲节", "618"]


def test_days_of_a_festival_reach_across_a_new_year() -> None:
    assert [each.day.year for each in festivals.between(date(2026, 1, 1), date(2026, 1, 1))] == [2026]
    assert "跨年夜" in {each.name for each in festivals.between(date(2025, 12, 20), date(2026, 1, 3))}


def test_an_empty_span_has_no_festivals() -> None:
    assert festivals.between(date(2026, 10, 7), date(2026, 10, 1)) == ()


def test_everything_has_a_line_of_advice_and_a_known_stance() -> None:
    for each in festivals.between(date(2026, 1, 1), date(2026, 12, 31)):
        assert each.stance in festivals.STANCES
        assert each.advice.endswith("。")
        assert each.source
        assert each.from_day <= each.day <= each.to_day


def test_by_day() -> None:
    found = festivals.between(date(2026, 1, 1), date(2027, 12, 31))
    assert [each.day for each in found] == sorted(each.day for each in found)
