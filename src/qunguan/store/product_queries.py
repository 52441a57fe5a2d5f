"""Set-based questions about products: the catalogue and what it goes by, lines of orders, deeds that count as taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, Row, bindparam, select

from qunguan.store.earning import deed
from qunguan.store.member_queries import driver_rows
from qunguan.store.orders import order_line, shop_order
from qunguan.store.products import product, product_article, product_claim, product_part, product_topic
from qunguan.store.session import Session

Line = tuple[int, int, str, int, int | None]
"""Order, line, article, pieces, amount."""

_DAY = bindparam("day", type_=Date)
_LINES = (
    select(order_line.c.order_id, order_line.c.id, order_line.c.item, order_line.c.quantity, order_line.c.amount_fen)
    .join(shop_order, shop_order.c.id == order_line.c.order_id)
    .where(shop_order.c.counts, shop_order.c.biz_date <= _DAY)
    .order_by(order_line.c.order_id, order_line.c.id)
)


def products(session: Session) -> Sequence[Row[Any]]:
    """Every product, as the catalogue stands."""
    return session.rows(select(product).order_by(product.c.id))


def by_key(session: Session, key: str) -> Row[Any] | None:
    """The product of a name."""
    return session.first(select(product).where(product.c.key == key))


def article_keys(session: Session) -> dict[str, int]:
    """Key of an article → the product it is."""
    return {
        row.key: row.product_id for row in session.rows(select(product_article.c.key, product_article.c.product_id))
    }


def article(session: Session, key: str) -> Row[Any] | None:
    """The article of a key."""
    return session.first(select(product_article).where(product_article.c.key == key))


def articles_of(session: Session, product_id: int) -> Sequence[Row[Any]]:
    """The articles a product goes by, in the order they were told."""
    return session.rows(
        select(product_article).where(product_article.c.product_id == product_id).order_by(product_article.c.id)
    )


def parts(session: Session) -> Sequence[Row[Any]]:
    """What every bundle holds."""
    return session.rows(select(product_part).order_by(product_part.c.product_id, product_part.c.id))


def topics(session: Session) -> Sequence[Row[Any]]:
    """Every topic with its product."""
    return session.rows(select(product_topic).order_by(product_topic.c.product_id, product_topic.c.id))


def topic(session: Session, product_id: int, key: str) -> Row[Any] | None:
    """One topic of a product."""
    mine = (product_topic.c.product_id == product_id, product_topic.c.key == key)
    return session.first(select(product_topic).where(*mine))


def claims_of(session: Session, product_id: int, day: date) -> Sequence[Row[Any]]:
    """What was claimed of a product up to a day, newest first."""
    mine = (product_claim.c.product_id == product_id, product_claim.c.biz_date <= day)
    return session.rows(select(product_claim).where(*mine).order_by(product_claim.c.biz_date.desc(),
                                                                   product_claim.c.id.desc()))  # fmt: skip


def lines(session: Session, day: date) -> list[Line]:
    """The lines of counting orders up to a day, an order's together."""
    return driver_rows(session, _LINES, day=day)


def taken_part(session: Session, day: date) -> Sequence[Row[Any]]:
    """(member_id, biz_date, note) of everybody who took part in something up to a day."""
    told = (deed.c.kind == "campaign", deed.c.biz_date <= day, deed.c.note != "")
    return session.rows(select(deed.c.member_id, deed.c.biz_date, deed.c.note).where(*told))
