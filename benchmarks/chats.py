"""A million chat messages into the book: `python benchmarks/chats.py [MESSAGES]`.

The same messages as a CSV of chatlog and as a text of QQ's message manager, each from the file to the last row, beside
raw `executemany` of as many rows into a message table with a unique key, two foreign keys and an index by group and
day, and beside reading the file alone. The raw rows are not ours: they keep each message and its words, we keep sums by
person and day and a number for each message. Time is that of the process, so that a busy machine does not decide;
memory is the peak of a process of its own. Bars: 2x `executemany` (quality 1), and 150 MiB.
"""

from __future__ import annotations

import csv
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

if __package__ in (None, ""):
    sys.path[0:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

from qunguan.domain.clock import Clock
from qunguan.exchange.readers.chats import read_chat
from qunguan.services import activity, groups
from qunguan.services.desk import Desk

MESSAGES, PEOPLE = 1_000_000, 800
BAR, BAR_MIB = 2.0, 150.0
START = datetime.fromisoformat("2024-01-01 00:00:00")
SCHEMA = """
CREATE TABLE grp (id INTEGER PRIMARY KEY);
CREATE TABLE member (id INTEGER PRIMARY KEY);
CREATE TABLE message (
  id INTEGER PRIMARY KEY AUTOINCREMENT, group_id INTEGER NOT NULL REFERENCES grp (id),
  member_id INTEGER NOT NULL REFERENCES member (id), at TEXT NOT NULL, day TEXT NOT NULL, kind TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE, body TEXT NOT NULL
) STRICT;
CREATE INDEX ix_message ON message (group_id, day, member_id);
"""


def said(count: int) -> Iterator[tuple[datetime, int, str]]:
    """When, who and what: few speak much, a message every half minute on average, over a year for a million."""
    dice, at = random.Random(20240101), START
    for number in range(count):
        at += timedelta(seconds=dice.randrange(64))
        yield at, int(dice.random() ** 2 * PEOPLE), f"第{number}句，今天也来打卡，早起读书第{dice.randrange(99)}天"


def write_csv(path: Path, count: int) -> None:
    """As chatlog writes it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("Time", "SenderName", "Sender", "TalkerName", "Talker", "Content"))
        rows.writerows((at, f"成员{who}", f"wxid_{who}", "大群", "1@chatroom", text) for at, who, text in said(count))


def write_qq(path: Path, count: int) -> None:
    """As QQ's message manager writes it."""
    with path.open("w", encoding="utf-8") as file:
        file.write(
            "消息记录（此消息记录为文本格式，不支持重新导入）\n\n" + "=" * 64 + "\n消息对象:大群\n" + "=" * 64 + "\n\n"
        )
        file.writelines(f"{at} 成员{who}({20_000 + who})\n{text}\n\n" for at, who, text in said(count))


def raw(folder: Path, count: int) -> float:
    """Seconds of `executemany`."""
    dice = random.Random(1)
    rows = [(1 + who, str(at), str(at)[:10], f"{dice.getrandbits(64):016x}", text) for at, who, text in said(count)]
    with closing(sqlite3.connect(folder / "raw.db")) as conn, conn:
        conn.executescript("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;" + SCHEMA)
        conn.execute("INSERT INTO grp VALUES (1)")
        conn.executemany("INSERT INTO member VALUES (?)", ((1 + n,) for n in range(PEOPLE)))
        began = time.process_time()
        conn.executemany(
            "INSERT INTO message (group_id, member_id, at, day, kind, key, body) VALUES (1, ?, ?, ?, 'text', ?, ?)",
            rows,
        )
        conn.commit()
        return time.process_time() - began


def reading(path: Path) -> float:
    """Seconds of reading alone."""
    began = time.process_time()
    with read_chat(path) as events:
        for _item in events:
            pass
    return time.process_time() - began


def imported(path: Path, db: Path) -> None:
    """Import in this process; prints the seconds, and the MiB at most."""
    with Desk(db, Clock(), create=True) as desk:
        desk.write(groups.create, "大群")
        began = time.process_time()
        with read_chat(path) as events:
            desk.write(activity.import_chat, None, events, lambda: events.info, name=path.name)
        took = time.process_time() - began
    print(took, peak())


def peak() -> float:
    """MiB this process had at most; `getrusage` counts what its parent had too, so Linux is asked."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def main(count: int) -> int:
    """Print the table; 1 if a bar is missed."""
    missed = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base = raw(folder, count)
        print(f"{'raw executemany':<28}{base:>8.1f} s   {1e6 * base / count:.1f} µs a message")
        for kind, write in (("chatlog, CSV", write_csv), ("QQ, text", write_qq)):
            path = folder / kind
            write(path, count)
            alone = reading(path)
            command = [sys.executable, __file__, "--import", str(path), str(folder / (kind + ".db"))]
            done = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            took, most = map(float, done.split())
            missed = missed or took > BAR * base or most > BAR_MIB
            size = path.stat().st_size / 1024**2
            print(f"{kind:<28}{took:>8.1f} s   {took / base:.2f}x (bar {BAR:.0f}x); {alone:.1f} s of it reading "
                  f"{size:.0f} MiB; {most:.0f} MiB at most (bar {BAR_MIB:.0f})")  # fmt: skip
    return int(missed)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--import"]:
        imported(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES))
