"""`qunguan member`: the roster: import, list, add, show, edit, tag, leave, come back, forget."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qunguan.cli import member_changes
from qunguan.cli import member_views as views
from qunguan.cli.command import Context, columns, group_argument, known, verbs
from qunguan.cli.parser import day
from qunguan.cli.sources import Kind, file_argument, map_argument, read_table
from qunguan.domain.clock import Clock
from qunguan.domain.members import Birthday, Member
from qunguan.domain.tags import join_tags, split_tags
from qunguan.i18n import _

if TYPE_CHECKING:
    from qunguan.services.desk import Desk


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `member`."""
    verb = verbs(parser)
    take = verb("import", take_in, _("bring the members in line with a roster file"), writes=True)
    file_argument(take)
    map_argument(take)
    _group(take)
    lists = verb("list", listing, _("the members, or those a search finds"), as_of=True)
    lists.add_argument("--search", metavar="TEXT", help=_("name, alias, pinyin, initials, phone tail or tag"))
    lists.add_argument("--present", action="store_true", help=_("only those who have not left"))
    _group(lists)
    new = verb("add", add, _("add a member"), writes=True)
    new.add_argument("name", metavar="NAME")
    new.add_argument("--joined", type=day, metavar="DATE", help=_("the day they joined"))
    new.add_argument("--tag", action="append", default=[], metavar="TAG", help=_("a tag, or category:tag"))
    _particulars(new)
    _group(new)
    card = verb("show", show_card, _("one page with everything about a member, as of any day"), as_of=True)
    _member(card)
    card.add_argument("--reveal", action="store_true", help=_("the phone in full, not masked"))
    form = card.add_mutually_exclusive_group()
    form.add_argument("--text", action="store_true", help=_("a private text to send to the member"))
    form.add_argument("--markdown", action="store_true", help=_("the whole page as Markdown"))
    change = verb("edit", edit, _("change a member; the old name stays as an alias"), writes=True)
    _member(change)
    change.add_argument("--name")
    change.add_argument("--nick", metavar="NAME", help=_("the name in the group"))
    _particulars(change)
    roles = _("owner, admin, co_creator or your own words; none takes it off")
    change.add_argument("--role", metavar="ROLE", help=roles)
    _group(change)
    for name, command, text in (
        ("tag", put_tag, _("put a tag on a member")),
        ("untag", take_tag, _("take a tag off a member")),
    ):
        tagging = verb(name, command, text, writes=True)
        _member(tagging)
        tagging.add_argument("tag", metavar="TAG", help=_("a tag, or category:tag"))
    for name, command, text in (
        ("leave", leave, _("a member has left the group")),
        ("rejoin", rejoin, _("a member is in the group, again or for the first time")),
    ):
        moving = verb(name, command, text, writes=True)
        _member(moving)
        moving.add_argument("--day", type=day, metavar="DATE")
        if name == "leave":
            moving.add_argument("--reason", default="", metavar="TEXT")
        _group(moving)
    member_changes.register(verb)
    forget = verb("erase", erase, _("forget who a member is, for good; their numbers stay"))
    _member(forget)
    forget.add_argument("--yes", action="store_true", help=_("do not ask"))


def _member(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("member", metavar="MEMBER", help=_("id, name or alias"))


def _group(parser: argparse.ArgumentParser) -> None:
    group_argument(parser, _("a group by id or name; without it the current one"))


def _particulars(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--phone")
    parser.add_argument("--birthday", type=_birthday, metavar="DATE", help=_("like 1990-03-05, 3月5日 or 农历三月初五"))
    parser.add_argument("--channel", metavar="TEXT", help=_("where they came from"))
    parser.add_argument("--note", metavar="TEXT")


def _birthday(text: str) -> Birthday:
    from qunguan.exchange.readers.birthdays import birthday_cell

    return birthday_cell(text)


def _given(context: Context) -> dict[str, Any]:
    names = ("name", "phone", "birthday", "channel", "note")
    given = {name: getattr(context.options, name) for name in names}
    return {name: value for name, value in given.items() if value is not None}


def take_in(context: Context) -> None:
    """Import a roster: a verified backup first when it will change something; twice changes nothing."""
    from qunguan.exchange.readers.rosters import read_roster, vocabulary
    from qunguan.exchange.readers.sheets import read_sheet
    from qunguan.services import groups, members

    options = context.options
    with context.progress(4) as stage, context.desk() as desk:
        stage(_("Reading the file"))
        group = desk.read(groups.find, options.group)
        sheet = read_sheet(options.file)
        roster = read_table(context, desk, sheet, Kind("roster", vocabulary(sheet), ("name",)), read_roster)
        stage(_("Comparing with the members"))
        preview = desk.read(members.preview, context.clock, roster, group.id)
        if not context.dry_run and (preview.new or preview.changed):
            stage(_("Making a backup"))
            desk.backup("import")
            stage(_("Writing"))
            desk.write(members.apply, roster, group.id, source=Path(options.file).name)
    context.answer(views.import_document(preview, roster, group.name), views.import_lines(preview, context.dry_run))


def listing(context: Context) -> None:
    """Print the members."""
    from qunguan.services import members, segments

    options = context.options
    with context.desk() as desk:
        group_id = context.group_id(desk)
        found = desk.read(
            members.list_members,
            search=options.search,
            group_id=group_id,
            present_only=options.present,
            as_of=context.as_of,
        )
        by_rule = desk.read(segments.rule_tags, context.clock, context.as_of, [each.id for each in found])
    header = (_("id"), _("name"), _("also"), _("joined on"), _("left on"), _("tags"))
    rows = [(m.id, m.name, " / ".join(m.aliases[:3]), known(m.joined_on), m.left_on or "",
             join_tags((*m.tags, *by_rule.get(m.id, ()))))
            for m in found]  # fmt: skip
    document = {"members": [views.listing_document(each, by_rule.get(each.id, ())) for each in found]}
    context.answer(document, columns(header, rows, right=(0,)))


def add(context: Context) -> None:
    """Add a member to the group."""
    from qunguan.services import groups, members

    options = context.options
    with context.desk() as desk:
        group = desk.read(groups.find, options.group)
        person = context.write(
            desk,
            members.add,
            group_id=group.id,
            joined_on=options.joined or context.clock.today(group.day_rule),
            tags=[tag for text in options.tag for tag in split_tags(text)],
            **_given(context),
        )
    line = _("Added {name} (#{id}) to {group}", name=person.name, id=person.id, group=group.name)
    context.answer({"id": person.id, "name": person.name}, [line])


def show_card(context: Context) -> None:
    """Print one member on one page: for the owner, as JSON, as Markdown, or as a text for the member."""
    from qunguan.exchange.writers.cards import card_markdown, card_text
    from qunguan.services import profiles, rules

    options, reveal = context.options, context.options.reveal
    with context.desk() as desk:
        member_id = _meant(context, desk)
        page = desk.read(profiles.page, context.clock, member_id, context.as_of)
        if options.text and not context.json:
            limit = int(desk.read(rules.value, "board.text_limit"))
            context.answer({}, card_text(page, limit).splitlines())
        elif options.markdown and not context.json:
            context.answer({}, card_markdown(page, reveal=reveal).splitlines())
        else:
            why = desk.read(profiles.reasons, context.clock, member_id, context.as_of)
            context.answer(views.page_document(page, why, reveal=reveal), views.page_lines(page, reveal=reveal))


def edit(context: Context) -> None:
    """Change what is given; the rest stays. Name and nickname together are one step."""
    from qunguan.services import groups, members

    nick, role = context.options.nick, context.options.role

    def change(session: Any, clock: Clock, member_id: int) -> Member:
        """What was typed, in one step: particulars, then the name and the part in the group."""
        person = members.edit(session, clock, replace(members.get(session, member_id), **_given(context)))
        if nick is not None:
            members.set_alias(session, clock, member_id, "nick", nick)
        if role is not None:
            group = groups.find(session, context.options.group)
            members.set_role(session, clock, member_id, group.id, "" if role.casefold() == "none" else role)
        return person

    with context.desk() as desk:
        person = context.write(desk, change, _meant(context, desk))
    context.answer({"member": person}, [_("Changed {name} (#{id})", name=person.name, id=person.id)])


def put_tag(context: Context) -> None:
    """Put a tag on a member."""
    _retag(context, "tag", _("{name} has the tag {tag} now"))


def take_tag(context: Context) -> None:
    """Take a tag off a member."""
    _retag(context, "untag", _("{name} does not have the tag {tag} now"))


def _retag(context: Context, service: str, line: str) -> None:
    from qunguan.services import members

    category, _colon, name = context.options.tag.replace("：", ":").rpartition(":")
    with context.desk() as desk:
        person = desk.read(members.get, _meant(context, desk))
        count = context.write(desk, getattr(members, service), [person.id], name.strip(), category.strip())
    document = {"member_id": person.id, "name": person.name, "tag": context.options.tag, "changed": bool(count)}
    context.answer(document, [line.format(name=person.name, tag=context.options.tag)])


def leave(context: Context) -> None:
    """Let a member leave the group."""
    _move(context, "leave", _("{name} has left {group}. What they did stays."))


def rejoin(context: Context) -> None:
    """Let a member back into the group."""
    _move(context, "rejoin", _("{name} is in {group} now"))


def _move(context: Context, service: str, line: str) -> None:
    from qunguan.services import groups, members

    with context.desk() as desk:
        group = desk.read(groups.find, context.options.group)
        person = desk.read(members.get, _meant(context, desk))
        when = context.options.day or context.clock.today(group.day_rule)
        said = {"reason": context.options.reason} if service == "leave" else {}
        context.write(desk, getattr(members, service), person.id, group.id, when, **said)
    document = {"member_id": person.id, "name": person.name, "group": group.name, "day": when}
    context.answer(document, [line.format(name=person.name, group=group.name)])


def erase(context: Context) -> None:
    """Forget a person after asking: this one change cannot be undone."""
    from qunguan.services import members

    with context.desk() as desk:
        person = desk.read(members.get, _meant(context, desk))
        context.confirm(_("Forget {name} (#{id}) for good? This cannot be undone.", name=person.name, id=person.id))
        nobody = desk.write(members.erase, person.id)
    said = _("Forgotten. Check-ins and points stay under {name}.", name=nobody.name)
    hint = _("Backups made before still know them: qunguan backup list")
    context.answer({"member_id": nobody.id, "name": nobody.name}, [said, hint])


def _meant(context: Context, desk: Desk) -> int:
    from qunguan.services import members

    return desk.read(members.resolve, context.options.member)
