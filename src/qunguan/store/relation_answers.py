"""Set-based questions about who answers whom in the chats."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, Table, func, select, type_coerce

from qunguan.store.activity import chat_answer, speech
from qunguan.store.groups import chat_group
from qunguan.store.session import Session

_a = chat_answer.c


def _of(table: Table, group_id: int | None) -> ColumnElement[bool]:
    """Of one group, or (None) of any: the indexes by day begin with the group."""
    column = table.c.group_id
    return column == group_id if group_id is not None else column.in_(select(chat_group.c.id))


def tells(session: Session, group_id: int | None) -> bool:
    """Whether any export told who answered whom."""
    return session.first(select(_a.id).where(_of(chat_answer, group_id)).limit(1)) is not None


def answered(session: Session, group_id: int | None, first: date, last: date) -> Sequence[Row[Any]]:
    """(member_id, to_member_id, times, last) by the two, from a day to a day; None is nobody of the roster."""
    day = type_coerce(func.max(_a.day), Date).label("last")
    query = select(_a.member_id, _a.to_member_id, func.sum(_a.times).label("times"), day)
    within = query.where(_of(chat_answer, group_id), _a.day.between(first, last))
    return session.rows(within.group_by(_a.member_id, _a.to_member_id))


def messages(session: Session, group_id: int | None, first: date, last: date) -> dict[int | None, int]:
    """Member → messages from a day to a day in exports that tell who answered whom; None is nobody of the roster."""
    telling = select(_a.import_id).where(_of(chat_answer, group_id))
    query = select(speech.c.member_id, func.sum(speech.c.messages).label("n"))
    within = query.where(_of(speech, group_id), speech.c.day.between(first, last), speech.c.import_id.in_(telling))
    return {row.member_id: row.n for row in session.rows(within.group_by(speech.c.member_id))}
