"""The process around the screens: what Textual reads once, when it is first imported, and what the start leaves."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

_SETTINGS = {
    # Under the kitty protocol five Hanzi committed at once by an input method arrive as garbage (speed 5).
    "TEXTUAL_DISABLE_KITTY_KEY": "1",
    # Each further step of an update waits for the next frame slot; half as long is felt when typing (speed 4).
    "TEXTUAL_FPS": "120",
    # Milliseconds until a lone Esc is the Esc key; needs `driver.driver_class` to take effect.
    "ESCDELAY": "25",
}
_LATER = ("hashlib", "importlib.metadata", "ipaddress")
"""Libraries import them for what the screens seldom ask or never: digests, which bring OpenSSL, dialects of SQL by
name, addresses in brackets. 5 MiB.
"""


def prepare_environment() -> None:
    """Set our defaults where the user has not said otherwise. Imports next to nothing, so it may come first of all.

    The screens speak to nobody: asyncio does without `ssl` as it does where Python was built without, and the start
    without 6 ms and 2 MiB.
    """
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    sys.modules.setdefault("ssl", None)  # type: ignore[arg-type]  # what an import takes for "there is none"
    for name in _LATER:
        _import_later(name)


def keep_what_the_start_made() -> None:
    """It stays for good: later collections need not look at it. What it dropped goes."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.collect()  # so that the next full collection comes by what is made from now on


class Sweep:
    """Widgets refer to each other, so what is closed goes with a full collection: one for all rooms of a second."""

    def __init__(self) -> None:
        self._due = False

    def soon(self, set_timer: Callable[[float, Callable[[], None]], object]) -> None:
        """Collect in a second, by a timer made of seconds and what to do; nothing more while one is on its way."""
        if not self._due:
            self._due = True
            set_timer(1.0, self._collect)

    def _collect(self) -> None:
        self._due = False
        gc.collect()


def _import_later(name: str) -> None:
    """Put in the place of a module of the standard library one that is it as soon as something in it is asked for."""

    def asked(attribute: str) -> Any:
        if sys.modules.get(name) is stand_in:
            sys.modules.pop(name, None)  # another thread may ask as well
        return getattr(import_module(name), attribute)

    stand_in = ModuleType(name)
    stand_in.__getattr__ = asked  # type: ignore[method-assign]
    sys.modules.setdefault(name, stand_in)
