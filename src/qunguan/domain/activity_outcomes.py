"""What the services of chat activity hand back: frozen values for the screens and the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from qunguan.domain.activity import ChatFormat, ChatInfo, ChatItem
from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import Reason, RowNote
from qunguan.i18n import N_
from qunguan.values import frozen

if TYPE_CHECKING:
    from qunguan.domain.activity_chains import ChainFound
    from qunguan.domain.activity_people import Waiting
    from qunguan.domain.checkin_outcomes import RecordOutcome

QuestionState = Literal["open", "picked", "answered", "dropped"]
"""`picked`: to be answered today; `dropped`: needs no answer."""


@frozen
class ChatFile:
    """One export on its way in: what it tells, once, and what is known of the file (complete after the last event)."""

    name: str
    events: Iterable[ChatItem]
    info: Callable[[], ChatInfo]


def nothing_in(name: str, info: ChatInfo) -> BadInput:
    """The refusal of a file in which no message was found: the first line not understood, where there is one."""
    if not info.rejections:
        return BadInput("no message stands in it", where=name)
    note = info.rejections[0]
    hint = N_("Check that the file is what it should be; --format overrules how it is read.")
    return BadInput(note.reason.what, where=f"{name}:{note.row}", hint=hint, **dict(note.reason.values))


class SeveralChats(BadInput):
    """A file that tells of chats no group is named like: one has to be chosen."""

    code = "several_chats"


@frozen
class ChainWish:
    """接龙 of the chat that are to be recorded: those whose heading holds `title` ("": the challenge's name)."""

    challenge_id: int
    title: str = ""


@frozen
class ChainRecorded:
    """What became of one 接龙: check-ins, or why it was left alone."""

    chain: ChainFound
    outcome: RecordOutcome | None
    refused: str = ""


@frozen
class FileImported:
    """One file of an import: the groups its chats went to, and the lines that were not understood."""

    name: str
    format: ChatFormat
    encoding: str
    groups: tuple[str, ...]
    rejected: int
    rejections: tuple[RowNote, ...]
    notes: tuple[Reason, ...]


@frozen
class ActivityImported:
    """What an import of chats changed. `first` and `last` (China's clock) span the files, the sums what was new.

    `matched`, `new` and `unresolved` count people: members they were found to be, members that were added, and those
    who wait to be told. `undated` messages count in `messages` and on no day. `chains` are all 接龙 of the files.
    """

    files: tuple[FileImported, ...]
    first: datetime | None
    last: datetime | None
    messages: int
    system: int
    recalled: int
    joins: int
    leaves: int
    undated: int
    duplicates_skipped: int
    matched: int
    new: int
    unresolved: int
    questions: int
    chains: tuple[ChainFound, ...]
    recorded: tuple[ChainRecorded, ...]
    notes: tuple[Reason, ...]

    @property
    def changed(self) -> bool:
        """Whether anything was new."""
        return bool(self.messages or self.system)


@frozen
class ImportOutlook:
    """What an import of chats would do, with its people by name.

    `added` would become members. `waiting` have something in the files that would be nobody's, likeliest suggestion
    first. `chats` are those the files tell of.
    """

    done: ActivityImported
    added: tuple[str, ...]
    waiting: tuple[Waiting, ...]
    chats: tuple[str, ...]


@frozen
class ImportRow:
    """An import as the list shows it: sums of what was new in it, `first` and `last` on China's clock."""

    id: int
    group_id: int
    group: str
    format: ChatFormat
    name: str
    first: datetime | None
    last: datetime | None
    messages: int
    system: int
    recalled: int
    joins: int
    leaves: int
    duplicates: int
    imported_at: datetime


@frozen
class PersonMessages:
    """Somebody's messages. `key` is the strongest id chats know them by: wxid, then QQ, e-mail, account, name."""

    key: str
    name: str
    messages: int
    member_id: int | None
    kind: str
    keys: tuple[str, ...]


@frozen
class ActivitySummary:
    """Messages over some days. `by_day` has the business days with messages; without any were those others that are
    `covered`, spans of (first day, last day) that imports tell of. Of days beyond nothing is known.

    `by_hour` (0 to 23) goes by China's clock and lacks messages whose hour no file tells. `messages` and `speakers` are
    None where nothing is covered.
    """

    messages: int | None
    speakers: int | None
    by_day: dict[date, int]
    by_hour: dict[int, int]
    by_member: tuple[PersonMessages, ...]
    covered: tuple[tuple[date, date], ...]


@frozen
class QuestionRow:
    """A question that was kept. `asked_at` is aware."""

    id: int
    group_id: int
    member_id: int | None
    name: str
    asked_at: datetime | None
    day: date | None
    text: str
    state: QuestionState
    state_on: date | None
    answer: str = ""
    post_id: int | None = None


@frozen
class Share:
    """The questions of a group: how many are open and picked, how many were taken up today (`used`) of the day's share
    (`quota`, None where the rule is off).
    """

    open: int
    picked: int
    used: int
    quota: int | None

    @property
    def waiting(self) -> int:
        """How many wait for an answer."""
        return self.open + self.picked


@frozen
class QuestionsTaken:
    """What became of the lines of a 接龙: new questions, those in the queue already, and names without a word."""

    added: int
    again: int
    bare: int


@frozen
class QuestionSettled:
    """A question and its state from now on; `over` how many were taken up today where that is more than the rule."""

    id: int
    text: str
    state: QuestionState
    changed: bool
    over: int | None = None
