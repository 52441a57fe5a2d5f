"""Chat exports into the book: streamed once, counted by person and day and by hour, every message once.

Each import adds rows of its own; all files of a call are one step, so undo takes back exactly what they told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from qunguan.domain.activity import ChatInfo, ChatItem
from qunguan.domain.activity_chains import ChainFound
from qunguan.domain.activity_outcomes import (
    ActivityImported,
    ChainRecorded,
    ChainWish,
    ChatFile,
    FileImported,
)
from qunguan.domain.activity_people import Key, MatchedBy, Resolution
from qunguan.domain.activity_sums import JOINS, LEAVES, MESSAGES, RECALLED, SYSTEM, Sums, moment
from qunguan.domain.clock import Clock
from qunguan.domain.questions import TEXT_LIMIT
from qunguan.domain.rosters import Reason
from qunguan.domain.text import clean_lines, show
from qunguan.i18n import N_
from qunguan.services import activity_seen, rules
from qunguan.services.activity_chains import record_chains
from qunguan.services.activity_gather import Finds, Gathered, Reading, Router, read
from qunguan.services.activity_identity import adds_new, quoted, resolve
from qunguan.services.activity_joins import note_moves
from qunguan.store.activity import chat_answer, chat_day, chat_hour, chat_import, chat_seen, question, speech
from qunguan.store.bulk import collector_paused
from qunguan.store.session import CHUNK, Session

_DAYS_AT_ONCE = 16  # of keys: the texts of a year would be the largest thing in memory
_WAITING: frozenset[MatchedBy] = frozenset({"doubtful", "unknown"})


def import_chats(
    session: Session,
    clock: Clock,
    files: Sequence[ChatFile],
    *,
    group_id: int | None = None,
    only: str = "",
    new_members: bool | None = None,
    keep_questions: bool | None = None,
    chains: ChainWish | None = None,
) -> ActivityImported:
    """Count the chats of these files: one step, or none where nothing is new.

    A chat goes to the group of its name, else to `group_id`, else to the group the owner works in; `only` takes one
    chat of the files by name, and to `group_id`. `new_members` and `keep_questions` None leave it to the rules.
    Raises BadInput for a file without messages and for chats that could be any group's, NotFound for the group.
    """
    keep = rules.value(session, "activity.keep_questions") == "yes" if keep_questions is None else keep_questions
    add_new = adds_new(session) if new_members is None else new_members
    if len(files) > 1:
        session.step(N_("Imported {n} chat exports"), n=len(files))
    total, finds = _Total(), Finds()
    for file in files:
        with collector_paused():
            found = read(session, file, Router(session, group_id, only), finds, questions=keep)
        for gathered in found.by_group.values():
            _write(session, clock, file, gathered, total, add_new=add_new)
        total.told(found)
    lists = tuple(chain for one in finds.values() for chain in one.final())
    recorded = record_chains(session, clock, lists, chains) if chains else ()
    return total.outcome(lists, recorded)


def import_chat(
    session: Session,
    clock: Clock,
    group_id: int | None,
    source: Iterable[ChatItem],
    info: Callable[[], ChatInfo],
    *,
    name: str,
    only: str = "",
    new_members: bool | None = None,
    keep_questions: bool | None = None,
    chains: ChainWish | None = None,
) -> ActivityImported:
    """`import_chats` of one file."""
    return import_chats(
        session, clock, [ChatFile(name, source, info)], group_id=group_id, only=only, new_members=new_members,
        keep_questions=keep_questions, chains=chains,
    )  # fmt: skip


class _Total:
    """The sums over all files and groups."""

    def __init__(self) -> None:
        self._files: list[FileImported] = []
        self._first: datetime | None = None
        self._last: datetime | None = None
        self._sums = [0] * 5
        self._counts: Counter[str] = Counter()
        self._people: dict[tuple[int, Key], Resolution] = {}
        self._fresh: set[tuple[int, Key]] = set()
        self._notes: dict[Reason, None] = {}

    def take(self, found: Gathered) -> None:
        """What one group got of one file."""
        self._sums = list(map(sum, zip(self._sums, found.sums.total, strict=True)))
        self._counts["undated"] += found.sums.undated
        self._counts["duplicates"] += found.duplicates
        self._counts["questions"] += len(found.sums.asked)
        self._first = min(filter(None, (self._first, found.first)), default=None)
        self._last = max(filter(None, (self._last, found.last)), default=None)

    def resolved(self, group_id: int, people: Mapping[Key, Resolution]) -> None:
        """Who they are; whoever was added by one file is known to the next."""
        self._fresh |= {(group_id, key) for key, one in people.items() if one.fresh}
        self._people.update({(group_id, key): one for key, one in people.items()})

    def note(self, reason: Reason | None) -> None:
        """Something to be said, once."""
        if reason is not None:
            self._notes[reason] = None

    def told(self, found: Reading) -> None:
        """The file is done."""
        info = found.file.info()
        names = tuple(one.group.name for one in found.by_group.values())
        if found.renamed:
            chat, group = map(show, found.renamed)
            self.note(Reason.of(N_("the chat {chat} went to the group {group}"), chat=chat, group=group))
        self._files.append(
            FileImported(found.file.name, info.format, info.encoding, names, info.rejected, info.rejections, info.notes)
        )

    def outcome(self, chains: tuple[ChainFound, ...], recorded: tuple[ChainRecorded, ...]) -> ActivityImported:
        """All of it."""
        new = sum(pair in self._fresh for pair in self._people)
        waiting = sum(one.by in _WAITING for one in self._people.values())
        known = sum(one.by not in _WAITING and one.by != "nobody" for one in self._people.values())
        return ActivityImported(
            files=tuple(self._files), first=self._first, last=self._last, messages=self._sums[MESSAGES],
            system=self._sums[SYSTEM], recalled=self._sums[RECALLED], joins=self._sums[JOINS],
            leaves=self._sums[LEAVES], undated=self._counts["undated"],
            duplicates_skipped=self._counts["duplicates"], matched=known - new, new=new, unresolved=waiting,
            questions=self._counts["questions"], chains=chains, recorded=recorded,
            notes=tuple(self._notes),
        )  # fmt: skip


def _write(session: Session, clock: Clock, file: ChatFile, found: Gathered, total: _Total, *, add_new: bool) -> None:
    """The rows of one file and group; nothing where nothing is new."""
    total.note(found.settle(int(rules.value(session, "activity.same_chat_percent"))))
    total.take(found)
    sums, group_id = found.sums, found.group.id
    if not sums.lines:
        return
    now = clock.now()
    if found.last is not None and moment(found.last) > now:
        total.note(Reason.of(N_("{file}: the last message is dated {at}, which has not come yet"),
                             file=show(file.name), at=found.last))  # fmt: skip
    session.step(
        N_("Imported the chat {file}: {n} messages"), file=show(file.name), n=sums.total[MESSAGES]
    )  # fmt: skip
    told = sums.told()
    answered, waiting = quoted(session, group_id, sums.quoted())
    people = waiting | resolve(session, clock, group_id, [*told, *answered], add_new=add_new)
    total.resolved(group_id, {one.key: people[one.key] for one in told})
    import_id = session.insert(
        chat_import, group_id=group_id, format=file.info().format, name=show(file.name),
        first_at=moment(found.first) if found.first else None, last_at=moment(found.last) if found.last else None,
        messages=sums.total[MESSAGES], system=sums.total[SYSTEM], recalled=sums.total[RECALLED],
        joins=sums.total[JOINS], leaves=sums.total[LEAVES], duplicates=found.duplicates, imported_at=now,
    )  # fmt: skip
    _insert(session, found, import_id, people)
    note_moves(session, clock, group_id, sums.joins, sums.leaves, people)


def _insert(session: Session, found: Gathered, import_id: int, people: Mapping[Key, Resolution]) -> None:
    """Everything that was counted."""
    sums, own = found.sums, {"import_id": import_id, "group_id": found.group.id}
    session.insert_columns(speech, _speech(sums, people), **own)
    session.insert_many(chat_answer, _answers(sums, own, people))
    session.insert_many(
        chat_hour,
        (
            {**own, "day": day, "hour": hour, "messages": n}
            for day, hours in sums.hours.items()
            for hour, n in enumerate(hours)
            if n
        ),
    )
    names = ("messages", "system", "recalled", "joins", "leaves")
    dated = ((day, dict(zip(names, counts, strict=True))) for day, counts in sums.days.items() if day)
    session.insert_many(chat_day, ({**own, "day": day, **counts} for day, counts in dated))
    seen = activity_seen.rows(sums, import_id, found.group.id)
    while some := list(islice(seen, _DAYS_AT_ONCE)):
        session.insert_many(chat_seen, some)
    session.insert_many(question, _questions(found, own, people))


def _speech(sums: Sums, people: Mapping[Key, Resolution]) -> Iterator[Mapping[str, Sequence[Any]]]:
    """Rows of `speech` as columns, `CHUNK` at a time."""
    who = {place: people[sums.key(place)] for place in sums.speakers()}
    spoken = sums.spoken()
    while some := list(islice(spoken, CHUNK)):
        places, days, messages, mentions, replies = zip(*some, strict=True)
        yield {
            "speaker_id": [who[place].speaker_id for place in places],
            "member_id": [who[place].member_on(day) for place, day in zip(places, days, strict=True)],
            "day": days, "messages": messages, "mentions": mentions, "replies": replies,
        }  # fmt: skip


def _answers(sums: Sums, own: Mapping[str, int], people: Mapping[Key, Resolution]) -> Iterator[dict[str, Any]]:
    """Rows of `chat_answer`: whoever is answered and known to nobody is left out."""
    for one in sums.answers():
        who, whom = people[sums.key(one.who)], people.get(sums.key(one.whom))
        if whom is not None:
            yield {
                **own, "speaker_id": who.speaker_id, "member_id": who.member_on(one.day),
                "to_speaker_id": whom.speaker_id, "to_member_id": whom.member_on(one.day),
                "day": one.day, "times": one.times,
            }  # fmt: skip


def _questions(found: Gathered, own: Mapping[str, int], people: Mapping[Key, Resolution]) -> Iterable[dict[str, Any]]:
    for asked in found.sums.asked:
        who = people[found.sums.key(asked.who)] if asked.who is not None else None
        text = clean_lines(asked.text, TEXT_LIMIT)
        if text:
            yield {
                **own, "speaker_id": who.speaker_id if who else None,
                "member_id": who.member_on(asked.day) if who else None,
                "asked_at": moment(asked.at) if asked.at else None, "day": asked.day, "text": text,
            }  # fmt: skip
