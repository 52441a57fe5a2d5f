"""Version 7: products, paid membership, ads, brokering, surveys, relations, who answers whom, the owner's growth.

New tables and indexes only; no row of before changes. The statements beside this file stand as they were when the
version came.
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
