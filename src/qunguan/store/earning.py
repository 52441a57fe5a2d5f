"""Earning: days that multiply points, and good deeds that earn them (shares, campaigns)."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String

from qunguan.store.base import Moment, table

bonus_day = table(
    "bonus_day",
    Column("name", String, nullable=False, unique=True),
    Column("preset", String, nullable=False, server_default=""),
    Column("recurs", String, nullable=False),  # domain.earning: "monthly:8", "weekly:5", "yearly:11-11", "once:…", …
    Column("multiplier_pct", Integer, nullable=False),  # 200 doubles
    Column("applies", String, nullable=False, server_default=""),  # rule ids with commas; "" is every rule
    Column("perk", String, nullable=False, server_default=""),  # what else the day gives, in words
    Column("from_day", Date),
    Column("to_day", Date),
    Column("source", String, nullable=False, server_default=""),
    Column("enabled", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("length(name) BETWEEN 1 AND 64 AND instr(name, char(0)) = 0", name="name"),
    CheckConstraint("multiplier_pct BETWEEN 100 AND 10000", name="multiplier"),
    CheckConstraint("enabled IN (0, 1) AND to_day >= from_day", name="dates"),
)

deed = table(
    "deed",
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("biz_date", Date, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    Column("note", String, nullable=False, server_default=""),
    Column("points", Integer, nullable=False),  # what it earns before multiplier and caps
    CheckConstraint("kind IN ('share', 'campaign')", name="kind"),
    CheckConstraint("points >= 0", name="points"),
    Index(None, "member_id", "kind", "biz_date"),
    Index(None, "kind", "biz_date"),
)
