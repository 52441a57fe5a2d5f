"""Version 6: incidents, compensation, feedback and the ways to reach a member. New tables and indexes only."""

from __future__ import annotations

from sqlalchemy import Connection

from qunguan.store.base import metadata

_TABLES = (
    "incident", "incident_post", "incident_check", "incident_line", "incident_role", "compensation", "incident_review",
    "incident_action", "feedback", "feedback_step", "contact",
)  # fmt: skip


def upgrade(conn: Connection) -> None:
    """Create the tables and their indexes."""
    import qunguan.store.schema  # noqa: F401  (every table is declared)

    metadata.create_all(conn, [metadata.tables[name] for name in _TABLES], checkfirst=False)
