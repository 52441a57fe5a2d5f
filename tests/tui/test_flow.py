"""What runs beside the keys: begun or not, nothing is left of it when its screen goes."""

from __future__ import annotations

import gc
import inspect
from functools import partial
from pathlib import Path

from textual.app import App

import qunguan.tui
from qunguan.domain.errors import StoreError
from qunguan.tui.app import QunguanApp
from qunguan.tui.flow import Steady, begin, run
from qunguan.tui.widgets.dialogs import Dialog
from tests.tui.settled import said
from tests.tui.waiting import until

SOURCES = sorted(Path(qunguan.tui.__file__).parent.rglob("*.py"))


def test_workers_are_run_by_what_makes_no_coroutine_too_early():
    others = [path.name for path in SOURCES if "run_worker(" in path.read_text(encoding="utf-8")]
    assert others == ["flow.py"]


def test_the_keyboard_is_handed_over_at_once():
    """`Widget.focus` does so behind the keys that wait already; `Screen.set_focus` before the next one."""
    assert not [path.name for path in SOURCES if ".focus()" in path.read_text(encoding="utf-8")]


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


class Shaken(Steady, App[None]):
    """An app in which whatever is set off says that a file is busy."""

    async def fails(self) -> None:
        raise StoreError("{detail}", detail="忙")

    def on_mount(self) -> None:
        self.push_screen(Opens("开", "esc"))

    _handle_exception = QunguanApp._handle_exception


class Opens(Dialog[None]):
    """A dialog that cannot read what it opens with."""

    async def on_mount(self) -> None:
        raise StoreError("{detail}", detail="打不开")


def _told(app: App[None], number: int) -> bool:
    return len(said(app)) == number


async def test_what_the_owner_can_mend_is_said_whatever_met_it():
    app = Shaken()
    async with app.run_test(notifications=True) as pilot:
        await until(pilot, lambda: said(app) == ["打不开"])
        for number, by in enumerate((app.call_later, app.call_after_refresh, app.call_next), start=2):
            by(app.fails)
            await until(pilot, partial(_told, app, number))
        app.set_timer(0.001, app.fails)
        run(app.screen, app.fails)
        await until(pilot, lambda: said(app)[1:] == ["忙"] * 5)
        assert app.is_running
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, Opens))
