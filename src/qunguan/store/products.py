"""Products: what is offered, from the free hour to one-to-one; the articles of orders each goes by (S3-27, S3-28).

What was sold of it, its rates and how far buyers climb is derived from orders, never stored.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, UniqueConstraint

from qunguan.domain.orders import MAX_FEN
from qunguan.store.base import Moment, table

product = table(
    "product",
    Column("group_id", Integer, ForeignKey("chat_group.id")),  # none: offered in every group
    Column("name", String, nullable=False),
    Column("key", String, nullable=False, unique=True),  # domain.text.match_key(name)
    Column("kind", String, nullable=False),
    Column("rung", String, nullable=False),  # of the ladder; other: stands beside it
    Column("category", String, nullable=False, server_default=""),
    Column("price_fen", Integer),
    Column("note", String, nullable=False, server_default=""),
    Column("retired_on", Date),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("kind IN ('goods', 'bundle', 'service', 'camp')", name="kind"),
    CheckConstraint("rung IN ('free', 'trial', 'course', 'personal', 'other')", name="rung"),
    CheckConstraint(f"price_fen BETWEEN 0 AND {MAX_FEN}", name="price"),
    CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"),
)

# What the shop calls it: an article of an order with this name is this product.
product_article = table(
    "product_article",
    Column("product_id", Integer, ForeignKey("product.id"), nullable=False),
    Column("item", String, nullable=False),
    Column("key", String, nullable=False, unique=True),
    Index(None, "product_id"),
)

product_part = table(
    "product_part",
    Column("product_id", Integer, ForeignKey("product.id"), nullable=False),  # the bundle
    Column("part_id", Integer, ForeignKey("product.id"), nullable=False),
    Column("quantity", Integer, nullable=False),
    CheckConstraint("quantity > 0", name="quantity"),
    CheckConstraint("part_id <> product_id", name="part"),
    UniqueConstraint("product_id", "part_id"),
)

# After this has been talked about, that is what to offer (S3-25).
product_topic = table(
    "product_topic",
    Column("product_id", Integer, ForeignKey("product.id"), nullable=False),
    Column("topic", String, nullable=False),
    Column("key", String, nullable=False),
    UniqueConstraint("product_id", "key"),
)

# What somebody says was sold; whether it can be is derived (S3-29).
product_claim = table(
    "product_claim",
    Column("product_id", Integer, ForeignKey("product.id"), nullable=False),
    Column("said", String, nullable=False),
    Column("amount_fen", Integer, nullable=False),
    Column("members", Integer, nullable=False),
    Column("biz_date", Date, nullable=False),
    CheckConstraint(f"amount_fen BETWEEN 0 AND {MAX_FEN}", name="amount"),
    CheckConstraint("members > 0", name="members"),
    Index(None, "product_id"),
)
