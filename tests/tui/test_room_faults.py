"""Whatever a room asks of the file fails: it says so, the program goes on, and the next look shows everything (R38).

Every statement is sent by the database thread, never by the loop that draws (quality R39).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from qunguan.domain.actions import nouns, of
from qunguan.domain.clock import Clock
from qunguan.domain.errors import StoreError
from qunguan.services import demo
from qunguan.services.desk import Desk
from qunguan.tui.app import QunguanApp
from qunguan.tui.bindings import key_names
from qunguan.tui.widgets.dialogs import Dialog
from tests.conftest import NOW
from tests.tui.desk_app import Room, begun

NOUNS = [noun for noun, _name in nouns()]
DAILY = ("today", "members", "checkins", "points")
AT_A_TIME = 5
"""Rooms of one trial."""
LATER = [noun for noun in NOUNS if noun not in DAILY]
ELSEWHERE = ("copy", "import", "export")
"""Actions that need a clipboard or a file."""
READS_NOTHING = ("handbook",)
ANSWERS = ("1", "down", "f3", "enter", "enter", "f2", "y")
"""Keys that go on in one dialog or another."""
DEEP = 10
"""More dialogs than ever stand over one another."""
PORTIONS = [LATER[start : start + AT_A_TIME] for start in range(0, len(LATER), AT_A_TIME)]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo.make_copy(tmp_path_factory.mktemp("sample") / "q.db", Clock(NOW))


@pytest.fixture
def threads() -> Iterator[set[str]]:
    """The names of the threads that send statements."""
    found: set[str] = set()

    def on_execute(*_of_the_statement: object) -> None:
        found.add(threading.current_thread().name)

    event.listen(Engine, "before_cursor_execute", on_execute)
    yield found
    event.remove(Engine, "before_cursor_execute", on_execute)


class Fault:
    """A disk that answers nothing while it is broken."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.broken, self.met = False, 0
        for name in ("read", "_write", "version", "facts", "backups"):
            monkeypatch.setattr(Desk, name, self._over(getattr(Desk, name)))

    def _over(self, real: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            if self.broken:
                self.met += 1
                raise StoreError("{detail}", detail="磁盘坏了")
            return real(*args, **kwargs)

        return call


async def left(found: Room) -> None:
    """Leave every dialog that is open: each takes Esc, whatever it could not read."""
    for _deep in range(DEEP):
        if isinstance(found.app.screen, Dialog):
            await found.pilot.press("escape")
            await found.pilot.pause()
    await found.closed()


async def shown(found: Room, noun: str) -> None:
    """The room of a noun with everything read, wherever a key has led."""
    await left(found)
    await found.turn_to(noun)
    found.app.version += 1
    await found.top.reload()
    await found.until(lambda: found.noun == noun and found.top.filled and not found.top._failed)


@pytest.mark.parametrize(
    "rooms", [DAILY, *(pytest.param(portion, marks=pytest.mark.long) for portion in PORTIONS)], ids=" ".join
)
async def test_a_room_whose_file_fails_says_so_and_goes_on(rooms, sample, clock, threads, monkeypatch):
    fault = Fault(monkeypatch)
    async with begun(sample, clock) as found:
        for noun in rooms:
            before = fault.met
            for action in of(noun):
                if action.verb not in ELSEWHERE:
                    await shown(found, noun)
                    fault.broken = True
                    await found.press(key_names(action).split(",")[0])
                    await found.pilot.pause()
                    await left(found)
                    await found.turn_to(noun)
                    found.app.version += 1
                    await found.top.reload()
                    assert found.app.is_running
                    fault.broken = False
            await shown(found, noun)
            assert fault.met > before or noun in READS_NOTHING
        assert not found.app.return_code
    assert {name.rstrip("0123456789") for name in threads} == {"desk_"}


@pytest.mark.parametrize(
    "rooms",
    [("points",), *(pytest.param(each, marks=pytest.mark.long) for each in (DAILY, *PORTIONS))],
    ids=" ".join,
)
async def test_a_dialog_whose_file_fails_while_it_is_open_says_so_and_goes_on(rooms, sample, clock, monkeypatch):
    fault = Fault(monkeypatch)
    async with begun(sample, clock) as found:
        for noun in rooms:
            for action in of(noun):
                if action.verb not in ELSEWHERE:
                    await shown(found, noun)
                    await found.press(key_names(action).split(",")[0])
                    await found.pilot.pause()
                    fault.broken = True
                    for key in ANSWERS if isinstance(found.app.screen, Dialog) else ():
                        await found.press(key)
                        assert found.app.is_running
                    await left(found)
                    fault.broken = False
            await shown(found, noun)
        assert not found.app.return_code


async def test_a_file_that_answers_nothing_at_first_is_shown_as_soon_as_it_does(sample, clock, monkeypatch):
    fault, app = Fault(monkeypatch), QunguanApp(sample, clock)
    monkeypatch.setattr("qunguan.tui.app.WATCH_SECONDS", 0.05)
    fault.broken = True
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        found = Room(app, pilot)
        await found.told("磁盘坏了")
        await found.until(lambda: fault.met > 3)
        assert app.is_running
        assert app.version == 0
        fault.broken = False
        await found.until(lambda: app.version > 0 and app.group is not None and found.top.filled)


async def test_an_action_waits_for_what_could_not_be_read(sample, clock, monkeypatch):
    """A file that is busy for a moment: the key behind it finds the list that was asked for."""
    fault = Fault(monkeypatch)
    async with begun(sample, clock) as found:
        await found.turn_to("points")
        await found.until(lambda: found.top.filled and found.top.key is not None)
        fault.broken = True
        await found.press("f")
        await found.until(lambda: found.top._failed and found.top.key is None)
        fault.broken = False
        await found.press("enter")
        await found.until(lambda: isinstance(found.app.screen, Dialog))
        await left(found)
        await found.until(lambda: found.top.filled and found.top.key is not None)


async def test_lines_that_cannot_be_read_are_said_and_come_later(sample, clock, monkeypatch):
    fault = Fault(monkeypatch)
    async with begun(sample, clock) as found:
        await found.turn_to("members")
        await found.until(lambda: found.top.filled and found.table.current)
        fault.broken = True
        await found.press("end")
        await found.told("磁盘坏了")
        fault.broken = False
        await found.press("up", "down")
        await found.until(lambda: found.table.current is not None)
        assert found.app.is_running
