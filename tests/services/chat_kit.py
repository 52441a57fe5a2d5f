"""Chats by hand: an import that covers the days it says, with who wrote how much on which of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from qunguan.domain.clock import Clock
from qunguan.services.desk import Desk
from qunguan.store.activity import chat_hour, chat_import, speaker, speech
from qunguan.store.session import Session

TODAY = date(2026, 3, 20)  # a Friday, as the fixed clock has it
Said = Mapping[tuple[int | str, date], int]
"""(member id, or the name of somebody nobody knows) and day → messages."""


def ago(days: int) -> date:
    """So many days before today."""
    return TODAY - timedelta(days=days)


def noon(day: date) -> datetime:
    """Noon in Shanghai."""
    return datetime.combine(day, time(4), UTC)


def tell(
    desk: Desk, first: date, last: date, said: Said | None = None, *, group_id: int = 1, hour: int = 20,
    replies: Iterable[tuple[int | str, date]] = (), imported_at: datetime | None = None, own: int | str | None = None,
) -> None:  # fmt: skip
    """An export of `first` to `last`. `own` made it; `replies` answer one message each."""
    desk.write(_tell, first, last, dict(said or {}), group_id, hour, set(replies), imported_at, own)


def _tell(
    session: Session, clock: Clock, first: date, last: date, said: dict[tuple[int | str, date], int], group_id: int,
    hour: int, replies: set[tuple[int | str, date]], imported_at: datetime | None, own: int | str | None,
) -> None:  # fmt: skip
    session.step("told")
    counts = {"messages": sum(said.values()), "system": 0, "recalled": 0, "joins": 0, "leaves": 0, "duplicates": 0}
    told = session.insert(
        chat_import, group_id=group_id, format="sheet", name="a.csv", first_at=noon(first), last_at=noon(last),
        imported_at=imported_at or clock.now(), **counts,
    )  # fmt: skip
    fixed = {"import_id": told, "group_id": group_id}
    for who in dict.fromkeys(who for who, _day in said):
        speaker_id = _speaker(session, group_id, who, own=who == own)
        member_id = who if isinstance(who, int) else None
        for (each, day), messages in said.items():
            if each == who:
                session.insert(
                    speech, **fixed, speaker_id=speaker_id, member_id=member_id, day=day, messages=messages,
                    mentions=0, replies=int((who, day) in replies),
                )  # fmt: skip
    by_day: dict[date, int] = {}
    for (_who, day), messages in said.items():
        by_day[day] = by_day.get(day, 0) + messages
    for day, messages in by_day.items():
        session.insert(chat_hour, **fixed, day=day, hour=hour, messages=messages)


def _speaker(session: Session, group_id: int, who: int | str, *, own: bool) -> int:
    kind, key = ("self" if own else "name"), f"k{who}"
    same = select(speaker.c.id).where(speaker.c.group_id == group_id, speaker.c.kind == kind, speaker.c.key == key)
    known = session.scalar(same)
    if known is not None:
        return int(known)
    member_id = who if isinstance(who, int) else None
    return session.insert(
        speaker, group_id=group_id, kind=kind, key=key, name=str(who), member_id=member_id,
        matched_by="unknown" if member_id is None else "hand",
    )  # fmt: skip


def crowd(desk: Desk, n: int, *, joined: date | None = None, group_id: int = 1) -> list[int]:
    """So many members of a group, who came on a day; their ids."""
    from qunguan.services import members

    names = [f"人{group_id}-{number}" for number in range(n)]
    before = {found.id for found in _everybody(desk)}
    desk.write(members.add_many, names, group_id=group_id, joined_on=joined or ago(200))
    return sorted(found.id for found in _everybody(desk) if found.id not in before)


def _everybody(desk: Desk):  # type: ignore[no-untyped-def]
    from qunguan.store.members import member

    return desk.read(lambda session: session.rows(select(member.c.id)))


def leave(desk: Desk, ids: Iterable[int], day: date, group_id: int = 1) -> None:
    """These leave on a day."""
    from qunguan.services import members

    for member_id in ids:
        desk.write(members.leave, member_id, group_id, day)


def spread(ids: Iterable[int | str], days: Iterable[date], each: int = 1) -> dict[tuple[int | str, date], int]:
    """Each of these writes so much on each of the days."""
    listed = list(days)
    return {(who, day): each for who in ids for day in listed}


def span(first: date, last: date) -> list[date]:
    """The days from first to last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
