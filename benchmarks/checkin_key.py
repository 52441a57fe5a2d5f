"""One tick of a check-in: `python benchmarks/checkin_key.py`.

Of the service: its time against a raw `sqlite3` transaction that changes the same rows under the same pragmas, in turns
in the same run. Of the real program in a terminal: from Space on the board until the line shows it. Bar (quality 1):
three times the raw commit and one frame.
"""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path[0:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

from sqlalchemy import event

from benchmarks.terminal import Terminal, percentile
from qunguan.domain.clock import Clock
from qunguan.services import challenges, checkins, demo
from qunguan.services.desk import Desk

FRAME_MS, TIMES = 1000 / 60, 3.0
TICKS, KEYS = 60, 40
PAUSE = 0.25
"""Seconds before each: what a key finds is a machine that has been idle, and so does what it is measured against."""
CURSOR = "▸".encode()
"""What stands in front of the line under the cursor; it is painted once the tick is durable."""
WRITES = ("BEGIN", "INSERT", "UPDATE", "DELETE")
PRAGMAS = ("journal_mode=TRUNCATE", "synchronous=FULL", "foreign_keys=1", "recursive_triggers=1", "secure_delete=1")


@contextmanager
def recorded(desk: Desk) -> Iterator[list[tuple[str, Any]]]:
    """The writing statements that reach the driver meanwhile."""
    found: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.lstrip().startswith(WRITES):
            found.extend((statement, each) for each in (parameters if many else [parameters]))

    event.listen(desk.store.engine, "before_cursor_execute", note)
    yield found
    event.remove(desk.store.engine, "before_cursor_execute", note)


def service(path: Path, twin: Path) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of a tick, the CPU of it, and of its rows written raw into a twin of the file."""
    ours, cpu, raw = [], [], []
    with Desk(path, Clock()) as desk, closing(sqlite3.connect(twin, isolation_level=None)) as conn:
        for pragma in PRAGMAS:
            conn.execute(f"PRAGMA {pragma}")
        challenge = desk.read(challenges.open_challenges, desk.clock)[0]
        board = desk.read(checkins.board, desk.clock, challenge.id)
        members = [row.member_id for row in board.rows]
        for number in range(TICKS):
            time.sleep(PAUSE)
            with recorded(desk) as statements:  # the ids are those of the twin: both files change alike
                began, used = time.perf_counter(), time.process_time()
                desk.write(checkins.toggle, challenge.id, members[number % len(members)])
                cpu.append(1000 * (time.process_time() - used))
                ours.append(1000 * (time.perf_counter() - began))
            time.sleep(PAUSE)
            began = time.perf_counter()
            for statement, values in statements:
                conn.execute(statement, values)
            conn.execute("COMMIT")
            raw.append(1000 * (time.perf_counter() - began))
    return ours, cpu, raw


def painted(path: Path) -> list[float]:
    """Milliseconds from Space on the board of the real program until the line under the cursor is drawn anew."""
    with Terminal([sys.executable, "-m", "qunguan", "--db", str(path)]) as program:
        program.wait_for("群管".encode())
        program.drain(0.5)
        program.key_until_quiet(b"3", 0.5)
        for _key in range(4):
            program.key_until_quiet(b" ", 0.3)
        times = []
        for _key in range(KEYS):
            times.append(1000 * program.key(b" ", CURSOR))
            program.drain(PAUSE)  # the headline and the panel beside it follow
        return times


def main() -> int:
    """Print the table; returns 1 when a bar is missed."""
    with tempfile.TemporaryDirectory() as folder:
        path, twin = Path(folder) / "sample.db", Path(folder) / "twin.db"
        demo.make_copy(path, Clock())
        shutil.copy(path, twin)
        ours, cpu, raw = service(path, twin)
        keys = painted(path)
    commit = statistics.median(raw)
    bar = TIMES * commit + FRAME_MS
    print(f"{'':32}{'p50 ms':>8}{'p99 ms':>8}{'to raw':>8}  bar")
    for name, values, most in (
        ("raw sqlite3, the same rows", raw, None),
        ("the service, durable", ours, bar),
        ("the service, CPU", cpu, None),
        ("key to painted", keys, bar),
    ):
        told = "" if most is None else f"{most:.1f} ms"
        middle = statistics.median(values)
        print(f"{name:32}{middle:8.1f}{percentile(values, 0.99):8.1f}{middle / commit:8.1f}  {told}")
    return int(statistics.median(keys) > bar or statistics.median(ours) > bar)


if __name__ == "__main__":
    sys.exit(main())
