"""Backups written by tests: each is restored, and holds what its database held. One never restored does not count."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from qunguan.domain.clock import Clock
from qunguan.store import backup
from qunguan.store.restore import restore

Sums = dict[str, tuple[float, ...]]


class Backups:
    """Notes every backup this process writes, with what its database held at that moment."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.restored = 0
        self._made: dict[Path, tuple[str, Sums]] = {}
        self._held = threading.local()  # backups of several databases may be made at once
        self._copy: Callable[[Path, Path], None] = backup._copy
        self._note: Callable[[Path, str], None] = backup._note_digest
        patch.setattr(backup, "_copy", self._copied)
        patch.setattr(backup, "_note_digest", self._noted)

    def _copied(self, database: Path, part: Path) -> None:
        before = _stamp(database)
        self._copy(database, part)
        try:
            self._held.sums = sums(database)
            if _stamp(database) != before:  # somebody writes meanwhile: the copy is of one moment of it
                self._held.sums = sums(part)
        except sqlite3.Error:  # the copy of a damaged file is checked, and refused, right after this
            self._held.sums = {}

    def _noted(self, target: Path, digest: str) -> None:
        self._made[target] = digest, self._held.sums
        self._note(target, digest)

    def check(self, folder: Path | None, clock: Clock) -> None:
        """Restore those that are still there as they were written, next to nothing else, and compare the sums."""
        made, self._made = self._made, {}
        for path, (digest, held) in made.items():
            if _as_written(path, digest):
                with tempfile.TemporaryDirectory(dir=folder, prefix="qunguan-") as place:
                    again = Path(place) / "again.db"
                    restore(again, path, clock, newest=sys.maxsize)
                    assert sums(again) == held, path
                self.restored += 1


def _as_written(path: Path, digest: str) -> bool:
    """Whether it was neither thinned out nor damaged by the test."""
    return path.is_file() and backup.digest_of(path) == digest == backup.noted_digest(path)


def _stamp(path: Path) -> tuple[int, int] | None:
    """What changes with every write; None where there is no file."""
    now = path.stat() if path.exists() else None
    return (now.st_mtime_ns, now.st_size) if now else None


def sums(path: Path) -> Sums:
    """How many rows each table has, and the total of every column; texts count by their length."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as raw:
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        return {name: _totals(raw, name) for (name,) in raw.execute(tables).fetchall()}


def _totals(raw: sqlite3.Connection, table: str) -> tuple[Any, ...]:
    if not raw.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")').fetchone()[0]:
        return ()
    columns = [row[1] for row in raw.execute(f'PRAGMA table_info("{table}")')]
    each = (f'total(CASE typeof("{name}") WHEN \'text\' THEN length("{name}") ELSE "{name}" END)' for name in columns)
    return tuple(raw.execute(f'SELECT count(*), {", ".join(each)} FROM "{table}"').fetchone())
