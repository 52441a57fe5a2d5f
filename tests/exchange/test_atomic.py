"""An export is the old file or the new one, whatever happens in between."""

from __future__ import annotations

import errno
import os
import stat
import time
from pathlib import Path

import pytest

from qunguan.domain.errors import BadInput, NotFound, UserError
from qunguan.exchange.writers.atomic import atomic_write
from qunguan.exchange.writers.tables import Column, Table, write_table
from qunguan.parts import STALE_SECONDS
from tests.store.kill import kill_trials


def parts(folder: Path) -> list[Path]:
    return list(folder.glob(".qg-*"))


def test_a_file_is_written_whole_and_private(tmp_path: Path):
    path = tmp_path / "榜单.txt"
    atomic_write(path, "旧".encode())
    atomic_write(path, lambda file: file.write("新".encode()))
    assert path.read_text() == "新"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not parts(tmp_path)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT, errno.EIO])
def test_a_failure_while_writing_keeps_the_old_file(tmp_path: Path, code):
    path = tmp_path / "a.csv"
    path.write_text("旧")

    def fail(file):
        file.write(b"half")
        raise OSError(code, os.strerror(code))

    with pytest.raises(UserError) as refusal:
        atomic_write(path, fail)
    assert refusal.value.where == str(path)
    assert refusal.value.hint
    assert (path.read_text(), parts(tmp_path)) == ("旧", [])


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_after_writing_keeps_the_old_file(tmp_path: Path, step, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("旧")

    def full(*args):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os if step == "fsync" else Path, step, full)
    with pytest.raises(BadInput) as refusal:
        atomic_write(path, b"new")
    monkeypatch.undo()
    assert refusal.value.what == "the disk is full"
    assert (path.read_text(), parts(tmp_path)) == ("旧", [])


def test_an_error_of_our_own_passes_through(tmp_path: Path):
    def stop(file):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        atomic_write(tmp_path / "a", stop)
    assert not list(tmp_path.glob("*a*"))


def test_a_link_is_replaced_and_its_target_untouched(tmp_path: Path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("旧")
    link.symlink_to(target)
    atomic_write(link, b"new")
    assert (target.read_text(), link.read_text(), link.is_symlink()) == ("旧", "new", False)


def test_targets_that_cannot_be_a_file_are_refused(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", Path("/dev/full"), tmp_path / ("名" * 200)):
        with pytest.raises(BadInput):
            atomic_write(path, b"x")
    for path in (tmp_path / "none" / "a.csv", tmp_path / "pipe" / "a.csv"):
        with pytest.raises(NotFound):
            atomic_write(path, b"x")
    assert not parts(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_refused(tmp_path: Path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(BadInput):
        atomic_write(closed / "a.csv", b"x")


WORKER = """
import sys
from itertools import cycle
from pathlib import Path
from qunguan.exchange.writers.tables import write_table
from tests.exchange.test_atomic import report
print("ready", flush=True)
for which in cycle((1, 0)):
    write_table(Path(sys.argv[1]), report(which))
    print(which, flush=True)
"""
SUFFIXES = (".csv", ".xlsx", ".json", ".md")


def report(which: int) -> Table:
    """One of two reports of many pages."""
    rows = [(f"成员{n}", n, "打卡" * 20) for n in range(200 + 100 * which)]
    return Table("榜", (Column("name", "昵称"), Column("n", "次数", "int"), Column("text", "说的话")), rows)


def killed_while_exporting(folder: Path, trials: int) -> None:
    """The report of before or the new one is there after a kill, whole; what is unfinished goes with a later export."""
    whole: dict[str, list[bytes]] = {}
    for suffix in SUFFIXES:
        for which in (0, 1):
            write_table(folder / f"report{suffix}", report(which))
            whole.setdefault(suffix, []).append((folder / f"report{suffix}").read_bytes())

    def target(number: int) -> Path:
        return folder / f"report{SUFFIXES[number % len(SUFFIXES)]}"

    def prepare(number: int) -> list[str]:
        return [str(target(number))]

    def check(number: int, lines: list[str]) -> None:
        assert target(number).read_bytes() in whole[target(number).suffix]

    assert kill_trials(WORKER, trials, prepare=prepare, check=check, longest=0.2, seed=27) == trials
    left = parts(folder)
    assert trials < 50 or left, "some must have been killed in the middle"
    long_ago = time.time() - 2 * STALE_SECONDS
    for part in left:
        assert stat.S_IMODE(part.stat().st_mode) == 0o600
        os.utime(part, (long_ago, long_ago))
    write_table(folder / "report.csv", report(0))
    assert not parts(folder)


def test_a_kill_leaves_the_report_of_before_or_the_new_one(tmp_path: Path):
    killed_while_exporting(tmp_path, 6)


@pytest.mark.long
def test_a_hundred_kills_leave_the_report_of_before_or_the_new_one(tmp_path: Path):
    killed_while_exporting(tmp_path, 100)


def test_a_report_that_another_program_has_open_is_replaced_beneath_it(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("旧")
    path.chmod(0o400)
    with path.open() as reader:
        atomic_write(path, "新".encode())
        assert reader.read() == "旧"
    assert path.read_text() == "新"
