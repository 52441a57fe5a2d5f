"""What was said to be saved is there after a kill or a power cut, and nothing is ever half there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.services.desk import Desk
from tests.conftest import NOW, assert_sound
from tests.services.work import operations, prepared
from tests.store.kill import kill_trials
from tests.store.power import cut_trials, digest, record_sql

COUNT = 44
WORKER = """
import sys
from pathlib import Path
from qunguan.domain.clock import Clock
from qunguan.services.desk import Desk
from tests.conftest import NOW
from tests.services.work import operations

desk = Desk(Path(sys.argv[1]), Clock(NOW))
print("ready", flush=True)
for number, operation in enumerate(operations(int(sys.argv[2])), 1):
    operation(desk)
    print(number, flush=True)
"""


def state(path: Path) -> str:
    with closing(sqlite3.connect(path)) as conn:
        return digest(conn)


@pytest.fixture(scope="module")
def evening(tmp_path_factory):
    """The prepared file, its bytes, the state after each operation, and the SQL that made them."""
    path = tmp_path_factory.mktemp("evening") / "q.db"
    prepared(path)
    base = path.read_bytes()
    states = [state(path)]
    with Desk(path, Clock(NOW)) as desk, record_sql(desk.store.engine) as statements:
        for operation in operations(COUNT):
            operation(desk)
            states.append(state(path))
    assert len(set(states)) > COUNT * 0.7, "the operations must change something"
    return base, states, statements


def killed(evening, tmp_path: Path, trials: int, seed: int) -> None:
    base, states, _statements = evening
    path = tmp_path / "q.db"

    def prepare(number: int) -> list[str]:
        for left in tmp_path.glob("q.db*"):
            left.unlink()
        path.write_bytes(base)
        return [str(path), str(COUNT)]

    def check(number: int, lines: list[str]) -> None:
        done = int(lines[-1]) if lines else 0
        with Desk(path, Clock(NOW)) as desk:
            assert_sound(desk)
        assert state(path) in states[done : done + 2], f"trial {number}: {done} operations were acknowledged"

    assert kill_trials(WORKER, trials, prepare=prepare, check=check, longest=0.6, seed=seed) > trials / 3


@pytest.mark.slow
def test_a_kill_loses_nothing_acknowledged_and_leaves_nothing_half_done(evening, tmp_path):
    killed(evening, tmp_path, 30, 7)


@pytest.mark.long
def test_five_hundred_kills(evening, tmp_path):
    killed(evening, tmp_path, 500, 8)


def test_a_power_cut_loses_nothing_acknowledged(evening):
    base, _states, statements = evening
    report = cut_trials(statements, base, journal="TRUNCATE", synchronous="FULL", cuts=100, seed=20260321)
    print(report)
    assert report.clean, report


def test_the_simulator_sees_a_loss_where_there_is_one(evening):
    base, _states, statements = evening
    assert cut_trials(statements, base, journal="WAL", synchronous="NORMAL", cuts=60, seed=20260321).lost


@pytest.mark.long
def test_five_thousand_power_cuts(evening):
    base, _states, statements = evening
    report = cut_trials(statements, base, journal="TRUNCATE", synchronous="FULL", cuts=5000, seed=1)
    print(report)
    assert report.clean, report
