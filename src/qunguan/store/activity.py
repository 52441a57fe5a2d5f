"""Activity: what chat exports told, counted by person and day and by hour; never the words, unless they were asked for.

Each import adds rows of its own and changes none of another's, so taking it back takes back exactly what it told.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from qunguan.store.base import Moment, table

chat_import = table(
    "chat_import",
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("format", String, nullable=False),  # domain.activity.ChatFormat
    Column("name", String, nullable=False),  # of the file
    Column("first_at", Moment),
    Column("last_at", Moment),
    Column("messages", Integer, nullable=False),  # these five: what was new
    Column("system", Integer, nullable=False),
    Column("recalled", Integer, nullable=False),
    Column("joins", Integer, nullable=False),
    Column("leaves", Integer, nullable=False),
    Column("duplicates", Integer, nullable=False),  # what was known already
    Column("imported_at", Moment, nullable=False),
    CheckConstraint(
        "messages >= 0 AND system >= 0 AND recalled >= 0 AND joins >= 0 AND leaves >= 0 AND duplicates >= 0",
        name="counts",
    ),
    Index(None, "group_id", "last_at"),
)

# What was counted already: the keys of a day's events, 64 bits each, sorted, little-endian, in base 64. A row for each
# event would be the largest table of the file and say no more. `alike` has 32 bits of what another exporter's file of
# the same chat tells alike, the minute and the letters of each message.
chat_seen = table(
    "chat_seen",
    Column("import_id", Integer, ForeignKey("chat_import.id"), nullable=False),
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("day", Date),  # of the wall clock; None: the file does not tell
    Column("keys", String, nullable=False),
    Column("alike", String, nullable=False),
    Index(None, "group_id", "day"),
    Index(None, "import_id"),
)

# Somebody as a chat knows them. A name may have been two people's at different times: then `member_id` is None, and
# each day of `speech` says whose it is.
speaker = table(
    "speaker",
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("key", String, nullable=False),  # the id as it is; for a name domain.text.match_key of it
    Column("name", String, nullable=False, server_default=""),  # shown last
    Column("member_id", Integer, ForeignKey("member.id")),
    Column("matched_by", String, nullable=False),
    CheckConstraint("kind IN ('wxid', 'qq', 'email', 'uid', 'name', 'self')", name="kind"),
    CheckConstraint(
        "matched_by IN ('id', 'alias', 'hand', 'new', 'dated', 'doubtful', 'unknown', 'nobody')", name="match"
    ),
    CheckConstraint("(matched_by IN ('id', 'alias', 'hand', 'new')) = (member_id IS NOT NULL)", name="matched"),
    UniqueConstraint("group_id", "kind", "key"),
    Index(None, "member_id"),
    Index(None, "matched_by"),
)

# The messages of one speaker on one business day, as far as one import was the first to tell them.
speech = table(
    "speech",
    Column("import_id", Integer, ForeignKey("chat_import.id"), nullable=False),
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("speaker_id", Integer, ForeignKey("speaker.id"), nullable=False),
    Column("member_id", Integer, ForeignKey("member.id")),  # who it was that day; None while nobody knows
    Column("day", Date, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("mentions", Integer, nullable=False, server_default="0"),  # messages that call somebody with @
    Column("replies", Integer, nullable=False, server_default="0"),  # messages that answer another
    CheckConstraint("messages > 0", name="messages"),
    CheckConstraint("mentions BETWEEN 0 AND messages AND replies BETWEEN 0 AND messages", name="kinds"),
    UniqueConstraint("speaker_id", "day", "import_id"),
    Index(None, "member_id", "group_id", "day", "messages"),
    Index(None, "group_id", "day", "member_id", "messages"),
    Index(None, "import_id"),
)

# How often one speaker answered another on a business day, as far as the source tells whom, and one import was the
# first to tell those messages. Who answers nobody known, or themselves, is not here.
chat_answer = table(
    "chat_answer",
    Column("import_id", Integer, ForeignKey("chat_import.id"), nullable=False),
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("speaker_id", Integer, ForeignKey("speaker.id"), nullable=False),
    Column("member_id", Integer, ForeignKey("member.id")),  # who it was that day; None while nobody knows
    Column("to_speaker_id", Integer, ForeignKey("speaker.id"), nullable=False),
    Column("to_member_id", Integer, ForeignKey("member.id")),  # likewise, of who was answered
    Column("day", Date, nullable=False),
    Column("times", Integer, nullable=False),
    CheckConstraint("times > 0 AND speaker_id <> to_speaker_id", name="times"),
    UniqueConstraint("speaker_id", "to_speaker_id", "day", "import_id"),
    Index(None, "group_id", "day"),
    Index(None, "member_id"),
    Index(None, "to_member_id"),
    Index(None, "to_speaker_id"),
    Index(None, "import_id"),
)

chat_hour = table(
    "chat_hour",
    Column("import_id", Integer, ForeignKey("chat_import.id"), nullable=False),
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("day", Date, nullable=False),  # of the wall clock, as is the hour: who looks for the best hour looks there
    Column("hour", Integer, nullable=False),
    Column("messages", Integer, nullable=False),
    CheckConstraint("hour BETWEEN 0 AND 23 AND messages > 0", name="hour"),
    UniqueConstraint("import_id", "day", "hour"),
    Index(None, "group_id", "day", "hour", "messages"),
)

chat_day = table(
    "chat_day",
    Column("import_id", Integer, ForeignKey("chat_import.id"), nullable=False),
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("messages", Integer, nullable=False, server_default="0"),
    Column("system", Integer, nullable=False, server_default="0"),
    Column("recalled", Integer, nullable=False, server_default="0"),
    Column("joins", Integer, nullable=False, server_default="0"),
    Column("leaves", Integer, nullable=False, server_default="0"),
    UniqueConstraint("import_id", "day"),
    Index(None, "group_id", "day"),
)

# Kept of chats only when the owner asks for it, or written down by hand: questions wait for an answer (S3-38).
question = table(
    "question",
    Column("import_id", Integer, ForeignKey("chat_import.id")),  # None: by hand
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("speaker_id", Integer, ForeignKey("speaker.id")),
    Column("member_id", Integer, ForeignKey("member.id")),
    Column("asked_at", Moment),
    Column("day", Date),
    Column("text", String, nullable=False),
    Column("state", String, nullable=False, server_default="open"),
    Column("state_on", Date),
    Column("answer", String, nullable=False, server_default=""),
    Column("post_id", Integer, ForeignKey("post.id")),  # what it became in the calendar (S3-12)
    CheckConstraint("state IN ('open', 'picked', 'answered', 'dropped')", name="state"),
    CheckConstraint("length(text) BETWEEN 1 AND 2000", name="text"),
    Index(None, "group_id", "state", "day"),
    Index(None, "import_id"),
    Index(None, "member_id"),
    Index(None, "post_id"),
)


class Side(NamedTuple):
    """Columns of a table with a day: a speaker, and who that was on the day."""

    speaker: Column[Any]
    member: Column[Any]

    @property
    def table(self) -> Table:
        """Whose columns they are."""
        return self.member.table


SIDES = (
    Side(speech.c.speaker_id, speech.c.member_id),
    Side(question.c.speaker_id, question.c.member_id),
    Side(chat_answer.c.speaker_id, chat_answer.c.member_id),
    Side(chat_answer.c.to_speaker_id, chat_answer.c.to_member_id),
)
"""Everywhere it stands whose words a speaker's were: where that changes, it changes in all of them."""
