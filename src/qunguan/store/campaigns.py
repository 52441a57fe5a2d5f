"""Campaigns: the plan, its terms, whom it is for, the sheet of the day, costs, the gate, draws, the review (S1-31)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, UniqueConstraint

from qunguan.store.base import Moment, table

# Planned, running or over follows from the moments; `started_at` is when the owner let it go past the gate.
campaign = table(
    "campaign",
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("form", String, nullable=False),  # presets/playbooks.toml
    Column("goal", String, nullable=False),  # what is wanted: the metric of the review
    Column("goal_value", Integer),  # in the metric's own unit: fen, people, or hundredths of a percent
    Column("scheme", String, nullable=False, server_default=""),  # whom it is for; "" is everyone present
    Column("bucket", String, nullable=False, server_default=""),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date, nullable=False),
    Column("occasion", String, nullable=False, server_default=""),  # the festival it goes with
    Column("offer", String, nullable=False, server_default=""),
    Column("budget_fen", Integer),
    Column("carrier", String, nullable=False, server_default="group"),  # how it reaches people (C29)
    Column("started_at", Moment),
    Column("closed_on", Date),
    Column("cancelled_on", Date),
    Column("note", String, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("length(name) BETWEEN 1 AND 64", name="name"),
    CheckConstraint("ends_at >= starts_at AND to_day >= from_day", name="dates"),
    CheckConstraint("budget_fen BETWEEN 0 AND 100000000000", name="budget"),
    CheckConstraint("carrier IN ('group', 'link', 'mini', 'live', 'offline')", name="carrier"),
    UniqueConstraint("group_id", "name"),
    Index(None, "group_id", "from_day"),
)

# The numbers its form asks for: team_size, stock, cap_fen, per_member, invite_tiers …
campaign_term = table(
    "campaign_term",
    Column("campaign_id", Integer, ForeignKey("campaign.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("value", String, nullable=False),
    UniqueConstraint("campaign_id", "name"),
)

campaign_audience = table(
    "campaign_audience",
    Column("campaign_id", Integer, ForeignKey("campaign.id"), nullable=False),
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    UniqueConstraint("campaign_id", "member_id"),
    Index(None, "member_id"),
)

# A line of the sheet. `key` is what may be there once: who took the gift, which code, which order.
campaign_entry = table(
    "campaign_entry",
    Column("campaign_id", Integer, ForeignKey("campaign.id"), nullable=False),
    Column("member_id", Integer, ForeignKey("member.id")),
    Column("name", String, nullable=False, server_default=""),  # as it was written, where it is nobody in the roster
    Column("kind", String, nullable=False),
    Column("key", String, nullable=False),
    Column("team", String, nullable=False, server_default=""),
    Column("qty", Integer, nullable=False, server_default="1"),
    Column("amount_fen", Integer, nullable=False, server_default="0"),
    Column("code", String, nullable=False, server_default=""),
    Column("note", String, nullable=False, server_default=""),
    Column("biz_date", Date, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    Column("void_on", Date),
    Column("void_reason", String, nullable=False, server_default=""),
    CheckConstraint(
        "kind IN ('join', 'order', 'vote', 'submit', 'attend', 'gift', 'win')", name="kind"
    ),
    CheckConstraint("qty BETWEEN 1 AND 1000000", name="qty"),
    UniqueConstraint("campaign_id", "key"),
    Index(None, "campaign_id", "kind", "member_id"),
    Index(None, "member_id"),
)  # fmt: skip

campaign_cost = table(
    "campaign_cost",
    Column("campaign_id", Integer, ForeignKey("campaign.id"), nullable=False),
    Column("what", String, nullable=False),
    Column("cost_fen", Integer, nullable=False),
    Column("day", Date, nullable=False),
    CheckConstraint("cost_fen BETWEEN 0 AND 100000000000", name="cost"),
    Index(None, "campaign_id"),
)

campaign_gate = table(
    "campaign_gate",
    Column("campaign_id", Integer, ForeignKey("campaign.id"), nullable=False),
    Column("question", String, nullable=False),
    Column("answer", String, nullable=False),
    Column("note", String, nullable=False, server_default=""),
    Column("answered_at", Moment, nullable=False),
    CheckConstraint("answer IN ('yes', 'no', 'not_so')", name="answer"),
    UniqueConstraint("campaign_id", "question"),
)

# A draw can be repeated by anyone: the seed, how many, and the digest of who was in the pot.
campaign_draw = table(
    "campaign_draw",
    Column("campaign_id", Integer, ForeignKey("campaign.id"), nullable=False),
    Column("seed", String, nullable=False),
    Column("winners", Integer, nullable=False),
    Column("pool", Integer, nullable=False),
    Column("pool_digest", String, nullable=False),
    Column("drawn_at", Moment, nullable=False),
    CheckConstraint("winners BETWEEN 1 AND pool", name="winners"),
    Index(None, "campaign_id"),
)

campaign_review = table(
    "campaign_review",
    Column("campaign_id", Integer, ForeignKey("campaign.id"), nullable=False, unique=True),
    Column("well", String, nullable=False, server_default=""),
    Column("badly", String, nullable=False, server_default=""),
    Column("next_time", String, nullable=False, server_default=""),
    Column("written_at", Moment, nullable=False),
)
