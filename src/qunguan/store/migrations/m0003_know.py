"""Version 3: activity, presence, segments, cleaning, goals, alerts, merges; and what RFM adds up of orders."""

from __future__ import annotations

from sqlalchemy import Connection

from qunguan.store import buyer_queries
from qunguan.store.base import metadata

_TABLES = (
    "chat_import", "chat_seen", "speaker", "speech", "chat_hour", "chat_day", "question", "activity_day", "presence",
    "presence_cohort", "presence_last", "activity_week", "stay_day", "figure_day",
    "scheme", "scheme_terms", "scheme_lock", "tag_rule", "wake", "wake_member", "clean_case", "goal", "channel_cost",
    "article", "alert_note", "member_merge", "buyer",
)  # fmt: skip
_FREIGHT = "SELECT json_extract(value, '$') FROM rule_change WHERE rule_id = 'order.freight' ORDER BY id DESC LIMIT 1"


def upgrade(conn: Connection) -> None:
    """Create the tables and their indexes."""
    import qunguan.store.schema  # noqa: F401  (every table is declared)

    metadata.create_all(conn, [metadata.tables[name] for name in _TABLES], checkfirst=False)
    for index in metadata.tables["shop_order"].indexes:
        if index.name == "ix_shop_order_bought":
            index.create(conn)
    conn.exec_driver_sql("CREATE INDEX ix_membership_joined ON membership (group_id, joined_on)")
    conn.exec_driver_sql("CREATE INDEX ix_enrolment_best ON enrolment (challenge_id, best, member_id)")
    buyer_queries.fill(conn, freight_out=conn.exec_driver_sql(_FREIGHT).scalar() == "out")
