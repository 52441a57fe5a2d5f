from __future__ import annotations

import os
import sqlite3
import zipfile
from contextlib import closing

import pytest

from qunguan.domain.errors import NotFound, StoreError
from qunguan.store.gate import _TEXTS, FileState, inspect, recover
from tests.store.support import assert_sound, fingerprint, make_store

NEWEST = 3


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    path = tmp_path_factory.mktemp("sound") / "a.db"
    make_store(path, entries=120).close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE bulk (x)")
        raw.executemany("INSERT INTO bulk VALUES (?)", [("字" * 300,)] * 60)
        raw.commit()
    return path.read_bytes()


def altered(data: bytes, start: int, new: bytes) -> bytes:
    return data[:start] + new + data[start + len(new) :]


def bad_inputs(sound: bytes):
    for length in range(997, len(sound), 997):
        yield sound[:length], {"truncated"}
    for cut in range(1, 21):
        yield sound[:-cut], {"truncated"}
    for length in (1, 15, 16, 50, 99):
        yield sound[:length], {"truncated"}
    yield b"", {"empty"}
    yield b"\0" * 8192, {"not_a_database"}
    yield b"\xff" * 8192, {"not_a_database"}
    yield b"<html><body>404</body></html>", {"not_a_database"}
    yield "昵称,日期\n小明,2026-03-01\n".encode("gb18030"), {"not_a_database"}
    yield altered(sound, 0, b"SQLite format 2\0"), {"not_a_database"}
    yield altered(sound, 16, b"\0\x07"), {"corrupt"}
    yield altered(sound, 68, b"\0\0\0\0"), {"other_app"}
    yield altered(sound, 60, (NEWEST + 1).to_bytes(4, "big")), {"too_new"}
    yield altered(sound, 60, b"\0\0\0\0"), {"too_old"}
    yield altered(sound, 28, (10_000).to_bytes(4, "big")), {"truncated"}
    for page in range(1, len(sound) // 4096):
        yield altered(sound, page * 4096, b"\xa5" * 64), {"corrupt"}


def test_every_bad_file_is_named_and_none_is_touched(sound, tmp_path):
    path = tmp_path / "群管.db"
    tried = 0
    for data, codes in bad_inputs(sound):
        path.write_bytes(data)
        state = inspect(path, deep=True, newest=NEWEST)
        assert state.code in codes, (tried, len(data), state)
        assert not state.ok
        assert path.read_bytes() == data
        assert fingerprint(tmp_path).keys() == {path.name}
        with pytest.raises(StoreError, match=r"\S — \S"):
            raise state.error()
        tried += 1
    assert tried >= 120


def test_kinds_of_files_that_are_no_files(tmp_path):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with zipfile.ZipFile(tmp_path / "zip", "w") as archive:
        archive.writestr("a", "b")
    before = sorted(tmp_path.iterdir())
    expected = {
        "folder": "directory",
        "fifo": "not_a_file",
        "loop": "unreadable",
        "dangling": "missing",
        "none": "missing",
        "zip": "not_a_database",
        "zip/below": "unreadable",
        "n" * 300: "unreadable",
        "nul\0": "unreadable",
    }
    assert {name: inspect(tmp_path / name, newest=NEWEST).code for name in expected} == expected
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_nobody_may_read_is_unreadable(tmp_path, monkeypatch, sound):
    path = tmp_path / "a.db"
    path.write_bytes(sound)

    def refuse(*_args: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("qunguan.store.gate._read_header", refuse)
    state = inspect(path, newest=NEWEST)
    assert (state.code, state.detail) == ("unreadable", "Permission denied")


def test_a_sound_file_passes_with_its_version_and_leaves_nothing_beside_it(tmp_path, sound):
    (tmp_path / "a.db").write_bytes(sound)
    assert inspect(tmp_path / "a.db", newest=NEWEST) == FileState(tmp_path / "a.db", "ok", 1, NEWEST)
    assert fingerprint(tmp_path).keys() == {"a.db"}


def test_rows_that_point_to_nothing_are_found(tmp_path, sound):
    path = tmp_path / "a.db"
    path.write_bytes(sound)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("DELETE FROM member WHERE id = 3")
        raw.commit()
    assert inspect(path, newest=NEWEST).code == "broken_links"


def test_a_writer_in_the_middle_of_its_commit_means_busy(tmp_path, sound, monkeypatch):
    monkeypatch.setattr("qunguan.store.gate._PATIENCE", 0.02)
    path = tmp_path / "a.db"
    path.write_bytes(sound)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("BEGIN EXCLUSIVE")
        assert inspect(path, newest=NEWEST).code == "busy"
        raw.execute("ROLLBACK")
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("INSERT INTO member (name) VALUES ('甲')")
        assert inspect(path, newest=NEWEST).ok, "a writer that has not touched the file yet disturbs nobody"


@pytest.mark.parametrize("journal", ["DELETE", "TRUNCATE", "PERSIST", "WAL"])
def test_a_cut_off_writer_is_noticed_untouched_and_taken_back(tmp_path, sound, journal):
    path, crashed = tmp_path / "live" / "a.db", tmp_path / "crashed"
    path.parent.mkdir()
    crashed.mkdir()
    path.write_bytes(sound)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute(f"PRAGMA journal_mode={journal}")
        raw.execute("PRAGMA cache_size=2")
        raw.execute("BEGIN")
        raw.execute("INSERT INTO member (name) VALUES ('甲')")
        raw.execute("UPDATE bulk SET x = x || 'y'")
        if journal == "WAL":
            raw.execute("COMMIT")
        for file in path.parent.iterdir():
            if not file.name.endswith("-shm"):
                (crashed / file.name).write_bytes(file.read_bytes())
    before = fingerprint(crashed)
    assert inspect(crashed / "a.db", newest=NEWEST).code == "unfinished"
    assert fingerprint(crashed) == before
    recover(crashed / "a.db")
    assert inspect(crashed / "a.db", deep=True, newest=NEWEST).ok
    assert_sound(crashed / "a.db")


def test_a_wal_file_at_rest_is_read_without_leaving_files(tmp_path, sound):
    path = tmp_path / "a.db"
    path.write_bytes(sound)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA journal_mode=WAL")
    assert inspect(path, newest=NEWEST).ok
    assert fingerprint(tmp_path).keys() == {"a.db"}


def test_every_code_has_its_line_and_a_missing_file_is_not_found(tmp_path):
    for code in _TEXTS:
        error = FileState(tmp_path, code, 9, 3, "why").error()
        assert "{" not in str(error)
        assert isinstance(error, NotFound) == (code == "missing")
