"""An owner's evening as a list of operations: the same every time, so that any state it can be in is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from qunguan.domain.clock import Clock
from qunguan.exchange.readers.jielong import parse
from qunguan.exchange.readers.rosters import read_roster
from qunguan.exchange.readers.sheets import sheet_from_text
from qunguan.services import campaigns, checkins, groups, history, members, points
from qunguan.services.desk import Desk
from tests.conftest import NOW
from tests.services.campaign_kit import running

PEOPLE = ("阿梨", "团团妈", "Crystal🍀", "陈·伊敏", "Tom", "张三", "李四", "3栋-502 王姐")
Operation = Callable[[Desk], object]


def prepared(path: Path) -> None:
    """A group of eight with a challenge that pays tiers and a campaign that runs."""
    with Desk(path, Clock(NOW), create=True) as desk:
        group = desk.write(groups.create, "早起读书群")
        desk.write(members.add_many, list(PEOPLE), group_id=group.id)
        start = NOW.date() - timedelta(days=20)
        desk.write(checkins.start, "早起", who="all", starts_on=start, tiers={3: 10, 7: 20}, makeup_quota=9)
        running(desk, "flash", "抢购")


def paste(number: int) -> Operation:
    lines = [f"{place}. {name} 第{number}天" for place, name in enumerate(PEOPLE[: 3 + number % 5], 1)]
    text = "\n".join(["#接龙", f"早起 第{number}天", "", *lines, f"{len(lines) + 1}. 新人{number}号"])
    day = NOW.date() - timedelta(days=number % 18)
    return lambda desk: desk.write(checkins.record, 1, parse(text), day, new="create", raw=text)


def roster(number: int) -> Operation:
    text = f"昵称,微信号,手机号,标签\n甲{number},wx_a{number},1380000{number:04d},宝妈\n乙{number},wx_b{number},,\n"
    return lambda desk: desk.write(members.apply, read_roster(sheet_from_text(text, "名单.csv")), 1, source="名单.csv")


def rename(number: int) -> Operation:
    def run(desk: Desk) -> object:
        person = desk.read(members.get, 1 + number % 8)
        return desk.write(members.edit, replace(person, name=f"改名{number}"))

    return run


def toggle(member: int, day: date) -> Operation:
    return lambda desk: desk.write(checkins.toggle, 1, member, day)


def grant(member: int, number: int) -> Operation:
    return lambda desk: desk.write(points.grant, member, 10 + number, reason="分享", key=f"K{number}")


def closes(*, reopen: bool = False) -> Operation:
    return lambda desk: desk.write(campaigns.close, 1, reopen=reopen)


def operations(count: int) -> list[Operation]:
    """`count` operations that all change something."""
    made: list[Operation] = []
    for number in range(count):
        member, day = 1 + number % 8, NOW.date() - timedelta(days=number % 17)
        kinds: list[Operation] = [
            toggle(member, day),
            paste(number),
            grant(member, number),
            lambda desk: desk.write(history.undo),
            roster(number),
            toggle(member, day),
            rename(number),
            lambda desk: desk.write(history.undo),
            lambda desk: desk.write(history.redo),
            closes(),
            closes(reopen=True),
        ]
        made.append(kinds[number % len(kinds)])
    return made
