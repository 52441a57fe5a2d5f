"""The member's card on the screen: one page, why each number is what it is, as of any day, the text for the member."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from textual.widgets import Input

from qunguan.domain.clock import Clock
from qunguan.domain.level_terms import Condition, Level, Terms
from qunguan.domain.rewards import Reward
from qunguan.services import badges, checkins, groups, levels, members, orders, points, rewards
from qunguan.services.desk import Desk
from qunguan.tui.screens.members_card import CardView
from qunguan.tui.screens.members_why import WhyView
from qunguan.tui.widgets.dialogs import Form, TextView
from tests.tui.desk_app import Room, pictured, room

WIDE, NARROW = (120, 40), (80, 24)
YUAN = 100


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """阿梨 with something of everything, and 二宝 with nothing."""
    place = tmp_path / "q.db"
    with Desk(place, clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        ali = desk.write(members.add, "阿梨", group_id=1, joined_on=date(2026, 3, 1), phone="13800138000",
                         note="住上海").id  # fmt: skip
        desk.write(members.add, "二宝", group_id=1)
        above = Level("银卡", ((Condition("spend", 1000 * YUAN),), (Condition("orders", 9),)))
        desk.write(levels.create, "会员", Terms((Level("普通"), above)), from_day=date(2026, 3, 1), reason="开始")
        desk.write(badges.add_badge, "三连", "best_streak", 3)
        desk.write(checkins.start, "早起", who=[ali], starts_on=date(2026, 3, 1), tiers={})
        for day in (16, 17, 18, 19):
            desk.write(checkins.mark, 1, ali, date(2026, 3, day), "done")
        desk.write(orders.add_order, ali, 600 * YUAN, day=date(2026, 3, 10), number="A1")
        desk.write(orders.refund_order, 1, 100 * YUAN, reason="坏了")
        desk.write(points.grant, ali, 50, reason="活动", expires_on=date(2026, 3, 25))
        desk.write(rewards.add, Reward(0, "一本书", "goods", 20))
        desk.write(rewards.redeem, ali, 1, code=lambda: "ABCD2345")
    return place


async def opened(found: Room) -> CardView:
    """The card of 阿梨, who comes first by name."""
    await found.press("enter")
    await found.opened(CardView)
    view = found.app.screen
    assert isinstance(view, CardView)
    return view


def explained(found: Room) -> str:
    """Everything the reasons say, scrolled to or not."""
    return "\n".join(str(each.render()) for each in found.app.screen.query("VerticalScroll Static"))


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_everything_is_on_one_page(path, clock, size):
    async with room(path, clock, "2", size) as found:
        view = await opened(found)
        told = str(view.query_one("#facts").render()) + str(view.query_one("#times").render())
        for text in ("13800138000", "住上海", "普通", "还差 500 元", "三连", "连续4", "实收 500.00 元", "ABCD2345",
                     "2026-03-25", "退款 100.00 元", "进群 早起读书群"):  # fmt: skip
            assert text in told, text
        facts, times = view.query_one("#facts").region, view.query_one("#times").region
        assert (times.x > facts.x) is (size == WIDE), "beside it, or below where there is no room"


async def test_w_explains_every_number_and_goes_back_to_the_card(path, clock):
    async with room(path, clock, "2") as found:
        view = await opened(found)
        await found.press("w")
        await found.opened(WhyView)
        await found.sees("积分：", "欠", "银卡 要求：", "累计消费 1000 元", "现有 500 元", "还差 500 元")
        told = explained(found)
        for text in ("徽章：三连", "最长连续：4，要 3", "早起：连续 4", "冻结怎么算", "600.00 − 退 100.00 = 500.00"):
            assert text in told, text
        await found.press("escape")
        await found.until(lambda: found.app.screen is view)
        await found.press("ｗ")
        await found.opened(WhyView)


async def test_y_copies_the_private_text_and_the_card_stays(path, clock, copied):
    async with room(path, clock, "2") as found:
        await opened(found)
        await found.press("y", "ｙ")
        await found.until(lambda: len(copied) == 2)
        assert copied[0].startswith("阿梨，")
        assert "13800138000" not in copied[0]
        assert "住上海" not in copied[0]
        assert (path.parent / "out" / "成员-1.txt").read_text(encoding="utf-8") == copied[0]
        assert isinstance(found.app.screen, CardView)


async def test_brackets_turn_the_days_and_the_dot_comes_back(path, clock):
    async with room(path, clock, "2") as found:
        await opened(found)
        await found.burst("[", "【", "[")
        await found.sees("截至 2026-03-17", "连续2")
        assert "退款" not in found.text
        await found.press("w")
        await found.opened(WhyView)
        assert "600.00 = 600.00" in explained(found)
        await found.press("escape", "]", "]", "]", "]")
        await found.until(lambda: "截至" not in found.text)
        await found.sees("退款 100.00 元")
        await found.press("[", "。")
        await found.until(lambda: "截至" not in found.text)


async def test_x_writes_the_page_as_markdown(path, clock, tmp_path):
    async with room(path, clock, "2") as found:
        await opened(found)
        await found.press("x")
        await found.opened(Form)
        await found.press("f2", "f2")
        await found.told("成员-1.md")
        text = (path.parent / "out" / "成员-1.md").read_text(encoding="utf-8")
        assert text.startswith("# 阿梨 (#1)\n")
        assert "13800138000" in text
        await found.opened(CardView)
        await found.press("x")
        await found.opened(Form)
        found.app.screen.query_one("#field-path", Input).value = str(tmp_path / "no" / "such" / "a.md")
        await found.press("f2")
        await found.until(lambda: found.wrong)
        assert found.app.is_running


async def test_somebody_without_anything_and_somebody_who_was_forgotten_meanwhile(path, clock):
    async with room(path, clock, "2") as found:
        await found.press("down")
        view = await opened(found)
        assert "还没消费过" in found.text
        await found.press("w")
        await found.opened(WhyView)
        await found.press("escape")
        await found.until(lambda: found.app.screen is view)
        await found.press("question_mark")
        await found.opened(TextView)
        await found.sees("每个数字是怎么来的")


async def test_undo_shows_on_the_next_card(path, clock):
    async with room(path, clock, "2") as found:
        await opened(found)
        await found.sees("ABCD2345")
        await found.press("escape")
        await found.closed()
        await found.press("u")
        await found.told("一本书")
        view = await opened(found)
        await found.until(lambda: "ABCD2345" not in str(view.query_one("#facts").render()))


def test_the_card_as_it_is_drawn(path, clock, snap_compare):
    async def ready(found):
        await found.press("2")
        await found.until(lambda: found.app.screen.query("PagedTable.main") and found.table._pages is not None)
        await found.pilot.pause()
        await opened(found)

    assert pictured(snap_compare, path, clock, ready)
