from __future__ import annotations

import itertools
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.errors import StoreError
from qunguan.parts import sweep
from qunguan.store.backup import auto_backup, backup, backup_folder, digest_of, list_backups, thin, to_keep
from tests.store.kill import ROOT, kill_trials
from tests.store.support import NOON, assert_sound, fingerprint, full_disk, make_store, post


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path / "desk" / "群管.db", entries=5)
    yield store
    store.close()


def later(**delta: float) -> Clock:
    assert NOON.frozen is not None
    return Clock(NOON.frozen + timedelta(**delta))


def test_a_backup_is_private_whole_and_has_its_digest_beside_it(store):
    made = backup(store.path, store.path.with_name("copy.db"), NOON)
    assert assert_sound(made.path) == {f"op{number}" for number in range(1, 6)}
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert made.sha256 == digest_of(made.path)
    assert made.path.with_name("copy.db.sha256").read_text() == f"{made.sha256}  copy.db\n"


def test_names_carry_the_moment_and_the_reason(store):
    made = auto_backup(store.path, "import", NOON)
    assert made.path == backup_folder(store.path) / "群管-20260301T120000Z-import.db"
    post(store, 6)
    again = auto_backup(store.path, "import", NOON)
    assert again.path.name == "群管-20260301T120000Z-import-2.db"
    assert list_backups(store.path) == [made, again]
    assert stat.S_IMODE(backup_folder(store.path).stat().st_mode) == 0o700


def test_nothing_changed_means_no_second_copy_unless_the_first_was_harmed(store):
    first = auto_backup(store.path, "daily", NOON)
    assert auto_backup(store.path, "import", later(hours=1)) == first
    with first.path.open("r+b") as file:
        file.seek(5000)
        file.write(b"\xff")
    assert auto_backup(store.path, "import", later(hours=2)).path != first.path


def test_backups_of_two_databases_in_one_folder_do_not_mix(store):
    other = make_store(store.path.with_name("另一.db"))
    auto_backup(store.path, "daily", NOON)
    mine = auto_backup(other.path, "daily", NOON)
    other.close()
    assert list_backups(other.path) == [mine]


def test_names_that_only_look_like_backups_are_left_alone(store):
    made = auto_backup(store.path, "daily", NOON)
    (backup_folder(store.path) / "群管-20261399T990000Z-daily.db").touch()
    made.path.with_name(made.path.name + ".sha256").write_bytes(b"\xff\xfe")
    assert [info.path for info in list_backups(store.path)] == [made.path]
    post(store, 6)
    with pytest.raises(ValueError, match="lower-case"):
        auto_backup(store.path, "Before Import", later(hours=1))


def test_a_damaged_database_is_not_backed_up(store):
    auto_backup(store.path, "daily", NOON)
    store.close()
    with store.path.open("r+b") as file:
        file.seek(4096 * 2)
        file.write(b"\xa5" * 64)
    before = fingerprint(store.path.parent)
    with pytest.raises(StoreError) as refused:
        auto_backup(store.path, "daily", later(hours=1))
    assert refused.value.code == "corrupt"
    assert fingerprint(store.path.parent) == before


def test_a_writer_that_does_not_finish_is_not_waited_for_for_ever(store, monkeypatch):
    monkeypatch.setattr("qunguan.store.backup._PATIENCE", 0.02)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError) as refused:
            auto_backup(store.path, "daily", NOON)
    assert refused.value.code == "busy"


def test_a_disk_that_fails_at_any_call_leaves_the_last_backup_and_nothing_half(store, monkeypatch):
    good = auto_backup(store.path, "daily", NOON)
    post(store, 6)
    folder = backup_folder(store.path)
    for k in itertools.count(1):
        try:
            with full_disk(monkeypatch, at=k):
                auto_backup(store.path, "daily", later(hours=1))
        except StoreError as error:
            code = error.code
        else:
            break
        assert code == "disk_full"
        assert good in list_backups(store.path)
        assert digest_of(good.path) == good.sha256
        assert not list(folder.glob("*.part*"))
        for made in list_backups(store.path):
            assert_sound(made.path)
    assert k > 5


POST = """
import itertools, sqlite3, sys
from pathlib import Path
path = Path(sys.argv[1])
raw = sqlite3.connect(path, isolation_level=None)
def post(number):
    raw.execute("BEGIN IMMEDIATE")
    raw.execute("INSERT INTO entry (op_id, member_id, delta) VALUES (?, 1, 1)", (f"op{number}",))
    raw.execute("UPDATE balance SET points = points + 1, entries = entries + 1 WHERE member_id = 1")
    raw.execute("COMMIT")
"""
WRITER = (
    POST
    + """
for number in itertools.count(100):
    post(number)
    print(f"op{number}", flush=True)
"""
)


@pytest.mark.slow
def test_sixty_backups_under_a_writer_hold_everything_acknowledged_before(store):
    environment = {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-c", WRITER, str(store.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as writer:
        assert writer.stdout is not None
        for number in range(60):
            acknowledged = {writer.stdout.readline().strip() for _ in range(3)}
            made = auto_backup(store.path, "daily", later(minutes=number))
            assert_sound(made.path, acknowledged)
        writer.kill()


BACKUP_LOOP = (
    POST
    + """
from datetime import UTC, datetime, timedelta
from qunguan.domain.clock import Clock
from qunguan.store.backup import keep_copy
print("ready", flush=True)
for number in itertools.count(int(sys.argv[2])):
    post(number)
    made = keep_copy(path, "daily", Clock(datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=number)))
    print(f"op{number}", made.path, flush=True)
"""
)


def kill_while_backing_up(store, trials: int) -> None:
    def prepare(number: int) -> list[str]:
        return [str(store.path), str(1000 * (number + 1))]

    def check(_number: int, lines: list[str]) -> None:
        for line in lines:
            key, path = line.split(" ", 1)
            assert_sound(type(store.path)(path), {key})
        assert_sound(store.path, {line.split(" ")[0] for line in lines})
        for made in list_backups(store.path):
            assert_sound(made.path)
            assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
            made.path.unlink()
        sweep(backup_folder(store.path))

    assert kill_trials(BACKUP_LOOP, trials, prepare=prepare, check=check) == trials


@pytest.mark.slow
def test_killed_while_backing_up_every_backup_with_a_name_is_whole(store):
    kill_while_backing_up(store, 10)


@pytest.mark.long
def test_killed_while_backing_up_fifty_times(store):
    kill_while_backing_up(store, 50)


# --- thinning ---------------------------------------------------------------------------------------------------------


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_year_of_backups_three_a_day_comes_down_to_the_table():
    now = at("2026-03-01T12:00")
    year = [now - timedelta(hours=8 * step) for step in range(365 * 3)]
    kept = sorted(to_keep(year, now), reverse=True)
    days = {moment.date() for moment in kept}
    assert [moment for moment in kept if now - moment <= timedelta(days=2)] == year[:7]
    assert {(now - timedelta(days=back)).date() for back in range(12)} <= days
    weeks = {moment.isocalendar()[:2] for moment in year if now - moment < timedelta(weeks=9)}
    assert weeks <= {moment.isocalendar()[:2] for moment in kept}
    assert len({(moment.year, moment.month) for moment in kept}) == 9
    assert len(kept) == 7 + 9 + 8 + 7


@pytest.mark.parametrize(
    ("moments", "gone"),
    [
        (["2026-02-01T08:00", "2026-02-01T20:00"], ["2026-02-01T08:00"]),
        (["2026-03-01T08:00", "2026-03-01T09:00", "2026-02-27T12:00"], []),
        (["2026-02-27T11:00", "2026-02-27T12:00", "2026-02-27T11:30"], ["2026-02-27T11:00", "2026-02-27T11:30"]),
        (["2020-01-01T00:00"], []),
        (["2026-02-01T08:00", "2026-02-01T20:00", "2026-03-02T00:00"], []),
        ([], []),
    ],
)
def test_the_last_of_each_period_stays_and_a_clock_set_back_deletes_nothing(moments, gone):
    kept = to_keep([at(moment) for moment in moments], at("2026-03-01T12:00"))
    assert kept == {at(moment) for moment in moments if moment not in gone}


def test_the_newest_verified_backup_is_never_removed(store):
    verified = auto_backup(store.path, "daily", later(days=-400))
    for hours in range(-30 * 24, 0, 12):
        stamp = later(hours=hours).now().strftime("%Y%m%dT%H%M%SZ")
        (backup_folder(store.path) / f"群管-{stamp}-daily.db").write_bytes(b"no digest beside it")
    strangers = backup_folder(store.path) / "群管-notes.db"
    strangers.write_bytes(b"of somebody else")
    assert len(list_backups(store.path)) == 61
    removed = thin(store.path, NOON)
    assert len(removed) > 30
    assert verified in list_backups(store.path)
    assert strangers.exists()
    assert thin(store.path, NOON) == []
