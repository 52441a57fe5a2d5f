"""Set-based questions about check-ins: a member's records, a whole challenge's records, who is there on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, String, bindparam, case, func, or_, select, type_coerce

from qunguan.domain.checkins import State
from qunguan.store.checkins import chain, chain_item, checkin, enrolment
from qunguan.store.dialect import listed
from qunguan.store.member_queries import IDS, driver_rows, in_chunks
from qunguan.store.members import alias, member, membership
from qunguan.store.session import Session

_CHALLENGE = bindparam("challenge_id", type_=Integer)

_OF_THEM = (checkin.c.challenge_id == _CHALLENGE, checkin.c.member_id.in_(IDS))

# by member first: for days alone SQLite takes the index in their order and reads the whole challenge for one member
_STATES = (
    select(checkin.c.member_id, checkin.c.day, checkin.c.state)
    .where(*_OF_THEM)
    .order_by(checkin.c.member_id, checkin.c.day)
)
ROWS_BETWEEN = select(checkin.c.id, checkin.c.member_id, checkin.c.day, checkin.c.state, checkin.c.earns).where(
    *_OF_THEM, checkin.c.day.between(bindparam("first"), bindparam("last"))
)
_EARNING = select(checkin.c.member_id, checkin.c.day).where(
    *_OF_THEM, checkin.c.earns, checkin.c.day.in_(listed("days"))
)
_DAY_STATES = select(checkin.c.member_id, checkin.c.state).where(
    checkin.c.challenge_id == _CHALLENGE, checkin.c.day == bindparam("day")
)
_STATE_ON = select(checkin.c.state).where(
    checkin.c.challenge_id == _CHALLENGE,
    checkin.c.member_id == bindparam("member_id"),
    checkin.c.day == bindparam("day"),
)
ENROLMENTS = select(enrolment).where(enrolment.c.challenge_id == _CHALLENGE, enrolment.c.member_id.in_(IDS))


_ENROLLED = (
    select(enrolment, member.c.name, member.c.sort_key)
    .join_from(enrolment, member)
    .order_by(member.c.sort_key, member.c.name, member.c.id)
)


def states_of(session: Session, challenge_id: int, ids: Iterable[int]) -> dict[int, dict[date, State]]:
    """The records of these members, in order of days."""
    found: dict[int, dict[date, State]] = {}
    for row in in_chunks(session, _STATES, ids, challenge_id=challenge_id):
        found.setdefault(row.member_id, {})[row.day] = row.state
    return found


def all_records(session: Session, challenge_id: int, until: date | None = None) -> dict[int, dict[date, State]]:
    """Every member's records of a challenge up to a day, in order of days.

    One row a day and state comes over from the database, not one a record: 120,000 records in a few hundred rows.
    """
    together = type_coerce(func.group_concat(checkin.c.member_id), String).label("members")
    query = select(checkin.c.day, checkin.c.state, together).where(checkin.c.challenge_id == challenge_id)
    if until is not None:
        query = query.where(checkin.c.day <= until)
    found: defaultdict[str, dict[date, State]] = defaultdict(dict)
    for row in session.rows(query.group_by(checkin.c.day, checkin.c.state).order_by(checkin.c.day, checkin.c.state)):
        day, state = row.day, row.state
        for member_id in row.members.split(","):
            found[member_id][day] = state
    return {int(member_id): records for member_id, records in found.items()}


def day_states(session: Session, challenge_id: int, day: date) -> dict[int, State]:
    """Who has which record on a day."""
    rows = session.rows(_DAY_STATES, {"challenge_id": challenge_id, "day": day})
    return {row.member_id: row.state for row in rows}


def state_on(session: Session, challenge_id: int, member_id: int, day: date) -> State | None:
    """A member's record of a day, or None."""
    places = {"challenge_id": challenge_id, "member_id": member_id, "day": day}
    return session.settled(checkin, (challenge_id, member_id, day), lambda: session.scalar(_STATE_ON, places))


def gone(session: Session, group_id: int, day: date) -> frozenset[int]:
    """Who has left the group by this day and was not back on it. Somebody who never was in the group is not gone."""
    left = membership.c.left_on <= day
    here = or_(membership.c.joined_on.is_(None), membership.c.joined_on <= day) & or_(
        membership.c.left_on.is_(None), membership.c.left_on > day
    )
    query = (
        select(membership.c.member_id)
        .where(membership.c.group_id == group_id)
        .group_by(membership.c.member_id)
        .having(func.max(case((left, 1), else_=0)) == 1, func.max(case((here, 1), else_=0)) == 0)
    )
    return frozenset(row.member_id for row in session.rows(query))


def present(session: Session, group_id: int) -> dict[int, date | None]:
    """The members in the group now, with the day they joined."""
    query = select(membership.c.member_id, membership.c.joined_on).where(
        membership.c.group_id == group_id, membership.c.left_on.is_(None)
    )
    return {row.member_id: row.joined_on for row in session.rows(query.order_by(membership.c.member_id))}


def enrolments(session: Session, challenge_id: int) -> Sequence[Row[Any]]:
    """Everybody's enrolment with their name, by name."""
    return session.rows(_ENROLLED.where(enrolment.c.challenge_id == challenge_id))


def enrolled_on(session: Session, challenge_id: int, day: date) -> Sequence[Row[Any]]:
    """The enrolments in force on a day, with the members' names, by name."""
    return session.rows(_ENROLLED.where(*_in_force(challenge_id, day)))


def names_enrolled_on(session: Session, challenge_id: int, day: date) -> list[tuple[Any, ...]]:
    """(member id, name) of the enrolments in force on a day, in the order of `enrolled_on`."""
    wanted = _ENROLLED.with_only_columns(enrolment.c.member_id, member.c.name)
    return driver_rows(session, wanted.where(*_in_force(challenge_id, day)))


def _in_force(challenge_id: int, day: date) -> tuple[ColumnElement[bool], ...]:
    return (
        enrolment.c.challenge_id == challenge_id,
        enrolment.c.from_day <= day,
        or_(enrolment.c.to_day.is_(None), enrolment.c.to_day >= day),
    )


def nicks(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """The group nickname these members have now; those without one are left out."""
    query = select(alias.c.member_id, alias.c.text).where(
        alias.c.kind == "nick", alias.c.valid_to.is_(None), alias.c.member_id.in_(IDS)
    )
    return {row.member_id: row.text for row in in_chunks(session, query.order_by(alias.c.id), ids)}


def week_counts(
    session: Session, challenge_id: int, first: date, last: date, states: Iterable[State]
) -> dict[int, int]:
    """How many records in these states each member has from `first` to `last`."""
    query = select(checkin.c.member_id, func.count().label("records")).where(
        checkin.c.challenge_id == challenge_id, checkin.c.day.between(first, last), checkin.c.state.in_(list(states))
    )
    return {row.member_id: row.records for row in session.rows(query.group_by(checkin.c.member_id))}


def states_between(session: Session, challenge_id: int, first: date, last: date) -> dict[int, dict[date, State]]:
    """Every member's records from `first` to `last`."""
    query = select(checkin.c.member_id, checkin.c.day, checkin.c.state).where(
        checkin.c.challenge_id == challenge_id, checkin.c.day.between(first, last)
    )
    found: dict[int, dict[date, State]] = {}
    for row in session.rows(query.order_by(checkin.c.day)):
        found.setdefault(row.member_id, {})[row.day] = row.state
    return found


def earlier_signers(session: Session, challenge_id: int, day: date, series: str, digest: str) -> set[int]:
    """The members in the snapshot of this 接龙 that was pasted last before this one."""
    same = select(chain.c.id, chain.c.digest).where(
        chain.c.challenge_id == challenge_id, chain.c.day == day, chain.c.series == series
    )
    before: int | None = None
    for row in session.rows(same.order_by(chain.c.id)):
        if row.digest == digest:
            break
        before = row.id
    if before is None:
        return set()
    signers = select(chain_item.c.member_id).where(chain_item.c.chain_id == before, chain_item.c.member_id.is_not(None))
    return {row.member_id for row in session.rows(signers)}


def earlier_items(session: Session, challenge_id: int, day: date, series: str) -> list[list[tuple[str, int | None]]]:
    """The (text, member) lines of each snapshot of this 接龙 that was pasted for the day, the first one first."""
    query = (
        select(chain_item.c.chain_id, chain_item.c.text, chain_item.c.member_id)
        .join(chain, chain.c.id == chain_item.c.chain_id)
        .where(chain.c.challenge_id == challenge_id, chain.c.day == day, chain.c.series == series)
        .order_by(chain_item.c.chain_id, chain_item.c.id)
    )
    found: defaultdict[int, list[tuple[str, int | None]]] = defaultdict(list)
    for row in session.rows(query):
        found[row.chain_id].append((row.text, row.member_id))
    return list(found.values())


def earning_days(
    session: Session, challenge_id: int, wanted: Sequence[tuple[int, date]]
) -> frozenset[tuple[int, date]]:
    """Of these (member, day), those whose record earns points; one told by a spreadsheet does not."""
    if not wanted:
        return frozenset()
    ids, days = {member_id for member_id, _day in wanted}, [day for _member, day in wanted]
    rows = in_chunks(session, _EARNING, ids, challenge_id=challenge_id, days=list(dict.fromkeys(days)))
    return frozenset((row.member_id, row.day) for row in rows) & frozenset(wanted)


def makeups_between(session: Session, challenge_id: int, member_id: int, first: date, last: date) -> int:
    """How many of a member's days from `first` to `last` are made up."""
    query = select(func.count()).where(
        checkin.c.challenge_id == challenge_id,
        checkin.c.member_id == member_id,
        checkin.c.day.between(first, last),
        checkin.c.state == "makeup",
    )
    return int(session.scalar(query))
