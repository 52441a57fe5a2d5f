"""The ad book by key: booked with the quota in sight, run, reported, paid, called off."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from textual.widgets import Input

from qunguan.domain.ads import AdDraft, RunDraft
from qunguan.domain.clock import Clock
from qunguan.services import ads, groups, rules
from qunguan.services.desk import Desk
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from tests.tui.desk_app import Room, pictured, room

TODAY = date(2026, 3, 20)
DAY = timedelta(days=1)
HOSTILE = "[/][red]\u202e怪品牌" + "\u200b" * 10_000
OBEYED = "\x1b]0;x\x07[/]"


@pytest.fixture
def empty(tmp_path: Path, clock: Clock) -> Path:
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        desk.write(rules.switch, "content.mix_band", enabled=False)
    return tmp_path / "q.db"


@pytest.fixture
def path(empty: Path, clock: Clock) -> Path:
    """One ad that ran and is to be paid, one booked for tomorrow, one of a hostile name that does not fit."""
    with Desk(empty, clock) as desk:
        tea = desk.write(ads.book, 1, AdDraft("小罐茶", 100_000, 2_000, "good"), [RunDraft(TODAY - 10 * DAY, 1_170)],
                         posted=True).ad  # fmt: skip
        desk.write(ads.report, tea.id, 12, 360_000, TODAY - 5 * DAY)
        desk.write(ads.pay, tea.id, 100_000, TODAY - 4 * DAY)
        desk.write(ads.book, 1, AdDraft(HOSTILE, 200_000, fit="poor", fit_note=f"群里都是学生{OBEYED}"))
        desk.write(ads.book, 1, AdDraft("绘本馆", 80_000, 1_000, "good"), [RunDraft(TODAY + DAY, 600)])
    return empty


def kept(path: Path, clock: Clock, brand: str):
    with Desk(path, clock) as desk:
        return desk.read(ads.find, desk.clock, brand)


async def come(here: Room) -> None:
    await here.turn_to("ads")
    await here.until(lambda: here.app.screen.query("PagedTable.main") and here.table._pages is not None)


async def test_what_the_book_shows(path, clock):
    async with room(path, clock, "7") as here:
        await come(here)
        await here.sees("●● 本月广告 2/2", "未收 ¥720", "怪品牌 !", "绘本馆", "每次 ¥800 + 成交的 10 %")
        await here.press("end")
        await here.sees("成交 12 单，¥3600：20 % 是 ¥720", "前 7 天")
        await here.press("enter")
        await here.opened(TextView)
        await here.press("escape")
        await here.closed()
        await here.press("f")
        await here.sees("要收钱的")
        await here.until(lambda: here.table.line_count == 1)
        await here.press("w")
        await here.opened(TextView)
        await here.sees("S3-31", "8 %（S3-44, S4-30）")


async def test_narrow_and_searched(path, clock):
    async with room(path, clock, "7", (80, 24)) as here:
        await come(here)
        await here.sees("小罐茶", "720")
        await here.press("/")
        await here.write("绘本")
        await here.until(lambda: here.table.line_count == 1)


async def test_an_ad_too_many_is_booked_with_a_reason_only(path, clock):
    async with room(path, clock, "7") as here:
        await come(here)
        await here.press("a")
        await here.opened(Form)
        await here.press("f2")
        await here.until(lambda: "没写谁付费" in here.wrong)
        await here.write("二锅头")
        await here.press("enter")
        await here.write("1000")
        await here.sees("●● 本月广告 3/2 !", "第 3 条广告")
        await here.press("f2")
        await here.until(lambda: "超了" in here.wrong or "多了" in here.wrong)
        await here.write("老客户，只此一次")
        await here.press("f2", "f2")
        await here.closed()
        await here.sees("●● 本月广告 3/2 !")
        await here.press("u")
        await here.sees("●● 本月广告 2/2")


async def test_run_out_reported_and_paid(path, clock):
    async with room(path, clock, "7") as here:
        await come(here)
        await here.sees("绘本馆")
        await here.press("space")
        await here.until(lambda: kept(path, clock, "绘本馆").out)
        await here.press("i", "i")
        await here.until(lambda: kept(path, clock, "绘本馆").invoice == "sent")
        await here.press("r")
        await here.opened(Form)
        await here.write("三")
        await here.press("f2")
        await here.until(lambda: here.wrong)
        here.line.value = "3"
        await here.press("enter")
        await here.write("900")
        await here.press("f2")
        await here.closed()
        await here.press("ｐ")
        await here.opened(Form)
        assert here.line.value == "890.00"
        await here.press("enter", "enter", "enter", "enter")
        await here.closed()
        await here.until(lambda: kept(path, clock, "绘本馆").account.open_fen == 0)
        assert len(kept(path, clock, "绘本馆").payments) == 1


async def test_another_run_changed_terms_and_called_off(path, clock, copied):
    async with room(path, clock, "7") as here:
        await come(here)
        await here.sees("绘本馆")
        await here.press("n")
        await here.opened(Form)
        here.line.value = "2026-04-02"
        await here.press("f2")
        await here.closed()
        await here.until(lambda: len(kept(path, clock, "绘本馆").runs) == 2)
        await here.press("e")
        await here.opened(Form)
        await here.press("enter")
        here.line.value = "900"
        await here.press("f2")
        await here.closed()
        await here.until(lambda: kept(path, clock, "绘本馆").draft.price_fen == 90_000)
        await here.press("delete")
        await here.opened(Confirm)
        await here.sees("撤掉 2 条")
        await here.press("y")
        await here.closed()
        await here.until(lambda: kept(path, clock, "绘本馆").cancelled_on)
        await here.press("end", "y")
        await here.until(lambda: copied)
        assert "1720" in copied[0]
        await here.press("space")
        await here.told("没有排着的播出")


async def test_an_empty_book_teaches(empty, clock):
    async with room(empty, clock, "7") as here:
        await come(here)
        await here.sees("○○ 本月广告 0/2", "按 a 接一单")
        await here.press("e", "r", "p")
        await here.told("没有选中广告")


def test_picture(path, clock, snap_compare):
    async def arrive(here: Room) -> None:
        await come(here)
        await here.press("end")
        await here.sees("前 7 天")

    assert pictured(snap_compare, path, clock, arrive)


async def test_the_keys_stay_in_sight_on_a_small_screen_with_the_quota_full(path, clock):
    with Desk(path, clock) as desk:
        desk.write(rules.switch, "content.mix_band", enabled=True)
    async with room(path, clock, "7", (80, 24)) as here:
        await come(here)
        await here.press("a")
        await here.opened(Form)
        await here.sees("本月广告 3/2", "品牌", "F2 保存 · Esc")
        await here.press("f2")
        await here.until(lambda: here.wrong)
        await here.sees("F2 保存 · Esc")
        for _line in range(11):
            await here.press("enter")
        assert here.line.id == "field-reason"
        await here.sees("仍要发的理由", "F2 保存 · Esc")


async def test_what_is_missing_or_wrong_has_the_cursor(empty, clock):
    async with room(empty, clock, "7") as here:
        await come(here)
        await here.press("a")
        await here.opened(Form)
        here.on(Form).query_one("#field-price", Input).value = "十"
        await here.press("enter", "enter", "enter", "f2")
        await here.until(lambda: here.wrong.startswith("品牌") and here.line.id == "field-brand")
        await here.write("小罐茶")
        await here.press("f2")
        await here.until(lambda: here.line.id == "field-price")
