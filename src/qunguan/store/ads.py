"""The ad book: who booked what, when it ran, the deals reported, what was paid (S3-30, S3-31, C27, C28).

What is due and what the group did in the days after is derived.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String

from qunguan.domain.orders import MAX_FEN
from qunguan.store.base import Moment, table

ad = table(
    "ad",
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("brand", String, nullable=False),
    Column("fit", String, nullable=False),
    Column("fit_note", String, nullable=False, server_default=""),
    Column("disclosure", String, nullable=False),  # the words that say it is an ad
    Column("price_fen", Integer, nullable=False),  # for each announcement
    Column("share_bp", Integer, nullable=False),  # of each deal, in 1/10,000
    Column("invoice", String, nullable=False, server_default="none"),
    Column("note", String, nullable=False, server_default=""),
    Column("cancelled_on", Date),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("length(brand) BETWEEN 1 AND 200 AND length(disclosure) > 0", name="words"),
    CheckConstraint("fit IN ('good', 'fair', 'poor')", name="fit"),
    CheckConstraint(f"price_fen BETWEEN 0 AND {MAX_FEN}", name="price"),
    CheckConstraint("share_bp BETWEEN 0 AND 10000", name="share"),
    CheckConstraint("invoice IN ('none', 'asked', 'sent')", name="invoice"),
    Index(None, "group_id"),
)

# One announcement: the post of the calendar that carries it, which says when it goes out and whether it did. The day is
# that of the booking, or of the post where that went out before it was booked.
ad_run = table(
    "ad_run",
    Column("ad_id", Integer, ForeignKey("ad.id"), nullable=False),
    Column("post_id", Integer, ForeignKey("post.id"), nullable=False, unique=True),
    Column("biz_date", Date, nullable=False),
    Index(None, "ad_id", "biz_date"),
)

ad_deal = table(
    "ad_deal",
    Column("ad_id", Integer, ForeignKey("ad.id"), nullable=False),
    Column("deals", Integer, nullable=False),
    Column("amount_fen", Integer, nullable=False),
    Column("note", String, nullable=False, server_default=""),
    Column("biz_date", Date, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    CheckConstraint("deals > 0", name="deals"),
    CheckConstraint(f"amount_fen BETWEEN 0 AND {MAX_FEN}", name="amount"),
    Index(None, "ad_id", "biz_date"),
)

# Signed: what is paid back is a negative row.
ad_payment = table(
    "ad_payment",
    Column("ad_id", Integer, ForeignKey("ad.id"), nullable=False),
    Column("amount_fen", Integer, nullable=False),
    Column("note", String, nullable=False, server_default=""),
    Column("biz_date", Date, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    CheckConstraint(f"amount_fen <> 0 AND abs(amount_fen) <= {MAX_FEN}", name="amount"),
    Index(None, "ad_id"),
    Index(None, "biz_date"),
)
