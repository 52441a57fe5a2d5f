"""`qunguan checkin`: a 接龙 in, history in, marks by hand, the board and who is missing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from qunguan.cli import checkin_views as views
from qunguan.cli.command import Context, verbs
from qunguan.cli.parser import day, whole
from qunguan.cli.sources import Kind, file_argument, map_argument, read_table, read_text
from qunguan.domain.checkin_outcomes import Board, Decision
from qunguan.domain.checkins import Mark
from qunguan.domain.errors import BadInput
from qunguan.i18n import N_, _

if TYPE_CHECKING:
    from qunguan.domain.challenges import Challenge
    from qunguan.domain.jielong import Jielong
    from qunguan.exchange.readers.headers import Mapping
    from qunguan.exchange.readers.history import CheckinHistory
    from qunguan.exchange.readers.sheets import Sheet
    from qunguan.services.desk import Desk


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `checkin`."""
    verb = verbs(parser)
    file_argument(verb("parse", parse_only, _("what a 接龙 says; needs no database")))
    rec = verb("record", record, _("check in everybody in a 接龙"), writes=True)
    file_argument(rec)
    _challenge(rec)
    rec.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    unknown = _("what becomes of unknown names; those like a known one stay open: --settle LINE=new")
    rec.add_argument("--new", choices=("skip", "create"), default="skip", help=unknown)
    rec.add_argument("--settle", type=_settled, action="append", default=[], metavar="LINE=WHO",
                     help=_("whose a doubtful line is: a member, new or skip"))  # fmt: skip
    told = verb("import", take_in, _("check-ins out of a spreadsheet, as it tells them"), writes=True)
    file_argument(told)
    _challenge(told)
    map_argument(told)
    told.add_argument("--year", type=whole, metavar="Y", help=_("the year of columns such as 3月1日"))
    told.add_argument("--points", action="store_true", help=_("let this history earn points"))
    one = verb("mark", mark, _("say what a member's day was"), writes=True)
    one.add_argument("member", metavar="MEMBER", help=_("id, name or alias"))
    _challenge(one)
    one.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    one.add_argument("--to", type=day, metavar="DATE", help=_("the last day of a range to freeze, excuse or clear"))
    one.add_argument("--state", required=True, choices=get_args(Mark))
    one.add_argument("--reason", default="", metavar="TEXT", help=_("why; a make-up without one is noted as made up"))
    for name, command, text in (
        ("board", board, _("everybody's day, streak, best and total")),
        ("missing", missing, _("who has not checked in")),
    ):
        look = verb(name, command, text, as_of=True)
        _challenge(look)
        look.add_argument("--day", type=day, metavar="DATE")
        look.add_argument("--text", action="store_true", help=_("as text for the group"))


def _challenge(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--challenge", metavar="C", help=_("id or name; without it the only one that runs"))


def _settled(text: str) -> tuple[int, str]:
    line, sign, who = text.replace("＝", "=").partition("=")
    if not (sign and line.strip().isdecimal() and len(line) < 7 and who.strip()):
        raise BadInput("{text} does not settle a line", hint="write it like 3=张三, 3=new or 3=skip", text=text[:40])
    return int(line), who.strip()


def parse_only(context: Context) -> int:
    """Print how a text is read. What is no 接龙 is exit 1."""
    from qunguan.exchange.readers.jielong import parse

    file = context.options.file
    found = parse(read_text(file))
    if found.is_jielong or context.json:
        context.answer(views.parsed(found), views.parsed_lines(found))
    if not found.is_jielong:
        raise _not_one(file, found)
    return 0


def record(context: Context) -> None:
    """Record a 接龙. Doubtful lines are listed, never guessed."""
    from qunguan.exchange.readers.jielong import parse
    from qunguan.services import checkins, members

    options = context.options
    raw = read_text(options.file)
    jielong = parse(raw)
    if not jielong.is_jielong:
        raise _not_one(options.file, jielong)
    with context.progress(2) as stage, context.desk() as desk:
        stage(_("Reading the file"))
        found = _meant(context, desk)
        decisions = {line - 1: _decision(desk, who) for line, who in options.settle}
        stage(_("Writing"))
        done = context.write(
            desk, checkins.record, found.id, jielong, options.day, new=options.new, decisions=decisions, raw=raw
        )
        people = {c.member_id for doubt in (*done.new, *done.ambiguous) for c in doubt.candidates}
        names = desk.read(members.names, sorted(people))
    context.answer(
        views.recorded(done, names, rehearsed=context.dry_run), views.recorded_lines(done, names, found.name)
    )


def take_in(context: Context) -> None:
    """Import check-ins as they were told. Quotas do not judge them; they earn nothing unless --points says so."""
    from qunguan.exchange.readers import headers, words
    from qunguan.exchange.readers.history import NeedsYear, asked_for, read_checkin_history
    from qunguan.exchange.readers.sheets import read_sheet
    from qunguan.services import checkins

    options = context.options
    with context.progress(4) as stage, context.desk() as desk:
        stage(_("Reading the file"))
        found = _meant(context, desk)
        within = desk.read(checkins.days_told, desk.clock, found.id)

        def read(sheet: Sheet, mapping: Mapping | None) -> CheckinHistory:
            try:
                return read_checkin_history(sheet, year=options.year, within=within, mapping=mapping)
            except NeedsYear as refusal:
                hint = N_("say which year the first column belongs to: --year {year}")
                raise BadInput("the column {head} does not say its year", where=refusal.where, hint=hint,
                               head=refusal.head, year=desk.clock.now().year) from refusal  # fmt: skip

        sheet = read_sheet(options.file)
        header = headers.find(sheet, words.CHECKINS, needed=())[1].header
        history = read_table(context, desk, sheet, Kind("checkins", words.CHECKINS, asked_for(header)), read)
        stage(_("Comparing with what is there"))
        done = desk.rehearse(checkins.import_history, found.id, history, award=options.points)
        if done.recorded and not context.dry_run:
            stage(_("Making a backup"))
            desk.backup("import")
            stage(_("Writing"))
            done = desk.write(checkins.import_history, found.id, history, award=options.points)
    context.answer(views.told(done, history), views.told_lines(done, found.name, award=options.points))


def mark(context: Context) -> None:
    """Mark one day, or freeze, excuse or clear a range of days."""
    from qunguan.services import checkins, members

    options = context.options
    with context.desk() as desk:
        found = _meant(context, desk)
        member_id = desk.read(members.resolve, options.member)
        if options.to is None:
            done = context.write(
                desk, checkins.mark, found.id, member_id, options.day, options.state, reason=options.reason
            )
            context.answer(views.marked(done), views.marked_lines(done))
            return
        if options.day is None:
            raise BadInput("--to needs the first day too", hint="add --day DATE")
        ranged = context.write(
            desk, checkins.mark_range, found.id, [member_id], options.state, options.day, options.to,
            reason=options.reason,
        )  # fmt: skip
    line = _("{days} days marked; {kept} days with a check-in were left alone", days=ranged.days, kept=ranged.kept)
    context.answer({"members": ranged.members, "days": ranged.days, "kept": ranged.kept}, [line])


def board(context: Context) -> None:
    """Print the board of a day."""
    from qunguan.exchange.writers.boards import board_text

    found, limit = _board(context)
    text = board_text(found, limit) if context.options.text else None
    context.answer(views.board(found, text), text.split("\n") if text is not None else views.board_lines(found))


def missing(context: Context) -> None:
    """Print who is due and has not checked in."""
    from qunguan.exchange.writers.boards import missing_text

    found, limit = _board(context)
    text = missing_text(found, limit) if context.options.text else None
    lines = text.split("\n") if text is not None else views.missing_lines(found)
    context.answer(views.missing(found, text), lines)


def _board(context: Context) -> tuple[Board, int]:
    """The board asked for, and the longest text the group takes. Of a past day it is as of that day."""
    from qunguan.services import checkins, rules

    when = context.options.day or context.as_of
    if when and context.as_of and when > context.as_of:
        raise BadInput("{day} had not come yet on {as_of}", day=when, as_of=context.as_of)
    with context.desk() as desk:
        found = desk.read(checkins.board, context.clock, _meant(context, desk).id, when)
        return found, int(desk.read(rules.value, "board.text_limit"))


def _meant(context: Context, desk: Desk) -> Challenge:
    from qunguan.services import checkins

    return desk.read(checkins.find, context.clock, context.options.challenge)


def _decision(desk: Desk, who: str) -> Decision:
    from qunguan.services import members

    if who == "skip":
        return Decision(skip=True)
    return Decision(create=True) if who == "new" else Decision(member_id=desk.read(members.resolve, who))


def _not_one(file: str, found: Jielong) -> BadInput:
    why = _("; ").join(map(str, found.notes)) or _("no numbered list was found")
    where = _("standard input") if file == "-" else Path(file).name
    return BadInput("this is not a 接龙", where=where, hint="{why}", why=why)
