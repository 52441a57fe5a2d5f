"""How long the event loop stands still, 100,000 members: `python benchmarks/stalls.py [MEMBERS]`.

The whole program in this process walks through the rooms of the desk, scrolls, searches and opens a card; meanwhile a
task sleeps five milliseconds at a time and notes by how much it woke late. What is late is what a key would wait for.
Each way is gone twice: the first time imports the modules of the rooms. Bar (quality 3, R39): 100 ms. Judged is what
of the stall this process was on a processor, its database thread included, so that a busy machine does not decide.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

if __package__ in (None, ""):
    sys.path[0:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

os.environ["TEXTUAL_ANIMATIONS"] = "none"
from textual.pilot import Pilot

from benchmarks.roster import build
from qunguan.domain.clock import Clock
from qunguan.tui.app import QunguanApp
from qunguan.tui.screens.base import NounScreen

MEMBERS, BAR_MS, SLEEP, PATIENCE = 100_000, 100.0, 0.005, 60.0
WALK = (
    ("2 Members", ("2",)), ("scroll", ("down",) * 40 + ("pagedown",) * 5 + ("end", "home")),
    ("search", ("slash", *"zhangw", "escape")), ("card", ("enter", "escape")), ("3 Check-ins", ("3",)),
    ("4 Points", ("4",)), ("0 Settings", ("0",)), ("1 Today", ("1",)),
)  # fmt: skip


class Watch:
    """Notes the longest that the loop stood still, in milliseconds, and the most work of this process in one stall."""

    def __init__(self) -> None:
        self.late = self.work = 0.0

    async def look(self) -> None:
        """Sleep and see how late it is, for ever."""
        while True:
            began, used = time.perf_counter(), time.process_time()
            await asyncio.sleep(SLEEP)
            late = 1000 * (time.perf_counter() - began - SLEEP)
            self.late = max(self.late, late)
            self.work = max(self.work, min(late, 1000 * (time.process_time() - used)))

    def taken(self) -> tuple[float, float]:
        """Both since they were last asked for."""
        found = self.late, self.work
        self.late = self.work = 0.0
        return found


@asynccontextmanager
async def program(path: Path) -> AsyncIterator[tuple[QunguanApp, Pilot[int], Watch]]:
    """The program with its file open, watched from its first moment."""
    app, watch = QunguanApp(path, Clock()), Watch()
    task = asyncio.create_task(watch.look())
    try:
        async with app.run_test(size=(120, 40)) as pilot:
            await rest(app, pilot)
            yield app, pilot, watch
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def rest(app: QunguanApp, pilot: Pilot[int]) -> None:
    """Wait until what is on top has read what it shows."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        await pilot.pause(0.02)
        if app.version and (not isinstance(app.screen, NounScreen) or app.screen.filled):
            return
    raise TimeoutError(f"{app.screen} is never filled")


async def walk(path: Path) -> float:
    """Print the longest stall of each part of the way; the most work in one of them, the start aside."""
    worst = 0.0
    async with program(path) as (app, pilot, watch):
        print(f"{'':<14}{'stall':>10}{'its work':>12}")
        print(f"{'start':<14}" + "{:>7.0f} ms{:>9.0f} ms".format(*watch.taken()))
        for turn in ("first", "again"):
            for part, keys in WALK:
                for key in keys:
                    await pilot.press(key)
                await rest(app, pilot)
                late, work = watch.taken()
                worst = max(worst, work)
                print(f"{part:<14}{late:>7.0f} ms{work:>9.0f} ms  {turn}", flush=True)
    return worst


def main(count: int) -> int:
    """Print the table; 1 if the bar is missed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "q.db"
        build(path, count)
        worst = asyncio.run(walk(path))
    verdict = "met" if worst <= BAR_MS else "MISSED"
    print(f"{count:,} members: at most {worst:.0f} ms of work in one stall, bar {BAR_MS:.0f} ms: {verdict}")
    return int(worst > BAR_MS)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else MEMBERS))
