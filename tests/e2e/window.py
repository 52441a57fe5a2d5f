"""A real terminal with the program in it: typed at, looked at, waited for; never slept on."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Callable, Sequence

import pyte

from benchmarks.terminal import Terminal

PATIENCE = 120.0  # seconds after which what did not come is taken for something that never does
ENTER, ESC, F2, CTRL_R, CTRL_C = b"\r", b"\x1b", b"\x1bOQ", b"\x12", b"\x03"
UP, DOWN = b"\x1b[A", b"\x1b[B"
QUICK_BAR = "首字母、拼音、名字"
RESTORED = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l")
"""What a program says that leaves the terminal as it found it: main screen, cursor, no bracketed paste."""


class Window(Terminal):
    """The program on a pty of its own, and the screen as a person sees it."""

    def __init__(
        self, arguments: Sequence[object] = (), *, columns: int = 120, rows: int = 40, env: dict[str, str] | None = None
    ) -> None:
        self._cells = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._cells)
        self._fed = 0
        command = [sys.executable, "-m", "qunguan", *map(str, arguments)]
        super().__init__(command, columns=columns, rows=rows, env=env)

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def screen(self) -> list[str]:
        """The lines as they stand there now; the second cell of a wide character is no text."""
        while self._master >= 0 and self._read(0):
            pass
        self._stream.feed(bytes(self.seen[self._fed :]))
        self._fed = len(self.seen)
        lines, width = self._cells.buffer, range(self._cells.columns)
        return ["".join(lines[y][x].data for x in width).rstrip() for y in range(self._cells.lines)]

    @property
    def text(self) -> str:
        """The lines in one piece."""
        return "\n".join(self.screen())

    def line(self, text: str) -> str:
        """The first line with `text` in it; "" while there is none."""
        return next((line for line in self.screen() if text in line), "")

    def typing_at(self, text: str) -> bool:
        """Whether the cursor stands in the line with this text, where an input method opens its window."""
        return text in self.screen()[self._cells.cursor.y]

    def until(self, holds: Callable[[], object], timeout: float = PATIENCE) -> None:
        """Wait for a condition, looking again at whatever the program writes."""
        end = time.monotonic() + timeout
        while not holds():
            left = end - time.monotonic()
            assert left > 0, f"it never came to hold; the screen:\n{self.text}"
            assert self.running, f"the program ended with {self._process.returncode}; it wrote:\n{self.text}"
            if select.select([self._master], [], [], min(left, 0.05))[0]:
                self._read(0)

    def sees(self, *texts: str, timeout: float = PATIENCE) -> None:
        """Wait until all of these are on the screen."""
        self.until(lambda: all(text in self.text for text in texts), timeout)

    def loses(self, text: str) -> None:
        """Wait until this is not on the screen any more."""
        self.until(lambda: text not in self.text)

    def press(self, *keys: str | bytes) -> None:
        """Keys one after another, each a write of its own as a keyboard makes it."""
        for key in keys:
            self.send(key.encode() if isinstance(key, str) else key)

    def paste(self, text: str) -> None:
        """What the terminal sends when somebody pastes: the text between the brackets, lines ended by CR."""
        data = b"\x1b[200~" + text.replace("\n", "\r").encode() + b"\x1b[201~"
        for start in range(0, len(data), 1024):  # a pty takes 4 KiB until somebody reads
            self.send(data[start : start + 1024])

    def tick(self, typed: str) -> None:
        """Open the quick bar of the board, type a name into it, take what it finds, close it."""
        self.press("/")
        self.sees(QUICK_BAR)
        self.press(typed)
        self.sees(typed)
        self.press(ENTER)
        self.sees("✓")
        self.press(ESC)
        self.loses(QUICK_BAR)
        self.loses("✓")

    def quit(self) -> None:
        """Leave with `q`; the terminal must be as it was found."""
        since = len(self.seen)
        self.press("q")
        assert self.wait_end(PATIENCE) == 0
        self.screen()
        assert all(mark in self.seen[since:] for mark in RESTORED)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process."""
        os.kill(self.pid, number)
