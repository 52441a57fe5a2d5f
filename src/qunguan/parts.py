"""Unfinished files: what a file is called until it is whole, and a name that survives a power cut (quality 2.2.5).

Below everything, as messages are: the database's own files and the tables that go out are made alike.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

STALE_SECONDS = 3600
"""A writer that is alive renames its part long before."""
_PREFIX, _SUFFIX = ".qg-", ".part"


def new_part(folder: Path) -> tuple[int, Path]:
    """An empty 0600 file in `folder` to build something in: its open handle and its path."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=_PREFIX, suffix=_SUFFIX)
    return handle, Path(name)


def sync_folder(folder: Path) -> None:
    """Push the names in `folder` to the disk. Windows cannot and does it by itself."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> int:
    """Remove what killed processes left unfinished in `folder` an hour ago or longer; how many.

    Younger ones may be another writer's, being made this moment in the same folder.
    """
    parts = list(folder.glob(f"{_PREFIX}*{_SUFFIX}*")) if folder.is_dir() else []
    if not parts:
        return 0
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:  # its time stamp is the file system's own now
            then = os.fstat(probe.fileno()).st_mtime - STALE_SECONDS
    except OSError:
        return 0  # where nothing can be written nothing can be removed
    swept = 0
    for part in parts:
        try:
            if part.is_file() and part.stat().st_mtime < then:
                part.unlink()
                swept += 1
        except OSError:
            continue  # whoever made it finished it this moment, or it is not ours to remove
    return swept
