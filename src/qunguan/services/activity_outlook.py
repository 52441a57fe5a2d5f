"""What an import of chats would do, told before it is done: by name who would be added and who would wait."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from qunguan.domain.activity_outcomes import ChatFile, ImportOutlook
from qunguan.domain.clock import Clock
from qunguan.services.activity_import import import_chats
from qunguan.services.activity_queue import waiting
from qunguan.store import activity_people as queries
from qunguan.store.members import member
from qunguan.store.session import Session

_NEWEST = select(func.max(member.c.id))


def outlook(
    session: Session,
    clock: Clock,
    files: Sequence[ChatFile],
    *,
    group_id: int | None = None,
    only: str = "",
    new_members: bool | None = None,
    keep_questions: bool | None = None,
) -> ImportOutlook:
    """`import_chats`, and who its people are: for a rehearsal. Raises as it does."""
    newest = session.scalar(_NEWEST) or 0
    before = {row.id: row.messages for row in session.rows(queries.waiting(None))}
    done = import_chats(
        session, clock, files, group_id=group_id, only=only, new_members=new_members, keep_questions=keep_questions
    )
    added = select(member.c.name).where(member.c.id > newest).order_by(member.c.id)
    left = [one for one in waiting(session) if before.get(one.speaker_id) != one.messages]
    chats = dict.fromkeys(chat for file in files for chat in file.info().chats)
    return ImportOutlook(done, tuple(row.name for row in session.rows(added)), tuple(left), tuple(chats))
