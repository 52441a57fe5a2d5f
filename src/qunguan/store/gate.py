"""The open gate: what a file is, found out before it is opened for use and without changing a byte of it.

Run it before any connection to the file exists in this process: it opens and closes the file, and that drops the
POSIX locks of every SQLite connection the process has on it.
"""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from qunguan.domain.errors import NotFound, StoreError
from qunguan.i18n import N_
from qunguan.store.disk import beside
from qunguan.store.faults import failure, told_plainly, translate
from qunguan.store.migrations import SCHEMA_VERSION
from qunguan.values import frozen

APPLICATION_ID = 0x71756E67  # "qung"
OLDEST_SCHEMA = 1
_MAGIC = b"SQLite format 3\0"
_HEADER = 100
_SIDECAR_MAGIC = {"-journal": (b"\xd9\xd5\x05\xf9",), "-wal": (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")}
_PATIENCE = 2.0  # seconds to wait for a writer
_UNRECOVERED = ("SQLITE_READONLY_ROLLBACK", "SQLITE_READONLY_RECOVERY")

_TEXTS = {
    "missing": (N_("There is no database here"), N_("Make one with `qunguan init`, or restore a backup")),
    "empty": (
        N_("The database file is empty (0 bytes)"),
        N_("Restore a backup, or move the empty file away to start anew"),
    ),
    "directory": (N_("This is a folder, not a database file"), N_("Give the file inside it, or another name")),
    "not_a_file": (N_("This is not an ordinary file"), N_("Give the name of a database file")),
    "unreadable": (N_("The file cannot be read ({detail})"), N_("Check the name and the permissions")),
    "not_a_database": (N_("This is not a database"), N_("Give a file qunguan made; lists are taken in with import")),
    "truncated": (N_("The file was cut short ({detail})"), N_("Restore the latest backup; this file stays as it is")),
    "other_app": (N_("This database belongs to another program"), N_("Give a file qunguan made")),
    "too_new": (
        N_("The file was written by a newer qunguan (version {found}, this one knows {known})"),
        N_("Update qunguan; the file was not touched"),
    ),
    "too_old": (
        N_("The file is older than this qunguan can take over (version {found})"),
        N_("Open it once with an earlier qunguan first"),
    ),
    "corrupt": (
        N_("The file is damaged ({detail})"),
        N_("Restore the latest backup; the damaged file is kept beside it"),
    ),
    "broken_links": (N_("Rows in the file point to rows that are gone ({detail})"), N_("Restore the latest backup")),
    "unfinished": (N_("The last writer was cut off; its half-done change is still to be taken back"), ""),
    "busy": (N_("Another window or command is writing to the file just now"), N_("Wait a moment and do it again")),
}


@frozen
class FileState:
    """What the gate found. `code` is "ok" or the reason the file cannot be used as it is.

    "unfinished" is no damage: `recover` takes back the change of a writer that was killed, then look again.
    `version` is the schema version where it is known; `known` the newest one this program has.
    """

    path: Path
    code: str
    version: int | None = None
    known: int = 0
    detail: str = ""

    @property
    def ok(self) -> bool:
        """Whether the file can be opened (an older schema is migrated then)."""
        return self.code == "ok"

    def error(self) -> StoreError | NotFound:
        """The one line for a file that is not ok."""
        what, hint = _TEXTS[self.code]
        if self.code == "missing":
            return NotFound(what, where=str(self.path), hint=hint)
        return failure(
            self.code, what, path=self.path, hint=hint, detail=self.detail, found=self.version, known=self.known
        )


def inspect(path: Path, deep: bool = False, *, newest: int | None = None) -> FileState:
    """Say what the file at `path` is. Never creates or changes anything.

    `deep` reads every page and index (seconds on a large file) where the quick look only walks the tables.
    `newest` is the highest schema version to accept, by default the program's own.
    """
    newest = SCHEMA_VERSION if newest is None else newest
    state = inspect_outside(path, newest)
    if not state.ok:
        return state
    wal = _read_header(path)[18] == 2
    if wal and _is_pending(path, "-wal"):
        return FileState(path, "unfinished", state.version, newest)
    # a WAL file without a log is read as if on read-only media: any other way leaves -wal and -shm beside it
    mode = "mode=ro&immutable=1" if wal else "mode=ro"
    uri = f"file:{quote(str(path.absolute()))}?{mode}"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=_PATIENCE, isolation_level=None)) as connection:
            return _inspect_inside(connection, path, newest, deep)
    except sqlite3.Error as error:
        if (getattr(error, "sqlite_errorname", None) or "") in _UNRECOVERED:
            return FileState(path, "unfinished", state.version, newest)
        return _classify(error, path, newest)
    except UnicodeDecodeError as error:  # SQLite named what it stumbled over, and the name is damaged too
        return FileState(path, "corrupt", known=newest, detail=str(error)[:200])


def inspect_outside(path: Path, newest: int) -> FileState:
    """The part of the look that needs no database engine: kind of file, header, size, owner, version."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return FileState(path, "missing")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        return FileState(path, "unreadable", detail=getattr(error, "strerror", None) or str(error))
    if stat.S_ISDIR(found.st_mode):
        return FileState(path, "directory")
    if not stat.S_ISREG(found.st_mode):
        return FileState(path, "not_a_file")
    if found.st_size == 0:
        return FileState(path, "empty")
    try:
        header = _read_header(path)
    except OSError as error:
        return FileState(path, "unreadable", detail=error.strerror or "")
    return _judge_header(path, header, found.st_size, newest)


def recover(path: Path) -> None:
    """Let SQLite take back the change of a writer that was killed (a hot journal) or fold in a left-over log.

    Raises StoreError when the file turns out damaged or cannot be written.
    """
    uri = f"file:{quote(str(path.absolute()))}?mode=rw"
    with told_plainly(path), closing(sqlite3.connect(uri, uri=True, timeout=_PATIENCE, isolation_level=None)) as raw:
        raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
        raw.execute("PRAGMA journal_mode=TRUNCATE").fetchone()


def _read_header(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEADER)


def _judge_header(path: Path, header: bytes, size: int, newest: int) -> FileState:
    pending = any(_is_pending(path, suffix) for suffix in _SIDECAR_MAGIC)
    if not header.startswith(_MAGIC) and not _MAGIC.startswith(header):
        # a power cut may tear the first page; what it was before is in the journal then
        return FileState(path, "unfinished" if pending else "not_a_database")
    if len(header) < _HEADER:
        return FileState(path, "truncated", detail=f"{size} B")
    page, pages, version, owner = (
        int.from_bytes(header[a:b], "big") for a, b in ((16, 18), (28, 32), (60, 64), (68, 72))
    )
    page = 65536 if page == 1 else page
    if page < 512 or page & (page - 1):
        return FileState(path, "corrupt", detail=f"page size {page}")
    if size < pages * page and not pending:
        return FileState(path, "truncated", detail=f"{size} / {pages * page} B")
    if owner != APPLICATION_ID:
        return FileState(path, "other_app", version)
    if version > newest:
        return FileState(path, "too_new", version, newest)
    if version < OLDEST_SCHEMA:
        return FileState(path, "too_old", version, newest)
    return FileState(path, "ok", version, newest)


def _inspect_inside(connection: sqlite3.Connection, path: Path, newest: int, deep: bool) -> FileState:
    def ask(pragma: str) -> int:
        return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])

    connection.execute("PRAGMA cell_size_check=ON")
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("BEGIN")  # one view of the file for all that follows
    expected = ask("page_count") * ask("page_size")
    size = path.stat().st_size
    if size < expected:
        return FileState(path, "truncated", detail=f"{size} / {expected} B")
    findings = connection.execute(f"PRAGMA {'integrity_check' if deep else 'quick_check'}(5)").fetchall()
    if findings != [("ok",)]:
        return FileState(path, "corrupt", detail="; ".join(row[0] for row in findings)[:200])
    orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
    version = ask("user_version")
    if ask("application_id") != APPLICATION_ID:
        return FileState(path, "other_app", version)
    if orphan is not None:
        return FileState(path, "broken_links", version, newest, detail=f"{orphan[0]} → {orphan[2]}")
    return FileState(path, "ok", version, newest)


def _classify(error: sqlite3.Error, path: Path, newest: int) -> FileState:
    fault = translate(error, path)
    code = {"busy": "busy", "read_only": "unreadable", "cannot_open": "unreadable", "io_error": "unreadable"}
    return FileState(path, code.get(fault.code if fault else "", "corrupt"), known=newest, detail=str(error)[:200])


def _is_pending(path: Path, suffix: str) -> bool:
    """Whether a journal or log beside the file holds something SQLite may have to take back or fold in."""
    try:
        with beside(path, suffix).open("rb") as file:
            return file.read(4) in _SIDECAR_MAGIC[suffix]
    except OSError:  # not there, or not to be read: either way nothing this process could use
        return False
