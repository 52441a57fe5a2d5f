"""The desk: the one way from a face to the database.

`Desk` opens the file and runs services, each in its own transaction. `DeskThread` gives the screens the same thing on
the one database thread, so that the event loop never waits for the disk.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from qunguan.domain.clock import Clock

if TYPE_CHECKING:  # the store takes longer to import than the first frame may
    from qunguan.domain.backups import Backup, FileFacts
    from qunguan.store.backup import BackupInfo
    from qunguan.store.session import Session

P = ParamSpec("P")
T = TypeVar("T")
Reader = Callable[Concatenate["Session", P], T]
Writer = Callable[Concatenate["Session", Clock, P], T]


def database(path: Path | None = None) -> Path:
    """The database file that is meant: `path`, or the one `QUNGUAN_DB` names, or the user's own."""
    from qunguan.store.files import default_path

    named = os.environ.get("QUNGUAN_DB")
    return path or (Path(named) if named else default_path())


def list_backups(database: Path) -> tuple[Backup, ...]:
    """The backups of a database, newest first; it need not be open, or even be there."""
    from qunguan.store import backup

    return tuple(as_backup(found) for found in reversed(backup.list_backups(database)))


def restore(database: Path, source: Path, clock: Clock) -> Path | None:
    """Replace `database`, which nobody may have open, by a backup; where its present state was kept (None: none).

    Raises StoreError, and the present file is untouched then.
    """
    from qunguan.store.restore import restore as put_back

    return put_back(database, source, clock)


def require_restorable(database: Path, source: Path) -> None:
    """Raise the StoreError that `restore` would, where it can be told before it is begun."""
    from qunguan.store.restore import require_restorable as require

    require(database, source)


def as_backup(found: BackupInfo) -> Backup:
    """A backup of the store as the faces see it."""
    from qunguan.domain.backups import Backup

    size = found.path.stat().st_size
    return Backup(found.path, found.at, found.reason, size, verified=found.sha256 is not None)


class Desk:
    """An open database. Use it as a context manager, in one thread."""

    def __init__(self, path: Path | None = None, clock: Clock | None = None, *, create: bool = False) -> None:
        """Open the file at `path` (default: the user's own). Raises StoreError or NotFound; `create` makes it."""
        from qunguan.store.files import open_store

        self.clock = clock or Clock.from_environment()
        self.path = database(path)
        self.store = open_store(self.path, create=create, clock=self.clock)

    def read(self, service: Reader[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a reading service in a transaction of its own."""
        from qunguan.store.engine import read_transaction
        from qunguan.store.session import Session

        with read_transaction(self.store.engine) as conn:
            return service(Session(conn, self.clock, writable=False), *args, **kwargs)

    def write(self, service: Writer[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a writing service: one transaction, one undo step, all or nothing."""
        return self._write(False, service, *args, **kwargs)

    def rehearse(self, service: Writer[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a writing service and roll it back: exactly what it would do, and nothing of it done."""
        return self._write(True, service, *args, **kwargs)

    def _write(self, rehearsal: bool, service: Writer[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        from qunguan.services import presence
        from qunguan.store.engine import write_transaction
        from qunguan.store.session import Session

        with write_transaction(self.store.engine) as conn:
            session = Session(conn, self.clock)
            outcome = service(session, self.clock, *args, **kwargs)
            if rehearsal:
                conn.rollback()
            else:
                presence.settle(session)
        return outcome

    def version(self) -> int:
        """A number that changes when another process has written to the file."""
        from qunguan.store.dialect import data_version
        from qunguan.store.engine import read_transaction

        with read_transaction(self.store.engine) as conn:
            return data_version(conn)

    def backup(self, reason: str = "manual") -> Backup:
        """Make a verified backup beside the file; `reason` is one lower-case word. Raises StoreError.

        Where nothing changed since the newest backup, that one is the answer.
        """
        return as_backup(self.store.backup(reason, self.clock))

    def backups(self) -> tuple[Backup, ...]:
        """The backups of this file, newest first."""
        return list_backups(self.store.path)

    def require_restorable(self, source: Path) -> None:
        """Raise the StoreError that a restore of `source` would end in, where it can be told before it is begun."""
        from qunguan.store.restore import require_usable

        self.store.lock.require_no_other()
        require_usable(source)

    def facts(self) -> FileFacts:
        """The open file: its real path, its size in bytes, and what was noticed when it was opened."""
        from qunguan.domain.backups import FileFacts

        return FileFacts(
            self.store.path, self.store.path.stat().st_size, tuple(str(notice) for notice in self.store.notices)
        )

    def close(self) -> None:
        """Let go of the file."""
        self.store.close()

    def __enter__(self) -> Desk:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class DeskThread:
    """A desk on its own thread. Every coroutine returns frozen values; errors are raised where they are awaited."""

    def __init__(self, path: Path | None, clock: Clock) -> None:
        self.path, self.clock = path, clock
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")
        self._desk: Desk | None = None
        self._closed = False

    @property
    def ready(self) -> bool:
        """Whether the file is open."""
        return self._desk is not None

    async def open(self, *, create: bool = False) -> None:
        """Import the store and open the file, off the event loop."""

        def opened() -> Desk:
            return Desk(self.path, self.clock, create=create)

        self._desk = await self._run(opened)
        self.path = self._desk.path

    async def read(self, service: Reader[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a reading service on the database thread."""
        desk = self._open_desk()
        return await self._run(lambda: desk.read(service, *args, **kwargs))

    async def write(self, service: Writer[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a writing service on the database thread. Once begun it is finished, even if the caller goes away."""
        desk = self._open_desk()
        return await asyncio.shield(self._run(lambda: desk.write(service, *args, **kwargs)))

    async def rehearse(self, service: Writer[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a writing service and roll it back."""
        desk = self._open_desk()
        return await self._run(lambda: desk.rehearse(service, *args, **kwargs))

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run something slow that needs no transaction (reading a file) on the same thread."""
        return await self._run(lambda: function(*args, **kwargs))

    async def version(self) -> int:
        """A number that changes when another process has written to the file."""
        return await self._run(self._open_desk().version)

    async def backup(self, reason: str = "manual") -> Backup:
        """As `Desk.backup`. Once begun it is finished, even if the caller goes away."""
        return await asyncio.shield(self._run(partial(self._open_desk().backup, reason)))

    async def backups(self) -> tuple[Backup, ...]:
        """As `Desk.backups`."""
        return await self._run(self._open_desk().backups)

    async def facts(self) -> FileFacts:
        """As `Desk.facts`."""
        return await self._run(self._open_desk().facts)

    async def require_restorable(self, source: Path) -> None:
        """As `Desk.require_restorable`."""
        await self._run(partial(self._open_desk().require_restorable, source))

    async def restore(self, source: Path) -> Path | None:
        """Put the backup at `source` in the place of the file and open it again; where the replaced state was kept.

        Raises StoreError when the backup cannot be used or somebody else has the file open; the file is as it was
        then, and open.
        """
        return await asyncio.shield(self._run(partial(self._restore, source)))

    def _restore(self, source: Path) -> Path | None:
        desk = self._open_desk()
        desk.close()
        try:
            return restore(desk.path, source, self.clock)
        finally:
            self._desk = Desk(desk.path, self.clock)

    async def close(self) -> None:
        """Finish what is running and let go of the file."""
        if self._desk is not None:
            await self._run(self._desk.close)
            self._desk = None
        self._closed = True
        self._thread.shutdown(wait=True)

    def _open_desk(self) -> Desk:
        if self._closed:  # the program is being left: whoever still asks need not go on
            raise asyncio.CancelledError
        if self._desk is None:
            raise RuntimeError("the desk is not open yet")
        return self._desk

    async def _run(self, function: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function)
