"""Feedback: what members asked, complained of, proposed and praised, and what was done about it (S0-39, S1-21, S1-32).

Answered, resolved and how long each took follows from the steps.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String

from qunguan.store.base import Moment, table

feedback = table(
    "feedback",
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("member_id", Integer, ForeignKey("member.id")),
    Column("who", String, nullable=False, server_default=""),  # as they were called, where no member is known
    Column("kind", String, nullable=False),
    Column("category", String, nullable=False, server_default=""),  # presets/feedback.toml, or the owner's own word
    Column("severity", String, nullable=False),
    Column("channel", String, nullable=False, server_default=""),  # group, private, a review page, the phone …
    Column("text", String, nullable=False),
    Column("told_at", Moment, nullable=False),
    Column("biz_date", Date, nullable=False),
    Column("order_id", Integer, ForeignKey("shop_order.id")),
    Column("incident_id", Integer, ForeignKey("incident.id")),  # of a drill it counts nowhere else
    CheckConstraint("kind IN ('question', 'complaint', 'review', 'suggestion', 'praise')", name="kind"),
    CheckConstraint("severity IN ('low', 'normal', 'high')", name="severity"),
    CheckConstraint("length(text) BETWEEN 1 AND 20000", name="text"),
    Index(None, "group_id", "biz_date"),
    Index(None, "member_id"),
    Index(None, "order_id"),
    Index(None, "incident_id"),
)

# reply: answered; offer: amends offered; amends: made good; turned / stays: what became of the bad review;
# resolved and reopened. The newest of resolved and reopened holds.
feedback_step = table(
    "feedback_step",
    Column("feedback_id", Integer, ForeignKey("feedback.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("biz_date", Date, nullable=False),
    Column("text", String, nullable=False, server_default=""),
    CheckConstraint("kind IN ('reply', 'offer', 'amends', 'turned', 'stays', 'resolved', 'reopened')", name="kind"),
    CheckConstraint("length(text) <= 20000", name="text"),
    Index(None, "feedback_id", "at"),
)
