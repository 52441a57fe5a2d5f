"""A small community to try the store with: members, a ledger held by triggers, a balance kept beside it."""

from __future__ import annotations

import errno
import hashlib
import itertools
import os
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from qunguan.domain.clock import Clock
from qunguan.store.dialect import append_only_triggers
from qunguan.store.engine import write_transaction
from qunguan.store.files import Store, open_store
from qunguan.store.migrate import Schema

if TYPE_CHECKING:  # the workers that are killed import this module too
    import pytest

NOON = Clock(datetime(2026, 3, 1, 12, tzinfo=UTC))
MEMBERS = 20

MEMBER = "CREATE TABLE member (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL) STRICT"
ENTRY = """CREATE TABLE entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    op_id TEXT NOT NULL UNIQUE,
    member_id INTEGER NOT NULL REFERENCES member (id),
    delta INTEGER NOT NULL CHECK (delta <> 0 AND abs(delta) <= 1000000000),
    note TEXT
) STRICT"""
INDEX = "CREATE INDEX ix_entry_member ON entry (member_id, delta)"
BALANCE = """CREATE TABLE balance (
    member_id INTEGER PRIMARY KEY REFERENCES member (id), points INTEGER NOT NULL, entries INTEGER NOT NULL
) STRICT"""


def create(conn: Connection) -> None:
    for statement in (MEMBER, ENTRY, INDEX, BALANCE, *append_only_triggers("entry")):
        conn.exec_driver_sql(statement)


SCHEMA = Schema(1, create, {})


def make_store(path: Path, *, entries: int = 0) -> Store:
    """A new store with members and some entries."""
    store = open_store(path, clock=NOON, create=True, schema=SCHEMA)
    with write_transaction(store.engine) as conn:
        people = [(number, f"成员{number}") for number in range(1, MEMBERS + 1)]
        conn.exec_driver_sql("INSERT INTO member (id, name) VALUES (?, ?)", people)
        conn.exec_driver_sql("INSERT INTO balance SELECT id, 0, 0 FROM member")
    for number in range(1, entries + 1):
        post(store, number)
    return store


def post(store: Store, number: int, note: str = "") -> None:
    """One unit of work: a ledger row and the balance it changes."""
    with write_transaction(store.engine) as conn:
        post_on(conn, number, note)


def post_on(conn: Connection, number: int, note: str = "") -> None:
    member, delta = 1 + number % MEMBERS, 1 + number % 7
    conn.exec_driver_sql(
        "INSERT INTO entry (op_id, member_id, delta, note) VALUES (?, ?, ?, ?)", (f"op{number}", member, delta, note)
    )
    conn.exec_driver_sql(
        "UPDATE balance SET points = points + ?, entries = entries + 1 WHERE member_id = ?", (delta, member)
    )


def assert_sound(path: Path, acknowledged: set[str] | None = None) -> set[str]:
    """The common oracle: pages, links, sums, triggers, marks; every acknowledged op_id is there. Returns the op_ids."""
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        assert raw.execute("PRAGMA application_id").fetchone() == (0x71756E67,)
        assert raw.execute("PRAGMA user_version").fetchone()[0] >= 1
        triggers = raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name").fetchall()
        assert triggers == [("entry_no_delete",), ("entry_no_update",)]
        sums = raw.execute("SELECT coalesce(sum(delta), 0), count(*) FROM entry").fetchone()
        assert sums == raw.execute("SELECT coalesce(sum(points), 0), coalesce(sum(entries), 0) FROM balance").fetchone()
        found = {row[0] for row in raw.execute("SELECT op_id FROM entry")}
    assert (acknowledged or set()) <= found
    return found


def fingerprint(folder: Path) -> dict[str, str]:
    """Digest of every file under `folder`, without the lock's list of process numbers."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(".lock")
    }


@contextmanager
def full_disk(monkeypatch: pytest.MonkeyPatch, *, at: int) -> Iterator[None]:
    """A disk with no room left at the `at`-th sync or rename from here on, and with room again afterwards."""
    calls = itertools.count(1)

    def failing(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if next(calls) == at:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*args, **kwargs)

        return call

    with monkeypatch.context() as patch:
        for name in ("fsync", "replace"):
            patch.setattr(os, name, failing(getattr(os, name)))
        yield


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """No file of this process may grow past `size` bytes: what a full disk looks like to SQLite."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
