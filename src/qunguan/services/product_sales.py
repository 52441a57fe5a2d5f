"""What was sold under each product, derived from lines of orders; and what of them is no product yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from qunguan.domain.products import LooseArticle, Rung, Sold, split, weights
from qunguan.domain.text import match_key
from qunguan.services import order_scope
from qunguan.services.order_scope import orders_of
from qunguan.services.product_book import products
from qunguan.store import order_queries, trade_queries
from qunguan.store import product_queries as queries
from qunguan.store.session import Session
from qunguan.values import frozen


@dataclass(slots=True)
class _Sum:
    """What is added up of a product or an article: `days` of each buyer, `newest` the order counted last."""

    pieces: int = 0
    net_fen: int = 0
    orders: int = 0
    newest: int = 0
    days: dict[int | str, set[date]] = field(default_factory=dict)

    def take(self, buyer: int | str, day: date, pieces: int, net_fen: int) -> None:
        """One line, or one who took part."""
        self.pieces, self.net_fen = self.pieces + pieces, self.net_fen + net_fen
        own = self.days.get(buyer)
        if own is None:
            self.days[buyer] = {day}
        else:
            own.add(day)

    def sold(self) -> Sold:
        """The sums as they are told."""
        last = max((max(own) for own in self.days.values()), default=None)
        return Sold(self.pieces, self.net_fen, len(self.days), self.orders, last)

    def members(self) -> dict[int, tuple[date, ...]]:
        """The days of those buyers who are members."""
        return {who: tuple(sorted(own)) for who, own in self.days.items() if isinstance(who, int)}


@frozen
class Sales:
    """Orders of a day, by product: sums, and the days on which each member bought; `loose` articles are no product's,
    those of the most money first.
    """

    sold: Mapping[int, Sold]
    days: Mapping[int, Mapping[int, tuple[date, ...]]]
    loose: tuple[LooseArticle, ...]


def sales(session: Session, day: date, group_id: int | None = None) -> Sales:
    """What was sold up to a day: of everybody, or of a group's members then and before.

    An order's net is divided among its lines as `domain.products.weights` says. Orders given back whole are none.
    Whoever took part in something that has the name of a free product took that product (S3-28).
    """
    group = orders_of(session, group_id)
    of = group.id if group else None
    return session.held(("sales", day, of), lambda: _sales(session, day, of))


def rung_days(session: Session, day: date, rung: Rung, group_id: int | None = None) -> dict[int, list[date]] | None:
    """Member → the days they bought something of a rung up to a day; None where the rung has no product, or nothing
    was ever noted of a free one: nobody can know. Of a group its products and members count.
    """
    found = sales(session, day, group_id)
    ids = [each.id for each in products(session, group_id) if each.rung == rung]
    if not ids or (rung == "free" and not any(each in found.sold for each in ids)):
        return None
    days: dict[int, set[date]] = {}
    for each in ids:
        for who, own in found.days.get(each, {}).items():
            days.setdefault(who, set()).update(own)
    return {who: sorted(own) for who, own in days.items()}


def _sales(session: Session, day: date, group_id: int | None) -> Sales:
    keys = queries.article_keys(session)
    sums: dict[int, _Sum] = {}
    loose: dict[str, tuple[int, str, _Sum]] = {}
    known: dict[str, str] = {}
    people = None if group_id is None else trade_queries.ever(session, group_id, day)
    for order, net, lines in _orders(session, day, people, keys):
        buyer = order.buyer_key if order.member_id is None else order.member_id
        for (_order, line_id, item, pieces, _amount), fen in zip(lines, net, strict=True):
            key = known.get(item) or known.setdefault(item, match_key(item))
            product_id = keys.get(key)
            if product_id is not None:
                one = sums.get(product_id) or sums.setdefault(product_id, _Sum())
            else:
                one = (loose.get(key) or loose.setdefault(key, (line_id, item, _Sum())))[2]
            one.take(buyer, order.biz_date, pieces, fen)
            if one.newest != order.id:
                one.newest = order.id
                one.orders += 1
    _take_free(session, day, keys, sums, people)
    rest = [LooseArticle(line_id, item, one.sold()) for line_id, item, one in loose.values()]
    return Sales(
        {product_id: one.sold() for product_id, one in sums.items()},
        {product_id: one.members() for product_id, one in sums.items()},
        tuple(sorted(rest, key=lambda each: (-each.sold.net_fen, -each.sold.pieces, each.item))),
    )


def _orders(
    session: Session, day: date, people: set[int] | None, keys: Mapping[str, int]
) -> Iterator[tuple[Any, list[int], list[queries.Line]]]:
    """Every order that counts, the net of each of its lines, and the lines."""
    out = order_scope.freight_out(session)
    rows = order_queries.bought(session, day, freight_out=out, ids=people, matched=people is not None)
    worth = {row.id: row for row in rows}
    prices = {each.id: each.price_fen for each in products(session)}
    cost: dict[str, int | None] = {}
    for order_id, told in groupby(queries.lines(session, day), itemgetter(0)):
        order = worth.get(order_id)
        if order is None:
            continue
        lines = list(told)
        net = [order.net_fen]
        if len(lines) > 1:
            for line in lines:
                if line[2] not in cost:
                    cost[line[2]] = prices.get(keys.get(match_key(line[2]), 0))
            net = split(order.net_fen, weights([(line[3], line[4], cost[line[2]]) for line in lines]))
        yield order, net, lines


def _take_free(
    session: Session, day: date, keys: Mapping[str, int], sums: dict[int, _Sum], people: set[int] | None
) -> None:
    free = {each.id for each in products(session) if each.rung == "free"}
    if not free:
        return
    for row in queries.taken_part(session, day):
        product_id = keys.get(match_key(row.note))
        if product_id in free and (people is None or row.member_id in people):
            sums.setdefault(product_id, _Sum()).take(row.member_id, row.biz_date, 1, 0)
