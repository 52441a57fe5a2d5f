"""The terminal driver: Esc without the wait, no waking up while idle, and an end when the terminal is gone."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver

HUNG_UP = 129
"""Return code of a program whose terminal went away: 128 + SIGHUP, as shells write it."""


def driver_class() -> type[Driver] | None:
    """The driver for `App(driver_class=…)`; None, which is Textual's own choice, off Linux and where one is set."""
    if sys.platform != "linux" or os.environ.get("TEXTUAL_DRIVER"):
        return None
    from qunguan.tui.linux_driver import QuickDriver

    return QuickDriver
