"""Check-ins: challenges, who is enrolled, one record a day, and the 接龙 snapshots they came from."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, UniqueConstraint

from qunguan.store.base import Moment, table

challenge = table(
    "challenge",
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("name", String, nullable=False, unique=True),
    Column("template", String, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("cadence", String, nullable=False),  # "daily", "weekdays:135", "weekly:3"
    Column("window_from", Integer),  # minutes after local midnight
    Column("window_to", Integer),
    Column("makeup_days", Integer, nullable=False),
    Column("makeup_quota", Integer, nullable=False),
    Column("makeup_cost", Integer, nullable=False),
    Column("makeup_counts", Boolean, nullable=False),
    Column("points", Integer, nullable=False),
    Column("closed_on", Date),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("length(name) BETWEEN 1 AND 64 AND instr(name, char(0)) = 0", name="name"),
    CheckConstraint("ends_on >= starts_on", name="dates"),
    CheckConstraint("window_from BETWEEN 0 AND 1439 AND window_to BETWEEN 0 AND 1440", name="window"),
    CheckConstraint("makeup_days >= 0 AND makeup_quota >= 0 AND makeup_cost >= 0", name="makeup"),
    CheckConstraint("makeup_counts IN (0, 1)", name="makeup_counts"),
    CheckConstraint("points BETWEEN 0 AND 1000000", name="points"),
)

challenge_tier = table(
    "challenge_tier",
    Column("challenge_id", Integer, ForeignKey("challenge.id"), nullable=False),
    Column("streak", Integer, nullable=False),
    Column("points", Integer, nullable=False),
    CheckConstraint("streak > 0 AND points BETWEEN 1 AND 1000000", name="tier"),
    UniqueConstraint("challenge_id", "streak"),
)

challenge_prompt = table(
    "challenge_prompt",
    Column("challenge_id", Integer, ForeignKey("challenge.id"), nullable=False),
    Column("day_no", Integer, nullable=False),  # 1 is the first day
    Column("text", String, nullable=False),
    CheckConstraint("day_no > 0", name="day_no"),
    UniqueConstraint("challenge_id", "day_no"),
)

# streak … last_day are a cache of the member's rows in this challenge, as of the last record: written with the record,
# rebuilt and compared by doctor. Streaks of other days are computed from the rows.
enrolment = table(
    "enrolment",
    Column("challenge_id", Integer, ForeignKey("challenge.id"), nullable=False),
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date),
    Column("run", Integer, nullable=False, server_default="0"),
    Column("best", Integer, nullable=False, server_default="0"),
    Column("total", Integer, nullable=False, server_default="0"),
    Column("last_day", Date),
    CheckConstraint("to_day >= from_day", name="dates"),
    UniqueConstraint("challenge_id", "member_id"),
    Index(None, "member_id"),
    Index("ix_enrolment_best", "challenge_id", "best", "member_id"),
)

checkin = table(
    "checkin",
    Column("challenge_id", Integer, ForeignKey("challenge.id"), nullable=False),
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("state", String, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    Column("source", String, nullable=False),
    Column("earns", Boolean, nullable=False),  # history told by a spreadsheet earns nothing
    Column("text", String),
    Column("reason", String),
    CheckConstraint("state IN ('done', 'makeup', 'frozen', 'excused')", name="state"),
    CheckConstraint("source IN ('hand', 'jielong', 'history')", name="source"),
    CheckConstraint("earns IN (0, 1)", name="earns"),
    UniqueConstraint("challenge_id", "member_id", "day"),
    Index(None, "challenge_id", "day", "state", "member_id"),
    Index(None, "member_id", "day"),
)

# A 接龙 as it was pasted. A growing one gives several snapshots of the same series.
chain = table(
    "chain",
    Column("challenge_id", Integer, ForeignKey("challenge.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("series", String, nullable=False),  # same title, example and tail
    Column("digest", String, nullable=False),
    Column("title", String),
    Column("raw", String, nullable=False),
    Column("pasted_at", Moment, nullable=False),
    UniqueConstraint("challenge_id", "day", "digest"),
)

chain_item = table(
    "chain_item",
    Column("chain_id", Integer, ForeignKey("chain.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("text", String, nullable=False),
    Column("member_id", Integer, ForeignKey("member.id")),
    Index(None, "chain_id"),
)
