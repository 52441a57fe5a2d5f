"""What buyers bought so far, from the sums kept of each (store/buyers.py); only windows read orders, those in them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from qunguan.domain.rfm import Spent
from qunguan.store import rfm_columns as columns
from qunguan.store.buyers import buyer
from qunguan.store.member_queries import IDS, driver_rows
from qunguan.store.orders import shop_order
from qunguan.store.rfm_columns import BACK, BY_NOW, MUCH, OFTEN, Windows, went_back
from qunguan.store.session import Session

_o, _b = shop_order.c, buyer.c
_KEPT = select(_b.id, _b.last_on, _b.orders, _b.days, _b.net_fen).order_by(_b.id)
_DAYS_OF = select(_o.member_id, _o.id, _o.biz_date).where(*BY_NOW, _o.biz_date >= OFTEN, _o.member_id.in_(IDS))
_LOST = select(_o.member_id, _o.id, _o.biz_date).join(BACK, BACK.c.order_id == _o.id)
_SINCE = bindparam("since", type_=_o.biz_date.type)
Chosen = Callable[[ColumnElement[Any]], list[ColumnElement[bool]]]
Params = dict[str, Any]
_Refunded = Sequence[tuple[Any, ...]]  # member, order, its day, fen, fen that went back


def spent(session: Session, windows: Windows, gross: ColumnElement[int], chosen: Chosen, params: Params) -> Spent:
    """What the chosen members bought; `chosen` says of a column of member ids whose rows are asked for."""
    found = columns.texts(session, _KEPT.where(*chosen(_b.id)), params)
    if not found:
        return Spent()
    ids, orders, days, fen = (columns.numbers(text) for text in (found[0], *found[2:]))
    often, money = (days if windows.merge else orders)[:], fen[:]
    if bounds := [bound for bound in (windows.often, windows.much) if bound is not None]:
        inside = (*BY_NOW, _o.member_id.is_not(None), *chosen(_o.member_id))
        lost = _LOST.add_columns(gross, BACK.c.fen).where(*inside, _o.biz_date >= _SINCE)
        refunded = driver_rows(session, lost, **params, since=min(bounds))
        if windows.often is not None:
            number = func.count(_o.biz_date.distinct()) if windows.merge else func.count()
            bought = _by_member(session, select(_o.member_id, number).where(*inside, _o.biz_date >= OFTEN), params)
            bought |= _bought_anew(session, refunded, windows, params)
            often = array("q", map(bought.get, ids, repeat(0)))
        if windows.much is not None:
            paid = _by_member(
                session, select(_o.member_id, func.sum(gross)).where(*inside, _o.biz_date >= MUCH), params
            )
            _take_off(paid, refunded, windows)
            money = array("q", map(paid.get, ids, repeat(0)))
    return Spent(ids, columns.days(found[1]), orders, days, fen, often, money)


def _by_member(session: Session, query: Select[Any], params: Params) -> dict[int, int]:
    found = columns.texts(session, query.group_by(_o.member_id), params)
    return dict(zip(*map(columns.numbers, found), strict=True)) if found else {}


def _bought_anew(session: Session, refunded: _Refunded, windows: Windows, params: Params) -> dict[int, int]:
    """Purchases in the window of members some of whose orders went back whole."""
    gone = {order_id: who for who, order_id, _when, worth, back in refunded if went_back(worth, back)}
    left: dict[int, list[str]] = {who: [] for who in gone.values()}
    if left:
        for who, order_id, when in driver_rows(session, _DAYS_OF, **params | {"ids": list(left)}):
            if order_id not in gone:
                left[who].append(when)
    return {who: windows.purchases(days) for who, days in left.items()}


def _take_off(paid: dict[int, int], refunded: _Refunded, windows: Windows) -> None:
    """Take refunds off what was paid in the window."""
    for who, _order_id, when, worth, back in refunded:
        if windows.pays(when):
            paid[who] -= worth if went_back(worth, back) else back
