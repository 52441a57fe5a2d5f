"""A key in a long list until it is painted: `PagedTable` over SQLite at 300 and 1,000,000 rows, DataTable at 1,000.

    python benchmarks/table_keys.py

All three are real programs on terminals of their own, alive at once; each gets one key in turn, so that what else the
machine does falls on all alike. The figures to look at are the ratios; the bars are those of docs/quality.md.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import sys
import tempfile
from array import array
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

if __package__ in (None, ""):
    sys.path[0:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

from benchmarks.terminal import Terminal, percentile
from qunguan.tui.environment import prepare_environment

SMALL, TABLE, MILLION = 300, 1000, 1_000_000
VIEW = 39
"""Rows in view: a terminal of 40 lines less the heading."""
SCROLLS = 150
PAGES = 6
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰"
TIERS = ("新人", "常客", "核心", "管理")
LABELS = ("序号", "群昵称", "等级", "积分", "最近发言")
RATIO_ROWS, RATIO_TABLE = 1.3, 0.5


def make_database(path: Path, rows: int) -> None:
    """Members with points, many of them equal, and an index in the order of the list."""
    chance = random.Random(rows)

    def member(key: int) -> tuple[int, str, int, int, str]:
        name = chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(("", chance.choice(GIVEN)))
        day = f"2026-{chance.randint(1, 11):02}-{chance.randint(1, 28):02}"
        return key, name, chance.randrange(4), int(chance.expovariate(0.01)), day

    with sqlite3.connect(path) as connection:
        connection.execute("create table member (id integer primary key, name, tier, points, last)")
        connection.executemany("insert into member values (?,?,?,?,?)", map(member, range(1, rows + 1)))
        connection.execute("create index by_points on member (points desc, id desc)")
    connection.close()


def read_rows(connection: sqlite3.Connection, ids: Sequence[int], first: int) -> list[tuple[int, tuple[str, ...]]]:
    """Key and cells of the members `ids`, in that order; the first is line `first` of the list."""
    marks = ",".join(map(str, ids))
    found = {row[0]: row for row in connection.execute(f"select * from member where id in ({marks})")}
    lines = ((number, found[key]) for number, key in enumerate(ids, first))
    return [(row[0], (f"#{n:07}", row[1], TIERS[row[2]], str(row[3]), row[4])) for n, row in lines]


def read_ids(connection: sqlite3.Connection) -> array[int]:
    """The keys in the order of the list, eight bytes each."""
    return array("q", (row[0] for row in connection.execute("select id from member order by points desc, id desc")))


def run_paged(database: str) -> None:
    """The program under test: a `PagedTable` whose rows are read on a worker thread."""
    from textual.app import App, ComposeResult

    from qunguan.tui.driver import driver_class
    from qunguan.tui.widgets.paged_table import Cell, Column, PagedTable, Row

    thread = ThreadPoolExecutor(1)
    connection = sqlite3.connect(database, check_same_thread=False)

    class Source:
        def __init__(self, ids: array[int]) -> None:
            self.ids, self.count = ids, len(ids)

        async def fetch(self, start: int, size: int) -> list[Row]:
            def read() -> list[Row]:
                rows = read_rows(connection, self.ids[start : start + size], start)
                return [Row(key, (*cells[:2], Cell(cells[2], "good"), *cells[3:])) for key, cells in rows]

            return await asyncio.get_running_loop().run_in_executor(thread, read)

    class Paged(App[None]):
        def compose(self) -> ComposeResult:
            number, name, tier, points, last = LABELS
            yield PagedTable(
                (
                    Column(number, width=8),
                    Column(name, flex=1),
                    Column(tier, width=6),
                    Column(points, width=8, right=True),
                    Column(last, width=12),
                )
            )

        async def on_mount(self) -> None:
            ids = await asyncio.get_running_loop().run_in_executor(thread, read_ids, connection)
            await self.query_one(PagedTable).set_source(Source(ids))

    Paged(driver_class=driver_class()).run()


def run_table(database: str) -> None:
    """What it is compared with: Textual's DataTable with the same rows."""
    from rich.text import Text
    from textual.app import App, ComposeResult
    from textual.widgets import DataTable

    from qunguan.tui.driver import driver_class

    connection = sqlite3.connect(database)

    class Table(App[None]):
        def compose(self) -> ComposeResult:
            yield DataTable[Text](cursor_type="row")

        def on_mount(self) -> None:
            table: DataTable[Text] = self.query_one(DataTable)
            table.add_columns(*LABELS)
            for key, cells in read_rows(connection, read_ids(connection), 0):
                table.add_row(*map(Text, cells), key=str(key))

    Table(driver_class=driver_class()).run()


class Contender:
    """One of the programs, and what was measured of it, in milliseconds."""

    def __init__(self, name: str, kind: str, database: Path) -> None:
        self.name = name
        self._home = b"\x1b[H" if kind == "paged" else b"\x1b[1;5H"  # in a DataTable Home is the first column
        self.terminal = Terminal(
            [sys.executable, str(Path(__file__).resolve()), "--app", kind, "--database", str(database)],
            env={"TEXTUAL_ANIMATIONS": "none"},
        )
        self.ready = self.terminal.wait_for(b"#0000005")
        self.terminal.drain(0.2)
        self.line = 0
        self.times: dict[str, list[float]] = {"in view": [], "scrolling": [], "page down": []}
        self.cpu = 0.0

    def home(self) -> None:
        self.terminal.send(self._home)
        self.terminal.drain(0.1)
        self.line = 0

    def down(self, phase: str) -> None:
        self.line += 1
        before = self.terminal.cpu()
        self.times[phase].append(1000 * self.terminal.key(b"\x1b[B", b"#%07d" % self.line))
        if phase == "scrolling":
            self.terminal.drain(0.004, 0.02)
            self.cpu += self.terminal.cpu() - before

    def page_down(self, phase: str | None) -> None:
        took = self.terminal.key_until_quiet(b"\x1b[6~")
        if phase:
            self.times[phase].append(1000 * took)


def measure(contenders: list[Contender], rounds: int) -> None:
    """One key each, in random turn: down to the edge of the view, down past it, then page by page."""

    def turn() -> list[Contender]:
        return random.sample(contenders, len(contenders))

    for _ in range(rounds):
        for step in range(VIEW - 1 + SCROLLS):
            for contender in turn():
                contender.down("in view" if step < VIEW - 1 else "scrolling")
        for contender in contenders:
            contender.home()
            contender.page_down(None)
        for _ in range(PAGES):
            for contender in turn():
                contender.page_down("page down")
        for contender in contenders:
            contender.home()


def report(contenders: list[Contender]) -> bool:
    """Print the table and the bars; whether they are met."""
    phases = tuple(contenders[0].times)
    print(f"{'':22}{'ready s':>8}{'MiB':>6}" + "".join(f"{phase + ' p50/p99 ms':>26}" for phase in phases) + "  CPU ms")
    for each in contenders:
        cells = "".join(f"{percentile(t, 0.5):>17.1f} /{percentile(t, 0.99):>7.1f}" for t in each.times.values())
        cpu = 1000 * each.cpu / len(each.times["scrolling"])
        print(f"{each.name:22}{each.ready:8.2f}{each.terminal.rss():6.0f}{cells}{cpu:8.1f}")
    small, million, table = contenders
    met = True
    for other, bar in ((small, RATIO_ROWS), (table, RATIO_TABLE)):
        for share in (0.5, 0.99):
            of, by = (percentile(each.times["scrolling"], share) for each in (million, other))
            met &= of / by <= bar
            word = "met" if of / by <= bar else "MISSED"
            print(f"scrolling p{share * 100:.0f}: {million.name} / {other.name} = {of / by:.2f} (bar {bar}: {word})")
    return met


def main() -> int:
    prepare_environment()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--app", choices=("paged", "table"), help=argparse.SUPPRESS)
    parser.add_argument("--database", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.app:
        (run_paged if options.app == "paged" else run_table)(options.database)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        files = {rows: Path(folder) / f"{rows}.db" for rows in (SMALL, MILLION, TABLE)}
        for rows, file in files.items():
            make_database(file, rows)
        contenders = [
            Contender(f"PagedTable {rows:,}" if kind == "paged" else f"DataTable {rows:,}", kind, files[rows])
            for rows, kind in ((SMALL, "paged"), (MILLION, "paged"), (TABLE, "table"))
        ]
        try:
            measure(contenders, options.rounds)
            return 0 if report(contenders) else 1
        finally:
            for contender in contenders:
                contender.terminal.close()


if __name__ == "__main__":
    raise SystemExit(main())
