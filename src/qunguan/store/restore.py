"""Put a backup in the place of the database and keep what it replaces; killed at any moment, old or new remains."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from qunguan.domain.clock import Clock
from qunguan.domain.errors import StoreError
from qunguan.i18n import N_
from qunguan.parts import sweep, sync_folder
from qunguan.store.backup import backup_folder, digest_of, keep_copy, noted_digest, stamp_of
from qunguan.store.disk import SIDECARS, beside, private_folder, settle, unfinished
from qunguan.store.faults import failure, told_plainly
from qunguan.store.gate import inspect, recover
from qunguan.store.lock import StoreLock

_DAMAGED = {"empty", "not_a_database", "truncated", "other_app", "too_new", "too_old", "corrupt", "broken_links"}


def restore(database: Path, source: Path, clock: Clock, *, newest: int | None = None) -> Path | None:
    """Replace `database` by the backup `source` and return where the present state was kept (None: there was none).

    Nobody may have the database open, this process included. A backup that is damaged, of another program, or newer
    than this program (`newest` schema version, by default its own) is refused and the present file is untouched.
    """
    database = Path(os.path.realpath(database))
    with told_plainly(database):
        private_folder(database.parent)
        lock = StoreLock(database)
        lock.acquire_alone()
        try:
            sweep(database.parent)
            with unfinished(database.parent) as part:
                _take(source, database, part, newest)
                kept = _keep_present(database, clock, newest)
                _swap(part, database)
        finally:
            lock.release()
    return kept


def require_restorable(database: Path, source: Path) -> None:
    """Raise what `restore` would, where that can be told before it is begun: the file is open, the backup is none."""
    database = Path(os.path.realpath(database))
    if database.exists():
        lock = StoreLock(database)
        lock.acquire_alone()
        lock.release()
    require_usable(source)


def require_usable(source: Path) -> None:
    """Raise what `restore` would for a backup that is damaged or too new, as far as a quick look tells."""
    state = inspect(source)
    if not state.ok:
        raise state.error()


def _take(source: Path, database: Path, part: Path, newest: int | None) -> None:
    if database.exists() and source.exists() and source.samefile(database):
        raise failure("same_file", N_("This is the database itself, not a backup of it"), path=source)
    state = inspect(source, newest=newest)
    if not state.ok:
        raise state.error()
    shutil.copyfile(source, part)
    noted = noted_digest(source)
    if noted is not None and digest_of(part) != noted:
        raise failure(
            "checksum",
            N_("The backup is not what was saved: its checksum differs"),
            path=source,
            hint=N_("Choose another backup"),
        )
    copied = inspect(part, deep=True, newest=newest)
    if not copied.ok:
        error = copied.error()
        error.where = str(source)
        raise error


def _keep_present(database: Path, clock: Clock, newest: int | None) -> Path | None:
    state = inspect(database, newest=newest)
    if state.code == "unfinished":
        try:
            recover(database)
        except StoreError as error:
            if error.code != "corrupt":
                raise
            return _keep_raw(database, clock)
        state = inspect(database, newest=newest)
    if state.code == "missing":
        return None
    if state.ok:
        try:
            return keep_copy(database, "restore", clock).path
        except StoreError as error:
            if error.code not in _DAMAGED:  # a full disk must not pass for a damaged file
                raise
    elif state.code not in _DAMAGED:
        raise state.error()
    return _keep_raw(database, clock)


def _keep_raw(database: Path, clock: Clock) -> Path:
    """Keep a damaged file byte for byte, with the journal or log that may still help to repair it."""
    folder = backup_folder(database)
    private_folder(folder)
    kept = folder / f"{database.name}.{stamp_of(clock.now())}.damaged"
    while kept.exists():
        kept = beside(kept, "+")
    for suffix in (*SIDECARS, ""):
        if beside(database, suffix).exists():
            with unfinished(folder) as part:
                shutil.copyfile(beside(database, suffix), part)
                settle(part, beside(kept, suffix))
    return kept


def _swap(part: Path, database: Path) -> None:
    """A stale journal or log would be played into the restored file: they go before it comes."""
    for suffix in SIDECARS:
        beside(database, suffix).unlink(missing_ok=True)
    sync_folder(database.parent)
    settle(part, database)
