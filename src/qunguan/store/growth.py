"""The owner's own growth: the day the plan began, boxes ticked by hand, cases taken apart (S4-27, S4-28).

Boxes that follow from what was done here are derived.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, String

from qunguan.store.base import Moment, table

growth_plan = table(
    "growth_plan",
    Column("begins_on", Date, nullable=False),
    Column("made_at", Moment, nullable=False),
)

growth_mark = table(
    "growth_mark",
    Column("box", String, nullable=False, unique=True),  # presets/growth.toml
    Column("note", String, nullable=False, server_default=""),
    Column("done_on", Date, nullable=False),
    Column("made_at", Moment, nullable=False),
)

case_note = table(
    "case_note",
    Column("title", String, nullable=False),
    Column("place", String, nullable=False, server_default=""),  # where it was read or heard
    Column("happened", String, nullable=False, server_default=""),
    Column("learned", String, nullable=False, server_default=""),
    Column("try_next", String, nullable=False, server_default=""),
    Column("biz_date", Date, nullable=False),
    Column("made_at", Moment, nullable=False),
    CheckConstraint("length(title) BETWEEN 1 AND 200", name="title"),
)
