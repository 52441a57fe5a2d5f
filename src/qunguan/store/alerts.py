"""Alerts: what the owner said to them. That one fires, and that it has recovered, is derived (semantics 3.13)."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, UniqueConstraint

from qunguan.store.base import Moment, table

# One row for each thing said about one firing, with the figures it fired on as they were then.
alert_note = table(
    "alert_note",
    Column("rule", String, nullable=False),
    Column("group_id", Integer, ForeignKey("chat_group.id")),
    Column("fired_on", Date, nullable=False),  # the last day of the window that fired first
    Column("state", String, nullable=False),
    Column("inputs", JSON, nullable=False),
    Column("note", String, nullable=False, server_default=""),
    Column("at", Moment, nullable=False),
    Column("biz_date", Date, nullable=False),
    CheckConstraint("state IN ('known', 'handling', 'closed')", name="state"),
    UniqueConstraint("rule", "group_id", "fired_on", "state", "at"),
    Index(None, "group_id", "biz_date"),
)
