"""The fission book: who took the task, who brought whom, what was handed out (S3-21, S3-41, semantics 3.11).

Whether an invitation is valid is derived from the stays.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, UniqueConstraint

from qunguan.store.base import Moment, table

referral_task = table(
    "referral_task",
    Column("campaign_id", Integer, ForeignKey("campaign.id"), nullable=False),
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("started_on", Date, nullable=False),
    Column("started_at", Moment, nullable=False),
    UniqueConstraint("campaign_id", "member_id"),
    Index(None, "member_id"),
)

# As it was told: a row of a file or of the screen. Several may name one invitee; the first that holds counts.
invite = table(
    "invite",
    Column("campaign_id", Integer, ForeignKey("campaign.id"), nullable=False),
    Column("key", String, nullable=False),  # the row, so that the same file twice changes nothing
    Column("inviter_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("invitee_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("joined_on", Date, nullable=False),
    Column("joined_at", Moment, nullable=False),
    Column("told_at", Moment, nullable=False),
    UniqueConstraint("campaign_id", "key"),
    Index(None, "campaign_id", "inviter_id"),
    Index(None, "inviter_id"),
    Index(None, "invitee_id"),
)

hand_out = table(
    "hand_out",
    Column("campaign_id", Integer, ForeignKey("campaign.id"), nullable=False),
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("tier", Integer, nullable=False),  # invitations that earned it
    Column("what", String, nullable=False),
    Column("points", Integer, nullable=False, server_default="0"),
    Column("cost_fen", Integer, nullable=False, server_default="0"),
    Column("given_on", Date, nullable=False),
    Column("given_at", Moment, nullable=False),
    CheckConstraint("points >= 0 AND cost_fen >= 0 AND tier >= 0", name="amounts"),
    UniqueConstraint("campaign_id", "member_id", "tier"),
    Index(None, "member_id"),
)
