"""What finding out who speaks leaves behind: new people, ids and names with their days, and speakers remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from qunguan.domain.activity_people import Key, KnownName, Resolution, Told, learned_names
from qunguan.domain.clock import Clock
from qunguan.domain.members import NAME_KINDS, Member
from qunguan.domain.text import clean, is_blank, match_key
from qunguan.services.activity_roster import ALIAS_KINDS, Answer, Roster
from qunguan.services.members_edit import columns
from qunguan.services.members_index import reindex
from qunguan.store import activity_people as queries
from qunguan.store.activity import SIDES, chat_answer, speaker
from qunguan.store.member_queries import ALIASES, in_chunks
from qunguan.store.members import alias, member, membership
from qunguan.store.session import Session


def add_people(session: Session, clock: Clock, group_id: int, strangers: Sequence[Answer], roster: Roster) -> None:
    """Make a member of each of these, in the group since nobody knows when, called as they were shown last."""
    now = clock.now()
    names = [roster.called(one.told) for one in strangers]
    ids = session.insert_many(member, ({**columns(Member(0, name)), "created_at": now} for name in names))
    session.insert_many(
        membership, ({"member_id": who, "group_id": group_id, "joined_on": None, "left_on": None} for who in ids)
    )
    rows = []
    for one, who, name in zip(strangers, ids, names, strict=True):
        one.by, one.member_id, one.fresh = "new", who, True
        begun = next((first for text, first, _last in reversed(one.told.shown[1:]) if text == one.told.name), None)
        rows.append({"member_id": who, "kind": "name", "text": name, "key": match_key(name), "valid_from": begun})
        roster.bear(match_key(name), who, begun, None)
    session.insert_many(alias, rows)
    reindex(session, ids)


def learn(session: Session, group_id: int, answers: Iterable[Answer], roster: Roster) -> None:
    """Keep with each member found the id they wrote under and the names they were shown by, with their days.

    A bare name that was matched by itself teaches nothing new. Who speaks in a group they never were in is in it.
    """
    found = [one for one in answers if one.member_id is not None]
    ids = sorted({one.member_id for one in found if one.member_id is not None})
    known: dict[int, list[Any]] = defaultdict(list)
    for row in in_chunks(session, ALIASES, ids):
        known[row.member_id].append(row)
    told: dict[int, list[Told]] = defaultdict(list)
    for one in found:
        if one.member_id is not None and one.told.kind != "name":
            told[one.member_id].append(one.told)
    added = [row for who, those in told.items() for row in _new_ids(those, who, known[who])]
    changed: list[dict[str, Any]] = []
    for who, those in told.items():
        for name in _new_names(those, known[who]):
            days = {"valid_from": name.valid_from, "valid_to": name.valid_to}
            if name.id is None:
                key = match_key(name.text)
                added.append({"member_id": who, "kind": name.kind, "text": name.text, "key": key, **days})
                roster.bear(key, who, name.valid_from, name.valid_to)
            else:
                changed.append({"id": name.id, **days})
    session.insert_many(alias, added)
    session.update_many(alias, changed)
    place(session, group_id, ids)
    reindex(session, {row["member_id"] for row in added})


def _new_ids(told: Sequence[Told], member_id: int, known: Sequence[Any]) -> Iterator[dict[str, Any]]:
    have = {(row.kind, row.key) for row in known}
    for one in told:
        kinds = ALIAS_KINDS.get(one.kind, ())
        key, text = match_key(one.id), clean(one.id)
        if kinds and text == one.id and not any((kind, key) in have for kind in kinds):
            have.add((kinds[0], key))
            days = {"valid_from": None, "valid_to": None}
            yield {"member_id": member_id, "kind": kinds[0], "text": text, "key": key, **days}


def _new_names(told: Sequence[Told], known: Sequence[Any]) -> tuple[KnownName, ...]:
    shown = [
        (text, first, last) for one in told for name, first, last in one.shown if not is_blank(text := clean(name))
    ]
    names = [
        KnownName(row.id, row.kind, row.text, row.valid_from, row.valid_to) for row in known if row.kind in NAME_KINDS
    ]
    return learned_names(names, shown)


def place(session: Session, group_id: int, ids: Sequence[int]) -> None:
    """Put those who were never in the group into it, since nobody knows when."""
    here = {row.member_id for row in queries.stays(session, ids) if row.group_id == group_id}
    session.insert_many(
        membership,
        (
            {"member_id": who, "group_id": group_id, "joined_on": None, "left_on": None}
            for who in ids
            if who not in here
        ),
    )


def remember(
    session: Session, group_id: int, answers: Sequence[Answer], known: dict[Key, Any]
) -> dict[Key, Resolution]:
    """Write down who each speaker is."""
    newest = queries.newest_days(session, [row.id for row in known.values()])
    fresh = [one for one in answers if one.told.key not in known]
    ids = session.insert_many(
        speaker,
        (
            {
                "group_id": group_id, "kind": one.told.kind, "key": one.told.key[1], "name": _called(one.told),
                "member_id": one.member_id, "matched_by": one.by,
            }
            for one in fresh
        ),
    )  # fmt: skip
    numbers = {one.told.key: row_id for one, row_id in zip(fresh, ids, strict=True)}
    numbers.update((key, row.id) for key, row in known.items())
    rows = []
    for one in answers:
        row = known.get(one.told.key)
        if row is not None:
            last, before = one.told.last_day, newest.get(row.id)
            newer = bool(_called(one.told)) and (before is None or last is None or last >= before)
            name = _called(one.told) if newer else row.name
            rows.append({"id": row.id, "name": name, "member_id": one.member_id, "matched_by": one.by})
    session.update_many(speaker, rows)
    return {
        one.told.key: Resolution(numbers[one.told.key], one.by, one.member_id, one.dated, one.fresh) for one in answers
    }


def catch_up(session: Session, found: Iterable[Resolution], silent: Collection[int]) -> None:
    """Give what was nobody's to whom it is now known to be. Of those who are `silent` nothing that was said is
    nobody's; but they may have been answered.
    """
    known = {one.speaker_id: one for one in found if one.member_id is not None or one.dated}
    spoke = [speaker_id for speaker_id in known if speaker_id not in silent]
    for side in SIDES:
        whose = (
            (row.id, known[row.speaker_id].member_on(row.day))
            for row in queries.open_rows(session, side, known if side.table is chat_answer else spoke)
        )
        name = side.member.name
        session.update_many(side.table, ({"id": row_id, name: who} for row_id, who in whose if who is not None))


def _called(told: Told) -> str:
    """The name shown last, as it may be stored."""
    return clean(told.name or (told.id if told.kind == "name" else ""))
