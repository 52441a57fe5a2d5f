"""One chat export on its way in: which group each of its chats is, what is new in it, and what that comes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import TypeVar

from qunguan.domain.activity import ChatEvent, ChatFormat, Chunk
from qunguan.domain.activity_chains import Chains, chains_in, is_chain
from qunguan.domain.activity_outcomes import ChatFile, SeveralChats, nothing_in
from qunguan.domain.activity_sums import MESSAGES, BizDays, People, Sums
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import Reason
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_
from qunguan.services import groups, memory
from qunguan.services.activity_seen import Seen
from qunguan.store.session import Session
from qunguan.values import frozen

_CHATS_NAMED = 6
_WHOSE = "activity.chat.{chat}"
T = TypeVar("T")

Finds = dict[int, Chains]
"""接龙 by group; files that overlap tell of the same ones."""


def remembered_group(session: Session, chat: str) -> int | None:
    """The group the owner said a chat of this name is of; None where nobody said it, or the group is put away."""
    told = memory.recall(session, _WHOSE.format(chat=match_key(chat))) if match_key(chat) else None
    return told if any(group.id == told for group in groups.all_groups(session)) else None


def remember_group(session: Session, clock: Clock, chat: str, group_id: int) -> None:
    """Keep which group a chat is of, so that it goes there without being asked about again. Raises NotFound."""
    if match_key(chat):
        memory.remember(session, _WHOSE.format(chat=match_key(chat)), groups.get(session, group_id).id)


class Router:
    """Which group a chat goes to: the one of its name, else the one told, else what was said of this chat before."""

    def __init__(self, session: Session, group_id: int | None, only: str) -> None:
        self._session, self._chosen, self._only = session, group_id, match_key(only)
        self._named: dict[str, int | None] = {}
        for group in groups.all_groups(session):
            key = match_key(group.name)
            self._named[key] = None if key in self._named else group.id
        self._known: dict[str, int | None] = {}
        self._default = group_id
        self.chats: dict[str, bool] = {}
        """The chats met so far, and whether a group has that name."""

    def group_of(self, chat: str) -> int | None:
        """The group's id; None for a chat that is not asked for."""
        if chat not in self._known:
            self._known[chat] = self._find(chat)
        return self._known[chat]

    def _find(self, chat: str) -> int | None:
        key = match_key(chat)
        if self._only:
            return self._fallback() if key == self._only else None
        group_id = self._named.get(key) if chat else None
        if group_id is None and self._chosen is None:
            group_id = remembered_group(self._session, chat)
        if chat:
            self.chats[chat] = group_id is not None
        return self._fallback() if group_id is None else group_id

    def _fallback(self) -> int:
        if self._default is None:
            self._default = groups.find(self._session).id
        return groups.get(self._session, self._default).id

    @property
    def renamed(self) -> tuple[str, str] | None:
        """The only chat met and the group it went to, where that has another name."""
        if len(self.chats) != 1:
            return None
        chat, named = next(iter(self.chats.items()))
        return None if named else (chat, groups.get(self._session, self._fallback()).name)

    @property
    def unclear(self) -> list[str]:
        """Chats no group is named like, where more than one chat could be the group's."""
        strange = [chat for chat, named in self.chats.items() if not named]
        allowed = 1 if self._chosen is not None or len(self.chats) == 1 else 0
        return strange if len(strange) > allowed else []


@frozen
class _Alike:
    """An event that seems to be told already, its days, and its number for other exporters' files."""

    event: ChatEvent
    wall: date | None
    day: date | None
    number: int | None
    said: str

    @property
    def minute(self) -> datetime | None:
        return self.event.at.replace(second=0) if self.event.at else None


class Gathered:
    """What one file tells of one group."""

    def __init__(self, session: Session, group_id: int, form: ChatFormat, chains: Chains, *, questions: bool) -> None:
        self.group = groups.get(session, group_id)
        self._days = BizDays(self.group.day_rule)
        self._plain = self._days.plain
        self._seen = Seen(session, group_id, wordless=form == "sheet")
        self._people = People()
        self.sums, self._alike = Sums(self._people, questions=questions), Sums(self._people, questions=questions)
        self._chains = chains
        self._waiting: list[_Alike] = []
        self.first: datetime | None = None
        self.last: datetime | None = None
        self.duplicates = 0

    def take(self, event: ChatEvent) -> None:
        """Count one event."""
        at = event.at
        wall = at.date() if at is not None else None
        if at is not None:
            if self.first is None or at < self.first:
                self.first = at
            if self.last is None or at > self.last:
                self.last = at
        day = wall if self._plain else self._days.of(event, wall)
        standing, alike = self._seen.look(event, wall)
        if event.kind == "message" and event.text and is_chain(event.text):
            self._chains.add(event.text, day, at, event.chat)
        if standing == "new":
            self.sums.add(event, wall, day, alike)
        elif standing == "alike":
            self._wait(_Alike(event, wall, day, alike, self._seen.said))
        else:
            if standing == "taken":
                self._give_back(event)
            self.duplicates += event.part == 0

    def take_chunk(self, chunk: Chunk) -> None:
        """Count messages, those of a day at once where none of them can have been told before."""
        walls = [at.date() for at in chunk.at]
        days = walls if self._plain else list(map(self._days.at, chunk.at))
        for (wall, day), start, end in _runs(zip(walls, days, strict=True)):
            self._take_run(chunk.part(start, end), wall, day)

    def _take_run(self, run: Chunk, wall: date, day: date) -> None:
        """Count messages of one day."""
        alike = self._seen.look_at_run(run, wall)
        if alike is None:
            for event in run.events():
                self.take(event)
            return
        first, last = min(run.at), max(run.at)
        self.first = first if self.first is None else min(self.first, first)
        self.last = last if self.last is None else max(self.last, last)
        for place in chains_in(run.text):
            self._chains.add(run.text[place], day, run.at[place], run.chat)
        self.sums.add_run(run, wall, day, alike)

    def _wait(self, one: _Alike) -> None:
        """Within its minute it may yet show that it was another message that was told before."""
        if self._waiting and self._waiting[0].minute != one.minute:
            self._let_go()
        self._waiting.append(one)

    def _give_back(self, event: ChatEvent) -> None:
        """The message told before was this one; what was taken for it is new."""
        for one in self._waiting:
            if one.said == self._seen.said and event.at and one.minute == event.at.replace(second=0):
                self._waiting.remove(one)
                self.sums.add(one.event, one.wall, one.day, one.number)
                return

    def _let_go(self) -> None:
        for one in self._waiting:
            self._alike.add(one.event, one.wall, one.day, one.number)
        self._waiting.clear()

    def settle(self, percent: int) -> Reason | None:
        """Decide what becomes of messages another exporter's file told alike; what has to be said about it."""
        self._let_go()
        self._seen.forget()
        if self._alike.lines and self._seen.one_chat(percent):
            self.duplicates += self._alike.lines
            return Reason.of(
                N_("{group}: {n} lines are there from another export of the same chat; they count once"),
                group=show(self.group.name), n=self._alike.lines,
            )  # fmt: skip
        self.sums.absorb(self._alike)
        if not self._seen.overlaps or not self.sums.total[MESSAGES] or self.duplicates:
            return None
        return Reason.of(
            N_("{group}: other chats of these days are there already, and both count. "
               "If it is the same chat in another export, take this import back: qunguan undo"),
            group=show(self.group.name),
        )  # fmt: skip


def _runs(column: Iterable[T]) -> Iterator[tuple[T, int, int]]:
    """Where the same stands several times in a row: what, from which place, until which."""
    start = 0
    for value, run in groupby(column):
        end = start + sum(1 for _same in run)
        yield value, start, end
        start = end


@frozen
class Reading:
    """One file when it is read: what each group got of it, and the chats it tells of."""

    file: ChatFile
    by_group: dict[int, Gathered]
    renamed: tuple[str, str] | None
    """Its only chat and the group that got it, where the names differ."""


def read(session: Session, file: ChatFile, router: Router, finds: Finds, *, questions: bool) -> Reading:
    """All a file tells. Raises BadInput for one without messages, and for chats that could be any group's."""
    form = file.info().format
    by_group: dict[int, Gathered] = {}
    skipped = False
    chat: str | None = None
    gathered: Gathered | None = None
    for item in file.events:
        if item.chat != chat:
            chat, group_id = item.chat, router.group_of(item.chat)
            gathered = by_group.get(group_id) if group_id is not None else None
            if group_id is not None and gathered is None:
                chains = finds.setdefault(group_id, Chains())
                gathered = by_group[group_id] = Gathered(session, group_id, form, chains, questions=questions)
        if gathered is None:
            skipped = True
        elif isinstance(item, Chunk):
            gathered.take_chunk(item)
        else:
            gathered.take(item)
    if unclear := router.unclear:
        raise _several(file.name, unclear)
    if skipped and not by_group:
        chats = _listed(file.info().chats)
        raise BadInput("no chat of that name stands in it", where=file.name, hint="it tells of: {chats}", chats=chats)
    if not by_group:
        raise nothing_in(file.name, file.info())
    return Reading(file, by_group, router.renamed)


def _several(name: str, chats: Sequence[str]) -> SeveralChats:
    hint = N_("take one with --chat NAME, or make groups that are named like the chats")
    what = N_("{n} chats of this file are no group here: {chats}")
    return SeveralChats(what, where=name, hint=hint, n=len(chats), chats=_listed(chats))


def _listed(chats: Sequence[str]) -> str:
    return "、".join(show(chat) for chat in chats[:_CHATS_NAMED]) + ("…" if len(chats) > _CHATS_NAMED else "")
