"""What is under way, on stderr: a bar on a terminal after a second, elsewhere a line every ten seconds."""

from __future__ import annotations

import sys
import time
from threading import Event, RLock, Thread
from types import TracebackType

from wcwidth import wcswidth

PATIENCE = 1.0  # seconds before anything is drawn
EVERY = 0.2
LINES = 10.0  # seconds between lines where stderr is no terminal: a log shows that work goes on
_CELLS = 12


class Progress:
    """The stages of one command. Use as a context manager; call it with the name of each stage as it begins."""

    def __init__(self, stages: int) -> None:
        """`stages` is how many calls there will be."""
        self._stages, self._begun, self._name = stages, 0, ""
        self._since = time.monotonic()
        self._over, self._lock = Event(), RLock()
        self._hushed = False
        self._drawn = 0
        self._thread = Thread(target=self._watch if sys.stderr.isatty() else self._log, daemon=True)

    def __call__(self, name: str) -> None:
        """Begin the next stage."""
        self._begun, self._name = self._begun + 1, name

    def wipe(self) -> None:
        """Clear the bar away for a line of text; it comes back below."""
        self._draw("")

    def hush(self, hushed: bool) -> None:
        """Draw nothing while a question waits for its answer, and go on after it."""
        with self._lock:
            self._hushed = hushed
            self.wipe()

    def __enter__(self) -> Progress:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self._draw("")

    def _watch(self) -> None:
        self._over.wait(PATIENCE)
        while not self._over.is_set():
            with self._lock:
                if not self._hushed:
                    self._draw(self.line())
            self._over.wait(EVERY)

    def _log(self) -> None:
        while not self._over.wait(LINES):
            with self._lock:
                print(f"{self._name} {self._seconds()}", file=sys.stderr, flush=True)

    def _seconds(self) -> str:
        return f"{time.monotonic() - self._since:.0f} s"

    def line(self) -> str:
        """The bar as it stands: stages finished, the one under way, seconds so far."""
        done = _CELLS * max(self._begun - 1, 0) // self._stages
        bar = "█" * done + "▒" + "░" * (_CELLS - done - 1)
        return f"{bar} {self._name} {self._seconds()}"

    def _draw(self, line: str) -> None:
        with self._lock:
            if line or self._drawn:
                width = wcswidth(line)
                sys.stderr.write("\r" + line + " " * max(0, self._drawn - width) + ("" if line else "\r"))
                sys.stderr.flush()
                self._drawn = width
