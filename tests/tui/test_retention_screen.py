"""Retention by key: cohorts by week and day, both kinds, past days, who stands behind a cell."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.services import groups, members
from qunguan.services.desk import Desk
from qunguan.store.earning import deed
from qunguan.store.session import Session
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import TextView
from tests.tui.desk_app import Room, pictured, room

HOSTILE = "[/][red]\u202e甲" + "\u200d" * 4


def active(session: Session, clock: Clock, did: list[tuple[int, date]]) -> None:
    session.step("told")
    rows = [{"member_id": who, "kind": "share", "biz_date": day, "occurred_at": clock.now(), "points": 0}
            for who, day in did]  # fmt: skip
    session.insert_many(deed, rows)


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """Four joined on 2 March (semantics 3.6, a month on): the next day one came back, on day 7 another, on day 8 a
    third, the fourth never; one joined yesterday, one nobody knows when."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        first = date(2026, 3, 2)
        ids = [desk.write(members.add, name, group_id=1, joined_on=first).id for name in ("甲", "乙", HOSTILE, "丁")]
        desk.write(members.add, "新人", group_id=1, joined_on=date(2026, 3, 19))
        desk.write(members.add, "老人", group_id=1)
        days = (date(2026, 3, 3), date(2026, 3, 9), date(2026, 3, 10))
        desk.write(active, list(zip(ids, days, strict=False)))
    return tmp_path / "q.db"


async def enter(here: Room) -> None:
    await here.turn_to("retention")
    await here.sees("2026-03-02", "25%", "次日留存（当日）：25% (4)")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_cohorts_turn_by_kind_and_by_day(path, clock, size):
    async with room(path, clock, "4", size) as here:
        await enter(here)
        assert "—" in here.text
        await here.press("f")
        await here.sees("▇ 75%")
        await here.press("s")
        await here.sees("2026-03-19")


async def test_who_stands_behind_a_cell(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("down", "enter")
        await here.opened(Choose)
        await here.sees("25% (4)", "还没到日子")
        await here.write("D7")
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("(1)", "乙", "[/][red]甲", "留存的统一口径")
        assert "\u202e" not in here.text


async def test_past_days_and_why(path, clock):
    async with room(path, clock, "4") as here:
        await enter(here)
        await here.press("]")
        await here.told("已经是今天了")
        await here.press("[", "[")
        await here.sees("截至 2026-03-18")
        await here.press(".")
        await here.sees("截至 2026-03-20")
        await here.press("w")
        await here.opened(TextView)
        await here.sees("退群的人留在分母里", "没有入群日期")
        await here.press("escape")
        await here.closed()
        await here.press("y")
        await here.told("复制")


async def test_an_empty_table_teaches(tmp_path, clock):
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        desk.write(members.add, "老陈", group_id=1)
    async with room(tmp_path / "q.db", clock, "4") as here:
        await here.turn_to("retention")
        await here.sees("1 人没有入群日期")


def test_the_key_view(path, clock, snap_compare):
    async def arrive(here):
        await enter(here)
        await here.sees("D30")

    assert pictured(snap_compare, path, clock, arrive)
