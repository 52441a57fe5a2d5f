"""Keys in any order and at any speed: the program goes on, answers, and its file is sound."""

from __future__ import annotations

import string
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.e2e.window import CTRL_R, DOWN, ENTER, ESC, F2, UP, Window

pytestmark = pytest.mark.slow
TAB, BACK, SPACE, DELETE = b"\t", b"\x1b[Z", b" ", b"\x1b[3~"
PAGES = (b"\x1b[H", b"\x1b[F", b"\x1b[5~", b"\x1b[6~")
LETTERS = [letter.encode() for letter in string.ascii_letters + "/?:.[]-+，早起" if letter != "q"]
DIGITS = [digit.encode() for digit in string.digits]
OFTEN = [TAB, BACK, ENTER, ESC, DOWN, UP, SPACE, *PAGES]
RARE = [F2, CTRL_R, DELETE, b"\x7f", b"\x1b[200~#\xe6\x8e\xa5\xe9\xbe\x99\r1. A\r2. B\r\x1b[201~"]
PAUSES = (0.0, 0.0, 0.01, 0.03, 0.1, 0.3)  # seconds
ANSWER = (ESC, ESC, ESC, b"1", b"0", b"?", ESC, TAB, b"2")
"""Whatever is open, one of these paints something."""
ALIVE = 60.0  # seconds; what answers later is taken for what never does


def typed(dice: Random) -> bytes:
    """A key, or several in one write as somebody types ahead."""
    kinds = dice.choices((DIGITS, LETTERS, OFTEN, RARE), weights=(2, 4, 5, 1), k=dice.choice((1, 1, 1, 2, 5)))
    return b"".join(map(dice.choice, kinds))


def answers(window: Window, so_far: list[bytes]) -> None:
    """Ask it, and wait for anything to be painted."""
    window.drain(0.1, 5.0)
    since, end = len(window.seen), time.monotonic() + ALIVE
    window.press(*ANSWER)
    while len(window.seen) == since:
        assert time.monotonic() < end, f"it stands still after {b' '.join(so_far[-400:])!r}"
        window.drain(0.2, 1.0)


def hammer(window: Window, seed: int, writes: int, report: Path) -> None:
    """So many writes of keys; the program is asked now and then. `report` is where it writes what ended it."""
    dice, so_far = Random(seed), list[bytes]()
    for number in range(1, writes + 1):
        so_far.append(typed(dice))
        window.send(so_far[-1])
        window.drain(dice.choice(PAUSES), 1.0)
        if not window.running:
            said = report.read_text(encoding="utf-8") if report.exists() else window.text
            raise AssertionError(f"ended after {b' '.join(so_far[-40:])!r}\n{said}")
        if number % 60 == 0:
            answers(window, so_far)


@pytest.fixture(autouse=True)
def folder(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of any name it is told to write stay here."""
    monkeypatch.chdir(sample.parent)


@pytest.mark.parametrize("seed", [1, 2])
def test_writes_of_any_keys(terminal: Callable[..., Window], sample: Path, seed: int) -> None:
    window = terminal(sample, columns=120 if seed % 2 else 80, rows=40 if seed % 2 else 24, HOME=str(sample.parent))
    window.sees("群管 · 早起读书群")
    hammer(window, seed, 120, sample.parent / "qunguan-crash.log")


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10, 40))
def test_a_thousand_writes_of_any_keys(terminal: Callable[..., Window], sample: Path, seed: int) -> None:
    window = terminal(sample, columns=120 if seed % 2 else 80, rows=40 if seed % 2 else 24, HOME=str(sample.parent))
    window.sees("群管 · 早起读书群")
    hammer(window, seed, 1000, sample.parent / "qunguan-crash.log")
