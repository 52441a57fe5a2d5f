"""Check-ins at any minute of the local day land on that day, and a streak does not break at midnight (quality R13)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from qunguan.domain.clock import Clock
from qunguan.services import checkins, groups, members
from qunguan.services.desk import Desk
from tests.conftest import assert_sound

FIRST = date(2026, 3, 3)  # five days before the clocks of New York change
ZONES = pytest.mark.parametrize("zone", ["Asia/Shanghai", "UTC", "America/New_York"])


def unbroken(path: Path, zone: str, people: int, days: int) -> set[int]:
    """Everybody ticks once a local day, at equal distances over it and a minute later every day, with the last one at
    its last minute; the minutes at which somebody did.
    """
    with Desk(path, Clock(datetime(2026, 3, 3, 12, tzinfo=UTC)), create=True) as desk:
        group = desk.write(groups.create, "早起", timezone=zone)
        ids = desk.write(members.add_many, [f"成员{n}" for n in range(people)], group_id=group.id)
        challenge = desk.write(checkins.start, "早起", who="all", starts_on=FIRST, template_id="daily")
        minutes = set()
        for turn in range(days):
            day = FIRST + timedelta(days=turn)
            for place, member_id in enumerate(ids):
                minute = 1440 // people * place + (turn if place < people - 1 else 1440 // people - days + turn)
                wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=ZoneInfo(zone))
                desk.clock = Clock(wall.astimezone(UTC))
                desk.write(checkins.tick, challenge.id, member_id)
                minutes.add(minute)
        rows = desk.read(checkins.board, desk.clock, challenge.id).rows
        assert {(row.streak, row.best, row.total) for row in rows} == {(days, days, days)}
        assert_sound(desk)
    return minutes


@ZONES
def test_a_streak_does_not_break_at_midnight_nor_where_the_clocks_change(tmp_path, zone):
    assert {0, 1439} <= unbroken(tmp_path / "q.db", zone, 3, 8)


@pytest.mark.long
@ZONES
def test_each_of_1440_minutes_lands_on_the_local_day(tmp_path, zone):
    assert unbroken(tmp_path / "q.db", zone, 48, 30) == set(range(1440))
