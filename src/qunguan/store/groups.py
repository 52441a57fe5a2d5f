"""Groups: the communities themselves, with their platform, capacity and day."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, Integer, String

from qunguan.store.base import Moment, table

# "group" is a reserved word of SQL
chat_group = table(
    "chat_group",
    Column("name", String, nullable=False, unique=True),
    Column("platform", String, nullable=False),
    Column("capacity_soft", Integer),  # None: the rule's value (S2-22)
    Column("capacity_hard", Integer),  # None: the rule's value (S4-05)
    Column("timezone", String, nullable=False),
    Column("day_start", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("archived_on", Date),
    CheckConstraint("length(name) BETWEEN 1 AND 64 AND instr(name, char(0)) = 0", name="name"),
    CheckConstraint("platform IN ('wechat', 'wecom', 'qq', 'zsxq', 'app', 'other')", name="platform"),
    CheckConstraint("day_start BETWEEN 0 AND 23", name="day_start"),
    CheckConstraint("capacity_soft > 0 AND capacity_hard >= capacity_soft", name="capacity"),
)
