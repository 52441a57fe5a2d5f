"""Insights over a large community: `python benchmarks/insights.py [MEMBERS [MESSAGES]]`, a million and ten by default.

The file is made once and kept in the temporary folder (QUNGUAN_BENCH_DIR names another). Bars (quality 1): as of today
day counts, active members, hours, retention and the streak board take less than 50 ms; RFM less than four times the
same in memory; as of a past day at most twice raw SQL on the base rows. Measured is time of this process, the best of
a few turns, so that a busy machine does not decide.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path[0:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

from benchmarks.insights_data import DAYS, LAST, build
from qunguan.domain.clock import Clock
from qunguan.domain.retention import Kind
from qunguan.services import alerts, boards, insights, presence, retention, rfm
from qunguan.services.desk import Desk

TURNS, BAR_MS, BAR_ALERTS, BAR_PAST, BAR_RFM = 3, 50.0, 500.0, 2.0, 4.0
NOW = Clock(datetime(LAST.year, LAST.month, LAST.day, 12, tzinfo=UTC))
NEXT = Clock(NOW.now() + timedelta(days=1))
BACK = 30

ACTIVE = """
    SELECT count(*) FROM membership WHERE group_id = 1 AND coalesce(joined_on, '') <= :day
        AND coalesce(left_on, '9') > :day AND member_id IN (
            SELECT member_id FROM speech WHERE group_id = 1 AND day BETWEEN :first AND :day
            UNION SELECT member_id FROM checkin WHERE challenge_id = 1 AND state IN ('done', 'makeup')
                AND day BETWEEN :first AND :day
            UNION SELECT member_id FROM shop_order WHERE counts AND biz_date BETWEEN :first AND :day)
"""
ACTED = """
    WITH born AS (
        SELECT member_id, min(joined_on) AS born FROM membership WHERE group_id = 1 AND joined_on <= :day
        GROUP BY member_id HAVING born >= :since
    ), acted AS (
        SELECT member_id, day FROM speech WHERE group_id = 1 AND day BETWEEN :since AND :day
        UNION SELECT member_id, day FROM checkin WHERE challenge_id = 1 AND state IN ('done', 'makeup')
            AND day BETWEEN :since AND :day
        UNION SELECT member_id, biz_date FROM shop_order WHERE counts AND biz_date BETWEEN :since AND :day
    )
    SELECT born, count(DISTINCT member_id), {cells} FROM (
        SELECT member_id, born, julianday(day) - julianday(born) AS n FROM born LEFT JOIN acted USING (member_id)
    ) GROUP BY born
"""
COHORTS = ACTED.format(cells=", ".join(f"count(DISTINCT iif(n = {n}, member_id, NULL))" for n in (1, 3, 7, 14, 30)))
SAID = """
    SELECT day, sum(messages), count(DISTINCT member_id) FROM speech
    WHERE group_id = 1 AND day BETWEEN :first AND :day GROUP BY day
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: what took how many seconds, against what it may."""

    what: str
    seconds: float
    bar: float
    unit: str

    @property
    def met(self) -> bool:
        """Whether the bar is met."""
        return self.seconds <= self.bar

    def __str__(self) -> str:
        verdict = "ok" if self.met else "MISSED"
        took, bar = 1000 * self.seconds, 1000 * self.bar
        return f"{self.what:<44}{took:>10.1f} ms   bar {bar:>8.0f} ms {self.unit:<12}{verdict}"


def best(work: Callable[[], Any], turns: int = TURNS) -> tuple[float, Any]:
    """The least seconds of a few turns, and the answer."""
    took = []
    for _turn in range(turns):
        began = time.process_time()
        answer = work()
        took.append(time.process_time() - began)
    return min(took), answer


def today(desk: Desk) -> list[Line]:
    """As of today, and what was kept ahead for the day after."""
    first, month = LAST - timedelta(days=DAYS - 1), LAST - timedelta(days=29)
    jobs: list[tuple[str, Callable[[], Any]]] = [
        ("day counts, 30 days", partial(desk.read, presence.day_counts, 1, month, LAST)),
        (f"day counts, {DAYS} days", partial(desk.read, presence.day_counts, 1, first, LAST)),
        ("active members, 7 days", partial(desk.read, presence.actives, NOW, 1, 7)),
        ("active members, 30 days", partial(desk.read, presence.actives, NOW, 1, 30)),
        ("hours, 30 days", partial(desk.read, insights.hours, NOW, 1)),
        ("retention, every cohort", partial(desk.read, retention.retention, NOW, 1)),
        (
            "streak board, the first 50",
            partial(desk.read, boards.leaderboard, NOW, "streak", "all", group_id=1, top=50),
        ),
    ]
    once: list[tuple[str, Callable[[], Any], float]] = [  # what was said is kept until anybody writes
        ("health card", partial(desk.read, insights.health, NOW, 1), BAR_MS),
        ("alerts", partial(desk.read, alerts.alerts, NOW), BAR_ALERTS),
        ("health card, the day after", partial(desk.read, insights.health, NEXT, 1), BAR_MS),
        ("alerts, the day after", partial(desk.read, alerts.alerts, NEXT), BAR_ALERTS),
    ]
    lines = [Line(what, best(work)[0], BAR_MS / 1000, "") for what, work in jobs]
    return lines + [Line(what, best(work, 1)[0], bar / 1000, "") for what, work, bar in once]


def past(desk: Desk, path: Path) -> list[Line]:
    """As of a past day, beside raw SQL on the base rows."""
    day = LAST - timedelta(days=BACK)
    since = day - timedelta(days=40)
    lines = []
    with closing(sqlite3.connect(path)) as conn:
        for what, ours, sql, first in (
            ("active members, 7 days", partial(desk.read, presence.actives, NOW, 1, 7, day), ACTIVE, 6),
            ("active members, 30 days", partial(desk.read, presence.actives, NOW, 1, 30, day), ACTIVE, 29),
            ("retention, 40 cohorts", partial(desk.read, retention.retention, NOW, 1, Kind.CLASSIC, as_of=day,
                                              since=since), COHORTS, 0),
            ("day counts, 30 days", partial(desk.read, presence.day_counts, 1, day - timedelta(days=29), day, day),
             SAID, 29),
        ):  # fmt: skip
            params = {"day": str(day), "since": str(since), "first": str(day - timedelta(days=first))}
            raw, rows = best(partial(_rows, conn, sql, params), 2)
            took, found = best(ours, 2)
            _check(what, found, rows)
            lines.append(Line(f"{what}, {BACK} days ago", took, BAR_PAST * raw, "2x raw"))
    return lines


def _rows(conn: sqlite3.Connection, sql: str, params: dict[str, str]) -> list[Any]:
    return conn.execute(sql, params).fetchall()


def _check(what: str, found: Any, rows: list[Any]) -> None:
    """Both answered the same question."""
    if what.startswith("active"):
        assert found == rows[0][0], (found, rows)
    elif what.startswith("retention"):
        ours = [(str(each.start), each.size, *(round(r.value * r.n) for r in each.cells.values() if r))
                for each in found.cohorts]  # fmt: skip
        assert ours == [row[: len(mine)] for row, mine in zip(rows, ours, strict=True)]
    else:
        assert [(str(each.day), each.messages, each.speakers) for each in found] == rows


SCORED = """
    WITH back AS (SELECT id, sum(fen) AS fen FROM refund WHERE day <= $day GROUP BY id),
    own AS (SELECT who, day, bought.fen, coalesce(back.fen, 0) AS back FROM bought LEFT JOIN back USING (id)
        WHERE day <= $day),
    spent AS (SELECT who, $day - max(day) AS ago, count(*) AS orders, count(DISTINCT day) AS days,
        sum(fen - back) AS fen, count(DISTINCT CASE WHEN day > $day - 90 THEN day END) AS often
        FROM own WHERE NOT (back > 0 AND back >= fen) GROUP BY who)
    SELECT *, 1 + (ago <= 90)::int + (ago <= 60)::int + (ago <= 30)::int + (ago <= 7)::int AS r,
        1 + (often >= 2)::int + (often >= 3)::int + (often >= 4)::int + (often >= 9)::int AS f,
        1 + (fen >= 1)::int + (fen >= 50000)::int + (fen >= 100000)::int + (fen >= 500000)::int AS m
    FROM spent ORDER BY who
"""
BOUGHT = "SELECT id, member_id, CAST(julianday(biz_date) AS INTEGER), amount_fen FROM shop_order WHERE counts"
REFUNDS = "SELECT order_id, CAST(julianday(biz_date) AS INTEGER), amount_fen FROM order_refund"


def scores(desk: Desk, path: Path) -> list[Line]:
    """RFM, beside duckdb in memory, or numpy where it is not installed: both begin with the orders as columns."""
    import numpy as np

    with closing(sqlite3.connect(path)) as conn:
        bought, refunds = (
            [np.array(column) for column in zip(*conn.execute(sql), strict=True)] for sql in (BOUGHT, REFUNDS)
        )
    try:
        name, plain = "duckdb", _duckdb(bought, refunds)
    except ModuleNotFoundError:
        name, plain = "numpy", partial(_numpy, bought, refunds)
    raw, theirs = best(plain)
    took, book = best(partial(desk.read, rfm.book_of, LAST, "fixed"))  # `rfm.rfm` keeps its answer until anybody writes
    ours = (book.spent.ids, book.recency, book.spent.frequency, book.spent.fen, *map(list, (book.r, book.f, book.m)))
    assert all(np.array_equal(one, other) for one, other in zip(ours, theirs, strict=True))
    return [Line("RFM of every buyer", took, BAR_RFM * raw, f"4x {name}")]


def _duckdb(bought: list[Any], refunds: list[Any]) -> Callable[[], Any]:
    import duckdb

    conn = duckdb.connect()
    for table, names, rows in (("bought", "id who day fen", bought), ("refund", "id day fen", refunds)):
        columns = dict(zip(names.split(), rows, strict=True))
        conn.register("rows", columns)
        conn.execute(f"CREATE TABLE {table} AS SELECT * FROM rows")
    last = LAST.toordinal() + 1_721_424

    def ask() -> Any:
        found = conn.execute(SCORED, {"day": last}).fetchnumpy()
        return [found[name] for name in ("who", "ago", "often", "fen", "r", "f", "m")]

    return ask


def _numpy(bought: list[Any], refunds: list[Any]) -> Any:
    import numpy as np

    ids, who, days, fen = bought
    back = np.zeros(ids.max() + 1, np.int64)
    np.add.at(back, refunds[0], refunds[2])
    stays = ~((back[ids] > 0) & (back[ids] >= fen))
    who, days, fen = who[stays], days[stays], (fen - back[ids])[stays]
    order = np.lexsort((days, who))
    buyer, day, net = who[order], days[order], fen[order]
    starts = np.flatnonzero(np.r_[True, buyer[1:] != buyer[:-1]])
    new_day = np.r_[True, (buyer[1:] != buyer[:-1]) | (day[1:] != day[:-1])]
    last = LAST.toordinal() + 1_721_424
    ago = last - np.maximum.reduceat(day, starts)
    often = np.add.reduceat((new_day & (day > last - 90)).astype(np.int64), starts)
    money = np.add.reduceat(net, starts)
    r = 5 - np.digitize(ago, (7, 30, 60, 90), right=True)
    f = 1 + np.digitize(often, (2, 3, 4, 9))
    m = 1 + np.digitize(money, (1, 50_000, 100_000, 500_000))
    return [buyer[starts], ago, often, money, r, f, m]


def main(members: int, messages: int) -> int:
    """Print the table; 1 if a bar is missed."""
    folder = Path(os.environ.get("QUNGUAN_BENCH_DIR") or Path(tempfile.gettempdir()) / "qunguan-bench")
    path = build(folder, members, messages)
    print(f"{members:,} members, {messages:,} messages, {path.stat().st_size / 2**20:,.0f} MiB")
    missed = 0
    with Desk(path, NOW) as desk:
        for part in (today(desk), past(desk, path), scores(desk, path)):
            for line in part:
                print(line, flush=True)
                missed += not line.met
    return int(missed > 0)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(numbers + [1_000_000, 10_000_000][len(numbers) :])))
