"""Both books as tables, and the reckoning a brand gets."""

from __future__ import annotations

from datetime import date

from qunguan.domain.ads import Ad, AdDraft, Reported, Run
from qunguan.domain.deals import Deal, DealDraft, Move, Party
from qunguan.domain.fees import Paid
from qunguan.exchange.writers.ads import ad_table, reckoning
from qunguan.exchange.writers.deals import deal_table

DAY = date(2026, 3, 1)


def test_a_reckoning_says_how_it_comes_about():
    found = Ad(
        7, 1, AdDraft("小罐\x1b[2J茶", 100_000, 2_000), "none", None, DAY,
        (Run(1, 1, DAY, None, "", "posted", DAY), Run(2, 2, DAY, None, "", "planned")),
        (Reported(1, DAY, 12, 360_000),), (Paid(1, DAY, 50_050),),
    )  # fmt: skip
    told = reckoning(found)
    assert "\x1b" not in told
    assert told.splitlines()[1:] == [
        "播出 1 次（2026-03-01）× ¥1000 = ¥1000",
        "成交 12 单，¥3600 × 20 % = ¥720",
        "应付 ¥1720，已付 ¥500.50，还差 ¥1219.50",
    ]
    (row,) = ad_table([found]).rows
    assert row[4:13] == (100_000, "20 %", 1, 1, 12, 360_000, 172_000, 50_050, 121_950)


def test_a_deal_is_a_row_with_what_is_not_known_left_empty():
    found = Deal(3, 1, DealDraft("找仓库", seeker=Party("某厂"), fee_bp=200), (Move(1, "lead", DAY),))
    (row,) = deal_table([found]).rows
    assert row[:3] == (3, "找仓库", "资源撮合")
    assert row[8:13] == (None, None, 0, 0, 0)
