"""`qunguan reach`: who can be reached how if the group goes down, and the list to do it with."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qunguan.cli.command import Context, columns, known, verbs
from qunguan.cli.sources import Kind, file_argument, map_argument, read_table, rejected, rejected_lines
from qunguan.cli.table_file import write_out
from qunguan.domain.reach import Contact, Coverage, channel_typed, channels
from qunguan.domain.shares import percent
from qunguan.domain.sources import Brief
from qunguan.i18n import N_, _

if TYPE_CHECKING:
    from qunguan.domain.groups import Group
    from qunguan.domain.reach import ContactSheet
    from qunguan.exchange.readers.headers import Mapping
    from qunguan.exchange.readers.sheets import Sheet
    from qunguan.services.desk import Desk

_ORIGINS = {"told": N_("told to you"), "roster": N_("number of the roster"), "account": N_("account of the group")}
_NAMED = 20


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `reach`."""
    verb = verbs(parser)
    cover = verb("coverage", coverage, _("how many could be reached by which way, and who by none"))
    lists = verb("list", listing, _("the ways to members, refused ones among them"))
    lists.add_argument("--member", metavar="MEMBER", help=_("id, name or alias"))
    lists.add_argument("--channel", metavar="CHANNEL", help=", ".join(channels()))
    put = verb("import", take_in, _("contacts from a table: a line each, or a column for each channel"), writes=True)
    file_argument(put)
    map_argument(put)
    make = verb("add", add, _("note a way to a member"), writes=True)
    no = verb("refuse", refuse, _("note that a member does not want to be written to by a channel"), writes=True)
    for each in (make, no):
        each.add_argument("member", metavar="MEMBER", help=_("id, name or alias"))
        each.add_argument("channel", metavar="CHANNEL", help=", ".join(channels()))
    make.add_argument("value", metavar="VALUE", help=_("number, address or account"))
    stop = verb("end", end, _("a way that was told does not work any more"), writes=True)
    stop.add_argument("contact", type=int, metavar="NO", help=_("its number in the list"))
    out = verb("export", export, _("the reach list as a file: only ways that were not refused"))
    out.add_argument(
        "--to", type=Path, required=True, metavar="FILE", help=_("the file to write: .csv .xlsx .json .md")
    )
    out.add_argument("--channel", action="append", default=[], metavar="CHANNEL", help=_("only these channels"))
    out.add_argument("--outside", action="store_true", help=_("only ways that stand without the group's platform"))
    for each in (cover, lists, out):
        each.add_argument("--group", metavar="GROUP", help=_("without it the current group"))


def _group(context: Context, desk: Desk) -> Group:
    from qunguan.services import groups

    return desk.read(groups.find, context.options.group)


def coverage(context: Context) -> None:
    """Print the coverage. Raises NotFound."""
    from qunguan.services import reach

    with context.desk() as desk:
        found = desk.read(reach.coverage, context.clock, _group(context, desk).id)
    context.answer(document(found), _lines(found))


def document(found: Coverage) -> dict[str, Any]:
    """Coverage as JSON has it."""
    return {
        "group": {"id": found.group_id, "name": found.group, "platform": found.platform},
        "members": found.members,
        "channels": [
            {
                "channel": each.channel,
                "name": each.name,
                "n": each.n,
                "rate": each.rate,
                "refused": each.refused,
                "outside": each.outside,
            }
            for each in found.channels
        ],
        "reachable": found.reachable,
        "backup": {
            "n": found.backup,
            "rate": found.backup_rate,
            "target": None if found.target is None else found.target / 100,
            "met": found.met,
            "source": found.source,
        },
        "unreachable": {
            "n": len(found.unreachable),
            "members": [{"id": who, "name": name} for who, name in found.unreachable],
        },
        "left_alone": found.left_alone,
    }


def _lines(found: Coverage) -> Iterator[str]:
    yield _("{group}: {n} members; if the group goes down, {backup} can be reached on their own ground ({rate})",
            group=found.group, n=found.members, backup=found.backup, rate=percent(found.backup_rate))  # fmt: skip
    if found.target is not None:
        told = _("the target of {target} % is met") if found.met else _("the target is {target} %")
        yield "  " + told.format(target=found.target) + f" ({Brief(found.source)})"
    yield ""
    rows = [
        (each.name, each.n, percent(each.rate), known(each.refused or None), "●" if each.outside else "○")
        for each in found.channels
    ]
    yield from columns((_("channel"), _("people"), _("share"), _("refused"), _("own ground")), rows, right=(1, 2, 3))
    if found.left_alone:
        yield _("{n} asked not to be written to and are left out", n=found.left_alone)
    if found.unreachable:
        names = "、".join(name for _who, name in found.unreachable[:_NAMED])
        more = "…" if len(found.unreachable) > _NAMED else ""
        yield _("{n} cannot be reached at all: {names}", n=len(found.unreachable), names=names + more)


def listing(context: Context) -> None:
    """Print the ways to members. Raises BadInput, NotFound."""
    from qunguan.services import members, reach

    options = context.options
    with context.desk() as desk:
        if options.member:
            found = desk.read(reach.of_member, context.clock, desk.read(members.resolve, options.member))
        else:
            found = desk.read(reach.contacts, context.clock, _group(context, desk).id)
    if options.channel:
        wanted = channel_typed(options.channel).id
        found = tuple(one for one in found if one.channel == wanted)
    told = _table(found) if found else [_("No way is known yet")]
    context.answer({"contacts": list(map(_document, found))}, told)


def _document(one: Contact) -> dict[str, Any]:
    return {
        "id": one.id,
        "member": {"id": one.member_id, "name": one.name},
        "channel": one.channel,
        "value": one.value,
        "agreed": one.agreed,
        "origin": one.origin,
        "told_on": one.told_on,
    }


def _table(found: tuple[Contact, ...]) -> list[str]:
    header = ("#", _("member"), _("channel"), _("number or account"), _("consent"), _("where from"))
    rows = [
        (known(one.id), one.name, channels()[one.channel].name, one.shown, _("yes") if one.agreed else _("no"),
         _(_ORIGINS[one.origin]))
        for one in found
    ]  # fmt: skip
    return columns(header, rows, right=(0,))


def take_in(context: Context) -> None:
    """Import contacts. Raises BadInput."""
    from qunguan.services import reach

    with context.desk() as desk:
        sheet = _read(context, desk)
        done = context.write(desk, reach.import_contacts, sheet.rows)
    refused = sorted((*sheet.rejected, *done.rejected), key=lambda note: note.row)
    told = _("{added} new ways, {changed} changed, {already} known already", added=done.added, changed=done.changed,
             already=done.already)  # fmt: skip
    context.answer(
        {
            "added": done.added,
            "changed": done.changed,
            "already": done.already,
            "unresolved": rejected(done.unresolved),
            "rejected": rejected(refused),
            "skipped": rejected(sheet.skipped),
        },
        [told, *rejected_lines(sorted((*refused, *done.unresolved), key=lambda note: note.row))],
    )


def _read(context: Context, desk: Desk) -> ContactSheet:
    from qunguan.exchange.readers import words
    from qunguan.exchange.readers.reach import read_contacts
    from qunguan.exchange.readers.sheets import read_sheet

    def read(sheet: Sheet, mapping: Mapping | None) -> ContactSheet:
        return read_contacts(sheet, mapping)

    kind = Kind("reach", words.REACH, ("name", "channel", "value"))
    return read_table(context, desk, read_sheet(context.options.file), kind, read)


def add(context: Context) -> None:
    """Note a way. Raises BadInput, NotFound."""
    from qunguan.services import members, reach

    options = context.options
    channel = channel_typed(options.channel)
    with context.desk() as desk:
        member_id = desk.read(members.resolve, options.member)
        made = context.write(desk, reach.add, member_id, channel, options.value)
    context.answer(_document(made), [_("{name} can be reached by {channel}: {value}", name=made.name,
                                       channel=channel.name, value=made.shown)])  # fmt: skip


def refuse(context: Context) -> None:
    """Note a no. Raises BadInput, NotFound, Refused."""
    from qunguan.services import members, reach

    options = context.options
    channel = channel_typed(options.channel)
    with context.desk() as desk:
        member_id = desk.read(members.resolve, options.member)
        found = context.write(desk, reach.refuse, member_id, channel)
    line = _("{name} is not written to by {channel} any more", name=found[0].name, channel=channel.name)
    context.answer({"contacts": list(map(_document, found))}, [line])


def end(context: Context) -> None:
    """Take a way out. Raises NotFound."""
    from qunguan.services import reach

    with context.desk() as desk:
        gone = context.write(desk, reach.end, context.options.contact)
    line = _("{value} of {name} is taken out", value=gone.shown, name=gone.name)
    context.answer(_document(gone), [line])


def export(context: Context) -> None:
    """Write the reach list. Raises BadInput, NotFound, and what writing raises."""
    from qunguan.exchange.writers.reach import reach_table
    from qunguan.services import reach

    options = context.options
    only = [channel_typed(each).id for each in options.channel]
    with context.desk() as desk:
        group = _group(context, desk)
        found = desk.read(reach.reach_list, context.clock, group.id, only, outside=options.outside)
    write_out(context, reach_table(found, _("Reach list of {group}", group=group.name)))
