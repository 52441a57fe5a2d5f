"""The ledger at a million rows: `python benchmarks/ledger.py [ROWS]`.

Bars (quality 1): awards by rule and the rows of a spreadsheet, of which every one is checked against its member's lots,
go in through the program in at most twice the time of raw `executemany`; one member's balance takes about a tenth of a
millisecond. Going in is measured in seconds of this process, the best of a few turns, so that a busy machine does not
decide.
"""

from __future__ import annotations

import gc
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert

from qunguan.domain.clock import Clock
from qunguan.domain.points import Award
from qunguan.exchange.readers.history import HistoryPoints, PointsHistory
from qunguan.services import points
from qunguan.store.engine import make_engine, read_transaction, write_transaction
from qunguan.store.members import member
from qunguan.store.schema import create_schema
from qunguan.store.session import Session

NOW = Clock(datetime(2026, 3, 1, 12, tzinfo=UTC))
TODAY = date(2026, 3, 1)
MEMBERS, PORTION = 5_000, 30_000
BAR, BAR_BALANCE_MS = 2.0, 0.1


def fresh(folder: Path, name: str) -> Engine:
    """A file with the whole schema and its members."""
    path = folder / name
    path.touch()
    engine = make_engine(path)
    people = [{"id": i, "name": f"成员{i}", "extra": {}, "created_at": NOW.now()} for i in range(1, MEMBERS + 1)]
    with write_transaction(engine) as conn:
        create_schema(conn)
        conn.execute(insert(member), people)
    return engine


def awards(rows: int) -> list[Award]:
    """Check-in points of `rows` member-days, a few members on each day."""
    return [
        Award(
            1 + i % MEMBERS, "checkin.points", 5, "checkin", str(i), TODAY - timedelta(days=i // MEMBERS % 900), "打卡"
        )
        for i in range(rows)
    ]


def give(session: Session, given: list[Award]) -> None:
    """The awards in portions: nobody gives a million at once."""
    for start in range(0, len(given), PORTION):
        points.award_many(session, NOW, given[start : start + PORTION])


def history(rows: int) -> PointsHistory:
    """A spreadsheet: three of four rows earn, the fourth spends less than is there."""
    dice = random.Random(20260301)
    entries = [
        HistoryPoints(
            i + 2, f"成员{1 + i % MEMBERS}", TODAY - timedelta(days=900 - i // MEMBERS % 900),
            -dice.randint(1, 20) if i // MEMBERS % 4 == 3 else dice.randint(10, 30), None, "表格",
        )
        for i in range(rows)
    ]  # fmt: skip
    return PointsHistory("utf-8", tuple(entries), (), ())


def raw(source: Engine, target: Engine) -> float:
    """Seconds that raw `executemany` needs for the rows the program wrote to `source`."""
    with read_transaction(source) as conn:
        steps = [tuple(row) for row in conn.exec_driver_sql("SELECT * FROM step")]
        entries = [tuple(row) for row in conn.exec_driver_sql("SELECT * FROM point_entry ORDER BY id")]
        allocs = [tuple(row) for row in conn.exec_driver_sql("SELECT * FROM point_alloc ORDER BY id")]
    began = time.process_time()
    with write_transaction(target) as conn:
        cursor: Any = conn.connection.cursor()
        for table, rows in (("step", steps), ("point_entry", entries), ("point_alloc", allocs)):
            if rows:
                cursor.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows)
    return time.process_time() - began


def timed(engine: Engine, work: Callable[[Session], object]) -> float:
    """Seconds of one unit of work, committed. The benchmark's own inputs are kept out of the collector's way."""
    gc.collect()
    gc.freeze()
    began = time.process_time()
    with write_transaction(engine) as conn:
        work(Session(conn, NOW))
    return time.process_time() - began


def line(what: str, seconds: float, rows: int, against: float, bar: float = BAR) -> bool:
    """One row of the table; whether the bar is met."""
    met = seconds <= bar * against
    verdict = "ok" if met else "MISSED"
    print(f"{what:<34}{seconds:>9.2f} s {rows / seconds:>12,.0f}/s {seconds / against:>7.2f}x  bar {bar}x  {verdict}")
    return met


def compare_in(
    folder: Path, what: str, rows: int, turns: int, work: Callable[[Session], object]
) -> tuple[Engine, bool]:
    """The program's way in beside raw executemany of the very same rows; the file, and whether the bars are met."""
    ours, plain, again = [], [], []
    for turn in range(turns):
        engine, other = fresh(folder, f"{what}{turn}.db"), fresh(folder, f"{what}{turn}-raw.db")
        ours.append(timed(engine, work))
        plain.append(raw(engine, other))
        again.append(timed(engine, work))
    line(f"raw executemany ({what})", min(plain), rows, min(plain), 1.0)
    met = line(what, min(ours), rows, min(plain))
    return engine, line(f"{what}, the same again", min(again), rows, min(plain)) and met


def compare_reading(engine: Engine) -> None:
    """Balances, one and all; and 对账 over everything."""
    dice = random.Random(1)
    bare_sql = "SELECT sum(sign * amount) FROM point_entry WHERE member_id = ? AND biz_date <= ?"
    with read_transaction(engine) as conn:
        session = Session(conn, NOW)
        cursor: Any = conn.connection.cursor()
        ours, bare = [], []
        for _round in range(2_000):
            who = dice.randint(1, MEMBERS)
            began = time.perf_counter()
            found = points.balance(session, who, TODAY)
            middle = time.perf_counter()
            assert cursor.execute(bare_sql, (who, TODAY.isoformat())).fetchone()[0] == found
            bare.append(time.perf_counter() - middle)
            ours.append(middle - began)
        p50, plain = (statistics.median(times) * 1000 for times in (ours, bare))
        print(f"{'balance of one member, p50':<34}{p50:>9.3f} ms   bare sum {plain:.3f} ms   bar ~{BAR_BALANCE_MS} ms")
        for what, work in (
            ("all balances", lambda: points.balances(session, NOW)),
            ("statement of one member", lambda: points.statement(session, NOW, 17)),
            ("expiring within 30 days", lambda: points.expiring(session, NOW)),
            ("reconcile everything", lambda: points.reconcile(session)),
        ):
            began = time.perf_counter()
            work()
            print(f"{what:<34}{(time.perf_counter() - began) * 1000:>9.1f} ms")


def main(rows: int) -> int:
    """Print the table; 1 if a bar is missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given = awards(rows)
        engine, met = compare_in(folder, "award_many", rows, 1, lambda session: give(session, given))
        compare_reading(engine)
        engine.dispose()
        told = history(rows // 10)
        names = {f"成员{i}": i for i in range(1, MEMBERS + 1)}
        _engine, also = compare_in(
            folder, "import_history", rows // 10, 3,
            lambda session: points.import_history(session, NOW, told, names.__getitem__),
        )  # fmt: skip
    return int(not (met and also))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
