"""From what one format says to events that are alike for all: moments, keys, mentions, system lines, rejected rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from qunguan.domain.activity import ChatEvent, ChatFormat, ChatInfo, Chunk, EventKind, IdKind, Media, Speaker
from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import Reason, RowNote
from qunguan.exchange.readers.cells import datetime_cell
from qunguan.exchange.readers.chats_keys import Keys, LastSaid, Stamped, by_source
from qunguan.exchange.readers.chats_media import Nature, by_text
from qunguan.exchange.readers.chats_system import understand

REJECTIONS_KEPT = 50
CHATS_KEPT = 500

Events = tuple[ChatEvent, ...]
"""What one row or one head with its text tells."""

_CHINA = datetime(1970, 1, 1, 8)  # noqa: DTZ001 - the wall clock of UTC+8 when Unix time began
_EARLIEST, _LATEST = 915_148_800, 4_102_444_800  # 1999, the first year of QQ, to 2100
_ISO = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d")
_ZONED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_MENTION = re.compile(r"(?<![A-Za-z0-9._-])@(?:([^@\n\u2005]{1,64})\u2005|([^@\s]{1,64}))")
_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")


def unix(value: object, scale: int = 1) -> datetime:
    """China's wall clock of a Unix time in seconds (`scale` 1000: milliseconds), whole seconds. Raises `BadInput`."""
    try:
        seconds = int(value) // scale  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        seconds = 0
    if not _EARLIEST <= seconds < _LATEST:
        raise BadInput("“{value}” is not a time", value=str(value)[:40])
    return _CHINA + timedelta(seconds=seconds)


def moment(text: str) -> tuple[datetime, bool]:
    """(China's wall clock, whether only the day is known) of `2024-03-01 08:00:00`, of RFC 3339 with its zone, and of
    what Excel makes of them. Raises `BadInput`."""
    text = text.strip()
    try:
        if len(text) == 19 and _ISO.fullmatch(text):
            return datetime.fromisoformat(text), False
        if _ZONED.fullmatch(text):
            return unix(int(datetime.fromisoformat(text).timestamp())), False
    except ValueError as error:
        raise BadInput("“{value}” is not a time", value=text[:40]) from error
    day, clock = datetime_cell(text)
    return datetime.combine(day, clock or datetime.min.time()), clock is None


def wechat_id(sender: str, name: str = "") -> Speaker:
    """Somebody known by their wxid (or the older free id); by name only where there is none."""
    return Speaker("wxid", sender, name) if sender else Speaker("name", name, name)


def by_any_id(text: str) -> Speaker:
    """Somebody named by one text, which may be an identity itself."""
    kind: IdKind = "wxid" if text.startswith("wxid_") else "email" if _EMAIL.fullmatch(text) else "name"
    return Speaker(kind, text, text)


def mentions(text: str) -> tuple[str, ...]:
    """The names behind @ in a text; WeChat ends a name with U+2005, so there it may hold blanks."""
    return tuple(dict.fromkeys(bounded or bare for bounded, bare in _MENTION.findall(text)))


class Teller:
    """Makes the events of one file and remembers what has to be said about it."""

    def __init__(self, form: ChatFormat, encoding: str, chat: str = "") -> None:
        """`chat` is the group as the file names it, where it names only one."""
        self.format, self.encoding = form, encoding
        self._chat = self._chat_id = chat
        self._chats: dict[str, None] = {}
        self._notes: dict[Reason, None] = {}
        self._rejected = 0
        self._rejections: list[RowNote] = []
        self._keys = Keys()
        self._last = LastSaid()

    def info(self) -> ChatInfo:
        """What is known by now."""
        return ChatInfo(
            self.format, self.encoding, tuple(self._chats), tuple(self._notes), self._rejected, tuple(self._rejections)
        )

    def note(self, reason: Reason) -> None:
        """Something the owner should know about the file, said once."""
        self._notes[reason] = None

    def reject(self, row: int, error: BadInput) -> None:
        """A line or row that is not understood is counted, and the first of them are shown."""
        self._rejected += 1
        if len(self._rejections) < REJECTIONS_KEPT:
            self._rejections.append(RowNote(row, Reason.of(error.what, **error.values)))

    def within(self, chat: str, chat_id: str = "") -> None:
        """What follows was said in this chat. Keys go by its id where the file has one: groups are renamed."""
        self._chat, self._chat_id = chat, chat_id or chat

    @property
    def chat(self) -> tuple[str, str]:
        """The chat of what is told now, and what it is known by: as `within` takes them."""
        return self._chat, self._chat_id

    def begin(self) -> None:
        """Another export begins in the same file: what is equal in it is the same event again."""
        self._keys.begin()

    def told(
        self,
        at: datetime | None,
        speaker: Speaker | None,
        text: str,
        nature: Nature | None = None,
        *,
        source_id: str = "",
        reply_to: str | None = None,
        answered: Speaker | None = None,
        called: tuple[str, ...] | None = None,
        whole_day: bool = False,
        count: int = 1,
    ) -> Events:
        """One row of a file as events. Without `nature` the text tells it; without `called` the text tells who is @.

        `source_id` is the number the source gave this message for good; where there is none, equal messages of one
        moment are told apart by their order. `answered` is whom the source itself says `reply_to` is of; the message
        of that number tells it better, where it is one of the last.
        """
        if nature == "system":
            return self._system(at, speaker, text, source_id, whole_day)
        if nature is None:
            nature = by_text(text) if text.startswith(("[", "![")) else "text"
        kind: EventKind = "message"
        if nature == "recall":
            kind, nature = "recall", "text"
            key = self._key(at, speaker, kind, text or "text", source_id)
        else:
            key = self._key(at, speaker, kind, text or nature, source_id)
        if called is None:
            called = mentions(text) if "@" in text else ()
        if source_id:
            if reply_to is not None:
                answered = self._last.speaker_of(by_source(self._chat_id, [reply_to])[0]) or answered
            self._last.said(key, speaker)
        chat = self._named()
        return (
            ChatEvent(
                at, kind, nature, speaker, key, chat, text, whole_day, None, called, reply_to, 0, count, answered
            ),
        )  # fmt: skip

    def chunk(
        self,
        at: Sequence[Stamped],
        speakers: Sequence[Speaker],
        texts: Sequence[str],
        natures: Sequence[Media | None],
        *,
        source_ids: Sequence[str] = (),
        reply_to: Sequence[str | None] = (),
        answered: Sequence[Speaker | None] = (),
    ) -> Chunk:
        """`told` of messages of one chat that stand one after another."""
        media: list[Media] = [
            nature or (by_text(text) if text.startswith(("[", "![")) else "text")
            for nature, text in zip(natures, texts, strict=True)
        ]
        if source_ids:
            keys = by_source(self._chat_id, source_ids)
        else:
            keys = self._keys.of_messages(
                self._chat_id, at, speakers, [text or what for text, what in zip(texts, media, strict=True)]
            )
        called = [mentions(text) if "@" in text else () for text in texts]
        return Chunk(
            self._named(), [moment for moment, _written in at], list(speakers), keys, media, list(texts), called,
            list(reply_to) or [None] * len(texts), answered,
        )  # fmt: skip

    def happened(
        self, at: datetime | None, kind: EventKind, speaker: Speaker, *, whole_day: bool = False, count: int = 1
    ) -> ChatEvent:
        """An event the file names outright: a join or a leave in a sheet."""
        key = self._key(at, speaker, kind, "", "")
        return ChatEvent(at, kind, "other", speaker, key, self._named(), whole_day=whole_day, count=count)

    def _system(
        self, at: datetime | None, speaker: Speaker | None, text: str, source_id: str, whole_day: bool
    ) -> Events:
        """`speaker` is whom the source itself says the line is about: worth more than the name in the sentence."""
        told = understand(text)
        events = []
        for part, one in enumerate(told):
            known = speaker is not None and len(told) == 1 and (one.who is None or one.who.id == speaker.name)
            who = speaker if known else one.who
            key = self._key(at, one.who, one.kind, text, f"{source_id}/{part}" if source_id else "")
            event = ChatEvent(
                at, one.kind, "other", who, key, self._named(), text, whole_day, one.inviter, (), None, part
            )
            events.append(event)
        return tuple(events)

    def _named(self) -> str:
        if self._chat and self._chat not in self._chats and len(self._chats) < CHATS_KEPT:
            self._chats[self._chat] = None
        return self._chat

    def _key(self, at: datetime | None, who: Speaker | None, kind: str, body: str, source_id: str) -> int:
        if source_id:
            return by_source(self._chat_id, [source_id])[0]
        return self._keys.of(self._chat_id, at, who, kind, body)
