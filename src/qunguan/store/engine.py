"""The engine: one connection per process, every write behind BEGIN IMMEDIATE, every PRAGMA set and checked.

SQLAlchemy's own transaction mode for SQLite loses updates between two writers without an error, so the driver's is
switched off and BEGIN is ours. Journal TRUNCATE with synchronous FULL survives a power cut with every acknowledged row
and leaves one self-contained file.
"""

from __future__ import annotations

import logging
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, ExceptionContext, QueuePool, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

from qunguan.store.faults import told_plainly, translate

__all__ = ["live_pragmas", "make_engine", "read_transaction", "translate", "write_transaction"]

_POOL_WAIT = 0.2  # seconds: a second connection in one process is a mistake of ours and must not look like a freeze
# Held statements are memory, and SQLAlchemy would keep 500 compiled. What is not held is made anew: a tick is 57 of
# them (docs/measurements.md).
_PREPARED, _COMPILED = 128, 100
_LEVELS = {"OFF": 0, "NORMAL": 1, "FULL": 2, "EXTRA": 3}
# An interrupt that meets the pool while it closes is raised again, and besides logged as a traceback on stderr.
logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)


def make_engine(
    path: Path,
    *,
    read_only: bool = False,
    busy_ms: int = 5000,
    journal: str = "TRUNCATE",
    synchronous: str = "FULL",
    foreign_keys: bool = True,
) -> Engine:
    """An engine on the existing file `path`; nothing is opened before the first use.

    `busy_ms` is how long a statement waits for another writer. `foreign_keys=False` is for migrations alone, because
    the PRAGMA is a silent no-op inside a transaction. Faults of the file are raised as StoreError.
    """
    path = Path(path).absolute()
    # Never an f-string: '?' and '#' in a folder name would cut the path. mode=rw: a vanished file is not made anew.
    query = {"mode": "ro" if read_only else "rw", "uri": "true"}
    engine = create_engine(
        URL.create("sqlite", database="file:" + quote(str(path)), query=query),
        connect_args={"timeout": busy_ms / 1000, "cached_statements": _PREPARED},
        query_cache_size=_COMPILED,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=_POOL_WAIT,
        hide_parameters=True,
    )
    wanted: dict[str, str | int] = {
        "busy_timeout": busy_ms,
        "foreign_keys": int(foreign_keys),
        "recursive_triggers": 1,  # else INSERT OR REPLACE deletes past the DELETE trigger
        "trusted_schema": 0,
        "cell_size_check": 1,
    }
    if not read_only:
        wanted |= {"journal_mode": journal.lower(), "synchronous": _LEVELS[synchronous], "secure_delete": 1}
    if sys.platform == "darwin":
        wanted["fullfsync"] = 1
    _listen(engine, path, wanted)
    return engine


def _listen(engine: Engine, path: Path, wanted: dict[str, str | int]) -> None:
    @event.listens_for(engine, "connect")
    def _connect(dbapi: DBAPIConnection, _record: object) -> None:
        assert isinstance(dbapi, sqlite3.Connection)
        dbapi.isolation_level = None  # the driver stops issuing BEGIN of its own
        with told_plainly(path):
            _set_pragmas(dbapi, wanted)

    @event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        conn.exec_driver_sql("BEGIN " + conn.get_execution_options().get("sqlite_begin", "DEFERRED"))

    @event.listens_for(engine, "handle_error")
    def _handle(context: ExceptionContext) -> BaseException | None:
        return translate(context.original_exception, path)


def _set_pragmas(dbapi: sqlite3.Connection, wanted: dict[str, str | int]) -> None:
    for name, value in wanted.items():
        dbapi.execute(f"PRAGMA {name}={value}")
        found = dbapi.execute(f"PRAGMA {name}").fetchone()[0]
        if found != value:
            raise RuntimeError(f"PRAGMA {name} is {found!r}, wanted {value!r}")


def live_pragmas(conn: Connection) -> dict[str, Any]:
    """The settings that keep data safe, as the live connection reports them."""
    names = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "secure_delete", "trusted_schema")
    return {name: conn.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names}


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """One unit of work: BEGIN IMMEDIATE … COMMIT, or nothing. Raises StoreError when the file cannot take it."""
    with engine.connect().execution_options(sqlite_begin="IMMEDIATE") as conn, conn.begin():
        conn.info.pop("unsealed", None)
        yield conn
        if (unsealed := conn.info.pop("unsealed", None)) and conn.in_transaction():
            unsealed.flush()


@contextmanager
def read_transaction(engine: Engine) -> Iterator[Connection]:
    """A consistent view of the file. Keep it short: in a rollback journal a reader makes writers wait."""
    with engine.connect() as conn, conn.begin():
        yield conn
