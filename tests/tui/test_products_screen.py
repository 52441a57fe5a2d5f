"""Products by key: made of what the orders know, changed, bundled, offered after topics, claims looked at twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from qunguan.domain.clock import Clock
from qunguan.domain.orders import OrderLine
from qunguan.domain.products import Product
from qunguan.services import groups, members, orders, products
from qunguan.services.desk import Desk
from qunguan.tui.screens.content_forms import PostForm
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from tests.services.trade_kit import LAST
from tests.tui.desk_app import Room, pictured, room

HOSTILE = "[/][red]\u202e怪产品\x1b]0;x\x07" + "\u200b" * 10_000


@pytest.fixture
def empty(tmp_path: Path, clock: Clock) -> Path:
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        ids = desk.write(members.add_many, ["阿梨", "小满"], group_id=1)
        for who, item, fen, day in (
            (0, "月度书单", 2990, 10), (1, "月度书单", 2990, 9), (0, "共读营报名", 19_900, 4), (1, HOSTILE, 500, 3),
        ):  # fmt: skip
            lines = [OrderLine(item)]
            desk.write(orders.add_order, ids[who], fen, day=LAST.replace(day=LAST.day - day), lines=lines)
    return tmp_path / "q.db"


@pytest.fixture
def path(empty: Path, clock: Clock) -> Path:
    with Desk(empty, clock) as desk:
        desk.write(products.add, Product(0, "月度书单", "service", "trial", "课程", 2990))
        desk.write(products.add, Product(0, "共读营", "camp", "course", "课程", 19_900), ["共读营报名"])
        desk.write(products.add, Product(0, "礼包", "bundle", "other", "", 3500))
    return empty


def kept(path: Path, clock: Clock, name: str) -> Product:
    with Desk(path, clock) as desk:
        return desk.read(products.find, name)


def page(path: Path, clock: Clock, product_id: int):
    with Desk(path, clock) as desk:
        return desk.read(products.page, clock, product_id)


async def come(here: Room) -> None:
    await here.turn_to("products")
    await here.until(lambda: here.app.screen.query("PagedTable.main") and here.table._pages is not None)


async def fill(here: Room, **values: str) -> None:
    """Type into lines of the form on top, and save."""
    for name, text in values.items():
        here.on(Form).query_one(f"#field-{name}", Input).value = text
    await here.press("f2")


async def test_products_made_of_what_the_orders_know(empty, clock):
    async with room(empty, clock, "7") as here:
        await come(here)
        await here.sees("你在卖什么", "3 样商品没归类")
        await here.press("ｆ", "f")
        await here.sees("共读营报名", "怪产品")
        await here.press("enter")
        await here.opened(Choose)
        await here.press("enter")
        await here.opened(Form)
        assert here.on(Form).query_one("#field-name", Input).value == "共读营报名"
        await fill(here, rung="天", price="199")
        await here.until(lambda: here.wrong)
        await fill(here, rung="系统课", name="共读营")
        await here.closed()
        await here.sees("2 样商品没归类", "共读营")
        assert kept(empty, clock, "共读营").price_fen == 19_900
        await here.press("f", "f")
        await here.sees("怪产品")
        await here.press("enter")
        await here.opened(Choose)
        await here.press("down", "enter")
        await here.told("月度书单 以后算 共读营")
        await here.sees("1 样商品没归类")
        await here.press("u")
        await here.sees("2 样商品没归类", "月度书单")
        for key in ("e", "t", "y", "delete"):
            await here.press(key)
        await here.told("回车归到产品")


async def test_a_product_whole(path, clock, copied):
    async with room(path, clock, "7") as here:
        await come(here)
        await here.sees("产品阶梯（90 天内）", "████", "6 天", "月度书单")
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("卖出 2 份")
        await here.press("escape", "w")
        await here.opened(TextView)
        await here.sees("不论先后")
        await here.press("escape", "y")
        await here.until(lambda: copied)
        assert copied == ["【月度书单】 ¥29.90"]
        await here.press("e")
        await here.opened(Form)
        await fill(here, price="free")
        await here.until(lambda: here.wrong)
        await fill(here, price="")
        await here.closed()
        assert kept(path, clock, "月度书单").price_fen is None
        await here.press("delete")
        await here.until(lambda: here.table.line_count == 2)
        await here.press("[", "f")
        await here.sees("月度书单", "截至")
        await here.press(".")
        await here.until(lambda: here.table.line_count == 3)
        await here.press("/", *"课程")
        await here.until(lambda: here.table.line_count == 2)


async def test_articles_topics_parts_and_claims(path, clock):
    async with room(path, clock, "7") as here:
        await come(here)
        await here.sees("月度书单")
        await here.press("m")
        await here.opened(Choose)
        await here.write("三月书单")
        await here.press("enter")
        await here.closed()
        await here.sees("月度书单、三月书单")
        await here.press("m")
        await here.opened(Choose)
        await here.write("三月书单")
        await here.press("enter")
        await here.opened(Confirm)
        await here.press("y")
        await here.closed()
        await here.until(lambda: "三月书单" not in here.text)
        await here.press("t")
        await here.opened(Choose)
        await here.write("读书笔记")
        await here.press("enter")
        await here.sees("聊到这些话题就推：读书笔记")
        assert page(path, clock, 1).topics == ("读书笔记",)
        await here.turn_to("content")
        await here.press("a")
        await here.opened(PostForm)
        await fill(here, title="一页纸读书笔记")
        await here.told("聊完可以推：月度书单（读书笔记）")
        await here.turn_to("products")
        await here.sees("聊到这些话题就推")
        await here.press("b")
        await here.told("只有套装")
        await here.press("end", "b")
        await here.opened(Form)
        await fill(here, parts="月度书单*2、没有")
        await here.until(lambda: here.wrong)
        await fill(here, parts="月度书单*2、共读营")
        await here.closed()
        await here.sees("月度书单×2、共读营×1")
        await here.press("up", "c")
        await here.opened(Form)
        await fill(here, amount="100000")
        await here.until(lambda: here.wrong)
        await fill(here, members="1000")
        await here.closed()
        await here.told("不可信")
        await here.sees("503 人买")
        await here.press("c")
        await here.opened(Choose)
        await here.press("down", "enter")
        await here.opened(Confirm)
        await here.press("ｙ")
        await here.until(lambda: not page(path, clock, 2).claims)


def test_the_picture(path, clock, snap_compare):
    async def arrive(here: Room) -> None:
        await here.turn_to("products")
        await here.sees("产品阶梯", "订单里叫")

    assert pictured(snap_compare, path, clock, arrive)


async def test_an_article_of_another_product_is_taken_after_a_question(path, clock):
    async with room(path, clock, "7") as here:
        await come(here)
        await here.sees("月度书单")
        for answer in ("n", "y"):
            assert page(path, clock, 2).articles == ("共读营", "共读营报名")
            await here.press("m")
            await here.opened(Choose)
            await here.write("共读营报名")
            await here.press("enter")
            await here.opened(Confirm)
            await here.sees("「共读营报名」现在算作 共读营，改算到 月度书单 吗？")
            await here.press(answer)
            await here.closed()
        await here.told("「共读营报名」现在算作商品「月度书单」；之前算作「共读营」")
        assert page(path, clock, 1).articles == ("月度书单", "共读营报名")
