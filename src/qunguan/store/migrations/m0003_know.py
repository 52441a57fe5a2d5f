"""Version 3: activity, presence, segments, cleaning, goals, alerts, merges; and what RFM adds up of orders.

New tables and indexes only; no row of before changes. The statements beside this file stand as they were when the
version came; the last of them adds up the orders that were there.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

_STATEMENTS = Path(__file__).with_suffix(".sql")


def upgrade(conn: Connection) -> None:
    """Create the tables and their indexes, and add up the buyers."""
    for statement in _STATEMENTS.read_text(encoding="utf-8").split(";\n\n"):
        if statement:
            conn.exec_driver_sql(statement)
