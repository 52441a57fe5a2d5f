"""What the points screen draws: ids in order, a page of balances, sums, the lots of one member."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Row, Select, bindparam, case, func, or_, select

from qunguan.store.member_queries import IDS, id_array, is_somebody
from qunguan.store.members import member
from qunguan.store.points import point_alloc, point_entry
from qunguan.store.session import Session, batched

_e, _a = point_entry.c, point_alloc.c
_CHUNK = 5_000
_DAY: ColumnElement[date] = bindparam("day", type_=Date)
_UNTIL: ColumnElement[date] = bindparam("until", type_=Date)
_WHO: ColumnElement[int] = bindparam("member", type_=Integer)

_TAKEN = select(func.coalesce(func.sum(_a.amount), 0)).where(_a.lot_id == _e.id, _a.biz_date <= _DAY).scalar_subquery()
_LEFT = _e.amount - _TAKEN
_IS_LOT = (_e.sign == 1) & or_(_e.kind != "REVERSE", _e.expires_on.is_not(None))


def _mine(total: ColumnElement[Any], *where: ColumnElement[bool]) -> ColumnElement[int]:
    """A sum over the entries of the member of the row."""
    return func.coalesce(select(func.sum(total)).where(_e.member_id == member.c.id, *where).scalar_subquery(), 0)


# One statement for a page: each sum is answered from an index on (member, day) or (member, last day).
_PAGE = select(
    member.c.id,
    member.c.name,
    (_mine(_e.sign * _e.amount, _e.biz_date <= _DAY) - _mine(_LEFT, _e.expires_on < _DAY, _e.biz_date <= _DAY)).label(
        "balance"
    ),
    _mine(_LEFT, _e.expires_on.between(_DAY, _UNTIL), _e.biz_date <= _DAY).label("expiring"),
    select(func.max(_e.biz_date))
    .where(_e.member_id == member.c.id, _e.biz_date <= _DAY)
    .scalar_subquery()
    .label("last_day"),
).where(member.c.id.in_(IDS))


def _all_balances() -> Any:
    """member_id and points of everyone with entries, in two passes over indexes."""
    signed = (
        select(_e.member_id, func.sum(_e.sign * _e.amount).label("points"))
        .where(_e.biz_date <= _DAY)
        .group_by(_e.member_id)
        .subquery()
    )
    due = (
        select(_e.member_id, func.sum(_LEFT).label("points"))
        .where(_e.expires_on < _DAY, _e.biz_date <= _DAY)
        .group_by(_e.member_id)
        .subquery()
    )
    points = (signed.c.points - func.coalesce(due.c.points, 0)).label("points")
    return (
        select(signed.c.member_id, points).outerjoin_from(signed, due, due.c.member_id == signed.c.member_id).subquery()
    )


def _by_balance() -> Select[Any]:
    held = _all_balances()
    points = func.coalesce(held.c.points, 0)
    joined = select(member.c.id).outerjoin(held, held.c.member_id == member.c.id)
    joined = joined.where(or_(points != 0, is_somebody()))
    return joined.order_by(points.desc(), member.c.sort_key, member.c.id)


def _sums() -> Select[Any]:
    held = _all_balances()
    return select(
        func.coalesce(func.sum(case((held.c.points > 0, held.c.points), else_=0)), 0).label("points"),
        func.count(case((held.c.points > 0, 1))).label("holders"),
        func.coalesce(-func.sum(case((held.c.points < 0, held.c.points), else_=0)), 0).label("debt"),
    )


def _expiring() -> Select[Any]:
    left = _LEFT.label("left")
    soon = select(_e.member_id, left).where(
        _e.expires_on.between(_DAY, _UNTIL), _e.expires_on.is_not(None), _e.biz_date <= _DAY, left > 0
    )
    lots = soon.subquery()
    return select(
        func.coalesce(func.sum(lots.c.left), 0).label("points"),
        func.count(lots.c.member_id.distinct()).label("members"),
    )


_BY_BALANCE = _by_balance()
_SUMS = _sums()
_EXPIRING = _expiring()
_LOTS = (
    select(point_entry, _LEFT.label("left"))
    .where(_e.member_id == _WHO, _IS_LOT, _e.biz_date <= _DAY)
    .order_by(_e.expires_on.is_(None), _e.expires_on, _e.occurred_at, _e.id)
)


def _uses() -> Select[Any]:
    lot, user = point_entry.alias("lot"), point_entry.alias("user")
    return (
        select(_a.lot_id, _a.entry_id, _a.amount, _a.biz_date, user.c.kind, user.c.reason)
        .join_from(lot, point_alloc, _a.lot_id == lot.c.id)
        .join(user, user.c.id == _a.entry_id)
        .where(lot.c.member_id == _WHO, _a.biz_date <= _DAY)
        .order_by(_a.id)
    )


_USES = _uses()


def ids_by_balance(session: Session, day: date) -> array[int]:
    """Every member's id, most points on `day` first; of rows that are nobody's any more, those with points."""
    return id_array(session, _BY_BALANCE.params(day=day))


def page(session: Session, ids: Sequence[int], day: date, until: date) -> dict[int, Row[Any]]:
    """id → (id, name, balance, expiring, last_day) of these members, on `day`."""
    found: dict[int, Row[Any]] = {}
    for chunk in batched(ids, _CHUNK):
        rows = session.rows(_PAGE, {"ids": list(chunk), "day": day, "until": until})
        found.update((row.id, row) for row in rows)
    return found


def sums(session: Session, day: date) -> Row[Any]:
    """(points, holders, debt) of everyone on `day`."""
    return session.rows(_SUMS, {"day": day})[0]


def expiring_sums(session: Session, day: date, until: date) -> Row[Any]:
    """(points, members): what has its last day in day..until."""
    return session.rows(_EXPIRING, {"day": day, "until": until})[0]


def lots(session: Session, member_id: int, day: date) -> Sequence[Row[Any]]:
    """A member's lots through `day` in spending order, with what was `left` in each; expired ones included."""
    return session.rows(_LOTS, {"member": member_id, "day": day})


def lot_uses(session: Session, member_id: int, day: date) -> Sequence[Row[Any]]:
    """(lot_id, entry_id, amount, biz_date, kind, reason): everything taken from a member's lots through `day`."""
    return session.rows(_USES, {"member": member_id, "day": day})
