"""The disk is full at twenty points of each kind of work: refused in one line, or done; never between (quality R4)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from qunguan.i18n import set_language
from tests.cli.shell import Said, Shell, chain
from tests.store.power import digest
from tests.store.support import file_size_limit

# The library of workbooks leaves files of its own open where one of its writes failed.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
POINTS = 20
Line = tuple[object, ...]


def _roster(folder: Path) -> Line:
    path = folder / "名单.csv"
    path.write_text("昵称,微信号,手机号\n" + "".join(f"甲{n},wx_{n},1380000{n:04d}\n" for n in range(60)), "utf-8")
    return "member", "import", path


def _chain(folder: Path) -> Line:
    path = folder / "接龙.txt"
    path.write_text(chain("阿梨 早", *(f"新人{n}" for n in range(30))), "utf-8")
    return "checkin", "record", path, "--challenge", "早起", "--new", "create"


def _history(folder: Path) -> Line:
    path = folder / "打卡.csv"
    days = (f"{name},2026-03-{day:02d}\n" for name in ("阿梨", "Crystal🍀") for day in range(1, 20))
    path.write_text("昵称,日期\n" + "".join(days), "utf-8")
    return "checkin", "import", path, "--challenge", "早起"


def _points(folder: Path) -> Line:
    path = folder / "积分.csv"
    rows = (f"阿梨,2026-03-{1 + n % 19:02d},{n + 1}\n" for n in range(60))
    path.write_text("昵称,日期,变动\n" + "".join(rows), "utf-8")
    return "points", "import", path


def _grant(folder: Path) -> Line:
    return "points", "grant", "阿梨", "50", "--reason", "分享" * 200


def _mark(folder: Path) -> Line:
    return "checkin", "mark", "1", "--challenge", "早起", "--day", "2026-03-19", "--state", "done"


def _undo(folder: Path) -> Line:
    return ("undo",)


def _backup(folder: Path) -> Line:
    return "backup", "make"


def _save(folder: Path) -> Line:
    return "export", "members", "--to", folder / "花名册.xlsx"


def state(shell: Shell) -> str:
    with closing(sqlite3.connect(shell.db)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return digest(raw)


def files(folder: Path) -> dict[Path, int]:
    """What lies there, the database and what SQLite keeps beside it apart."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("q.db"))
    return {path: path.stat().st_size for path in found}


LONGER = [pytest.param(work, marks=pytest.mark.long) for work in (_history, _grant, _undo)]


@pytest.mark.parametrize("work", [_roster, _chain, _points, _mark, _backup, _save, *LONGER])
def test_a_full_disk_at_any_of_twenty_points(shell: Shell, tmp_path: Path, work: Callable[[Path], Line]) -> None:
    line = work(tmp_path)
    base, before, lying = shell.db.read_bytes(), state(shell), files(tmp_path)
    assert shell(*line).code == 0
    after, made = state(shell), files(tmp_path)
    largest = max(shell.db.stat().st_size, *made.values())
    if work is _save:
        largest = made[tmp_path / "花名册.xlsx"]
    refused = 0
    for point in range(POINTS):
        _put_back(shell, base, tmp_path, lying)
        with file_size_limit(largest * point // POINTS):
            said = shell(*line)
        assert state(shell) == (before if said.code else after), f"point {point}"
        if said.code:
            refused += 1
            _told(said)
            assert files(tmp_path) == lying or files(tmp_path).items() <= made.items()
        assert shell(*line).code == 0 or (said.code == 0 and work is _undo), "it works again when there is room"
    assert refused >= POINTS // 2


def _put_back(shell: Shell, base: bytes, folder: Path, lying: dict[Path, int]) -> None:
    for path in files(folder).keys() - lying.keys():
        path.unlink()
    for path in folder.glob("q.db-*"):
        path.unlink()
    shell.db.write_bytes(base)
    set_language(None)


def _told(said: Said) -> None:
    line = said.refused()
    assert "disk" in line.lower(), line
