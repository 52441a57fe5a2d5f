"""UI tests wait for the program, not for the clock: a pilot goes on when nothing is left to do."""

from __future__ import annotations

import gc
import os

import pytest

from qunguan.tui.environment import prepare_environment

os.environ["TEXTUAL_ANIMATIONS"] = "none"
prepare_environment()

from textual import constants  # noqa: E402 - it reads the environment when it is imported

from tests.tui.settled import settle  # noqa: E402


@pytest.fixture(autouse=True)
def quick_pilot(monkeypatch):
    """Go on as soon as the program is done, animate nothing, and let the collector run a tenth as often.

    A program that is one of hundreds in its process does not keep what its start made for good.
    """
    settle(monkeypatch)
    monkeypatch.setattr("qunguan.tui.app.keep_what_the_start_made", lambda: None)
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
