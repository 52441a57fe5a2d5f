"""The board as of a past day, 5,000 members and 120 days of check-ins: `python benchmarks/board.py [MEMBERS [DAYS]]`.

Beside raw SQL over the base rows that counts the same for everybody: total, current and best streak as of the day. Bar
(quality 1): twice that, in time of this process, so that a busy machine does not decide.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path[0:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

from benchmarks.search import members
from qunguan.domain.clock import Clock
from qunguan.services import checkins, groups
from qunguan.services import members as roster
from qunguan.services.desk import Desk

BAR, TURNS = 2.0, 5
FIRST = date(2026, 3, 1)
SQL = """
    WITH done AS (
        SELECT member_id, julianday(day) AS d FROM checkin
        WHERE challenge_id = 1 AND day <= :day AND state IN ('done', 'makeup')
    ), runs AS (
        SELECT member_id, count(*) AS days, max(d) AS last
        FROM (SELECT member_id, d, d - row_number() OVER (PARTITION BY member_id ORDER BY d) AS island FROM done)
        GROUP BY member_id, island
    )
    SELECT e.member_id, m.name, coalesce(sum(days), 0) AS all_days, coalesce(max(days), 0) AS longest,
        coalesce(max(days) FILTER (WHERE last = julianday(:day)), 0) AS streak
    FROM enrolment AS e JOIN member AS m ON m.id = e.member_id LEFT JOIN runs ON runs.member_id = e.member_id
    WHERE e.challenge_id = 1 GROUP BY e.member_id, m.name
    ORDER BY streak DESC, all_days DESC, longest DESC, m.sort_key, e.member_id
"""


def build(path: Path, count: int, days: int) -> Clock:
    """A challenge with a check-in on four of five days for each of `count` members; the clock of its last day."""
    last = FIRST + timedelta(days=days - 1)
    clock = Clock(datetime(last.year, last.month, last.day, 12, tzinfo=UTC))
    dice = random.Random(20260303)
    with Desk(path, clock, create=True) as desk:
        desk.write(groups.create, "五千人的群")
        ids = desk.write(roster.add_many, [name for _, name, _ in members(count)], group_id=1, joined_on=FIRST)
        desk.write(checkins.start, "早起", who="all", starts_on=FIRST)
    told = ((FIRST + timedelta(days=number)).isoformat() for number in range(days))
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.executemany(
            "INSERT INTO checkin (challenge_id, member_id, day, state, source, occurred_at, earns) "
            "VALUES (1, ?, ?, 'done', 'hand', '2026-03-01T12:00:00Z', 0)",
            ((member_id, day) for day in told for member_id in ids if dice.random() < 0.8),
        )
    with Desk(path, clock) as desk:
        desk.write(checkins.rebuild_cache)
    return clock


def best(work: Callable[[], Any]) -> tuple[float, Any]:
    """The least seconds of a few turns, and the answer."""
    took = []
    for _turn in range(TURNS):
        began = time.process_time()
        answer = work()
        took.append(time.process_time() - began)
    return min(took), answer


def counted(conn: sqlite3.Connection, day: date) -> list[Any]:
    """What raw SQL says."""
    return conn.execute(SQL, {"day": day.isoformat()}).fetchall()


def main(count: int, days: int) -> int:
    """Print the table; 1 if the bar is missed."""
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "q.db"
        clock = build(path, count, days)
        print(f"{'as of':<16}{'board':>10}{'raw SQL':>10}{'ratio':>8}  bar {BAR}x")
        with Desk(path, clock) as desk, closing(sqlite3.connect(path)) as conn:
            for back in (1, 7, days // 2):
                day = FIRST + timedelta(days=days - 1 - back)
                ours, board = best(partial(desk.read, checkins.board, clock, 1, day))
                raw, rows = best(partial(counted, conn, day))
                assert [(row.member_id, row.total, row.best, row.streak) for row in board.rows] == [
                    (each[0], *each[2:]) for each in rows
                ]
                verdict = "ok" if ours <= BAR * raw else "MISSED"
                print(f"{back:>4} days ago {1000 * ours:>10.0f}{1000 * raw:>10.0f}{ours / raw:>8.2f}  {verdict}")
                missed += ours > BAR * raw
    return int(missed > 0)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(numbers + [5_000, 120][len(numbers) :])))
