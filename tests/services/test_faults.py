"""Every write and every sync of a piece of work fails once: the old state or the new, nothing called saved that is not.

Quality R5, on the SQL that the services and the updates of the file really send.
"""

from __future__ import annotations

import lzma
from collections.abc import Callable

import apsw
import pytest
from sqlalchemy import Engine

from qunguan.domain.clock import Clock
from qunguan.services import history
from qunguan.services.desk import Desk
from qunguan.store.migrate import Schema, migrate
from tests.conftest import FIXTURES, NOW
from tests.services import work
from tests.store.power import Disk, DiskVFS, Statement, connect, digest, record_sql, replay

WORK: dict[str, work.Operation] = {
    "a tick": work.toggle(3, NOW.date()),
    "a chain": work.paste(4),
    "a roster": work.roster(5),
    "a grant": work.grant(2, 6),
    "an undo": lambda desk: desk.write(history.undo),
}
FAULTS = (apsw.IOError, apsw.FullError)
Recorded = tuple[bytes, list[Statement]]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Recorded]:
    """The file before a piece of work, and what is sent to it then."""
    folder = tmp_path_factory.mktemp("faults")
    base = folder / "base.db"
    work.prepared(base)
    with Desk(base, Clock(NOW)) as desk:
        for operation in work.operations(9):
            operation(desk)

    def of(name: str) -> Recorded:
        path = folder / f"{name}.db"
        if name == "an update":
            path.write_bytes(lzma.decompress((FIXTURES / "versions" / "v1.db.xz").read_bytes()))
            before, schema = path.read_bytes(), Schema.current()
            schema.text()  # a database of its own, made once
            with record_sql(Engine) as statements:
                migrate(path, schema, Clock(NOW))
            return before, statements
        path.write_bytes(base.read_bytes())
        with Desk(path, Clock(NOW)) as desk, record_sql(desk.store.engine) as statements:
            WORK[name](desk)
        return base.read_bytes(), statements

    return of


def failing(base: bytes, statements: list[Statement], k: int, fault: type[apsw.Error]) -> tuple[int, list[str], int]:
    """Fail the `k`-th operation on the disk (0: none).

    Commits that were told, the states between (the last is what a program finds that opens the file afterwards; those
    before it only where nothing fails), and how many operations there were.
    """
    name = f"work-{fault.__name__}-{k}"
    disk = Disk({"db": base})
    vfs = DiskVFS(name, disk)
    connection = connect(vfs, name, "TRUNCATE", "FULL")
    states = [] if k else [digest(connection)]
    begun = disk.operations
    disk.fail_at = {begun + k: fault} if k else {}
    told = 0
    try:
        for told in replay(connection, statements):  # noqa: B007
            states += [] if k else [digest(connection)]
    except apsw.Error:
        assert k, "only the failure may end the work"
    connection.close()
    operations = disk.operations - begun
    disk.fail_at = {}
    again = connect(vfs, name, "TRUNCATE", "FULL")
    assert again.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    states.append(digest(again))
    again.close()
    vfs.unregister()
    return told, states, operations


def tried(recorded: Recorded, most: int) -> None:
    """Fail every operation in turn, or about `most` of them at equal distances."""
    base, statements = recorded
    commits, states, operations = failing(base, statements, 0, apsw.IOError)
    assert states[-1] == states[-2] != states[0]
    assert operations > 20
    for turn, k in enumerate(range(1, operations + 1, max(1, operations // most))):
        told, (after,), reached = failing(base, statements, k, FAULTS[turn % 2])
        assert reached >= k, "the failure was met"
        assert after in states[told : told + 2], f"operation {k} of {operations}: {told} of {commits} commits were told"


@pytest.mark.parametrize("name", [*WORK, "an update"])
def test_a_failure_leaves_the_old_or_the_new(recorded, name):
    tried(recorded(name), 25)


@pytest.mark.long
@pytest.mark.parametrize("name", [*WORK, "an update"])
def test_a_failure_of_any_operation_leaves_the_old_or_the_new(recorded, name):
    tried(recorded(name), 2000)
