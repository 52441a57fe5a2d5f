"""The ad book as it is read: bookings of a group with their runs, deals and payments, a statement each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from qunguan.domain.fees import Paid
from qunguan.store import fee_queries, order_queries
from qunguan.store.ads import ad, ad_deal, ad_payment, ad_run
from qunguan.store.content import post
from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.members import membership
from qunguan.store.orders import shop_order
from qunguan.store.session import Session

Rows = tuple[Row[Any], ...]
_a, _r, _d, _p, _o = ad.c, ad_run.c, ad_deal.c, post.c, shop_order.c


def any_booked(session: Session) -> bool:
    """Whether the book holds anything."""
    return session.first(select(_a.id).limit(1)) is not None


def books(session: Session, group_id: int | None, ad_id: int | None = None) -> Sequence[Row[Any]]:
    """The bookings of a group (None: of all), the newest first; only one of them where `ad_id` is given."""
    query = select(ad).order_by(_a.id.desc())
    if group_id is not None:
        query = query.where(_a.group_id == group_id)
    return session.rows(query if ad_id is None else query.where(_a.id == ad_id))


def runs(session: Session, ids: Iterable[int], day: date) -> dict[int, Rows]:
    """Ad → its runs that were known by the end of a day, with their posts, by the days of those."""
    query = (
        select(_r.id, _r.ad_id, _r.post_id, _p.day, _p.at_minute, _p.title, _p.state, _p.posted_at)
        .join(post, _p.id == _r.post_id)
        .where(_r.ad_id.in_(IDS), _r.biz_date <= day)
        .order_by(_p.day, _p.at_minute, _p.id)
    )
    return fee_queries.grouped((row.ad_id, row) for row in in_chunks(session, query, list(ids)))


def reports(session: Session, ids: Iterable[int], day: date) -> dict[int, Rows]:
    """Ad → the deals reported by the end of a day, in the order of their days."""
    query = select(ad_deal).where(_d.ad_id.in_(IDS), _d.biz_date <= day).order_by(_d.biz_date, _d.id)
    return fee_queries.grouped((row.ad_id, row) for row in in_chunks(session, query, list(ids)))


def payments(session: Session, ids: Iterable[int], day: date) -> dict[int, tuple[Paid, ...]]:
    """Ad → what was paid by the end of a day."""
    return fee_queries.of_some(session, ad_payment, ad_payment.c.ad_id, ids, day)


def run_of(session: Session, post_id: int) -> Row[Any] | None:
    """The run a post is."""
    return session.first(select(ad_run).where(_r.post_id == post_id))


def bought(
    session: Session, group_id: int | None, first: date, last: date, day: date, *, freight_out: bool
) -> dict[date, tuple[int, int]]:
    """Day → (orders, fen) of what was bought from a day to a day and counts on `day`: by members who ever were in a
    group, or by everyone (None)."""
    net, counts, _back = order_queries.worth(freight_out)
    query = select(_o.biz_date, func.count().label("n"), func.sum(net).label("fen"))
    query = query.where(counts, _o.biz_date.between(first, last)).group_by(_o.biz_date)
    if group_id is not None:
        query = query.where(_o.member_id.in_(select(membership.c.member_id).where(membership.c.group_id == group_id)))
    return {row.biz_date: (row.n, row.fen) for row in session.rows(query, {"day": day})}
