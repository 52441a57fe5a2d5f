"""What levels are judged by, read set-based: orders and growth points of a page of members or of everyone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Date, Row, Select, String, and_, bindparam, func, select, type_coerce

from qunguan.domain.levels import Series
from qunguan.store.levels import benefit_use, ladder, ladder_version, level_benefit, level_lock
from qunguan.store.member_queries import IDS, driver_rows, in_chunks, is_present
from qunguan.store.members import member, membership
from qunguan.store.orders import order_refund, shop_order
from qunguan.store.points import point_entry
from qunguan.store.session import Session

Found = dict[int, Series]
Change = tuple[date, int, date]  # day, amount, day of what it belongs to

_DAY = bindparam("day", type_=Date)
_o, _r, _e = shop_order.c, order_refund.c, point_entry.c

_COUNTING = and_(_o.counts, _o.biz_date <= _DAY, _o.member_id.is_not(None))
_ORDERS = {
    freight_out: select(
        _o.member_id, _o.id, _o.biz_date, (_o.amount_fen - _o.freight_fen if freight_out else _o.amount_fen)
    )
    .where(_COUNTING)
    .order_by(_o.member_id, _o.biz_date, _o.id)
    for freight_out in (False, True)
}
_REFUNDS = (
    select(_r.order_id, _r.biz_date, _r.amount_fen)
    .join_from(order_refund, shop_order, _r.order_id == _o.id)
    .where(_COUNTING, _r.biz_date <= _DAY)
    .order_by(_r.order_id, _r.biz_date, _r.id)
)
_ARRIVED = (
    select(membership.c.member_id, func.min(membership.c.joined_on).label("day"))
    .where(membership.c.member_id.in_(IDS))
    .group_by(membership.c.member_id)
    .having(func.count() == func.count(membership.c.joined_on))
)
_EARNED = (
    select(
        _e.biz_date,
        type_coerce(func.group_concat(_e.member_id), String),
        type_coerce(func.group_concat(_e.amount), String),
    )
    .where(_e.kind == "EARN", _e.rule_id != "", _e.biz_date <= _DAY)
    .group_by(_e.biz_date)
    .order_by(_e.biz_date)
)


def _reversed() -> Select[Any]:
    """What was taken off points earned by rule, or given back to them: a reversal may itself be reversed."""
    up = select(_e.id, _e.reverses_id.label("ground")).where(_e.reverses_id.is_not(None)).cte("up", recursive=True)
    higher = point_entry.alias("higher")
    up = up.union_all(
        select(up.c.id, higher.c.reverses_id).where(higher.c.id == up.c.ground, higher.c.reverses_id.is_not(None))
    )
    earned = point_entry.alias("earned")
    return (
        select(_e.member_id, _e.biz_date, _e.sign * _e.amount, earned.c.biz_date)
        .select_from(up)
        .join(point_entry, _e.id == up.c.id)
        .join(earned, earned.c.id == up.c.ground)
        .where(earned.c.kind == "EARN", earned.c.rule_id != "", _e.biz_date <= _DAY)
        .order_by(_e.member_id, _e.biz_date, _e.id)
    )


_REVERSED = _reversed()


def purchases(session: Session, day: date, ids: Sequence[int] | None, *, freight_out: bool) -> tuple[Found, Found]:
    """What each member spent (fen) and how many orders they have, as changes up to a day.

    An order is worth what is left of it, never below 0, and is none when it was given back whole; a refund belongs to
    the day of its order.
    """
    back: dict[int, list[tuple[date, int]]] = {}
    for order_id, when, amount in _read(session, _REFUNDS, day, ids, _o.member_id):
        back.setdefault(order_id, []).append((_as_day(when), amount))
    spend: Found = {}
    orders: Found = {}
    for member_id, rows in groupby(_read(session, _ORDERS[freight_out], day, ids, _o.member_id), itemgetter(0)):
        mine = [(order_id, _as_day(when), amount) for _member, order_id, when, amount in rows]
        if back and any(row[0] in back for row in mine):
            money, counted = _with_refunds(mine, back)
            spend[member_id], orders[member_id] = _series(money), _series(counted)
        else:
            days = [row[1] for row in mine]
            spend[member_id] = Series(days, [row[2] for row in mine])
            orders[member_id] = Series(days, [1] * len(days))
    return spend, orders


def growth(session: Session, day: date, ids: Sequence[int] | None) -> Found:
    """The points each member earned by rule, as changes up to a day: reversals taken off, spends not."""
    taken: dict[int, list[Change]] = {}
    for member_id, when, amount, origin in _read(session, _REVERSED, day, ids, _e.member_id):
        taken.setdefault(member_id, []).append((_as_day(when), amount, _as_day(origin)))
    found: Found = {}
    for member_id, (days, amounts) in _earned(session, day, ids).items():
        found[member_id] = Series(days, amounts)
        if member_id in taken:
            found[member_id] = _series([*zip(days, amounts, days, strict=True), *taken[member_id]])
    return found


def _earned(session: Session, day: date, ids: Sequence[int] | None) -> dict[int, tuple[list[date], list[int]]]:
    """What rules gave each member, day by day.

    One row a day comes over from the database, not one an entry: a million entries in a few hundred rows.
    """
    found: defaultdict[str, tuple[list[date], list[int]]] = defaultdict(lambda: ([], []))
    for told, who, many in _read(session, _EARNED, day, ids, _e.member_id):
        when = _as_day(told)
        for member_id, amount in zip(who.split(","), map(int, many.split(",")), strict=True):
            days, amounts = found[member_id]
            days.append(when)
            amounts.append(amount)
    return {int(member_id): told for member_id, told in found.items()}


def people(session: Session, day: date | None) -> dict[int, str]:
    """Everybody who is there now (None), or was on a day, by id."""
    query = select(member.c.id, member.c.name).where(is_present(None, day)).order_by(member.c.id)
    return {row.id: row.name for row in session.rows(query)}


def arrived(session: Session, ids: Sequence[int]) -> dict[int, date]:
    """Member → the first day they joined any group; those are left out of whom one day of joining is unknown."""
    return {row.member_id: row.day for row in in_chunks(session, _ARRIVED, ids)}


def versions(session: Session, ladder_id: int) -> Sequence[Row[Any]]:
    """The versions of a ladder in the order they were saved."""
    wanted = select(ladder_version).where(ladder_version.c.ladder_id == ladder_id)
    return session.rows(wanted.order_by(ladder_version.c.id))


def ladders(session: Session) -> Sequence[Row[Any]]:
    """Every ladder, the one the screens show first."""
    return session.rows(select(ladder).order_by(ladder.c.current.desc(), ladder.c.id))


def locks(session: Session, ladder_id: int, ids: Sequence[int] | None = None) -> dict[int, list[Row[Any]]]:
    """The locks of these members (None: of everyone), oldest first."""
    wanted = select(level_lock).where(level_lock.c.ladder_id == ladder_id)
    wanted = wanted.order_by(level_lock.c.member_id, level_lock.c.from_day)
    theirs = wanted if ids is None else wanted.where(level_lock.c.member_id.in_(IDS))
    found: dict[int, list[Row[Any]]] = {}
    for row in session.rows(theirs, None if ids is None else {"ids": ids}):
        found.setdefault(row.member_id, []).append(row)
    return found


def benefits(session: Session, ladder_id: int) -> Sequence[Row[Any]]:
    """Every benefit of a ladder, closed ones too, by rank and age."""
    wanted = select(level_benefit).where(level_benefit.c.ladder_id == ladder_id)
    return session.rows(wanted.order_by(level_benefit.c.rank, level_benefit.c.id))


def uses(session: Session, ladder_id: int, member_id: int, day: date) -> Sequence[Row[Any]]:
    """What a member has used of a ladder's benefits up to a day: (name, biz_date, quantity, note), oldest first."""
    wanted = (
        select(level_benefit.c.name, benefit_use.c.biz_date, benefit_use.c.quantity, benefit_use.c.note)
        .join_from(benefit_use, level_benefit)
        .where(
            level_benefit.c.ladder_id == ladder_id, benefit_use.c.member_id == member_id, benefit_use.c.biz_date <= day
        )
    )
    return session.rows(wanted.order_by(benefit_use.c.biz_date, benefit_use.c.id))


@cache
def _as_day(text: str) -> date:
    return date.fromisoformat(text)


def _read(session: Session, query: Select[Any], day: date, ids: Sequence[int] | None, who: Any) -> list[Any]:
    """The rows as the driver gives them: a few hundred thousand days need no Row and no conversion each.

    Members come in the order of their ids, so rows of one member stay together.
    """
    if ids is None:
        return driver_rows(session, query, day=day)
    return driver_rows(session, query.where(who.in_(IDS)), day=day, ids=ids)


def _with_refunds(
    orders: Sequence[tuple[int, date, int]], back: dict[int, list[tuple[date, int]]]
) -> tuple[list[Change], list[Change]]:
    money = [(day, amount, day) for order_id, day, amount in orders if order_id not in back]
    counted = [(day, 1, day) for day, _amount, _day in money]
    for order_id, day, amount in orders:
        if order_id not in back:
            continue
        worth = counts = refunded = 0
        for when, change in [(day, 0), *back[order_id]]:
            refunded += change
            left = max(0, amount - refunded)
            one = int(left > 0 or refunded <= 0)
            money.append((max(when, day), left - worth, day))
            counted.append((max(when, day), one - counts, day))
            worth, counts = left, one
    return money, counted


def _series(changes: list[Change]) -> Series:
    changes.sort(key=itemgetter(0))
    days, amounts, origins = zip(*changes, strict=True) if changes else ((), (), ())
    return Series(days, amounts, origins)
