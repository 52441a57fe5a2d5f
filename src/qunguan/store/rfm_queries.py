"""What buyers bought up to a day: from the sums kept of each, or one GROUP BY over an index that holds all of it.

Few orders are ever refunded, so refunds are not looked up for each order but taken off afterwards.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import compress, groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from qunguan.domain.checkins import PRESENT
from qunguan.domain.rfm import Spent
from qunguan.store import buyer_queries, rfm_today
from qunguan.store import rfm_columns as columns
from qunguan.store.activity import chat_import, speech
from qunguan.store.checkins import checkin
from qunguan.store.earning import deed
from qunguan.store.member_queries import IDS, driver_rows, is_present
from qunguan.store.members import member
from qunguan.store.order_queries import WAITING
from qunguan.store.orders import shop_order
from qunguan.store.rfm_columns import BACK, BY_NOW, MUCH, OFTEN, Windows, went_back
from qunguan.store.session import Session

__all__ = ["Windows", "buyer_names", "chats_told", "counted", "spent"]

_o = shop_order.c
_DAYS_OF = select(_o.member_id, _o.id, _o.biz_date).where(*BY_NOW, _o.member_id.in_(IDS))


def spent(
    session: Session,
    day: date,
    windows: Windows,
    *,
    freight_out: bool,
    group_id: int | None = None,
    ids: Iterable[int] | None = None,
    strangers: bool = False,
) -> Spent:
    """What members bought up to `day`: those present in a group, these members, or all who did.

    Orders given back whole by then are none. `strangers` adds buyers who wait to be told, at the end.
    """
    params: dict[str, Any] = {"day": day, "often": windows.often, "much": windows.much}
    if ids is not None:
        params["ids"] = list(ids)

    def chosen(who: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """What limits the people: present in the group on the day, among the ids."""
        present: list[ColumnElement[bool]] = (
            [] if group_id is None else [who.in_(select(member.c.id).where(is_present(group_id, day)))]
        )
        return present if ids is None else [*present, who.in_(IDS)]

    gross = columns.gross(freight_out=freight_out)
    if buyer_queries.tell_of(session, day):
        found = rfm_today.spent(session, windows, gross, chosen, params)
    else:
        inside = (*BY_NOW, _o.member_id.is_not(None), *chosen(_o.member_id))
        found = _columns(session, _sums(gross, windows).where(*inside), params, windows)
        back = select(_o.member_id, _o.id, _o.biz_date, gross, BACK.c.fen).join(BACK, BACK.c.order_id == _o.id)
        _take_off(session, found, driver_rows(session, back.where(*inside), **params), windows, day)
    if strangers:
        _add_strangers(session, found, gross, windows, day)
    return found


def _sums(gross: ColumnElement[int], windows: Windows) -> Select[Any]:
    """Member, last day, orders, days and fen; then purchases and fen of their windows, where these have a bound."""
    day = _o.biz_date
    sums = [_o.member_id, func.max(day), func.count(), func.count(day.distinct()), func.sum(gross)]
    if windows.often is not None:
        inside = case((day >= OFTEN, day))
        sums.append(func.count(inside.distinct()) if windows.merge else func.count(inside))
    if windows.much is not None:
        sums.append(func.sum(case((day >= MUCH, gross), else_=0)))
    return select(*sums).group_by(_o.member_id)


def _columns(session: Session, sums: Select[Any], params: dict[str, Any], windows: Windows) -> Spent:
    texts = columns.texts(session, sums, params)
    if not texts:
        return Spent()
    who, orders, days, fen, *bounded = (columns.numbers(text) for text in (texts[0], *texts[2:]))
    money = bounded.pop() if windows.much is not None else fen[:]
    often = bounded.pop() if windows.often is not None else (days if windows.merge else orders)[:]
    return Spent(who, columns.days(texts[1]), orders, days, fen, often, money)


def _take_off(session: Session, found: Spent, refunded: Sequence[tuple[Any, ...]], windows: Windows, day: date) -> None:
    """Take refunds off: of each refunded order (member, id, day, fen, fen that went back)."""
    touched = {row[0] for row in refunded}
    places = {who: place for place, who in enumerate(found.ids) if who in touched} if touched else {}
    gone: dict[int, set[int]] = {}
    for who, order_id, when, gross, back in refunded:
        whole = went_back(gross, back)
        less = gross if whole else back
        found.fen[places[who]] -= less
        if windows.pays(when):
            found.money[places[who]] -= less
        if whole:
            gone.setdefault(who, set()).add(order_id)
    if gone:
        _count_anew(session, found, places, gone, windows, day)


def _count_anew(
    session: Session,
    found: Spent,
    places: Mapping[int, int],
    gone: Mapping[int, set[int]],
    windows: Windows,
    day: date,
) -> None:
    """Count orders and days of members some of whose orders are gone; who has none left leaves."""
    left: dict[int, list[str]] = {who: [] for who in gone}
    for who, order_id, when in driver_rows(session, _DAYS_OF, day=day, ids=list(gone)):
        if order_id not in gone[who]:
            left[who].append(when)
    for who, days in left.items():
        place = places[who]
        found.orders[place], found.days[place] = len(days), len(set(days))
        found.frequency[place] = windows.purchases(days)
        if days:
            found.last[place] = date.fromisoformat(max(days))
    stays = found.orders[:]
    if 0 in stays:
        found.last[:] = compress(found.last, stays)
        for column in (found.ids, found.days, found.fen, found.frequency, found.money, found.orders):
            column[:] = array("q", compress(column, stays))


def _add_strangers(session: Session, found: Spent, gross: ColumnElement[int], windows: Windows, day: date) -> None:
    waiting = (
        select(_o.buyer_key, _o.buyer, _o.biz_date, gross, func.coalesce(BACK.c.fen, 0))
        .select_from(shop_order.outerjoin(BACK, BACK.c.order_id == _o.id))
        .where(*BY_NOW, _o.member_id.is_(None), _o.matched_by.in_(WAITING))
        .order_by(_o.buyer_key, _o.id)
    )
    for _key, rows in groupby(driver_rows(session, waiting, day=day), key=lambda row: row[0]):
        own = [(name, when, fen - back) for _k, name, when, fen, back in rows if not went_back(fen, back)]
        if not own:
            continue
        days = [when for _name, when, _net in own]
        found.ids.append(0)
        found.last.append(date.fromisoformat(max(days)))
        found.orders.append(len(days))
        found.days.append(len(set(days)))
        found.fen.append(sum(net for _name, _when, net in own))
        found.frequency.append(windows.purchases(days))
        found.money.append(sum(net for _name, when, net in own if windows.pays(when)))
        found.strangers.append(own[0][0])


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
