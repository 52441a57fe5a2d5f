"""A disk whose power can be cut: an apsw VFS in memory where only xSync makes bytes durable.

Real SQL is recorded from an engine and replayed on it. At a random I/O operation the power goes off: every unsynced
512-byte sector is kept, lost or torn by itself, unsynced names come and go. What is left is opened through the gate.
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw
from sqlalchemy import Connection, Engine, event

from qunguan.domain.errors import StoreError
from qunguan.store.gate import inspect, recover

SECTOR = 512
ANY_VERSION = 2**31
Statement = tuple[str, Any, bool]


@contextmanager
def record_sql(engine: Engine | type[Engine]) -> Iterator[list[Statement]]:
    """Every statement the engine (or any) runs in the block, also BEGIN, COMMIT, ROLLBACK: (SQL, parameters, many)."""
    taken: list[Statement] = []

    def on_execute(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        taken.append((statement, parameters, many))

    def on_commit(_conn: Connection) -> None:
        taken.append(("COMMIT", (), False))

    def on_rollback(_conn: Connection) -> None:
        taken.append(("ROLLBACK", (), False))

    listeners = (("before_cursor_execute", on_execute), ("commit", on_commit), ("rollback", on_rollback))
    for name, listener in listeners:
        event.listen(engine, name, listener)
    try:
        yield taken
    finally:
        for name, listener in listeners:
            event.remove(engine, name, listener)


class PowerCut(Exception):
    """The disk went dark in the middle of an operation."""


class Disk:
    """Files in memory: `now` as programs see them, `durable` as they survive, `pending` the writes between."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.now = {name: bytearray(data) for name, data in files.items()}
        self.durable = dict(files)
        self.pending: dict[str, list[tuple[int, bytes | None]]] = {name: [] for name in files}
        self.unlinked: dict[str, bytes] = {}
        self.operations = 0
        self.cut_at: int | None = None
        self.fail_at: dict[int, type[apsw.Error]] = {}
        self.dark = False

    def tick(self) -> None:
        """Count one operation that changes the disk; the chosen one cuts the power or fails."""
        if self.dark:
            raise apsw.IOError("no power")
        self.operations += 1
        if self.operations == self.cut_at:
            self.dark = True
            raise PowerCut
        if self.operations in self.fail_at:
            raise self.fail_at[self.operations]("injected")

    def settle(self) -> None:
        """Make everything durable, as after a long pause."""
        self.durable = {name: bytes(data) for name, data in self.now.items()}
        self.pending = {name: [] for name in self.now}
        self.unlinked = {}

    def survivors(self, chance: random.Random) -> dict[str, bytes]:
        """What the disk holds when the power comes back."""
        image = {}
        for name in sorted(self.durable.keys() | self.now.keys()):
            if name not in self.durable and chance.random() < 0.5:
                continue  # the new name never reached the folder
            data = bytearray(self.durable.get(name, b""))
            for offset, written in self.pending.get(name, []):
                _apply(data, offset, written, chance)
            image[name] = bytes(data)
        for name, before in sorted(self.unlinked.items()):
            if name not in image and chance.random() < 0.5:
                image[name] = before  # the unlink never reached the folder
        return image


def _apply(data: bytearray, offset: int, written: bytes | None, chance: random.Random) -> None:
    if written is None:
        if chance.random() < 0.5:
            del data[offset:]
        return
    position = 0
    while position < len(written):
        start = offset + position
        piece = written[position : position + SECTOR - start % SECTOR]
        position += len(piece)
        luck = chance.random()
        if luck < 0.45:
            continue
        if luck > 0.95:
            piece = chance.randbytes(len(piece))
        data.extend(bytes(max(0, start + len(piece) - len(data))))
        data[start : start + len(piece)] = piece


class DiskFile:
    """One open file of a Disk; the names are those apsw calls."""

    def __init__(self, disk: Disk, name: str) -> None:
        self.disk, self.name = disk, name
        disk.now.setdefault(name, bytearray())
        disk.pending.setdefault(name, [])

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        return bytes(self.disk.now[self.name][offset : offset + amount])

    def xWrite(self, data: Any, offset: int) -> None:  # noqa: N802
        self.disk.tick()
        data = bytes(data)
        held = self.disk.now[self.name]
        held.extend(bytes(max(0, offset + len(data) - len(held))))
        held[offset : offset + len(data)] = data
        self.disk.pending[self.name].append((offset, data))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self.disk.tick()
        del self.disk.now[self.name][size:]
        self.disk.pending[self.name].append((size, None))

    def xSync(self, _flags: int) -> None:  # noqa: N802
        self.disk.tick()
        self.disk.durable[self.name] = bytes(self.disk.now[self.name])
        self.disk.pending[self.name] = []
        self.disk.unlinked.pop(self.name, None)

    def xFileSize(self) -> int:  # noqa: N802
        return len(self.disk.now[self.name])

    def xLock(self, _level: int) -> None:  # noqa: N802
        return None

    def xUnlock(self, _level: int) -> None:  # noqa: N802
        return None

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return False

    def xFileControl(self, _op: int, _pointer: int) -> bool:  # noqa: N802
        return False

    def xSectorSize(self) -> int:  # noqa: N802
        return SECTOR

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        return 0

    def xClose(self) -> None:  # noqa: N802
        return None


class DiskVFS(apsw.VFS):
    """The VFS over one Disk."""

    def __init__(self, name: str, disk: Disk) -> None:
        self.disk = disk
        self.unnamed = 0
        super().__init__(name, "")

    def xOpen(self, name: Any, _flags: list[int]) -> Any:  # noqa: N802
        if name is None:
            self.unnamed += 1
            return DiskFile(self.disk, f"temporary{self.unnamed}")
        return DiskFile(self.disk, Path(name.filename() if isinstance(name, apsw.URIFilename) else name).name)

    def xDelete(self, path: str, folder_synced: bool) -> None:  # noqa: N802
        name = Path(path).name
        if name not in self.disk.now:
            return
        self.disk.tick()
        before = self.disk.durable.pop(name, None)
        self.disk.now.pop(name)
        self.disk.pending.pop(name, None)
        if folder_synced:
            self.disk.unlinked.pop(name, None)
        elif before is not None:
            self.disk.unlinked[name] = before

    def xAccess(self, path: str, _flags: int) -> bool:  # noqa: N802
        return Path(path).name in self.disk.now

    def xFullPathname(self, path: str) -> str:  # noqa: N802
        return path


def connect(vfs: DiskVFS, name: str, journal: str, synchronous: str) -> apsw.Connection:
    """A connection on the disk with the given settings; the switch to `journal` is durable when it returns."""
    connection = apsw.Connection("/db", vfs=name)
    connection.execute("PRAGMA cache_size=20")
    if journal == "WAL":
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")  # no shared memory in a Python VFS
        connection.execute("PRAGMA wal_autocheckpoint=30")
    found = next(connection.execute(f"PRAGMA journal_mode={journal}"))[0]
    assert found.lower() == journal.lower(), found
    connection.execute("PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON; PRAGMA secure_delete=ON")
    connection.execute(f"PRAGMA synchronous={synchronous}")
    vfs.disk.settle()
    return connection


def replay(connection: apsw.Connection, statements: list[Statement]) -> Iterator[int]:
    """Run recorded statements; yields the number of commits after each one."""
    commits = 0
    for sql, parameters, many in statements:
        for values in parameters if many else [parameters]:
            for _row in connection.execute(sql, values):
                pass  # a statement that gives rows is only done when they are read
        if sql == "COMMIT":
            commits += 1
            yield commits


def digest(connection: Any) -> str:
    """One digest over all rows of all tables, whichever driver the connection is of."""
    total = hashlib.sha256()
    names = list(connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"))
    for (name,) in sorted(names):
        rows = sorted(repr(tuple(row)) for row in connection.execute(f'SELECT * FROM "{name}"'))
        total.update(repr((name, rows)).encode())
    return total.hexdigest()


@dataclass
class CutReport:
    """What the trials found. `lost`: acknowledged commits missing; `half`: a state that never was committed."""

    cuts: int = 0
    acknowledged: int = 0
    lost: int = 0
    half: int = 0
    corrupt: int = 0

    @property
    def clean(self) -> bool:
        return not (self.lost or self.half or self.corrupt)


def cut_trials(
    statements: list[Statement], base: bytes, *, journal: str, synchronous: str, cuts: int, seed: int
) -> CutReport:
    """Replay `statements` over `base`, cutting the power `cuts` times at random operations.

    `base` is the database the statements were recorded on, as it was before: the bytes of the closed file.
    """
    states, operations = _rehearse(statements, base, journal, synchronous)
    report = CutReport()
    for number in range(cuts):
        chance = random.Random(f"{seed}-{number}")
        disk = Disk({"db": base})
        name = f"cut-{journal}-{synchronous}-{seed}-{number}"
        vfs = DiskVFS(name, disk)
        connection = connect(vfs, name, journal, synchronous)
        disk.cut_at = disk.operations + chance.randint(1, operations)
        acknowledged = 0
        try:
            for acknowledged in replay(connection, statements):  # noqa: B007
                pass
        except (PowerCut, apsw.Error):
            assert disk.dark, "only the cut may end the replay"
        image = disk.survivors(chance)
        disk.dark = True
        with suppress(apsw.IOError, apsw.CantOpenError):
            connection.close()
        vfs.unregister()
        report.cuts += 1
        report.acknowledged += acknowledged
        _judge(report, image, states, acknowledged)
    return report


def _rehearse(statements: list[Statement], base: bytes, journal: str, synchronous: str) -> tuple[dict[str, int], int]:
    """The digest after each commit → its number (the last, where two are equal), and the operations in all."""
    name = f"rehearsal-{journal}-{synchronous}"
    disk = Disk({"db": base})
    vfs = DiskVFS(name, disk)
    connection = connect(vfs, name, journal, synchronous)
    before = disk.operations
    states = {digest(connection): 0}
    for commits in replay(connection, statements):
        states[digest(connection)] = commits
    operations = disk.operations - before
    connection.close()
    vfs.unregister()
    return states, operations


def _judge(report: CutReport, image: dict[str, bytes], states: dict[str, int], acknowledged: int) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        for name, data in image.items():
            (Path(folder) / name).write_bytes(data)
        path = Path(folder) / "db"
        state = inspect(path, newest=ANY_VERSION)
        if state.code == "unfinished":
            try:
                recover(path)
            except StoreError:
                report.corrupt += 1
                return
            state = inspect(path, deep=True, newest=ANY_VERSION)
        if not state.ok:
            report.corrupt += 1
            return
        with closing(sqlite3.connect(path)) as raw:
            found = states.get(digest(raw))
    if found is None:
        report.half += 1
    elif found < acknowledged:
        report.lost += acknowledged - found
