"""The large community the insights are measured on: who joined when, who speaks how often, who checks in, who buys."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from qunguan.domain.clock import Clock
from qunguan.services import buyers, checkins, figures, groups, presence
from qunguan.services.desk import Desk
from qunguan.store.migrations import SCHEMA_VERSION

DAYS = 120
LAST = date(2026, 3, 1)
CHALLENGE_DAYS = 30
_MOMENT = "2026-01-01T04:00:00Z"
_PER_DAY = 2.5  # messages of a speaker on a day
_DROPPED = ("speech", "membership", "checkin", "enrolment", "shop_order", "member", "speaker")


def build(folder: Path, members: int, messages: int) -> Path:
    """The file for these numbers, made if it is not there yet."""
    path = folder / f"insights-{members}-{messages}-v{SCHEMA_VERSION}.db"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".part")
    fresh.unlink(missing_ok=True)
    began = time.perf_counter()
    clock = Clock(datetime(LAST.year, LAST.month, LAST.day, 12, tzinfo=UTC))
    with Desk(fresh, clock, create=True) as desk:
        desk.write(groups.create, "百万群")
        desk.write(checkins.start, "早起", starts_on=LAST - timedelta(days=CHALLENGE_DAYS - 1))
    with closing(sqlite3.connect(fresh)) as conn:
        conn.execute("PRAGMA journal_mode=OFF")
        conn.execute("PRAGMA synchronous=OFF")
        indexes = _drop_indexes(conn)
        with conn:
            _people(conn, members)
            _speech(conn, members, messages)
            _challenge(conn, members)
            _orders(conn, members)
            for statement in indexes:
                conn.execute(statement)
    made = time.perf_counter()
    with Desk(fresh, clock) as desk:
        desk.write(lambda session, clock: presence.rebuild(session))
        desk.write(lambda session, clock: buyers.rebuild(session))
        desk.write(figures.keep)  # as an import does
    print(f"made in {made - began:.0f} s, roll-ups counted in {time.perf_counter() - made:.0f} s")
    fresh.rename(path)
    return path


def _drop_indexes(conn: sqlite3.Connection) -> list[str]:
    """Take off what can be made again: sorted it is made in a fraction of the time."""
    rows = conn.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    found = [(name, sql) for name, table, sql in rows if table in _DROPPED]
    for name, _sql in found:
        conn.execute(f"DROP INDEX {name}")
    return [sql for _name, sql in found]


def _people(conn: sqlite3.Connection, members: int) -> None:
    """Everybody, and when they joined: over 400 days, ever more of them; one in twelve has left."""
    dice = random.Random(1)
    conn.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
        "INSERT INTO member (id, name, sort_key, extra, created_at) SELECT i, '成员' || i, printf('%08d', i), '{}', ? "
        "FROM n",
        (members, _MOMENT),
    )

    def stays() -> Iterator[tuple[int, str, str | None, str | None]]:
        for member_id in range(1, members + 1):
            joined = int(400 * dice.random() ** 1.5)
            left = dice.randrange(joined) if joined > 1 and dice.random() < 0.08 else None
            yield member_id, _day(joined), None if left is None else _day(left), None if left is None else "换群"

    conn.executemany(
        "INSERT INTO membership (member_id, group_id, joined_on, left_on, left_reason) VALUES (?, 1, ?, ?, ?)", stays()
    )


def _speech(conn: sqlite3.Connection, members: int, messages: int) -> None:
    """One import of DAYS days: few speak often, many now and then."""
    dice = random.Random(2)
    first = datetime.combine(date.fromisoformat(_day(DAYS - 1)), datetime.min.time(), UTC)
    last = datetime(LAST.year, LAST.month, LAST.day, 11, tzinfo=UTC)
    conn.execute(
        "INSERT INTO chat_import (group_id, format, name, first_at, last_at, messages, system, recalled, joins, "
        "leaves, duplicates, imported_at) VALUES (1, 'generic', 'big.csv', ?, ?, ?, 0, 0, 0, 0, 0, ?)",
        (first.strftime("%Y-%m-%dT%H:%M:%SZ"), last.strftime("%Y-%m-%dT%H:%M:%SZ"), messages,
         last.strftime("%Y-%m-%dT%H:%M:%SZ")),
    )  # fmt: skip
    conn.execute(
        "INSERT INTO speaker (id, group_id, kind, key, name, member_id, matched_by) "
        "SELECT id, 1, 'wxid', 'wxid_' || id, name, id, 'id' FROM member"
    )
    daily = int(messages / _PER_DAY / DAYS)

    def rows() -> Iterator[tuple[int, int, str, int]]:
        left = messages
        for back in range(DAYS - 1, -1, -1):
            day = _day(back)
            speakers = sorted({1 + int(members * dice.random() ** 2.2) for _ in range(int(daily * 1.04))})
            for number, who in enumerate(speakers):
                said = min(1 + int(dice.expovariate(1 / 1.9)), left)
                if not back and number == len(speakers) - 1:
                    said = left  # so that the sum is the one asked for
                if said > 0:
                    left -= said
                    yield who, who, day, said

    conn.executemany(
        "INSERT INTO speech (import_id, group_id, speaker_id, member_id, day, messages) VALUES (1, 1, ?, ?, ?, ?)",
        rows(),
    )
    conn.execute(
        "INSERT INTO chat_day (import_id, group_id, day, messages) "
        "SELECT 1, 1, day, sum(messages) FROM speech GROUP BY day"
    )
    conn.executemany(
        "INSERT INTO chat_hour (import_id, group_id, day, hour, messages) VALUES (1, 1, ?, ?, ?)",
        ((_day(back), hour, 1 + hour * 7 % 24 * daily // 200) for back in range(DAYS) for hour in range(24)),
    )


def _challenge(conn: sqlite3.Connection, members: int) -> None:
    """One member in ten takes part, and checks in on four of five days: the last run and the best one are kept."""
    dice = random.Random(3)
    enrolled = range(1, members + 1, 10)
    ticks: list[tuple[int, str]] = []
    standings = []
    for member_id in enrolled:
        run = best = total = 0
        last = None
        keen = 0.85 * dice.random() ** 0.3
        for back in range(CHALLENGE_DAYS - 1, -1, -1):
            if dice.random() < keen:
                run, total, last = run + 1, total + 1, _day(back)
                best = max(best, run)
                ticks.append((member_id, _day(back)))
            elif back:
                run = 0
        standings.append((member_id, _day(CHALLENGE_DAYS - 1), run, best, total, last))
    conn.executemany(
        "INSERT INTO enrolment (challenge_id, member_id, from_day, run, best, total, last_day) "
        "VALUES (1, ?, ?, ?, ?, ?, ?)",
        standings,
    )
    conn.executemany(
        "INSERT INTO checkin (challenge_id, member_id, day, state, source, occurred_at, earns) "
        f"VALUES (1, ?, ?, 'done', 'hand', '{_MOMENT}', 0)",
        ticks,
    )


def _orders(conn: sqlite3.Connection, members: int) -> None:
    """Two orders a member on average, of half of them; one in fifty was given back."""
    dice = random.Random(4)

    def rows() -> Iterator[tuple[str, int, str, int]]:
        for number in range(2 * members):
            who = 1 + int(members / 2 * dice.random() ** 1.5)
            yield str(number), who, _day(int(365 * dice.random())), 100 * int(dice.lognormvariate(4.5, 0.8))

    conn.executemany(
        "INSERT INTO shop_order (shop, number, buyer, buyer_key, member_id, matched_by, biz_date, amount_fen, status, "
        f"counts, created_at) VALUES ('ktt', ?, '', '', ?, 'id', ?, ?, 'paid', 1, '{_MOMENT}')",
        rows(),
    )
    conn.execute(
        "INSERT INTO order_refund (order_id, amount_fen, biz_date, occurred_at) "
        f"SELECT id, amount_fen, biz_date, '{_MOMENT}' FROM shop_order WHERE id % 50 = 0 AND amount_fen > 0"
    )


def _day(back: int) -> str:
    return (LAST - timedelta(days=back)).isoformat()
