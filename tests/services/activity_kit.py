"""Chats without files: speakers as an import tells of them, and what they said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from qunguan.domain.activity import IdKind
from qunguan.domain.activity_people import Key, Resolution, Told
from qunguan.domain.clock import Clock
from qunguan.services.desk import Desk
from qunguan.store.activity import chat_import, speech
from qunguan.store.base import metadata
from qunguan.store.session import Session
from tests.services.test_history import picture

CACHES = {table.name for table in metadata.sorted_tables if table.info.get("cache")}


def told(
    kind: IdKind, text: str, name: str = "", first: date | None = None, last: date | None = None, messages: int = 1
) -> Told:
    """Somebody under one name; a bare name is its own key."""
    name = name or (text if kind == "name" else "")
    return Told(kind, text, name, ((name, first, last),) if name else (), first, last, messages)


def renamed(kind: IdKind, text: str, *names: tuple[str, date, date]) -> Told:
    """Somebody under several names, one after the other."""
    return Told(kind, text, names[-1][0], names, names[0][1], names[-1][2], 1)


def speak(desk: Desk, found: Mapping[Key, Resolution], said: Iterable[tuple[Key, date, int]], group_id: int = 1) -> int:
    """An import that tells these messages of speakers that were resolved; returns its id."""

    def write(session: Session, clock: Clock) -> int:
        session.step("Imported a chat")
        told = dict.fromkeys(("messages", "system", "recalled", "joins", "leaves", "duplicates"), 0)
        number = session.insert(
            chat_import, group_id=group_id, format="sheet", name="chat.csv", imported_at=clock.now(), **told
        )
        session.insert_many(
            speech,
            [
                {
                    "import_id": number, "group_id": group_id, "speaker_id": found[key].speaker_id,
                    "member_id": found[key].member_on(day), "day": day, "messages": n,
                }
                for key, day, n in said
            ],
        )  # fmt: skip
        return number

    return desk.write(write)


def state(desk: Desk) -> dict[str, Any]:
    """What `picture` tells, without what is counted from other rows: that may stand in other places."""
    return {name: rows for name, rows in picture(desk).items() if name not in CACHES}
