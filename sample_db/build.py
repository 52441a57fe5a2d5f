"""Build the sample community through the program's own imports, and package it.

    python -m sample_db.build      writes src/qunguan/presets/sample.db.xz

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
from qunguan.domain.rewards import Reward
from qunguan.exchange.readers.chats import read_chat
from qunguan.exchange.readers.history import read_checkin_history, read_points
from qunguan.exchange.readers.jielong import parse
from qunguan.exchange.readers.orders import read_orders
from qunguan.exchange.readers.rosters import read_roster
from qunguan.exchange.readers.sheets import read_sheet
from qunguan.services import (
    activity,
    badges,
    checkins,
    earning,
    goals,
    groups,
    levels,
    members,
    orders,
    points,
    rewards,
    rules,
)
from qunguan.services.demo import SAMPLE
from qunguan.services.desk import Desk
from sample_db import bad_days, brokering, growth, memberships, offer, plans, relations, surveys

SOURCES = Path(__file__).parent / "sources"
ZONE = ZoneInfo("Asia/Shanghai")
LAST = date(2026, 3, 19)
CHAIN_FIRST = LAST - timedelta(days=29)
CAMP_FIRST = LAST - timedelta(days=12)
SHOP_SECOND = LAST - timedelta(days=26)
BUY_FIRST = LAST - timedelta(days=13)
DRIVE_FIRST = LAST - timedelta(days=18)
PARCELS_FIRST = LAST - timedelta(days=23)
TRIAL_DAY = LAST - timedelta(days=9)
CHAT_SECOND = LAST - timedelta(days=28)
REWARDS = (
    Reward(0, "手作书签", "goods", 60, value_fen=500, stock=60),
    Reward(0, "桂花乌龙", "goods", 150, value_fen=3000, stock=6, member_limit=1),
    Reward(0, "半小时读书咨询", "service", 300, member_limit=1, code_days=60),
    Reward(0, "生日券 满50减10", "coupon", 0, value_fen=1000, code_days=30, occasion="birthday"),
)
CODES = ("QK3M7TXA", "W8HDN4RC", "P5YBZ9EJ", "T2VGC6MK", "H7RXQ3WD", "N9JKA5PB")


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
        shelf(desk)
        plans.furnish(desk, readers.id)
        for day in days(CHAIN_FIRST, LAST):
            desk.clock = evening(day)
            if day == SHOP_SECOND:
                shop(desk, "快团团_前半.csv")
            if day == CHAT_SECOND:
                chat(desk, "群聊_前八周.csv", readers.id)
            if day == CAMP_FIRST:
                camp = desk.write(
                    checkins.start, "21天早起", group_id=readers.id, template_id="21day", window="05:00-08:30"
                )
            if day == DRIVE_FIRST:
                plans.drive(desk, readers.id, day)
            if day == BUY_FIRST:
                plans.group_buy(desk, readers.id, day, SOURCES)
            if day == TRIAL_DAY:
                plans.trial(desk, readers.id)
            bad_days.parcels(desk, readers.id, PARCELS_FIRST, day, SOURCES)
            desk.clock = evening(day)
            chain(desk, "每日签到", daily.id, day)
            if camp is not None:
                chain(desk, "21天早起", camp.id, day)
        roster(desk, "早起读书群_3月名单.csv", readers.id)
        shop(desk, "快团团_全部.csv")
        chat(desk, "群聊_后五周.csv", readers.id)
        desk.write(goals.add_preset, "steady_active", from_day=LAST - timedelta(days=30), group_id=readers.id)
        desk.write(goals.add_preset, "repurchase", from_day=LAST - timedelta(days=50), group_id=readers.id)
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
        thanks(desk)
        plans.review(desk)
        plans.invited(desk, SOURCES)
        plans.results(desk, readers.id, SOURCES)
        bad_days.voices(desk, readers.id, SOURCES)
        bad_days.ways(desk, SOURCES)
        offer.bring(desk, LAST)
        memberships.bring(desk, readers.id, LAST)
        growth.bring(desk, CHAIN_FIRST)
        brokering.bring(desk, readers.id, LAST)
        surveys.bring(desk, readers.id, SOURCES, LAST - timedelta(days=10))
        relations.bring(desk, readers.id, LAST)
        plans.ahead(desk, readers.id, LAST + timedelta(days=1))


def shelf(desk: Desk) -> None:
    """What points and purchases are good for, from the first 接龙 on."""
    desk.write(levels.use_preset, "card")
    desk.write(badges.add_presets)
    desk.write(earning.add_preset, "member_day")
    for reward in REWARDS:
        desk.write(rewards.add, reward)


def shop(desk: Desk, name: str) -> None:
    """Bring in an export of the shop; unknown buyers wait for the owner."""
    desk.write(orders.import_orders, read_orders(read_sheet(SOURCES / name)))


def chat(desk: Desk, name: str, group_id: int) -> None:
    """Bring in an export of the group's chat; who is like nobody for sure waits for the owner."""
    with read_chat(SOURCES / name) as reading:
        desk.write(activity.import_chat, group_id, reading, lambda: reading.info, name=name)


def thanks(desk: Desk) -> None:
    """Good shares, titles, and what the richest had for their points; two of it are not handed out yet."""
    rich = sorted(desk.read(points.balances, desk.clock), key=lambda one: (-one.balance, one.member_id))[:8]
    ids = [one.member_id for one in rich]
    desk.write(earning.record_deed, "share", ids[2:5], note="分享了读书方法")
    for place, title in ((0, "社群管理员"), (1, "体验官")):
        desk.write(badges.award, desk.read(badges.find_badge, title).id, ids[place : place + 1], reason="一直在帮忙")
    tea, mark = (desk.read(rewards.find, name).id for name in ("桂花乌龙", "手作书签"))
    codes = iter(CODES)
    for place, (member_id, reward_id) in enumerate(zip(ids, (tea, mark, tea, mark, mark, tea), strict=False)):
        done = desk.write(rewards.redeem, member_id, reward_id, code=lambda: next(codes))
        if place < 4:
            desk.write(rewards.fulfil, done.redemption.id)


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
