"""Version 5: positioning, content, scripts, tasks, campaigns, the fission book, experiments; questions by hand.

New tables and indexes; the rows of `question` are kept. The statements beside this file stand as they were when the
version came; the last of them is the new shape of `question`, which may come without a chat.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from qunguan.store.migrate import rebuild_table

_STATEMENTS = Path(__file__).with_suffix(".sql")


def upgrade(conn: Connection) -> None:
    """Create the tables and their indexes, and let a question come without a chat."""
    *statements, question = filter(None, _STATEMENTS.read_text(encoding="utf-8").split(";\n\n"))
    for statement in statements:
        conn.exec_driver_sql(statement)
    rebuild_table(conn, "question", question)
    conn.exec_driver_sql("CREATE INDEX ix_question_post_id ON question (post_id)")
