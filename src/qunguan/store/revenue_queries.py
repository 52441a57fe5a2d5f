"""Money that came in and went back, set-based: one statement over orders, memberships, ads and brokering.

Orders of members are added up in the order of the index that holds all of it, a column for each window of days: a year
by months is one pass. Refunds are cut where more went back than counts as money of the order (freight may not), so that
the days of an order add up to what it is worth in the book; money cannot go back before it came in. A term of
membership that was paid by an order is that order's money, and its refunds the order's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from qunguan.store.session import Session

KINDS: Final = 8
"""A payment is known by `id * KINDS + kind`."""
_ORDER, _ORDER_BACK, _TERM, _TERM_BACK, _AD, _DEAL = range(6)
Windows = Sequence[tuple[date, date]]
"""First and last days, both included, the earliest first, none overlapping."""

_WORTH = "(o.amount_fen - iif(:freight_out, o.freight_fen, 0))"
_DAYS = "BETWEEN :first AND :last"
_NO_TERM = "o.id NOT IN (SELECT order_id FROM subscription WHERE order_id IS NOT NULL)"
_ORDERS = f"shop_order AS o WHERE o.counts = 1 AND +o.biz_date {_DAYS} AND {_NO_TERM}"
# Kind, id, stream, member, name of a payer who is no member, own group, day, what came in, what went back.
_ONE_BY_ONE = f"""
    SELECT {_ORDER} AS kind, o.id AS id, 'orders' AS stream, o.member_id AS member_id,
        iif(o.member_id IS NULL, o.buyer_key, NULL) AS name, NULL AS group_id, o.biz_date AS day, {_WORTH} AS gross,
        0 AS back
    FROM shop_order AS o WHERE o.counts = 1 AND o.biz_date {_DAYS} AND {_NO_TERM}
"""
_BESIDE = f"""
    SELECT {_ORDER_BACK} AS kind, r.id AS id, iif(s.id IS NULL, 'orders', 'memberships') AS stream,
        o.member_id AS member_id, iif(o.member_id IS NULL, o.buyer_key, NULL) AS name,
        coalesce(s.group_id, p.group_id) AS group_id, max(r.biz_date, o.biz_date) AS day, 0 AS gross,
        min(r.so_far, iif(s.id IS NULL, {_WORTH}, o.amount_fen))
            - min(r.so_far - r.amount_fen, iif(s.id IS NULL, {_WORTH}, o.amount_fen)) AS back
    FROM (
        SELECT *, sum(amount_fen) OVER (PARTITION BY order_id ORDER BY biz_date, id) AS so_far
        FROM order_refund WHERE biz_date <= :last
    ) AS r JOIN shop_order AS o ON o.id = r.order_id
        LEFT JOIN subscription AS s ON s.order_id = o.id LEFT JOIN plan AS p ON p.id = s.plan_id
    WHERE o.counts = 1 AND max(r.biz_date, o.biz_date) {_DAYS}
    UNION ALL
    SELECT {_TERM}, s.id, 'memberships', s.member_id, NULL, coalesce(s.group_id, p.group_id),
        coalesce(o.biz_date, s.biz_date), iif(o.id IS NULL, s.paid_fen, o.amount_fen), 0
    FROM subscription AS s JOIN plan AS p ON p.id = s.plan_id LEFT JOIN shop_order AS o ON o.id = s.order_id
    WHERE coalesce(o.counts, 1) AND coalesce(o.biz_date, s.biz_date) {_DAYS}
    UNION ALL
    SELECT {_TERM_BACK}, r.id, 'memberships', s.member_id, NULL, coalesce(s.group_id, p.group_id), r.biz_date, 0,
        r.amount_fen
    FROM subscription_refund AS r JOIN subscription AS s ON s.id = r.subscription_id JOIN plan AS p ON p.id = s.plan_id
    WHERE s.order_id IS NULL AND r.biz_date {_DAYS}
    UNION ALL
    SELECT {_AD}, r.id, 'ads', NULL, 'ad ' || a.brand, a.group_id, r.biz_date, max(r.amount_fen, 0),
        max(-r.amount_fen, 0)
    FROM ad_payment AS r JOIN ad AS a ON a.id = r.ad_id WHERE r.biz_date {_DAYS}
    UNION ALL
    SELECT {_DEAL}, r.id, 'deals', NULL, 'deal ' || d.id, d.group_id, r.biz_date, max(r.amount_fen, 0),
        max(-r.amount_fen, 0)
    FROM deal_payment AS r JOIN deal AS d ON d.id = r.deal_id WHERE r.biz_date {_DAYS}
"""
# Its own group, else the one the member joined first (undated stays are older than any), else the only one. Whichever
# days are asked about: a month that is closed has one sum for a group.
_JOINED = """
    SELECT m.group_id FROM membership AS m WHERE m.member_id = e.member_id
    ORDER BY m.joined_on IS NOT NULL, m.joined_on, m.id LIMIT 1
"""
_GROUP = f"coalesce(e.group_id, ({_JOINED}), :alone)"
_CHANNEL = """
    CASE WHEN e.stream IN ('ads', 'deals') THEN '(' || e.stream || ')' WHEN e.member_id IS NULL THEN '(unknown)' ELSE
        coalesce((SELECT nullif(m.channel, '') FROM member AS m WHERE m.id = e.member_id), '(none)') END
"""
_KEYS: Final = {
    "stream": "e.stream", "month": "substr(e.day, 1, 7)", "group": f"coalesce({_GROUP}, '(none)')", "channel": _CHANNEL,
    "": "NULL",
}  # fmt: skip
_PAID = """
    WITH e AS (
        SELECT 'orders' AS stream, o.member_id AS member_id, NULL AS name, NULL AS group_id, {orders}
        FROM {all_orders} AND o.member_id IS NOT NULL GROUP BY o.member_id
        UNION ALL
        SELECT 'orders', NULL, o.buyer_key, NULL, {orders}
        FROM {all_orders} AND o.member_id IS NULL GROUP BY o.buyer_key
        UNION ALL
        SELECT stream, member_id, name, group_id, {beside} FROM ({all_beside}) GROUP BY 1, 2, 3, 4
    ), keyed AS MATERIALIZED (
        SELECT {key} AS key, coalesce(e.member_id, e.name) AS buyer, {columns} FROM e WHERE 1 {only}
    )
"""
_BESIDE_BY_MONTH = """
    SELECT substr(e.day, 1, 7), e.stream, sum(e.gross - e.back) FROM ({all_beside}) AS e WHERE 1 {only} GROUP BY 1, 2
"""
_BUYERS_OF = (
    f"AND o.member_id IN (SELECT e.id FROM (SELECT id, id AS member_id FROM member) AS e WHERE ({_JOINED}) = :group_id)"
)
_LIST = """
    WITH e AS (SELECT * FROM ({all}) WHERE gross <> 0 OR back <> 0)
    SELECT e.kind, e.id, e.stream, e.member_id, e.day, e.gross - e.back FROM e
    WHERE {key} IN (SELECT value FROM json_each(:keys)) {only} ORDER BY e.day DESC, e.kind DESC, e.id DESC
"""
# What the entries of a page are about: id, payer as the book names them ("" where the member says it), what for.
_ITEMS = """
    coalesce((SELECT group_concat(item, '、') FROM (
        SELECT item FROM order_line WHERE order_id = o.id ORDER BY id LIMIT 3)), '#' || o.number)
"""
_ABOUT: Final = {
    _ORDER: f"SELECT o.id, o.buyer, {_ITEMS} FROM shop_order AS o WHERE o.id IN",
    _ORDER_BACK: f"""
        SELECT r.id, o.buyer, {_ITEMS} FROM order_refund AS r JOIN shop_order AS o ON o.id = r.order_id
        WHERE r.id IN""",
    _TERM: "SELECT s.id, '', p.name FROM subscription AS s JOIN plan AS p ON p.id = s.plan_id WHERE s.id IN",
    _TERM_BACK: """
        SELECT r.id, '', p.name FROM subscription_refund AS r JOIN subscription AS s ON s.id = r.subscription_id
        JOIN plan AS p ON p.id = s.plan_id WHERE r.id IN""",
    _AD: "SELECT r.id, a.brand, r.note FROM ad_payment AS r JOIN ad AS a ON a.id = r.ad_id WHERE r.id IN",
    _DEAL: "SELECT r.id, d.title, r.note FROM deal_payment AS r JOIN deal AS d ON d.id = r.deal_id WHERE r.id IN",
}
_LISTED = "(SELECT value FROM json_each(:ids))"
_TERMS = """
    SELECT s.id, s.member_id, s.biz_date, s.paid_fen - coalesce(r.amount_fen, 0)
    FROM subscription AS s
        LEFT JOIN subscription_refund AS r ON r.subscription_id = s.id AND r.biz_date <= :day
    WHERE s.order_id IS NULL AND s.biz_date <= :day AND s.paid_fen > coalesce(r.amount_fen, 0)
"""
_BOUGHT = (
    f"SELECT o.member_id, o.id, o.biz_date, {_WORTH} FROM shop_order AS o WHERE o.counts = 1 AND +o.biz_date <= :day"
)
_OF_MEMBERS = f"{_BOUGHT} AND o.member_id IS NOT NULL ORDER BY o.member_id"
_OF_STRANGERS = f"{_BOUGHT} AND o.member_id IS NULL ORDER BY o.buyer_key".replace("o.member_id,", "o.buyer_key,", 1)
_BACK = "SELECT order_id, sum(amount_fen) FROM order_refund WHERE biz_date <= :day GROUP BY order_id"
_DATES = (
    "SELECT min(biz_date) FROM shop_order WHERE counts = 1 AND biz_date IS NOT NULL",
    *(f"SELECT min(biz_date) FROM {table}" for table in ("subscription", "ad_payment", "deal_payment")),
)


def sums(session: Session, by: str, windows: Windows, params: dict[str, Any]) -> list[Sequence[Any]]:
    """Rows (key, buyers, then for each window: came in, went back, payments, buyers); the last is of everything.

    `by`: stream, group (key: its id), channel, or "" for everything alone. `buyers` paid in any of the windows.
    `params`: freight_out, alone (id of the only group, or None), group_id (or None for all).
    """
    numbers = range(len(windows))
    inside, bound = _bound(windows)
    paid = _PAID.format(
        orders=", ".join(f"{_of_orders(days)} AS g{i}, 0 AS r{i}, {_bought(days)} AS n{i}"
                         for i, days in enumerate(inside)),
        beside=", ".join(f"{_of('gross', days)}, {_of('back', days)}, {_came(days)}" for days in inside),
        all_orders=_ORDERS, all_beside=_BESIDE, key=_KEYS[by], only=_only(params),
        columns=", ".join(f"g{i}, r{i}, n{i}" for i in numbers),
    )  # fmt: skip
    told = ", ".join(
        f"coalesce(sum(g{i}), 0), coalesce(sum(r{i}), 0), coalesce(sum(n{i}), 0), {_payers(f'n{i}')}" for i in numbers
    )
    everybody = _payers(" + ".join(f"n{i}" for i in numbers))
    rows = f"SELECT key, {everybody}, {told} FROM keyed GROUP BY key UNION ALL" if by else ""
    return [tuple(row) for row in _run(session, f"{paid} {rows} SELECT NULL, {everybody}, {told} FROM keyed",
                                       params | bound)]  # fmt: skip


def by_month(session: Session, windows: Windows, params: dict[str, Any]) -> list[tuple[str, str, int]]:
    """(month as 2026-03, stream, what moves its net), several of a month and stream; each window lies in one month."""
    days, bound = _bound(windows)
    inside = ", ".join(f"sum({_WORTH}) FILTER (WHERE o.biz_date {each})" for each in days)
    buyers = "" if params["group_id"] is None else _BUYERS_OF
    orders = _run(session, f"SELECT {inside} FROM {_ORDERS} {buyers}", params | bound).one()
    beside = _run(session, _BESIDE_BY_MONTH.format(all_beside=_BESIDE, only=_only(params)), params | bound)
    return [
        *((first.isoformat()[:7], "orders", net) for (first, _last), net in zip(windows, orders, strict=True)
          if net is not None),
        *((month, stream, net) for month, stream, net in beside),
    ]  # fmt: skip


def _bound(windows: Windows) -> tuple[list[str], dict[str, date]]:
    """What each window asks of a day, and what that binds, with the first day of all and the last."""
    bound = {"first": windows[0][0], "last": windows[-1][1]}
    for place, (first, last) in enumerate(windows):
        bound |= {f"a{place}": first, f"b{place}": last}
    return [f"BETWEEN :a{place} AND :b{place}" for place in range(len(windows))], bound


def _of_orders(days: str) -> str:
    return f"coalesce(sum({_WORTH}) FILTER (WHERE o.biz_date {days}), 0)"


def _bought(days: str) -> str:
    return f"count(*) FILTER (WHERE o.biz_date {days} AND {_WORTH} > 0)"


def _of(column: str, days: str) -> str:
    return f"coalesce(sum({column}) FILTER (WHERE day {days}), 0)"


def _came(days: str) -> str:
    return f"count(*) FILTER (WHERE day {days} AND gross > 0)"


def _payers(payments: str) -> str:
    return f"count(DISTINCT iif({payments} > 0, buyer, NULL))"


def entries(session: Session, by: str, keys: Sequence[str | int], params: dict[str, Any]) -> list[Sequence[Any]]:
    """(kind, id, stream, member, day as ISO, fen, below 0 what went back) behind rows, the newest first.

    `by` may be month, too; `params`, beside those of `sums`: first and last, dates.
    """
    statement = _LIST.format(all=f"{_ONE_BY_ONE} UNION ALL {_BESIDE}", key=_KEYS[by], only=_only(params))
    return [tuple(row) for row in _run(session, statement, params | {"keys": json.dumps(keys)})]


def bought(session: Session, day: date, *, freight_out: bool) -> Iterator[tuple[int | str, list[tuple[str, int]]]]:
    """Every buyer with the orders that count on a day, as (day in ISO, net fen): members by id, then who is nobody's
    member, by name. Orders given back whole by then are none.
    """
    params = {"day": day, "freight_out": freight_out}
    gone = {row[0]: row[1] for row in _run(session, _BACK, {"day": day})}
    for statement in (_OF_MEMBERS, _OF_STRANGERS):
        for who, rows in groupby(_run(session, statement, params).cursor, key=itemgetter(0)):
            own = []
            for _who, number, when, fen in rows:
                back = gone.get(number, 0)
                if not 0 < back >= fen:
                    own.append((when, fen - back))
            if own:
                yield who, own


def terms(session: Session, day: date) -> list[tuple[int, int, date, int]]:
    """(id, member, day, net fen) of the memberships sold up to a day without an order, of which something is left."""
    return [(row[0], row[1], date.fromisoformat(row[2]), row[3]) for row in _run(session, _TERMS, {"day": day})]


def about(session: Session, kind: int, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Id → (payer as the book names them, "" where the member says it; what it was for)."""
    return {row[0]: (row[1], row[2]) for row in _run(session, f"{_ABOUT[kind]} {_LISTED}", {"ids": json.dumps(ids)})}


def names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Id → name of members."""
    wanted = f"SELECT id, name FROM member WHERE id IN {_LISTED}"
    return {row[0]: row[1] for row in _run(session, wanted, {"ids": json.dumps(sorted(ids))})}


def begun(session: Session) -> date | None:
    """The first day on which any money came in."""
    found = [day for statement in _DATES if (day := _run(session, statement, {}).scalar()) is not None]
    return date.fromisoformat(min(found)) if found else None


def _only(params: dict[str, Any]) -> str:
    return "" if params["group_id"] is None else f"AND {_GROUP} = :group_id"


def _run(session: Session, statement: str, params: dict[str, Any]) -> Any:
    bound = {name: value.isoformat() if isinstance(value, date) else value for name, value in params.items()}
    return session.conn.exec_driver_sql(statement, bound)
