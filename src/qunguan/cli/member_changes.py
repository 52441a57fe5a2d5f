"""`qunguan member diff | merge | split | duplicates`: today's list of a group, entries that are one or two."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from qunguan.cli.command import Context, columns
from qunguan.cli.parser import day
from qunguan.cli.sources import Kind, file_argument, map_argument, read_table, rejected, rejected_lines
from qunguan.domain.errors import BadInput, Refused
from qunguan.domain.members_merge import FIELDS, THINGS, Merge
from qunguan.domain.members_roster_diff import LEFT_REASONS, DiffEntry, RosterDiff
from qunguan.domain.members_split import DUPLICATE_WHYS, Split
from qunguan.i18n import _, ngettext

if TYPE_CHECKING:
    from qunguan.domain.rosters import Roster
    from qunguan.services.desk import Desk

Verb = Callable[..., argparse.ArgumentParser]
_KINDS = ("joined", "left", "renamed")


def register(verb: Verb) -> None:
    """These verbs of `member`."""
    diff = verb("diff", compare, _("today's list of a group: who joined, who left, who has another name"), writes=True)
    file_argument(diff)
    map_argument(diff)
    diff.add_argument("--group", metavar="GROUP", help=_("a group by id or name; without it the current one"))
    diff.add_argument("--apply", action="store_true", help=_("take the differences over"))
    diff.add_argument("--only", type=_kinds, metavar="KIND,…", help=_("of joined, left and renamed only these"))
    reasons = ", ".join(LEFT_REASONS)
    diff.add_argument("--reason", default="unknown", help=_("why they left: {known}, or your own words", known=reasons))
    diff.add_argument("--day", type=day, metavar="DATE", help=_("the day of the list; without it today"))
    pair = _("two entries that are one person: KEPT:ROW of a suggestion, as member diff shows them")
    diff.add_argument("--same", action="append", default=[], metavar="MEMBER:ROW", help=pair)
    diff.add_argument("--yes", action="store_true", help=_("do not ask"))
    one = verb("merge", merge, _("make one of two members; all that the second has becomes the first's"), writes=True)
    one.add_argument("member", metavar="KEPT", help=_("id, name or alias"))
    one.add_argument("other", metavar="GONE", help=_("id, name or alias"))
    one.add_argument("--reason", default="", metavar="TEXT")
    two = verb("split", split, _("make two of one member: names and accounts go to a new one"), writes=True)
    two.add_argument("member", metavar="MEMBER", help=_("id, name or alias"))
    two.add_argument("--alias", action="append", default=[], metavar="TEXT", help=_("a name or ID that goes"))
    two.add_argument("--name", default="", metavar="NAME", help=_("what the new member is called"))
    two.add_argument("--phone", default="", metavar="PHONE", help=_("only orders with this phone go along"))
    verb("duplicates", duplicates, _("members who may be one person"))


def _kinds(text: str) -> list[str]:
    kinds = [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]
    for kind in kinds:
        if kind not in _KINDS:
            raise BadInput("{kind} is not one of: {known}", kind=kind[:40], known=", ".join(_KINDS))
    return kinds


def compare(context: Context) -> None:
    """Print what today's list says; with --apply take it over, after a backup."""
    from qunguan.services import groups, member_changes

    options = context.options
    with context.desk() as desk:
        group = desk.read(groups.find, options.group)
        roster = _read(context, desk)
        found = desk.read(member_changes.diff, context.clock, roster, group.id, day=options.day)
        wanted = [one.key for one in found.changes if options.only is None or one.kind in options.only]
        wanted += options.same
        if options.apply and wanted:
            if found.partial and not options.yes:
                raise Refused(
                    "the list has {listed} people, the group {present}: it looks like a part of it",
                    hint="get the whole list, or add --yes if it is whole", listed=found.listed, present=found.present,
                )  # fmt: skip
            if not context.dry_run:
                desk.backup("import")
            context.write(
                desk, member_changes.apply_diff, roster, group.id, wanted, day=options.day, reason=options.reason
            )
    applied = wanted if options.apply else []
    context.answer(_diff_document(found, applied), _diff_lines(found, applied))


def _read(context: Context, desk: Desk) -> Roster:
    from qunguan.domain.rosters import Roster
    from qunguan.exchange.readers.name_lines import read_list
    from qunguan.exchange.readers.rosters import read_roster, vocabulary
    from qunguan.exchange.readers.sheets import read_sheet

    found = read_sheet(context.options.file) if context.options.mapping else read_list(context.options.file)
    if isinstance(found, Roster):
        return found
    return read_table(context, desk, found, Kind("roster", vocabulary(found), ("name",)), read_roster)


def _diff_document(found: RosterDiff, applied: Sequence[str]) -> dict[str, Any]:
    kinds = ("joined", "left", "renamed", "same", "unclear", "suggested")
    return {
        "group": found.group,
        "listed": found.listed,
        "present": found.present,
        "partial": found.partial,
        **{kind: [_entry(one, applied) for one in getattr(found, kind)] for kind in kinds},
        "rejected": rejected(found.rejected),
    }


def _entry(one: DiffEntry, applied: Sequence[str]) -> dict[str, Any]:
    return {
        "key": one.key, "name": one.name, "was": one.was or None, "member_id": one.member_id, "row": one.row,
        "evidence": str(one.evidence), "applied": one.key in applied,
    }  # fmt: skip


def _diff_lines(found: RosterDiff, applied: Sequence[str]) -> Iterator[str]:
    yield _("{listed} in the list, {present} in {group}", listed=found.listed, present=found.present, group=found.group)
    if found.partial:
        yield _("The list looks like a part of the group only.")
    titles = {"joined": _("Joined"), "left": _("Left"), "renamed": _("Renamed"), "unclear": _("Not clear"),
              "suggested": _("Perhaps renamed")}  # fmt: skip
    for kind, title in titles.items():
        those = getattr(found, kind)
        if those:
            yield ""
            yield f"{title} ({len(those)})"
            rows = [
                (
                    one.key,
                    one.name if not one.was or one.was == one.name else f"{one.was} → {one.name}",
                    str(one.evidence),
                )
                for one in those
            ]
            yield from columns((_("key"), _("name"), _("because")), rows)
    yield ""
    yield ngettext("{n} is as they were", "{n} are as they were", len(found.same))
    yield from rejected_lines(found.rejected)
    if applied:
        yield ngettext("{n} difference was taken over", "{n} differences were taken over", len(applied))
    elif found.changes:
        yield _("Nothing is taken over yet: add --apply, with --only for some of it")


def _called(one: DiffEntry) -> str:
    return one.name if one.was in ("", one.name) else f"{one.was} → {one.name}"


def merge(context: Context) -> None:
    """Merge two members, or show what it would do."""
    from qunguan.services import member_changes, members

    with context.desk() as desk:
        kept = desk.read(members.resolve, context.options.member)
        gone = desk.read(members.resolve, context.options.other)
        done: Merge = context.write(desk, member_changes.merge, kept, gone, context.options.reason)
    document = {
        "kept": {"member_id": done.kept_id, "name": done.kept},
        "gone": {"member_id": done.gone_id, "name": done.gone},
        "moved": done.moved,
        "united": done.dropped,
        "conflicts": [{"field": one.field, "kept": one.kept, "gone": one.gone} for one in done.conflicts],
        "points": done.points,
        "balance": done.balance,
    }
    context.answer(document, _merge_lines(done))


def _merge_lines(done: Merge) -> Iterator[str]:
    yield _("{gone} (#{gone_id}) is {kept} (#{kept_id}) now", gone=done.gone, gone_id=done.gone_id, kept=done.kept,
            kept_id=done.kept_id)  # fmt: skip
    names = dict.fromkeys((*done.moved, *done.dropped))
    rows = [(_(THINGS[name]), done.moved.get(name, 0), done.dropped.get(name, 0)) for name in names]
    yield from columns((_("what"), _("went over"), _("both had")), rows, right=(1, 2))
    if done.points:
        yield _("{n} points went over; the balance is {balance}", n=done.points, balance=done.balance)
    for one in done.conflicts:
        yield _("{field}: {kept} stays, {gone} is kept too", field=_(FIELDS.get(one.field, one.field)), kept=one.kept,
                gone=one.gone)  # fmt: skip
    yield _("Not right? qunguan undo takes it back whole.")


def split(context: Context) -> None:
    """Split a member, or show what it would do."""
    from qunguan.services import member_changes, members

    options = context.options
    with context.desk() as desk:
        member_id = desk.read(members.resolve, options.member)
        done: Split = context.write(
            desk, member_changes.split, member_id, options.alias, name=options.name, phone=options.phone
        )
    document = {
        "from": {"member_id": done.from_id, "name": done.from_name},
        "member_id": done.member_id,
        "name": done.name,
        "aliases": list(done.taken),
        "speakers": done.speakers,
        "messages": done.messages,
        "orders": done.orders,
        "groups": done.stays,
    }
    lines = [
        _("{name} (#{id}) is a member of their own now, with: {taken}", name=done.name, id=done.member_id,
          taken=" / ".join(done.taken)),
        _("{messages} messages and {orders} orders went along", messages=done.messages, orders=done.orders),
        _("Check-ins, points and tags stayed with {name}: nothing says whose they were", name=done.from_name),
    ]  # fmt: skip
    context.answer(document, lines)


def duplicates(context: Context) -> None:
    """Print the pairs that may be one person."""
    from qunguan.services import member_changes

    with context.desk() as desk:
        found = desk.read(member_changes.duplicates)
    pairs = [
        {
            "kept": {"member_id": one.kept_id, "name": one.kept}, "gone": {"member_id": one.gone_id, "name": one.gone},
            "why": one.why, "detail": one.detail,
        }
        for one in found
    ]  # fmt: skip
    rows = [
        (f"#{one.kept_id} {one.kept}", f"#{one.gone_id} {one.gone}", _(DUPLICATE_WHYS[one.why], detail=one.detail))
        for one in found
    ]
    table = columns((_("stays"), _("goes"), _("because")), rows) if rows else [_("Nobody seems to be there twice.")]
    hint = [_("One person? qunguan member merge KEPT GONE")] if rows else []
    context.answer({"pairs": pairs}, [*table, *hint])
