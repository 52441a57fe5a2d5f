"""What leaderboards count, one row a member: points earned, check-ins."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true

from qunguan.domain.checkins import PRESENT
from qunguan.store.checkins import challenge, checkin, enrolment
from qunguan.store.member_queries import IDS, id_array, is_present
from qunguan.store.members import member
from qunguan.store.points import point_entry
from qunguan.store.session import Session

_e = point_entry.c


def earned(session: Session, first: date | None, last: date, challenge_id: int | None = None) -> dict[int, int]:
    """Member → the points earned from `first` to `last`, less what was taken back of them by `last`.

    A reversal counts with what it takes back, and may itself be reversed. Of one challenge: its check-ins and streaks.
    """
    inside = [_e.kind == "EARN", _e.biz_date <= last]
    if first is not None:
        inside.append(_e.biz_date >= first)
    if challenge_id is not None:
        inside.append(_e.source_type.in_(("checkin", "streak")) & _e.source_id.startswith(f"{challenge_id}:"))
    total = select(_e.member_id, func.sum(_e.amount).label("points")).where(*inside).group_by(_e.member_id)
    found = {row.member_id: int(row.points) for row in session.rows(total)}
    up = select(_e.id, _e.reverses_id.label("ground")).where(_e.reverses_id.is_not(None)).cte("up", recursive=True)
    higher, back = point_entry.alias("higher"), point_entry.alias("back")
    up = up.union_all(
        select(up.c.id, higher.c.reverses_id).where(higher.c.id == up.c.ground, higher.c.reverses_id.is_not(None))
    )
    taken = (
        select(_e.member_id, func.sum(back.c.sign * back.c.amount).label("points"))
        .select_from(up)
        .join(point_entry, _e.id == up.c.ground)
        .join(back, back.c.id == up.c.id)
        .where(*inside, back.c.biz_date <= last)
        .group_by(_e.member_id)
    )
    for row in session.rows(taken):
        found[row.member_id] += int(row.points)
    return found


def checkins(
    session: Session, first: date | None, last: date, *, group_id: int | None = None, challenge_id: int | None = None
) -> dict[int, int]:
    """Member → their check-ins from `first` to `last`, made-up ones included; of a group's challenges, or of one.

    What lies outside the challenge or the enrolment does not count, as on the challenge's own board. Over all time the
    totals kept beside the enrolments say it, unless some of them know of later days.
    """
    if first is None and (kept := _totals(session, last, group_id, challenge_id)) is not None:
        return kept
    day = checkin.c.day
    query = (
        select(checkin.c.member_id, func.count().label("records"))
        .join(challenge, challenge.c.id == checkin.c.challenge_id)
        .outerjoin(
            enrolment,
            and_(enrolment.c.challenge_id == checkin.c.challenge_id, enrolment.c.member_id == checkin.c.member_id),
        )
        .where(
            checkin.c.state.in_(PRESENT),
            day.between(first or date.min, last),
            day >= challenge.c.starts_on,
            _until(day, challenge.c.ends_on),
            _until(day, challenge.c.closed_on),
            or_(enrolment.c.from_day.is_(None), enrolment.c.from_day <= day),
            _until(day, enrolment.c.to_day),
            challenge.c.group_id == group_id if group_id is not None else true(),
            challenge.c.id == challenge_id if challenge_id is not None else true(),
        )
        .group_by(checkin.c.member_id)
    )
    return {row.member_id: row.records for row in session.rows(query)}


def _totals(session: Session, last: date, group_id: int | None, challenge_id: int | None) -> dict[int, int] | None:
    """Member → their total in all challenges; None when a record is later than the day."""
    ours = (
        challenge.c.group_id == group_id if group_id is not None else true(),
        challenge.c.id == challenge_id if challenge_id is not None else true(),
    )
    inside = select(enrolment.c.member_id).join(challenge, challenge.c.id == enrolment.c.challenge_id).where(*ours)
    if session.first(inside.where(enrolment.c.last_day > last).limit(1)):
        return None
    totals = inside.add_columns(func.sum(enrolment.c.total).label("records")).group_by(enrolment.c.member_id)
    return {row.member_id: int(row.records) for row in session.rows(totals)}


def people(session: Session, group_id: int | None, day: date, ids: Collection[int] | None = None) -> list[int]:
    """Who was there on a day, in the group or in any, by name; only those of `ids` where they are given."""
    query = select(member.c.id).where(is_present(group_id, day)).order_by(member.c.sort_key, member.c.name, member.c.id)
    if ids is not None:
        return [row.id for row in session.rows(query.where(member.c.id.in_(IDS)), {"ids": sorted(ids)})]
    return list(id_array(session, query))


def best_streaks(
    session: Session, challenge_ids: Sequence[int], group_id: int | None, day: date, top: int
) -> dict[int, int]:
    """Member → their longest streak ever in these challenges, as it is kept beside the enrolments, of those who are
    among the first `top` of the members there on `day`: all who share the last of these places too.
    """
    e = enrolment.c
    there = exists().where(member.c.id == e.member_id, is_present(group_id, day))
    leaders: dict[int, int] = {}
    for challenge_id in challenge_ids:
        walk = select(e.member_id, e.best).where(e.challenge_id == challenge_id, e.best > 0, there)
        for row in session.rows(walk.order_by(e.best.desc()).limit(top)):
            leaders[row.member_id] = max(row.best, leaders.get(row.member_id, 0))
    if not leaders:
        return {}
    bar = sorted(leaders.values(), reverse=True)[:top][-1]
    longest = func.max(e.best).label("longest")
    query = select(e.member_id, longest).where(e.challenge_id.in_(IDS), e.best >= bar, there).group_by(e.member_id)
    return {row.member_id: row.longest for row in session.rows(query, {"ids": list(challenge_ids)})}


def _until(day: ColumnElement[date], end: ColumnElement[date]) -> ColumnElement[bool]:
    return or_(end.is_(None), day <= end)
