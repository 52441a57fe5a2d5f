"""UI tests wait for the screen, not for the clock: Textual's pilot sleeps three times 20 ms a key (speed 7)."""

from __future__ import annotations

import gc
import os

import pytest

from qunguan.tui.environment import prepare_environment

os.environ["TEXTUAL_ANIMATIONS"] = "none"
prepare_environment()

from textual import _wait, constants  # noqa: E402 - it reads the environment when it is imported


@pytest.fixture(autouse=True)
def quick_pilot(monkeypatch):
    """Notice an idle app after two milliseconds, animate nothing, and let the collector run a tenth as often."""
    monkeypatch.setattr(_wait, "SLEEP_GRANULARITY", 0.002)
    monkeypatch.setattr(_wait, "SLEEP_IDLE", 0.001)
    monkeypatch.setattr(_wait.wait_for_idle, "__defaults__", (0.002, 1))
    monkeypatch.setattr(constants, "TEXTUAL_ANIMATIONS", "none")
    thresholds = gc.get_threshold()
    gc.set_threshold(200_000, *thresholds[1:])
    yield
    gc.set_threshold(*thresholds)


@pytest.fixture
def copied(monkeypatch) -> list[str]:
    """What goes to the clipboard; the machine's own is left alone."""
    from qunguan.tui.app import QunguanApp

    texts: list[str] = []
    monkeypatch.setattr(QunguanApp, "copy_to_clipboard", lambda _app, text: texts.append(text))
    monkeypatch.setattr("pyperclip.is_available", lambda: False)
    return texts
