"""Goals, and what only the owner can tell of trade: what channels cost, what kind of thing an article is.

How far a goal got is derived (S0-07).
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String

from qunguan.store.base import Moment, table

# Values are whole numbers in the metric's own unit: fen, people, or hundredths of a percent for rates.
goal = table(
    "goal",
    Column("group_id", Integer, ForeignKey("chat_group.id")),  # None: all groups together
    Column("name", String, nullable=False),
    Column("metric", String, nullable=False),  # domain.goals
    Column("kind", String, nullable=False),
    Column("baseline", Integer),  # None: measured on the first day
    Column("target", Integer, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date, nullable=False),
    Column("source", String, nullable=False, server_default=""),
    Column("closed_on", Date),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("length(name) BETWEEN 1 AND 64", name="name"),
    CheckConstraint("kind IN ('value', 'relative', 'points')", name="kind"),
    CheckConstraint("to_day >= from_day", name="dates"),
    Index(None, "group_id", "to_day"),
)

# What a channel cost: the base of CAC (S2-17, semantics 3.8).
channel_cost = table(
    "channel_cost",
    Column("group_id", Integer, ForeignKey("chat_group.id")),
    Column("channel", String, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date, nullable=False),
    Column("cost_fen", Integer, nullable=False),
    Column("note", String, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("length(channel) BETWEEN 1 AND 64", name="channel"),
    CheckConstraint("to_day >= from_day AND cost_fen BETWEEN 0 AND 100000000000", name="cost"),
    Index(None, "channel", "from_day"),
)

# What kind of thing an article is, as the owner says it: attach rates count kinds (S4-17). Else an article is its own.
article = table(
    "article",
    Column("key", String, nullable=False, unique=True),  # domain.text.match_key(item)
    Column("item", String, nullable=False),
    Column("category", String, nullable=False),
    CheckConstraint("length(category) BETWEEN 1 AND 64", name="category"),
)
