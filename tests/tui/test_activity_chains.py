"""接龙 of a chat under one heading, whatever day they name."""

from __future__ import annotations

from datetime import date

from qunguan.domain.activity_chains import ChainFound
from qunguan.tui.screens.activity_chains import by_heading


def test_lists_of_one_heading_belong_together_whatever_day_it_names() -> None:
    titles = [
        "3月1日早起打卡",
        "2026-03-02 早起打卡",
        "周三早起打卡",
        "第4天 早起打卡",
        "21天早起打卡",
        "阳光玫瑰 29.9元",
    ]
    chains = [ChainFound(title, title, date(2026, 3, 1), None, 1) for title in titles]
    assert [[one.title for one in those] for those in by_heading(chains)] == [titles[5:], titles[4:5], titles[:4]]
