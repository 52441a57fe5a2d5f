"""What a chat export tells: who spoke, joined or left, and when. What was said passes through and is not kept."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from qunguan.domain.rosters import Reason, RowNote
from qunguan.i18n import N_
from qunguan.values import frozen

ChatFormat = Literal[
    "wechat_share",
    "wechatmsg_csv",
    "wechatmsg_all_csv",
    "wechatmsg_txt",
    "memotrace_csv",
    "pywxdump_csv",
    "pywxdump_json",
    "chatlog_csv",
    "chatlog_json",
    "chatlog_txt",
    "weflow_xlsx",
    "weflow_txt",
    "weflow_json",
    "qq_txt",
    "qce_json",
    "qce_jsonl",
    "qce_xlsx",
    "qce_txt",
    "chatlab_json",
    "chatlab_jsonl",
    "sheet",
]
"""The exporters whose files are read (formats 2-9), and `sheet`, any table with who and when."""

FORMAT_NAMES: dict[ChatFormat, str] = {
    "wechat_share": N_("WeChat, shared as mail or text"),
    "wechatmsg_csv": N_("WeChatMsg, CSV of one chat"),
    "wechatmsg_all_csv": N_("WeChatMsg, CSV of all chats"),
    "wechatmsg_txt": N_("WeChatMsg, text"),
    "memotrace_csv": N_("MemoTrace 3, CSV"),
    "pywxdump_csv": N_("PyWxDump, CSV"),
    "pywxdump_json": N_("PyWxDump, JSON"),
    "chatlog_csv": N_("chatlog, CSV"),
    "chatlog_json": N_("chatlog, JSON"),
    "chatlog_txt": N_("chatlog, text"),
    "weflow_xlsx": N_("WeFlow, workbook"),
    "weflow_txt": N_("WeFlow, text"),
    "weflow_json": N_("WeFlow or EchoTrace, JSON"),
    "qq_txt": N_("QQ or TIM message manager, text"),
    "qce_json": N_("qq-chat-exporter, JSON"),
    "qce_jsonl": N_("qq-chat-exporter, chunk of JSON"),
    "qce_xlsx": N_("qq-chat-exporter, workbook"),
    "qce_txt": N_("qq-chat-exporter, text"),
    "chatlab_json": N_("ChatLab, JSON"),
    "chatlab_jsonl": N_("ChatLab, JSON lines"),
    "sheet": N_("a table of who and when"),
}
"""What people are told a format is."""

IdKind = Literal["wxid", "qq", "email", "uid", "name", "self"]
"""What a speaker is known by. `uid` is an identity of some other platform; `name` is only what was shown at that time;
`self` is whoever made the export, where the file says no more than 我."""

EventKind = Literal["message", "join", "leave", "recall", "system"]
"""`message` is speech, a picture or red packet too; a message taken back is `recall`; the rest of what the app itself
said is `system`: renamed groups, pats, notices."""

Media = Literal["text", "image", "sticker", "voice", "video", "file", "red_packet", "link", "other"]


class Speaker(NamedTuple):
    """Somebody in a chat: `kind` and `id` identify, `name` is what was shown then ("" where the file has none)."""

    kind: IdKind
    id: str
    name: str = ""


class ChatEvent(NamedTuple):
    """One message, or what one line of the app tells about one person. A tuple: millions are made for one import.

    `at` is China's wall clock, None where the file does not tell; with `whole_day` only its date is known. `key` is
    the same 64-bit number in every export that tells this event, so that overlapping files count once. `text` is
    there for whoever asks at once (接龙, questions) and must not be kept unasked. `reply_to` is the source's name for
    the message answered, `answered` who said that, where the file tells. `part` counts the events of one line from 0
    (A invited B、C); `count` is above 1 only in sheets that tell sums.
    """

    at: datetime | None
    kind: EventKind
    media: Media
    speaker: Speaker | None
    key: int
    chat: str = ""
    text: str = ""
    whole_day: bool = False
    inviter: Speaker | None = None
    mentions: tuple[str, ...] = ()
    reply_to: str | None = None
    part: int = 0
    count: int = 1  # type: ignore[assignment]  # the method every tuple has by that name is not needed
    answered: Speaker | None = None


@frozen
class Chunk:
    """Messages of one chat that stand one after another, as columns: a place in all of them is one message.

    Only the usual: somebody's, with a clock, one each; the rest comes as events between the chunks. What the columns
    hold is what the fields of `ChatEvent` do, but that a reader of a million messages makes no million events.
    `answered` is empty where it would hold nobody.
    """

    chat: str
    at: list[datetime]
    speaker: list[Speaker]
    key: array[int]
    media: list[Media]
    text: list[str]
    mentions: list[tuple[str, ...]]
    reply_to: list[str | None]
    answered: Sequence[Speaker | None] = ()

    def __len__(self) -> int:
        return len(self.at)

    def part(self, start: int, end: int) -> Chunk:
        """The messages at the places from `start` until `end`."""
        if end - start == len(self.at):
            return self
        of = slice(start, end)
        return Chunk(
            self.chat, self.at[of], self.speaker[of], self.key[of], self.media[of], self.text[of], self.mentions[of],
            self.reply_to[of], self.answered[of],
        )  # fmt: skip

    def events(self) -> Iterator[ChatEvent]:
        """The messages one by one."""
        for at, who, key, media, text, called, reply_to, answered in zip(
            self.at, self.speaker, self.key, self.media, self.text, self.mentions, self.reply_to,
            self.answered or [None] * len(self.at), strict=True,
        ):  # fmt: skip
            yield ChatEvent(
                at, "message", media, who, key, self.chat, text, mentions=called, reply_to=reply_to, answered=answered
            )


ChatItem = ChatEvent | Chunk
"""What an export is read as: events, and between them messages by the thousand."""


def one_by_one(items: Iterable[ChatItem]) -> Iterator[ChatEvent]:
    """All events, those of chunks too."""
    for item in items:
        if isinstance(item, Chunk):
            yield from item.events()
        else:
            yield item


@frozen
class ChatInfo:
    """What is known about the file itself. `chats` are the groups it tells of, as far as it was read.

    `rejected` counts the lines or rows that were not understood; `rejections` are the first of them.
    """

    format: ChatFormat
    encoding: str
    chats: tuple[str, ...] = ()
    notes: tuple[Reason, ...] = ()
    rejected: int = 0
    rejections: tuple[RowNote, ...] = ()
