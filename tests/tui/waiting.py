"""Waiting for what a screen comes to: for a condition, never for a time."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

from textual.css.query import NoMatches
from textual.pilot import Pilot

PATIENCE = 60.0
"""Seconds after which what did not come is taken for something that never does."""


async def until(pilot: Pilot[Any], holds: Callable[[], object]) -> None:
    """Pause until `holds()`; fails with what is drawn when that never comes.

    A widget that is asked for and not there is a condition that does not hold yet: while a dialog opens or goes, the
    screen on top is now the one, now the other.
    """
    end = monotonic() + PATIENCE
    while monotonic() < end:
        if _met(holds):
            return
        await pilot.pause(0.002)
    raise AssertionError("it never came to hold:\n" + "\n".join(drawn(pilot)))


def drawn(pilot: Pilot[Any]) -> list[str]:
    """The lines on the screen."""
    return [strip.text.rstrip() for strip in pilot.app.screen._compositor.render_strips()]


def _met(holds: Callable[[], object]) -> bool:
    try:
        return bool(holds())
    except NoMatches:
        return False
