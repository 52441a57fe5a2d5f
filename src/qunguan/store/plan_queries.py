"""Set-based questions about paid membership: plans whole, terms as of a day, their money by day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, Row, Select, and_, bindparam, case, func, literal, select, union_all

from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.orders import order_refund, shop_order
from qunguan.store.plans import plan, plan_benefit, plan_price, plan_use, subscription, subscription_refund
from qunguan.store.session import Session

_s, _r, _o, _back = subscription.c, subscription_refund.c, shop_order.c, order_refund.c
_DAY = bindparam("day", type_=Date)
_FIRST, _LAST = bindparam("first", type_=Date), bindparam("last", type_=Date)
_MINE = (_back.order_id == _s.order_id, _back.biz_date <= _DAY)
_TERMS = (
    select(
        *(column for column in _s if column is not _s.occurred_at),
        _r.biz_date.label("refunded_on"),
        _r.amount_fen.label("refund_fen"),
        _r.reason,
        _o.amount_fen.label("order_fen"),
        select(func.coalesce(func.sum(_back.amount_fen), 0)).where(*_MINE).scalar_subquery().label("order_back_fen"),
        select(func.max(_back.biz_date)).where(*_MINE).scalar_subquery().label("order_back_on"),
    )
    .outerjoin(subscription_refund, and_(_r.subscription_id == _s.id, _r.biz_date <= _DAY))
    .outerjoin(shop_order, _o.id == _s.order_id)
    .where(_s.biz_date <= _DAY)
    .order_by(_s.starts_on, _s.id)
)
_ANY = select(_s.id).limit(1)
_USES = (
    select(plan_use.c.subscription_id, plan_use.c.benefit_id, func.sum(plan_use.c.times).label("times"))
    .where(plan_use.c.subscription_id.in_(IDS), plan_use.c.biz_date <= _DAY)
    .group_by(plan_use.c.subscription_id, plan_use.c.benefit_id)
)


def plans(session: Session) -> Sequence[Row[Any]]:
    """Every plan, in the order they were made."""
    return session.rows(select(plan).order_by(plan.c.id))


def prices(session: Session) -> Sequence[Row[Any]]:
    """Every price step, by plan and day."""
    return session.rows(select(plan_price).order_by(plan_price.c.plan_id, plan_price.c.from_day, plan_price.c.id))


def benefits(session: Session) -> Sequence[Row[Any]]:
    """Every benefit, by plan: the basic ones first."""
    return session.rows(select(plan_benefit).order_by(plan_benefit.c.plan_id, plan_benefit.c.scarce, plan_benefit.c.id))


def any_sold(session: Session) -> bool:
    """Whether any membership was ever sold."""
    return session.scalar(_ANY) is not None


def terms(
    session: Session, day: date, *, plan_id: int | None = None, member_id: int | None = None, early: bool = False
) -> Sequence[Row[Any]]:
    """The terms sold by the end of a day, with what had gone back of them by then, by their first day; `early`: those
    with an early place only.

    Columns of a term, `refunded_on`, `refund_fen`, `reason`; of its order `order_fen`, `order_back_fen` and
    `order_back_on`.
    """
    query = _TERMS
    if plan_id is not None:
        query = query.where(_s.plan_id == plan_id)
    if member_id is not None:
        query = query.where(_s.member_id == member_id)
    if early:
        query = query.where(_s.early)
    return session.rows(query, {"day": day})


def ending(session: Session, day: date, last_days: Iterable[date]) -> set[int]:
    """The members of whom a term sold by a day ends on one of these days."""
    wanted = (
        select(_s.member_id)
        .distinct()
        .where(_s.plan_id.in_(select(plan.c.id)), _s.ends_on.in_(list(last_days)), _s.biz_date <= day)
    )
    return {row.member_id for row in session.rows(wanted)}


def terms_of(session: Session, day: date, member_ids: Iterable[int]) -> list[Row[Any]]:
    """As `terms`, of these members."""
    return list(in_chunks(session, _TERMS.where(_s.member_id.in_(IDS)), member_ids, day=day))


def by_order(session: Session, order_id: int) -> int | None:
    """The term that was paid by an order."""
    found = session.scalar(select(_s.id).where(_s.order_id == order_id))
    return None if found is None else int(found)


def uses(session: Session, day: date, term_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """(term, benefit) → how often it was used by the end of a day."""
    rows = in_chunks(session, _USES, term_ids, day=day)
    return {(row.subscription_id, row.benefit_id): int(row.times) for row in rows}


def newest_use(session: Session, member_id: int, benefit_id: int) -> Row[Any] | None:
    """The use of a benefit by a member that was noted last."""
    own = select(plan_use).join(subscription, _s.id == plan_use.c.subscription_id).where(_s.member_id == member_id)
    return session.first(own.where(plan_use.c.benefit_id == benefit_id).order_by(plan_use.c.id.desc()).limit(1))


def money(session: Session, first: date, last: date, group_id: int | None) -> Sequence[Row[Any]]:
    """What came in and, negative, went back from a day to a day: day, member_id, group_id, plan, fen.

    A term with an order is the money of that order.
    """
    whose = func.coalesce(_s.group_id, plan.c.group_id).label("group_id")
    columns = _s.member_id, whose, plan.c.name.label("plan")
    refunded = subscription_refund.join(subscription, _s.id == _r.subscription_id).join(plan, plan.c.id == _s.plan_id)
    sold = subscription.join(plan, plan.c.id == _s.plan_id)
    ordered = sold.join(shop_order, _o.id == _s.order_id)
    back = ordered.join(order_refund, _back.order_id == _o.id)
    # money cannot go back before it came in
    back_on = case((_back.biz_date < _o.biz_date, _o.biz_date), else_=_back.biz_date)
    parts: list[Select[Any]] = [
        select(_s.biz_date.label("day"), *columns, _s.paid_fen.label("fen"), literal(0).label("place"), _s.id)
        .select_from(sold)
        .where(_s.order_id.is_(None), _s.paid_fen > 0, _s.biz_date.between(_FIRST, _LAST)),
        select(_r.biz_date, *columns, -_r.amount_fen, literal(1), _r.id)
        .select_from(refunded)
        .where(_s.order_id.is_(None), _r.amount_fen > 0, _r.biz_date.between(_FIRST, _LAST)),
        select(_o.biz_date, *columns, _o.amount_fen, literal(2), _s.id)
        .select_from(ordered)
        .where(_o.counts, _o.biz_date.between(_FIRST, _LAST)),
        select(back_on, *columns, -_back.amount_fen, literal(3), _back.id)
        .select_from(back)
        .where(_o.counts, back_on.between(_FIRST, _LAST)),
    ]
    if group_id is not None:
        parts = [part.where(whose == group_id) for part in parts]
    rows = union_all(*parts).subquery()
    query = select(rows).order_by(rows.c.day, rows.c.place, rows.c.id)
    return session.rows(query, {"first": first, "last": last})
