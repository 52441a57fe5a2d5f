"""`qunguan export`: members, check-ins, the ledger or a board as CSV, XLSX, JSON or Markdown."""

from __future__ import annotations

import argparse
import calendar
import re
from datetime import date
from pathlib import Path

from qunguan.cli.command import Context, verbs
from qunguan.cli.parser import day
from qunguan.cli.table_file import write_out
from qunguan.domain.errors import BadInput
from qunguan.i18n import _


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """One verb for each thing that goes out."""
    verb = verbs(parser)
    people = _to(verb("members", members, _("the roster, as the import reads it"), as_of=True))
    people.add_argument("--group", metavar="GROUP", help=_("only this group"))
    records = _to(verb("checkins", checkins, _("the check-ins of a challenge, one a row"), as_of=True))
    ledger = _to(verb("points", points, _("the ledger, one entry a row"), as_of=True))
    for wanted in (records, ledger):
        wanted.add_argument("--month", type=month, metavar="YYYY-MM", help=_("only this month"))
    table = _to(verb("board", board, _("the board of a day"), as_of=True))
    table.add_argument("--day", type=day, metavar="DATE")
    for wanted in (records, table):
        wanted.add_argument("--challenge", metavar="C", help=_("id or name; without it the only one that runs"))


def _to(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--to", required=True, type=Path, metavar="FILE", help=_("a file that ends in .csv, .xlsx, "
                        ".json or .md; one that is there is replaced"))  # fmt: skip
    return parser


def month(text: str) -> tuple[date, date]:
    """The first and last day of a month such as 2026-03. Raises BadInput."""
    found = re.fullmatch(r"(\d{4})[-/.年]?(\d{1,2})月?", text.strip())
    if found is None or not (1 <= int(found[2]) <= 12 and int(found[1])):
        raise BadInput("{text} is not a month", hint="write it like 2026-03", text=text[:40])
    year, number = int(found[1]), int(found[2])
    return date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])


def members(context: Context) -> None:
    """Write the roster, those who left included; of a past day those who were there."""
    from qunguan.services import groups, members_export
    from qunguan.services import members as service

    with context.desk() as desk:
        group = desk.read(groups.find, context.options.group) if context.options.group else None
        group_id, title = (group.id, group.name) if group else (None, "")
        there = True if context.as_of else None
        ids = desk.read(service.view_ids, group_id=group_id, present=there, as_of=context.as_of)
        table = desk.read(members_export.member_table, ids, group_id, title)
    write_out(context, table)


def checkins(context: Context) -> None:
    """Write the records of a challenge."""
    from qunguan.exchange.writers.checkins import checkins_table
    from qunguan.services import checkins as service
    from qunguan.services import exports

    with context.desk() as desk:
        found = desk.read(service.find, context.clock, context.options.challenge)
        lines = desk.read(exports.checkins, found.id, *_span(context))
    write_out(context, checkins_table(lines, found.name))


def points(context: Context) -> None:
    """Write the ledger."""
    from qunguan.exchange.writers.ledger import ledger_table
    from qunguan.services import exports

    with context.desk() as desk:
        lines = desk.read(exports.ledger, *_span(context))
    write_out(context, ledger_table(lines, _("Points")))


def board(context: Context) -> None:
    """Write the board of a day."""
    from qunguan.exchange.writers.checkins import board_table
    from qunguan.services import checkins as service

    when = context.options.day or context.as_of
    with context.desk() as desk:
        found = desk.read(service.find, context.clock, context.options.challenge)
        shown = desk.read(service.board, context.clock, found.id, when)
    write_out(context, board_table(shown))


def _span(context: Context) -> tuple[date | None, date | None]:
    """The days asked for: --month, cut off at --as-of."""
    first, last = context.options.month or (None, None)
    ends = [each for each in (last, context.as_of) if each is not None]
    return first, min(ends, default=None)
