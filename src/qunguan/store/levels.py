"""Levels: ladders in their versions, benefits and their use, locks. Who stands where is worked out on reading."""

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

ladder = table(
    "ladder",
    Column("name", String, nullable=False, unique=True),
    Column("preset", String, nullable=False, server_default=""),
    Column("current", Boolean, nullable=False),  # the ladder the screens show
    Column("created_at", Moment, nullable=False),
    CheckConstraint("length(name) BETWEEN 1 AND 64 AND instr(name, char(0)) = 0", name="name"),
    CheckConstraint("current IN (0, 1)", name="current"),
    Index("uq_ladder_current", "current", unique=True, sqlite_where=text("current = 1")),
)

# The newest version of a day is in force from that day on; what was before stays as it was judged.
ladder_version = table(
    "ladder_version",
    Column("ladder_id", Integer, ForeignKey("ladder.id"), nullable=False),
    Column("from_day", Date, nullable=False),
    Column("terms", JSON, nullable=False),  # domain.levels: names, conditions, policy, hold, low-water mark
    Column("reason", String, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    Index(None, "ladder_id", "from_day", "id"),
)

level_benefit = table(
    "level_benefit",
    Column("ladder_id", Integer, ForeignKey("ladder.id"), nullable=False),
    Column("rank", Integer, nullable=False),  # 1 is the lowest level; a higher level has it too unless it has its own
    Column("name", String, nullable=False),
    Column("quota", Integer),  # None: without limit
    Column("period", String, nullable=False),
    Column("note", String, nullable=False, server_default=""),
    Column("closed_on", Date),
    CheckConstraint("rank > 0 AND quota > 0", name="numbers"),
    CheckConstraint("length(name) BETWEEN 1 AND 64", name="name"),
    CheckConstraint("period IN ('once', 'month', 'year')", name="period"),
    Index(None, "ladder_id", "rank"),
)

benefit_use = table(
    "benefit_use",
    Column("benefit_id", Integer, ForeignKey("level_benefit.id"), nullable=False),
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("biz_date", Date, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    Column("note", String, nullable=False, server_default=""),
    CheckConstraint("quantity > 0", name="quantity"),
    Index(None, "member_id", "benefit_id", "biz_date"),
)

level_lock = table(
    "level_lock",
    Column("ladder_id", Integer, ForeignKey("ladder.id"), nullable=False),
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date),
    Column("reason", String, nullable=False),
    CheckConstraint("rank > 0 AND to_day >= from_day", name="lock"),
    CheckConstraint("length(reason) > 0", name="reason"),
    Index(None, "member_id", "ladder_id"),
    UniqueConstraint("ladder_id", "member_id", "from_day"),
)
