"""Version 2: orders, levels, badges, rewards and earning. New tables only; no row of version 1 changes.

The statements beside this file stand as they were when the version came: what the tables become later is the work of
later steps.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

_STATEMENTS = Path(__file__).with_suffix(".sql")


def upgrade(conn: Connection) -> None:
    """Create the tables and their indexes."""
    for statement in _STATEMENTS.read_text(encoding="utf-8").split(";\n\n"):
        if statement:
            conn.exec_driver_sql(statement)
