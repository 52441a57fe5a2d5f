"""Files only the owner may read, renames that survive a power cut, and the unfinished files a killed process leaves."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
SIDECARS = ("-journal", "-wal", "-shm")
STALE_SECONDS = 3600
_PREFIX, _SUFFIX = ".qg-", ".part"


def beside(path: Path, suffix: str) -> Path:
    """The path with `suffix` added to its whole name: `a.db` and "-journal" give `a.db-journal`."""
    return path.with_name(path.name + suffix)


def private_folder(folder: Path) -> bool:
    """Make `folder` (0700, whatever the umask) and the parents it lacks; whether it had to be made."""
    if folder.is_dir():
        return False
    if folder.parent != folder:
        private_folder(folder.parent)
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    folder.chmod(PRIVATE_FOLDER)
    return True


def close_to_others(path: Path, mode: int = PRIVATE_FILE) -> bool:
    """Take every permission away from `path` that `mode` does not have; whether there was one."""
    if sys.platform == "win32" or not path.exists():
        return False
    found = stat.S_IMODE(path.stat().st_mode)
    if not found & ~mode:
        return False
    path.chmod(found & mode)
    return True


def sync_file(path: Path) -> None:
    """Push the bytes of `path` to the disk. Never for a database this process has open: closing drops its locks."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Push the names in `folder` to the disk. Windows cannot and does it by itself."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """An empty 0600 file in `folder` to build something in; gone at the end unless it was renamed."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=_PREFIX, suffix=_SUFFIX)
    os.close(handle)
    part = Path(name)
    try:
        yield part
    finally:
        for suffix in ("", *SIDECARS):
            beside(part, suffix).unlink(missing_ok=True)


def settle(part: Path, target: Path) -> None:
    """Put a finished file in the place of `target`, for good: its bytes, then its name, are on the disk."""
    sync_file(part)
    part.replace(target)
    sync_folder(target.parent)


def settle_new(part: Path, target: Path) -> bool:
    """Like `settle`, but never over an existing file; False when somebody made `target` first."""
    sync_file(part)
    try:
        target.hardlink_to(part)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links, as on a memory stick
        if target.exists():
            return False
        part.rename(target)
    sync_folder(target.parent)
    return True


def sweep(folder: Path) -> int:
    """Remove what killed processes left unfinished in `folder` an hour ago or longer; how many.

    Younger ones may be another database's, being made this moment in the same folder.
    """
    if not folder.is_dir():
        return 0
    then = time.time() - STALE_SECONDS
    swept = 0
    for path in folder.glob(f"{_PREFIX}*{_SUFFIX}*"):
        try:
            if path.is_file() and path.stat().st_mtime < then:
                path.unlink()
                swept += 1
        except FileNotFoundError:
            continue  # whoever made it finished it this moment
    return swept
