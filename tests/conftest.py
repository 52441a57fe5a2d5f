"""What every test stands on: a fixed clock, a home of its own, no network, and a desk that must be sound at the end.

Tests write to memory where there is room for it: syncs, which are most of what a small database costs, are free there.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import Engine, create_engine

from qunguan.domain.clock import Clock
from qunguan.services.desk import Desk
from tests.kept import Backups
from tests.templates import Templates

# The same examples every run: a change is judged by what it changes. QUNGUAN_RANDOM=1 draws new ones.
settings.register_profile("steady", derandomize=not os.environ.get("QUNGUAN_RANDOM"))
settings.load_profile("steady")

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)  # 20:00 in Shanghai, a Friday
FIXTURES = Path(__file__).parent / "fixtures"
MEMORY = Path("/dev/shm")
ROOM = 1 << 30
"""Bytes that must be free there; containers often have 64 MiB."""


def pytest_configure(config: pytest.Config) -> None:
    """Files that many tests start from are made once."""
    config.pluginmanager.register(Templates())


def pytest_collection_finish() -> None:
    """What was collected stays to the end: no collection of garbage looks at its half a million objects again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def interrupts() -> None:
    """Programs started from here can be interrupted: a shell lets what it runs in the background ignore Ctrl-C, and
    what is ignored is inherited."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def memory() -> Path | None:
    """Where folders of tests are made; None is the system's usual place."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None


@pytest.fixture
def tmp_path(memory: Path | None) -> Iterator[Path]:
    """A folder of the test's own, gone afterwards."""
    with tempfile.TemporaryDirectory(dir=memory, prefix="qunguan-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session", autouse=True)
def compiled() -> Iterator[None]:
    """What is compiled for one database of the process serves all that are opened after it: what a program does once,
    thousands of tests would do again."""
    statements: dict[Any, Any] = {}
    with create_engine("sqlite://").connect() as first:
        dialect = first.dialect  # part of the key of a statement

    def made(*args: Any, **options: Any) -> Engine:
        new = create_engine(*args, **options)
        new.dialect = dialect
        new.update_execution_options(compiled_cache=statements)
        return new

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qunguan.store.engine.create_engine", made)
        yield


@pytest.fixture(scope="session", autouse=True)
def backups() -> Iterator[Backups]:
    """The backups that are written, in whatever test or fixture."""
    with pytest.MonkeyPatch.context() as patch:
        yield Backups(patch)


@pytest.fixture
def restored(tmp_path: Path, memory: Path | None, backups: Backups) -> Iterator[None]:
    """Every backup the test wrote is restored at its end, and holds what its database held."""
    yield
    backups.check(memory, Clock(NOW))


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, restored: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the developer's own machine leaks in, and nothing leaves it."""
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("QUNGUAN_NOW", NOW.isoformat())
    monkeypatch.delenv("QUNGUAN_DB", raising=False)
    monkeypatch.delenv("QUNGUAN_LANG", raising=False)

    def refused(*args: object, **kwargs: object) -> None:
        raise AssertionError("a test reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refused)


@pytest.fixture
def clock() -> Clock:
    """The fixed clock of all tests."""
    return Clock(NOW)


@pytest.fixture(scope="session")
def one_group(memory: Path | None) -> bytes:
    """A database with one group, made once and copied for every test."""
    from qunguan.services import groups

    with tempfile.TemporaryDirectory(dir=memory, prefix="qunguan-") as folder:
        path = Path(folder) / "qunguan.db"
        with Desk(path, Clock(NOW), create=True) as made:
            made.write(groups.create, "早起读书群")
        return path.read_bytes()


@pytest.fixture
def desk(tmp_path: Path, clock: Clock, one_group: bytes) -> Iterator[Desk]:
    """An open database with one group, sound when the test is over."""
    path = tmp_path / "qunguan.db"
    path.touch(0o600)
    path.write_bytes(one_group)
    with Desk(path, clock) as opened:
        yield opened
        assert_sound(opened)


def assert_sound(desk: Desk) -> None:
    """Nothing is broken, nothing is half written, every cache equals its rows, every row is sealed."""
    from qunguan.services import doctor

    wrong = [check for check in desk.read(doctor.check, deep=True) if not check.ok]
    assert not wrong, wrong
