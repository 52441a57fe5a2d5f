"""The journal: what each step changed, row by row, so that any step can be taken back.

A step is one thing the owner did. Inserts are journalled as id ranges, updates and deletes with the image of what was
there before. Undo writes a new step whose own journal makes redo the undo of the undo.
"""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Integer, String

from qunguan.store.base import Moment, table

step = table(
    "step",
    Column("at", Moment, nullable=False),
    Column("label", String, nullable=False),
    Column("params", JSON, nullable=False),
    Column("undoes_id", Integer, ForeignKey("step.id"), unique=True),
    CheckConstraint("length(label) > 0", name="label"),
)

change = table(
    "change",
    Column("step_id", Integer, ForeignKey("step.id"), nullable=False),
    Column("op", String, nullable=False),
    Column("tbl", String, nullable=False),
    Column("first_id", Integer, nullable=False),
    Column("last_id", Integer, nullable=False),
    Column("before", JSON(none_as_null=True)),
    CheckConstraint("op IN ('insert', 'update', 'delete')", name="op"),
    CheckConstraint("(op = 'insert') = (before IS NULL)", name="before"),
    CheckConstraint("last_id >= first_id AND (op = 'insert' OR last_id = first_id)", name="range"),
    Index(None, "step_id"),
)
