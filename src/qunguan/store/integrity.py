"""What `doctor` asks of the file itself: settings, pages, links, schema, ledger guards."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from qunguan.domain.errors import StoreError
from qunguan.i18n import _
from qunguan.store.dialect import owner, schema_text, schema_version
from qunguan.store.engine import live_pragmas
from qunguan.store.gate import APPLICATION_ID
from qunguan.store.migrate import Schema, schema_differences
from qunguan.values import frozen

DECIDED = {
    "journal_mode": "truncate",
    "synchronous": 2,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "secure_delete": 1,
    "trusted_schema": 0,
}


@frozen
class Finding:
    """One check: a stable name, whether it passed, and one line about it in the language in force."""

    name: str
    ok: bool
    detail: str


def check_file(conn: Connection, deep: bool, *, schema: Schema | None = None) -> list[Finding]:
    """Check the open file and the live connection; reads only. `deep` also compares every index with its table."""
    schema = schema or Schema.current()
    return [
        _settings(conn),
        _identity(conn, schema),
        _pages(conn, deep),
        _links(conn),
        *_schema(conn, schema),
        Finding("sqlite", True, _("SQLite {version}", version=sqlite3.sqlite_version)),
    ]


def _settings(conn: Connection) -> Finding:
    found = live_pragmas(conn)
    wrong = [f"{name}={found[name]}" for name, value in DECIDED.items() if found[name] != value]
    return Finding("settings", not wrong, ", ".join(wrong) or _("Every saved change is on the disk before it is shown"))


def _identity(conn: Connection, schema: Schema) -> Finding:
    version = schema_version(conn)
    if owner(conn) == APPLICATION_ID and version == schema.version:
        return Finding("identity", True, _("A qunguan file, version {version}", version=version))
    detail = _("Marked as version {found} where {known} belongs", found=version, known=schema.version)
    return Finding("identity", False, detail)


def _pages(conn: Connection, deep: bool) -> Finding:
    pragma = "integrity_check" if deep else "quick_check"
    try:
        lines: Sequence[str] = conn.exec_driver_sql(f"PRAGMA {pragma}(20)").scalars().all()
    except (DatabaseError, StoreError, UnicodeDecodeError) as error:  # too damaged to be looked through
        lines = [str(error)]
    ok = lines == ["ok"]
    return Finding("pages", ok, _("Every page of the file is sound") if ok else "; ".join(lines)[:500])


def _links(conn: Connection) -> Finding:
    broken = [f"{row[0]} {row[1]} → {row[2]}" for row in conn.exec_driver_sql("PRAGMA foreign_key_check")]
    return Finding("links", not broken, ", ".join(broken[:20]) or _("Every row points to rows that exist"))


def _schema(conn: Connection, schema: Schema) -> list[Finding]:
    found, fresh = schema_text(conn), schema.text()
    different = schema_differences(found, fresh)
    guards = [name for kind, name in fresh if kind == "trigger" and name.endswith(("_no_update", "_no_delete"))]
    open_guards = [name for name in guards if name in different]
    return [
        Finding(
            "schema", not different, ", ".join(different) or _("Tables, indexes and triggers are as a fresh file has")
        ),
        Finding(
            "ledger-guards", not open_guards, ", ".join(open_guards) or _("Booked entries cannot be changed or deleted")
        ),
    ]
