from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy.exc import DBAPIError

from qunguan.store.dialect import data_version
from qunguan.store.engine import read_transaction, write_transaction
from qunguan.store.files import open_store
from qunguan.store.gate import inspect
from qunguan.store.integrity import check_file
from tests.store.support import NOON, SCHEMA, assert_sound, make_store, post


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path / "a.db", entries=6)
    yield store
    store.close()


def failed(store, *, deep: bool = True) -> dict[str, str]:
    with read_transaction(store.engine) as conn:
        return {finding.name: finding.detail for finding in check_file(conn, deep, schema=SCHEMA) if not finding.ok}


def test_a_sound_file_passes_every_check(store):
    with read_transaction(store.engine) as conn:
        findings = check_file(conn, False, schema=SCHEMA)
    assert [finding.name for finding in findings if not finding.ok] == []
    assert {finding.name for finding in findings} == {
        "settings", "identity", "pages", "links", "schema", "ledger-guards", "sqlite",
    }  # fmt: skip
    assert all(finding.detail for finding in findings)


REFUSED = [
    "UPDATE entry SET delta = 5 WHERE id = 1",
    "UPDATE entry SET note = 'other'",
    "DELETE FROM entry WHERE id = 1",
    "DELETE FROM entry",
    "INSERT OR REPLACE INTO entry (id, op_id, member_id, delta) VALUES (1, 'op1', 1, 999)",
    "REPLACE INTO entry (op_id, member_id, delta) VALUES ('op1', 1, 999)",
    "UPDATE OR REPLACE entry SET op_id = 'op2' WHERE id = 1",
    "INSERT INTO entry (op_id, member_id, delta) VALUES ('op1', 1, 9) ON CONFLICT (op_id) DO UPDATE SET delta = 9",
    "DELETE FROM member WHERE id = 2",
    "UPDATE member SET id = 99 WHERE id = 2",
    "INSERT INTO entry (op_id, member_id, delta) VALUES ('new', 999, 1)",
]


@pytest.mark.parametrize("attack", REFUSED)
def test_booked_entries_cannot_be_changed(store, attack):
    with read_transaction(store.engine) as conn:
        before = conn.exec_driver_sql("SELECT * FROM entry").all()
    with pytest.raises(DBAPIError), write_transaction(store.engine) as conn:
        conn.exec_driver_sql(attack)
    with read_transaction(store.engine) as conn:
        assert conn.exec_driver_sql("SELECT * FROM entry").all() == before
    assert_sound(store.path)


REPORTED = {
    "ledger-guards": "DROP TRIGGER entry_no_update",
    "schema": "ALTER TABLE member ADD COLUMN secret TEXT",
    "identity": "PRAGMA user_version=7",
}


@pytest.mark.parametrize("name", REPORTED)
def test_what_gets_past_the_guards_from_outside_is_reported_each_time(store, name):
    with closing(sqlite3.connect(store.path)) as raw:
        raw.execute(REPORTED[name])
        raw.commit()
    first = failed(store)
    assert name in first
    assert failed(store) == first


def test_a_guard_weakened_under_its_own_name_is_reported(store):
    with closing(sqlite3.connect(store.path)) as raw:
        raw.execute("DROP TRIGGER entry_no_delete")
        raw.execute("CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry WHEN 0 BEGIN SELECT RAISE(ABORT, 'x'); END")
        raw.commit()
    assert failed(store).keys() == {"schema", "ledger-guards"}


def test_a_bit_turned_over_in_the_list_of_the_schema_is_refused_or_reported(store):
    with closing(sqlite3.connect(store.path)) as raw:
        entries = raw.execute("SELECT type, name, tbl_name FROM sqlite_master").fetchall()
    store.close()
    sound = store.path.read_bytes()
    assert {"sqlite_sequence", "sqlite_autoindex_entry_1", "entry"} <= {name for _kind, name, _table in entries}
    for entry in entries:
        begins = sound.index("".join(entry).encode())
        for column, told in enumerate(entry):
            place = begins + len("".join(entry[:column])) + len(told) - 1
            damaged = bytearray(sound)
            damaged[place] ^= 1
            store.path.write_bytes(damaged)
            assert not inspect(store.path).ok or "schema" in failed(store), (entry, column)
            store.engine.dispose()


def test_a_swapped_index_and_a_broken_link_are_reported(store):
    with closing(sqlite3.connect(store.path)) as raw:
        raw.execute("DELETE FROM balance WHERE member_id = 4")
        raw.execute("DELETE FROM member WHERE id = 2")
        raw.execute("DROP INDEX ix_entry_member")
        raw.commit()
    found = failed(store)
    assert set(found["links"].split(", ")) == {"entry 1 → member", "balance 2 → member"}
    assert found["schema"] == "ix_entry_member"


def test_settings_that_were_changed_on_the_connection_are_reported(store):
    with store.engine.connect() as conn:
        conn.connection.execute("PRAGMA synchronous=OFF")
    assert failed(store) == {"settings": "synchronous=0"}


BOUNDS = [
    (0, None), (1, 1), (-1, -1), (10**9, 10**9), (-(10**9), -(10**9)), (10**9 + 1, None), (2**63 - 1, None),
    (1.5, None), ("abc", None), ("１２", None), (b"12", None), (None, None), (float("nan"), None), ("12", 12), (2.0, 2),
]  # fmt: skip


@pytest.mark.parametrize(("delta", "stored"), BOUNDS)
def test_amounts_are_stored_as_they_are_or_refused(store, delta, stored):
    def book() -> None:
        with write_transaction(store.engine) as conn:
            conn.exec_driver_sql("INSERT INTO entry (op_id, member_id, delta) VALUES ('bound', 1, ?)", (delta,))

    if stored is None:
        with pytest.raises(DBAPIError):
            book()
    else:
        book()
    with read_transaction(store.engine) as conn:
        assert conn.exec_driver_sql("SELECT delta FROM entry WHERE op_id = 'bound'").scalar() == stored


def test_the_data_version_moves_for_others_and_not_for_us(store):
    with read_transaction(store.engine) as conn:
        before = data_version(conn)
    post(store, 7)
    with read_transaction(store.engine) as conn:
        assert data_version(conn) == before
    second = open_store(store.path, clock=NOON, schema=SCHEMA)
    post(second, 8)
    second.close()
    with read_transaction(store.engine) as conn:
        assert data_version(conn) != before
