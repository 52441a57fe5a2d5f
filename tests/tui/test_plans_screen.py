"""Memberships by key: sold, renewed, used, paid back; plans, prices, benefits; days before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.plans import Benefit, Membership, PriceStep
from qunguan.services import groups, members, plans
from qunguan.services.desk import Desk
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from tests.tui.desk_app import Room, pictured, room

TODAY = date(2026, 3, 20)
HOSTILE = "[/][red]怪人 =1+1"


@pytest.fixture
def empty(tmp_path: Path, clock: Clock) -> Path:
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        desk.write(members.add_many, ["阿梨", "小满", "青青", "老周"], group_id=1)
        desk.write(members.add, HOSTILE, group_id=1)
    return tmp_path / "q.db"


@pytest.fixture
def path(empty: Path, clock: Clock) -> Path:
    with Desk(empty, clock) as desk:
        made = replace(
            desk.read(plans.draft, "年卡"), early_places=100, early_gift="一本书",
            prices=(PriceStep(0, date(2024, 1, 1), None, 29900),),
            benefits=(Benefit(0, "课程", False, 12), Benefit(0, "外拍", True, 3)),
        )  # fmt: skip
        desk.write(plans.add, made)
        for member_id, days in ((1, 7), (2, -10), (3, 300), (5, 364)):
            desk.write(plans.sell, member_id, 1, day=TODAY + timedelta(days=days - 364), group_id=1)
        desk.write(plans.use, 1, 1, "课程", times=3, note="\u202e\x1b]0;x\x07" + "\u200b" * 10_000)
    return empty


def held(path: Path, clock: Clock, member_id: int) -> Membership:
    with Desk(path, clock) as desk:
        return desk.read(plans.of_member, clock, member_id)[0]


async def come(here: Room) -> None:
    await here.turn_to("plans")
    await here.until(lambda: here.app.screen.query("PagedTable.main") and here.table._pages is not None)


async def fill(here: Room, /, **values: str) -> None:
    """Type into the lines of a form and save it."""
    await here.opened(Form)
    for name, text in values.items():
        here.top.query_one(f"#field-{name}").value = text
    await here.press("f2")


async def test_the_list_its_views_a_past_day_and_why(path, clock, copied):
    async with room(path, clock, "7") as here:
        await come(here)
        await here.sees("阿梨", "课程 3/12", "宽限期", "[/][red]", "该续费 2 人", "续费率 0 % (n=1)")
        assert here.table.line_count == 4
        await here.press("f")
        await here.until(lambda: here.table.line_count == 2)
        await here.press("y")
        await here.until(lambda: copied)
        assert "小满，你的年卡已经在 2026-03-10 到期。" in copied[0]
        await here.press("f")
        await here.sees("这一类没有")
        await here.press("f")
        await here.sees("早鸟名额", "96/100", "★ 外拍")
        await here.press("f", "w")
        await here.opened(TextView)
        await here.sees("续费率 0 % (n=1)")
        await here.press("escape", "enter")
        await here.opened(TextView)
        await here.sees("2025-03-11 开通")
        await here.press("escape", "[")
        await here.sees("2026-03-19")
        await here.press("r")
        await here.told("回到今天")
        await here.press(".", "/")
        await here.write("青")
        await here.until(lambda: here.table.line_count == 1)


async def test_sold_renewed_used_and_paid_back(path, clock):
    async with room(path, clock, "7", (80, 24)) as here:
        await come(here)
        await here.sees("小满")
        await here.press("r")
        await fill(here)
        await here.closed()
        assert held(path, clock, 2).standing.until == TODAY + timedelta(days=364)
        await here.press("u")
        await here.until(lambda: held(path, clock, 2).standing.status == "grace")
        await here.press("home", "down", "b")
        await fill(here, times="10")
        await here.until(lambda: here.wrong)
        await fill(here, times="9")
        await here.closed()
        assert held(path, clock, 1).used[0].used == 12
        await here.press("b")
        await fill(here, times="-")
        await here.closed()
        assert held(path, clock, 1).used[0].used == 3
        await here.press("delete")
        await fill(here)
        await here.until(lambda: here.wrong)
        await fill(here, reason="搬家", amount="100")
        await here.opened(Confirm)
        await here.sees("给 阿梨 退 100.00 元？")
        await here.press("y")
        await here.closed()
        await here.until(lambda: held(path, clock, 1).standing.status == "refunded")
        await here.press("ａ")
        await fill(here, who="没有的人")
        await here.until(lambda: here.wrong)
        await fill(here, who="老周", day="2026-03-19")
        await here.closed()
        await here.until(lambda: here.top.current and here.top.current.name == "老周")
        await here.press("space")
        await here.told("一本书")
        await here.until(lambda: not held(path, clock, 4).gift_owed)
        await here.press("space")
        await here.told("没有欠")


async def test_a_plan_made_priced_given_benefits_and_taken_off_sale(empty, clock):
    async with room(empty, clock, "7") as here:
        await come(here)
        await here.sees("按 n 建第一个方案")
        await here.press("a")
        await here.told("按 n 新建")
        await here.press("n")
        await fill(here, name="季卡", term="x")
        await here.until(lambda: here.wrong)
        await fill(here, term="2026-06-30", price="99", early="10", gift="书")
        await here.closed()
        await here.sees("统一到 2026-06-30", "10/10")
        await here.press("c")
        await fill(here, name="沙龙", quota="2", kind="稀缺")
        await here.closed()
        await here.sees("★ 沙龙")
        await here.press("p")
        await fill(here, price="59", places="5")
        await here.closed()
        await here.sees("前 5 名")
        await here.press("p")
        await fill(here, price="-", places="5")
        await here.closed()
        await here.until(lambda: "前 5 名" not in here.text)
        await here.press("e")
        await fill(here, name="春季卡", term="90")
        await here.closed()
        await here.sees("春季卡", "90 天")
        await here.press("c")
        await fill(here, name="沙龙", quota="-")
        await here.closed()
        await here.until(lambda: "★ 沙龙" not in here.text)
        await here.press("v")
        await here.told("停售")
        await here.press("v")
        await here.told("在售")


def test_its_picture(path, clock, snap_compare):
    async def arrive(here: Room) -> None:
        await come(here)
        await here.press("down")
        await here.sees("到期前 7 天")

    assert pictured(snap_compare, path, clock, arrive)
