"""Screens open while somebody else has the file too: another process of ours, or a hand that moves the file away."""

from __future__ import annotations

from pathlib import Path

import pytest

from qunguan.tui.app import WATCH_SECONDS
from tests.cli.shell import ROSTER, chain, process
from tests.e2e.conftest import sound
from tests.e2e.window import Window

pytestmark = pytest.mark.slow


def board(terminal, db: Path, **size: int) -> Window:
    """The screens on the group of eight, with the board open."""
    window: Window = terminal(db, **size)
    window.sees("群管 · 早起读书群 8人")
    window.press("3")
    window.sees("已打卡 0 / 8", "阿梨")
    return window


def test_what_another_process_writes_is_looked_for_every_second():
    assert WATCH_SECONDS <= 1


def test_the_command_line_writes_while_the_screens_are_open(terminal, small):
    window = board(terminal, small)
    imported = process("--db", small, "member", "import", ROSTER, "--json").json
    assert imported["created"] == 1
    window.sees("早起读书群 9人")
    line = ("--db", small, "checkin", "record", "-", "--challenge", "早起", "--new", "skip", "--json")
    recorded = process(*line, stdin=chain("阿梨 早", "张三", "Tom").encode()).json
    assert len(recorded["recorded"]) == 3
    window.sees("已打卡 3 / 8")

    window.tick("lisi")
    window.sees("已打卡 4 / 8")
    told_board = process("--db", small, "checkin", "board", "--challenge", "早起", "--json").json
    assert told_board["done"] == 4
    window.quit()


def test_two_windows_on_one_file_both_work(terminal, small):
    one, two = board(terminal, small), board(terminal, small, columns=80, rows=24)
    for number, name in enumerate(("阿梨", "Tom", "张三", "李四", "王姐", "团团妈"), 1):
        (one, two)[number % 2].tick(name)
        for window in (one, two):
            window.sees(f"已打卡 {number} / 8")
    one.quit()
    two.press("u")
    two.sees("已打卡 5 / 8")
    two.quit()


def test_a_restore_under_open_screens_is_refused(terminal, small):
    made = process("--db", small, "backup", "make", "--json").json["path"]
    window = board(terminal, small)
    before = small.read_bytes()
    said = process("--db", small, "backup", "restore", made, "--yes").refused()
    assert "另一个" in said
    assert small.read_bytes() == before
    assert process("--db", small, "backup", "make", "--json").json["path"], "a backup needs nobody to leave"
    window.press(" ")
    window.sees("已打卡 1 / 8")
    window.quit()
    assert process("--db", small, "backup", "restore", made, "--yes").code == 0


def deleted(path: Path) -> None:
    path.unlink()


def replaced(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    other.replace(path)


def moved(path: Path) -> None:
    path.replace(path.with_name("moved"))


@pytest.mark.parametrize("swap", [deleted, replaced, moved])
def test_a_file_that_was_swapped_takes_no_more(terminal, small, small_bytes, swap):
    window = board(terminal, small)
    swap(small)
    left = small.read_bytes() if small.exists() else None
    window.press(" ")
    window.sees("数据文件在打开期间")
    assert "已打卡 0 / 8" in window.text
    assert (small.read_bytes() if small.exists() else None) == left
    window.press("2")
    window.sees("团团妈")
    window.quit()
    small.write_bytes(small_bytes)
    sound(small)
