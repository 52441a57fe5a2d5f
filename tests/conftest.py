"""What every test stands on: a fixed clock, a home of its own, no network, and a desk that must be sound at the end."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.services.desk import Desk

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)  # 20:00 in Shanghai, a Friday
FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Iterator[Desk]:
    """An open database with one group, sound when the test is over."""
    from qunguan.services import groups

    with Desk(tmp_path / "qunguan.db", clock, create=True) as opened:
        opened.write(groups.create, "早起读书群")
        yield opened
        assert_sound(opened)


def assert_sound(desk: Desk) -> None:
    """Nothing is broken, nothing is half written, every cache equals its rows."""
    from qunguan.services import doctor

    wrong = [check for check in desk.read(doctor.check) if not check.ok]
    assert not wrong, wrong
