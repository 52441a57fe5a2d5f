"""What runs beside the keys: begun or not, nothing is left of it when its screen goes."""

from __future__ import annotations

import gc
import inspect
from pathlib import Path

from textual.app import App

import qunguan.tui
from qunguan.tui.flow import begin

SOURCES = sorted(Path(qunguan.tui.__file__).parent.rglob("*.py"))


def test_workers_are_run_by_what_makes_no_coroutine_too_early():
    others = [path.name for path in SOURCES if "run_worker(" in path.read_text(encoding="utf-8")]
    assert others == ["flow.py"]


async def test_what_never_began_is_closed():
    begun = []

    async def doing() -> None:
        begun.append(True)

    app: App[None] = App()
    async with app.run_test() as pilot:
        screen = app.screen
        work = doing()
        begin(screen, work)
        screen.workers.cancel_node(screen)
        while len(app.workers):
            await pilot.pause()
        gc.collect()
        assert inspect.getcoroutinestate(work) == inspect.CORO_CLOSED
    assert not begun
