"""Version 5: positioning, content, scripts, tasks, campaigns, the fission book, experiments; questions by hand."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.schema import CreateTable

from qunguan.store.base import metadata
from qunguan.store.migrate import rebuild_table

_TABLES = (
    "positioning", "house_rule", "violation", "content_column", "post", "post_tag", "post_segment", "post_result",
    "script", "sop", "sop_span", "sop_step", "sop_run", "task", "task_mark", "campaign", "campaign_term",
    "campaign_audience", "campaign_entry", "campaign_cost", "campaign_gate", "campaign_draw", "campaign_review",
    "referral_task", "invite", "hand_out", "experiment", "experiment_arm", "assignment", "arm_result",
)  # fmt: skip


def upgrade(conn: Connection) -> None:
    """Create the tables and their indexes, and let a question come without a chat."""
    import qunguan.store.schema  # noqa: F401  (every table is declared)

    metadata.create_all(conn, [metadata.tables[name] for name in _TABLES], checkfirst=False)
    question = metadata.tables["question"]
    rebuild_table(conn, "question", str(CreateTable(question).compile(conn)).strip())
    conn.exec_driver_sql("CREATE INDEX ix_question_post_id ON question (post_id)")
