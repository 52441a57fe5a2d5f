"""What buyers bought up to a day, a row a buyer: one GROUP BY over an index that holds all of it.

Few orders are ever refunded, so the refunds are not looked up for each order: buyers of whom something went back are
summed a second time, with it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import compress
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, bindparam, case, func, or_, select

from qunguan.domain.checkins import PRESENT
from qunguan.domain.rfm import Spent
from qunguan.store.activity import chat_import, speech
from qunguan.store.checkins import checkin
from qunguan.store.earning import deed
from qunguan.store.member_queries import IDS, is_present
from qunguan.store.members import member
from qunguan.store.order_queries import WAITING
from qunguan.store.orders import order_refund, shop_order
from qunguan.store.session import Session

_CHUNK = 10_000
_o, _r = shop_order.c, order_refund.c
_DAY: ColumnElement[date] = bindparam("day", type_=Date)
_SINCE: ColumnElement[date] = bindparam("since", type_=Date)
_BACK = (
    select(_r.order_id, func.sum(_r.amount_fen).label("fen"))
    .where(_r.biz_date <= _DAY)
    .group_by(_r.order_id)
    .subquery("back")
)
_TOUCHED = (
    select(_o.member_id)
    .join_from(order_refund, shop_order, _o.id == _r.order_id)
    .where(_r.biz_date <= _DAY, _o.member_id.is_not(None))
)


def spent(
    session: Session,
    day: date,
    *,
    freight_out: bool,
    since: date | None = None,
    group_id: int | None = None,
    ids: Iterable[int] | None = None,
    strangers: bool = False,
) -> Spent:
    """What members bought from `since` (None: ever) up to `day`: those present in a group, these members, or all.

    Orders given back whole by then are none. `strangers` adds buyers who wait to be told, at the end.
    """
    inside: list[ColumnElement[bool]] = [_o.counts, _o.biz_date <= _DAY]
    params: dict[str, Any] = {"day": day}
    if since is not None:
        inside.append(_o.biz_date >= _SINCE)
        params["since"] = since
    of_all, touched = [*inside, _o.member_id.is_not(None)], [*inside, _o.member_id.in_(_TOUCHED)]
    if group_id is not None:
        present = _o.member_id.in_(select(member.c.id).where(is_present(group_id, day)))
        of_all, touched = [*of_all, present], [*touched, present]
    if ids is not None:
        params["ids"] = list(ids)
        of_all, touched = [*of_all, _o.member_id.in_(IDS)], [*touched, _o.member_id.in_(IDS)]
    found = _columns(session, _sums(_gross(freight_out)).where(*of_all), params)
    _correct(session, found, _less(freight_out).where(*touched), params)
    if strangers:
        return _with_strangers(session, found, _by_name(freight_out).where(*inside), params)
    return found


def _gross(freight_out: bool) -> ColumnElement[int]:
    return _o.amount_fen - _o.freight_fen if freight_out else _o.amount_fen


def _sums(fen: ColumnElement[int], by: ColumnElement[Any] = _o.member_id) -> Select[Any]:
    day = _o.biz_date
    return select(by, func.max(day), func.count(), func.count(day.distinct()), func.sum(fen)).group_by(by)


def _less(freight_out: bool, by: ColumnElement[Any] = _o.member_id) -> Select[Any]:
    """The sums without what went back; an order is none when nothing of it is left."""
    gross = _gross(freight_out)
    left = gross - func.coalesce(_BACK.c.fen, 0)
    stands = or_(_BACK.c.fen.is_(None), _BACK.c.fen <= 0, left > 0)
    joined = shop_order.outerjoin(_BACK, _BACK.c.order_id == _o.id)
    return _sums(case((left > 0, left), else_=0), by).select_from(joined).where(stands)


def _by_name(freight_out: bool) -> Select[Any]:
    return _less(freight_out, _o.buyer_key).add_columns(func.min(_o.buyer)).where(
        _o.member_id.is_(None), _o.matched_by.in_(WAITING)
    )  # fmt: skip


def _rows(session: Session, statement: Select[Any], params: dict[str, Any]) -> Iterator[Sequence[Any]]:
    """The rows as the driver gives them, in slices: a million of them are not held at once."""
    result = session.conn.execute(statement, params)
    while chunk := result.cursor.fetchmany(_CHUNK):
        yield chunk
    result.close()


def _columns(session: Session, statement: Select[Any], params: dict[str, Any]) -> Spent:
    found, days = Spent(), _Days()
    for chunk in _rows(session, statement, params):
        ids, last, orders, distinct, fen = zip(*chunk, strict=True)
        found.ids.extend(ids)
        found.last.extend(map(days.__getitem__, last))
        found.orders.extend(orders)
        found.days.extend(distinct)
        found.fen.extend(fen)
    return found


class _Days(dict[str, date]):
    """Days by their text: there are few, and many rows have the same."""

    def __missing__(self, text: str) -> date:
        self[text] = found = date.fromisoformat(text)
        return found


def _correct(session: Session, found: Spent, statement: Select[Any], params: dict[str, Any]) -> None:
    """Put the true sums where something went back; who is left with no order leaves."""
    touched = {row[0] for chunk in _rows(session, _TOUCHED.distinct(), params) for row in chunk}
    if not touched:
        return
    true_sums = {row[0]: row[1:] for chunk in _rows(session, statement, params) for row in chunk}
    days, stays = _Days(), bytearray(b"\1") * len(found.ids)
    for place, member_id in enumerate(found.ids):
        if member_id not in touched:
            continue
        if (sums := true_sums.get(member_id)) is None:
            stays[place] = 0
            continue
        found.last[place] = days[sums[0]]
        found.orders[place], found.days[place], found.fen[place] = sums[1:]
    if not all(stays):
        found.last[:] = compress(found.last, stays)
        for column in (found.ids, found.orders, found.days, found.fen):
            column[:] = array("q", compress(column, stays))


def _with_strangers(session: Session, found: Spent, statement: Select[Any], params: dict[str, Any]) -> Spent:
    names = []
    for chunk in _rows(session, statement, params):
        for key, last, orders, days, fen, name in chunk:
            found.ids.append(0)
            found.last.append(date.fromisoformat(last))
            for column, value in ((found.orders, orders), (found.days, days), (found.fen, fen)):
                column.append(value)
            names.append((key, name))
    return Spent(found.ids, found.last, found.orders, found.days, found.fen, tuple(names))


def buyer_names(session: Session, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Member id → the name their newest order was imported under, and the member's own name."""
    newest = select(_o.member_id, func.max(_o.id).label("id")).where(_o.member_id.in_(IDS)).group_by(_o.member_id)
    last = newest.subquery("newest")
    query: Select[Any] = select(last.c.member_id, _o.buyer, member.c.name).where(
        _o.id == last.c.id, member.c.id == last.c.member_id
    )
    return {row.member_id: (row.buyer, row.name) for row in session.rows(query, {"ids": list(ids)})}


def counted(session: Session, first: date, last: date, ids: Iterable[int] | None) -> dict[str, dict[int, int]]:
    """What is counted (messages, checkins, deeds, shares) → member → how many in these days, of some members or all."""
    sources: dict[str, tuple[Any, Any, ColumnElement[Any], list[ColumnElement[bool]]]] = {
        "messages": (speech.c.member_id, speech.c.day, func.sum(speech.c.messages), []),
        "checkins": (checkin.c.member_id, checkin.c.day, func.count(), [checkin.c.state.in_(PRESENT)]),
        "deeds": (deed.c.member_id, deed.c.biz_date, func.count(), []),
        "shares": (deed.c.member_id, deed.c.biz_date, func.count(), [deed.c.kind == "share"]),
    }
    params = {} if ids is None else {"ids": list(ids)}
    found = {}
    for name, (who, day, number, more) in sources.items():
        inside = (day.between(first, last), who.is_not(None), *more)
        query = select(who.label("who"), number.label("times")).where(*inside).group_by(who)
        rows = session.rows(query if ids is None else query.where(who.in_(IDS)), params)
        found[name] = {row.who: int(row.times) for row in rows}
    return found


def chats_told(session: Session, first: date, last: date) -> bool:
    """Whether any chat export speaks of these days."""
    spans = select(chat_import.c.id).where(
        func.date(chat_import.c.first_at) <= last, func.date(chat_import.c.last_at) >= first
    )
    return session.first(spans.limit(1)) is not None
