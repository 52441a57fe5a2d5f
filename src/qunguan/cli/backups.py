"""`qunguan backup`: make one, list them, put one back. The last two need no sound database."""

from __future__ import annotations

import argparse
from pathlib import Path

from qunguan.cli.command import Context, columns, verbs
from qunguan.i18n import _


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `backup`."""
    verb = verbs(parser)
    verb("make", make, _("make a verified backup"))
    verb("list", listing, _("the backups, newest first"))
    restore = verb("restore", put_back, _("put a backup in the place of the database; what it replaces is kept"))
    restore.add_argument("path", type=Path, metavar="PATH", help=_("a backup, or its name in the list"))
    restore.add_argument("--yes", action="store_true", help=_("do not ask"))


def make(context: Context) -> None:
    """Make a backup; where nothing changed since the newest, that one is the answer."""
    with context.progress(1) as stage, context.desk() as desk:
        stage(_("Making a backup"))
        made = desk.backup()
    context.answer({"path": str(made.path), "size": made.size}, [_("Backed up to {path}", path=made.path)])


def listing(context: Context) -> None:
    """Print the backups."""
    from qunguan.services.desk import database, list_backups

    found = list_backups(database(context.db))
    document = [
        {"path": str(b.path), "at": b.at, "reason": b.reason, "size": b.size, "verified": b.verified} for b in found
    ]
    header = (_("when (UTC)"), _("because of"), _("KiB"), _("checked"), _("name"))
    rows = [(f"{b.at:%Y-%m-%d %H:%M}", b.reason, b.size // 1024, "✓" if b.verified else "—", b.path.name)
            for b in found]  # fmt: skip
    context.answer({"backups": document}, columns(header, rows, right=(2,)))


def put_back(context: Context) -> None:
    """Restore after asking."""
    from qunguan.services.desk import database, list_backups, require_restorable, restore

    path, source = database(context.db), context.options.path
    named = {each.path.name: each.path for each in list_backups(path)}
    if not source.exists():
        source = named.get(str(source), source)
    if not context.options.yes:
        require_restorable(path, source)
    kept_first = _("The present file is kept as a backup first: go back to that one, and everything is as it is now.")
    context.confirm(f"{kept_first}\n{_('Replace {path} by {source}?', path=path, source=source)}")
    with context.progress(1) as stage:
        stage(_("Restoring"))
        kept = restore(path, source, context.clock)
    lines = [_("Restored {source}", source=source)]
    if kept:
        lines.append(_("What it replaced is kept as {path}", path=kept))
    context.answer({"path": str(path), "source": str(source), "kept": str(kept) if kept else None}, lines)
