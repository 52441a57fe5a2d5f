from __future__ import annotations

import errno
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from sqlalchemy import exc, text
from sqlalchemy.exc import IntegrityError

from qunguan.domain.errors import StoreError
from qunguan.store.engine import live_pragmas, make_engine, read_transaction, write_transaction
from qunguan.store.faults import translate
from qunguan.store.integrity import DECIDED
from tests.store.kill import ROOT
from tests.store.power import record_sql
from tests.store.support import assert_sound, file_size_limit, make_store, post


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path / "群管 数据?#%库.db", entries=3)
    yield store
    store.close()


def count(engine) -> int:
    with read_transaction(engine) as conn:
        return int(conn.exec_driver_sql("SELECT count(*) FROM entry").scalar_one())


def test_a_live_connection_has_the_settings_that_were_decided(store):
    with read_transaction(store.engine) as conn:
        assert live_pragmas(conn) == DECIDED


def test_a_write_begins_immediate_and_a_read_deferred(store):
    with record_sql(store.engine) as taken:
        post(store, 4)
        count(store.engine)
    assert taken[0][0] == "BEGIN IMMEDIATE"
    assert "BEGIN DEFERRED" in [sql for sql, _values, _many in taken]


def test_tables_versions_and_released_savepoints_go_with_the_rollback(store):
    def fail_at_the_end() -> None:
        with write_transaction(store.engine) as conn:
            conn.exec_driver_sql("CREATE TABLE extra (x INTEGER) STRICT")
            conn.exec_driver_sql("PRAGMA user_version=9")
            with conn.begin_nested():
                conn.exec_driver_sql("INSERT INTO member (name) VALUES ('甲')")
            raise LookupError

    with pytest.raises(LookupError):
        fail_at_the_end()
    with read_transaction(store.engine) as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE name = 'extra'").scalar() == 0
        assert conn.exec_driver_sql("PRAGMA user_version").scalar() == 1
        assert conn.exec_driver_sql("SELECT count(*) FROM member WHERE name = '甲'").scalar() == 0


def test_a_savepoint_that_fails_keeps_the_work_around_it(store):
    with write_transaction(store.engine) as conn:
        conn.exec_driver_sql("INSERT INTO member (name) VALUES ('甲')")
        with pytest.raises(IntegrityError), conn.begin_nested():
            conn.exec_driver_sql("INSERT INTO entry (op_id, member_id, delta) VALUES ('x', 999, 1)")
    with read_transaction(store.engine) as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM member WHERE name = '甲'").scalar() == 1


def test_a_second_connection_in_the_process_is_refused_at_once(store):
    with write_transaction(store.engine), pytest.raises(exc.TimeoutError), read_transaction(store.engine):
        pass


def test_another_writer_is_told_in_plain_words_and_the_write_works_afterwards(store):
    quick = make_engine(store.path, busy_ms=20)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="Another window") as refused, write_transaction(quick):
            pass
        assert refused.value.code == "busy"
        other.execute("ROLLBACK")
        other.execute("BEGIN")
        other.execute("SELECT * FROM member").fetchall()
        with pytest.raises(StoreError, match="Another window"), write_transaction(quick) as conn:
            conn.exec_driver_sql("INSERT INTO member (name) VALUES ('甲')")  # BUSY comes with the COMMIT
        other.execute("ROLLBACK")
    with write_transaction(quick) as conn:
        conn.exec_driver_sql("INSERT INTO member (name) VALUES ('乙')")
    with read_transaction(quick) as conn:
        assert conn.exec_driver_sql("SELECT name FROM member WHERE id > 20").scalars().all() == ["乙"]
    quick.dispose()


def attempt(store, key: int) -> str:
    """ "saved", or the code of the refusal."""
    try:
        post(store, key, "字" * 3000)
    except StoreError as error:
        return error.code
    return "saved"


def test_a_full_disk_loses_nothing_at_any_of_twenty_points_and_names_itself(store):
    acknowledged = {"op1", "op2", "op3"}
    size = store.path.stat().st_size
    codes: list[str] = []
    for number in range(20):
        with file_size_limit(size + number * 2048):
            for piece in range(20):
                key = 100 + number * 20 + piece
                code = attempt(store, key)
                codes.append(code)
                if code != "saved":
                    break
                acknowledged.add(f"op{key}")
        assert_sound(store.path, acknowledged)
        post(store, 1000 + number)
        acknowledged.add(f"op{1000 + number}")
        size = store.path.stat().st_size
    assert set(codes) <= {"saved", "disk_full", "io_error"}
    assert len(codes) - codes.count("saved") == 20
    assert assert_sound(store.path, acknowledged) == acknowledged


def test_sqlite_full_tells_of_the_disk_and_how_much_is_left(store):
    with read_transaction(store.engine) as conn:
        conn.exec_driver_sql("PRAGMA max_page_count=1")
    with pytest.raises(StoreError, match=r"disk is full \(\d+ MB left\)") as refused:
        post(store, 4, "字" * 90_000)
    assert refused.value.code == "disk_full"
    assert str(store.path) in str(refused.value)


def test_a_read_only_engine_refuses_writes_and_a_missing_file_is_not_made(store, tmp_path):
    reader = make_engine(store.path, read_only=True)
    assert count(reader) == 3
    with pytest.raises(StoreError) as refused, read_transaction(reader) as conn:
        conn.exec_driver_sql("DELETE FROM balance")
    assert refused.value.code == "read_only"
    reader.dispose()
    with pytest.raises(StoreError) as refused, read_transaction(make_engine(tmp_path / "none.db")):
        pass
    assert refused.value.code == "cannot_open"
    assert not (tmp_path / "none.db").exists()


def test_damage_found_while_working_is_told_as_damage(store):
    with store.path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (store.path.stat().st_size - 4096))
    store.engine.dispose()
    with pytest.raises(StoreError) as refused:
        count(store.engine)
    assert refused.value.code == "corrupt"


def test_damage_without_a_code_of_its_own_is_told_as_damage(store):
    with write_transaction(store.engine) as conn:
        conn.exec_driver_sql("CREATE VIRTUAL TABLE found USING fts5(doc)")
        conn.exec_driver_sql("UPDATE found_config SET v = 0 WHERE k = 'version'")
    store.engine.dispose()
    with pytest.raises(StoreError) as refused, read_transaction(store.engine) as conn:
        conn.exec_driver_sql("SELECT * FROM found")
    assert refused.value.code == "corrupt"
    named = translate(UnicodeDecodeError("utf-8", b"\xf4", 0, 1, "unexpected end of data"), store.path)
    assert named is not None
    assert named.code == "corrupt"


def test_errors_of_ours_are_not_blamed_on_the_file(store):
    assert translate(ValueError("x"), store.path) is None
    assert translate(sqlite3.ProgrammingError("closed"), store.path) is None
    with pytest.raises(IntegrityError) as refused, write_transaction(store.engine) as conn:
        conn.execute(text("INSERT INTO balance VALUES (:member, :points, 0)"), {"member": 1, "points": 13812345678})
    assert "13812345678" not in str(refused.value), "parameters may hold a phone number"


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "disk_full"), (errno.EROFS, "read_only"), (errno.EACCES, "read_only"), (errno.EIO, "io_error")],
)
def test_errors_of_the_system_have_the_same_words(number, code, tmp_path):
    error = translate(OSError(number, "no"), tmp_path / "gone" / "a.db")
    assert error is not None
    assert error.code == code


WRITER = """
import sys
from pathlib import Path
from qunguan.store.engine import make_engine, write_transaction
engine = make_engine(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    with write_transaction(engine) as conn:
        points = conn.exec_driver_sql("SELECT points FROM balance WHERE member_id = 1").scalar_one()
        conn.exec_driver_sql("UPDATE balance SET points = ? WHERE member_id = 1", (points + 1,))
"""


@pytest.mark.slow
def test_two_processes_lose_no_update(tmp_path):
    make_store(tmp_path / "a.db").close()
    command = [sys.executable, "-c", WRITER, str(tmp_path / "a.db"), "300"]
    workers = [subprocess.Popen(command, env={"PYTHONPATH": str(ROOT / "src")}) for _ in range(2)]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    engine = make_engine(tmp_path / "a.db")
    with read_transaction(engine) as conn:
        assert conn.exec_driver_sql("SELECT points FROM balance WHERE member_id = 1").scalar_one() == 600
    engine.dispose()


def test_an_interrupt_that_meets_the_closing_prints_no_traceback(tmp_path):
    work = (
        "import sys; from pathlib import Path; from sqlalchemy import event\n"
        "from qunguan.store.engine import make_engine, read_transaction\n"
        "engine = make_engine(Path(sys.argv[1]))\n"
        "with read_transaction(engine): pass\n"
        "def interrupted(*_): raise KeyboardInterrupt\n"
        "engine.pool._dialect.do_close = interrupted\n"
        "try: engine.dispose()\n"
        "except KeyboardInterrupt: print('raised')\n"
    )
    path = tmp_path / "a.db"
    sqlite3.connect(path).close()
    run = subprocess.run([sys.executable, "-c", work, str(path)], capture_output=True, text=True, cwd=ROOT)
    assert (run.stdout, run.stderr) == ("raised\n", "")
