"""A list of amends paid from two processes at once, or killed in the middle, pays everyone exactly once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.services import history, members
from qunguan.services import incident_compensation as amends
from qunguan.services.desk import Desk
from qunguan.services.incident_compensation_list import import_list
from qunguan.store.session import Session
from tests.conftest import NOW, assert_sound
from tests.services.test_incident_compensation import begin, ledger
from tests.store.kill import ROOT, kill_trials

PEOPLE = 150
WORKER = """
import sys
from pathlib import Path
from qunguan.domain.clock import Clock
from qunguan.services.desk import Desk
from qunguan.services.incident_compensation_list import import_list
from tests.conftest import NOW
from tests.services.test_compensation_once import LIST

with Desk(Path(sys.argv[1]), Clock(NOW)) as desk:
    print("ready", flush=True)
    if len(sys.argv) > 2:
        sys.stdin.readline()
    done = desk.write(import_list, 1, LIST)
    print(done.delivered, done.already, flush=True)
"""


def rows():
    from qunguan.domain.incident_compensation import Amends, CompensationRow

    for number in range(1, PEOPLE + 1):
        yield CompensationRow(number, f"成员{number}", Amends("points", number))
        yield CompensationRow(
            PEOPLE + number, f"成员{number}", Amends("money", None, number * 10 + 5, "转账"), given=True
        )


LIST = tuple(rows())
OWED = {number: number for number in range(1, PEOPLE + 1)}


def crowd(session: Session, clock: Clock) -> None:
    session.step("crowd")
    for number in range(1, PEOPLE + 1):
        members.add(session, clock, f"成员{number}", group_id=1)


@pytest.fixture(scope="module")
def ready(one_group: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("amends") / "q.db"
    path.touch(0o600)
    path.write_bytes(one_group)
    with Desk(path, Clock(NOW)) as desk:
        desk.write(crowd)
        desk.write(begin)
    return path.read_bytes()


def paid(path: Path, *, sometimes: bool = False) -> bool:
    """Whether everybody has theirs once; with `sometimes` nobody having anything is right too."""
    with Desk(path, Clock(NOW)) as desk:
        assert_sound(desk)
        held, sums = ledger(desk), desk.read(amends.sums, 1)
        assert held == OWED or (sometimes and not held)
        assert sums.delivered == sums.promised == (2 * PEOPLE if held else 0)
        return bool(held)


def test_two_processes_at_once(ready: bytes, tmp_path: Path):
    path = tmp_path / "q.db"
    path.touch(0o600)
    path.write_bytes(ready)
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-c", WORKER, str(path), "wait"]

    def window() -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment)

    with window() as one, window() as two:
        for each in (one, two):
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"
        for each in (one, two):
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        told = sorted(each.stdout.readline().strip() for each in (one, two) if each.stdout)
    assert told == [f"0 {2 * PEOPLE}", f"{2 * PEOPLE} 0"]
    assert paid(path)


@pytest.mark.slow
def test_a_kill_in_the_middle_pays_nobody_or_everybody_and_again_pays_the_rest(ready: bytes, tmp_path: Path):
    path = tmp_path / "q.db"

    def prepare(number: int) -> list[str]:
        for left in tmp_path.glob("q.db*"):
            left.unlink()
        path.touch(0o600)
        path.write_bytes(ready)
        return [str(path)]

    def check(number: int, lines: list[str]) -> None:
        before = paid(path, sometimes=True)
        assert before or not lines, "what was acknowledged is there"
        with Desk(path, Clock(NOW)) as desk:
            done = desk.write(import_list, 1, LIST)
            assert (done.delivered, done.already) == ((0, 2 * PEOPLE) if before else (2 * PEOPLE, 0))
        assert paid(path)
        with Desk(path, Clock(NOW)) as desk:
            desk.write(history.undo)
            assert ledger(desk) == {}

    assert kill_trials(WORKER, 8, prepare=prepare, check=check, longest=0.2, seed=6) > 2
