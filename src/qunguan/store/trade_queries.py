"""What trade figures are counted from: members present, articles of orders, first stays, costs of channels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, Row, bindparam, func, or_, select

from qunguan.store.goals import article, channel_cost
from qunguan.store.member_queries import driver_rows, id_array, is_present
from qunguan.store.members import member, membership
from qunguan.store.orders import order_line, shop_order
from qunguan.store.products import product, product_article
from qunguan.store.session import Session

_DAY, _SINCE = bindparam("day", type_=Date), bindparam("since", type_=Date)
_ITEMS = (
    select(order_line.c.order_id, order_line.c.item)
    .join(shop_order, shop_order.c.id == order_line.c.order_id)
    .where(shop_order.c.counts, shop_order.c.biz_date <= _DAY, shop_order.c.biz_date >= _SINCE)
)


def present(session: Session, group_id: int | None, day: date) -> set[int]:
    """Members of a group on a day, or of any."""
    return set(id_array(session, select(member.c.id).where(is_present(group_id, day))))


def ever(session: Session, group_id: int, day: date) -> set[int]:
    """Whoever is in a group on a day or was before."""
    return set(id_array(session, select(membership.c.member_id).where(
        membership.c.group_id == group_id, or_(membership.c.joined_on.is_(None), membership.c.joined_on <= day)
    )))  # fmt: skip


def items(session: Session, since: date, day: date) -> list[tuple[int, str]]:
    """(order id, article) of every line of the orders of these days."""
    return [(row[0], row[1]) for row in driver_rows(session, _ITEMS, day=day, since=since)]


def categories(session: Session) -> dict[str, str]:
    """Key of an article → its category, of those the owner told: of the article itself, else of the product it is."""
    of_product = (
        select(product_article.c.key, product.c.category)
        .join(product, product.c.id == product_article.c.product_id)
        .where(product.c.category != "")
    )
    told = {row.key: row.category for row in session.rows(of_product)}
    return told | {row.key: row.category for row in session.rows(select(article.c.key, article.c.category))}


def articles(session: Session) -> Sequence[Row[Any]]:
    """Every article whose category was told."""
    return session.rows(select(article).order_by(article.c.category, article.c.item))


def article_row(session: Session, key: str) -> Row[Any] | None:
    """What was told of an article."""
    return session.first(select(article).where(article.c.key == key))


def costs(session: Session, group_id: int | None, day: date) -> Sequence[Row[Any]]:
    """What channels cost from days up to `day`: of a group and of no group in particular, or all."""
    query = select(channel_cost).where(channel_cost.c.from_day <= day)
    if group_id is not None:
        query = query.where((channel_cost.c.group_id == group_id) | channel_cost.c.group_id.is_(None))
    return session.rows(query.order_by(channel_cost.c.channel, channel_cost.c.from_day, channel_cost.c.id))


def channels(session: Session) -> list[str]:
    """How members came, the commonest first."""
    channel = member.c.channel
    query = select(channel).where(channel.is_not(None), channel != "").group_by(channel)
    return [row.channel for row in session.rows(query.order_by(func.count().desc(), channel))]


def first_stays(session: Session, group_id: int | None, first: date, last: date) -> Sequence[Row[Any]]:
    """member_id, channel, joined_on, left_on of everybody whose first stay ever began in these days.

    Of a group those whose first stay ever was there. A first stay that another followed at once is told as it ended.
    """
    begun = (
        select(membership.c.member_id, func.min(membership.c.joined_on).label("day"))
        .where(membership.c.joined_on.is_not(None))
        .group_by(membership.c.member_id)
        .having(func.min(membership.c.joined_on).between(first, last))
        .subquery("begun")
    )
    query = (
        select(membership.c.member_id, member.c.channel, membership.c.joined_on, membership.c.left_on)
        .join(begun, (begun.c.member_id == membership.c.member_id) & (begun.c.day == membership.c.joined_on))
        .join(member, member.c.id == membership.c.member_id)
        .order_by(membership.c.member_id, membership.c.id)
    )
    return session.rows(query if group_id is None else query.where(membership.c.group_id == group_id))
