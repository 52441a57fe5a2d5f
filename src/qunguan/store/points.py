"""The points ledger: entries and the allocations that tie them to lots. Append-only, held by triggers."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, UniqueConstraint, text

from qunguan.store.base import Moment, table

MAX_AMOUNT = 1_000_000_000  # the largest single entry; sums of a lifetime stay far inside 64 bits

# An EARN is a lot. A REVERSE that cannot go back to an expired lot is one too (reinstated points).
point_entry = table(
    "point_entry",
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("sign", Integer, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    Column("biz_date", Date, nullable=False),
    Column("expires_on", Date),
    Column("rule_id", String, nullable=False, server_default=""),
    Column("base", Integer),  # what the rule gave before multiplier and caps
    Column("multiplier_pct", Integer, nullable=False, server_default="100"),
    Column("source_type", String, nullable=False),
    Column("source_id", String, nullable=False),
    Column("reverses_id", Integer, ForeignKey("point_entry.id")),
    Column("reason", String, nullable=False, server_default=""),
    Column("step_id", Integer, ForeignKey("step.id"), nullable=False),
    CheckConstraint("kind IN ('EARN', 'SPEND', 'EXPIRE', 'REVERSE', 'ADJUST')", name="kind"),
    CheckConstraint("sign IN (-1, 1)", name="sign"),
    CheckConstraint(f"amount BETWEEN 1 AND {MAX_AMOUNT}", name="amount"),
    CheckConstraint("(kind = 'REVERSE') = (reverses_id IS NOT NULL)", name="reverses"),
    CheckConstraint("kind <> 'EARN' OR sign = 1", name="earn"),
    CheckConstraint("kind NOT IN ('SPEND', 'EXPIRE') OR sign = -1", name="spend"),
    CheckConstraint("expires_on >= biz_date", name="expires"),
    UniqueConstraint("member_id", "rule_id", "source_type", "source_id", "kind"),
    Index(None, "member_id", "biz_date", "sign", "amount"),
    Index("ix_point_entry_reversing", "member_id", "reverses_id", sqlite_where=text("reverses_id IS NOT NULL")),
    Index(None, "step_id"),
    Index("ix_point_entry_expiring", "member_id", "expires_on", sqlite_where=text("expires_on IS NOT NULL")),
    append_only=True,
)

# amount > 0 takes from the lot, amount < 0 gives back to it.
point_alloc = table(
    "point_alloc",
    Column("entry_id", Integer, ForeignKey("point_entry.id"), nullable=False),
    Column("lot_id", Integer, ForeignKey("point_entry.id"), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("biz_date", Date, nullable=False),
    Column("step_id", Integer, ForeignKey("step.id"), nullable=False),
    CheckConstraint(f"amount <> 0 AND abs(amount) <= {MAX_AMOUNT}", name="amount"),
    Index(None, "lot_id", "biz_date", "amount"),
    Index(None, "entry_id", "amount"),
    append_only=True,
)

# What a cap cut off, kept beside the entry (there is no ledger row of 0).
point_cut = table(
    "point_cut",
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("rule_id", String, nullable=False),
    Column("source_type", String, nullable=False),
    Column("source_id", String, nullable=False),
    Column("biz_date", Date, nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("awarded", Integer, nullable=False),
    Column("cap_id", String, nullable=False),
    CheckConstraint("awarded >= 0 AND wanted > awarded", name="cut"),
    Index(None, "member_id", "biz_date"),
)
