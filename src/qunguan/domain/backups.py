"""Backups and the file they are of, as the faces see them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from qunguan.domain.history import Step
from qunguan.values import frozen


@frozen
class Backup:
    """One backup. `at` is in UTC, `size` in bytes; `verified` tells whether the digest of the checked copy is noted.

    `reason` is one word of the program's own: manual, import, restore, migrate…
    """

    path: Path
    at: datetime
    reason: str
    size: int
    verified: bool


@frozen
class GoingBack:
    """What a restore changes, newest first: steps that stand now and not in the backup, and the other way round."""

    lost: tuple[Step, ...]
    returning: tuple[Step, ...]


@frozen
class FileFacts:
    """The open database: `size` in bytes, `notices` what was noticed when it was opened, in the language then."""

    path: Path
    size: int
    notices: tuple[str, ...] = ()
