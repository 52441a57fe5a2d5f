"""Scripts: the owner's own ready texts. Those that are shipped stand in presets; one of the same name replaces it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, String

from qunguan.store.base import Moment, table

script = table(
    "script",
    Column("name", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),  # domain.scripts: what occasion it is for
    Column("title", String, nullable=False, server_default=""),
    Column("text", String, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    CheckConstraint("length(name) BETWEEN 1 AND 64 AND length(text) BETWEEN 1 AND 20000", name="text"),
)
