"""Segments: the owner's own schemes and tag rules, and who was put into a bucket by hand. Labels are derived."""

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
)

from qunguan.store.base import Moment, table

# A shipped scheme that was changed, or one of the owner's: its buckets stand in `terms`, version by version.
scheme = table(
    "scheme",
    Column("code", String, nullable=False, unique=True),  # "s3.messages" for a shipped one, "own.3" else
    Column("name", String, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("length(name) BETWEEN 1 AND 64 AND instr(name, char(0)) = 0", name="name"),
    CheckConstraint("enabled IN (0, 1)", name="enabled"),
)

# What the buckets ask for from a day on. Older terms stay: last month's label is what it was.
scheme_terms = table(
    "scheme_terms",
    Column("scheme_id", Integer, ForeignKey("scheme.id"), nullable=False),
    Column("from_day", Date, nullable=False),
    Column("buckets", JSON, nullable=False),  # in the order they are asked: code, name, when, service, sop
    Column("reason", String, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("scheme_id", "from_day"),
)

# Put into a bucket by hand, or held there, from a day to a day (C14).
scheme_lock = table(
    "scheme_lock",
    Column("scheme_code", String, nullable=False),
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("bucket", String, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date),  # the last day; None: until it is taken off
    Column("reason", String, nullable=False),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("to_day >= from_day", name="dates"),
    Index(None, "scheme_code", "member_id", "from_day"),
    Index(None, "member_id"),
)

# A tag by rule: evaluated when it is read, never written onto members.
tag_rule = table(
    "tag_rule",
    Column("category", String, nullable=False, server_default=""),
    Column("name", String, nullable=False),
    Column("when", String, nullable=False),  # domain.conditions, in the owner's words
    Column("enabled", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("length(name) BETWEEN 1 AND 64", name="name"),
    CheckConstraint("enabled IN (0, 1)", name="enabled"),
    UniqueConstraint("category", "name"),
)
