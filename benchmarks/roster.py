"""The members screen of the real program at 300 and at a million members: `python benchmarks/roster.py [MEMBERS]`.

From the start of the program to real rows of the roster, beside a Textual app with one `Static`; memory with the
roster open; a scrolling key; a letter typed into the search until it is painted, and what of it the database takes.
The figures to look at are the ratios; the bars are those of quality 1.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

if __package__ in (None, ""):
    sys.path[0:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

from benchmarks.search import TYPED, members
from benchmarks.terminal import Terminal, percentile
from qunguan.domain import search
from qunguan.domain.clock import Clock
from qunguan.domain.members import sort_key
from qunguan.domain.text import match_key
from qunguan.services import groups, profiles
from qunguan.services import members as roster
from qunguan.services.desk import Desk
from qunguan.tui.screens.members_rows import HITS
from qunguan.tui.widgets.row_pages import PAGE

SMALL, MILLION = 300, 1_000_000
FIRST = "aaaa-first"
"""The name at the head of the roster: once it is painted, real rows are on the screen."""
STARTS, SCROLLS = 5, 150
BAR_ROWS, BAR_SCROLL, BAR_SEARCH_MS, BAR_RSS = 2.5, 1.3, 10.0, 75.0
PROGRAM = [sys.executable, "-m", "qunguan", "--db"]
STATIC = "from textual.app import App\nfrom textual.widgets import Static\nclass A(App):\n    def compose(self):\n"
STATIC += "        yield Static('just this')\nA().run()\n"


def build(path: Path, count: int) -> None:
    """A database with one group of `count` members, each with a phone, a tag for some, and the search index."""
    with Desk(path, Clock(), create=True) as desk:
        desk.write(groups.create, "一百万人的群", capacity_hard=MILLION)
    joined = date(2026, 1, 1).isoformat()
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("PRAGMA synchronous = OFF")
        conn.executemany(
            "INSERT INTO member (id, name, sort_key, phone, birth_lunar, birth_leap, extra, created_at) "
            "VALUES (?, ?, ?, ?, 0, 0, '{}', '2026-01-01T00:00:00Z')",
            ((n, name, sort_key(name), phone) for n, name, phone in people(count)),
        )
        conn.executemany(
            "INSERT INTO alias (member_id, kind, text, key) VALUES (?, 'name', ?, ?)",
            ((n, name, match_key(name)) for n, name, _phone in people(count)),
        )
        conn.execute("INSERT INTO membership (member_id, group_id, joined_on) SELECT id, 1, ? FROM member", (joined,))
        conn.execute("INSERT INTO tag (category, name) VALUES ('', 'VIP')")
        conn.execute("INSERT INTO member_tag (member_id, tag_id) SELECT id, 1 FROM member WHERE id % 50 = 0")
        conn.executemany(
            "INSERT INTO member_search (rowid, doc) VALUES (?, ?)",
            ((n, search.document([name], phone, ["VIP"] if n % 50 == 0 else [])) for n, name, phone in people(count)),
        )
        conn.execute("INSERT INTO member_search (member_search) VALUES ('optimize')")
        conn.execute("ANALYZE")


def people(count: int) -> Iterator[tuple[int, str, str]]:
    """(id, name, phone); the first one stands at the head of the roster."""
    for number, name, phone in members(count):
        yield number, FIRST if number == 1 else name, phone


def start_of(path: Path) -> tuple[float, float]:
    """Seconds from the start of the program to the rows of the roster, and MiB then."""
    with Terminal([*PROGRAM, str(path)]) as program:
        program.send(b"2")  # typed ahead: it is read as soon as keys are
        took = program.wait_for(FIRST.encode())
        program.drain()
        return took, program.rss()


def start_of_static() -> float:
    """Seconds from the start of the smallest Textual app to its text."""
    with Terminal([sys.executable, "-c", STATIC]) as program:
        return program.wait_for(b"just this")


def scrolling(path: Path) -> list[float]:
    """Milliseconds of arrow keys that scroll, from the key to the last of its paint."""
    with Terminal([*PROGRAM, str(path)]) as program:
        program.send(b"2")
        program.wait_for(FIRST.encode())
        program.drain()
        for _line in range(40):
            program.key_until_quiet(b"\x1b[B", 0.02)
        return [1000 * program.key_until_quiet(b"\x1b[B", 0.02) for _key in range(SCROLLS)]


def typing(path: Path) -> list[float]:
    """Milliseconds of letters typed into the search, from the key to the last of its paint."""
    times = []
    with Terminal([*PROGRAM, str(path)]) as program:
        program.send(b"2")
        program.wait_for(FIRST.encode())
        program.drain()
        for text in TYPED:
            program.key_until_quiet(b"/", 0.05)
            for letter in text:
                times.append(1000 * program.key_until_quiet(letter.encode(), 0.05))
            program.key_until_quiet(b"\x1b", 0.15)
            program.drain()
    return times


def asking(path: Path) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of what a letter costs the database: the hits, then their first page; and of one row by phone."""
    answers, pages, rows = [], [], []
    strokes = [text[:end] for text in TYPED for end in range(1, len(text) + 1)] * 8
    random.Random(1).shuffle(strokes)
    with Desk(path, Clock()) as desk:
        for text in strokes:
            began = time.perf_counter()
            ids = desk.read(roster.view_ids, group_id=1, search=text, most=HITS)
            answers.append(1000 * (time.perf_counter() - began))
            began = time.perf_counter()
            desk.read(profiles.roster_lines, desk.clock, ids[:PAGE], 1)
            pages.append(1000 * (time.perf_counter() - began))
    with closing(sqlite3.connect(path)) as conn:
        for _number, _name, phone in members(500):
            began = time.perf_counter()
            conn.execute("SELECT id, name FROM member WHERE phone = ?", (phone,)).fetchall()
            rows.append(1000 * (time.perf_counter() - began))
    return answers, pages, rows


def line(what: str, value: str, bar: str = "") -> None:
    print(f"{what:<52}{value:>28}   {bar}")


def main(count: int) -> int:
    """Build both, measure, print; 1 if a bar is missed."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small" / "q.db", Path(folder) / "large" / "q.db"
        build(small, SMALL)
        began = time.perf_counter()
        build(large, count)
        line(f"built {count:,} members", f"{time.perf_counter() - began:.0f} s")
        rounds = [(start_of_static(), start_of(small), start_of(large)) for _round in range(STARTS)]
        static = statistics.median(each[0] for each in rounds)
        opened, opened_large = [each[1] for each in rounds], [each[2] for each in rounds]
        first, first_large = (statistics.median(one[0] for one in found) for found in (opened, opened_large))
        rss, rss_large = (max(one[1] for one in found) for found in (opened, opened_large))
        keys, keys_large = scrolling(small), scrolling(large)
        typed = typing(large)
        answers, pages, rows = asking(large)
    ratio, key_ratio = first / static, percentile(keys_large, 0.5) / percentile(keys, 0.5)
    line("one Static", f"{1000 * static:.0f} ms")
    line(f"rows of the roster, {SMALL}", f"{1000 * first:.0f} ms, {ratio:.2f}x", f"bar {BAR_ROWS}x")
    line(f"rows of the roster, {count:,}", f"{1000 * first_large:.0f} ms, {first_large / static:.2f}x")
    line(f"memory, {SMALL} / {count:,}", f"{rss:.0f} / {rss_large:.0f} MiB", f"bar {BAR_RSS:.0f} MiB with the sample")
    line(f"scrolling key, {SMALL}: p50 / p99", f"{percentile(keys, 0.5):.1f} / {percentile(keys, 0.99):.1f} ms")
    line(
        f"scrolling key, {count:,}: p50 / p99",
        f"{percentile(keys_large, 0.5):.1f} / {percentile(keys_large, 0.99):.1f} ms, {key_ratio:.2f}x",
        f"bar {BAR_SCROLL}x",
    )
    line("letter typed until painted: p50 / p99", f"{percentile(typed, 0.5):.1f} / {percentile(typed, 0.99):.1f} ms")
    p99 = percentile(answers, 0.99)
    line("of it the first page: p50 / p99", f"{percentile(pages, 0.5):.1f} / {percentile(pages, 0.99):.1f} ms")
    line("of it the search: p50 / p99", f"{percentile(answers, 0.5):.1f} / {p99:.1f} ms", f"bar {BAR_SEARCH_MS} ms")
    line("one row by its phone: p50 / p99", f"{percentile(rows, 0.5):.2f} / {percentile(rows, 0.99):.2f} ms")
    return int(ratio > BAR_ROWS or key_ratio > BAR_SCROLL or p99 > BAR_SEARCH_MS)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else MILLION))
