"""Who takes part in a challenge: by hand, by tag, everybody, or by checking in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, func, select

from qunguan.domain.challenges import Challenge
from qunguan.domain.checkin_outcomes import Enrolled
from qunguan.domain.clock import Clock
from qunguan.i18n import N_
from qunguan.services import challenges, groups, members
from qunguan.services.checkin_standing import write_copies
from qunguan.store.checkin_queries import ENROLMENTS, all_records, present
from qunguan.store.checkins import checkin, enrolment
from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.session import Session


def enrol(
    session: Session,
    clock: Clock,
    challenge_id: int,
    who: str | Iterable[int],
    from_day: date | None = None,
) -> Enrolled:
    """Put members into a challenge: ids, `all` who are in its group now, or `tag:T` of them.

    They take part from `from_day`, by default from today or the first day if that is later, and never from before they
    joined the group. Somebody who was taken out takes part again. Raises NotFound for an unknown tag or member.
    """
    found = challenges.get(session, challenge_id)
    start = from_day or clock.today(groups.day_rule(session, found.group_id))
    here = present(session, found.group_id)
    ids = _meant(session, here, who)
    wanted = {member_id: max(start, found.starts_on, here.get(member_id) or start) for member_id in ids}
    enrolled = {row.member_id: row for row in _of(session, found, ids)}
    session.step(N_("Enrolled members in {challenge}"), challenge=found.name)
    new = [member_id for member_id in ids if member_id not in enrolled]
    again = [row for row in enrolled.values() if row.to_day is not None]
    _insert(session, found, {member_id: wanted[member_id] for member_id in new})
    session.update_many(enrolment, [{"id": row.id, "to_day": None} for row in again])
    _recount(session, found, [row.member_id for row in again])
    return Enrolled((*new, *(row.member_id for row in again)), len(enrolled) - len(again))


def start(
    session: Session, clock: Clock, /, name: str = "", *, who: str | Iterable[int] | None = None, **terms: Any
) -> Challenge:
    """Make a challenge and put members into it from its first day, as one step. `terms` are those of `add`."""
    found = challenges.add(session, clock, name, **terms)
    if who is not None:
        enrol(session, clock, found.id, who, found.starts_on)
    return found


def unenrol(session: Session, clock: Clock, challenge_id: int, member_ids: Iterable[int]) -> Enrolled:
    """Take members out of a challenge. What they did stays; from today on nothing is due from them.

    Today still counts for who has checked in already. Who was enrolled in error, without a single record, is removed.
    """
    found = challenges.get(session, challenge_id)
    today = clock.today(groups.day_rule(session, found.group_id))
    enrolled = [row for row in _of(session, found, dict.fromkeys(member_ids)) if row.to_day is None]
    ids = [row.member_id for row in enrolled]
    last = (
        select(checkin.c.member_id, func.max(checkin.c.day).label("day"))
        .where(checkin.c.challenge_id == challenge_id, checkin.c.day <= today, checkin.c.member_id.in_(IDS))
        .group_by(checkin.c.member_id)
    )
    newest = {row.member_id: row.day for row in in_chunks(session, last, ids)}
    session.step(N_("Took members out of {challenge}"), challenge=found.name)
    ended = []
    for row in enrolled:
        to_day = max(today - timedelta(days=1), newest.get(row.member_id, today - timedelta(days=1)))
        if to_day < row.from_day:
            session.delete(enrolment, row.id)
        else:
            ended.append({"id": row.id, "to_day": to_day})
    session.update_many(enrolment, ended)
    _recount(session, found, ids)
    return Enrolled(tuple(ids), 0)


def cover(
    session: Session, found: Challenge, spans: Mapping[int, tuple[date, date]], enrolled: Mapping[int, Row[Any]]
) -> tuple[tuple[int, ...], bool]:
    """Let everybody's enrolment hold these days (first, last), given the enrolments there are.

    Returns who was not enrolled before, and whether anything was written. A check-in says that somebody takes part:
    it begins an enrolment, moves its start back, opens one that had ended.
    """
    new = {member_id: first for member_id, (first, _last) in spans.items() if member_id not in enrolled}
    _insert(session, found, new)
    changes = []
    for member_id, (first, last) in spans.items():
        row = enrolled.get(member_id)
        if row is not None and (first < row.from_day or (row.to_day is not None and last > row.to_day)):
            to_day = row.to_day if row.to_day is None or last <= row.to_day else None
            changes.append({"id": row.id, "from_day": min(first, row.from_day), "to_day": to_day})
    session.update_many(enrolment, changes)
    return tuple(new), bool(new or changes)


def _of(session: Session, found: Challenge, ids: Iterable[int]) -> Iterator[Row[Any]]:
    return in_chunks(session, ENROLMENTS, ids, challenge_id=found.id)


def _insert(session: Session, found: Challenge, starts: Mapping[int, date]) -> None:
    session.insert_many(
        enrolment,
        ({"challenge_id": found.id, "member_id": member_id, "from_day": day, "to_day": None}
         for member_id, day in starts.items()),
    )  # fmt: skip


def _recount(session: Session, found: Challenge, ids: list[int]) -> None:
    if ids:
        write_copies(session, found, list(_of(session, found, ids)), all_records(session, found.id))


def _meant(session: Session, here: Mapping[int, date | None], who: str | Iterable[int]) -> list[int]:
    if not isinstance(who, str):
        ids = list(dict.fromkeys(who))
        for member_id in ids:
            if member_id not in here:
                members.get(session, member_id)
        return ids
    kind, colon, detail = who.strip().replace("：", ":").partition(":")
    if kind == "all" and not colon:
        return list(here)
    if kind == "tag" and detail:
        return [member_id for member_id in members.tagged_ids(session, detail) if member_id in here]
    return [members.resolve(session, who)]
