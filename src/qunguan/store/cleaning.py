"""Cleaning: what the owner decided about silent members, and the wake lists that were sent (S3-20, S4-33 to S4-35)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, UniqueConstraint

from qunguan.store.base import Moment, table

# One decision about one member in one group. A later one supersedes it; what came of it is derived.
clean_case = table(
    "clean_case",
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("decision", String, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("decided_at", Moment, nullable=False),
    Column("review_on", Date),  # when the member comes up again
    Column("reason", String, nullable=False, server_default=""),
    Column("wake_id", Integer, ForeignKey("wake.id")),
    CheckConstraint("decision IN ('wake', 'slow', 'keep', 'remove', 'no_contact')", name="decision"),
    Index(None, "member_id", "group_id", "decided_on"),
    Index(None, "group_id", "decided_on"),
    Index(None, "wake_id"),
)

wake = table(
    "wake",
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("text", String, nullable=False, server_default=""),  # what was sent
    Column("sent_on", Date),  # None while it waits
    Column("created_at", Moment, nullable=False),
    CheckConstraint("length(name) BETWEEN 1 AND 64", name="name"),
    UniqueConstraint("group_id", "name"),
)

wake_member = table(
    "wake_member",
    Column("wake_id", Integer, ForeignKey("wake.id"), nullable=False),
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("contacted_on", Date),  # None while nobody wrote to them: outside the base of the wake rate
    UniqueConstraint("wake_id", "member_id"),
    Index(None, "member_id"),
)
