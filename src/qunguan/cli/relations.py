"""`qunguan relation`: who can do what and who needs it, introductions, who brought whom, partners, thanks owed."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from qunguan.cli import relation_views as views
from qunguan.cli.command import Context, group_argument, verbs
from qunguan.cli.parser import day, row_limit, whole
from qunguan.cli.relation_answers import answers
from qunguan.cli.sources import Kind, file_argument, map_argument, read_table, rejected, rejected_lines
from qunguan.domain.relations import KINDS, OUTCOMES
from qunguan.i18n import _, ngettext

if TYPE_CHECKING:
    from qunguan.domain.relations import NoteSheet
    from qunguan.exchange.readers.headers import Mapping
    from qunguan.exchange.readers.sheets import Sheet
    from qunguan.services.desk import Desk

_PAGE = 50
_TREES = 20


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `relation`."""
    verb = verbs(parser)
    for name, text in (("skill", _("note what a member can do")), ("need", _("note what a member needs"))):
        make = verb(name, note, text, writes=True)
        _member(make)
        make.add_argument("text", metavar="TEXT", help=_("a few words: photos of children"))
        make.add_argument("--note", default="", metavar="TEXT", help=_("what else is to know of it"))
    take = verb("import", take_in, _("skills and needs from a table: 昵称, 技能, 需求"), writes=True)
    file_argument(take)
    map_argument(take)
    gone = verb("drop", drop, _("take out a skill or need that does not hold any more"), writes=True)
    gone.add_argument("note", type=whole, metavar="NO", help=_("its number in the list"))
    lists = verb("list", listing, _("what members can do and need"), as_of=True)
    lists.add_argument("--kind", choices=KINDS, help=_("only those of this kind"))
    match = verb("match", matching, _("the open needs, each with who may help and why"), as_of=True)
    for each in (lists, match):
        each.add_argument("--member", metavar="MEMBER", help=_("only of this member"))
    match.add_argument("--limit", type=row_limit, default=_PAGE, metavar="N", help=_("at most so many; 0 is all"))
    _introductions(verb)
    tree = verb("tree", trees, _("who brought whom: the biggest trees, or that of one member"), as_of=True)
    tree.add_argument("member", nargs="?", metavar="MEMBER", help=_("whose tree; without it the biggest ones"))
    tree.add_argument("--limit", type=row_limit, default=_TREES, metavar="N", help=_("at most so many; 0 is all"))
    talk = verb("answers", answers, _("who answers whom in the chats, who connects, whom nobody answers"), as_of=True)
    talk.add_argument("member", metavar="MEMBER", nargs="?", help=_("only with whom this member talks"))
    talk.add_argument("--pairs", action="store_true", help=_("pair by pair, the most answers first"))
    talk.add_argument("--days", type=whole, metavar="N", help=_("so many days; without it as the rule says"))
    talk.add_argument("--limit", type=row_limit, default=_PAGE, metavar="N", help=_("at most so many; 0 is all"))
    partner = verb("partners", partners, _("co-creation partners and what they did"), as_of=True)
    owing = verb("thanks", thanks, _("who is to be thanked for what"), as_of=True)
    owing.add_argument("--said", action="store_true", help=_("the thanks that were said instead"))
    owe = verb("owe", noting, _("note that somebody is to be thanked"), writes=True)
    _member(owe)
    owe.add_argument("reason", metavar="REASON", help=_("what they are thanked for"))
    said = verb("thank", thanking, _("note that somebody was thanked for all that was owed"), writes=True)
    _member(said)
    said.add_argument("--how", default="", metavar="TEXT", help=_("in private, in the group, with a coupon …"))
    said.add_argument("--for", default="", dest="reason", metavar="REASON", help=_("for this besides"))
    for each in (lists, match, tree, talk, partner, owing):
        group_argument(each, _("a group by id or name; without it all of them"))
    for each in (owe, said):
        group_argument(each, _("a group by id or name; without it the one in hand"))


def _introductions(verb: Any) -> None:
    made = verb("introduce", introduce, _("note that two members were introduced, and print the words"), writes=True)
    made.add_argument("seeker", metavar="WHO_NEEDS", help=_("id, name or alias"))
    made.add_argument("giver", metavar="WHO_CAN", help=_("id, name or alias"))
    made.add_argument("--about", required=True, metavar="TEXT", help=_("what it is about: the need"))
    end = verb("outcome", outcome, _("what became of an introduction"), writes=True)
    end.add_argument("introduction", type=whole, metavar="NO", help=_("its number in the log"))
    end.add_argument("outcome", metavar="OUTCOME", help=", ".join(filter(None, OUTCOMES)) + " · " + _("or own words"))
    for each in (made, end):
        each.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    log = verb("log", history, _("the introductions and what came of them"), as_of=True)
    log.add_argument("--member", metavar="MEMBER", help=_("only of this member"))


def _member(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("member", metavar="MEMBER", help=_("id, name or alias"))


def _who(context: Context, desk: Desk, text: str | None) -> int | None:
    from qunguan.services import members

    return desk.read(members.resolve, text) if text else None


def note(context: Context) -> None:
    """Note a skill or a need. Raises BadInput, NotFound, Ambiguous."""
    from qunguan.services import members, relations

    options = context.options
    with context.desk() as desk:
        member_id = desk.read(members.resolve, options.member)
        made = context.write(desk, relations.note, member_id, options.verb, options.text, options.note)
    said = _("{name} can do: {text}") if made.kind == "skill" else _("{name} needs: {text}")
    context.answer(views.note(made), [said.format(name=made.name, text=made.text)])


def take_in(context: Context) -> None:
    """Import skills and needs. Raises BadInput."""
    from qunguan.services import relations

    with context.desk() as desk:
        sheet = _read(context, desk)
        done = context.write(desk, relations.import_notes, sheet.rows)
    refused = sorted((*sheet.rejected, *done.rejected), key=lambda each: each.row)
    document = {
        "added": done.added, "already": done.already, "unresolved": rejected(done.unresolved),
        "rejected": rejected(refused), "skipped": rejected(sheet.skipped),
    }  # fmt: skip
    told = _("{added} skills and needs are new, {already} were known", added=done.added, already=done.already)
    lines = rejected_lines(sorted((*refused, *done.unresolved), key=lambda each: each.row))
    context.answer(document, [told, *lines])


def _read(context: Context, desk: Desk) -> NoteSheet:
    from qunguan.exchange.readers import words
    from qunguan.exchange.readers.relations import read_notes
    from qunguan.exchange.readers.sheets import read_sheet

    def read(sheet: Sheet, mapping: Mapping | None) -> NoteSheet:
        return read_notes(sheet, mapping)

    kind = Kind("relations", words.RELATIONS, ("name", "skill"))
    return read_table(context, desk, read_sheet(context.options.file), kind, read)


def drop(context: Context) -> None:
    """Take a skill or need out. Raises NotFound."""
    from qunguan.services import relations

    with context.desk() as desk:
        gone = context.write(desk, relations.drop, context.options.note)
    context.answer(views.note(gone), [_("{text} of {name} is taken out", text=gone.text, name=gone.name)])


def listing(context: Context) -> None:
    """Print what members can do and need. Raises NotFound, Ambiguous."""
    from qunguan.services import relations

    options = context.options
    with context.desk() as desk:
        group_id = context.group_id(desk)
        as_of = context.past(desk, group_id)
        found = desk.read(relations.notes, context.clock, group_id, kind=options.kind, as_of=as_of)
        who = _who(context, desk, options.member)
    shown = [one for one in found if who in (None, one.member_id)]
    context.answer({"notes": list(map(views.note, shown))}, views.note_lines(shown))


def matching(context: Context) -> None:
    """Print the open needs with who may help. Raises NotFound, Ambiguous."""
    from qunguan.services import relation_matches

    options = context.options
    with context.desk() as desk:
        group_id = context.group_id(desk)
        who, as_of = _who(context, desk, options.member), context.past(desk, group_id)
        found = desk.read(relation_matches.matches, context.clock, group_id, member_id=who, as_of=as_of)
    shown = found[: options.limit or None]
    document = {"needs": len(found), "matches": list(map(views.match, shown))}
    more = len(found) - len(shown)
    tail = [ngettext("{n} more need: --limit 0", "{n} more needs: --limit 0", more)] if more else []
    context.answer(document, [*views.match_lines(shown), *tail])


def introduce(context: Context) -> None:
    """Note an introduction. Raises BadInput, NotFound, Ambiguous, Refused."""
    from qunguan.services import members, relations

    options = context.options
    with context.desk() as desk:
        seeker, giver = (desk.read(members.resolve, each) for each in (options.seeker, options.giver))
        made = context.write(desk, relations.introduce, seeker, giver, options.about, options.day)
        words = desk.read(relations.text, context.clock, seeker, giver, made.about)
    line = _("{giver} was introduced to {seeker}: {about}", giver=made.giver, seeker=made.seeker, about=made.about)
    document = {**views.introduction(made), "text": words.text, "missing": list(words.missing)}
    context.answer(document, [line, *views.words(words)])


def outcome(context: Context) -> None:
    """Say what became of an introduction. Raises BadInput, NotFound."""
    from qunguan.services import relations

    options = context.options
    with context.desk() as desk:
        done = context.write(desk, relations.settle, options.introduction, options.outcome, options.day)
    line = _("{giver} and {seeker}: {outcome}", giver=done.giver, seeker=done.seeker, outcome=done.state)
    context.answer(views.introduction(done), [line])


def history(context: Context) -> None:
    """Print the log of introductions. Raises NotFound, Ambiguous."""
    from qunguan.services import relations

    with context.desk() as desk:
        who, as_of = _who(context, desk, context.options.member), context.past(desk)
        found = desk.read(relations.introductions, context.clock, member_id=who, as_of=as_of)
    context.answer({"introductions": list(map(views.introduction, found))}, views.introduction_lines(found))


def trees(context: Context) -> None:
    """Print the biggest trees, or one member's. Raises NotFound, Ambiguous."""
    from qunguan.services import relation_tree

    options = context.options
    most = options.limit or 10**9
    with context.desk() as desk:
        group_id = context.group_id(desk)
        as_of, who = context.past(desk, group_id), _who(context, desk, options.member)
        if who is not None:
            lines = desk.read(relation_tree.tree, context.clock, who, group_id, as_of, 25 * most)
            context.answer({"tree": list(map(views.branch, lines))}, views.branch_lines(lines))
            return
        found = desk.read(relation_tree.trees, context.clock, group_id, as_of, most)
    context.answer(views.trees(found), views.tree_lines(found))


def partners(context: Context) -> None:
    """Print the partners. Raises NotFound, Ambiguous."""
    from qunguan.services import relations

    with context.desk() as desk:
        group_id = context.group_id(desk)
        found = desk.read(relations.partners, context.clock, group_id, context.past(desk, group_id))
    context.answer({"partners": list(map(views.partner, found))}, views.partner_lines(found))


def thanks(context: Context) -> None:
    """Print who is to be thanked, or who was. Raises NotFound, Ambiguous."""
    from qunguan.services import relation_thanks

    with context.desk() as desk:
        group_id = context.group_id(desk)
        as_of = context.past(desk, group_id)
        if context.options.said:
            said = desk.read(relation_thanks.thanked, context.clock, None, as_of)
            context.answer({"thanked": list(map(views.thanked, said))}, views.thanked_lines(said))
            return
        found = desk.read(relation_thanks.owed, context.clock, group_id, as_of)
    context.answer({"owed": list(map(views.owed, found))}, views.owed_lines(found))


def noting(context: Context) -> None:
    """Note thanks owed. Raises BadInput, NotFound, Ambiguous."""
    from qunguan.services import members, relation_thanks

    options = context.options
    with context.desk() as desk:
        group, member_id = context.group(desk), desk.read(members.resolve, options.member)
        made = context.write(desk, relation_thanks.owe, member_id, options.reason, group.id)
    context.answer(views.owed(made), [_("{name} is to be thanked: {why}", name=made.name, why=made.why)])


def thanking(context: Context) -> None:
    """Note that somebody was thanked, and print the words. Raises BadInput, NotFound, Ambiguous, Refused."""
    from qunguan.services import members, relation_thanks

    options = context.options
    with context.desk() as desk:
        group, member_id = context.group(desk), desk.read(members.resolve, options.member)
        done = context.write(desk, relation_thanks.thank, member_id, options.how, options.reason, group.id)
        words = desk.read(relation_thanks.words, context.clock, member_id, [each.reason for each in done], group.id)
    line = _("{name} was thanked for: {why}", name=done[0].name, why=_("; ").join(each.reason for each in done))
    document = {"thanked": list(map(views.thanked, done)), "text": words.text, "missing": list(words.missing)}
    context.answer(document, [line, *views.words(words)])
