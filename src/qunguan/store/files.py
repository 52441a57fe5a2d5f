"""Open the store: lock, gate, sweep, migrate, engine, in this order, and a guard on every write after that."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, event

from qunguan.domain.clock import Clock
from qunguan.i18n import N_, _
from qunguan.parts import sweep
from qunguan.store.backup import BackupInfo, auto_backup, backup_folder
from qunguan.store.dialect import owner, schema_version, stamp
from qunguan.store.disk import (
    PRIVATE_FOLDER,
    SIDECARS,
    beside,
    close_to_others,
    private_folder,
    settle_new,
    unfinished,
)
from qunguan.store.engine import make_engine, read_transaction, write_transaction
from qunguan.store.faults import failure, told_plainly
from qunguan.store.gate import APPLICATION_ID, FileState, inspect, inspect_outside, recover
from qunguan.store.lock import StoreLock
from qunguan.store.migrations import SCHEMA_VERSION
from qunguan.values import frozen

if TYPE_CHECKING:
    from qunguan.store.migrate import Schema


@frozen
class Notice:
    """Something the owner should know about the opening; `str` gives it in the language in force."""

    what: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return _(self.what, **self.values)


@dataclass(slots=True)
class Store:
    """An open database: its engine, its real path, the shared lock, and what was noticed while opening.

    `notices` tells of permissions that were closed, a cut-off change that was taken back, a migration.
    """

    path: Path
    engine: Engine
    lock: StoreLock
    notices: list[Notice]
    _identity: tuple[int, int]
    _schema_version: int

    def same_file(self) -> bool:
        """Whether the path still names the file that was opened."""
        try:
            return _identity(self.path) == self._identity
        except OSError:  # gone, or its folder is
            return False

    def backup(self, reason: str, clock: Clock) -> BackupInfo:
        """A verified backup beside the database; see `backup.auto_backup`."""
        return auto_backup(self.path, reason, clock)

    def close(self) -> None:
        """Close the connection and let go of the lock."""
        self.engine.dispose()
        self.lock.release()

    def _guard(self) -> None:
        @event.listens_for(self.engine, "begin")
        def _begin(conn: Connection) -> None:
            if _writes(conn):
                self._require_same_file()
                if (owner(conn), schema_version(conn)) != (APPLICATION_ID, self._schema_version):
                    self._refuse()

        @event.listens_for(self.engine, "commit")
        def _commit(conn: Connection) -> None:
            if _writes(conn):
                self._require_same_file()

    def _require_same_file(self) -> None:
        if not self.same_file():
            self._refuse()

    def _refuse(self) -> None:
        raise failure(
            "swapped",
            N_("The database file was replaced, moved or deleted while it was open: nothing was saved"),
            path=self.path,
            hint=N_("Put it back, or close qunguan and open the file again"),
        )


def default_path() -> Path:
    """The database used when none is named: in the user's data folder of this system."""
    from platformdirs import user_data_path

    return user_data_path("qunguan", appauthor=False) / "qunguan.db"


def open_store(path: Path, *, clock: Clock, create: bool = False, schema: Schema | None = None) -> Store:
    """Open the database at `path`; with `create`, make it if it is missing.

    Raises NotFound for a missing file, StoreError with the gate's code for one that cannot be used, "in_use" when
    another process is just restoring or updating it. An older schema is migrated after a verified backup.
    """
    newest = schema.version if schema else SCHEMA_VERSION
    path = Path(os.path.realpath(path))  # lock, journal and backups lie beside the real file, not beside a link to it
    outside = inspect_outside(path, newest)
    if not outside.ok and not (create and outside.code == "missing"):
        raise outside.error()  # before a lock file is left beside somebody else's file
    with told_plainly(path):
        made_folder = private_folder(path.parent)
        lock = StoreLock(path)
        lock.acquire()
        try:
            notices = _prepare(path, lock, clock, create, newest, schema)
            if not made_folder and path.parent == default_path().parent:
                notices += _close_folder(path.parent)
            return _connect(path, lock, notices, newest)
        except BaseException:
            lock.release()
            raise


def _prepare(
    path: Path, lock: StoreLock, clock: Clock, create: bool, newest: int, schema: Schema | None
) -> list[Notice]:
    """Everything that comes before the first connection of our own; what only one process may do, it does alone."""
    notices: list[Notice] = []
    if lock.alone:
        sweep(path.parent)
        sweep(backup_folder(path))
    state = inspect(path, newest=newest)
    if state.code == "missing" and create:
        notices += _create(path, schema)
        state = inspect(path, newest=newest)
    if state.code == "unfinished":
        recover(path)
        notices.append(Notice(N_("The last writer was cut off; its half-done change was taken back")))
        state = inspect(path, newest=newest)
    if not state.ok:
        raise state.error()
    notices += _close_files(path)
    if state.version != newest:
        notices.append(_update(path, lock, clock, schema, state))
    lock.share()
    return notices


def _create(path: Path, schema: Schema | None) -> list[Notice]:
    """Build the file under another name and put it in place whole: killed before that, there is no file."""
    from qunguan.store.migrate import Schema

    schema = schema or Schema.current()
    notices = []
    with unfinished(path.parent) as part:
        engine = make_engine(part, journal="MEMORY")
        try:
            with write_transaction(engine) as conn:
                stamp(conn, schema.version)
                schema.create(conn)
        finally:
            engine.dispose()
        for suffix in SIDECARS:  # what a deleted database left behind would be played into the new one
            if beside(path, suffix).exists():
                beside(path, suffix).replace(beside(path, f"{suffix}.stale"))
                notices.append(Notice(N_("{name} of an earlier database was set aside"), {"name": path.name + suffix}))
        settle_new(part, path)
    return notices


def _update(path: Path, lock: StoreLock, clock: Clock, schema: Schema | None, state: FileState) -> Notice:
    from qunguan.store.migrate import Schema, migrate  # most files are as they should be

    if not lock.alone:  # somebody works with the file at its old version
        lock.release()
        lock.acquire_alone()
    done = migrate(path, schema or Schema.current(), clock)
    values = {"before": state.version, "after": done.after, "backup": done.backup.path.name}
    return Notice(N_("The file was updated from version {before} to {after}; the old one is kept as {backup}"), values)


def _connect(path: Path, lock: StoreLock, notices: list[Notice], version: int) -> Store:
    engine = make_engine(path)
    store = Store(path, engine, lock, notices, _identity(path), version)
    store._guard()
    try:
        with read_transaction(engine) as conn:
            schema_version(conn)
    except BaseException:
        engine.dispose()
        raise
    return store


def _close_files(path: Path) -> list[Notice]:
    folder = backup_folder(path)
    files = [path, *(beside(path, suffix) for suffix in (*SIDECARS, ".lock"))]
    files += [kept for kept in folder.glob("*") if kept.is_file()] if folder.is_dir() else []
    opened = [file.name for file in files if close_to_others(file)]
    if close_to_others(folder, PRIVATE_FOLDER):
        opened.append(folder.name)
    return [Notice(N_("Others could read {names}; closed now"), {"names": ", ".join(opened[:5])})] if opened else []


def _close_folder(folder: Path) -> list[Notice]:
    if not close_to_others(folder, PRIVATE_FOLDER):
        return []
    return [Notice(N_("Others could read {names}; closed now"), {"names": str(folder)})]


def _writes(conn: Connection) -> bool:
    return conn.get_execution_options().get("sqlite_begin") == "IMMEDIATE"


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino
