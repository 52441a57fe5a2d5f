"""Build the sample community through the program's own imports, and package it.

    python sample_db/build.py        writes src/qunguan/presets/sample.db.xz

Every paper in `sources` goes in the way an owner would bring it in, on the day they would. The same papers give the
same rows; a test builds it again and compares.
"""

from __future__ import annotations

import lzma
import sys
import tempfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from qunguan.domain.clock import Clock
from qunguan.exchange.readers.history import read_checkin_history, read_points
from qunguan.exchange.readers.jielong import parse
from qunguan.exchange.readers.rosters import read_roster
from qunguan.exchange.readers.sheets import read_sheet
from qunguan.services import checkins, groups, members, points, rules
from qunguan.services.demo import SAMPLE
from qunguan.services.desk import Desk

SOURCES = Path(__file__).parent / "sources"
ZONE = ZoneInfo("Asia/Shanghai")
LAST = date(2026, 3, 19)
CHAIN_FIRST = LAST - timedelta(days=29)
CAMP_FIRST = LAST - timedelta(days=12)


def evening(day: date) -> Clock:
    """Ten at night of a day, when the owner sits down with the group's papers."""
    return Clock(datetime.combine(day, time(22, 0), ZONE))


def build(path: Path) -> None:
    """Make the database at `path`, day by day."""
    start = CHAIN_FIRST - timedelta(days=1)
    with Desk(path, evening(start), create=True) as desk:
        readers = desk.write(groups.create, "早起读书群", capacity_soft=180)
        mothers = desk.write(groups.create, "宝妈成长营", platform="wecom")
        desk.write(groups.set_current, readers.id)
        desk.write(rules.change, "points.expiry_days", 180, reason="积分半年有效，群公告里说过")
        roster(desk, "早起读书群_2月名单.csv", readers.id)
        daily = desk.write(
            checkins.start, "每日签到", who="all", group_id=readers.id, template_id="daily", starts_on=start
        )
        history(desk, "每日签到_旧表.csv", daily.id)
        desk.write(points.import_history, read_points(read_sheet(SOURCES / "积分台账.csv")))
        camp = None
        for day in days(CHAIN_FIRST, LAST):
            desk.clock = evening(day)
            if day == CAMP_FIRST:
                camp = desk.write(
                    checkins.start, "21天早起", group_id=readers.id, template_id="21day", window="05:00-08:30"
                )
            chain(desk, "每日签到", daily.id, day)
            if camp is not None:
                chain(desk, "21天早起", camp.id, day)
        roster(desk, "早起读书群_3月名单.csv", readers.id)
        roster(desk, "宝妈成长营_客户列表.csv", mothers.id)
        notes = desk.write(
            checkins.start,
            "每周读书笔记",
            who="all",
            group_id=mothers.id,
            template_id="weekly",
            cadence="weekly:2",
            starts_on=LAST - timedelta(days=55),
        )
        history(desk, "每周读书笔记.csv", notes.id)


def days(first: date, last: date) -> list[date]:
    """Every day from first to last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def roster(desk: Desk, name: str, group_id: int) -> None:
    """Bring in a roster."""
    desk.write(members.apply, read_roster(read_sheet(SOURCES / name)), group_id, source=name)


def history(desk: Desk, name: str, challenge_id: int) -> None:
    """Bring in a sheet of past check-ins."""
    told = read_checkin_history(read_sheet(SOURCES / name))
    desk.write(checkins.import_history, challenge_id, told)


def chain(desk: Desk, folder: str, challenge_id: int, day: date) -> None:
    """Paste the 接龙 of a day; whoever is new in it becomes a member."""
    raw = (SOURCES / folder / f"{day}.txt").read_text(encoding="utf-8")
    desk.write(checkins.record, challenge_id, parse(raw), day, new="create", raw=raw)


def package(path: Path) -> bytes:
    """The file as it is shipped: compressed, the same bytes for the same file."""
    return lzma.compress(path.read_bytes(), preset=9)


def main() -> int:
    """Build and package."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.db"
        build(path)
        SAMPLE.write_bytes(package(path))
        print(f"{SAMPLE}: {SAMPLE.stat().st_size // 1024} KiB, unpacked {path.stat().st_size // 1024} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
