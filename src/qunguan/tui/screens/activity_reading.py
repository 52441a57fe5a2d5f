"""A chat export on its way into the screens: opened on the database thread, watched, stopped, asked about."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from qunguan.domain.activity import ChatEvent, ChatInfo
from qunguan.domain.activity_outcomes import ActivityImported, ChatFile, ImportOutlook, SeveralChats
from qunguan.domain.errors import BadInput, UserError
from qunguan.domain.text import match_key
from qunguan.i18n import N_, _
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Field, Form
from qunguan.values import frozen

if TYPE_CHECKING:
    from qunguan.exchange.readers.chats import ChatReading
    from qunguan.tui.app import QunguanApp


@frozen
class Terms:
    """What the owner wants of an import. `chat` is the only one that is taken, "" each by its name."""

    new_members: bool
    keep_questions: bool
    group_id: int | None = None
    chat: str = ""
    begins: date | None = None
    whose: str = ""
    """The chat whose group the owner told, to be remembered with the import."""


@frozen
class Look:
    """A chat that was read: where it is, on which terms, and what its import would do."""

    source: Path | str
    terms: Terms
    outlook: ImportOutlook


class Stopped(UserError):
    """The owner wants the reading to end; what was begun is taken back."""

    def __init__(self) -> None:
        super().__init__(N_("stopped: nothing is imported"))


@dataclass(slots=True)
class Watch:
    """How far one reading is, for whoever draws it, and the wish to stop it."""

    part: float = 0.0
    stopped: bool = False

    def step(self, done: int, whole: int) -> None:
        """On the database thread, now and then. Raises Stopped."""
        self.check()
        self.part = done / whole if whole else 1.0

    def check(self) -> None:
        """Raises Stopped once it is wished."""
        if self.stopped:
            raise Stopped

    def end(self) -> Iterator[ChatEvent]:
        """Behind the last event: no more of them."""
        self.step(1, 1)
        yield from ()

    def told(self, what: str, seconds: float) -> str:
        """The line of keys meanwhile."""
        if self.part >= 1.0:
            return f"{_('read; finding out who is who…')} {seconds:.0f} s"
        return f"{what} {self.part:.0%} · {seconds:.0f} s · {_('Esc stops, nothing is imported')}"


async def usual_terms(room: QunguanApp) -> Terms:
    """As the rules have it."""
    from qunguan.services import activity, rules

    keep = await room.desk.read(rules.value, "activity.keep_questions")
    return Terms(await room.desk.read(activity.adds_new), keep == "yes")


async def look(room: QunguanApp, source: Path | str, terms: Terms, watch: Watch) -> Look:
    """What an import would do. Which of several chats is meant, which of several groups a chat of another name belongs
    to, and what a text leaves out of its dates, is asked.

    Must run in a worker. Raises UserError, Stopped among them; nothing is written.
    """
    from qunguan.exchange.readers.chats_chatlog import NeedsDay
    from qunguan.services.activity_outlook import outlook

    while True:
        file: ChatFile | None = None
        try:
            async with _opened(room, source, terms, watch) as file:
                found = await room.desk.rehearse(
                    outlook, [file], group_id=terms.group_id, only=terms.chat, new_members=terms.new_members,
                    keep_questions=terms.keep_questions,
                )  # fmt: skip
            watch.check()
            if (whose := await _asked_whose(room, terms, found)) is None:
                return Look(source, terms, found)
            terms = whose
        except SeveralChats as several:
            chats = file.info().chats if file is not None else ()
            terms = await _one_chat(room, terms, chats, several)
        except NeedsDay as needs:
            terms = replace(terms, begins=await _first_day(room, needs))
        watch.part = 0.0


async def take_in(room: QunguanApp, source: Path | str, terms: Terms, watch: Watch) -> ActivityImported:
    """Do it: the file is read once more. Raises UserError; then nothing is written."""
    from qunguan.services import activity

    async with _opened(room, source, terms, watch) as file:
        done = await room.desk.write(
            activity.import_chats, [file], group_id=terms.group_id, only=terms.chat, new_members=terms.new_members,
            keep_questions=terms.keep_questions,
        )  # fmt: skip
    if terms.group_id is not None and terms.whose:
        await room.desk.write(activity.remember_group, terms.whose, terms.group_id)
    return done


@asynccontextmanager
async def _opened(room: QunguanApp, source: Path | str, terms: Terms, watch: Watch) -> AsyncIterator[ChatFile]:
    """The file, open on the database thread, on which it is read and closed."""
    from qunguan.exchange.readers.chats import read_chat
    from qunguan.exchange.readers.chats_source import Pasted

    name = source.name if isinstance(source, Path) else _("pasted text")
    place = source if isinstance(source, Path) else Pasted(source, name)
    reading = read_chat(place, begins=terms.begins, progress=watch.step)
    await room.desk.call(reading.__enter__)
    try:
        yield ChatFile(name, chain(reading, watch.end()), partial(_info, reading))
    finally:
        await room.desk.call(reading.__exit__, None, None, None)


def _info(reading: ChatReading) -> ChatInfo:
    return reading.info


async def _one_chat(room: QunguanApp, terms: Terms, chats: tuple[str, ...], why: SeveralChats) -> Terms:
    """Which of the chats of a file is meant; one that has a group's name goes there. Raises `why` for Esc."""
    told = await choose_chat(room, chats)
    if told is None:
        raise why
    return replace(terms, chat=told, group_id=terms.group_id or await _named(room, told))


async def choose_chat(room: QunguanApp, chats: tuple[str, ...]) -> str | None:
    """One of the chats of a file."""
    title = _("The file tells of {n} chats. Which one is it?", n=len(chats))
    return await room.push_screen_wait(Choose(title, [Choice(chat, chat) for chat in chats]))


async def _asked_whose(room: QunguanApp, terms: Terms, found: ImportOutlook) -> Terms | None:
    """The terms with the group of a chat that has no group's name, asked once for all times; None where it is clear.

    Raises Stopped for Esc: of two groups neither is taken unasked.
    """
    from qunguan.services import activity, groups

    chat = terms.chat or (found.chats[0] if len(found.chats) == 1 else "")
    known = await room.desk.read(groups.all_groups)
    if not chat or terms.group_id is not None or len(known) < 2 or await _named(room, chat) is not None:
        return None
    if await room.desk.read(activity.remembered_group, chat) is not None:
        return None
    group_id = await choose_group(room, chat)
    if group_id is None:
        raise Stopped
    return replace(terms, group_id=group_id, whose=chat)


async def choose_group(room: QunguanApp, chat: str) -> int | None:
    """The group a chat belongs to: first the one whose name is most like the chat's, then the one that is open."""
    from qunguan.services import groups

    title = _("Which group's chat is {chat}?", chat=chat) if chat else _("Which group's chat is this?")
    here = room.group.id if room.group else 0
    known = list(await room.desk.read(groups.all_groups))
    known.sort(key=lambda one: (not _alike(one.name, chat), one.id != here))
    choices = [Choice(str(each.id), each.name) for each in known]
    told = await room.push_screen_wait(Choose(title, choices))
    return None if told is None else int(told)


def _alike(name: str, chat: str) -> bool:
    """Whether one name stands in the other: 桂花里 in 桂花里团购2群."""
    one, other = match_key(name), match_key(chat)
    return bool(one and other) and (one in other or other in one)


async def _named(room: QunguanApp, chat: str) -> int | None:
    from qunguan.services import groups

    same = [each.id for each in await room.desk.read(groups.all_groups) if match_key(each.name) == match_key(chat)]
    return same[0] if len(same) == 1 else None


async def _first_day(room: QunguanApp, needs: BadInput) -> date:
    """On which day a text begins that does not tell its year. Raises `needs` for Esc."""
    from qunguan.exchange.readers.cells import date_cell

    async def said(values: dict[str, str]) -> None:
        found.append(date_cell(values["day"]))

    found: list[date] = []
    fields = [Field("day", _("first day"), hint=_("like 2026-03-01"), day="near")]
    notes = [_(needs.what), _("Say on which day the first message was sent; the others follow from it.")]
    await room.push_screen_wait(Form(_("When does the chat begin?"), fields, said, notes))
    if not found:
        raise needs
    return found[0]
