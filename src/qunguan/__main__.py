"""The door: no arguments opens the screens; anything else is the command line."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

    from qunguan.domain.clock import Clock


def main() -> int:
    """Run qunguan and return its exit status: 0 done, 1 the data or the request is wrong, 2 wrong usage."""
    from qunguan.cli.door import run

    sys.excepthook = _crashed
    return run(sys.argv[1:], _screens)


def _crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    from qunguan.services.crash import hook

    hook(kind, error, trace)


def _screens(db: Path | None, clock: Clock) -> int:
    """Open the screens; Textual reads the environment once, so it is prepared first.

    What is imported and made until the first rows are there is no garbage, and looking for some would cost a sixth of
    the start: the app turns the collector on again.
    """
    gc.disable()
    from qunguan.tui.environment import prepare_environment

    prepare_environment()
    from qunguan.tui.app import run_app

    return run_app(db, clock)


if __name__ == "__main__":
    sys.exit(main())
