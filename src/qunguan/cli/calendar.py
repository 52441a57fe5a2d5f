"""`qunguan calendar`: what is to be done, as a file for the calendar of a phone."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from qunguan.cli.command import Context, verbs
from qunguan.cli.parser import day
from qunguan.domain.errors import BadInput
from qunguan.i18n import _


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `calendar`."""
    verb = verbs(parser)
    out = verb("export", export, _("write tasks and campaigns to an .ics file, so that the phone reminds"))
    told = _("the file, which ends in .ics; and --to with a date: the last day, without it 30 days on")
    out.add_argument("--to", action="append", required=True, metavar="FILE.ics|DATE", help=told)
    out.add_argument("--from", type=day, metavar="DATE", dest="first", help=_("the first day; without it today"))
    out.add_argument("--group", metavar="GROUP", help=_("without it every group"))


def export(context: Context) -> None:
    """Write the calendar. Raises BadInput for a name that does not end in .ics, and what writing raises."""
    from qunguan.exchange.writers.ics import write_calendar
    from qunguan.services import calendar_out, groups

    options = context.options
    path, last = _told(options.to)
    with context.desk() as desk:
        group = desk.read(groups.find, options.group) if options.group else None
        events = desk.read(calendar_out.events, context.clock, options.first, last, group.id if group else None)
    replaced = path.exists()
    write_calendar(path, group.name if group else _("qunguan"), events, context.clock.now())
    line = _("Wrote {n} entries to {path}", n=len(events), path=path)
    if replaced:
        line = _("Wrote {n} entries to {path}; the file that was there is replaced", n=len(events), path=path)
    hint = _("Next: send the file to your phone and open it there; sent again, it replaces what changed")
    context.answer({"path": str(path), "events": len(events), "replaced": replaced}, [line, hint])


def _told(given: list[str]) -> tuple[Path, date | None]:
    """The file and the last day, which share an option. Raises BadInput."""
    files = [text for text in given if text.lower().endswith(".ics")]
    days = [text for text in given if text not in files]
    if len(files) != 1 or len(days) > 1:
        raise BadInput("one file and at most one last day", where=" ".join(given), hint="--to 日历.ics --to 2026-03-31")
    return Path(files[0]), day(days[0]) if days else None
