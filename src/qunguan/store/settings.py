"""Rules as the owner changed them, with history, and the small things the program remembers."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, CheckConstraint, Column, Index, String

from qunguan.store.base import Moment, table

# One row a change; the newest row of a rule is in force, and value NULL means "back to the preset".
rule_change = table(
    "rule_change",
    Column("rule_id", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("value", JSON(none_as_null=True)),
    Column("enabled", Boolean, nullable=False),
    Column("reason", String, nullable=False, server_default=""),
    CheckConstraint("enabled IN (0, 1)", name="enabled"),
    Index(None, "rule_id", "id"),
)

# What the program remembers between runs: the current group, confirmed column mappings by header fingerprint.
memory = table(
    "memory",
    Column("key", String, nullable=False, unique=True),
    Column("value", JSON, nullable=False),
)
