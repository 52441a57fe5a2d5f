"""Waiting for what a screen comes to: for a condition, never for a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.css.query import NoMatches
from textual.pilot import Pilot

_PATIENCE = 2000  # pauses of a few milliseconds, more where the machine is busy


async def until(pilot: Pilot[Any], holds: Callable[[], object]) -> None:
    """Pause until `holds()`; fails with what is drawn when that never comes.

    A widget that is asked for and not there is a condition that does not hold yet: while a dialog opens or goes, the
    screen on top is now the one, now the other.
    """
    for _ in range(_PATIENCE):
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
