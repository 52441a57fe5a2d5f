"""A real program on a real pty: what a key costs until it is painted, and what the program takes.

Times are taken right after each read of what the program wrote, so they are what a terminal would see. Linux only.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

_CHUNK = 1 << 16
_AT_REST = 0.02  # seconds of CPU in one second
_SYNC_ASKED, _SYNC_YES = b"\x1b[?2026$p", b"\x1b[?2026;2$y"


class Terminal:
    """One program with a terminal of its own; leaving the `with` ends it."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 40,
        env: dict[str, str] | None = None,
    ) -> None:
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        for name in ("NO_COLOR", "COLUMNS", "LINES", "PYTHONDONTWRITEBYTECODE"):
            environment.pop(name, None)
        self.seen = bytearray()
        """Everything the program has written."""
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**environment, **(env or {})},
            start_new_session=True,
        )
        os.close(slave)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the program, however it is."""
        self.vanish()
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def send(self, data: bytes) -> None:
        """Type `data`."""
        os.write(self._master, data)

    def key(self, data: bytes, marker: bytes, timeout: float = 10.0) -> float:
        """Type `data`; the seconds until `marker` was written after it."""
        start, since = time.perf_counter(), len(self.seen)
        self.send(data)
        return self._until(marker, since, timeout) - start

    def key_until_quiet(self, data: bytes, quiet: float = 0.04) -> float:
        """Type `data`; the seconds until the last of what was written before `quiet` seconds of nothing."""
        start = at = time.perf_counter()
        self.send(data)
        wait = 5.0
        while (read := self._read(wait)) is not None:
            at, wait = read, quiet
        return at - start

    def wait_for(self, marker: bytes, timeout: float = 60.0) -> float:
        """Seconds from the start of the program until it had written `marker`."""
        return self._until(marker, 0, timeout) - self.started

    def drain(self, quiet: float = 0.03, limit: float = 5.0) -> None:
        """Read until nothing came for `quiet` seconds, at most `limit` seconds."""
        end = time.perf_counter() + limit
        while time.perf_counter() < end and self._read(quiet):
            pass

    def rest(self, limit: float = 120.0) -> None:
        """Read until the program has nothing left to do: for a second it wrote nothing and hardly ran. On a busy
        machine what it loads after the first frame takes a while.
        """
        end, before = time.perf_counter() + limit, -_AT_REST
        while self._read(1.0) or self.cpu() - before >= _AT_REST:
            before = self.cpu()
            if time.perf_counter() > end:
                raise TimeoutError(f"not at rest after {limit} s, {before:.2f} s of CPU used")

    def wait_end(self, timeout: float) -> int:
        """The exit code, once the program has ended by itself."""
        end = time.perf_counter() + timeout
        while self._process.poll() is None and time.perf_counter() < end:
            if self._master < 0 or not self._read(0.02):
                time.sleep(0.005)
        if self._process.returncode is None:
            raise TimeoutError(f"still running after {timeout} s, {self.cpu():.2f} s of CPU used")
        return self._process.returncode

    def vanish(self) -> None:
        """Take the terminal away without a hang-up, as a dropped connection does."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def rss(self) -> float:
        """Resident memory of the program in MiB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024

    def cpu(self) -> float:
        """Seconds the program's threads have been on a CPU."""
        total = 0
        for task in Path(f"/proc/{self._process.pid}/task").iterdir():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # a thread that has just ended
                total += int((task / "schedstat").read_text().split()[0])
        return total / 1e9

    def _until(self, marker: bytes, since: int, timeout: float) -> float:
        end = time.perf_counter() + timeout
        while True:
            at = self._read(max(0.0, end - time.perf_counter()))
            if at and self.seen.find(marker, since) >= 0:
                return at
            if not at:
                raise TimeoutError(f"{marker!r} not seen; the last was {bytes(self.seen[-400:])!r}")

    def _read(self, timeout: float) -> float | None:
        """When the next chunk came; None if none came in `timeout` seconds or the program has let go."""
        if not select.select([self._master], [], [], timeout)[0]:
            return None
        try:
            chunk = os.read(self._master, _CHUNK)
        except OSError:
            return None
        at = time.perf_counter()
        self.seen += chunk
        if _SYNC_ASKED in chunk:
            self.send(_SYNC_YES)
        return at


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of `values` do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
