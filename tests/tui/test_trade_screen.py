"""Trade by key: RFM of buyers and segments, figures, funnels, channels and what they cost; past days, empty lists."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.services import groups, members, orders, trade_told
from qunguan.services.desk import Desk
from qunguan.tui.screens.trade import TradeScreen
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from tests.tui.desk_app import Room, pictured, room

TODAY = date(2026, 3, 20)
HOSTILE = "[/][red]\u202e甲" + "\u200d" * 4


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """Four members: one buys often, one bought once just now, one long ago, the last never; two came by 抖音."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        for name in ("老陈", HOSTILE, "阿芳", "没买过"):
            desk.write(members.add, name, group_id=1, joined_on=ago(60), channel="抖音" if name != "阿芳" else "门店")
        for days in (40, 20, 9, 2):
            desk.write(orders.add_order, 1, 60_000, day=ago(days))
        desk.write(orders.add_order, 2, 5_000, day=ago(1))
        desk.write(orders.add_order, 3, 120_000, day=ago(300))
    return tmp_path / "q.db"


async def enter(here: Room) -> None:
    await here.turn_to("trade")
    await here.sees("老陈", "3 位买家", "固定分段")
    await ready(here)


async def ready(here: Room) -> None:
    await here.until(lambda: here.on(TradeScreen)._ready)
    await here.pilot.pause()


async def turn(here: Room, times: int) -> None:
    for _ in range(times):
        await here.press("f")
        await ready(here)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_buyers_are_scored_and_named(path, clock, size):
    async with room(path, clock, "8", size) as here:
        await enter(here)
        await here.sees("2400.00", "冠军", "新客", "重点挽回", "[/][red]甲")
        assert "\u202e" not in here.text
        assert "没买过" not in here.text
        await here.press("w")
        await here.opened(TextView)
        await here.sees("R 5 分：上次下单在 2 天前", "F 4 分：买过 4 次", "请他们当体验官")


async def test_a_headline_without_room_says_that_there_is_more(path, clock):
    async with room(path, clock, "8", (80, 24)) as here:
        await enter(here)
        await here.press("s")
        await here.until(lambda: any("3 位买家" in line and line.rstrip().endswith("…")
                                     for line in here.text.splitlines()))  # fmt: skip


async def test_fifths_fall_back_and_say_so(path, clock):
    async with room(path, clock, "8") as here:
        await enter(here)
        await here.press("s")
        await here.sees("只有 3 位买家，五分位至少要 50 位")
        await ready(here)
        await here.press("ｓ")  # the full-width twin
        await here.until(lambda: "五分位至少" not in here.text)


async def test_buyers_are_found_and_opened(path, clock):
    async with room(path, clock, "8") as here:
        await enter(here)
        await here.press("/")
        await here.write("阿芳")
        await here.until(lambda: "2400.00" not in here.text)
        await ready(here)
        await here.press("enter")
        await here.until(lambda: here.app.screen.name != "trade" and "阿芳" in here.text)


async def test_a_segment_shows_who_is_in_it(path, clock):
    async with room(path, clock, "8") as here:
        await enter(here)
        await turn(here, 1)
        await here.sees("RFM 分群", "████", "请他们当体验官", "R 4–5  F 4–5  M 4–5")
        await here.press("w")
        await here.opened(TextView)
        await here.sees("未消费")
        await here.press("escape")
        await here.closed()
        await here.press("enter")
        await here.sees("Esc 回到分群", "老陈")
        assert "阿芳" not in here.text
        await ready(here)
        await here.press("escape")
        await here.sees("RFM 分群", "将流失")


async def test_figures_say_what_they_count(path, clock):
    async with room(path, clock, "8") as here:
        await enter(here)
        await turn(here, 2)
        await here.sees("客单价", "490.00", "转化率", "50.0 %", "按人数，90 天", "首购 30 天 LTV", "25-05")
        await here.press("s")
        await here.told("这是给 RFM 和漏斗用的")
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("S0-33")
        await here.press("escape")
        await here.closed()
        await here.press("y")
        await here.told("复制")


async def test_funnels_follow_one_another(path, clock):
    async with room(path, clock, "8") as here:
        await enter(here)
        await turn(here, 3)
        await here.sees("裂变承接", "入群", "100%", "无从")
        await here.press("s")
        await here.sees("直播转化")
        await ready(here)
        await here.press("w")
        await here.opened(TextView)
        await here.sees("每人只算一次", "社群打卡的算法约定")


async def test_channels_cost_and_costs_go_again(path, clock):
    async with room(path, clock, "8") as here:
        await enter(here)
        await turn(here, 4)
        await here.sees("拉来一位新成员要花多少钱")
        await here.press("a")
        await here.opened(Form)
        await here.press("f3")
        await here.opened(Choose)
        await here.press("enter")
        await here.opened(Form)
        await here.press("down", "f2")
        await here.until(lambda: "请写花了多少" in here.wrong)
        for text in ("300", str(ago(70)), str(ago(50)), "投放"):
            await here.write(text)
            await here.press("enter")
        await here.told("抖音 花了 300.00 元")
        await here.sees("100.00", "8.17", "投放")
        await ready(here)
        await here.press("a")
        await here.opened(Form)
        await here.press("enter")
        await here.write("20")
        await here.burst("enter", "enter", "enter", "enter", "enter")
        await here.closed()
        await here.sees("320.00")
        await ready(here)
        await here.press("delete")
        await here.opened(Choose)
        await here.write("投放")
        await here.press("enter")
        await here.opened(Confirm)
        await here.press("y")
        await here.told("按 u 可以撤回")
        await here.sees("20.00")
        await here.press("u")
        await here.sees("320.00")
    with Desk(path, clock) as desk:
        assert [each.cost_fen for each in desk.read(trade_told.costs, TODAY)] == [30_000, 2_000]


async def test_past_days(path, clock):
    async with room(path, clock, "8") as here:
        await enter(here)
        await here.press("]")
        await here.told("已经是今天了")
        await here.press("[", "[")
        await here.sees("截至 2026-03-18", "2 位买家")
        await here.press(".")
        await here.sees("截至 2026-03-20", "3 位买家")


async def test_what_does_not_fit_says_why(path, clock):
    async with room(path, clock, "8") as here:
        await enter(here)
        await here.press("delete")
        await here.told("先把光标移到记过花费的渠道上")
        await turn(here, 1)
        await here.press("/")
        await here.told("只能在买家表里找人")


async def test_every_list_goes_out(path, clock):
    with Desk(path, clock) as desk:
        desk.write(trade_told.add_cost, "抖音", 100, from_day=ago(60))
    out = path.parent / "out"
    async with room(path, clock, "8") as here:
        await enter(here)
        for view in ("buyers", "segments", "figures", "funnel", "channels"):
            await here.press("x")
            await here.opened(Form)
            await here.press("enter")
            await here.closed()
            await here.until((out / f"trade-{view}-{TODAY}.xlsx").exists)
            await here.press("y")
            await here.until((out / f"trade-{view}-{TODAY}.txt").exists)
            await turn(here, 1)
    assert "老陈" not in (out / f"trade-segments-{TODAY}.txt").read_text(encoding="utf-8")


async def test_empty_lists_teach(tmp_path, clock):
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
    async with room(tmp_path / "q.db", clock, "8") as here:
        await here.turn_to("trade")
        await here.sees("还没有人下过单", "变现（7，i）")
        await ready(here)
        await here.press("w")
        await here.told("这张表是空的")
        await turn(here, 2)
        await here.sees("还没有人下过单")


def test_the_key_view(path, clock, snap_compare):
    async def arrive(here):
        await enter(here)
        await here.sees("R 5 分", "互动 0")

    assert pictured(snap_compare, path, clock, arrive)
