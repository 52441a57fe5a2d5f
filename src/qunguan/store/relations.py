"""Relations: what members can do and need, who was introduced to whom, thanks owed (S2-04, S2-23, S4-42).

Who brought whom and who matches whom is derived.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, UniqueConstraint

from qunguan.store.base import Moment, table

member_skill = table(
    "member_skill",
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("text", String, nullable=False),
    Column("key", String, nullable=False),
    Column("note", String, nullable=False, server_default=""),
    Column("noted_on", Date, nullable=False),
    CheckConstraint("kind IN ('skill', 'need')", name="kind"),
    UniqueConstraint("member_id", "kind", "key"),
    Index(None, "kind", "key"),
)

introduction = table(
    "introduction",
    Column("seeker_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("giver_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("about", String, nullable=False),
    Column("outcome", String, nullable=False, server_default=""),
    Column("outcome_on", Date),
    Column("biz_date", Date, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    CheckConstraint("seeker_id <> giver_id", name="two"),
    Index(None, "seeker_id"),
    Index(None, "giver_id"),
)

thanks = table(
    "thanks",
    Column("member_id", Integer, ForeignKey("member.id"), nullable=False),
    Column("group_id", Integer, ForeignKey("chat_group.id")),
    Column("reason", String, nullable=False),
    Column("biz_date", Date, nullable=False),
    Column("said_on", Date),
    Column("how", String, nullable=False, server_default=""),
    Column("occurred_at", Moment, nullable=False),
    CheckConstraint("length(reason) BETWEEN 1 AND 500", name="reason"),
    Index(None, "member_id"),
    Index(None, "said_on"),
)
