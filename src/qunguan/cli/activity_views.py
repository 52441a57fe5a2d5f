"""Chat activity as the command line prints it: JSON documents with stable keys, and lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from qunguan.cli.command import columns, jsonable, known
from qunguan.domain.activity import FORMAT_NAMES, ChatInfo, Speaker
from qunguan.domain.activity_chains import ChainFound
from qunguan.domain.activity_outcomes import (
    ActivityImported,
    ActivitySummary,
    ChainRecorded,
    FileImported,
    ImportRow,
)
from qunguan.domain.rosters import RowNote
from qunguan.i18n import _, ngettext
from qunguan.values import frozen

if TYPE_CHECKING:
    from qunguan.domain.activity_counts import ActivityCounts

_SHOWN = 20  # members and days in the table for people
_REJECTIONS = 5
_CHAINS = 5


@frozen
class ReadFile:
    """One export that was read."""

    name: str
    info: ChatInfo


def parsed(files: Sequence[ReadFile], counts: ActivityCounts) -> dict[str, Any]:
    """What exports say."""
    chats = list(dict.fromkeys(chat for file in files for chat in file.info.chats))
    return {
        "format": _format(file.info.format for file in files),
        "chat": chats[0] if len(chats) == 1 else None,
        "chats": chats,
        "first": counts.first,
        "last": counts.last,
        "messages": counts.messages,
        "system": counts.system,
        "recalled": counts.recalled,
        "joins": len(counts.joins),
        "leaves": counts.leaves,
        "undated": counts.undated,
        "duplicates_skipped": counts.duplicates_skipped,
        "by_day": _by_day(counts.by_day),
        "by_hour": _by_hour(counts.by_hour),
        "by_member": [
            {"kind": m.speaker.kind, "key": m.speaker.id, "name": m.speaker.name, "messages": m.messages}
            for m in counts.by_member
        ],
        "by_media": counts.by_media,
        "joined": [
            {"at": j.at, "name": j.speaker.name or j.speaker.id, "inviter": _who(j.inviter)} for j in counts.joins
        ],
        "notes": [str(note) for file in files for note in file.info.notes],
        "files": [
            _file(file.name, file.info.format, file.info.encoding, file.info.rejected, file.info.rejections)
            for file in files
        ],
    }


def _format(formats: Iterable[str]) -> str:
    several = set(formats)
    return several.pop() if len(several) == 1 else "mixed"


def _by_day(days: dict[date, int]) -> dict[str, int]:
    return {day.isoformat(): messages for day, messages in days.items()}


def _by_hour(hours: dict[int, int]) -> dict[str, int]:
    return {f"{hour:02}": messages for hour, messages in hours.items()}


def _file(name: str, form: str, encoding: str, rejected: int, rejections: Iterable[RowNote]) -> dict[str, Any]:
    return {
        "file": name,
        "format": form,
        "encoding": encoding,
        "rejected": rejected,
        "rejections": [{"line": note.row, "reason": str(note.reason)} for note in rejections],
    }


def _who(speaker: Speaker | None) -> str | None:
    return (speaker.name or speaker.id) if speaker else None


def parsed_lines(files: Sequence[ReadFile], counts: ActivityCounts) -> Iterator[str]:
    """The same for people."""
    for file in files:
        chats = "、".join(file.info.chats)
        yield " · ".join(filter(None, (file.name, _(FORMAT_NAMES[file.info.format]), chats)))
        yield from (f"  {note}" for note in file.info.notes)
        yield from _rejected(file.info.rejected, file.info.rejections)
    yield ""
    yield _("From {first} to {last}", first=known(counts.first), last=known(counts.last))
    said = [
        ngettext("{n} message", "{n} messages", counts.messages),
        ngettext("{n} speaker", "{n} speakers", len(counts.by_member)),
        *_lines_of_the_app(len(counts.joins), counts.leaves, counts.recalled),
    ]
    yield " · ".join(said)
    yield from _twice(counts.duplicates_skipped)
    yield ""
    members = [(m.speaker.name or m.speaker.id, m.speaker.id, m.messages) for m in counts.by_member[:_SHOWN]]
    yield from columns((_("name"), _("known as"), _("messages")), members, right=(2,))
    yield ""
    days = list(counts.by_day.items())[-_SHOWN:]
    yield from columns((_("day"), _("messages")), days, right=(1,))


def _lines_of_the_app(joins: int, leaves: int, recalled: int) -> list[str]:
    return [
        ngettext("{n} joined", "{n} joined", joins),
        ngettext("{n} left the group", "{n} left the group", leaves),
        ngettext("{n} taken back", "{n} taken back", recalled),
    ]


def _twice(duplicates: int) -> Iterator[str]:
    if duplicates:
        yield ngettext("{n} was told twice and counts once", "{n} were told twice and count once", duplicates)


def _rejected(rejected: int, rejections: Sequence[RowNote]) -> Iterator[str]:
    if rejected:
        yield "  " + ngettext("{n} line was not understood", "{n} lines were not understood", rejected)
        yield from (f"    {note}" for note in rejections[:_REJECTIONS])


def imported(done: ActivityImported) -> dict[str, Any]:
    """What an import changed."""
    return {
        "format": _format(file.format for file in done.files),
        "first": done.first,
        "last": done.last,
        "messages": done.messages,
        "system": done.system,
        "recalled": done.recalled,
        "joins": done.joins,
        "leaves": done.leaves,
        "undated": done.undated,
        "members": {"matched": done.matched, "new": done.new, "unresolved": done.unresolved},
        "duplicates_skipped": done.duplicates_skipped,
        "questions": done.questions,
        "chains": chains(done.chains),
        "recorded": [_recorded(one) for one in done.recorded],
        "notes": [*(str(note) for file in done.files for note in file.notes), *map(str, done.notes)],
        "files": [
            _file(file.name, file.format, file.encoding, file.rejected, file.rejections) | {"groups": file.groups}
            for file in done.files
        ],
    }


def _recorded(one: ChainRecorded) -> dict[str, Any]:
    outcome = one.outcome
    return {
        "title": one.chain.title,
        "day": one.chain.day,
        "recorded": len(outcome.recorded) if outcome else 0,
        "already": len(outcome.already) if outcome else 0,
        "doubtful": [doubt.text for doubt in (*outcome.new, *outcome.ambiguous)] if outcome else [],
        "refused": one.refused or None,
    }


def imported_lines(done: ActivityImported) -> Iterator[str]:
    """The same for people, and what to do next."""
    for file in done.files:
        yield from _imported_file(file)
    yield _("From {first} to {last}", first=known(done.first), last=known(done.last))
    new = [
        ngettext("{n} new message", "{n} new messages", done.messages),
        *_lines_of_the_app(done.joins, done.leaves, done.recalled),
    ]
    yield " · ".join(new) if done.changed else _("Nothing new: all of it is there already")
    if done.changed:
        yield _("People: {matched} known, {new} added, {waiting} unclear", matched=done.matched, new=done.new,
                waiting=done.unresolved)  # fmt: skip
    yield from _twice(done.duplicates_skipped)
    if done.undated:
        yield ngettext("{n} message has no day and counts on none", "{n} messages have no day and count on none",
                       done.undated)  # fmt: skip
    if done.questions:
        yield ngettext(
            "{n} question kept: qunguan question list",
            "{n} questions kept: qunguan question list",
            done.questions,
        )
    yield from map(str, done.notes)
    yield from _chains_told(done)


def _imported_file(file: FileImported) -> Iterator[str]:
    groups = "、".join(file.groups)
    yield " · ".join((file.name, _(FORMAT_NAMES[file.format]), groups))
    yield from (f"  {note}" for note in file.notes)
    yield from _rejected(file.rejected, file.rejections)


def _chains_told(done: ActivityImported) -> Iterator[str]:
    for one in done.recorded:
        title, day = one.chain.title, known(one.chain.day)
        if one.outcome is None:
            yield _("接龙 {title}, {day}: not recorded ({why})", title=title, day=day, why=one.refused)
            continue
        doubts = [doubt.text for doubt in (*one.outcome.new, *one.outcome.ambiguous)]
        yield _("接龙 {title}, {day}: {n} check-ins recorded, {already} were there, {open} open", title=title, day=day,
                n=len(one.outcome.recorded), already=len(one.outcome.already), open=len(doubts))  # fmt: skip
        yield from (f"  {text}" for text in doubts)
    if done.chains and not done.recorded:
        yield ""
        yield ngettext(
            "{n} 接龙 stands in it; import again with --checkin CHALLENGE to record it",
            "{n} 接龙 stand in it; import again with --checkin CHALLENGE to record them",
            len(done.chains),
        )
        yield from chain_rows(done.chains[-_CHAINS:])


def chains(found: Iterable[ChainFound]) -> list[dict[str, Any]]:
    """接龙 of a chat."""
    return [
        {"title": one.title, "day": one.day, "at": one.at, "items": one.items, "versions": one.versions,
         "chat": one.chat, "text": one.text}
        for one in found
    ]  # fmt: skip


def chain_rows(found: Sequence[ChainFound]) -> list[str]:
    """A table of them."""
    rows = [(known(one.day), one.title, one.items, one.versions) for one in found]
    return columns((_("day"), _("heading"), _("entries"), _("versions")), rows, right=(2, 3))


def chain_lines(found: Sequence[ChainFound]) -> Iterator[str]:
    """The same for people: each as it is pasted."""
    if not found:
        yield _("No 接龙 stands in it")
    for one in found:
        yield f"—— {known(one.day)}"
        yield from one.text.splitlines()
        yield ""


def summary(found: ActivitySummary) -> dict[str, Any]:
    """Messages of some days."""
    return {
        "messages": found.messages,
        "speakers": found.speakers,
        "by_day": _by_day(found.by_day),
        "by_hour": _by_hour(found.by_hour),
        "by_member": [
            {"key": one.key, "name": one.name, "messages": one.messages, "member_id": one.member_id,
             "kind": one.kind, "keys": one.keys}
            for one in found.by_member
        ],
        "covered": [{"first": first, "last": last} for first, last in found.covered],
    }  # fmt: skip


def summary_lines(found: ActivitySummary, today: date) -> Iterator[str]:
    """The same for people; days after `today` are no record of anything, their messages are told apart."""
    if found.messages is None or found.speakers is None:
        yield _("No chat of these days was imported: qunguan activity import FILE")
        return
    past = [(first, min(last, today)) for first, last in found.covered if first <= today]
    yield _("Known: {days}", days=_(", ").join(_("{first} to {last}", first=first, last=last) for first, last in past))
    if later := sum(messages for day, messages in found.by_day.items() if day > today):
        yield ngettext("{n} message has a day that is still to come", "{n} messages have a day that is still to come",
                       later)  # fmt: skip
    yield " · ".join(
        (
            ngettext("{n} message", "{n} messages", found.messages),
            ngettext("{n} speaker", "{n} speakers", found.speakers),
        )
    )
    yield ""
    members = [
        (known(one.member_id), one.name, one.key, one.messages) for one in found.by_member[:_SHOWN]
    ]  # fmt: skip
    yield from columns((_("id"), _("name"), _("known as"), _("messages")), members, right=(0, 3))
    if len(found.by_member) > _SHOWN:
        yield _("{shown} of {total} people; --json has all", shown=_SHOWN, total=len(found.by_member))
    yield ""
    yield from columns((_("day"), _("messages")), list(found.by_day.items())[-_SHOWN:], right=(1,))
    yield ""
    hours = [(f"{hour:02}", messages) for hour, messages in found.by_hour.items() if messages]
    yield from columns((_("hour"), _("messages")), hours, right=(1,))


def imports(found: Iterable[ImportRow]) -> list[dict[str, Any]]:
    """The imports."""
    return [jsonable(one) for one in found]


def import_lines(found: Sequence[ImportRow]) -> list[str]:
    """The same for people."""
    if not found:
        return [_("No chat was imported yet: qunguan activity import FILE")]
    rows = [
        (one.id, one.group, one.name, _(FORMAT_NAMES[one.format]), known(one.first and one.first.date()),
         known(one.last and one.last.date()), one.messages, one.duplicates)
        for one in found
    ]  # fmt: skip
    header = (_("id"), _("group"), _("file"), _("exporter"), _("first day"), _("last day"), _("messages"), _("known"))
    return columns(header, rows, right=(0, 6, 7))
