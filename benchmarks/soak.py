"""Memory over time: every room is opened, searched, scrolled and left until the time is up.

    python benchmarks/soak.py [SECONDS]      a minute by default; 600 for the ten minutes of the bar

Prints the resident memory every tenth of the time. Two bars: at most 75 MiB with the sample open, before the first key;
and no growth: over the second half, when every screen has been opened many times, at most 2 MiB. After each round the
program must still answer. The most it ever took is told and not judged: what one room needed once the allocator keeps
for the next.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

if __package__ in (None, ""):
    sys.path[0:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

from benchmarks.terminal import Terminal
from qunguan.domain.actions import SCREENS, rooms
from qunguan.domain.clock import Clock
from qunguan.services import demo

MIB, GROWTH, TENTHS, QUIET = 75.0, 2.0, 10, 0.04
CAUGHT_UP = 0.6  # seconds of silence after a tour: keys that wait for a busy machine are no leak of the program
PATIENCE = 20.0  # seconds; who waits longer for a key takes the program for dead
DOWN, END, HOME, ESC, TAB = b"\x1b[B", b"\x1b[F", b"\x1b[H", b"\x1b", b"\t"
EVERY_ROOM = tuple(
    key for noun, number, _label in SCREENS for key in (number.encode(), *(DOWN, END, TAB) * len(rooms(noun)))
)
"""Each screen, and with Tab once around its rooms."""
TOUR = (
    *(b"1", DOWN, b"2", DOWN, END, HOME, b"/", b"z", b"w", b"\x7f", b"l", ESC, b"s", b"f", b"f", b"f", b"\r", ESC),
    *(b"3", DOWN, b" ", b"u", END, HOME, b"4", DOWN, END, b"\r", ESC, b"0", DOWN, DOWN, b"?", ESC),
    *EVERY_ROOM,
)
"""A morning: a search and its way back, a card, a tick and its undo, a statement, the help."""
BACK = (ESC, ESC, ESC, b"0", b"1")


def tour(terminal: Terminal, until: float) -> int:
    """Press the keys of the tour over and over until that moment; how many were pressed."""
    pressed = 0
    while time.perf_counter() < until:
        for key in TOUR:
            terminal.send(key)
            terminal.drain(QUIET)
            pressed += 1
        terminal.drain(CAUGHT_UP, 30.0)
        _answers(terminal)
    return pressed


def _answers(terminal: Terminal) -> None:
    """Leave what is open and go to another screen and back; the trial ends if nothing is painted.

    A program that stands still grows by nothing.
    """
    del terminal.seen[:]
    for key in BACK:
        terminal.send(key)
        terminal.drain(QUIET)
    asked = time.perf_counter()
    while not terminal.seen:
        if time.perf_counter() - asked > PATIENCE:
            sys.exit("the program answers no key any more")
        terminal.drain(CAUGHT_UP, 30.0)
    del terminal.seen[:]


def main(seconds: float) -> int:
    """Press, print; 1 if a bar is missed."""
    with tempfile.TemporaryDirectory() as folder:
        database = demo.make_copy(Path(folder) / "sample.db", Clock())
        with Terminal([sys.executable, "-m", "qunguan", "--db", str(database)]) as terminal:
            terminal.wait_for("今日".encode())
            terminal.rest()
            began, pressed = time.perf_counter(), 0
            resident = [terminal.rss()]
            print(f"{0:5.0f} s {0:6} keys {resident[0]:7.1f} MiB")
            for tenth in range(1, TENTHS + 1):
                pressed += tour(terminal, began + seconds * tenth / TENTHS)
                resident.append(terminal.rss())
                print(f"{time.perf_counter() - began:5.0f} s {pressed:6} keys {resident[-1]:7.1f} MiB", flush=True)
    growth = resident[-1] - resident[TENTHS // 2]
    small, steady = resident[0] <= MIB, growth <= GROWTH
    print(f"sample open {resident[0]:.1f} MiB (bar {MIB:g}): {_said(small)}")
    print(f"growth in the second half {growth:+.1f} MiB (bar {GROWTH:g}): {_said(steady)}")
    print(f"the most {max(resident):.1f} MiB")
    return int(not (small and steady))


def _said(met: bool) -> str:
    return "met" if met else "MISSED"


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 60))
