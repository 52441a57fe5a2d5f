"""Forgetting what somebody said to surveys in their own words; what they chose still counts."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select, update

from qunguan.domain.surveys import unfilled
from qunguan.store.journal import change
from qunguan.store.member_queries import IDS
from qunguan.store.session import Session
from qunguan.store.survey_queries import answers_of
from qunguan.store.surveys import survey_answer, survey_option, survey_question


def forget_replies(session: Session, reply_ids: Collection[int]) -> None:
    """Take the words of these replies out of the tables and the journal: free text and numbers go, of a choice that was
    filled in by hand (其他〖…〗) the choice stays.
    """
    kinds = {row.id: row.kind for row in session.rows(select(survey_question.c.id, survey_question.c.kind))}
    chosen: dict[int, set[str]] = {}
    for row in session.rows(select(survey_option.c.question_id, survey_option.c.text)):
        chosen.setdefault(row.question_id, set()).add(row.text)

    def left(question_id: int, text: str) -> str | None:
        """What may stay of an answer; None for nothing."""
        if kinds.get(question_id) not in ("one", "many"):
            return None
        if text in chosen.get(question_id, ()):
            return text
        return bare if (bare := unfilled(text)) != text else None

    gone = []
    for row in answers_of(session, sorted(reply_ids)):
        kept = left(row.question_id, row.text)
        if kept is None:
            gone.append(row.id)
        elif kept != row.text:
            session.rewrite(update(survey_answer).where(survey_answer.c.id == row.id).values(text=kept))
    session.rewrite(delete(survey_answer).where(survey_answer.c.id.in_(IDS)), {"ids": gone})
    images = select(change).where(change.c.tbl == survey_answer.name, change.c.op != "insert")
    said = [
        row.id
        for row in session.rows(images)
        if row.before.get("reply_id") in reply_ids
        and left(row.before.get("question_id", 0), row.before.get("text", "")) != row.before.get("text")
    ]
    session.rewrite(delete(change).where(change.c.id.in_(IDS)), {"ids": said})
