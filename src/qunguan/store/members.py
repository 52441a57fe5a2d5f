"""Members: people, their places in groups, the names they were known by, and their tags."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)

from qunguan.store.base import Moment, table

member = table(
    "member",
    Column("name", String, nullable=False),
    Column("sort_key", String, nullable=False, server_default=""),  # domain.members.sort_key(name): pinyin order
    Column("phone", String),
    Column("birth_year", Integer),
    Column("birth_month", Integer),
    Column("birth_day", Integer),
    Column("birth_lunar", Boolean, nullable=False, server_default="0"),
    Column("birth_leap", Boolean, nullable=False, server_default="0"),
    Column("channel", String),
    Column("note", String),
    Column("extra", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("length(name) BETWEEN 1 AND 64 AND instr(name, char(0)) = 0", name="name"),
    CheckConstraint("birth_month BETWEEN 1 AND 12 AND birth_day BETWEEN 1 AND 31", name="birthday"),
    CheckConstraint("birth_lunar IN (0, 1) AND birth_leap IN (0, 1)", name="birth_flags"),
    Index(None, "name", "id"),
    Index(None, "sort_key", "id"),
    Index(None, "phone"),
)

membership = table(
    "membership",
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("joined_on", Date),
    Column("left_on", Date),
    Column("left_reason", String),
    Column("role", String),
    Column("inviter_id", Integer, ForeignKey("member.id")),
    CheckConstraint("left_on >= joined_on", name="dates"),
    Index("uq_membership_present", "member_id", "group_id", unique=True, sqlite_where=text("left_on IS NULL")),
    Index(None, "group_id", "left_on", "member_id"),
    Index("ix_membership_joined", "group_id", "joined_on"),
    Index(None, "member_id", "group_id", "left_on", "joined_on"),
)

alias = table(
    "alias",
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("text", String, nullable=False),
    Column("key", String, nullable=False),  # domain.text.match_key(text)
    Column("valid_from", Date),
    Column("valid_to", Date),
    CheckConstraint("kind IN ('name', 'nick', 'remark', 'wechat_id', 'wxid', 'qq', 'email')", name="kind"),
    CheckConstraint("length(text) BETWEEN 1 AND 64 AND instr(text, char(0)) = 0", name="text"),
    UniqueConstraint("member_id", "kind", "key"),
    Index(None, "key", "member_id"),
)

tag = table(
    "tag",
    Column("category", String, nullable=False, server_default=""),
    Column("name", String, nullable=False),
    CheckConstraint("length(name) BETWEEN 1 AND 64", name="name"),
    UniqueConstraint("category", "name"),
)

member_tag = table(
    "member_tag",
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("tag_id", Integer, ForeignKey("tag.id"), nullable=False),
    UniqueConstraint("member_id", "tag_id"),
    Index(None, "tag_id", "member_id"),
)

# Two entries turned out to be one person: what `gone_id` had is now `kept_id`'s, and `gone_id` stays because the
# ledger is for ever.
member_merge = table(
    "member_merge",
    Column("kept_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("gone_id", Integer, ForeignKey("member.id"), nullable=False, unique=True),
    Column("merged_on", Date, nullable=False),
    Column("reason", String, nullable=False, server_default=""),
    CheckConstraint("kept_id <> gone_id", name="two"),
    Index(None, "kept_id"),
)
