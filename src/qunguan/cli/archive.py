"""`qunguan archive` and `unarchive`: everything out as open tables, and a new database of them."""

from __future__ import annotations

import argparse
from pathlib import Path

from qunguan.cli.command import Context
from qunguan.i18n import _, ngettext


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """One file, and for the way back a place for the new database."""
    if noun == "archive":
        parser.add_argument("file", type=Path, metavar="FILE.zip", help=_("where the archive goes"))
        parser.add_argument("--yes", action="store_true", help=_("do not ask"))
        parser.set_defaults(command=archive)
        return
    parser.add_argument("file", type=Path, metavar="FILE.zip", help=_("an archive that qunguan archive has written"))
    parser.add_argument("--to", type=Path, metavar="NEW.db", required=True, help=_("where the new database goes"))
    parser.set_defaults(command=unarchive)


def archive(context: Context) -> None:
    """Write everything to a ZIP, after asking where one is there already."""
    from qunguan.services import archive as archives

    target: Path = context.options.file
    if target.exists():
        context.confirm(_("Replace {path}?", path=target))
    with context.progress(1) as stage, context.desk() as desk:
        stage(_("Writing everything"))
        made = desk.read(archives.write, target)
    context.answer(
        {"path": str(target), "tables": len(made.sheets), "rows": made.rows, "digest": made.digest},
        [
            _("Wrote {n} rows to {path}", n=made.rows, path=target),
            _("It holds everybody's data in the clear: keep it where only you can read it"),
            _("Next: qunguan unarchive {path} --to NEW.db makes a database of it again", path=target),
        ],
    )


def unarchive(context: Context) -> None:
    """Make a new database of an archive."""
    from qunguan.services import archive as archives

    source, target = context.options.file, context.options.to
    with context.progress(1) as stage:
        stage(_("Reading the archive"))
        found = archives.restore(source, target, context.clock)
    context.answer(
        {"path": str(target), "tables": len(found.sheets), "rows": found.rows, "digest": found.digest},
        [
            ngettext("Made {path} of {n} row", "Made {path} of {n} rows", found.rows, path=target),
            _("Next: qunguan --db {path} opens it", path=target),
        ],
    )
