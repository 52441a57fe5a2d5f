"""Surveys: their questions, who answered what, and the tags an answer means (S3-04, S3-37). Counts are derived."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, UniqueConstraint

from qunguan.store.base import Moment, table

survey = table(
    "survey",
    Column("group_id", Integer, ForeignKey("chat_group.id")),
    Column("name", String, nullable=False),
    Column("key", String, nullable=False, unique=True),
    Column("purpose", String, nullable=False),
    Column("intro", String, nullable=False, server_default=""),  # what is said above the questions
    Column("created_at", Moment, nullable=False),
    CheckConstraint("purpose IN ('positioning', 'newcomer', 'wake_up', 'other')", name="purpose"),
    CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"),
)

survey_question = table(
    "survey_question",
    Column("survey_id", Integer, ForeignKey("survey.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("text", String, nullable=False),
    Column("key", String, nullable=False),  # domain.text.match_key(text): the column of a sheet that answers it
    Column("kind", String, nullable=False),
    CheckConstraint("kind IN ('one', 'many', 'number', 'text')", name="kind"),
    UniqueConstraint("survey_id", "key"),
)

# What can be answered; who answers so gets the tag, and says how serious they are (newcomers, S3-37).
survey_option = table(
    "survey_option",
    Column("question_id", Integer, ForeignKey("survey_question.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("text", String, nullable=False),
    Column("key", String, nullable=False),
    Column("tag", String, nullable=False, server_default=""),
    Column("intent", Integer, nullable=False, server_default="0"),
    UniqueConstraint("question_id", "key"),
)

survey_reply = table(
    "survey_reply",
    Column("survey_id", Integer, ForeignKey("survey.id"), nullable=False),
    Column("number", String, nullable=False),  # 序号 of the sheet, or what tells one reply from another
    Column("name", String, nullable=False),
    Column("member_id", Integer, ForeignKey("member.id")),
    Column("matched_by", String, nullable=False),
    Column("biz_date", Date, nullable=False),
    Column("occurred_at", Moment, nullable=False),
    Column("settled_on", Date),  # the owner has spoken with them
    UniqueConstraint("survey_id", "number"),
    Index(None, "member_id"),
)

survey_answer = table(
    "survey_answer",
    Column("reply_id", Integer, ForeignKey("survey_reply.id"), nullable=False),
    Column("question_id", Integer, ForeignKey("survey_question.id"), nullable=False),
    Column("text", String, nullable=False),
    Index(None, "reply_id"),
    Index(None, "question_id", "text"),
)
