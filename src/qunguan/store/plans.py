"""Paid membership: plans with their prices and benefits, the terms sold, what of them was used and paid back.

Whether somebody is new, current, in grace or expired, who is due and the renewal rate are derived (semantics 3.16).
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, UniqueConstraint

from qunguan.domain.orders import MAX_FEN
from qunguan.store.base import Moment, table

plan = table(
    "plan",
    Column("group_id", Integer, ForeignKey("chat_group.id")),
    Column("name", String, nullable=False),
    Column("key", String, nullable=False, unique=True),
    Column("term_days", Integer),  # fixed length: so many days from the day it begins
    Column("ends_on", Date),  # fixed period: the same last day for everybody
    Column("early_places", Integer, nullable=False, server_default="0"),
    Column("early_gift", String, nullable=False, server_default=""),
    Column("refund_days", Integer, nullable=False),  # so many days after it was sold it is paid back, unasked why
    Column("grace_days", Integer, nullable=False),
    Column("note", String, nullable=False, server_default=""),
    Column("retired_on", Date),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("(term_days IS NULL) <> (ends_on IS NULL)", name="term"),
    CheckConstraint("term_days BETWEEN 1 AND 36600", name="days"),
    CheckConstraint("early_places >= 0 AND refund_days >= 0 AND grace_days >= 0", name="numbers"),
    CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"),
)

# Price steps: what it costs from a day on, or for so many first ones.
plan_price = table(
    "plan_price",
    Column("plan_id", Integer, ForeignKey("plan.id"), nullable=False),
    Column("from_day", Date, nullable=False),
    Column("places", Integer),  # none: as many as come
    Column("price_fen", Integer, nullable=False),
    CheckConstraint(f"price_fen BETWEEN 0 AND {MAX_FEN}", name="price"),
    CheckConstraint("places > 0", name="places"),
    Index(None, "plan_id", "from_day"),
)

plan_benefit = table(
    "plan_benefit",
    Column("plan_id", Integer, ForeignKey("plan.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("scarce", Boolean, nullable=False, server_default="0"),  # S3-32: basic or scarce
    Column("quota", Integer),  # in one term; none: without a count
    Column("retired_on", Date),
    CheckConstraint("scarce IN (0, 1)", name="scarce"),
    CheckConstraint("quota > 0", name="quota"),
    UniqueConstraint("plan_id", "name"),
)

# One term somebody paid for; a renewal is the next one. Both days are included.
subscription = table(
    "subscription",
    Column("plan_id", Integer, ForeignKey("plan.id"), nullable=False),
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("group_id", Integer, ForeignKey("chat_group.id")),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("paid_fen", Integer, nullable=False),
    Column("early", Boolean, nullable=False, server_default="0"),  # has one of the early places
    Column("gift_on", Date),  # the day its gift was handed over
    Column(
        "order_id", Integer, ForeignKey("shop_order.id"), unique=True
    ),  # the order it was paid by, where there is one
    Column("biz_date", Date, nullable=False),  # of the sale
    Column("occurred_at", Moment, nullable=False),
    Column("note", String, nullable=False, server_default=""),
    CheckConstraint("ends_on >= starts_on", name="days"),
    CheckConstraint(f"paid_fen BETWEEN 0 AND {MAX_FEN}", name="paid"),
    CheckConstraint("early IN (0, 1)", name="early"),
    Index(None, "member_id", "plan_id", "starts_on"),
    Index(None, "plan_id", "ends_on"),
    Index(None, "biz_date"),
)

subscription_refund = table(
    "subscription_refund",
    Column("subscription_id", Integer, ForeignKey("subscription.id"), nullable=False, unique=True),
    Column("amount_fen", Integer, nullable=False),
    Column("reason", String, nullable=False, server_default=""),
    Column("biz_date", Date, nullable=False),  # the term ends with the day before
    Column("occurred_at", Moment, nullable=False),
    CheckConstraint(f"amount_fen BETWEEN 0 AND {MAX_FEN}", name="amount"),
    Index(None, "biz_date"),
)

plan_use = table(
    "plan_use",
    Column("subscription_id", Integer, ForeignKey("subscription.id"), nullable=False),
    Column("benefit_id", Integer, ForeignKey("plan_benefit.id"), nullable=False),
    Column("times", Integer, nullable=False),
    Column("note", String, nullable=False, server_default=""),
    Column("biz_date", Date, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    CheckConstraint("times > 0", name="times"),
    Index(None, "subscription_id", "benefit_id"),
)
