"""One place that turns what SQLite and the operating system report into a line an owner can act on."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qunguan.domain.errors import StoreError
from qunguan.i18n import N_

_SQLITE = {  # first part of the SQLite error name → code of ours
    "SQLITE_FULL": "disk_full",
    "SQLITE_IOERR": "io_error",
    "SQLITE_BUSY": "busy",
    "SQLITE_LOCKED": "busy",
    "SQLITE_PROTOCOL": "busy",
    "SQLITE_READONLY": "read_only",
    "SQLITE_PERM": "read_only",
    "SQLITE_CANTOPEN": "cannot_open",
    "SQLITE_CORRUPT": "corrupt",
    "SQLITE_NOTADB": "corrupt",
}
_ERRNO = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EFBIG: "disk_full",
    errno.EROFS: "read_only",
    errno.EACCES: "read_only",
    errno.EPERM: "read_only",
}
_DAMAGED = ("Could not decode to UTF-8", "invalid fts5 file format")
"""How errors of damaged contents begin that have no code of their own: text that is none any more, the search index."""
_TEXTS = {
    "disk_full": (
        N_("The disk is full ({free} MB left): this was not saved"),
        N_("Free some space and do it again; everything saved before is safe"),
    ),
    "io_error": (
        # the very last sync of a commit may be what failed, so "was not saved" would be too much said
        N_("The disk reported an error ({detail}): the last change may not be saved"),
        N_("Check the disk or its cable, then look whether the change is there; everything saved before is safe"),
    ),
    "busy": (
        N_("Another window or command is writing to the file just now"),
        N_("Wait a moment and do it again"),
    ),
    "read_only": (
        N_("The file may not be written"),
        N_("Check the permissions of the file and its folder, or copy it to a folder of your own"),
    ),
    "cannot_open": (
        N_("The file cannot be opened ({detail})"),
        N_("Check that the file and its folder are still there and yours to use"),
    ),
    "corrupt": (
        N_("The file is damaged ({detail})"),
        N_("Restore the latest backup; the damaged file is kept beside it"),
    ),
}


def failure(code: str, what: str, *, path: Path | str, hint: str = "", **values: object) -> StoreError:
    """A StoreError about `path` with its own `code`; `what` and `hint` are message IDs."""
    error = StoreError(what, where=str(path), hint=hint, **values)
    error.code = code
    return error


def translate(error: BaseException, path: Path | str) -> StoreError | None:
    """The StoreError for a full, failing, busy, read-only or damaged file; None for any other kind of error.

    `error` may be SQLAlchemy's wrapper, a sqlite3 error, text that is none any more, or an OSError. A broken
    constraint or wrong SQL is not a fault of the file and gives None.
    """
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, sqlite3.Error):
        name = getattr(cause, "sqlite_errorname", None) or ""
        code = next((code for prefix, code in _SQLITE.items() if name.startswith(prefix)), None)
        if str(cause).startswith(_DAMAGED):
            code = "corrupt"
    elif isinstance(cause, OSError):
        code = _ERRNO.get(cause.errno or 0, "io_error")
    elif isinstance(cause, UnicodeDecodeError):  # the driver reads what SQLite says of a damaged name
        code = "corrupt"
    else:
        return None
    if code is None:
        return None
    what, hint = _TEXTS[code]
    detail = cause.strerror if isinstance(cause, OSError) else str(cause)
    return failure(code, what, path=path, hint=hint, free=_free_megabytes(Path(path)), detail=(detail or "")[:200])


@contextmanager
def told_plainly(path: Path | str) -> Iterator[None]:
    """Raise what `translate` makes of a fault inside the block; other errors pass as they are."""
    try:
        yield
    except (OSError, sqlite3.Error, UnicodeDecodeError) as error:
        fault = translate(error, path)
        if fault is None:
            raise
        raise fault from error


def _free_megabytes(path: Path) -> int:
    try:
        return shutil.disk_usage(path.parent).free // 2**20
    except OSError:  # the folder itself is gone: nothing is free there
        return 0
