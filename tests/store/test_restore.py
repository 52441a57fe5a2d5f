from __future__ import annotations

import itertools
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qunguan.domain.errors import StoreError
from qunguan.store.backup import backup, backup_folder
from qunguan.store.files import open_store
from qunguan.store.restore import restore
from tests.store.kill import kill_trials
from tests.store.support import NOON, SCHEMA, assert_sound, fingerprint, full_disk, make_store, post

NEWEST = 1
OLD = {f"op{number}" for number in range(1, 4)}
NEW = {f"op{number}" for number in range(1, 9)}
STATES = ["clean", "hot journal", "hot log", "corrupt", "truncated", "garbage", "empty", "other program", "missing"]


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, Path]:
    """A backup of three entries, and folders with the present database in every state."""
    root = tmp_path_factory.mktemp("states")
    store = make_store(root / "base.db", entries=3)
    backup(store.path, root / "backup.db", NOON)
    for number in range(4, 9):
        post(store, number, "x" * 2000)
    store.close()
    sound = store.path.read_bytes()
    for state in STATES:
        folder = root / state
        folder.mkdir()
        if state in ("hot journal", "hot log"):
            crash(sound, folder, "TRUNCATE" if state == "hot journal" else "WAL")
        elif state != "missing":
            (folder / "a.db").write_bytes(present(state, sound))
    return {"backup": root / "backup.db"} | {state: root / state for state in STATES}


def present(state: str, sound: bytes) -> bytes:
    return {
        "clean": sound,
        "corrupt": sound[:8192] + b"\xa5" * 64 + sound[8256:],
        "truncated": sound[:-1000],
        "garbage": b"not a database at all" * 100,
        "empty": b"",
        "other program": sound[:68] + b"abcd" + sound[72:],
    }[state]


def crash(sound: bytes, folder: Path, journal: str) -> None:
    """A folder as a killed process leaves it: the main file with a journal to play back, or a log to fold in."""
    live = folder.with_name(f"live {folder.name}")
    live.mkdir()
    (live / "a.db").write_bytes(sound)
    with closing(sqlite3.connect(live / "a.db", isolation_level=None)) as raw:
        raw.execute(f"PRAGMA journal_mode={journal}")
        raw.execute("PRAGMA cache_size=1")
        raw.execute("BEGIN")
        raw.execute("UPDATE member SET name = name || '半'")
        raw.execute("INSERT INTO member (name) SELECT note FROM entry")
        if journal == "WAL":
            raw.execute("COMMIT")
        for name in ("a.db", "a.db-journal", "a.db-wal"):
            if (live / name).exists():
                shutil.copyfile(live / name, folder / name)


@pytest.mark.parametrize("state", STATES)
def test_whatever_is_there_the_backup_comes_and_the_old_state_is_kept(made, tmp_path, state):
    folder = tmp_path / "desk"
    shutil.copytree(made[state], folder)
    kept = restore(folder / "a.db", made["backup"], NOON, newest=NEWEST)
    assert assert_sound(folder / "a.db") == OLD
    assert sorted(path.name for path in folder.iterdir() if path.suffix != ".lock") == (
        ["a.db"] if state == "missing" else ["a.db", "backups"]
    )
    if state == "missing":
        assert kept is None
        return
    assert kept is not None
    if state in ("clean", "hot journal", "hot log"):
        assert assert_sound(kept) == NEW
    else:
        assert kept.read_bytes() == (made[state] / "a.db").read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_restored_database_opens(made, tmp_path):
    restore(tmp_path / "a.db", made["backup"], NOON, newest=NEWEST)
    store = open_store(tmp_path / "a.db", clock=NOON, schema=SCHEMA)
    assert store.notices == []
    store.close()


@pytest.mark.parametrize("code", ["corrupt", "truncated", "too_new", "other_app", "missing", "directory", "checksum"])
def test_a_wrong_backup_leaves_the_present_byte_for_byte(made, tmp_path, code):
    folder = tmp_path / "desk"
    shutil.copytree(made["hot journal"], folder)
    source = tmp_path / "backup.db"
    data = made["backup"].read_bytes()
    changed = {
        "corrupt": data[:8192] + b"\xa5" * 64 + data[8256:],
        "truncated": data[:-1],
        "too_new": data[:60] + b"\0\0\0\x09" + data[64:],
        "other_app": data[:68] + b"abcd" + data[72:],
        "checksum": data,
    }
    if code in changed:
        source.write_bytes(changed[code])
    if code == "directory":
        source.mkdir()
    if code == "checksum":
        source.with_name("backup.db.sha256").write_text("0" * 64 + "  backup.db\n")
    before = fingerprint(folder)
    with pytest.raises(Exception, match=r"backup\.db") as refused:
        restore(folder / "a.db", source, NOON, newest=NEWEST)
    assert getattr(refused.value, "code", "") in (code, "not_found")
    assert fingerprint(folder) == before


def test_the_database_itself_and_one_in_use_are_refused(made, tmp_path):
    folder = tmp_path / "desk"
    shutil.copytree(made["clean"], folder)
    with pytest.raises(StoreError) as refused:
        restore(folder / "a.db", folder / "a.db", NOON, newest=NEWEST)
    assert refused.value.code == "same_file"
    store = open_store(folder / "a.db", clock=NOON, schema=SCHEMA)
    with pytest.raises(StoreError) as refused:
        restore(folder / "a.db", made["backup"], NOON, newest=NEWEST)
    assert refused.value.code == "in_use"
    store.close()


def test_a_folder_in_its_place_is_refused(made, tmp_path):
    (tmp_path / "a.db").mkdir()
    with pytest.raises(StoreError) as refused:
        restore(tmp_path / "a.db", made["backup"], NOON, newest=NEWEST)
    assert refused.value.code == "directory"


@pytest.mark.parametrize("state", ["clean", "hot journal", "corrupt"])
def test_a_disk_that_fails_at_any_call_leaves_old_or_new(made, tmp_path, monkeypatch, state):
    for k in itertools.count(1):
        folder = tmp_path / f"desk{k}"
        shutil.copytree(made[state], folder)
        try:
            with full_disk(monkeypatch, at=k):
                restore(folder / "a.db", made["backup"], NOON, newest=NEWEST)
        except StoreError as error:
            code = error.code
        else:
            break
        assert code == "disk_full"
        assert_old_or_new(made, folder, state)
    assert k > 5


def assert_old_or_new(made, folder: Path, state: str) -> str:
    """Which of the two it is; the old one may also be kept already."""
    path = folder / "a.db"
    if state in ("corrupt", "garbage") and path.read_bytes() == (made[state] / "a.db").read_bytes():
        return "old"
    if state == "missing" and not path.exists():
        return "old"
    found = assert_sound(path)
    assert found in (OLD, NEW)
    if found == NEW:
        return "old"
    if state != "missing":
        kept = [item for item in backup_folder(path).iterdir() if item.suffix in (".db", ".damaged")]
        assert len(kept) == 1
    return "new"


RESTORE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from qunguan.domain.clock import Clock
from qunguan.store.restore import restore
print("ready", flush=True)
restore(Path(sys.argv[1]), Path(sys.argv[2]), Clock(datetime(2026, 3, 1, tzinfo=UTC)), newest=1)
print("done", flush=True)
"""


def kill_while_restoring(made, tmp_path: Path, state: str, trials: int, longest: float) -> list[str]:
    found = []

    def folder(number: int) -> Path:
        return tmp_path / f"{state} {number}"

    def prepare(number: int) -> list[str]:
        shutil.copytree(made[state], folder(number))
        return [str(folder(number) / "a.db"), str(made["backup"])]

    def check(number: int, lines: list[str]) -> None:
        found.append(assert_old_or_new(made, folder(number), state))
        assert found[-1] == "new" or lines == []

    kill_trials(RESTORE, trials, prepare=prepare, check=check, longest=longest)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("state", ["clean", "hot journal", "hot log", "corrupt", "missing"])
def test_killed_while_restoring_old_or_new_is_there(made, tmp_path, state):
    kill_while_restoring(made, tmp_path, state, 2, 0.04)


@pytest.mark.long
@pytest.mark.parametrize("state", ["clean", "hot journal", "hot log", "corrupt", "missing"])
def test_killed_while_restoring_twenty_times_each(made, tmp_path, state):
    assert len(kill_while_restoring(made, tmp_path, state, 20, 0.04)) == 20
