"""When a program under a pilot has nothing left to do: what a key set off is done and drawn, however long it took.

Textual's pilot takes a process that uses no processor for a moment for one that is done. On a busy machine that is one
whose database thread waits for its turn. Here nothing is guessed: no task of the event loop can go on, no job of a
thread is out, no layout, painting or callback is due.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from textual import app as textual_app
from textual import pilot as textual_pilot
from textual.app import App
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.timer import Timer
from textual.worker import active_worker

from qunguan.tui import keys

PATIENCE = 30.0
"""Seconds after which what is not done is taken for something that never is."""
REST = 0.02, 0.1
"""A cursor that must rest for between so many seconds rests no time under a pilot."""

SOON = 0.001
"""Seconds within which a timer is waited for."""

_jobs: set[asyncio.Future[Any]] = set()
_said: WeakKeyDictionary[App[Any], list[str]] = WeakKeyDictionary()


async def settled(app: App[Any]) -> None:
    """Wait until nothing is left to do, except what a test itself holds back."""
    loop: Any = asyncio.get_running_loop()
    end = monotonic() + PATIENCE
    while monotonic() < end:
        await asyncio.sleep(0)
        if loop._ready or any(timer._when <= loop.time() + SOON for timer in loop._scheduled if not timer._cancelled):
            continue
        if out := [job for job in _jobs if not job.done() and job.get_loop() is loop]:
            if _held_back():
                return
            await asyncio.wait(out, timeout=0.02, return_when=asyncio.FIRST_COMPLETED)
        elif not _draws(app) and not _holds_keys(app):
            return
    raise AssertionError(f"the program never comes to rest: {loop._ready}")


def _draws(app: App[Any]) -> bool:
    """Whether something was due to be laid out, painted or called afterwards; it is on its way then."""
    if not app._screen_stack:
        return False
    screen = app.screen
    if not (screen.is_current and screen.is_running) or app._batch_count:
        return False
    due = (
        screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._recompose_required
        or screen._dirty_widgets
        or screen._callbacks
    )
    if due:
        screen._on_timer_update()
    return bool(due)


def _holds_keys(app: App[Any]) -> bool:
    """Whether keys wait for a dialog that is on its way."""
    waiting = getattr(app, "keys", None)
    return waiting is not None and bool(waiting.held)


def _held_back() -> bool:
    """Whether the database thread stands at a gate of a test."""
    frames = sys._current_frames()
    desks = [frames.get(thread.ident or 0) for thread in threading.enumerate() if thread.name.startswith("desk")]
    return any(frame is not None and frame.f_code is threading.Condition.wait.__code__ for frame in desks)


def said(app: App[Any]) -> list[str]:
    """All that was said, oldest first; what is drawn of it goes after a few seconds."""
    return _said.get(app, [])


def settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every pilot wait for what is done, in place of a quiet processor.

    The key that closed a dialog is the same press however slow the machine.
    """
    submit, timer = asyncio.BaseEventLoop.run_in_executor, MessagePump.set_timer
    press, pause, notify = Pilot.press, Pilot.pause, App.notify

    def noted(self: Any, *args: Any) -> asyncio.Future[Any]:
        job: asyncio.Future[Any] = submit(self, *args)
        worker = active_worker.get(None)
        if worker is not None and worker.group == "figures":
            return job  # counted ahead of the questions: nobody waits for it
        _jobs.add(job)
        job.add_done_callback(_jobs.discard)
        return job

    def at_once(self: MessagePump, delay: float, *args: Any, **kwargs: Any) -> Timer:
        return timer(self, SOON / 2 if REST[0] < delay <= REST[1] else delay, *args, **kwargs)

    def remembered(self: App[Any], message: str, **kwargs: Any) -> None:
        _said.setdefault(self, []).append(message)
        notify(self, message, **kwargs)

    async def one_by_one(self: Pilot[Any], *pressed: str) -> None:
        for key in pressed:
            await press(self, key)
            await settled(self.app)

    async def paused(self: Pilot[Any], delay: float | None = None) -> None:
        await pause(self, delay)
        if delay is None:
            await settled(self.app)

    monkeypatch.setattr(asyncio.BaseEventLoop, "run_in_executor", noted)
    monkeypatch.setattr(MessagePump, "set_timer", at_once)
    monkeypatch.setattr(Pilot, "press", one_by_one)
    monkeypatch.setattr(Pilot, "pause", paused)
    monkeypatch.setattr(keys, "TWICE", PATIENCE)
    monkeypatch.setattr(App, "notify", remembered)
    for module in (textual_app, textual_pilot):
        monkeypatch.setattr(module, "wait_for_idle", _next_turn)


async def _next_turn(*_seconds: float) -> None:
    await asyncio.sleep(0)
