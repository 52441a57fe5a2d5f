"""Orders by key: an export in, buyers who wait, orders by hand, refunds; every change can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.orders import OrderRow
from qunguan.services import groups, levels, members, orders, points
from qunguan.services.desk import Desk
from qunguan.tui.screens.orders_import import OrdersPreview
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.find_member import FindMember
from qunguan.tui.widgets.source_box import SourceBox
from tests.conftest import FIXTURES
from tests.tui.desk_app import Room, pictured, room

HOSTILE = "[/][red]‮甲"
SHEET = """订单号\t买家\t付款时间\t金额\t退款\t状态\t商品
A1\t阿梨\t2026-03-18 10:00\t1200\t0\t已支付\t年卡
A2\t没见过的人\t2026-03-19 10:00\t30\t0\t已支付\t书签
A3\t阿梨\t2026-03-19 11:00\t50\t0\t揽收中\t乌龙茶"""


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """阿梨 with one order of 88 yuan, on the ladder 银卡金卡; a member with a hostile name and an order of theirs."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        pear = desk.write(members.add, "阿梨", group_id=1).id
        other = desk.write(members.add, HOSTILE, group_id=1).id
        desk.write(levels.use_preset, "card")
        desk.write(orders.add_order, other, 1050, number="9")
        desk.write(orders.add_order, pear, 8800, number="10")
    return tmp_path / "q.db"


def book(path: Path, clock: Clock) -> tuple[OrderRow, ...]:
    with Desk(path, clock) as desk:
        ids = desk.read(orders.order_ids)
        return desk.read(orders.order_rows, ids.tolist(), clock.now().date())


async def paste(here: Room, text: str) -> None:
    await here.press("i")
    await here.opened(SourceBox)
    here.app.screen.query_one("TextArea").insert(text)  # type: ignore[attr-defined]
    await here.press("f2")
    await here.opened(OrdersPreview)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_sheet_comes_in_after_a_preview_and_tells_who_rose(path, clock, size):
    async with room(path, clock, "7", size) as here:
        await here.sees("净额 98.50")
        await paste(here, SHEET)
        await here.sees("新 2", "没收下 1 行", "揽收中")
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("等级有变化", "▲ 阿梨  普通 → 银卡")
        await here.press("escape")
        await here.sees("1 位买家待认领" if size[0] > 100 else "没见过的人")
        await here.press("u")
        await here.sees("撤销" if size[0] > 100 else "净额 98.50")
    assert {row.number for row in book(path, clock)} == {"9", "10"}


async def test_terms_of_an_import_are_decided_in_its_preview(path, clock):
    async with room(path, clock, "7") as here:
        await paste(here, SHEET)
        await here.press("n")
        await here.sees("建成新成员：1 人")
        await here.press("p")
        await here.sees("不给积分")
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("积分：+0")
    assert {row.member for row in book(path, clock)} >= {"没见过的人"}


async def test_nothing_is_saved_before_enter(path, clock):
    async with room(path, clock, "7") as here:
        await paste(here, SHEET)
        await here.press("escape")
        await here.closed()
    assert len(book(path, clock)) == 2


async def test_what_columns_mean_is_asked_once(path, clock):
    unknown = "甲列\t乙列\t丙列\nK1\t阿梨\t12.5"
    async with room(path, clock, "7") as here:
        await here.press("i")
        await here.opened(SourceBox)
        here.app.screen.query_one("TextArea").insert(unknown)  # type: ignore[attr-defined]
        await here.press("f2")
        for _column in range(3):
            await here.opened(Choose)
            await here.press("enter")
            await here.press("down")  # another key between: Enter twice at once is once
        await here.opened(OrdersPreview)
        await here.sees("12.50")


async def test_a_buyer_who_waits_is_settled_and_the_points_follow(path, clock):
    async with room(path, clock, "7") as here:
        await paste(here, SHEET)
        await here.press("enter")
        await here.opened(TextView)
        await here.press("escape")
        await here.press("f", "f")
        await here.sees("没见过的人", "没有像的人")
        await here.press("enter")
        await here.opened(Choose)
        await here.write("xcy")
        await here.press("enter")
        await here.sees("买家都认领好了")
    with Desk(path, clock) as desk:
        [row] = [row for row in book(path, clock) if row.number == "A2"]
        assert row.member_id is not None
        assert desk.read(points.balance, row.member_id, clock.now().date()) == 30


async def test_an_order_by_hand_and_its_refund(path, clock):
    async with room(path, clock, "7") as here:
        await here.press("a")
        await here.opened(FindMember)
        await here.write("ali")
        await here.sees("阿梨")
        await here.press("enter")
        await here.opened(Form)
        await here.write("１２.５")
        await here.press("f2")
        await here.sees("净额 111.00")
        await here.press("r")
        await here.opened(Form)
        await here.press("f2")
        await here.sees("净额 98.50")
        await here.press("u")
        await here.sees("净额 111.00")


async def test_a_refund_beyond_what_is_left_keeps_the_form(path, clock):
    async with room(path, clock, "7") as here:
        await here.press("r")
        await here.opened(Form)
        await here.press("home")
        await here.write("9")
        await here.press("f2")
        await here.sees("可退")
        assert isinstance(here.app.screen, Form)
    assert all(row.refund_fen == 0 for row in book(path, clock))


async def test_cancelling_asks_and_says_what_goes_back(path, clock):
    async with room(path, clock, "7") as here:
        await here.press("delete")
        await here.opened(Confirm)
        await here.sees("退给 阿梨 88.00 元", "积分：-88")
        await here.press("y")
        await here.sees("已取消 10")
    assert next(row for row in book(path, clock) if row.number == "10").status == "cancelled"


async def test_an_order_explains_itself(path, clock):
    async with room(path, clock, "7") as here:
        await here.press("w")
        await here.opened(TextView)
        await here.sees("88.00", "S1-26")


async def test_search_refunds_and_sums(path, clock):
    async with room(path, clock, "7") as here:
        await here.press("slash")
        await here.write("ali")
        await here.sees("没有找到")
        await here.press("escape")
        await here.press("slash")
        await here.write("梨")
        await here.sees("搜索：梨", "88.00")
        await here.press("escape", "f")
        await here.sees("没有退款")
        await here.press("f", "r")
        await here.sees("按 f 回到订单")
        await here.press("f", "y")
        await here.sees("orders-2026-03-20.txt")
    assert "净额 98.50 元" in (path.parent / "out" / "orders-2026-03-20.txt").read_text()


async def test_a_real_export_by_its_path(path, clock):
    async with room(path, clock, "7") as here:
        await here.press("i")
        await here.opened(SourceBox)
        here.app.screen.query_one("TextArea").insert(str(FIXTURES / "orders" / "ktt_orders_small.xlsx"))  # type: ignore[attr-defined]
        await here.press("f2")
        await here.opened(OrdersPreview)
        await here.sees("快团团", "新 171", "净额 5422.30", "164 单太早")


async def test_an_empty_book_teaches(tmp_path, clock):
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "群")
    async with room(tmp_path / "q.db", clock, "7", (80, 24)) as here:
        await here.sees("订单让你知道谁在真金白银支持你")
        await here.press("r")
        await here.sees("按 i 导入订单")


def test_the_key_view(path, clock, snap_compare):
    async def arrive(here):
        await here.press("7")
        await here.sees("S1-26")

    assert pictured(snap_compare, path, clock, arrive)
