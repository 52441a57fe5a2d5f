"""Reach: the ways to a member besides the group they are in (S4-31, S4-32)."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, UniqueConstraint

from qunguan.store.base import table

# The phone number stands with the member and is not repeated here. `agreed` False: may not be written to this way.
contact = table(
    "contact",
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("channel", String, nullable=False),  # presets/channels.toml
    Column("value", String, nullable=False),
    Column("agreed", Boolean, nullable=False, server_default="1"),
    Column("told_on", Date, nullable=False),
    Column("ended_on", Date),  # its first day without
    CheckConstraint("length(value) BETWEEN 1 AND 200", name="value"),
    CheckConstraint("agreed IN (0, 1)", name="agreed"),
    CheckConstraint("ended_on >= told_on", name="dates"),
    UniqueConstraint("member_id", "channel", "value", "told_on"),
    Index(None, "channel", "member_id"),
)
