"""Set-based questions about surveys: what they ask, who replied, which answers were given how often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, case, exists, func, select

from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.members import member
from qunguan.store.session import Session
from qunguan.store.surveys import survey, survey_answer, survey_option, survey_question, survey_reply

_q, _o, _r, _a = survey_question.c, survey_option.c, survey_reply.c, survey_answer.c
_ANSWERS_OF = select(survey_answer).where(_a.reply_id.in_(IDS)).order_by(_a.reply_id, _a.id)
_REPLIES_OF = select(survey_reply).where(_r.id.in_(IDS)).order_by(_r.id)


def surveys(session: Session, waiting: Sequence[str]) -> Sequence[Row[Any]]:
    """Every survey with the number of its questions, of its replies, of those whose person is `waiting` to be told, and
    the day of the last one; the one that was made last first.
    """
    told = (
        select(
            _r.survey_id,
            func.count().label("replies"),
            func.sum(case((_r.matched_by.in_(waiting), 1), else_=0)).label("waiting"),
            func.max(_r.biz_date).label("last_day"),
        )
        .group_by(_r.survey_id)
        .subquery()
    )
    asked = select(_q.survey_id, func.count().label("questions")).group_by(_q.survey_id).subquery()
    query = (
        select(
            survey,
            func.coalesce(asked.c.questions, 0).label("questions"),
            func.coalesce(told.c.replies, 0).label("replies"),
            func.coalesce(told.c.waiting, 0).label("waiting"),
            told.c.last_day,
        )
        .outerjoin(told, told.c.survey_id == survey.c.id)
        .outerjoin(asked, asked.c.survey_id == survey.c.id)
    )
    return session.rows(query.order_by(survey.c.created_at.desc(), survey.c.id.desc()))


def named(session: Session, key: str) -> int | None:
    """The id of the survey whose name has this key."""
    found: int | None = session.scalar(select(survey.c.id).where(survey.c.key == key))
    return found


def questions(session: Session, survey_id: int | None = None) -> Sequence[Row[Any]]:
    """The questions of a survey (None: of all) in their order."""
    query = select(survey_question).order_by(_q.survey_id, _q.position, _q.id)
    return session.rows(query if survey_id is None else query.where(_q.survey_id == survey_id))


def options(session: Session, survey_id: int) -> Sequence[Row[Any]]:
    """The options of all questions of a survey in their order."""
    query = select(survey_option).join(survey_question, _q.id == _o.question_id).where(_q.survey_id == survey_id)
    return session.rows(query.order_by(_o.question_id, _o.position, _o.id))


def replies(
    session: Session, survey_id: int, last: date | None = None, first: date | None = None
) -> Sequence[Row[Any]]:
    """Every reply to a survey with the present name of who gave it, the oldest first; of these days."""
    query = (
        select(survey_reply, member.c.name.label("member"))
        .outerjoin(member, member.c.id == _r.member_id)
        .where(_r.survey_id == survey_id)
    )
    return session.rows(_between(query, last, first).order_by(_r.occurred_at, _r.id))


def reply_count(session: Session, survey_id: int, last: date | None = None) -> tuple[int, int]:
    """(replies up to a day, those of them that count: of a member the newest)."""
    whole = _between(select(func.count()).where(_r.survey_id == survey_id), last)
    return int(session.scalar(whole)), int(session.scalar(whole.where(_r.id.in_(_counting(survey_id, last)))))


def _counting(survey_id: int, last: date | None) -> Select[Any]:
    """The ids of the replies that count up to a day: of a member the newest, each one of those nobody is told of."""
    person = func.coalesce(_r.member_id, -_r.id)
    later = func.row_number().over(partition_by=person, order_by=(_r.occurred_at.desc(), _r.id.desc())).label("later")
    found = _between(select(_r.id, later).where(_r.survey_id == survey_id), last).subquery("newest")
    return select(found.c.id).where(found.c.later == 1)


def reply_rows(session: Session, ids: Iterable[int]) -> Iterator[Row[Any]]:
    """These replies."""
    return in_chunks(session, _REPLIES_OF, ids)


def answers(
    session: Session, survey_id: int, last: date | None = None, first: date | None = None
) -> Sequence[Row[Any]]:
    """What the replies that count up to a day say, as (id, reply_id, question_id, text); of replies of these days."""
    query = select(_a.id, _a.reply_id, _a.question_id, _a.text).join_from(survey_reply, survey_answer)
    query = query.where(_r.id.in_(_counting(survey_id, last)))
    return session.rows(_between(query, last, first).order_by(_a.reply_id, _a.id))


def tally(session: Session, survey_id: int, last: date | None = None) -> Sequence[Row[Any]]:
    """(question_id, text, n) of what the replies that count up to a day say, as they came."""
    query = select(_a.question_id, _a.text, func.count().label("n")).join_from(survey_reply, survey_answer)
    query = query.where(_r.id.in_(_counting(survey_id, last))).group_by(_a.question_id, _a.text)
    return session.rows(query.order_by(func.min(_a.id)))


def answered_by(session: Session, survey_id: int, last: date | None = None) -> dict[int, int]:
    """Question → how many of the replies that count up to a day answer it."""
    query = select(_a.question_id, func.count(_a.reply_id.distinct()).label("n")).join_from(survey_reply, survey_answer)
    rows = session.rows(query.where(_r.id.in_(_counting(survey_id, last))).group_by(_a.question_id))
    return {row.question_id: row.n for row in rows}


def _between(query: Select[Any], last: date | None, first: date | None = None) -> Select[Any]:
    if first is not None:
        query = query.where(_r.biz_date >= first)
    return query if last is None else query.where(_r.biz_date <= last)


def answers_of(session: Session, reply_ids: Iterable[int]) -> Iterator[Row[Any]]:
    """The answers of these replies, by reply in the order they were given."""
    return in_chunks(session, _ANSWERS_OF, reply_ids)


def told_by_hand(session: Session) -> Sequence[Row[Any]]:
    """(name, member) of every reply whose person the owner told, the oldest first."""
    query = select(_r.name, _r.member_id).where(_r.matched_by == "hand", _r.member_id.is_not(None))
    return session.rows(query.order_by(_r.id))


def still_waiting(session: Session, waiting: Sequence[str], survey_id: int | None = None) -> Sequence[Row[Any]]:
    """The replies whose person is to be told, of a survey or of all, the oldest first."""
    query = select(survey_reply).where(_r.matched_by.in_(waiting)).order_by(_r.occurred_at, _r.id)
    return session.rows(query if survey_id is None else query.where(_r.survey_id == survey_id))


def newcomers_since(session: Session, first: date) -> Sequence[Row[Any]]:
    """(id, name, group_id) of surveys of newcomers that have unsettled replies of a day or later."""
    replied = exists().where(_r.survey_id == survey.c.id, _r.biz_date >= first, _r.settled_on.is_(None))
    query = select(survey.c.id, survey.c.name, survey.c.group_id).where(survey.c.purpose == "newcomer", replied)
    return session.rows(query.order_by(survey.c.id))


def reply_ids(session: Session, survey_id: int) -> list[int]:
    """The ids of the replies to a survey."""
    return [row.id for row in session.rows(select(_r.id).where(_r.survey_id == survey_id).order_by(_r.id))]


def answered(session: Session, question_id: int) -> bool:
    """Whether anybody answered a question."""
    return bool(session.scalar(select(exists().where(_a.question_id == question_id))))
