"""Presence: roll-ups of `speech`, for figures over millions of messages. Counted anew for what a write touched."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, UniqueConstraint

from qunguan.store.base import table

activity_day = table(
    "activity_day",
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("speakers", Integer, nullable=False),  # people: members, and speakers nobody knows yet
    UniqueConstraint("group_id", "day"),
    cache=True,
)

# `kept` has bit n set when the member spoke exactly domain.retention.OFFSETS[n] days after first joining.
presence = table(
    "presence",
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("joined_on", Date),  # the first time ever
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("days", Integer, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("kept", Integer, nullable=False),
    UniqueConstraint("member_id", "group_id"),
    Index(None, "group_id", "joined_on", "last_on", "kept"),
    cache=True,
)
