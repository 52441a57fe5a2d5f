"""`qunguan activity`: chat exports in, and what they tell of who spoke when."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from qunguan.cli import activity_people
from qunguan.cli import activity_views as views
from qunguan.cli.command import Context, verbs
from qunguan.cli.parser import day
from qunguan.domain.activity import ChatFormat, ChatInfo
from qunguan.domain.activity_outcomes import nothing_in
from qunguan.domain.errors import BadInput
from qunguan.i18n import _

if TYPE_CHECKING:
    from qunguan.domain.activity_outcomes import ChainWish, ChatFile
    from qunguan.exchange.readers.chats import ChatReading
    from qunguan.services.desk import Desk

_PAGE = 50


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `activity`."""
    verb = verbs(parser)
    _files(verb("parse", parse_only, _("what chat exports say; needs no database")))
    take = verb("import", take_in, _("chat exports into the book; every message counts once"), writes=True)
    _files(take)
    take.add_argument("--group", metavar="G", help=_("the group of chats that no group is named like"))
    take.add_argument("--chat", default="", metavar="NAME", help=_("take only this chat of the files"))
    take.add_argument("--new", choices=("create", "skip"), help=_("what becomes of people nobody is like"))
    take.add_argument("--questions", action=argparse.BooleanOptionalAction, help=_("whether to keep questions"))
    take.add_argument("--checkin", metavar="C", help=_("record the 接龙 of this challenge, by id or name"))
    take.add_argument("--chain", default="", metavar="TEXT",
                      help=_("what the heading of those 接龙 holds; without it the challenge's name"))  # fmt: skip
    _files(verb("chains", chains, _("the 接龙 of chat exports as they were last; needs no database")))
    look = verb("summary", summary, _("messages by day, hour and person"), as_of=True)
    look.add_argument("--from", dest="first", type=day, metavar="DATE", help=_("the first day"))
    look.add_argument("--to", dest="last", type=day, metavar="DATE", help=_("the last day"))
    _group(look)
    _group(verb("list", listing, _("the imports, newest first")))
    activity_people.register(verb)


def _files(parser: argparse.ArgumentParser) -> None:
    """The files, and what overrules their content."""
    parser.add_argument("files", metavar="FILE", nargs="+", help=_("chat exports of one group; - is standard input"))
    format_argument(parser)


def format_argument(parser: argparse.ArgumentParser) -> None:
    """--format and --day, for exports that do not tell all about themselves."""
    parser.add_argument("--format", choices=get_args(ChatFormat), help=_("the exporter, where the content misleads"))
    begins = _("the day of the first message, for texts that tell no year")
    parser.add_argument("--day", type=day, metavar="DATE", help=begins)


def _group(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--group", metavar="G", help=_("only this group, by id or name"))


def parse_only(context: Context) -> None:
    """Print what the exports say, each event once however many of them tell it. Raises BadInput where nothing is."""
    from qunguan.domain.activity import one_by_one
    from qunguan.domain.activity_counts import Tally

    tally, files = Tally(), []
    with _opened(context) as opened:
        for file in opened:
            for event in one_by_one(file.events):
                tally.add(event)
            files.append(views.ReadFile(file.name, file.info()))
    counts = tally.counts()
    if not counts.messages + counts.system:
        told = next((file for file in files if file.info.rejections), files[0])
        raise nothing_in(told.name, told.info)
    context.answer(views.parsed(files, counts), views.parsed_lines(files, counts))


@dataclass(slots=True)
class _Bar:
    """How far the files are read, in hundredths of each."""

    stage: Callable[[str], None]
    reached: int = 0

    def reach(self, place: int, done: int, whole: int) -> None:
        """So many bytes of so many of the file at that place."""
        while self.reached < 100 * place + 100 * done // max(whole, 1):
            self.reached += 1
            self.stage(_("Reading the file"))


@contextmanager
def _opened(context: Context) -> Iterator[list[ChatFile]]:
    """The files, all of them open: one that is none of ours is found before anything is done. Raises BadInput.

    A bar in hundredths of each file goes with the reading.
    """
    from qunguan.domain.activity_outcomes import ChatFile
    from qunguan.exchange.readers.chats import read_chat

    options = context.options
    with context.progress(100 * len(options.files)) as stage, ExitStack() as stack:
        files, bar = [], _Bar(stage)
        for place, path in enumerate(options.files):
            step = partial(bar.reach, place)
            reading = stack.enter_context(read_chat(path, options.format, begins=options.day, progress=step))
            name = _("standard input") if path == "-" else Path(path).name
            files.append(ChatFile(name, reading, partial(_info, reading)))
        yield files


def _info(reading: ChatReading) -> ChatInfo:
    return reading.info


def take_in(context: Context) -> None:
    """Import exports: one step, after a verified backup."""
    from qunguan.services import activity

    options = context.options
    with context.desk() as desk, _opened(context) as files:
        group_id = context.group_id(desk)
        wish = _wish(context, desk)
        if not context.dry_run:
            desk.backup("import")
        done = context.write(
            desk, activity.import_chats, files, group_id=group_id, only=options.chat,
            new_members={"create": True, "skip": False, None: None}[options.new],
            keep_questions=options.questions, chains=wish,
        )  # fmt: skip
    context.answer(views.imported(done), views.imported_lines(done))


def _wish(context: Context, desk: Desk) -> ChainWish | None:
    from qunguan.domain.activity_outcomes import ChainWish
    from qunguan.services import checkins

    options = context.options
    if options.checkin is None:
        if options.chain:
            raise BadInput("--chain says which 接龙, but not for what", hint="add --checkin CHALLENGE")
        return None
    return ChainWish(desk.read(checkins.find, context.clock, options.checkin).id, options.chain)


def chains(context: Context) -> None:
    """Print the 接龙 of exports, each as `checkin record` takes it."""
    from qunguan.domain.activity import one_by_one
    from qunguan.domain.clock import DayRule
    from qunguan.services.activity_chains import chains_of

    with _opened(context) as files:
        found = [chain for file in files for chain in chains_of(one_by_one(file.events), DayRule())]
    context.answer({"chains": views.chains(found)}, views.chain_lines(found))


def summary(context: Context) -> None:
    """Print messages by day, hour and person."""
    from qunguan.services import activity, groups

    options = context.options
    first, last = options.first, options.last
    if context.as_of and (last is None or last > context.as_of):
        last = context.as_of
    if first and last and first > last:
        raise BadInput("{first} is after {last}", hint="the first day comes first", first=first, last=last)
    with context.desk() as desk:
        found = desk.read(activity.summary, group_id=context.group_id(desk), first=first, last=last)
        now = context.clock.today(desk.read(groups.day_rule))
    context.answer(views.summary(found), views.summary_lines(found, now))


def listing(context: Context) -> None:
    """Print the imports."""
    from qunguan.services import activity

    with context.desk() as desk:
        found = desk.read(activity.imports, context.group_id(desk))
    context.answer({"imports": views.imports(found)}, views.import_lines(found))
