"""Version 7: products, paid membership, the ad book, brokering, surveys, relations, the owner's growth.

New tables and indexes only; no row of before changes. The statements beside this file stand as they were when the
version came.
"""

from __future__ import annotations

from sqlalchemy import Connection

_TABLES = (
    "product", "product_article", "product_part", "product_topic", "product_claim",
    "plan", "plan_price", "plan_benefit", "subscription", "subscription_refund", "plan_use",
    "ad", "ad_run", "ad_deal", "ad_payment", "deal", "deal_move", "deal_payment",
    "survey", "survey_question", "survey_option", "survey_reply", "survey_answer",
    "member_skill", "introduction", "thanks", "growth_plan", "growth_mark", "case_note",
)  # fmt: skip


def upgrade(conn: Connection) -> None:
    """Create the tables and their indexes."""
    from qunguan.store.base import metadata

    metadata.create_all(conn, [table for table in metadata.sorted_tables if table.name in _TABLES], checkfirst=False)
