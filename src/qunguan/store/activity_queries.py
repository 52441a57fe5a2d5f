"""Set-based questions about imported chats: what was counted, and what it comes to by day, hour and person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Row, bindparam, func, or_, select

from qunguan.store.activity import chat_hour, chat_import, chat_seen, question, speaker, speech
from qunguan.store.groups import chat_group
from qunguan.store.members import member
from qunguan.store.session import Session

_GROUP = bindparam("group_id", type_=Integer)
_FROM, _TO = bindparam("from_day", type_=Date), bindparam("to_day", type_=Date)

WHO = func.coalesce(speech.c.member_id, -speech.c.speaker_id)
"""A person in figures: the member, or below 0 a speaker who is nobody's yet."""

_ANY = select(chat_import.c.id).where(chat_import.c.group_id == _GROUP).limit(1)
_SEEN = (
    select(chat_seen.c["keys"].label("certain"), chat_seen.c.alike)
    .where(chat_seen.c.group_id == _GROUP, chat_seen.c.day.is_not_distinct_from(bindparam("day", type_=Date)))
    .order_by(chat_seen.c.id)
)
_HOURS_OF_DAY = (
    select(chat_hour.c.hour, func.sum(chat_hour.c.messages).label("messages"))
    .where(chat_hour.c.group_id == _GROUP, chat_hour.c.day == bindparam("day", type_=Date))
    .group_by(chat_hour.c.hour)
)


def _of_group(column: ColumnElement[int]) -> ColumnElement[bool]:
    return or_(_GROUP.is_(None), column == _GROUP)


def _within(column: ColumnElement[date]) -> tuple[ColumnElement[bool], ...]:
    return or_(_FROM.is_(None), column >= _FROM), or_(_TO.is_(None), column <= _TO)


_DAYS = (
    select(speech.c.day, func.sum(speech.c.messages).label("messages"))
    .where(_of_group(speech.c.group_id), *_within(speech.c.day))
    .group_by(speech.c.day)
    .order_by(speech.c.day)
)
_HOURS = (
    select(chat_hour.c.hour, func.sum(chat_hour.c.messages).label("messages"))
    .where(_of_group(chat_hour.c.group_id), *_within(chat_hour.c.day))
    .group_by(chat_hour.c.hour)
)
_SAID = (
    select(WHO.label("who"), speech.c.speaker_id, func.sum(speech.c.messages).label("messages"))
    .where(_of_group(speech.c.group_id), *_within(speech.c.day))
    .group_by(WHO, speech.c.speaker_id)
    .subquery()
)
_PEOPLE = (
    select(_SAID.c.who, _SAID.c.messages, speaker.c.kind, speaker.c.key, speaker.c.name, member.c.name.label("member"))
    .select_from(_SAID.join(speaker, speaker.c.id == _SAID.c.speaker_id).outerjoin(member, member.c.id == _SAID.c.who))
    .order_by(_SAID.c.who, _SAID.c.messages.desc(), speaker.c.id)
)
_SPANS = (
    select(chat_import.c.group_id, chat_import.c.first_at, chat_import.c.last_at)
    .where(_of_group(chat_import.c.group_id), chat_import.c.first_at.is_not(None))
    .order_by(chat_import.c.first_at)
)
_IMPORTS = (
    select(chat_import, chat_group.c.name.label("group_name"))
    .join(chat_group, chat_group.c.id == chat_import.c.group_id)
    .where(_of_group(chat_import.c.group_id))
    .order_by(chat_import.c.id.desc())
)
_QUESTIONS = (
    select(question, func.coalesce(member.c.name, speaker.c.name, "").label("asker"))
    .select_from(
        question.outerjoin(speaker, speaker.c.id == question.c.speaker_id)
        .outerjoin(member, member.c.id == question.c.member_id)
    )
    .where(
        _of_group(question.c.group_id),
        or_(bindparam("state").is_(None), question.c.state == bindparam("state")),
        or_(bindparam("question_id", type_=Integer).is_(None), question.c.id == bindparam("question_id")),
    )
    .order_by(question.c.day.desc(), question.c.asked_at.desc(), question.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)  # fmt: skip
_COUNTS = (
    select(question.c.state, func.count().label("n")).where(_of_group(question.c.group_id)).group_by(question.c.state)
)
_TEXTS = select(question.c.text).where(question.c.group_id == _GROUP)
_PICKED = select(func.count()).where(
    question.c.group_id == _GROUP,
    question.c.state.in_(("picked", "answered")),
    question.c.state_on == bindparam("day", type_=Date),
)


def has_imports(session: Session, group_id: int) -> bool:
    """Whether any chat was imported into the group."""
    return session.first(_ANY, {"group_id": group_id}) is not None


def seen(session: Session, group_id: int, day: date | None) -> Sequence[Row[Any]]:
    """`certain` (the keys) and `alike` of the events of a day of the wall clock, None: of no known day."""
    return session.rows(_SEEN, {"group_id": group_id, "day": day})


def hours_of_day(session: Session, group_id: int, day: date) -> Sequence[Row[Any]]:
    """`hour` and `messages` of a day of the wall clock."""
    return session.rows(_HOURS_OF_DAY, {"group_id": group_id, "day": day})


def _window(group_id: int | None, first: date | None, last: date | None) -> dict[str, Any]:
    return {"group_id": group_id, "from_day": first, "to_day": last}


def by_day(session: Session, group_id: int | None, first: date | None, last: date | None) -> dict[date, int]:
    """Business day → messages; groups, first or last day None: all."""
    return {row.day: row.messages for row in session.rows(_DAYS, _window(group_id, first, last))}


def by_hour(session: Session, group_id: int | None, first: date | None, last: date | None) -> dict[int, int]:
    """Hour of the wall clock → messages, over days of the wall clock."""
    return {row.hour: row.messages for row in session.rows(_HOURS, _window(group_id, first, last))}


def people(session: Session, group_id: int | None, first: date | None, last: date | None) -> Sequence[Row[Any]]:
    """A row for each person and speaker: `who`, `messages`, `kind`, `key`, `name` as shown, `member` (name or None)."""
    return session.rows(_PEOPLE, _window(group_id, first, last))


def spans(session: Session, group_id: int | None) -> Sequence[Row[Any]]:
    """Group, first and last moment of each import that tells days, the earliest first."""
    return session.rows(_SPANS, {"group_id": group_id})


def imports(session: Session, group_id: int | None) -> Sequence[Row[Any]]:
    """The imports, newest first, with `group_name`."""
    return session.rows(_IMPORTS, {"group_id": group_id})


def questions(
    session: Session, group_id: int | None, state: str | None, most: int, question_id: int | None = None
) -> Sequence[Row[Any]]:
    """Questions that were kept, newest first, with `asker`; `most` -1 is all."""
    values = {"group_id": group_id, "state": state, "most": most, "question_id": question_id}
    return session.rows(_QUESTIONS, values)


def question_counts(session: Session, group_id: int | None) -> dict[str, int]:
    """How many questions are in each state."""
    return {row.state: row.n for row in session.rows(_COUNTS, {"group_id": group_id})}


def question_texts(session: Session, group_id: int) -> list[str]:
    """The texts of every question of a group, whatever became of it."""
    return [row.text for row in session.rows(_TEXTS, {"group_id": group_id})]


def picked_on(session: Session, group_id: int, day: date) -> int:
    """How many questions were taken up that day."""
    return int(session.scalar(_PICKED, {"group_id": group_id, "day": day}))
