"""Typing as a Chinese input method types: whole phrases at once, full-width keys, and pinyin without one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.window import ENTER, ESC, F2, PATIENCE, QUICK_BAR, Window

pytestmark = pytest.mark.slow


@pytest.fixture
def window(terminal, small: Path) -> Window:
    """The screens on the group of eight."""
    found: Window = terminal(small)
    found.sees("群管 · 早起读书群 8人")
    return found


def search(window: Window, key: str, typed: str) -> None:
    """Open the search of the members and commit a phrase in one write."""
    window.sees("Crystal", "人数宽裕")
    window.press(key)
    window.until(lambda: window.typing_at("搜索"))
    window.press(typed)


def test_full_width_keys_are_their_twins(window):
    window.press("３")
    window.sees("[3 打卡]", "已打卡 0 / 8")
    window.press("【")
    window.sees("03-19 周四", "03-19")
    window.press("】")
    window.sees("03-20")
    window.press("［", "［")
    window.sees("03-18")
    window.press("。")
    window.sees("03-20")
    window.press("？")
    window.sees("╭", "给这位成员打卡，或收回打卡")
    window.press(ESC)
    window.loses("╭")
    window.press("１")
    window.sees("[1 今日]")
    window.press("２")
    window.sees("[2 成员]")
    search(window, "／", "团团妈")
    window.loses("Crystal")
    window.press(ESC, ESC)
    window.sees("Crystal")
    window.press("ｑ")
    assert window.wait_end(PATIENCE) == 0


def test_members_are_found_by_hanzi_pinyin_and_initials(window):
    window.press("2")
    for typed, found in {
        "张三": "张三",
        "zs": "张三",
        "zhangsan": "张三",
        "ttm": "团团妈",
        "伊敏": "陈·伊敏",
        "502": "3栋-502 王姐",
    }.items():
        window.sees("Crystal", "f 筛选")
        window.press(f"/{typed}")  # in one write: what is typed ahead belongs to the search
        window.loses("Crystal")
        window.sees(found)
        window.press(ESC, ESC)


def test_the_quick_bar_takes_phrases_and_initials_one_after_another(window):
    window.press("3")
    window.sees("已打卡 0 / 8")
    window.press("/")
    window.sees(QUICK_BAR)
    window.press("陈·伊敏", ENTER)
    window.sees("✓ 陈·伊敏", "已打卡 1 / 8")
    window.press("ls", ENTER)
    window.sees("✓ 李四", "已打卡 2 / 8")
    window.press("不认识的人", ENTER)
    window.sees("不认识的人")
    assert "已打卡 2 / 8" in window.text


def test_forms_take_phrases(window, small):
    window.press("2")
    window.sees("[2 成员]", "阿梨")
    window.press("a")
    window.sees("群昵称")
    window.press("群管中文字")
    window.sees("群管中文字")
    window.press(F2)
    window.sees("早起读书群 9人")
    with closing(sqlite3.connect(small)) as conn:
        assert conn.execute("SELECT count(*) FROM member WHERE name = '群管中文字'").fetchone() == (1,)
