"""Tasks: SOPs with their steps, what was started by hand, single tasks, and what became of each (S0-24, S0-27, S0-28).

What is due on a day is derived; a mark says what the owner did with it.
"""

from __future__ import annotations

from sqlalchemy import (
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

_HAT = "hat IN ('owner', 'content', 'service', 'analyst')"
_MINUTE = "at_minute BETWEEN 0 AND 1439"

sop = table(
    "sop",
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("preset", String, nullable=False, server_default=""),
    Column("starts_by", String, nullable=False),  # what sets it off
    Column("source", String, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    Column("ended_on", Date),  # the day it was put away
    CheckConstraint("length(name) BETWEEN 1 AND 64", name="name"),
    CheckConstraint("starts_by IN ('daily', 'weekly', 'date', 'join', 'birthday', 'hand')", name="starts_by"),
    Index(None, "group_id"),
)

# The days it was switched on: what was due on a day stays so after it is switched off.
sop_span = table(
    "sop_span",
    Column("sop_id", Integer, ForeignKey("sop.id"), nullable=False),
    Column("from_day", Date, nullable=False),
    Column("ended_on", Date),  # its first day without
    CheckConstraint("ended_on >= from_day", name="dates"),
    Index(None, "sop_id", "from_day"),
)

# An edited step ends and another begins, so that what was late last week stays late.
sop_step = table(
    "sop_step",
    Column("sop_id", Integer, ForeignKey("sop.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("day", Integer, nullable=False),  # weekly: 1 is Monday; else days after the start, which is 0
    Column("at_minute", Integer),  # None: some time that day
    Column("title", String, nullable=False),
    Column("text", String, nullable=False, server_default=""),
    Column("script", String, nullable=False, server_default=""),  # by name
    Column("hat", String, nullable=False),
    Column("private", Boolean, nullable=False, server_default="0"),  # written to each member apart
    Column("source", String, nullable=False, server_default=""),
    Column("from_day", Date, nullable=False),
    Column("ended_on", Date),
    CheckConstraint("length(title) BETWEEN 1 AND 200 AND length(text) <= 20000", name="text"),
    CheckConstraint(_MINUTE, name="minute"),
    CheckConstraint(_HAT, name="hat"),
    CheckConstraint("private IN (0, 1)", name="private"),
    CheckConstraint("ended_on >= from_day", name="dates"),
    Index(None, "sop_id", "place"),
)

# Runs that somebody or a date began; those of `join` follow from the stays, those of the clock from the days.
sop_run = table(
    "sop_run",
    Column("sop_id", Integer, ForeignKey("sop.id"), nullable=False),
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("member_id", Integer, ForeignKey("member.id")),
    Column("anchor_on", Date, nullable=False),
    Column("ended_on", Date),  # its first day without
    Column("started_on", Date, nullable=False),
    Column("started_at", Moment, nullable=False),
    Index(None, "sop_id"),
    Index(None, "group_id", "anchor_on"),
    Index(None, "member_id"),
)

task = table(
    "task",
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("at_minute", Integer),
    Column("title", String, nullable=False),
    Column("text", String, nullable=False, server_default=""),
    Column("hat", String, nullable=False),
    Column("campaign_id", Integer, ForeignKey("campaign.id")),
    Column("origin", String, nullable=False, server_default=""),  # what it came of: "alert:complaints", "review:3" …
    Column("created_at", Moment, nullable=False),
    CheckConstraint("length(title) BETWEEN 1 AND 200", name="title"),
    CheckConstraint(_MINUTE, name="minute"),
    CheckConstraint(_HAT, name="hat"),
    Index(None, "group_id", "day"),
    Index(None, "campaign_id"),
)

# One row for a task that was settled. `key` names it as derived, with the member where each of several has their own;
# `day` is the day it was due, before any postponing. What was postponed and then done keeps the day it was moved to.
task_mark = table(
    "task_mark",
    Column("key", String, nullable=False),
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("member_id", Integer, ForeignKey("member.id")),
    Column("day", Date, nullable=False),
    Column("state", String, nullable=False),
    Column("marked_at", Moment, nullable=False),
    Column("to_day", Date),
    Column("to_minute", Integer),
    Column("reason", String, nullable=False, server_default=""),
    CheckConstraint("state IN ('done', 'skipped', 'postponed')", name="state"),
    CheckConstraint("state <> 'postponed' OR to_day IS NOT NULL", name="postponed"),
    CheckConstraint("to_minute BETWEEN 0 AND 1439", name="minute"),
    UniqueConstraint("key", "member_id"),
    Index("uq_task_mark_whole", "key", unique=True, sqlite_where=text("member_id IS NULL")),
    Index(None, "group_id", "day"),
    Index(None, "group_id", "to_day"),
    Index(None, "member_id"),
)
