"""Set-based questions of the care list: who did something in the last days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, or_, select

from qunguan.store.badges import badge_award
from qunguan.store.checkins import enrolment
from qunguan.store.earning import deed
from qunguan.store.orders import order_refund, shop_order
from qunguan.store.session import Session


def counted_since(session: Session, since: date) -> Sequence[Row[Any]]:
    """(member_id, challenge_id, run, best, total) of every enrolment with a record on or after a day."""
    e = enrolment.c
    return session.rows(
        select(e.member_id, e.challenge_id, e.run, e.best, e.total).where(e.last_day >= since, e.total > 0)
    )


def totals(session: Session) -> dict[int, int]:
    """Member → their check-ins of all challenges."""
    found: dict[int, int] = {}
    for row in session.rows(select(enrolment.c.member_id, enrolment.c.total).where(enrolment.c.total > 0)):
        found[row.member_id] = found.get(row.member_id, 0) + row.total
    return found


def moved_since(session: Session, since: date, until: date) -> set[int]:
    """Members with an order, money back, a deed or a badge by hand in these days."""
    o, r, d, b = shop_order.c, order_refund.c, deed.c, badge_award.c
    back = select(r.order_id).where(r.biz_date.between(since, until))
    asked = (
        select(o.member_id).where(
            o.counts, o.member_id.is_not(None), or_(o.biz_date.between(since, until), o.id.in_(back))
        ),
        select(d.member_id).where(d.biz_date.between(since, until)),
        select(b.member_id).where(b.from_day.between(since, until)),
    )
    return {row.member_id for query in asked for row in session.rows(query)}
