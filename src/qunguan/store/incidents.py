"""Incidents: T0, what was told and when, who wears which hat, what was promised and delivered, the review (S4-18…22).

Whether a stage was late, what runs out next and how many left is derived from these rows, never stored.
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

# `first_t0` is what was said at first, where T0 was corrected: that can be done once (semantics 3.17).
incident = table(
    "incident",
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("title", String, nullable=False),
    Column("severity", String, nullable=False),
    Column("playbook", String, nullable=False, server_default=""),  # presets/crisis.toml
    Column("t0", Moment, nullable=False),
    Column("biz_date", Date, nullable=False),  # of T0
    Column("first_t0", Moment),
    Column("drill", Boolean, nullable=False, server_default="0"),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    CheckConstraint("length(title) BETWEEN 1 AND 200", name="title"),
    CheckConstraint("severity IN ('minor', 'major', 'critical')", name="severity"),
    CheckConstraint("drill IN (0, 1)", name="drill"),
    CheckConstraint("closed_at IS NULL OR closed_at >= opened_at", name="dates"),
    Index(None, "group_id", "t0"),
    Index("ix_incident_open", "opened_at", sqlite_where=text("closed_at IS NULL")),
)

# What was told the group, word for word: the evidence of a stage, which has one; of updates there are many.
incident_post = table(
    "incident_post",
    Column("incident_id", Integer, ForeignKey("incident.id"), nullable=False),
    Column("stage", String, nullable=False),
    Column("text", String, nullable=False),
    Column("place", String, nullable=False, server_default=""),  # where it was posted, in the owner's words
    Column("posted_at", Moment, nullable=False),
    Column("written_at", Moment, nullable=False),  # when it was written down here
    CheckConstraint("stage IN ('tell', 'time', 'trust', 'update')", name="stage"),
    CheckConstraint("length(text) BETWEEN 1 AND 20000", name="text"),
    Index("uq_incident_post_stage", "incident_id", "stage", unique=True, sqlite_where=text("stage <> 'update'")),
    Index(None, "incident_id", "posted_at"),
)

# A point of a stage's checklist that was ticked; `item` is its name in the playbook.
incident_check = table(
    "incident_check",
    Column("incident_id", Integer, ForeignKey("incident.id"), nullable=False),
    Column("stage", String, nullable=False),
    Column("item", String, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("incident_id", "stage", "item"),
)

# The timeline: what was typed, and what only happened here (T0 corrected, severity changed, the clock set back …).
incident_line = table(
    "incident_line",
    Column("incident_id", Integer, ForeignKey("incident.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("text", String, nullable=False, server_default=""),
    Column("written_at", Moment, nullable=False),
    CheckConstraint("length(text) <= 20000", name="text"),
    Index(None, "incident_id", "at"),
)

# Who wears a hat; the newest row of a hat holds. `holder` is a name in the owner's words, often of nobody in the group.
incident_role = table(
    "incident_role",
    Column("incident_id", Integer, ForeignKey("incident.id"), nullable=False),
    Column("hat", String, nullable=False),
    Column("holder", String, nullable=False),
    Column("since", Moment, nullable=False),
    CheckConstraint(_HAT, name="hat"),
    CheckConstraint("length(holder) <= 64", name="holder"),
    Index(None, "incident_id", "hat"),
)

# What was promised one member, and whether they have it. `key` is what makes it one: the list's own number, or what
# was promised. Points are in the ledger under source ("incident", "<incident>.<id>"), once.
compensation = table(
    "compensation",
    Column("incident_id", Integer, ForeignKey("incident.id"), nullable=False),
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("key", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("points", Integer),
    Column("fen", Integer),  # what money or the coupon is worth
    Column("what", String, nullable=False, server_default=""),  # the coupon's code, the goods, how the money went
    Column("promised_at", Moment, nullable=False),
    Column("delivered_at", Moment),
    CheckConstraint("kind IN ('points', 'coupon', 'money', 'goods')", name="kind"),
    CheckConstraint("(kind = 'points') = (points IS NOT NULL) AND points BETWEEN 1 AND 1000000000", name="points"),
    CheckConstraint("fen BETWEEN 0 AND 100000000000", name="fen"),
    UniqueConstraint("incident_id", "member_id", "key"),
    Index(None, "member_id"),
)

incident_review = table(
    "incident_review",
    Column("incident_id", Integer, ForeignKey("incident.id"), nullable=False, unique=True),
    Column("cause", String, nullable=False),
    Column("impact", String, nullable=False),  # in words, beside the figures
    Column("went_well", String, nullable=False),
    Column("went_badly", String, nullable=False),
    Column("message", String, nullable=False, server_default=""),  # what the group is told at the end
    Column("written_at", Moment, nullable=False),
)

# What is to be done so that it does not happen again; each becomes a task (not in a drill).
incident_action = table(
    "incident_action",
    Column("incident_id", Integer, ForeignKey("incident.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("title", String, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("hat", String, nullable=False),
    Column("task_id", Integer, ForeignKey("task.id")),
    CheckConstraint(_HAT, name="hat"),
    CheckConstraint("length(title) BETWEEN 1 AND 200", name="title"),
    UniqueConstraint("incident_id", "place"),
    Index(None, "task_id"),
)
