"""`qunguan referral`: the fission book — who took the task, who brought whom, what counts and what is owed."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from qunguan.cli import referral_views as views
from qunguan.cli.command import Context, verbs
from qunguan.cli.parser import day
from qunguan.cli.sources import Kind, file_argument, map_argument, read_table
from qunguan.i18n import _

if TYPE_CHECKING:
    from qunguan.domain.campaigns import Campaign
    from qunguan.exchange.readers.headers import Mapping
    from qunguan.exchange.readers.invites import InviteSheet
    from qunguan.exchange.readers.sheets import Sheet
    from qunguan.services.desk import Desk


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `referral`."""
    verb = verbs(parser)
    put = verb("import", take_in, _("who brought whom, from a table or from lines"), writes=True)
    file_argument(put)
    map_argument(put)
    put.add_argument("--campaign", default="", metavar="C", help=_("without it the one that is going on"))
    put.add_argument("--new", choices=("create", "skip"), default="create",
                     help=_("what becomes of people nobody is like"))  # fmt: skip
    for name, command, text in (
        ("show", show, _("the book of a campaign: who counts, K, who stayed, what it cost")),
        ("due", due, _("what was earned and not handed out yet")),
    ):
        _which(verb(name, command, text, as_of=name == "show"))
    took = _which(verb("take", take, _("note who took the task"), writes=True), optional=False)
    took.add_argument("member", nargs="+", metavar="MEMBER", help=_("id, name or alias"))
    one = _which(verb("add", add, _("note one invitation"), writes=True), optional=False)
    one.add_argument("inviter", metavar="INVITER", help=_("id, name or alias"))
    one.add_argument("invitee", metavar="INVITEE", help=_("id, name or alias"))
    for each in (took, one):
        each.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    _which(verb("gather", gather, _("take in the joinings whose inviter the chats told"), writes=True))
    give = _which(verb("handout", hand_out, _("hand out what is due; points go into the ledger"), writes=True))
    give.add_argument("--cost", type=views.fen, default=0, metavar="YUAN", help=_("what one piece costs"))
    verb("list", listing, _("the campaigns of invitations"))


def _which(parser: argparse.ArgumentParser, *, optional: bool = True) -> argparse.ArgumentParser:
    told = _("a campaign by id or name; without it the one that is going on")
    parser.add_argument("campaign", nargs="?" if optional else None, default="", metavar="C",
                        help=told if optional else _("a campaign by id or name"))  # fmt: skip
    return parser


def _drive(context: Context, desk: Desk) -> Campaign:
    from qunguan.services import referrals

    return desk.read(referrals.one_drive, context.options.campaign)


def take_in(context: Context) -> None:
    """Import invitations. Raises BadInput, NotFound, Refused."""
    from qunguan.services import groups, referrals

    with context.desk() as desk:
        found = _drive(context, desk)
        told = _read(context, desk, desk.read(groups.get, found.group_id).timezone)
        create = context.options.new == "create"
        done = context.write(desk, referrals.import_invites, found.id, told.rows, create=create)
    rejected = (*told.rejected, *done.rejected)
    context.answer(views.told_document(done, rejected), views.told_lines(found, done, rejected))


def _read(context: Context, desk: Desk, zone: str) -> InviteSheet:
    from qunguan.exchange.readers import words
    from qunguan.exchange.readers.decode import read_bytes
    from qunguan.exchange.readers.invites import lines_in, read_invites
    from qunguan.exchange.readers.sheets import sheet_from_bytes

    data = read_bytes(context.options.file)
    sheet = sheet_from_bytes(data, context.options.file)
    lines = lines_in(data, sheet, zone)
    if lines is not None:
        return lines

    def read(sheet: Sheet, mapping: Mapping | None) -> InviteSheet:
        return read_invites(sheet, zone, mapping)

    return read_table(context, desk, sheet, Kind("invites", words.INVITES, ("inviter", "invitee")), read)


def show(context: Context) -> None:
    """Print the book of a campaign."""
    from qunguan.services import referrals

    with context.desk() as desk:
        found = _drive(context, desk)
        book = desk.read(referrals.book, context.clock, found.id, context.as_of)
    context.answer(views.book_document(book), views.book_lines(book))


def due(context: Context) -> None:
    """Print what is owed."""
    from qunguan.services import referrals

    with context.desk() as desk:
        found = _drive(context, desk)
        owed = desk.read(referrals.due, context.clock, found.id)
    context.answer({"due": [views.due_document(each) for each in owed]}, views.due_lines(owed))


def hand_out(context: Context) -> None:
    """Hand out what is owed."""
    from qunguan.services import referrals

    with context.desk() as desk:
        found = _drive(context, desk)
        done = context.write(desk, referrals.hand_out, found.id, cost_fen=context.options.cost)
    line = _("Handed out {n}; points are in the ledger", n=len(done)) if done else _("Nothing is due")
    context.answer({"handed": [views.due_document(each) for each in done]}, [line, *views.due_lines(done)[:-1]])


def take(context: Context) -> None:
    """Note who took the task."""
    from qunguan.services import referrals

    with context.desk() as desk:
        found = _drive(context, desk)
        new = context.write(desk, referrals.take, found.id, context.options.member, context.options.day)
    context.answer({"new": new}, [_("{n} more took the task of {name}", n=new, name=found.name)])


def add(context: Context) -> None:
    """Note one invitation."""
    from qunguan.services import referrals

    options = context.options
    with context.desk() as desk:
        found = _drive(context, desk)
        done = context.write(desk, referrals.add, found.id, options.inviter, options.invitee, options.day)
    context.answer(views.told_document(done, ()), views.told_lines(found, done, ()))


def gather(context: Context) -> None:
    """Take in the joinings whose inviter is known."""
    from qunguan.services import referrals

    with context.desk() as desk:
        found = _drive(context, desk)
        done = context.write(desk, referrals.gather, found.id)
    context.answer(views.told_document(done, ()), views.told_lines(found, done, ()))


def listing(context: Context) -> None:
    """Print the campaigns of invitations."""
    from qunguan.services import referrals

    with context.desk() as desk:
        found = desk.read(referrals.drives)
        books = [desk.read(referrals.book, context.clock, each.id) for each in found]
    document: dict[str, Any] = {"drives": [views.book_document(each) for each in books]}
    context.answer(document, views.drive_lines(found, books))
