"""Money by key: rows of every kind, months, the payments behind a row, goals beside, text, file, why; an empty book."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.services import goals, groups, members, orders, plans
from qunguan.services.desk import Desk
from qunguan.tui.screens.members_card import CardView
from qunguan.tui.screens.revenue import RevenueScreen
from qunguan.tui.widgets import paged_table
from qunguan.tui.widgets.dialogs import Form, TextView
from tests.tui.desk_app import Room, pictured, room

TODAY = date(2026, 3, 20)
HOSTILE = "[/][red]\u202e甲" + "\u200d" * 4


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """Two members: 老陈 bought last month and this one and has a membership; another whose order went back whole."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        for name in ("老陈", HOSTILE):
            desk.write(members.add, name, group_id=1, joined_on=TODAY - timedelta(days=60), channel="抖音")
        desk.write(orders.add_order, 1, 60_000, day=date(2026, 2, 10))
        desk.write(orders.add_order, 1, 5_000, day=date(2026, 3, 2))
        desk.write(orders.add_order, 2, 8_800, day=date(2026, 2, 28))
        desk.write(orders.refund_order, 3, 8_800, day=date(2026, 3, 1))
        yearly = desk.write(plans.add, desk.read(plans.draft, "年卡")).id
        desk.write(plans.sell, 1, yearly, paid_fen=36_500, day=date(2026, 3, 5))
        desk.write(goals.add, "net", "3000", name="三千元")
    return tmp_path / "q.db"


async def ready(here: Room) -> None:
    await here.until(lambda: here.on(RevenueScreen)._ready)
    await here.pilot.pause()


async def press(here: Room, key: str) -> None:
    await here.press(key)
    await ready(here)


async def test_a_month_by_every_kind_of_row(path, clock, copied):
    async with room(path, clock, "7") as here:
        await here.turn_to("revenue")
        await here.sees("按来源 · 这个群", "2026-03-01 – 03-20", "净额 327.00", "会员费", "365.00", "-38.00")
        await here.sees("三千元", "▸26-03", " 26-02", "688.00")
        await press(here, "ｆ")
        await here.sees("按月", "2026-02", "2025-04-01 – 2026-03-20", "1015.00")
        await press(here, "f")
        await here.sees("按群 · 所有群", "早起读书群")
        await press(here, "f")
        await here.sees("按渠道", "抖音")
        await press(here, "f")
        await press(here, "[")
        await here.sees("2026-02-01 – 02-28", "688.00", "▸26-02")
        await here.press("w")
        await here.opened(TextView)
        await here.sees("退款记在退回的那天", "社群是用户资产")
        await here.press("escape")
        await here.closed()
        await press(here, ".")
        await here.press("]")
        await here.sees("就是正在过的这个月")
        await here.press("y")
        await here.until(lambda: copied)
        assert "净额 327.00" in copied[0]
        assert "老陈" not in copied[0]


async def test_the_payments_behind_a_row(path, clock, tmp_path):
    async with room(path, clock, "7") as here:
        await here.turn_to("revenue")
        await here.sees("净额 327.00")
        await ready(here)
        await press(here, "enter")
        await here.sees("订单", "老陈", "50.00", "-88.00", "[/][red]甲", "净额 -38.00")
        assert "\u202e" not in here.text
        await here.press("x")
        await here.opened(Form)
        here.line.value = str(tmp_path / "paid.csv")
        await here.press("enter")
        await here.until(lambda: (tmp_path / "paid.csv").exists())
        await here.closed()
        assert "-88.00" in (tmp_path / "paid.csv").read_text("utf-8-sig")
        await press(here, "[")
        await here.sees("600.00", "2026-02-10")
        await press(here, "escape")
        await here.sees("按来源", "净额 688.00")
        await press(here, ".")
        await press(here, "f")
        await here.sees("按月", "2025-04-01")
        await press(here, "down")
        await press(here, "enter")
        await here.sees("2026-02-01 – 02-28", "600.00", "88.00")
        await press(here, "]")
        await here.sees("2026-03-01 – 03-20", "365.00", "年卡")
        await press(here, "escape")
        await here.sees("2025-04-01")
        await press(here, "enter")
        await here.sees("年卡")
        await here.press("enter")
        await here.sees("时间线", "#1")


async def test_the_card_of_a_payer_and_back(path, clock, monkeypatch):
    """Rows that are long on their way do not matter, nor do those who are in no list; Esc leads back to the money."""
    monkeypatch.setattr(paged_table, "PATIENCE", 0)
    monkeypatch.setattr(paged_table, "FIRST_PATIENCE", 0)
    with Desk(path, clock) as desk:
        desk.write(groups.create, "二群")
        desk.write(members.add, "阿宽")
        desk.write(orders.add_order, 3, 70_000, day=TODAY)
    async with room(path, clock, "7") as here:
        await here.turn_to("revenue")
        await here.sees("净额 327.00")
        await ready(here)
        await press(here, "f")
        await press(here, "f")
        await here.sees("不在任何群")
        await press(here, "enter")
        await here.sees("不在任何群", "阿宽")
        await here.press("enter")
        await here.opened(CardView)
        await here.sees("阿宽", "#3")
        await here.press("escape")
        await here.until(lambda: here.noun == "revenue")
        await here.sees("不在任何群", "阿宽")


async def test_an_empty_book_teaches(tmp_path, clock):
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
    async with room(tmp_path / "q.db", clock, "7", (80, 24)) as here:
        await here.turn_to("revenue")
        await here.sees("这段时间没有进出的钱", "净额 0.00")
        await ready(here)
        await here.press("enter")
        await here.sees("[ 看上个月")


def test_the_key_view(path, clock, snap_compare):
    async def arrive(here):
        await here.turn_to("revenue")
        await here.sees("按来源", "三千元")
        await ready(here)
        await press(here, "f")
        await here.sees("按月", "2026-02", "占净额 32.2%", "三千元")

    assert pictured(snap_compare, path, clock, arrive)
