"""A file is written whole or not at all: the old one stays until the new one is on the disk (quality 2.2.5)."""

from __future__ import annotations

import errno
import os
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from qunguan.domain.errors import BadInput, NotFound, UserError
from qunguan.i18n import N_

_PREFIX, _SUFFIX = ".qg-", ".part"
_STALE_SECONDS = 3600  # a writer that is alive renames its part long before


def atomic_write(path: str | Path, data: bytes | Callable[[BinaryIO], object], mode: int = 0o600) -> None:
    """Put `data` (or what `data(file)` writes) at `path`, readable by its owner only.

    A symbolic link at `path` is replaced, its target untouched. Whatever fails, the file that was there stays as it
    was and a `UserError` says what to do: no such folder, no permission, a full disk, a folder in the way.
    """
    target = Path(path).absolute()  # not resolve(): a link is replaced, not followed
    _refuse_odd_target(target)
    part = ""
    try:
        handle, part = tempfile.mkstemp(dir=target.parent, prefix=_PREFIX, suffix=_SUFFIX)
        with os.fdopen(handle, "wb") as file:
            if isinstance(data, bytes):
                file.write(data)
            else:
                data(file)
            file.flush()
            os.fsync(file.fileno())
        Path(part).chmod(mode)
        Path(part).replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        _remove(part)
        raise _explained(error, target) from error
    except BaseException:
        _remove(part)
        raise


def sweep_parts(folder: str | Path) -> int:
    """Remove what killed writers left in `folder`; returns how many. Parts younger than an hour may still grow."""
    try:
        parts = list(Path(folder).glob(f"{_PREFIX}*{_SUFFIX}"))
        probe = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - its time stamp is the file system's own now
    except OSError:
        return 0
    with probe:
        now = os.fstat(probe.fileno()).st_mtime
    swept = 0
    for part in parts:
        try:
            if now - part.stat().st_mtime > _STALE_SECONDS:
                part.unlink()
                swept += 1
        except OSError:
            continue  # another program removed it first
    return swept


def _refuse_odd_target(target: Path) -> None:
    try:
        mode = target.stat().st_mode
    except OSError:
        return  # not there yet; anything else is said when writing fails
    if stat.S_ISDIR(mode):
        raise BadInput("this is a folder, not a file", where=str(target), hint="Name a file inside it.")
    if not stat.S_ISREG(mode):
        hint = N_("Name an ordinary file.")
        raise BadInput("this is a device or a pipe, not an ordinary file", where=str(target), hint=hint)


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable. Windows has no such call."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(part: str) -> None:
    if part:
        Path(part).unlink(missing_ok=True)


def _explained(error: OSError, target: Path) -> UserError:
    where = str(target)
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        hint = N_("Create it first, or name another one.")
        return NotFound("there is no folder {folder}", where=where, hint=hint, folder=target.parent)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        hint = N_("Close it in Excel or WPS, or save under another name or in your own folder.")
        return BadInput("the file may not be written", where=where, hint=hint)
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG):
        hint = N_("Free some space or save elsewhere; the old file is untouched.")
        return BadInput("the disk is full", where=where, hint=hint)
    if error.errno == errno.ENAMETOOLONG:
        return BadInput("the file name is too long", where=where, hint="Choose a shorter name.")
    problem = error.strerror or str(error)
    return BadInput("the file cannot be written ({problem})", where=where, hint="Save elsewhere.", problem=problem)
