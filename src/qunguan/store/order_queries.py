"""Set-based questions about orders: what the book has of a sheet, who waits, what was spent on which day."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, Select, String, and_, bindparam, case, exists, func, or_, select

from qunguan.store.member_queries import IDS, id_array, in_chunks
from qunguan.store.members import alias, member, member_merge
from qunguan.store.orders import order_line, order_refund, shop_order
from qunguan.store.points import point_entry
from qunguan.store.session import Session

WAITING = ("doubtful", "unknown")
POINTS_RULE, POINTS_SOURCE = "order.points", "order"

_o, _r = shop_order.c, order_refund.c
_DAY: ColumnElement[date] = bindparam("day", type_=Date)
_REFUNDED_EVER = select(func.coalesce(func.sum(_r.amount_fen), 0)).where(_r.order_id == _o.id).scalar_subquery()
_REFUNDED = (
    select(func.coalesce(func.sum(_r.amount_fen), 0)).where(_r.order_id == _o.id, _r.biz_date <= _DAY).scalar_subquery()
)

_WHOLE = select(shop_order, _REFUNDED_EVER.label("refunded_fen"))
_BY_NUMBER = _WHOLE.where(_o.shop == bindparam("shop", type_=String), _o.number.in_(IDS)).order_by(_o.id)
_BY_ID = _WHOLE.where(_o.id.in_(IDS)).order_by(_o.id)
_LINES = select(order_line).where(order_line.c.order_id.in_(IDS)).order_by(order_line.c.id)
_REMEMBERED = (
    select(_o.shop, _o.buyer_key, _o.phone, _o.member_id, _o.matched_by)
    .where(_o.matched_by.in_(("hand", "nobody")), _o.shop != "hand", _o.buyer_key.in_(IDS))
    .order_by(_o.id)
)
_NAMED = (
    select(alias.c.member_id, alias.c.kind, alias.c.key, alias.c.valid_from, alias.c.valid_to)
    .where(alias.c.key.in_(IDS))
    .order_by(alias.c.member_id, alias.c.id)
)


def by_number(session: Session, wanted: Iterable[tuple[str, str]]) -> Iterator[Row[Any]]:
    """The orders of these (shop, number), of whatever series, with `refunded_fen`, all that went back so far."""
    numbers: dict[str, set[str]] = {}
    for shop, number in wanted:
        numbers.setdefault(shop, set()).add(number)
    for shop, those in numbers.items():
        yield from in_chunks(session, _BY_NUMBER, sorted(those), shop=shop)


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, Row[Any]]:
    """id → the order, with `refunded_fen`."""
    return {row.id: row for row in in_chunks(session, _BY_ID, ids)}


def lines_of(session: Session, ids: Iterable[int]) -> dict[int, list[Row[Any]]]:
    """Order id → its lines, in their order."""
    found: dict[int, list[Row[Any]]] = {}
    for row in in_chunks(session, _LINES, ids):
        found.setdefault(row.order_id, []).append(row)
    return found


def refunds_of(session: Session, order_id: int, day: date) -> Sequence[Row[Any]]:
    """What went back of an order up to a day, in order."""
    mine = select(order_refund).where(_r.order_id == order_id, _r.biz_date <= day)
    return session.rows(mine.order_by(_r.biz_date, _r.id))


def remembered(session: Session, keys: Iterable[str]) -> Iterator[Row[Any]]:
    """The orders whose buyer the owner told by hand, oldest first."""
    return in_chunks(session, _REMEMBERED, keys)


def named(session: Session, keys: Iterable[str]) -> Iterator[Row[Any]]:
    """Every alias with one of these keys, with its dates."""
    return in_chunks(session, _NAMED, keys)


def of_buyer(session: Session, key: str, phone: str | None, *, waiting: bool) -> list[int]:
    """Ids of a buyer's orders: those that wait, or all; with one phone ("" none), or with any (None)."""
    wanted = select(_o.id).where(_o.buyer_key == key)
    if waiting:
        wanted = wanted.where(_o.matched_by.in_(WAITING))
    if phone is not None:
        wanted = wanted.where(func.coalesce(_o.phone, "") == phone)
    return [row.id for row in session.rows(wanted.order_by(_o.id))]


def waiting_orders(session: Session, day: date) -> Sequence[Row[Any]]:
    """Every order that waits for its buyer, newest first, with `refunded_fen` up to the day."""
    wanted = select(shop_order, _REFUNDED.label("refunded_fen")).where(_o.matched_by.in_(WAITING))
    return session.rows(wanted.order_by(_o.id.desc()), {"day": day})


def next_number(session: Session) -> str:
    """The number of the next order entered by hand."""
    newest = session.scalar(select(func.max(_o.id)))
    return str(int(newest or 0) + 1)


def _net(freight_out: bool) -> ColumnElement[int]:
    """What an order is worth on the day, never below 0."""
    gross = _o.amount_fen - _o.freight_fen if freight_out else _o.amount_fen
    left = gross - _REFUNDED
    return case((left > 0, left), else_=0)


def _bought(freight_out: bool) -> Select[Any]:
    """The orders that count on the day: those given back whole do not."""
    net = _net(freight_out)
    return select(
        _o.id, _o.member_id, _o.buyer_key, _o.biz_date, net.label("net_fen"), _REFUNDED.label("refunded_fen")
    ).where(_o.counts, _o.biz_date <= _DAY, or_(net > 0, _REFUNDED <= 0))


def worth(freight_out: bool) -> tuple[ColumnElement[int], ColumnElement[bool], ColumnElement[date]]:
    """What an order is worth on :day, whether it counts then, and the last day something of it went back."""
    net = _net(freight_out)
    counts = and_(_o.counts, _o.biz_date <= _DAY, or_(net > 0, _REFUNDED <= 0))
    back = select(func.max(_r.biz_date)).where(_r.order_id == _o.id, _r.biz_date <= _DAY).scalar_subquery()
    return net, counts, back


def bought(
    session: Session, day: date, *, freight_out: bool, ids: Iterable[int] | None = None, matched: bool = True
) -> Iterator[Row[Any]]:
    """The orders that count on `day`, oldest first: of these members, of all members, or (`matched` False) of everyone.

    Columns: id, member_id, buyer_key, biz_date, net_fen, refunded_fen.
    """
    wanted = _bought(freight_out).order_by(_o.biz_date, _o.id)
    if ids is not None:
        return in_chunks(session, wanted.where(_o.member_id.in_(IDS)), ids, day=day)
    return iter(session.rows(wanted.where(_o.member_id.is_not(None)) if matched else wanted, {"day": day}))


_MONEY = (
    select(_o.id, _o.member_id, _o.amount_fen, _o.freight_fen, _o.biz_date, _r.amount_fen.label("back_fen"),
           _r.biz_date.label("back_on"))
    .select_from(shop_order.outerjoin(order_refund, and_(_r.order_id == _o.id, _r.biz_date <= _DAY)))
    .where(_o.counts, _o.biz_date <= _DAY, _o.member_id.is_not(None))
    .order_by(_o.member_id, _o.biz_date, _o.id, _r.biz_date, _r.id)
)  # fmt: skip


def money_rows(session: Session, day: date, ids: Iterable[int] | None = None) -> Iterator[Row[Any]]:
    """Every counting order of these members (None: all) up to a day, once for each refund of it (or once)."""
    if ids is not None:
        return in_chunks(session, _MONEY.where(_o.member_id.in_(IDS)), ids, day=day)
    return iter(session.rows(_MONEY, {"day": day}))


def order_ids(
    session: Session,
    *,
    waiting: bool = False,
    refunded: bool = False,
    member_id: int | None = None,
    text: str = "",
    key: str = "",
    until: date | None = None,
) -> array[int]:
    """Ids of the orders, newest first. `text` is looked for in number and items, `key` in buyers and names."""
    wanted = select(_o.id).order_by(func.coalesce(_o.biz_date, func.date(_o.created_at)).desc(), _o.id.desc())
    if waiting:
        wanted = wanted.where(_o.matched_by.in_(WAITING))
    if refunded:
        back = exists().where(_r.order_id == _o.id)
        wanted = wanted.where(or_(back, _o.status.in_(("refunded", "cancelled"))))
    if member_id is not None:
        wanted = wanted.where(_o.member_id == member_id)
    if until is not None:
        wanted = wanted.where(or_(_o.biz_date <= until, _o.biz_date.is_(None)))
    if text:
        item = select(order_line.c.order_id).where(
            or_(order_line.c.item.contains(text, autoescape=True), order_line.c.sku.contains(text, autoescape=True))
        )
        hits = [_o.number.contains(text, autoescape=True), _o.id.in_(item)]
        if key:
            names = select(alias.c.member_id).where(alias.c.key.contains(key, autoescape=True))
            hits += [_o.buyer_key.contains(key, autoescape=True), _o.member_id.in_(names)]
        wanted = wanted.where(or_(*hits))
    return id_array(session, wanted)


_PAGE = (
    select(shop_order, member.c.name.label("member_name"), _REFUNDED.label("refunded_fen"))
    .select_from(shop_order.outerjoin(member, member.c.id == _o.member_id))
    .where(_o.id.in_(IDS))
)


def page(session: Session, ids: Iterable[int], day: date) -> dict[int, Row[Any]]:
    """id → the order with its member's name and what went back up to the day."""
    return {row.id: row for row in in_chunks(session, _PAGE, ids, day=day)}


def over_refunded(session: Session) -> Sequence[Row[Any]]:
    """(id, amount_fen, refunded_fen) of orders whose refunds are more than their amount, or less than nothing."""
    back = func.sum(_r.amount_fen)
    return session.rows(
        select(_o.id, _o.amount_fen, back.label("refunded_fen"))
        .join_from(shop_order, order_refund, _r.order_id == _o.id)
        .group_by(_o.id, _o.amount_fen, _o.counts)
        .having(or_(back < 0, back > _o.amount_fen, _o.counts == 0))
    )


def earning_orders(session: Session) -> Mapping[int, Row[Any]]:
    """id → every order that earns: member_id, earning_fen, refunded_fen, unit_fen, rate."""
    wanted = select(_o.id, _o.member_id, _o.earning_fen, _o.unit_fen, _o.rate, _REFUNDED_EVER.label("refunded_fen"))
    return {row.id: row for row in session.rows(wanted.where(_o.counts, _o.rate > 0))}


_e = point_entry.c
_AWARDED = select(_e.id, _e.member_id, _e.source_id, _e.amount, _e.multiplier_pct, _e.expires_on).where(
    _e.kind == "EARN", _e.rule_id == POINTS_RULE, _e.source_type == POINTS_SOURCE,
    _e.member_id.not_in(select(member_merge.c.gone_id)),
)  # fmt: skip


def awarded(session: Session) -> Sequence[Row[Any]]:
    """Every award for an order; who was found to be another member holds none any more."""
    return session.rows(_AWARDED)
