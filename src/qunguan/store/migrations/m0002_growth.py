"""Version 2: orders, levels, badges, rewards and earning. New tables only; no row of version 1 changes."""

from __future__ import annotations

from sqlalchemy import Connection

from qunguan.store import badges, earning, levels, orders, rewards
from qunguan.store.base import metadata

_TABLES = (
    orders.shop_order, orders.order_line, orders.order_refund, levels.ladder, levels.ladder_version,
    levels.level_benefit, levels.benefit_use, levels.level_lock, badges.badge, badges.badge_award, rewards.reward,
    rewards.redemption, earning.bonus_day, earning.deed,
)  # fmt: skip


def upgrade(conn: Connection) -> None:
    """Create the tables."""
    metadata.create_all(conn, tables=_TABLES, checkfirst=False)
