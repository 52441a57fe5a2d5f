from __future__ import annotations

import random

import apsw
import pytest

from qunguan.store.files import open_store
from tests.store.power import CutReport, Disk, DiskVFS, Statement, connect, cut_trials, digest, record_sql, replay
from tests.store.support import NOON, SCHEMA, make_store, post

SEED = 20260301


@pytest.fixture(scope="module")
def recorded(tmp_path_factory) -> tuple[list[Statement], bytes]:
    """Forty units of work as our engine sends them, and the file they start from."""
    path = tmp_path_factory.mktemp("power") / "a.db"
    make_store(path).close()
    base = path.read_bytes()
    store = open_store(path, clock=NOON, schema=SCHEMA)
    chance = random.Random(SEED)
    with record_sql(store.engine) as statements:
        for number in range(1, 41):
            post(store, number, "x" * chance.randint(0, 2500))
    store.close()
    return statements, base


def trials(recorded, journal: str, synchronous: str, cuts: int) -> CutReport:
    statements, base = recorded
    report = cut_trials(statements, base, journal=journal, synchronous=synchronous, cuts=cuts, seed=SEED)
    print(journal, synchronous, SEED, report)
    return report


def test_the_way_we_write_loses_nothing_when_the_power_goes(recorded):
    report = trials(recorded, "TRUNCATE", "FULL", 1900)
    assert report.clean, report
    assert report.acknowledged > 30_000


@pytest.mark.parametrize(("journal", "synchronous"), [("WAL", "NORMAL"), ("DELETE", "FULL")])
def test_the_usual_ways_lose_acknowledged_work_so_the_simulator_can_tell(recorded, journal, synchronous):
    assert trials(recorded, journal, synchronous, 60).lost


def test_without_syncs_the_file_itself_breaks(recorded):
    assert trials(recorded, "DELETE", "OFF", 20).corrupt


@pytest.mark.long
def test_fifty_thousand_cuts(recorded):
    report = trials(recorded, "TRUNCATE", "FULL", 50_000)
    assert report.clean, report


@pytest.mark.parametrize("fault", [apsw.IOError, apsw.FullError])
def test_a_disk_that_fails_once_leaves_the_old_or_the_new_state(recorded, fault):
    """Fail the k-th write or sync of one unit of work, for every k.

    When the last sync of the commit fails, SQLite reports an error for work that is there; saying "saved" for work
    that is not must never happen, and the unique op_id keeps a second try from counting twice.
    """
    statements, base = recorded
    unit = statements[: next(place for place, item in enumerate(statements) if item[0] == "COMMIT") + 1]
    told_saved = []
    for k in range(1, 200):
        disk = Disk({"db": base})
        name = f"fault-{fault.__name__}-{k}"
        vfs = DiskVFS(name, disk)
        connection = connect(vfs, name, "TRUNCATE", "FULL")
        old = digest(connection)
        failing = disk.operations + k
        disk.fail_at = {failing: fault}
        saved = _run(connection, unit)
        reached = disk.operations >= failing
        told_saved.append(saved)
        after = digest(connection)
        disk.fail_at = {}
        again = _run(connection, unit)
        assert again == (after == old), f"operation {k}: a second try counts exactly once"
        new = digest(connection)
        assert after in (old, new), f"operation {k}"
        assert not saved or after == new, f"operation {k}: told saved"
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
        vfs.unregister()
        if not reached:
            break
    assert told_saved.count(False) >= 5
    assert told_saved[-1]


def _run(connection: apsw.Connection, unit: list[Statement]) -> bool:
    """Whether the commit was reported as done."""
    try:
        return max(replay(connection, unit)) == 1
    except apsw.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        return False
