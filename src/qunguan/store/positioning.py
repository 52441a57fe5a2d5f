"""What a group is for, the rules of the house, and who broke them (S3-02, S3-07, S3-08, S2-20)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String

from qunguan.store.base import Moment, table

positioning = table(
    "positioning",
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False, unique=True),
    Column("business", String, nullable=False, server_default=""),  # the business preset in use, by id
    Column("kinds", String, nullable=False, server_default=""),  # of the group, with commas: compound types (S3-03)
    Column("persona", String, nullable=False, server_default=""),  # whom it is for: age, job, need
    Column("core_value", String, nullable=False, server_default=""),  # which problem it solves, what is scarce in it
    Column("product", String, nullable=False, server_default=""),  # the product or service behind it (S2-20)
    Column("welcome", String, nullable=False, server_default=""),
)

house_rule = table(
    "house_rule",
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("text", String, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("removed_on", Date),  # kept for what was broken before
    CheckConstraint("length(text) BETWEEN 1 AND 500", name="text"),
    Index(None, "group_id", "place"),
)

# A warning comes before a removal; which step a violation was is kept, because rules may change later.
violation = table(
    "violation",
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("house_rule_id", Integer, ForeignKey("house_rule.id")),
    Column("step", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    Column("note", String, nullable=False, server_default=""),
    CheckConstraint("step IN ('warning', 'removal')", name="step"),
    Index(None, "group_id", "member_id", "day"),
    Index(None, "member_id"),
)
