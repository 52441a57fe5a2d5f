"""What chats keep of a person who is to be forgotten: the id or name they spoke under. Their messages still count."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_, select, update

from qunguan.store.activity import speaker, speech
from qunguan.store.journal import change
from qunguan.store.session import Session


def forget_speakers(session: Session, people: Collection[int]) -> set[str]:
    """Blank the speakers these members were, in the table and in the journal; returns every text that was blanked.

    A name that somebody else had as well on other days stays: it is theirs too.
    """
    theirs = select(speech.c.speaker_id).where(speech.c.member_id.in_(people))
    others = select(speech.c.speaker_id).where(or_(speech.c.member_id.not_in(people), speech.c.member_id.is_(None)))
    own = or_(
        speaker.c.member_id.in_(people),
        speaker.c.id.in_(theirs) & speaker.c.member_id.is_(None) & speaker.c.id.not_in(others),
    )
    texts: set[str] = set()
    ids = set()
    for row in session.rows(select(speaker).where(own)):
        ids.add(row.id)
        texts |= {row.key, row.name}
        session.rewrite(update(speaker).where(speaker.c.id == row.id).values(key=_nobody(row.id), name=""))
    for row in session.rows(select(change).where(change.c.tbl == speaker.name, change.c.op != "insert")):
        if row.first_id in ids or row.before.get("member_id") in people:
            texts |= {row.before.get("key", ""), row.before.get("name", "")}
            blank = {"key": _nobody(row.first_id), "name": ""}
            image = {name: blank.get(name, value) for name, value in row.before.items()}
            session.rewrite(update(change).where(change.c.id == row.id).values(before=image))
    return texts - {""}


def _nobody(speaker_id: int) -> str:
    """A key no chat can tell again."""
    return f"\u2014{speaker_id}"
