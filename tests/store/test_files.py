from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from qunguan.domain.errors import NotFound, StoreError
from qunguan.store.backup import backup_folder
from qunguan.store.engine import read_transaction, write_transaction
from qunguan.store.files import default_path, open_store
from qunguan.store.lock import StoreLock
from tests.store.kill import ROOT, kill_trials
from tests.store.support import NOON, SCHEMA, assert_sound, fingerprint, make_store, post


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def reopen(path: Path):
    return open_store(path, clock=NOON, schema=SCHEMA)


def test_a_missing_file_is_not_made_unasked(tmp_path):
    with pytest.raises(NotFound, match="qunguan init"):
        reopen(tmp_path / "desk" / "a.db")
    assert not (tmp_path / "desk").exists()


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_new_store_is_private_whatever_the_umask(tmp_path, umask):
    before = os.umask(umask)
    try:
        store = make_store(tmp_path / "one" / "two" / "a.db", entries=2)
        store.backup("daily", NOON)
        store.close()
    finally:
        os.umask(before)
    folder = tmp_path / "one" / "two"
    assert [mode(path) for path in (folder.parent, folder, backup_folder(store.path))] == [0o700] * 3
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"a.db", "a.db.lock", "a.db-journal"}
    assert {mode(path) for path in files} == {0o600}
    assert store.notices == []


def test_looser_permissions_are_closed_and_told(tmp_path, monkeypatch):
    path = tmp_path / "desk" / "a.db"
    store = make_store(path, entries=1)
    store.backup("daily", NOON)
    store.close()
    loose = [path, path.parent, backup_folder(path), next(backup_folder(path).glob("*.db"))]
    for item in loose:
        item.chmod(0o755)
    store = reopen(path)
    store.close()
    [notice] = store.notices
    assert "Others could read" in str(notice)
    assert "a.db" in str(notice)
    assert mode(path) == 0o600
    assert mode(path.parent) == 0o755, "a folder somebody chose is theirs to open"
    assert mode(backup_folder(path)) == 0o700
    monkeypatch.setattr("qunguan.store.files.default_path", lambda: path)
    store = reopen(path)
    store.close()
    assert mode(path.parent) == 0o700
    assert str(path.parent) in str(store.notices[0])


def test_bad_files_are_refused_and_nothing_appears_beside_them(tmp_path):
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "empty.db").touch()
    (folder / "notes.db").write_text("群公告", encoding="utf-8")
    (folder / "folder.db").mkdir()
    with closing(sqlite3.connect(folder / "other.db")) as raw:
        raw.execute("CREATE TABLE theirs (x)")
    before = fingerprint(folder)
    for name, code in [
        ("empty.db", "empty"),
        ("notes.db", "not_a_database"),
        ("folder.db", "directory"),
        ("other.db", "other_app"),
    ]:
        with pytest.raises(StoreError) as refused:
            open_store(folder / name, clock=NOON, schema=SCHEMA, create=True)
        assert refused.value.code == code
    assert fingerprint(folder) == before
    assert not list(folder.glob("*.lock"))


def test_a_link_opens_the_real_file_with_its_lock_beside_it(tmp_path):
    make_store(tmp_path / "real" / "a.db").close()
    (tmp_path / "link.db").symlink_to(tmp_path / "real" / "a.db")
    store = reopen(tmp_path / "link.db")
    assert store.path == tmp_path / "real" / "a.db"
    assert not (tmp_path / "link.db.lock").exists()
    store.close()


def test_unfinished_files_of_killed_processes_are_swept_when_nobody_else_is_there(tmp_path):
    path = tmp_path / "a.db"
    store = make_store(path)
    store.backup("daily", NOON)
    parts = [tmp_path / ".qg-1.part", tmp_path / ".qg-1.part-journal", backup_folder(path) / ".qg-2.part"]
    for part in parts:
        part.touch()
        os.utime(part, (0, 0))
    reopen(path).close()
    assert all(part.exists() for part in parts), "somebody has the store open: these may be theirs"
    store.close()
    (tmp_path / "mine.part").touch()
    reopen(path).close()
    assert not any(part.exists() for part in parts)
    assert (tmp_path / "mine.part").exists()


def test_what_a_deleted_database_left_is_not_played_into_a_new_one(tmp_path):
    (tmp_path / "a.db-journal").write_bytes(b"\xd9\xd5\x05\xf9 stale")
    store = make_store(tmp_path / "a.db", entries=1)
    assert "a.db-journal of an earlier database was set aside" in str(store.notices[0])
    store.close()
    assert_sound(tmp_path / "a.db", {"op1"})
    assert (tmp_path / "a.db-journal.stale").exists()


def test_a_change_cut_off_is_taken_back_and_told(tmp_path):
    live = tmp_path / "live" / "a.db"
    make_store(live, entries=3).close()
    with closing(sqlite3.connect(live, isolation_level=None)) as raw:
        raw.execute("PRAGMA cache_size=1")
        raw.execute("BEGIN")
        raw.execute("UPDATE member SET name = name || '半'")
        raw.executemany("INSERT INTO member (name) VALUES (?)", [("x" * 2000,)] * 50)
        shutil.copytree(live.parent, tmp_path / "crashed")
    store = reopen(tmp_path / "crashed" / "a.db")
    assert "cut off" in str(store.notices[0])
    post(store, 4)
    store.close()
    assert_sound(store.path, {"op1", "op2", "op3", "op4"})


def test_two_windows_work_side_by_side_twenty_times(tmp_path):
    path = tmp_path / "a.db"
    first = make_store(path)
    for number in range(20):
        second = reopen(path)
        post(second, 2 * number)
        post(first, 2 * number + 1)
        second.close()
    first.close()
    assert len(assert_sound(path)) == 40


def test_a_second_start_while_one_is_being_updated_says_who(tmp_path, monkeypatch):
    path = tmp_path / "a.db"
    make_store(path).close()
    monkeypatch.setattr(StoreLock.acquire, "__defaults__", (0.05,))
    lock = StoreLock(path)
    lock.acquire_alone()
    with pytest.raises(StoreError, match=f"process {os.getpid()}"):
        reopen(path)
    lock.release()


OPEN = """
import sys
from pathlib import Path
from tests.store.support import NOON, SCHEMA, open_store
store = open_store(Path(sys.argv[1]), clock=NOON, create=True, schema=SCHEMA)
store.close()
"""


@pytest.mark.slow
def test_two_first_starts_at_once_make_one_file(tmp_path):
    environment = {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-c", OPEN, str(tmp_path / "desk" / "a.db")]
    starts = [subprocess.Popen(command, env=environment) for _ in range(4)]
    assert [start.wait(60) for start in starts] == [0] * 4
    assert_sound(tmp_path / "desk" / "a.db", set())
    assert {path.name for path in (tmp_path / "desk").iterdir()} <= {"a.db", "a.db.lock", "a.db-journal"}


# --- the file swapped or deleted while it is open ---------------------------------------------------------------------


def other(path: Path) -> Path:
    spare = path.with_name("spare.db")
    if not spare.exists():
        make_store(spare, entries=1).close()
    return spare


def write_over(path: Path, data: bytes) -> None:
    with path.open("r+b") as file:
        file.truncate(0)
        file.write(data)


def copy_and_rename(path: Path) -> None:
    shutil.copyfile(path, path.with_name("copy"))
    path.with_name("copy").replace(path)


def replace_by_link(path: Path) -> None:
    path.rename(path.with_name("moved"))
    path.symlink_to(other(path))


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def replace_by_new(path: Path) -> None:
    path.rename(path.with_name("moved"))
    make_store(path).close()


SWAPS: dict[str, Callable[[Path], object]] = {
    "deleted": lambda path: path.unlink(),
    "moved": lambda path: path.rename(path.with_name("moved")),
    "moved and an empty one made": lambda path: path.rename(path.with_name("moved")).with_name(path.name).touch(),
    "replaced by another": lambda path: other(path).replace(path),
    "replaced by its own copy": copy_and_rename,
    "replaced by a link": replace_by_link,
    "replaced by a folder": replace_by_folder,
    "folder moved": lambda path: path.parent.rename(path.parent.with_name("elsewhere")),
    "emptied": lambda path: write_over(path, b""),
    "overwritten with text": lambda path: write_over(path, b"text" * 5000),
    "overwritten with another program's": lambda path: write_over(path, foreign(path)),
}


def foreign(path: Path) -> bytes:
    with closing(sqlite3.connect(path.with_name("foreign"))) as raw:
        raw.execute("CREATE TABLE theirs (x)")
        raw.commit()
    return path.with_name("foreign").read_bytes()


@pytest.mark.parametrize("how", SWAPS)
def test_after_a_swap_the_next_write_is_refused(tmp_path, how):
    path = tmp_path / "desk" / "a.db"
    store = make_store(path, entries=2)
    SWAPS[how](path)
    with pytest.raises(StoreError) as refused:
        post(store, 3)
    assert refused.value.code in ("swapped", "corrupt")
    store.close()


def test_a_swap_in_the_middle_of_a_unit_is_noticed_before_it_is_called_saved(tmp_path):
    path = tmp_path / "a.db"
    store = make_store(path)

    def write_and_lose_the_file() -> None:
        with write_transaction(store.engine) as conn:
            conn.exec_driver_sql("INSERT INTO member (name) VALUES ('甲')")
            path.rename(tmp_path / "moved.db")

    with pytest.raises(StoreError) as refused:
        write_and_lose_the_file()
    assert refused.value.code == "swapped"
    (tmp_path / "moved.db").rename(path)
    assert store.same_file()
    post(store, 1)
    with read_transaction(store.engine) as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM member WHERE name = '甲'").scalar() == 0
    store.close()


# --- killed -----------------------------------------------------------------------------------------------------------

WORKER = """
import itertools, sys
from pathlib import Path
from tests.store.support import NOON, SCHEMA, open_store, post
store = open_store(Path(sys.argv[1]), clock=NOON, schema=SCHEMA)
print("ready", flush=True)
for number in itertools.count(int(sys.argv[2])):
    post(store, number, "x" * (number * 131 % 3000))
    print(f"op{number}", flush=True)
"""


def kill_a_writer(tmp_path: Path, trials: int) -> None:
    path = tmp_path / "a.db"
    make_store(path).close()
    acknowledged: set[str] = set()

    def prepare(number: int) -> list[str]:
        return [str(path), str(10_000 * (number + 1))]

    def check(_number: int, lines: list[str]) -> None:
        acknowledged.update(lines)
        reopen(path).close()
        assert_sound(path, acknowledged)

    assert kill_trials(WORKER, trials, prepare=prepare, check=check, longest=0.06) == trials
    assert acknowledged


@pytest.mark.slow
def test_a_killed_writer_loses_nothing_it_called_saved(tmp_path):
    kill_a_writer(tmp_path, 20)


@pytest.mark.long
def test_a_writer_killed_five_hundred_times(tmp_path):
    kill_a_writer(tmp_path, 500)


def test_the_usual_place_is_in_the_users_data_folder():
    assert default_path().name == "qunguan.db"
    assert default_path().parent.name == "qunguan"
