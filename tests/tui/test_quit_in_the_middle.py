"""The program is left while something is being saved: what has begun is finished, nothing else is (quality R38)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from textual import events
from textual.pilot import Pilot

from qunguan.domain.clock import Clock
from qunguan.services.desk import Desk
from qunguan.tui.app import QunguanApp
from qunguan.tui.screens.checkins_preview import ChainPreview
from tests.conftest import assert_sound
from tests.services.test_durability import state
from tests.tui.checkin_app import community, on_top, opened
from tests.tui.waiting import until

CHAIN = "#接龙\n早起打卡\n\n1. 阿梨 5:40\n2. 团团妈 6:00\n3. Crystal🍀 5:55\n"
TIMES = 50


@pytest.fixture
def prepared(tmp_path: Path, clock: Clock) -> Path:
    community(tmp_path / "q.db", clock, history=False)
    return tmp_path / "q.db"


class Statements:
    """Those sent since it was begun, and what is done as one of them goes off."""

    def __init__(self, app: QunguanApp, last: int) -> None:
        self.saving, self.sent = False, 0
        self._app, self._last, self._loop, self._numbers = app, last, asyncio.get_running_loop(), count(1)

    def on_execute(self, _conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        self.sent = next(self._numbers)
        self.saving = self.saving or statement == "BEGIN IMMEDIATE"
        if self.sent == self._last:
            self._loop.call_soon_threadsafe(self._app.exit)


@contextmanager
def counted(app: QunguanApp, last: int) -> Iterator[Statements]:
    found = Statements(app, last)
    event.listen(Engine, "before_cursor_execute", found.on_execute)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", found.on_execute)


async def ready(pilot: Pilot[int]) -> None:
    """The chain is pasted, and Enter would save it."""
    await opened(pilot)
    pilot.app.screen.post_message(events.Paste(CHAIN))
    await on_top(pilot, ChainPreview)


async def saved(path: Path, clock: Clock) -> int:
    """Save and leave when all is quiet; how many statements were sent until then."""
    app = QunguanApp(path, clock)
    async with app.run_test() as pilot:
        await ready(pilot)
        with counted(app, -1) as found:
            await pilot.press("enter")
            await until(pilot, lambda: not isinstance(app.screen, ChainPreview))
            await pilot.pause()
        return found.sent


async def left_at(path: Path, clock: Clock, number: int) -> bool:
    """Save and leave at the statement of this number; whether saving had begun."""
    app = QunguanApp(path, clock)
    async with app.run_test() as pilot:
        await ready(pilot)
        with counted(app, number) as found:
            await pilot.press("enter")
            await until(pilot, lambda: app._exit)
    return found.saving


async def test_what_is_being_saved_when_the_program_is_left_is_saved_whole(prepared, clock):
    base, before = prepared.read_bytes(), state(prepared)
    total = await saved(prepared, clock)
    after = state(prepared)
    assert after != before
    assert total > TIMES
    begun = []
    for number in sorted(1 + total * turn // TIMES for turn in range(TIMES)):
        prepared.write_bytes(base)
        begun.append(await left_at(prepared, clock, number))
        assert state(prepared) == (after if begun[-1] else before), f"statement {number} of {total}"
        with Desk(prepared, clock) as desk:
            assert_sound(desk)
    assert any(begun)
