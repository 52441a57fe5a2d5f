"""`qunguan demo`: look around in a community of 260 people without touching anything of your own."""

from __future__ import annotations

import argparse
from pathlib import Path

from qunguan.cli.command import Context
from qunguan.i18n import _


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """Where the copy goes, and whether to open it."""
    parser.add_argument("--to", type=Path, metavar="PATH", help=_("where to put the copy"))
    parser.add_argument("--no-ui", action="store_true", help=_("make the copy, print its path, and stop"))
    parser.set_defaults(command=demo)


def demo(context: Context) -> int:
    """Make a fresh copy of the sample; open the screens on it, or print its path."""
    from qunguan.services import demo as sample

    wanted: Path | None = context.options.to or context.db
    path = sample.make_copy(wanted or sample.default_path(), context.clock, replace=wanted is None)
    if context.options.no_ui or context.screens is None:
        context.answer({"path": str(path)}, [str(path)])
        return 0
    return context.screens(path, context.clock)
