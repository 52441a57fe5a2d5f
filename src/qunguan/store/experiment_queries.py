"""Experiments as they are read: their rows and arms, who is in which, the newest counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from qunguan.store.experiments import arm_result, assignment, experiment, experiment_arm
from qunguan.store.members import member
from qunguan.store.session import Session

Rows = Sequence[Row[Any]]
_x, _arm, _put, _result = experiment.c, experiment_arm.c, assignment.c, arm_result.c


def all_rows(session: Session, group_id: int | None, one: int | None = None) -> Rows:
    """The experiments of a group (None: of all), newest first; or one of them by id."""
    query = select(experiment).order_by(_x.from_day.desc(), _x.id.desc())
    if group_id is not None:
        query = query.where(_x.group_id == group_id)
    return session.rows(query if one is None else query.where(_x.id == one))


def arms(session: Session, one: int | None = None) -> Rows:
    """The arms of every experiment, or of one, in their order, with how many were put in."""
    people = select(func.count()).where(_put.arm_id == _arm.id).scalar_subquery().label("people")
    query = select(experiment_arm, people).order_by(_arm.experiment_id, _arm.place)
    return session.rows(query if one is None else query.where(_arm.experiment_id == one))


def assigned(session: Session, experiment_id: int) -> Rows:
    """Everybody in an arm: row id, member, name, arm, the day they did it; by name."""
    query = select(assignment, member.c.name).join(member, member.c.id == _put.member_id)
    return session.rows(query.where(_put.experiment_id == experiment_id).order_by(member.c.name, _put.member_id))


def counts(session: Session, experiment_id: int, as_of: date) -> dict[int, Row[Any]]:
    """Arm → its newest count by the end of a day."""
    query = (
        select(arm_result)
        .join(experiment_arm, _arm.id == _result.arm_id)
        .where(_arm.experiment_id == experiment_id, _result.counted_on <= as_of)
        .order_by(_result.counted_on)
    )
    return {row.arm_id: row for row in session.rows(query)}


def told(session: Session, experiment_id: int, as_of: date) -> dict[int, Row[Any]]:
    """Arm → how many of its people did it by the end of a day (`x`, of `n`), and the last day somebody did."""
    done = _put.converted_on <= as_of
    query = (
        select(_put.arm_id, func.count().label("n"), func.count().filter(done).label("x"),
               func.max(_put.converted_on).filter(done).label("counted_on"))
        .where(_put.experiment_id == experiment_id)
        .group_by(_put.arm_id)
    )  # fmt: skip
    return {row.arm_id: row for row in session.rows(query)}
