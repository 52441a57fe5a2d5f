"""The brokering book: two parties, a need, how far it is, the fee (S3-35). What is due is derived."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String

from qunguan.domain.orders import MAX_FEN
from qunguan.store.base import Moment, table

deal = table(
    "deal",
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("title", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("need", String, nullable=False, server_default=""),
    Column("seeker_id", Integer, ForeignKey("member.id")),  # who needs it; a name where it is nobody's member
    Column("seeker", String, nullable=False, server_default=""),
    Column("giver_id", Integer, ForeignKey("member.id")),  # who has it
    Column("giver", String, nullable=False, server_default=""),
    Column("fee_bp", Integer),  # of the deal's worth, in 1/10,000
    Column("fee_fen", Integer),  # or fixed
    Column("worth_fen", Integer),
    Column("consent_on", Date),  # both parties let it be shown as a case
    Column("case_text", String, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("length(title) BETWEEN 1 AND 200", name="title"),
    CheckConstraint("kind IN ('match', 'hiring', 'pack')", name="kind"),
    CheckConstraint("(fee_bp IS NULL) <> (fee_fen IS NULL)", name="fee"),
    CheckConstraint("fee_bp BETWEEN 0 AND 10000", name="fee_bp"),
    CheckConstraint(f"fee_fen BETWEEN 0 AND {MAX_FEN}", name="fee_fen"),
    CheckConstraint(f"worth_fen BETWEEN 0 AND {MAX_FEN}", name="worth"),
    Index(None, "group_id"),
    Index(None, "seeker_id"),
    Index(None, "giver_id"),
)

# The newest is where it stands.
deal_move = table(
    "deal_move",
    Column("deal_id", Integer, ForeignKey("deal.id"), nullable=False),
    Column("stage", String, nullable=False),
    Column("note", String, nullable=False, server_default=""),
    Column("biz_date", Date, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    CheckConstraint("stage IN ('lead', 'introduced', 'talking', 'agreed', 'done', 'lost')", name="stage"),
    Index(None, "deal_id"),
)

# Signed, as in the ad book.
deal_payment = table(
    "deal_payment",
    Column("deal_id", Integer, ForeignKey("deal.id"), nullable=False),
    Column("amount_fen", Integer, nullable=False),
    Column("note", String, nullable=False, server_default=""),
    Column("biz_date", Date, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    CheckConstraint(f"amount_fen <> 0 AND abs(amount_fen) <= {MAX_FEN}", name="amount"),
    Index(None, "deal_id"),
    Index(None, "biz_date"),
)
