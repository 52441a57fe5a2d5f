"""The owner's week and campaigns at a real terminal, by keyboard only: plan, be stopped, run, settle, send."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.today import Line
from qunguan.services import today
from qunguan.services.desk import Desk
from tests.conftest import NOW
from tests.e2e.conftest import rows
from tests.e2e.window import DOWN, ENTER, ESC, F2, Window

SIZES = [(120, 40), (80, 24)]
TAB, HOME = b"\t", b"\x1b[H"
FORM = "不填的空留成"  # the note over the lines that ask what belongs into a text
AFTER = "2026-03-22T10:30+08:00"  # the group buy of the 20th and 21st is over
KEPT = "✓ 配比达标"
TEAMS = """彩虹团：北北 39元、奶茶² 39元、常天 39元
月亮团：顾秀玉、夏强、苏知
太阳团：高可、傅雨静
1. 星河² 太阳团 39元
"""


def opened(terminal, sample: Path, size: tuple[int, int], key: str, *texts: str, **env: str) -> Window:
    """The program at a screen."""
    window: Window = terminal(sample, columns=size[0], rows=size[1], **env)
    window.sees("群管 · 早起读书群", "今天有")
    window.press(key)
    window.sees(*texts)
    return window


def post(window: Window, title: str, kind: str = "") -> None:
    """Fill in the form of a post: its kind (the suggested one where none is told), its title."""
    window.press("a")
    window.sees("排一条内容", "目标 60 %")
    window.press(*([kind] if kind else []), DOWN, title)
    window.sees(title, "→")


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_next_week_is_planned_until_the_meter_is_green_and_the_fourth_promotion_is_stopped(terminal, sample, size):
    there = len(rows(sample)["post"])
    window = opened(terminal, sample, size, "5", "配比")
    window.press("]")
    window.sees("03-23 周一 – 03-29 周日", KEPT)
    for number in range(4):  # what the meter asks for next stands in the form: one of them is a benefit
        post(window, f"下周第{number + 1}条")
        window.press(F2)
        window.sees(f"下周第{number + 1}条》排在 03-23", KEPT)
        window.loses("排一条内容")
    for number in (2, 3):
        post(window, f"第{number}次促销", "利益")
        window.sees("超过 60/30/10 的目标")  # told, not stopped
        window.press(F2)
        window.sees(f"第{number}次促销》排在 03-23", KEPT)
        window.loses("排一条内容")
    before = rows(sample)["post"]
    post(window, "第4次促销", "利益")
    window.sees("✗ 利益会占 28 天里 29 条的 20.7%", "最多超 10 个", "S0-16")
    window.press(F2)
    window.sees("在「仍要发的理由」写一句再保存")
    window.until(lambda: window.typing_at("超了才填"))  # the cursor stands where the reason goes
    assert rows(sample)["post"] == before
    window.press(ESC)
    window.sees("再按一次 Esc 就不要了")
    window.press(ESC)
    window.loses("排一条内容")
    window.sees(KEPT)
    window.quit()
    assert len(before) == there + 6


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_a_group_buy_of_three_goes_from_the_wizard_to_its_review(terminal, sample, size):
    window = opened(terminal, sample, size, "6", "春天共读邀请", "三人共读绘本")
    window.press("a")
    window.sees("1/6", "这次为了什么？")
    window.press(DOWN, DOWN, ENTER)
    window.sees("2/6", "几个人凑成一团才成交")
    window.press(ENTER)
    window.sees("3/6", "给谁？")
    window.press(ENTER)
    window.sees("4/6", "第一天")
    window.press("2026-03-20", DOWN, DOWN, "2026-03-21", DOWN, "21:00", F2)
    window.sees("5/6", "几人成团", "今天就开始")
    window.press("3", DOWN, "绘本贴纸一份", DOWN, "12", DOWN, DOWN, "绘本三人团 39 元", F2)
    window.sees("6/6", "拼团 03-20")
    window.press("绘本三人团", DOWN, "9", F2)
    window.sees("「绘本三人团」策划好了", "0 %")

    window.press("s")
    window.sees("「绘本三人团」开场检查", "[?]")
    window.press(F2)
    window.sees("[?]", "开场检查")  # nothing starts past an open question
    for _question in range(9):
        window.press(" ", DOWN)
    window.until(lambda: "[?]" not in window.text)
    window.press(F2)
    window.sees("「绘本三人团」开始了")

    window.press("i")
    window.sees("写名单，或粘贴")
    window.press(ENTER)
    window.sees("「绘本三人团」的名单")
    window.paste(TEAMS)
    window.sees("太阳团：高可")
    window.press(F2)
    window.sees("加了或改了 9 行", "100 %")
    window.quit()

    window = opened(terminal, sample, size, "6", "◐ 绘本三人团", "待复盘 2", QUNGUAN_NOW=AFTER)
    window.press("r")
    window.sees("登记这 9 份都发了？", "绘本贴纸一份")
    window.press("y")
    window.sees("9 份登记为已发")
    window.press("v")
    window.sees("「绘本三人团」办得怎么样", "目标达到了：9 / 9", "3 团里成了 3 团", "成交额 ¥156")
    window.press(ESC)
    window.sees("要记住的", "哪里好")
    window.press("团长带头", ENTER, "库存没说清", ENTER, "先晒样书", ENTER)
    window.sees("✓ 绘本三人团", "结束 2")
    window.quit()
    with closing(sqlite3.connect(sample)) as found:
        assert found.execute("SELECT next_time FROM campaign_review").fetchall()[-1] == ("先晒样书",)
        kinds = dict(found.execute("SELECT kind, count(*) FROM campaign_entry WHERE campaign_id = 3 GROUP BY kind"))
    assert kinds == {"order": 9, "gift": 9}


def points_of(path: Path) -> dict[object, object]:
    return dict(rows(path)["points"])  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_a_fission_drive_is_settled_once_and_who_invited_himself_gets_nothing(terminal, sample, size):
    before = points_of(sample)
    window = opened(terminal, sample, size, "6", "春天共读邀请", "三人共读绘本")
    window.press(TAB)
    window.sees("1 次裂变")
    window.press(ENTER)
    window.sees("自己邀请自己", "本来就在", "按 r 发 1 份")
    window.press("w")
    window.sees("怎么算数", "× 自己邀请自己 1", "梧桐 邀请人和被邀请人是同一个人")
    window.press(ESC)
    window.loses("怎么算数")
    window.press("r")
    window.sees("发放 1 份奖励吗？", "熊欣刚 · 有效 3 位 · 手作书签", "30 积分记进流水")
    assert "梧桐 ·" not in window.text
    window.press("y")
    window.sees("发了 1 份，积分已入账")
    window.until(lambda: "按 r 发 1 份" not in window.text)
    settled = points_of(sample)
    changed = {key: points for key, points in settled.items() if before.get(key) != points}
    assert len(changed) == 1
    ((member, points),) = changed.items()
    assert points - before.get(member, 0) == 30  # type: ignore[operator]
    window.press("r")
    window.sees("没有要发的：该发的都发过了")
    window.quit()
    assert points_of(sample) == settled


def due(path: Path) -> dict[str, Line]:
    """The tasks of today by the name of the file their text goes to."""
    clock = Clock(NOW)
    with Desk(path, clock) as desk:
        lines = desk.read(today.duties, clock, 2).lines
    return {f"2026-03-20-{line.key.removesuffix(':2026-03-20').replace(':', '-')}.txt": line for line in lines}


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_the_ready_text_of_every_task_of_today_is_copied(terminal, sample, size):
    tasks = due(sample)
    assert len(tasks) > 5
    assert any(line.missing for line in tasks.values())
    asks = {str(line.text)[:6]: len(line.missing) for line in tasks.values()}
    window = opened(terminal, sample, size, "1", "晚上好", "没回")  # the care list comes last and from above
    window.sees("件事。", "▸")
    many = re.search(r"今天有 (\d+) 件事。", window.text)
    assert many is not None
    folder = sample.parent / "out"
    window.press(HOME)
    window.until(lambda: "要做的" in above(window))
    for left in range(int(many[1]), 0, -1):
        here = on_line(window)
        for gaps in [n for text, n in asks.items() if text in here]:
            copy(window, folder, gaps)
        if left > 1:
            window.press(DOWN)
            window.until(lambda here=here: on_line(window) not in ("", here))  # type: ignore[misc]
    window.quit()
    texts = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}
    assert texts.keys() == tasks.keys(), "each task has a file of its own"
    assert not [text for text in texts.values() if not text or "{" in text or "____" in text]


def on_line(window: Window) -> str:
    """How the line under the cursor begins: what a notice beside it does not cover."""
    return window.line("▸")[:24]


def above(window: Window) -> str:
    """The line above the one under the cursor."""
    lines = window.screen()
    return next((before for before, line in pairwise(lines) if "▸" in line), "")


def copy(window: Window, folder: Path, gaps: int) -> None:
    """Copy the text of the line under the cursor; what it asks for is typed."""
    there = len(list(folder.glob("*.txt")))
    window.press("y")
    if gaps:
        window.sees(FORM)
        for _gap in range(gaps):
            window.press("词", ENTER)  # Enter on the last line copies
    window.until(lambda: len(list(folder.glob("*.txt"))) > there)
    if gaps:
        window.loses(FORM)
