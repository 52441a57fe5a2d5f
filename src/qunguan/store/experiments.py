"""Experiments: arms, who was put in which, and what was counted (S4-15, semantics 3.10)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, UniqueConstraint

from qunguan.store.base import Moment, table

# Shares are in hundredths of a percent: 1000 is 10 %.
experiment = table(
    "experiment",
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("outcome", String, nullable=False),  # what counts as success, in the owner's words
    Column("scheme", String, nullable=False, server_default=""),  # whom it is for; "" is everyone present
    Column("bucket", String, nullable=False, server_default=""),
    Column("base_bp", Integer),
    Column("lift_bp", Integer),
    Column("alpha_bp", Integer, nullable=False),
    Column("power_bp", Integer, nullable=False),
    Column("per_arm", Integer),  # planned; None: no plan was made
    Column("from_day", Date, nullable=False),
    Column("to_day", Date),
    Column("campaign_id", Integer, ForeignKey("campaign.id")),
    Column("closed_on", Date),
    Column("decision", String, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("length(name) BETWEEN 1 AND 64", name="name"),
    CheckConstraint("alpha_bp BETWEEN 1 AND 5000 AND power_bp BETWEEN 5000 AND 9999 AND per_arm > 0", name="plan"),
    CheckConstraint("to_day >= from_day", name="dates"),
    UniqueConstraint("group_id", "name"),
    Index(None, "campaign_id"),
)

# Two factors make an arm of each pair: the copy is one, the benefit the other (S4-15).
experiment_arm = table(
    "experiment_arm",
    Column("experiment_id", Integer, ForeignKey("experiment.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("first", String, nullable=False, server_default=""),
    Column("second", String, nullable=False, server_default=""),
    Column("weight", Integer, nullable=False, server_default="1"),
    CheckConstraint("length(name) BETWEEN 1 AND 64 AND weight BETWEEN 1 AND 1000", name="name"),
    UniqueConstraint("experiment_id", "name"),
)

assignment = table(
    "assignment",
    Column("experiment_id", Integer, ForeignKey("experiment.id"), nullable=False),
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("arm_id", Integer, ForeignKey("experiment_arm.id"), nullable=False),
    Column("converted_on", Date),
    UniqueConstraint("experiment_id", "member_id"),
    Index(None, "arm_id"),
    Index(None, "member_id"),
)

# Counts as typed; the newest day holds. Where a list of who did it was imported, assignments say it.
arm_result = table(
    "arm_result",
    Column("arm_id", Integer, ForeignKey("experiment_arm.id"), nullable=False),
    Column("counted_on", Date, nullable=False),
    Column("n", Integer, nullable=False),
    Column("x", Integer, nullable=False),
    Column("counted_at", Moment, nullable=False),
    CheckConstraint("n >= 0 AND x BETWEEN 0 AND n", name="counts"),
    UniqueConstraint("arm_id", "counted_on"),
)
