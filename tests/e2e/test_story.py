"""The whole story at a real terminal, by keyboard only: paste, settle, save, copy, undo; and a first run."""

from __future__ import annotations

import base64
import json
import re
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import FIXTURES
from tests.e2e.conftest import rows, sound
from tests.e2e.window import CTRL_R, ENTER, ESC, F2, Window

# Lines 1, 2, 4 and 6 of a chain from the fixtures now are people of the sample, the fifth is one by a slip of the pen,
# the seventh stands there twice; all others are nobody the group knows.
KNOWN = {
    "和风": "北北同学",
    "Bell": "傅雨静",
    "大龙虾": "3栋-1460 范姐",
    "星河": "高可",
    "大宁": "付雨静",
    "Karry🌿": "北北同学",
}

COPIED = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07")


def chain() -> str:
    """A 接龙 out of real life, in the sample's group."""
    cases = json.loads((FIXTURES / "jielong" / "cases.json").read_text(encoding="utf-8"))
    text: str = next(case["text"] for case in cases if case["id"] == "text-01")
    for there, here in KNOWN.items():
        text = re.sub(rf"(?m)^(\d+\. ){re.escape(there)} ", rf"\g<1>{here} ", text)
    return text


def streak(window: Window, name: str) -> list[str]:
    """A member's line of the board behind the name: today, streak, and on a wide screen best, total, points."""
    found = re.search(rf"(?m)^[▸ ]+(?:\d+ +)?{name} +(.*)$", window.text)
    return found[1].replace("│", " ").split()[:5] if found else []


@pytest.mark.slow
@pytest.mark.parametrize(("columns", "lines"), [(120, 40), (80, 24)])
def test_paste_settle_save_copy_undo(terminal, sample, columns, lines):
    before = rows(sample)
    window: Window = terminal(sample, columns=columns, rows=lines)
    window.sees("群管 · 早起读书群")
    window.press("3")
    window.sees("21天早起 · 第 14 天", "已打卡 0 / 99", "傅雨静")
    assert streak(window, "北北同学")[:2] == ["·", "13"]

    window.press("i")
    window.sees("粘贴接龙 · 21天早起")
    window.paste(chain())
    window.sees("吃可爱长高的")
    window.press(F2)
    window.sees("共 13 条  已匹配 4 · 新成员 8 · 歧义 0 · 重复 1")
    assert rows(sample) == before, "nothing is saved before Enter"

    window.press("N")  # everybody nobody knows is new
    window.sees("还有 1 条没定", "傅雨静  只差一个字")
    window.press("s")
    window.loses("条没定")
    window.press(ENTER)
    window.sees("记了 11 人打卡", "已打卡 11 / ")
    window.until(lambda: streak(window, "北北同学")[:2] == ["●", "14"])
    assert streak(window, "高可")[:2] == ["●", "12"]
    saved = rows(sample)
    assert len(saved["checkin"]) == len(before["checkin"]) + 11
    earned = {key: total for key, total in saved["points"] if (key, total) not in before["points"]}
    assert len(earned) == 11, "everybody's points move"

    _copies(window, sample)

    window.press("u")
    window.sees("已打卡 0 / 99")
    window.until(lambda: streak(window, "北北同学")[:2] == ["·", "13"])
    assert rows(sample) == before
    window.press(CTRL_R)
    window.sees("已打卡 11 / ")
    assert rows(sample) == saved
    window.press("u")
    window.sees("已打卡 0 / 99")
    assert rows(sample) == before
    window.quit()


def _copies(window: Window, db: Path) -> None:
    """`y` and `Y` put the board and the missing list on the clipboard, and into files beside the database."""
    for key, stem, first in (("y", "board", "21天早起"), ("Y", "missing", "21天早起")):
        since = len(window.seen)
        window.press(key)
        path = db.parent / "out" / f"{stem}-2-2026-03-20.txt"
        window.until(path.exists)
        window.until(partial(COPIED.search, window.seen, since))
        text = path.read_text(encoding="utf-8")
        assert first in text
        copied = COPIED.search(window.seen, since)
        assert copied is not None
        assert base64.b64decode(copied[1]).decode() == text
    board = (db.parent / "out" / "board-2-2026-03-20.txt").read_text(encoding="utf-8")
    assert "🥇" in board
    assert "北北同学" in board


@pytest.mark.slow
def test_demo_opens_the_screens_on_a_fresh_copy(terminal, tmp_path):
    path = tmp_path / "look" / "demo.db"
    window: Window = terminal(None, "demo", "--to", path)
    window.sees("群管 · 早起读书群")
    window.quit()
    sound(path)
    assert [left.name for left in path.parent.iterdir() if left.name.startswith(".")] == []


def own(tmp_path: Path) -> Path:
    """The database of an owner who named none."""
    return tmp_path / "home" / "qunguan" / "qunguan.db"


@pytest.mark.slow
def test_the_first_run_leads_to_a_working_board(terminal, tmp_path):
    window: Window = terminal()
    window.sees("欢迎")
    assert not own(tmp_path).exists(), "nothing is written before the first answer"
    window.press(ENTER)
    window.sees("第 1 步")
    window.press("晨光读书会", ENTER)
    window.sees("第 2 步")
    window.paste("昵称,手机号\n张三,13800000001\n李四,13800000002\n团团妈,\n")
    window.sees("团团妈")
    window.press(F2)
    window.sees("新增 3")
    window.press(ENTER)
    window.sees("第 3 步")
    window.press(ENTER)
    window.sees("群管 · 晨光读书会 3人")
    window.press("3")
    window.sees("已打卡 0 / 3", "张三", "李四", "团团妈")
    window.press(" ")
    window.sees("已打卡 1 / 3", "●")
    window.quit()
    assert len(rows(own(tmp_path))["checkin"]) == 1
    sound(own(tmp_path))


@pytest.mark.slow
def test_the_first_run_can_be_skipped_whole(terminal, tmp_path):
    window: Window = terminal()
    window.sees("欢迎")
    window.press(ESC)
    window.sees("群管 · 我的社群")
    for key in "2345678901":
        window.press(key)
    window.press("3")
    window.sees("还没有打卡营")
    window.quit()
    sound(own(tmp_path))


@pytest.mark.slow
def test_leaving_at_the_welcome_writes_nothing(terminal, tmp_path):
    window: Window = terminal()
    window.sees("欢迎")
    window.quit()
    assert not own(tmp_path).exists()
    again: Window = terminal()
    again.sees("欢迎")
    again.press("d")
    again.sees("群管 · 早起读书群")
    again.quit()
    assert not own(tmp_path).exists()
    sound(own(tmp_path).with_name("demo.db"))
