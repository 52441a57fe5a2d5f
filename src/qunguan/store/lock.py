"""The side file `<database>.lock`: everyone who uses the database shares it; migrate and restore have it alone.

The lock lives beside the database and never on it: opening and closing the database file would drop SQLite's own
locks. The kernel frees it with the process, however that ends. On Windows a lock is a range of bytes, always exclusive:
sharing means taking one of 64 of them, and who holds the others cannot be read.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from qunguan.domain.errors import StoreError
from qunguan.i18n import N_
from qunguan.store.disk import PRIVATE_FILE, beside
from qunguan.store.faults import failure, told_plainly

_PAUSE = 0.02  # seconds between two attempts

if sys.platform == "win32":
    import msvcrt

    _SLOTS = 64

    def _try(handle: int, alone: bool) -> bool:
        _free(handle)
        for slot, length in [(0, _SLOTS)] if alone else [(slot, 1) for slot in range(_SLOTS)]:
            os.lseek(handle, slot, os.SEEK_SET)
            try:
                msvcrt.locking(handle, msvcrt.LK_NBLCK, length)
            except OSError:
                continue
            _held[handle] = (slot, length)
            return True
        return False

    def _free(handle: int) -> None:
        if handle in _held:
            slot, length = _held.pop(handle)
            os.lseek(handle, slot, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_UNLCK, length)

    _held: dict[int, tuple[int, int]] = {}
else:
    import fcntl

    def _try(handle: int, alone: bool) -> bool:
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _free(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


class StoreLock:
    """This process's hold on the lock of one database. `alone` tells whether nobody else has it."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self.path = beside(database, ".lock")
        self.alone = False
        self._handle: int | None = None

    def acquire(self, wait: float = 5.0) -> None:
        """Hold the lock alone if nobody else does, else share it.

        Waits up to `wait` seconds for one who has it alone, then raises StoreError "in_use" with that process's number.
        """
        self._open()
        deadline = time.monotonic() + wait
        while not self._take(alone=True) and not self._take(alone=False):
            self._wait_or_refuse(deadline)
        self._sign()

    def acquire_alone(self, wait: float = 0.0) -> None:
        """Hold the lock alone, or raise StoreError "in_use" naming who has the database open."""
        self._open()
        deadline = time.monotonic() + wait
        while not self._take(alone=True):
            self._wait_or_refuse(deadline)
        self._sign()

    def share(self) -> None:
        """Let others in again after the part that needed the lock alone."""
        assert self._handle is not None
        while self.alone and not self._take(alone=False):
            time.sleep(_PAUSE)

    def require_no_other(self) -> None:
        """Raise StoreError "in_use" when somebody else shares the lock; ours stays shared."""
        if self._take(alone=True):
            self.share()
            return
        while not self._take(alone=False):  # asking for it alone gave our share up
            time.sleep(_PAUSE)
        raise in_use(self.database, self.holders())

    def release(self) -> None:
        """Give the lock up. The side file stays: removing it could split the lock in two."""
        if self._handle is not None:
            _free(self._handle)
            os.close(self._handle)
            self._handle, self.alone = None, False

    def holders(self) -> list[int]:
        """Process numbers of those who signed the lock and are still running, without our own."""
        try:
            words = self.path.read_text("ascii").split()
        except OSError:  # Windows does not let a locked range be read
            return []
        return [pid for pid in dict.fromkeys(int(word) for word in words) if pid != os.getpid() and _is_running(pid)]

    def _open(self) -> None:
        assert self._handle is None, "this lock is held already"
        with told_plainly(self.path):
            self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)

    def _take(self, *, alone: bool) -> bool:
        assert self._handle is not None
        if not _try(self._handle, alone):
            return False
        self.alone = alone
        return True

    def _sign(self) -> None:
        assert self._handle is not None
        with suppress(OSError):  # on a full disk: the lock holds unsigned, and what is there can still be read
            if self.alone:
                os.ftruncate(self._handle, 0)  # whoever signed before is gone
            os.write(self._handle, f"{os.getpid()}\n".encode("ascii"))

    def _wait_or_refuse(self, deadline: float) -> None:
        if time.monotonic() < deadline:
            time.sleep(_PAUSE)
            return
        who = self.holders()
        self.release()
        raise in_use(self.database, who)


def in_use(database: Path, holders: list[int]) -> StoreError:
    """The refusal that names who has the database open; an empty list is this process itself or unknown."""
    return failure(
        "in_use",
        N_("The database is open in another window or command (process {pids})"),
        path=database,
        hint=N_("Close it there and do this again"),
        pids=", ".join(map(str, holders or [os.getpid()])),
    )


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's process: it runs
        return True
    return True
