"""`qunguan activity`: what chat exports tell of who spoke when."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from qunguan.cli.command import Context, columns, known, verbs
from qunguan.cli.parser import day
from qunguan.domain.activity import FORMAT_NAMES, ChatFormat, ChatInfo, Speaker
from qunguan.domain.errors import BadInput
from qunguan.i18n import N_, _, ngettext
from qunguan.values import frozen

if TYPE_CHECKING:
    from qunguan.domain.activity_counts import ActivityCounts
    from qunguan.exchange.readers.chats_source import Step

_SHOWN = 20  # members and days in the table for people
_REJECTIONS = 5


@frozen
class _File:
    """One export that was read."""

    name: str
    info: ChatInfo


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `activity`."""
    verb = verbs(parser)
    only = verb("parse", parse_only, _("what chat exports say; needs no database"))
    only.add_argument("files", metavar="FILE", nargs="+", help=_("chat exports of one group; - is standard input"))
    format_argument(only)


def format_argument(parser: argparse.ArgumentParser) -> None:
    """--format and --day, for exports that do not tell all about themselves."""
    parser.add_argument("--format", choices=get_args(ChatFormat), help=_("the exporter, where the content misleads"))
    begins = _("the day of the first message, for texts that tell no year")
    parser.add_argument("--day", type=day, metavar="DATE", help=begins)


def parse_only(context: Context) -> None:
    """Print what the exports say, each event once however many of them tell it. Raises BadInput where nothing is."""
    from qunguan.domain.activity_counts import Tally
    from qunguan.exchange.readers.chats import read_chat

    options = context.options
    tally, files = Tally(), []
    with _percent(context, len(options.files)) as bar:
        for place, file in enumerate(options.files):
            step = bar(place)
            with read_chat(file, options.format, begins=options.day, progress=step) as reading:
                for event in reading:
                    tally.add(event)
                files.append(_File(_name(file), reading.info))
    counts = tally.counts()
    if not counts.messages + counts.system:
        raise _nothing(files)
    context.answer(_document(files, counts), _lines(files, counts))


@contextmanager
def _percent(context: Context, files: int) -> Iterator[Any]:
    """A bar in hundredths of each file; called with the place of a file it gives what the reader reports to."""
    with context.progress(100 * files) as stage:
        reached = 0

        def of(place: int) -> Step:
            def step(done: int, whole: int) -> None:
                nonlocal reached
                while reached < 100 * place + 100 * done // max(whole, 1):
                    reached += 1
                    stage(_("Reading the file"))

            return step

        yield of


def _name(file: str) -> str:
    return _("standard input") if file == "-" else Path(file).name


def _nothing(files: list[_File]) -> BadInput:
    first = next(((file, note) for file in files for note in file.info.rejections), None)
    if first is None:
        return BadInput("no message stands in it", where=files[0].name)
    file, note = first
    hint = N_("Check that the file is what it should be; --format overrules how it is read.")
    return BadInput(note.reason.what, where=f"{file.name}:{note.row}", hint=hint, **dict(note.reason.values))


def _document(files: list[_File], counts: ActivityCounts) -> dict[str, Any]:
    formats = {file.info.format for file in files}
    chats = list(dict.fromkeys(chat for file in files for chat in file.info.chats))
    return {
        "format": files[0].info.format if len(formats) == 1 else "mixed",
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
        "by_day": {day.isoformat(): messages for day, messages in counts.by_day.items()},
        "by_hour": {f"{hour:02}": messages for hour, messages in counts.by_hour.items()},
        "by_member": [
            {"kind": m.speaker.kind, "key": m.speaker.id, "name": m.speaker.name, "messages": m.messages}
            for m in counts.by_member
        ],
        "by_media": counts.by_media,
        "joined": [
            {"at": j.at, "name": j.speaker.name or j.speaker.id, "inviter": _who(j.inviter)} for j in counts.joins
        ],
        "notes": [str(note) for file in files for note in file.info.notes],
        "files": [_file(file) for file in files],
    }


def _file(file: _File) -> dict[str, Any]:
    return {
        "file": file.name,
        "format": file.info.format,
        "encoding": file.info.encoding,
        "rejected": file.info.rejected,
        "rejections": [{"line": note.row, "reason": str(note.reason)} for note in file.info.rejections],
    }


def _who(speaker: Speaker | None) -> str | None:
    return (speaker.name or speaker.id) if speaker else None


def _lines(files: list[_File], counts: ActivityCounts) -> Iterator[str]:
    for file in files:
        chats = "、".join(file.info.chats)
        yield " · ".join(filter(None, (file.name, _(FORMAT_NAMES[file.info.format]), chats)))
        yield from (f"  {note}" for note in file.info.notes)
        yield from _rejected(file.info)
    yield ""
    yield _("From {first} to {last}", first=known(counts.first), last=known(counts.last))
    said = [
        ngettext("{n} message", "{n} messages", counts.messages),
        ngettext("{n} speaker", "{n} speakers", len(counts.by_member)),
        ngettext("{n} joined", "{n} joined", len(counts.joins)),
        ngettext("{n} left the group", "{n} left the group", counts.leaves),
        ngettext("{n} taken back", "{n} taken back", counts.recalled),
    ]
    yield " · ".join(said)
    if counts.duplicates_skipped:
        yield ngettext("{n} was told twice and counts once", "{n} were told twice and count once",
                       counts.duplicates_skipped)  # fmt: skip
    yield ""
    members = [(m.speaker.name or m.speaker.id, m.speaker.id, m.messages) for m in counts.by_member[:_SHOWN]]
    yield from columns((_("name"), _("known as"), _("messages")), members, right=(2,))
    yield ""
    days = list(counts.by_day.items())[-_SHOWN:]
    yield from columns((_("day"), _("messages")), days, right=(1,))


def _rejected(info: ChatInfo) -> Iterator[str]:
    if info.rejected:
        yield "  " + ngettext("{n} line was not understood", "{n} lines were not understood", info.rejected)
        yield from (f"    {note.row}: {note.reason}" for note in info.rejections[:_REJECTIONS])
