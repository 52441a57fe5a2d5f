"""A file is written whole or not at all: the old one stays until the new one is on the disk (quality 2.2.5)."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from qunguan.domain.errors import BadInput, NotFound, UserError
from qunguan.i18n import N_
from qunguan.parts import new_part, sweep, sync_folder


def atomic_write(path: str | Path, data: bytes | Callable[[BinaryIO], object], mode: int = 0o600) -> None:
    """Put `data` (or what `data(file)` writes) at `path`, readable by its owner only.

    A symbolic link at `path` is replaced, its target untouched. Whatever fails, the file that was there stays as it
    was and a `UserError` says what to do: no such folder, no permission, a full disk, a folder in the way. What a
    killed writer left unfinished in that folder goes.
    """
    target = Path(path).absolute()  # not resolve(): a link is replaced, not followed
    _refuse_odd_target(target)
    sweep(target.parent)
    part: Path | None = None
    try:
        handle, part = new_part(target.parent)
        with os.fdopen(handle, "wb") as file:
            if isinstance(data, bytes):
                file.write(data)
            else:
                data(file)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(mode)
        part.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        _remove(part)
        raise _explained(error, target) from error
    except BaseException:
        _remove(part)
        raise


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


def _remove(part: Path | None) -> None:
    if part is not None:
        part.unlink(missing_ok=True)


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
