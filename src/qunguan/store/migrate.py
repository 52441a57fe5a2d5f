"""Take an older file to the present schema without losing a row.

A step is a module `migrations/m0002_what_changes.py` with `upgrade(conn)`; it is imported only when a file needs it.
Each step runs in one transaction together with its `user_version`, and is committed only after rows, ledger sums and
links have been compared; the last one also has to give the schema of a fresh file, letter for letter. Then its rows
are sealed anew.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import SQLAlchemyError

from qunguan.domain.clock import Clock
from qunguan.domain.errors import StoreError
from qunguan.i18n import N_
from qunguan.store import migrations
from qunguan.store.backup import BackupInfo, keep_copy
from qunguan.store.dialect import SchemaText, schema_text, schema_version, set_schema_version
from qunguan.store.engine import make_engine, read_transaction, write_transaction
from qunguan.store.faults import failure
from qunguan.values import frozen

_MODULE = re.compile(r"m(\d{4})_\w+")


@frozen
class Step:
    """One migration. `rows_change` names tables whose row count it changes on purpose (`ROWS_CHANGE` in its module)."""

    upgrade: Callable[[Connection], None]
    rows_change: frozenset[str] = frozenset()


@frozen
class Schema:
    """A schema: its version, how to make it in an empty file, and the steps to it by the version each arrives at.

    `steps` None means the modules in `store/migrations`.
    """

    version: int
    create: Callable[[Connection], None]
    steps: Mapping[int, Step] | None = None

    @classmethod
    def current(cls) -> Schema:
        """The schema of this program."""
        return cls(migrations.SCHEMA_VERSION, _create)

    def path_from(self, version: int) -> list[tuple[int, Step]]:
        """The steps from `version` to ours, in order. A gap in the numbers is a programming error."""
        numbers = range(version + 1, self.version + 1)
        steps = _load(set(numbers)) if self.steps is None else self.steps
        missing = [number for number in numbers if number not in steps]
        if missing:
            raise RuntimeError(f"no migration to version {missing[0]}")
        return [(number, steps[number]) for number in numbers]

    def text(self) -> SchemaText:
        """The DDL of a fresh file."""
        return _fresh_text(self.create)


@cache
def _fresh_text(create: Callable[[Connection], None]) -> SchemaText:
    engine = create_engine("sqlite://")
    with engine.begin() as conn:
        create(conn)
        made = schema_text(conn)
    engine.dispose()
    return made


def _create(conn: Connection) -> None:
    from qunguan.store.schema import create_schema  # the tables of every noun: opening a file does without

    create_schema(conn)


@frozen
class Migration:
    """What was done: the versions before and after, and the backup of the file as it was."""

    before: int
    after: int
    backup: BackupInfo


@dataclass(slots=True)
class _Tally:
    counts: dict[str, int] = field(default_factory=dict)
    ledger_sums: dict[tuple[str, str], int] = field(default_factory=dict)


def migrate(database: Path, schema: Schema, clock: Clock) -> Migration:
    """Bring `database` to `schema`. The caller holds the lock alone, and the gate found the file sound.

    Raises StoreError "migration" when a step fails or would not keep everything: the file then stays at the last step
    that succeeded, with every row, and the next opening tries again.
    """
    saved = keep_copy(database, "migrate", clock)
    engine = make_engine(database, foreign_keys=False)  # on, a rebuilt parent would empty its children
    try:
        with read_transaction(engine) as conn:
            before = schema_version(conn)
        for number, step in schema.path_from(before):
            with write_transaction(engine) as conn:
                _run(conn, number, step, database, schema if number == schema.version else None)
    finally:
        engine.dispose()
    return Migration(before, schema.version, saved)


def rebuild_table(conn: Connection, name: str, ddl: str, *, columns: Mapping[str, str] | None = None) -> None:
    """Give table `name` the shape `ddl` says, keeping its rows, indexes, triggers and the number of the next id.

    `ddl` is the complete CREATE TABLE text under the same name. `columns` gives the SQL expression over the old row for
    a new column; the columns both shapes have are copied as they are. For changes ADD COLUMN cannot make.
    """
    old = f"{name}_before"
    kept = conn.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL", (name,)
    ).scalars()
    attached = list(kept)
    next_id = conn.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (name,)).scalar()
    before = _columns(conn, name)
    conn.exec_driver_sql(
        "PRAGMA legacy_alter_table=ON"
    )  # other tables go on pointing at the name, not at the old table
    try:
        conn.exec_driver_sql(f"ALTER TABLE {name} RENAME TO {old}")
    finally:
        conn.exec_driver_sql("PRAGMA legacy_alter_table=OFF")
    conn.exec_driver_sql(ddl)
    source = {column: f'"{column}"' for column in _columns(conn, name) if column in before} | dict(columns or {})
    targets = ", ".join(f'"{column}"' for column in source)
    conn.exec_driver_sql(
        f"INSERT INTO {name} ({targets}) SELECT {', '.join(source.values())} FROM {old} ORDER BY rowid"
    )
    conn.exec_driver_sql(f"DROP TABLE {old}")
    if next_id is not None:
        conn.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
        conn.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, next_id))
    for statement in attached:
        conn.exec_driver_sql(statement)


def _load(numbers: set[int]) -> dict[int, Step]:
    steps: dict[int, Step] = {}
    for info in pkgutil.iter_modules(migrations.__path__):
        match = _MODULE.fullmatch(info.name)
        if match and int(match[1]) in numbers:
            if int(match[1]) in steps:
                raise RuntimeError(f"two migrations to version {int(match[1])}")
            module = import_module(f"{migrations.__name__}.{info.name}")
            steps[int(match[1])] = Step(module.upgrade, getattr(module, "ROWS_CHANGE", frozenset()))
    return steps


def _run(conn: Connection, number: int, step: Step, database: Path, last: Schema | None) -> None:
    from qunguan.store.seal_check import disagreements, has_seals, seal_all  # opening a file does without

    before = _tally(conn)
    disagreeing = dict(disagreements(conn)) if has_seals(conn) else {}
    try:
        step.upgrade(conn)
    except SQLAlchemyError as error:
        raise _refusal(database, number, str(getattr(error, "orig", None) or error)) from error
    set_schema_version(conn, number)
    after = _tally(conn)
    lost = [t for t, n in before.counts.items() if t not in step.rows_change and after.counts.get(t) != n]
    lost += [f"{t}.{c}" for (t, c), n in before.ledger_sums.items() if after.ledger_sums.get((t, c), n) != n]
    lost += [f"{row[0]} → {row[2]}" for row in conn.exec_driver_sql("PRAGMA foreign_key_check")]
    if last is not None:
        lost += schema_differences(schema_text(conn), last.text())
    if lost:
        raise _refusal(database, number, ", ".join(lost[:5]))
    if has_seals(conn):
        seal_all(conn, disagreeing)  # a digest covers all columns a row has; what was damaged stays named


def schema_differences(found: SchemaText, fresh: SchemaText) -> list[str]:
    """Names of tables, indexes and triggers that are missing, changed or too many in `found`."""
    return sorted(
        name for kind, name in found.keys() | fresh.keys() if found.get((kind, name)) != fresh.get((kind, name))
    )


def _refusal(database: Path, number: int, detail: str) -> StoreError:
    return failure(
        "migration",
        N_("The file could not be updated to version {number} ({detail}); nothing was lost"),
        path=database,
        hint=N_("Keep the file as it is and use the earlier qunguan until this is put right"),
        number=number,
        detail=detail,
    )


def _tally(conn: Connection) -> _Tally:
    """Row counts of all tables, and for append-only ones the sum of every whole-number column."""
    tally = _Tally()
    names = conn.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
        " AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    )
    tables = names.scalars().all()
    guards = conn.exec_driver_sql("SELECT tbl_name FROM sqlite_master WHERE name = tbl_name || '_no_update'")
    guarded = set(guards.scalars())
    for name in tables:
        numbers = [column for column, kind in _columns(conn, name).items() if kind == "INTEGER" and name in guarded]
        sums = "".join(f', coalesce(sum("{column}"), 0)' for column in numbers)
        count, *totals = conn.exec_driver_sql(f'SELECT count(*){sums} FROM "{name}"').one()
        tally.counts[name] = count
        tally.ledger_sums |= {(name, column): total for column, total in zip(numbers, totals, strict=True)}
    return tally


def _columns(conn: Connection, name: str) -> dict[str, str]:
    return {row[1]: row[2].upper() for row in conn.exec_driver_sql(f'PRAGMA table_info("{name}")')}
