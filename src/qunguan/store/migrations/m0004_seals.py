"""Version 4: the seals of rows. The update seals every row as it stands."""

from __future__ import annotations

from sqlalchemy import Connection

_SEAL = """
CREATE TABLE seal (
    tbl TEXT NOT NULL,
    block INTEGER NOT NULL,
    digests BLOB NOT NULL,
    PRIMARY KEY (tbl, block)
) WITHOUT ROWID, STRICT
"""


def upgrade(conn: Connection) -> None:
    """Create the table."""
    conn.exec_driver_sql(_SEAL)
