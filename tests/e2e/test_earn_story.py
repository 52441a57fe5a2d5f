"""What the community earns, at a real terminal and by keyboard only: last month's money and from whom, a membership
renewed, the weekly report as a page, and why there is a line at 8 %.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.money import yuan
from qunguan.domain.revenue import Revenue
from qunguan.services import revenue
from qunguan.services.desk import Desk
from tests.conftest import NOW
from tests.e2e.window import DOWN, ENTER, ESC, F2, Window

BACK_TAB = b"\x1b[Z"
FEBRUARY = date(2026, 2, 1), date(2026, 2, 28)
WEEK = date(2026, 3, 9), date(2026, 3, 15)


class Page(HTMLParser):
    """What a page is made of: its open tags in order, those that were never closed, what it would fetch, its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.unclosed: list[str] = []
        self.fetched: list[str] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [f"{tag} {name}={value}" for name, value in attrs if name in ("src", "href") and value]
        if tag not in ("meta", "br", "hr", "link", "img", "input"):
            self.unclosed.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.unclosed.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def sums(path: Path, days: tuple[date, date]) -> Revenue:
    """The group's money of some days, counted apart from the screens."""
    clock = Clock(NOW)
    with Desk(path, clock) as desk:
        return desk.read(revenue.revenue, clock, first=days[0], last=days[1], group_id=1)


@pytest.mark.slow
@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
def test_a_newcomer_reads_the_books_renews_reports_and_learns_why(terminal, sample, size):
    month, week = sums(sample, FEBRUARY), sums(sample, WEEK)
    assert month.total.net_fen > 0
    assert week.total.net_fen > 0
    window: Window = terminal(sample, columns=size[0], rows=size[1])
    window.sees("群管 · 早起读书群", "今天有")

    last_month_and_from_whom(window, month)
    renewed(window, sample)
    reported(window, sample, f"¥{yuan(week.total.net_fen)}")
    why_eight(window)
    window.quit()


def last_month_and_from_whom(window: Window, month: Revenue) -> None:
    """The money room: by where it came from, then payment by payment, with who paid."""
    window.press("7")
    window.sees("[订单]", "收支")
    window.press(BACK_TAB)
    window.sees("[收支]", "按来源", "2026-03-01 – 03-20")
    window.press("[")
    window.sees("2026-02-01 – 02-28", f"净额 {yuan(month.total.net_fen)}", "会员费")
    orders, memberships = (one for one in month.rows if one.net_fen)
    window.until(lambda: yuan(orders.net_fen) in window.line("▸"))
    window.press(DOWN)
    window.until(lambda: "会员费" in window.line("▸") and yuan(memberships.net_fen) in window.line("▸"))
    window.press(ENTER)
    window.sees(f"净额 {yuan(memberships.net_fen)}", "付款人", "2026-02-14", "Luna酱")
    window.until(lambda: "Luna酱" in window.line("2026-02-14"))
    payer = window.line("▸").split()[3]
    window.press(ENTER)
    window.sees(f"{payer}  #", "Esc 返回")
    window.press(ESC)
    window.sees("[收支]", "2026-02-14")  # back where it was opened
    window.press(ESC)
    window.sees("按来源")


def renewed(window: Window, sample: Path) -> None:
    """Whose renewal is due stands in a list of its own; `r` renews."""
    window.press("7")
    window.sees("[订单]")
    window.press(b"\t", b"\t")
    window.sees("[会员]", "有效会员")
    window.press("f")
    window.sees("该续费的", "17 天前到期")
    who = window.line("▸").split()[2]
    window.press("r")
    window.sees(f"给 {who} 续", "下一期从付款当天算", "299")
    window.press(F2)
    window.sees("2026-03-20 到", "2027-03-19")
    window.until(lambda: who not in window.line("▸"))
    with closing(sqlite3.connect(sample)) as file:
        last = "SELECT m.name, s.paid_fen FROM subscription AS s JOIN member AS m ON m.id = s.member_id"
        assert file.execute(f"{last} ORDER BY s.id DESC").fetchone() == (who, 29_900)


def reported(window: Window, sample: Path, net: str) -> None:
    """The report of the week that is over, as a page of its own."""
    window.press("8")
    window.sees("[概览]")
    window.press(BACK_TAB)
    window.sees("[报告]", "周报")
    window.press(DOWN)
    window.sees("周报：早起读书群", "2026-03-09 到 2026-03-15", net)
    window.press(ENTER)
    window.sees("写报告", "weekly-2026-03-09.html")
    window.press(F2)
    window.sees("报告写在")
    text = (sample.parent / "out" / "weekly-2026-03-09.html").read_text(encoding="utf-8")
    page = Page(text)
    assert text.startswith("<!DOCTYPE html>")
    assert page.unclosed == []
    assert page.tags[0] == "html"
    assert page.tags.count("html") == page.tags.count("body") == 1
    assert page.fetched == []  # nothing is asked of any other place
    assert "周报：早起读书群" in page.words
    assert net in page.words
    assert re.search(r"2026-03-09.*2026-03-15", page.words)


def why_eight(window: Window) -> None:
    """The handbook: the line is looked for, and the sentence about it read, with what it rests on."""
    window.press("0")
    window.sees("[设置]", "手册")
    window.press(BACK_TAB)
    window.sees("[手册]", "主题")
    window.press("/")
    window.sees("S4-30")
    window.press("8%")
    window.sees("手册 4 页", "促销海报只有 8%")
    window.press(DOWN)
    window.until(lambda: window.line("▸ 活动"))
    window.press(DOWN)
    window.until(lambda: window.line("▸ 预警"))
    window.sees("走了超过 8%")  # in the line, and where there is room, beside the list
    window.press(ENTER)
    window.sees("▸ 七天里走了超过 8% 的人", "承受得住的边", "S4-30")
    window.press(ESC)
    window.loses("承受得住的边")
    window.press(ESC)
    window.sees("社群是什么")
