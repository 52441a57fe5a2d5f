"""The catalogue as it is looked at: what was sold of each, one product whole, what orders hold that is none."""

from __future__ import annotations

from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.products import RUNGS, LooseArticle, Product, ProductPage, ProductRow, Sold
from qunguan.services import groups
from qunguan.services.product_book import get, parts_of, products
from qunguan.services.product_claims import claims
from qunguan.services.product_sales import Sales, sales
from qunguan.store import product_queries as queries
from qunguan.store.session import Session

_PLACE = {rung: place for place, rung in enumerate(RUNGS)}


def catalogue(
    session: Session, clock: Clock, as_of: date | None = None, *, group_id: int | None = None, retired: bool = False
) -> tuple[ProductRow, ...]:
    """The products of a day (None: today) with what was sold of them, rung by rung, the cheapest first; retired ones
    at the end, if wanted.
    """
    day = _day(session, clock, as_of, group_id)
    book, inside = sales(session, day, group_id), _in_bundles(session)
    rows = [
        _row(each, book, inside) for each in products(session, group_id) if retired or each.offered(day)
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: _order(row.product, day)))


def page(
    session: Session, clock: Clock, product_id: int, as_of: date | None = None, *, group_id: int | None = None
) -> ProductPage:
    """All that is known of one product on a day. Raises NotFound."""
    day = _day(session, clock, as_of, group_id)
    one = get(session, product_id)
    rows, known = queries.parts(session), {each.id: each.name for each in products(session)}
    row = _row(one, sales(session, day, group_id), _in_bundles(session))
    return ProductPage(
        row,
        tuple(each.item for each in queries.articles_of(session, product_id)),
        parts_of(session, product_id),
        tuple(known[each.product_id] for each in rows if each.part_id == product_id),
        tuple(each.topic for each in queries.topics(session) if each.product_id == product_id),
        claims(session, product_id, day, group_id),
    )


def loose(
    session: Session, clock: Clock, as_of: date | None = None, *, group_id: int | None = None
) -> tuple[LooseArticle, ...]:
    """The articles of orders that are no product yet, those of the most money first."""
    return sales(session, _day(session, clock, as_of, group_id), group_id).loose


def _day(session: Session, clock: Clock, as_of: date | None, group_id: int | None) -> date:
    return as_of or clock.today(groups.day_rule(session, group_id))


def _row(one: Product, book: Sales, inside: dict[int, list[tuple[int, int]]]) -> ProductRow:
    bundled = sum(book.sold[bundle].pieces * n for bundle, n in inside.get(one.id, ()) if bundle in book.sold)
    return ProductRow(one, book.sold.get(one.id, Sold()), bundled)


def _in_bundles(session: Session) -> dict[int, list[tuple[int, int]]]:
    """Part → the bundles it is in, with how many."""
    found: dict[int, list[tuple[int, int]]] = {}
    for row in queries.parts(session):
        found.setdefault(row.part_id, []).append((row.product_id, row.quantity))
    return found


def _order(one: Product, day: date) -> tuple[bool, int, int, int]:
    return (not one.offered(day), _PLACE[one.rung], one.price_fen or 0, one.id)
