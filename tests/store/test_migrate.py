from __future__ import annotations

import os
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event

from qunguan.domain.errors import StoreError
from qunguan.store import migrations
from qunguan.store.backup import list_backups
from qunguan.store.dialect import append_only_triggers, schema_text
from qunguan.store.engine import read_transaction
from qunguan.store.files import open_store
from qunguan.store.gate import inspect
from qunguan.store.migrate import Schema, Step, migrate, rebuild_table
from tests.store import support
from tests.store.support import ENTRY, MEMBER, NOON, SCHEMA, assert_sound, make_store

WIDER_ENTRY = ENTRY.replace(
    "note TEXT\n", "note TEXT NOT NULL DEFAULT '',\n    kind TEXT NOT NULL CHECK (kind <> '')\n"
)
MEMBER_WITH_PHONE = MEMBER.replace("name TEXT NOT NULL", "name TEXT NOT NULL, phone TEXT")
TAG = "CREATE TABLE tag (id INTEGER PRIMARY KEY, member_id INTEGER NOT NULL REFERENCES member (id)) STRICT"
HOSTILE = ["'; DROP TABLE entry; --", "[/red]", "\x1b]52;c;x\x07", "　", "𠮷👨‍👩‍👧", "x" * 10_000]


def create_third(conn: Connection) -> None:
    for statement in (MEMBER_WITH_PHONE, WIDER_ENTRY, support.INDEX, support.BALANCE, TAG):
        conn.exec_driver_sql(statement)
    for statement in append_only_triggers("entry"):
        conn.exec_driver_sql(statement)


def to_second(conn: Connection) -> None:
    conn.exec_driver_sql("ALTER TABLE member ADD COLUMN phone TEXT")
    conn.exec_driver_sql(TAG)


def to_third(conn: Connection) -> None:
    rebuild_table(conn, "entry", WIDER_ENTRY, columns={"note": "coalesce(note, '')", "kind": "'earn'"})


THIRD = Schema(3, create_third, {2: Step(to_second), 3: Step(to_third)})


@pytest.fixture
def path(tmp_path):
    path: Path = tmp_path / "a.db"
    store = make_store(path)
    for number, note in enumerate(HOSTILE, 1):
        support.post(store, number, note)
    store.close()
    return path


def rows(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as raw:
        return raw.execute("SELECT id, op_id, member_id, delta, note FROM entry ORDER BY id").fetchall()


def test_an_older_file_is_updated_on_opening_after_a_verified_backup(path):
    before = rows(path)
    store = open_store(path, clock=NOON, schema=THIRD)
    assert "from version 1 to 3" in str(store.notices[0])
    with read_transaction(store.engine) as conn:
        assert schema_text(conn) == THIRD.text()
        assert conn.exec_driver_sql("SELECT DISTINCT kind FROM entry").scalars().all() == ["earn"]
        assert conn.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'entry'").scalar() == len(HOSTILE)
    store.close()
    assert rows(path) == before
    [saved] = list_backups(path)
    assert saved.reason == "migrate"
    assert rows(saved.path) == before
    assert_sound(path)


def test_ids_are_not_used_again_after_a_rebuild(path):
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE sqlite_sequence SET seq = 900 WHERE name = 'entry'")
        raw.commit()
    store = open_store(path, clock=NOON, schema=THIRD)
    with read_transaction(store.engine) as conn:
        assert conn.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'entry'").all() == [(900,)]
    store.close()


def lose_an_entry(conn: Connection) -> None:
    to_second(conn)
    conn.exec_driver_sql("DROP TRIGGER entry_no_delete")
    conn.exec_driver_sql("DELETE FROM entry WHERE id = 2")


def change_an_amount(conn: Connection) -> None:
    to_second(conn)
    conn.exec_driver_sql("DROP TRIGGER entry_no_update")
    conn.exec_driver_sql("UPDATE entry SET delta = delta + 1 WHERE id = 2")
    conn.exec_driver_sql(append_only_triggers("entry")[0])


def orphan_rows(conn: Connection) -> None:
    to_second(conn)
    conn.exec_driver_sql("INSERT INTO tag (member_id) VALUES (999)")


def lose_a_trigger(conn: Connection) -> None:
    to_third(conn)
    conn.exec_driver_sql("DROP TRIGGER entry_no_update")


def break_a_check(conn: Connection) -> None:
    to_second(conn)
    conn.exec_driver_sql("INSERT INTO entry (op_id, member_id, delta) VALUES ('zero', 1, 0)")


@pytest.mark.parametrize(
    ("steps", "stays_at"),
    [
        ({2: Step(lose_an_entry), 3: Step(to_third)}, 1),
        ({2: Step(change_an_amount), 3: Step(to_third)}, 1),
        ({2: Step(orphan_rows), 3: Step(to_third)}, 1),
        ({2: Step(break_a_check), 3: Step(to_third)}, 1),
        ({2: Step(to_second), 3: Step(lose_a_trigger)}, 2),
    ],
)
def test_a_step_that_would_lose_something_is_taken_back(path, steps, stays_at):
    before = rows(path)
    with pytest.raises(StoreError, match="could not be updated to version") as refused:
        open_store(path, clock=NOON, schema=Schema(3, create_third, steps))
    assert refused.value.code == "migration"
    assert rows(path) == before
    assert inspect(path, deep=True, newest=3).version == stays_at
    assert_sound(path)
    open_store(path, clock=NOON, schema=THIRD).close()
    assert rows(path) == before


def test_a_step_may_say_which_rows_it_changes_on_purpose(path):
    def fill(conn: Connection) -> None:
        to_second(conn)
        conn.exec_driver_sql("DELETE FROM balance")

    steps = {2: Step(fill, frozenset({"balance"})), 3: Step(to_third)}
    open_store(path, clock=NOON, schema=Schema(3, create_third, steps)).close()


class Stop(Exception):
    pass


def stop_at(number: int, how: str):
    """Raise, or kill the process, before the `number`-th statement any engine runs."""
    seen = 0

    def on_execute(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            if how == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            raise Stop(statement)

    return on_execute


def attempt(path: Path, number: int, how: str) -> bool:
    """Migrate, stopped at a statement; whether it came to the end."""
    listener = stop_at(number, how)
    event.listen(Engine, "before_cursor_execute", listener)
    try:
        migrate(path, THIRD, NOON)
    except Stop:
        return False
    finally:
        event.remove(Engine, "before_cursor_execute", listener)
    return True


def attempt_in_child(path: Path, number: int) -> bool:
    child = os.fork()
    if child == 0:
        os._exit(0 if attempt(path, number, "kill") else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.parametrize("how", ["raise", "kill"])
def test_stopped_at_any_statement_the_file_keeps_every_row_and_the_next_try_succeeds(path, tmp_path, how):
    sound, before = path.read_bytes(), rows(path)
    number, finished = 0, False
    while not finished:
        number += 1
        trial = tmp_path / f"trial{number}.db"
        trial.write_bytes(sound)
        finished = attempt_in_child(trial, number) if how == "kill" else attempt(trial, number, how)
        state = inspect(trial, newest=3)
        assert state.code in ("ok", "unfinished"), number
        assert rows(trial) == before
        assert assert_sound(trial) == {row[1] for row in before}
        version = inspect(trial, newest=3).version
        assert (version == 3) == finished
        store = open_store(trial, clock=NOON, schema=THIRD)
        with read_transaction(store.engine) as conn:
            assert schema_text(conn) == THIRD.text()
        store.close()
        assert rows(trial) == before
    assert number > 30


def test_an_old_program_leaves_a_newer_file_alone(path):
    open_store(path, clock=NOON, schema=THIRD).close()
    before = path.read_bytes()
    with pytest.raises(StoreError) as refused:
        open_store(path, clock=NOON, schema=SCHEMA)
    assert refused.value.code == "too_new"
    assert path.read_bytes() == before


def test_nobody_else_may_have_the_older_file_open(path):
    store = open_store(path, clock=NOON, schema=SCHEMA)
    with pytest.raises(StoreError) as refused:
        open_store(path, clock=NOON, schema=THIRD)
    assert refused.value.code == "in_use"
    store.close()


def test_only_the_modules_a_file_needs_are_imported(tmp_path, monkeypatch):
    (tmp_path / "m0002_phone.py").write_text("def upgrade(conn): pass\n")
    (tmp_path / "m0003_kind.py").write_text("ROWS_CHANGE = frozenset({'tag'})\ndef upgrade(conn): pass\n")
    (tmp_path / "helper.py").write_text("raise AssertionError('never imported')\n")
    monkeypatch.setattr(migrations, "__path__", [str(tmp_path)])
    try:
        [(number, step)] = Schema(3, create_third).path_from(2)
        assert (number, step.rows_change) == (3, frozenset({"tag"}))
        assert "qunguan.store.migrations.m0002_phone" not in sys.modules
        assert Schema(3, create_third).path_from(3) == []
        with pytest.raises(RuntimeError, match="version 4"):
            Schema(4, create_third).path_from(3)
        (tmp_path / "m0003_again.py").write_text("def upgrade(conn): pass\n")
        with pytest.raises(RuntimeError, match="two migrations"):
            Schema(3, create_third).path_from(2)
    finally:
        for name in [name for name in sys.modules if name.startswith("qunguan.store.migrations.")]:
            del sys.modules[name]


@pytest.mark.long
def test_a_hundred_thousand_rows_are_all_there_afterwards(tmp_path):
    store = make_store(tmp_path / "a.db", entries=1)
    with store.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as conn, conn.begin():
        new = [(f"big{number}", 1 + number % 20, 1 + number % 7) for number in range(100_000)]
        conn.exec_driver_sql("INSERT INTO entry (op_id, member_id, delta) VALUES (?, ?, ?)", new)
    store.close()
    before = [row[:4] for row in rows(tmp_path / "a.db")]
    open_store(tmp_path / "a.db", clock=NOON, schema=THIRD).close()
    assert [row[:4] for row in rows(tmp_path / "a.db")] == before
