"""Orders: what was bought, its lines, and every refund with its day. Money is integer fen."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, UniqueConstraint

from qunguan.domain.orders import MAX_FEN
from qunguan.store.base import Moment, table

# What an order is worth on a day: amount_fen, without freight_fen where the rule says so, less its refunds up to that
# day; nothing unless `counts`. `buyer` is the name there, `buyer_key` tells buyers apart who are nobody's member yet.
shop_order = table(
    "shop_order",
    Column("shop", String, nullable=False),  # ktt, qunjielong, youzan, generic, hand
    Column("series", String, nullable=False, server_default=""),  # the 团 or list whose numbers start again at 1
    Column("number", String, nullable=False),
    Column("buyer", String, nullable=False),
    Column("buyer_key", String, nullable=False),  # domain.text.match_key(buyer)
    Column("phone", String),  # as the shop shows it, often masked: 138****0001
    Column("member_id", Integer, ForeignKey("member.id")),
    Column("matched_by", String, nullable=False),
    Column("paid_at", Moment),
    Column("biz_date", Date),
    Column("amount_fen", Integer, nullable=False),
    Column("freight_fen", Integer, nullable=False, server_default="0"),
    Column("status", String, nullable=False),
    Column("status_text", String, nullable=False, server_default=""),  # the shop's own word
    Column("counts", Boolean, nullable=False),
    Column("told_fen", Integer, nullable=False, server_default="0"),  # what the shop said last that went back
    # The rule of points from money, frozen when the order first counted; a rate of 0 earns nothing, whatever comes.
    Column("unit_fen", Integer),
    Column("rate", Integer),
    Column("earning_fen", Integer),  # of amount_fen what earns: without freight where the rule said so
    Column("note", String, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    CheckConstraint(f"amount_fen BETWEEN 0 AND {MAX_FEN}", name="amount"),
    CheckConstraint("freight_fen BETWEEN 0 AND amount_fen", name="freight"),
    CheckConstraint("status IN ('pending', 'paid', 'refunded', 'cancelled')", name="status"),
    CheckConstraint("matched_by IN ('id', 'phone', 'alias', 'hand', 'doubtful', 'unknown', 'nobody')", name="match"),
    CheckConstraint("(matched_by IN ('id', 'phone', 'alias', 'hand')) = (member_id IS NOT NULL)", name="matched"),
    CheckConstraint("counts IN (0, 1) AND (counts = 0 OR biz_date IS NOT NULL)", name="counts"),
    CheckConstraint("told_fen BETWEEN 0 AND amount_fen", name="told"),
    CheckConstraint("unit_fen > 0 AND rate >= 0 AND earning_fen BETWEEN 0 AND amount_fen", name="points"),
    UniqueConstraint("shop", "series", "number"),
    Index(None, "member_id", "biz_date"),
    Index(None, "biz_date", "id"),
    Index(None, "buyer_key"),
    Index(None, "matched_by"),
)

# All that RFM adds up, a member's orders together and the newest of them first.
Index("ix_shop_order_bought", *(shop_order.c[each] for each in ("counts", "member_id")), shop_order.c.biz_date.desc(),
      shop_order.c.amount_fen, shop_order.c.freight_fen)  # fmt: skip

order_line = table(
    "order_line",
    Column("order_id", Integer, ForeignKey("shop_order.id"), nullable=False),
    Column("item", String, nullable=False),
    Column("sku", String, nullable=False, server_default=""),
    Column("quantity", Integer, nullable=False),
    Column("amount_fen", Integer),
    CheckConstraint("quantity > 0", name="quantity"),
    Index(None, "order_id"),
)

# Signed: a shop that corrects a refund downwards gives a negative row. The sum of an order stays within its amount.
order_refund = table(
    "order_refund",
    Column("order_id", Integer, ForeignKey("shop_order.id"), nullable=False),
    Column("amount_fen", Integer, nullable=False),
    Column("biz_date", Date, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    Column("reason", String, nullable=False, server_default=""),
    CheckConstraint(f"amount_fen <> 0 AND abs(amount_fen) <= {MAX_FEN}", name="amount"),
    Index(None, "order_id", "biz_date", "amount_fen"),
)
