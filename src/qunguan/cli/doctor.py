"""`qunguan doctor`: is everything sound? Exit 1 when something is not."""

from __future__ import annotations

import argparse

from qunguan.cli.command import Context, columns
from qunguan.i18n import _


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """How deep to look."""
    parser.add_argument("--deep", action="store_true", help=_("read every page and compare every row with its seal"))
    parser.set_defaults(command=examine)


def examine(context: Context) -> int:
    """Print every check."""
    from qunguan.services import doctor

    with context.desk() as desk:
        checks = desk.read(doctor.check, deep=context.options.deep)
    ok = all(check.ok for check in checks)
    rows = [("✓" if check.ok else "✗", check.title, check.detail) for check in checks]
    document = {"ok": ok, "checks": [{"name": c.name, "ok": c.ok, "detail": c.detail} for c in checks]}
    context.answer(document, columns(("", _("check"), _("found")), rows))
    return 0 if ok else 1
