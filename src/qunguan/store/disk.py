"""Files only the owner may read, and renames that survive a power cut."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qunguan.parts import new_part, sync_folder

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
SIDECARS = ("-journal", "-wal", "-shm")


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


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """An empty 0600 file in `folder` to build something in; gone at the end unless it was renamed."""
    handle, part = new_part(folder)
    os.close(handle)
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
