"""The ladder: how many members climb from the free hour to one-to-one (S3-27, S3-28, semantics 3.12)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput
from qunguan.domain.funnels import Days, Funnel, Reached, Step, run
from qunguan.domain.orders_rates import window
from qunguan.domain.products import LADDER, Ladder, LadderRow, Rung
from qunguan.services import groups, rules
from qunguan.services.order_scope import orders_of
from qunguan.services.product_book import products
from qunguan.services.product_sales import rung_days
from qunguan.store.session import Session

WINDOW = "product.ladder_window"
SPAN = "product.ladder_days"


def ladder(
    session: Session,
    clock: Clock,
    as_of: date | None = None,
    *,
    first: date | None = None,
    last: date | None = None,
    window_days: int | None = None,
    group_id: int | None = None,
) -> Ladder:
    """How far members climbed whose first rung fell in first..last (None: the days of the rule up to `as_of`).

    The first rung is the lowest of which anything is known; a rung nobody can know of is passed over. A member counts
    once, a rung at or after the one before. Of a group, its products and members count. Raises BadInput for days in
    the wrong order.
    """
    day = as_of or clock.today(groups.day_rule(session, group_id))
    end = min(last or day, day)
    begin = first or window(end, int(rules.value(session, SPAN)))[0]
    if begin > end:
        raise BadInput("{last} is before {first}", first=begin, last=end)
    length = window_days or int(rules.value(session, WINDOW))
    group = orders_of(session, group_id)
    told = {rung: rung_days(session, day, rung, group_id) for rung in LADDER}
    days = {rung: own for rung, own in told.items() if own is not None}
    reached: Mapping[Rung, Reached] = {}
    still = 0
    if days:
        wanted = Funnel("", "", tuple(Step("rung", rung) for rung in days), length)
        result = run(wanted, list(days.values()), begin, end, length, day)
        reached, still = dict(zip(days, result.steps, strict=True)), result.open
    called = _names(session, group_id, day)
    rows = tuple(_row(rung, called[rung], reached.get(rung), days.get(rung), begin, day) for rung in LADDER)
    return Ladder(day, begin, end, length, group.name if group else "", rows, still)


def _row(
    rung: Rung, called: tuple[str, ...], reached: Reached | None, days: Days | None, first: date, last: date
) -> LadderRow:
    if reached is None or days is None:
        return LadderRow(rung, called, None, None, None, None, None)
    everybody = sum(any(first <= each <= last for each in own) for own in days.values())
    return LadderRow(rung, called, reached.n, everybody, reached.rate, reached.cumulative, reached.between_days)


def _names(session: Session, group_id: int | None, day: date) -> dict[Rung, tuple[str, ...]]:
    """The products of each rung; those that are offered first."""
    own = sorted(products(session, group_id), key=lambda each: (not each.offered(day), each.price_fen or 0, each.id))
    return {rung: tuple(each.name for each in own if each.rung == rung) for rung in LADDER}
