"""The whole program over a database made for a test, and what a test asks of its screen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Input, Static

from qunguan.domain.clock import Clock
from qunguan.tui.app import QunguanApp
from qunguan.tui.widgets.dialogs import Dialog
from qunguan.tui.widgets.paged_table import PagedTable
from tests.tui.settled import said
from tests.tui.waiting import drawn, until

T = TypeVar("T")


class Room:
    """An app under a pilot: press keys, type words, wait until something holds, read what is drawn."""

    def __init__(self, app: QunguanApp, pilot: Pilot[int]) -> None:
        self.app, self.pilot = app, pilot

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for a condition, never for a time."""
        await until(self.pilot, holds)

    @property
    def top(self) -> Any:
        """The screen on top; what a test asks of it only its own class has."""
        return self.app.screen

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def burst(self, *keys: str) -> None:
        """Keys that arrive at once, as when somebody types ahead of a busy program."""
        assert self.app._driver is not None
        for key in keys:
            name = _character_to_key(key) if len(key) == 1 else key
            self.app._driver.send_message(events.Key(name, key if len(key) == 1 else None))
        await self.pilot.pause()

    async def write(self, text: str) -> None:
        """Put text into the line that has the cursor, as a paste does."""
        self.line.insert_text_at_cursor(text)
        await self.pilot.pause()

    async def sees(self, *texts: str) -> None:
        """Wait until all of these are on the screen."""
        await self.until(lambda: all(text in self.text for text in texts))

    async def opened(self, kind: type[object]) -> None:
        """Wait until a dialog of this kind is on top and may be typed at."""
        await self.until(lambda: isinstance(self.app.screen, kind) and self.app.screen.is_current)
        await self.pilot.pause()

    async def begun(self) -> None:
        """Wait until the file is open and the first screen has been filled from it."""
        await self.until(lambda: self.app.desk.ready and self.app.version > 0)

    async def turn_to(self, noun: str) -> None:
        """Open the room of a noun, wherever among the rooms it stands."""
        self.app.go(noun)
        await self.until(lambda: self.noun == noun)

    async def closed(self) -> None:
        """Wait until no dialog is open."""
        await self.until(lambda: not isinstance(self.app.screen, Dialog))

    def lines(self) -> list[str]:
        return drawn(self.pilot)

    @property
    def text(self) -> str:
        return "\n".join(self.lines())

    def on(self, kind: type[T]) -> T:
        """The screen that is open, which is one of this kind."""
        assert isinstance(self.app.screen, kind)
        return self.app.screen

    @property
    def noun(self) -> str:
        """Whose room is open; "" while a dialog is."""
        return getattr(self.app.screen, "noun", "")

    @property
    def line(self) -> Input:
        """The line that has the cursor."""
        assert isinstance(self.app.focused, Input)
        return self.app.focused

    @property
    def table(self) -> PagedTable:
        return self.app.screen.query_one(PagedTable)

    @property
    def wrong(self) -> str:
        """What a dialog says is wrong."""
        return str(self.app.screen.query_one(".wrong", Static).render())

    async def told(self, text: str) -> None:
        """Wait until a message says this."""
        await self.until(lambda: any(text in each for each in said(self.app)))


@asynccontextmanager
async def begun(path: Path, clock: Clock, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Room]:
    """The program on the database at `path`, with its first screen filled."""
    app = QunguanApp(path, clock)
    async with app.run_test(size=size, notifications=True) as pilot:
        found = Room(app, pilot)
        await found.begun()
        yield found


@asynccontextmanager
async def room(path: Path, clock: Clock, key: str, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Room]:
    """The program on the database at `path`, with the screen of `key` open and filled."""
    async with begun(path, clock, size) as found:
        await found.press(key)
        await found.until(lambda: found.app.screen.query("PagedTable.main") and found.table._pages is not None)
        await found.pilot.pause()
        yield found


def pictured(
    compare: Callable[..., bool],
    path: Path,
    clock: Clock,
    arrive: Callable[[Room], Awaitable[object]],
    size: tuple[int, int] = (120, 40),
) -> bool:
    """Whether the screen is drawn as its picture has it, once `arrive` has gone there from the first frame."""

    app = QunguanApp(path, clock)

    async def begin(pilot: Pilot[int]) -> None:
        here = Room(app, pilot)
        await here.begun()
        await arrive(here)

    return compare(app, terminal_size=size, run_before=begin)
