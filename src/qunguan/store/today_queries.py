"""Set-based questions of the Today screen: who is new, and what happened on one day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, exists, func, or_, select

from qunguan.domain.checkins import PRESENT
from qunguan.store.campaigns import campaign
from qunguan.store.checkins import checkin
from qunguan.store.content import post
from qunguan.store.members import member, membership
from qunguan.store.points import point_entry
from qunguan.store.session import Session
from qunguan.store.tasks import sop, task
from qunguan.values import frozen


@frozen
class DayCounts:
    """Members who came and went on a day, points given and spent on it that were not taken back since."""

    joined: int
    left: int
    granted: int
    spent: int


def newcomers(session: Session, group_id: int, first: date, last: date) -> Sequence[Row[Any]]:
    """(id, name, joined_on) of those present who joined from `first` to `last` and never checked in, newest first."""
    ever = exists().where(checkin.c.member_id == member.c.id, checkin.c.state.in_(PRESENT))
    return session.rows(
        select(member.c.id, member.c.name, membership.c.joined_on)
        .join_from(membership, member, member.c.id == membership.c.member_id)
        .where(
            membership.c.group_id == group_id,
            membership.c.left_on.is_(None),
            membership.c.joined_on.between(first, last),
            ~ever,
        )
        .order_by(membership.c.joined_on.desc(), member.c.sort_key, member.c.id)
    )


def anything_planned(session: Session) -> bool:
    """Whether anybody ever planned anything that could be due: an SOP, a task, a post, a campaign."""
    asked = or_(*(exists(select(table.c.id)) for table in (sop, task, post, campaign)))
    return bool(session.scalar(select(asked)))


def day_counts(session: Session, group_id: int, day: date) -> DayCounts:
    """What happened in the group on a day."""
    stays = select(
        func.count().filter(membership.c.joined_on == day).label("joined"),
        func.count().filter(membership.c.left_on == day).label("left"),
    ).where(membership.c.group_id == group_id, or_(membership.c.joined_on == day, membership.c.left_on == day))
    moved = session.rows(stays)[0]
    entry, back = point_entry.c, point_entry.alias("back").c
    people = select(membership.c.member_id).where(membership.c.group_id == group_id)
    booked = (
        select(entry.id, entry.member_id, entry.kind, (entry.sign * entry.amount).label("points"))
        .where(entry.member_id.in_(people), entry.biz_date == day, entry.kind.in_(("EARN", "SPEND")))
        .cte("booked", recursive=True)
    )  # with what took it back, and what took that back: undo and redo go on and on
    booked = booked.union_all(
        select(back.id, back.member_id, booked.c.kind, back.sign * back.amount).where(
            back.member_id == booked.c.member_id, back.reverses_id == booked.c.id
        )
    )
    sums = select(booked.c.kind, func.sum(booked.c.points).label("points")).group_by(booked.c.kind)
    points = {row.kind: int(row.points) for row in session.rows(sums)}
    return DayCounts(moved.joined, moved.left, points.get("EARN", 0), -points.get("SPEND", 0))
