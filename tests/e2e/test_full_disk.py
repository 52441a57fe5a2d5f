"""A full disk, a folder that may not be written, a file that is none of ours: one line, exit 1, all as it was (R4)."""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.shell import Said, chain, process
from tests.e2e.conftest import rows, sound
from tests.e2e.test_signals import roster
from tests.e2e.window import PATIENCE

pytestmark = pytest.mark.slow
ROOT = getattr(os, "geteuid", lambda: 1)() == 0
ROOMS = (0, 3, 17)  # KiB above what the file has that may still be written


def limited(db: Path, most: int, *arguments: object, stdin: bytes = b"") -> Said:
    """A command that may make no file larger than `most` bytes: the next write says that the disk is full."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    done = subprocess.run(
        [sys.executable, "-m", "qunguan", "--db", str(db), *map(str, arguments)],
        input=stdin, capture_output=True, timeout=60, check=False, preexec_fn=limit,
    )  # fmt: skip
    return Said(done.returncode, done.stdout.decode(), done.stderr.decode())


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _record(db: Path, folder: Path) -> tuple[tuple[object, ...], bytes]:
    line = ("checkin", "record", "-", "--challenge", "早起", "--new", "create")
    return line, chain(*(f"新人{n} {'早' * 200}" for n in range(200))).encode()


def _import(db: Path, folder: Path) -> tuple[tuple[object, ...], bytes]:
    return ("member", "import", roster(folder / "名单.csv", 300)), b""


def _backup(db: Path, folder: Path) -> tuple[tuple[object, ...], bytes]:
    return ("backup", "make"), b""


def _export(db: Path, folder: Path) -> tuple[tuple[object, ...], bytes]:
    return ("export", "members", "--to", folder / "花名册.csv"), b""


@pytest.mark.parametrize("work", [_record, _import])
def test_a_full_disk_while_writing_leaves_the_file_as_it_was(small, tmp_path, work):
    line, stdin = work(small, tmp_path)
    before, first = rows(small), digest(small)
    for room in ROOMS:
        said = limited(small, small.stat().st_size + room * 1024, *line, stdin=stdin).refused()
        assert "磁盘" in said
        assert not small.with_name(small.name + "-journal").exists() or digest(small) == first
        sound(small)
        assert rows(small) == before
    assert process("--db", small, *line, stdin=stdin).code == 0
    assert rows(small) != before


@pytest.mark.parametrize("work", [_backup, _export])
def test_a_full_disk_leaves_no_half_backup_or_export(small, tmp_path, work):
    line, stdin = work(small, tmp_path)
    sound(small)
    first, lying = digest(small), {path for path in tmp_path.rglob("*") if path.is_file()}
    for most in (0, 40):
        said = limited(small, most, *line, stdin=stdin).refused()
        assert "磁盘" in said
        assert digest(small) == first
        assert {path for path in tmp_path.rglob("*") if path.is_file()} <= lying
    assert process("--db", small, *line, stdin=stdin).code == 0


@pytest.mark.skipif(ROOT, reason="nothing is forbidden to root")
@pytest.mark.parametrize("shut", ["folder", "file"])
def test_what_may_not_be_written_or_read(small, shut):
    target, mode = (small.parent, 0o500) if shut == "folder" else (small, 0)
    first = digest(small)
    old = target.stat().st_mode
    target.chmod(mode)
    try:
        said = process("--db", small, "member", "add", "小红").refused()
    finally:
        target.chmod(old)
    assert str(small) in said
    assert digest(small) == first


def _ours_but_newer(content: bytes) -> bytes:
    return content[:60] + (99).to_bytes(4, "big") + content[64:]


BAD: dict[str, Callable[[bytes], bytes]] = {
    "not ours": lambda content: content[:68] + b"FOTO" + content[72:],
    "newer": _ours_but_newer,
    "truncated": lambda content: content[: len(content) * 2 // 3],
    "nothing in it": lambda content: b"",
    "no database": lambda content: b"\x89PNG\r\n\x1a\n" + b"\0" * 4096,
    "damaged": lambda content: content[:1000] + b"\xff" * 3000 + content[4000:],  # in the list of its tables
}


@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_cannot_be_used_is_refused_unharmed_everywhere(terminal, tmp_path, small_bytes, kind):
    folder = tmp_path / "data"
    folder.mkdir()
    path = folder / "q.db"
    path.write_bytes(BAD[kind](small_bytes))
    first = path.read_bytes()
    for line in (("member", "add", "小红"), ("doctor",)):
        said = process("--db", path, *line).refused()
        assert "q.db" in said
    window = terminal(path)
    window.sees("打不开")
    window.press(b"\x1b")
    assert window.wait_end(PATIENCE) == 1
    assert path.read_bytes() == first
    assert {left.name for left in folder.iterdir()} <= {"q.db", "q.db.lock"}


def test_a_directory_is_refused_everywhere(terminal, tmp_path):
    folder = tmp_path / "q.db"
    folder.mkdir()
    assert str(folder) in process("--db", folder, "member", "list").refused()
    window = terminal(folder)
    window.sees("打不开")
    window.press(b"\x1b")
    assert window.wait_end(PATIENCE) == 1
    assert list(folder.iterdir()) == []
