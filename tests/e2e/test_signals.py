"""The window is closed, the machine shuts down, somebody presses Ctrl-C: nothing half, and it opens again (R6)."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from qunguan.domain.clock import Clock
from qunguan.services import members
from qunguan.services.desk import Desk
from qunguan.tui.driver import HUNG_UP
from tests.cli.shell import process
from tests.conftest import NOW, assert_sound
from tests.e2e.conftest import rows, sound
from tests.e2e.window import CTRL_C, PATIENCE, Window

pytestmark = pytest.mark.slow
INTERRUPTED = 130  # as shells write it: 128 + SIGINT
STOPS = [signal.SIGHUP, signal.SIGTERM, signal.SIGINT]


def roster(path: Path, people: int) -> Path:
    """A roster of that many people, in no order an index likes."""
    lines = [f"成员{n * 7919 % people:05d},138{n:08d},wx_{n},2026-01-{1 + n % 28:02d},宝妈" for n in range(people)]
    path.write_text("昵称,手机号,微信号,入群时间,标签\n" + "\n".join(lines), encoding="utf-8")
    return path


def _trials(small: Path, tmp_path: Path, stop: signal.Signals, times: int, people: int) -> None:
    """Stop that many imports, the first ones as soon as they write, the others up to a second of their life later."""
    chance = random.Random(stop)
    content, path = small.read_bytes(), roster(tmp_path / "名单.csv", people)
    base = len(rows(small)["member"])
    command = [sys.executable, "-m", "qunguan", "--db", str(small), "member", "import", str(path)]
    cut = 0
    for number in range(times):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as run:
            assert run.stderr is not None
            _until_writing(run, small, chance.random() * number / times)
            run.send_signal(stop)
            said = run.stderr.read().decode()
            code = run.wait(PATIENCE)
        assert "Traceback" not in said
        with Desk(small, Clock(NOW)) as desk:
            assert_sound(desk)
            desk.write(members.add, "后来的", group_id=1)  # the lock is free, and the file takes more
        found = len(rows(small)["member"]) - 1
        assert found in (base, base + people), f"trial {number}: {found} of {base + people}"
        if code == 0:
            assert found == base + people
        elif stop == signal.SIGINT and code == INTERRUPTED:
            assert said.count("\n") == 1
        else:  # an interpreter that is about to end by itself dies of the signal as any program does
            assert code == -stop
            assert stop != signal.SIGINT or found == base + people
        cut += code != 0
        small.write_bytes(content)
    assert cut > times / 3


def _until_writing(run: subprocess.Popen[bytes], db: Path, then: float) -> None:
    """Wait until the transaction has begun to write, and that many seconds of its life more, or for its end."""
    journal = db.with_name(db.name + "-journal")
    handle = os.pidfd_open(run.pid)
    try:
        while not (journal.exists() and journal.stat().st_size) and not select.select([handle], [], [], 0.002)[0]:
            pass
        select.select([handle], [], [], then)
    finally:
        os.close(handle)


@pytest.mark.parametrize("stop", STOPS)
def test_an_import_that_is_stopped_leaves_all_or_nothing(small, tmp_path, stop):
    _trials(small, tmp_path, stop, 8, 400)


@pytest.mark.long
@pytest.mark.parametrize("stop", STOPS)
def test_thirty_large_imports_that_are_stopped(small, tmp_path, stop):
    _trials(small, tmp_path, stop, 30, 20_000)


def test_ctrl_c_at_the_terminal_stops_an_import_in_one_line(small, tmp_path):
    path = roster(tmp_path / "名单.csv", 20_000)
    before = rows(small)
    line = [sys.executable, "-c", "import os,pty,sys; pty.spawn(sys.argv[1:])", sys.executable, "-m", "qunguan"]
    with Terminal([*line, "--db", str(small), "member", "import", str(path)]) as window:
        window.wait_for("读".encode(), PATIENCE)
        window.send(CTRL_C)
        window.wait_end(PATIENCE)
        assert b"Traceback" not in window.seen
        assert "没存".encode() in window.seen or "没有保存".encode() in window.seen
    assert rows(small) == before


def opened(terminal, db: Path) -> Window:
    """The board of the group of eight, with one ticked."""
    window: Window = terminal(db)
    window.sees("群管 · 早起读书群 8人")
    window.press("3")
    window.sees("已打卡 0 / 8")
    window.press(" ")
    window.sees("已打卡 1 / 8")
    return window


def test_screens_whose_terminal_vanishes_end(terminal, small):
    window = opened(terminal, small)
    window.vanish()
    assert window.wait_end(PATIENCE) == HUNG_UP
    again: Window = terminal(small)
    again.sees("群管 · 早起读书群 8人")
    again.press("3")
    again.sees("已打卡 1 / 8")
    again.quit()


@pytest.mark.parametrize("stop", [signal.SIGHUP, signal.SIGTERM, signal.SIGKILL])
def test_screens_that_are_ended_keep_what_was_saved_and_free_the_file(terminal, small, stop):
    window = opened(terminal, small)
    window.press(" ")
    window.signal(stop)
    assert window.wait_end(PATIENCE) != 0
    made = process("--db", small, "backup", "make", "--json").json["path"]
    assert process("--db", small, "backup", "restore", made, "--yes").code == 0, "nobody holds the file"
    sound(small)
    assert len(rows(small)["checkin"]) in (0, 1)


def test_leaving_gives_the_terminal_back(terminal, small):
    window = opened(terminal, small)
    since = len(window.seen)
    window.quit()
    left = bytes(window.seen[since:])
    for mouse in (b"\x1b[?1000l", b"\x1b[?1003l", b"\x1b[?1006l"):
        assert mouse in left
    assert window.seen.count(b"\x1b[?1049h") == window.seen.count(b"\x1b[?1049l") == 1
