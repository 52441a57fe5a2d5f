from __future__ import annotations

import os
import stat
import subprocess
import sys
from contextlib import contextmanager

import pytest

from qunguan.domain.errors import StoreError
from qunguan.store.lock import StoreLock
from tests.store.kill import ROOT
from tests.store.support import file_size_limit

HOLDER = """
import sys
from pathlib import Path
from qunguan.store.lock import StoreLock
lock = StoreLock(Path(sys.argv[1]))
lock.acquire()
if sys.argv[2] == "shared":
    lock.share()
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held_elsewhere(database, how: str):
    command = [sys.executable, "-c", HOLDER, str(database), how]
    environment = {"PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        try:
            yield holder
        finally:
            holder.kill()


def test_the_first_has_it_alone_and_shares_it_when_asked(tmp_path):
    first, second = StoreLock(tmp_path / "a.db"), StoreLock(tmp_path / "a.db")
    first.acquire()
    assert first.alone
    with pytest.raises(StoreError) as refused:
        second.acquire(wait=0)
    assert refused.value.code == "in_use"
    first.share()
    second.acquire()
    assert not second.alone
    first.release()
    second.release()


def test_who_wants_it_alone_hears_which_process_has_it(tmp_path):
    with held_elsewhere(tmp_path / "a.db", "shared") as holder:
        lock = StoreLock(tmp_path / "a.db")
        with pytest.raises(StoreError, match=f"process {holder.pid}"):
            lock.acquire_alone()
        lock.acquire()
        assert not lock.alone
        assert lock.holders() == [holder.pid]
        lock.release()


def test_a_killed_holder_frees_it_and_is_forgotten(tmp_path):
    with held_elsewhere(tmp_path / "a.db", "alone") as holder:
        with pytest.raises(StoreError):
            StoreLock(tmp_path / "a.db").acquire(wait=0)
        holder.kill()
        holder.wait()
        lock = StoreLock(tmp_path / "a.db")
        lock.acquire_alone()
        assert lock.holders() == []
        assert lock.path.read_text() == f"{os.getpid()}\n"
        lock.release()


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_the_side_file_is_private_and_stays(tmp_path, umask):
    before = os.umask(umask)
    try:
        lock = StoreLock(tmp_path / "a.db")
        lock.acquire()
        lock.release()
    finally:
        os.umask(before)
    assert stat.S_IMODE(lock.path.stat().st_mode) == 0o600


def test_on_a_full_disk_the_lock_is_held_unsigned_and_can_be_let_go(tmp_path):
    with file_size_limit(0):
        lock = StoreLock(tmp_path / "a.db")
        lock.acquire()
        assert lock.alone
        assert lock.path.read_bytes() == b""
    with pytest.raises(StoreError, match=f"process {os.getpid()}"):
        StoreLock(tmp_path / "a.db").acquire_alone()
    lock.release()
    StoreLock(tmp_path / "a.db").acquire_alone()


def test_a_folder_that_is_gone_is_told_as_such(tmp_path):
    with pytest.raises(StoreError):
        StoreLock(tmp_path / "gone" / "a.db").acquire()
