"""Content: the columns of the timetable, what was planned and posted, and what came of it (S0-12 to S0-16, S3-11)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, UniqueConstraint

from qunguan.store.base import Moment, table

_KIND = "kind IN ('value', 'interactive', 'benefit')"
_NEED = "need IN ('', 'social', 'information', 'benefit')"
_AUTHOR = "author IN ('owner', 'member')"

# A place in the timetable that comes again. An edited one ends and another begins: past weeks stay as they were.
content_column = table(
    "content_column",
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("weekdays", String, nullable=False),  # "1234567": 1 is Monday
    Column("at_minute", Integer, nullable=False),  # minutes after midnight of the group's clock
    Column("until_minute", Integer),  # hours of talk have an end (S3-07)
    Column("kind", String, nullable=False),
    Column("sub_kind", String, nullable=False, server_default=""),
    Column("need", String, nullable=False, server_default=""),
    Column("author", String, nullable=False, server_default="owner"),
    Column("prompt", String, nullable=False, server_default=""),
    Column("script", String, nullable=False, server_default=""),  # by name
    Column("source", String, nullable=False, server_default=""),
    Column("from_day", Date, nullable=False),
    Column("ended_on", Date),  # its first day without
    Column("created_at", Moment, nullable=False),
    CheckConstraint("length(name) BETWEEN 1 AND 64", name="name"),
    CheckConstraint("length(weekdays) BETWEEN 1 AND 7", name="weekdays"),
    CheckConstraint("at_minute BETWEEN 0 AND 1439 AND until_minute BETWEEN at_minute AND 1440", name="minutes"),
    CheckConstraint(_KIND, name="kind"),
    CheckConstraint(_NEED, name="need"),
    CheckConstraint(_AUTHOR, name="author"),
    Index(None, "group_id", "from_day"),
)

post = table(
    "post",
    Column("group_id", Integer, ForeignKey("chat_group.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("at_minute", Integer),  # None: some time that day
    Column("kind", String, nullable=False),
    Column("sub_kind", String, nullable=False, server_default=""),
    Column("need", String, nullable=False, server_default=""),
    Column("author", String, nullable=False, server_default="owner"),
    Column("author_id", Integer, ForeignKey("member.id")),  # whose it is, where a member wrote it
    Column("title", String, nullable=False),
    Column("text", String, nullable=False, server_default=""),
    Column("sponsor", String, nullable=False, server_default=""),  # who pays for it: then it is an ad (C28)
    Column("disclosure", String, nullable=False, server_default=""),  # the words that say so
    Column("column_id", Integer, ForeignKey("content_column.id")),
    Column("campaign_id", Integer, ForeignKey("campaign.id")),
    Column("state", String, nullable=False, server_default="planned"),
    Column("posted_at", Moment),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("length(title) BETWEEN 1 AND 200 AND length(text) <= 20000", name="text"),
    CheckConstraint("at_minute BETWEEN 0 AND 1439", name="minute"),
    CheckConstraint(_KIND, name="kind"),
    CheckConstraint(_NEED, name="need"),
    CheckConstraint(_AUTHOR, name="author"),
    CheckConstraint("state IN ('planned', 'posted', 'dropped') AND (state = 'posted') = (posted_at IS NOT NULL)",
                    name="state"),
    Index(None, "group_id", "day", "at_minute"),
    Index(None, "day"),  # the same text in other groups
    Index(None, "campaign_id"),
    Index(None, "column_id"),
    Index(None, "author_id"),
)  # fmt: skip

# Whom it is for: content tags stand beside member tags (S4-14), segments by scheme and bucket.
post_tag = table(
    "post_tag",
    Column("post_id", Integer, ForeignKey("post.id"), nullable=False),
    Column("tag", String, nullable=False),
    UniqueConstraint("post_id", "tag"),
    Index(None, "tag"),
)

post_segment = table(
    "post_segment",
    Column("post_id", Integer, ForeignKey("post.id"), nullable=False),
    Column("scheme", String, nullable=False),
    Column("bucket", String, nullable=False),
    UniqueConstraint("post_id", "scheme", "bucket"),
)

# What came of it, by the day it was counted; the newest count is what holds. None is not known (semantics 3.9).
post_result = table(
    "post_result",
    Column("post_id", Integer, ForeignKey("post.id"), nullable=False),
    Column("counted_on", Date, nullable=False),
    Column("audience", Integer),
    Column("reads", Integer),
    Column("clicks", Integer),
    Column("replies", Integer),
    Column("orders", Integer),
    Column("source", String, nullable=False, server_default=""),
    Column("counted_at", Moment, nullable=False),
    CheckConstraint("audience >= 0 AND reads >= 0 AND clicks >= 0 AND replies >= 0 AND orders >= 0", name="counts"),
    UniqueConstraint("post_id", "counted_on"),
)
