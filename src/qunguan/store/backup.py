"""Verified backups: a consistent copy, checked page by page, then given its name; and which of them to keep.

A backup without its `.sha256` beside it was interrupted between the two names; it is still a whole, checked copy.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from qunguan.domain.clock import Clock
from qunguan.store.disk import beside, private_folder, settle, unfinished
from qunguan.store.faults import told_plainly
from qunguan.store.gate import inspect
from qunguan.values import frozen

_STAMP = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"(?P<at>\d{8}T\d{6}Z)-(?P<reason>[a-z]+)(?:-(?P<again>\d+))?\.db")
_PATIENCE = 5.0  # seconds to wait for a writer, once
_WHOLE_DAYS = timedelta(days=2)
_DAYS, _WEEKS, _MONTHS = 12, 10, 9
_ANY_VERSION = sys.maxsize


@frozen
class BackupInfo:
    """One backup. `sha256` is the digest noted when it was verified, None if that note is missing; `at` is in UTC."""

    path: Path
    sha256: str | None
    at: datetime
    reason: str


def backup_folder(database: Path) -> Path:
    """Where the backups of `database` lie."""
    return database.parent / "backups"


def backup(database: Path, dest: Path, clock: Clock) -> BackupInfo:
    """Copy `database` to `dest` (0600) through SQLite's online backup, safe while it is in use, and verify the copy.

    `dest` is replaced only by a finished, sound copy. Raises StoreError when the database is damaged or busy, or the
    disk is full; `dest` is as it was then.
    """
    with told_plainly(dest), unfinished(dest.parent) as part:
        _copy(database, part)
        _verify(part, database)
        digest = digest_of(part)
        settle(part, dest)
        _note_digest(dest, digest)
    return BackupInfo(dest, digest, clock.now(), "manual")


def auto_backup(database: Path, reason: str, clock: Clock) -> BackupInfo:
    """Back up into the folder beside the database and thin out old backups.

    `reason` is one lower-case word for the name ("import", "restore"). When nothing changed since the newest backup and
    that one is still sound, it is returned and no second copy is kept.
    """
    made = keep_copy(database, reason, clock)
    thin(database, clock)
    return made


def keep_copy(database: Path, reason: str, clock: Clock) -> BackupInfo:
    """`auto_backup` without the thinning: nothing is removed."""
    folder = backup_folder(database)
    with told_plainly(folder):
        private_folder(folder)
        with unfinished(folder) as part:
            _copy(database, part)
            digest = digest_of(part)
            newest = next(reversed(list_backups(database)), None)
            if newest and newest.sha256 == digest and digest_of(newest.path) == digest:
                return newest
            _verify(part, database)
            now = clock.now()
            target = _free_name(database, now, reason)
            settle(part, target)
        _note_digest(target, digest)
    return BackupInfo(target, digest, now, reason)


def list_backups(database: Path) -> list[BackupInfo]:
    """The backups of `database` in its folder, oldest first."""
    found = []  # with what orders them: two of one second and different reasons bear the same number
    prefix = f"{database.stem}-"
    for path in backup_folder(database).glob("*.db"):
        match = _NAME.fullmatch(path.name.removeprefix(prefix)) if path.name.startswith(prefix) else None
        at = _moment(match["at"]) if match else None
        if match and at:
            info = BackupInfo(path, noted_digest(path), at, match["reason"])
            found.append(((at, int(match["again"] or 1), path.stat().st_mtime_ns), info))
    return [info for _place, info in sorted(found, key=lambda item: item[0])]


def to_keep(moments: Iterable[datetime], now: datetime) -> set[datetime]:
    """Which of the moments to keep: all of the last 2 days, then the last of each of 12 days, 10 weeks, 9 months.

    Days, weeks (Monday first) and months without a backup are not counted; all in UTC. A moment after `now` means the
    clock was set back: then everything is kept.
    """
    newest_first = sorted(moments, reverse=True)
    if not newest_first or newest_first[0] > now:
        return set(newest_first)
    kept = {moment for moment in newest_first if now - moment <= _WHOLE_DAYS}
    periods: list[tuple[int, Callable[[datetime], object]]] = [
        (_DAYS, lambda moment: moment.date()),
        (_WEEKS, lambda moment: moment.isocalendar()[:2]),
        (_MONTHS, lambda moment: (moment.year, moment.month)),
    ]
    for count, period_of in periods:
        last_of: dict[object, datetime] = {}
        for moment in newest_first:
            last_of.setdefault(period_of(moment), moment)
        kept.update(list(last_of.values())[:count])
    return kept


def thin(database: Path, clock: Clock) -> list[BackupInfo]:
    """Remove the backups that `to_keep` lets go, never the newest verified one; which were removed."""
    infos = list_backups(database)
    kept = to_keep((info.at for info in infos), clock.now())
    newest_verified = next((info for info in reversed(infos) if info.sha256), None)
    removed = [info for info in infos if info.at not in kept and info is not newest_verified]
    with told_plainly(backup_folder(database)):
        for info in removed:
            beside(info.path, ".sha256").unlink(missing_ok=True)
            info.path.unlink(missing_ok=True)
    return removed


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hex. For backups only: never for a database in use."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def noted_digest(path: Path) -> str | None:
    """The digest noted when the backup at `path` was verified, or None."""
    note = beside(path, ".sha256")
    words = note.read_text("utf-8", errors="replace").split() if note.is_file() else []
    return words[0] if words else None


def stamp_of(moment: datetime) -> str:
    """The moment as backup names carry it: 20260301T120000Z."""
    return moment.strftime(_STAMP)


def _moment(stamp: str) -> datetime | None:
    try:
        return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:  # a name that only looks like one of ours
        return None


def _copy(database: Path, part: Path) -> None:
    uri = f"file:{quote(str(database.absolute()))}?mode=rw"  # rw: a cut-off writer's change is taken back first
    with (
        told_plainly(database),
        closing(sqlite3.connect(uri, uri=True, timeout=_PATIENCE)) as source,
        closing(sqlite3.connect(part, isolation_level=None)) as copy,
    ):
        copy.execute("PRAGMA journal_mode=MEMORY")
        copy.execute("PRAGMA synchronous=OFF")  # the finished file is synced as a whole
        source.backup(copy, progress=_give_up_when_busy)  # one step: one consistent view
        copy.execute("PRAGMA journal_mode=DELETE")  # a WAL file could not be read on read-only media


def _give_up_when_busy(status: int, _remaining: int, _total: int) -> None:
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):  # the driver alone would try for ever
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorname = "SQLITE_BUSY"
        raise error


def _verify(part: Path, database: Path) -> None:
    state = inspect(part, deep=True, newest=_ANY_VERSION)
    if not state.ok:
        error = state.error()
        error.where = str(database)
        raise error


def _note_digest(target: Path, digest: str) -> None:
    with unfinished(target.parent) as part:
        part.write_text(f"{digest}  {target.name}\n", "utf-8")
        settle(part, beside(target, ".sha256"))


def _free_name(database: Path, moment: datetime, reason: str) -> Path:
    name = f"{database.stem}-{stamp_of(moment)}-{reason}"
    if not _NAME.fullmatch(f"{stamp_of(moment)}-{reason}.db"):
        raise ValueError(f"a reason is one lower-case word, not {reason!r}")
    folder = backup_folder(database)
    again, target = 1, folder / f"{name}.db"
    while target.exists():
        again += 1
        target = folder / f"{name}-{again}.db"
    return target
