"""Rewards: the catalogue, and every redemption with its code and its state."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String

from qunguan.store.base import Moment, table

reward = table(
    "reward",
    Column("name", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("price", Integer, nullable=False),  # points; 0 is given away (生日券)
    Column("value_fen", Integer),  # what it is worth in money
    Column("stock", Integer),  # pieces in all, redeemed ones counted; None: without limit
    Column("member_limit", Integer),  # pieces one member may have; None: without limit
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("code_days", Integer),  # days a code is good for, the day of redemption counted; None: no end
    Column("occasion", String, nullable=False, server_default=""),  # "birthday": offered on the care list
    Column("note", String, nullable=False, server_default=""),
    Column("closed_on", Date),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("length(name) BETWEEN 1 AND 64 AND instr(name, char(0)) = 0", name="name"),
    CheckConstraint("kind IN ('goods', 'coupon', 'service')", name="kind"),
    CheckConstraint("price BETWEEN 0 AND 1000000000 AND value_fen >= 0", name="price"),
    CheckConstraint("stock >= 0 AND member_limit > 0 AND code_days > 0", name="limits"),
    CheckConstraint("valid_to >= valid_from", name="dates"),
    CheckConstraint("occasion IN ('', 'birthday')", name="occasion"),
)

redemption = table(
    "redemption",
    Column("reward_id", Integer, ForeignKey("reward.id"), nullable=False),
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("price", Integer, nullable=False),  # what was paid then
    Column("entry_id", Integer, ForeignKey("point_entry.id")),  # the spend; None when nothing was paid
    Column("code", String, nullable=False, unique=True),
    Column("key", String, unique=True),  # makes a retry harmless
    Column("state", String, nullable=False),
    Column("biz_date", Date, nullable=False),
    Column("requested_at", Moment, nullable=False),
    Column("expires_on", Date),
    Column("fulfilled_on", Date),
    Column("cancelled_on", Date),
    Column("reason", String, nullable=False, server_default=""),
    CheckConstraint("state IN ('requested', 'fulfilled', 'cancelled')", name="state"),
    CheckConstraint("price >= 0 AND (price = 0) = (entry_id IS NULL)", name="price"),
    CheckConstraint("(state = 'cancelled') = (cancelled_on IS NOT NULL)", name="cancelled"),
    CheckConstraint("(state = 'fulfilled') <= (fulfilled_on IS NOT NULL)", name="fulfilled"),
    Index(None, "reward_id", "state"),
    Index(None, "member_id", "biz_date"),
    Index(None, "state", "biz_date"),
)
