"""Badges and titles: their rules, what was given by hand, and what was withheld. A rule's holders are worked out."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String

from qunguan.store.base import Moment, table

badge = table(
    "badge",
    Column("name", String, nullable=False, unique=True),
    Column("preset", String, nullable=False, server_default=""),
    Column("title", Boolean, nullable=False),  # a title stands behind the name; a badge is in the collection
    Column("metric", String, nullable=False),  # domain.badges.METRICS; "hand" has no rule
    Column("at_least", Integer),
    Column("challenge_id", Integer, ForeignKey("challenge.id")),  # None: any
    Column("note", String, nullable=False, server_default=""),
    Column("source", String, nullable=False, server_default=""),
    Column("enabled", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("length(name) BETWEEN 1 AND 64 AND instr(name, char(0)) = 0", name="name"),
    CheckConstraint("title IN (0, 1) AND enabled IN (0, 1)", name="flags"),
    CheckConstraint("at_least > 0", name="at_least"),
)

# given: the badge is theirs from that day by hand. withheld: not theirs, whatever the rule says. Each until to_day.
badge_award = table(
    "badge_award",
    Column("badge_id", Integer, ForeignKey("badge.id"), nullable=False),
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date),
    Column("occurred_at", Moment, nullable=False),
    Column("reason", String, nullable=False, server_default=""),
    CheckConstraint("kind IN ('given', 'withheld')", name="kind"),
    CheckConstraint("to_day >= from_day", name="dates"),
    Index(None, "badge_id", "member_id", "from_day"),
    Index(None, "member_id"),
)
