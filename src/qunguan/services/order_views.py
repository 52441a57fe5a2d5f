"""The order book as it is looked at: sums and rates of a day, what members spent, lists, and one order with its why."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal

from qunguan.domain import orders_rates as rates
from qunguan.domain.clock import Clock
from qunguan.domain.errors import NotFound
from qunguan.domain.money import yuan
from qunguan.domain.orders import (
    NamedRate,
    OrderDetail,
    OrderLine,
    OrderPoints,
    OrderRefund,
    OrderRow,
    OrderSummary,
    Rate,
)
from qunguan.domain.orders_book import base_of
from qunguan.domain.rosters import Reason
from qunguan.domain.rules import preset
from qunguan.domain.text import match_key
from qunguan.i18n import N_
from qunguan.services import groups, order_points, order_scope, points, rules
from qunguan.store import order_queries as queries
from qunguan.store.points_queries import cuts
from qunguan.store.session import Session

Filter = Literal["all", "waiting", "refunded"]

_MATCHED = {
    "id": N_("matched by an ID"),
    "phone": N_("matched by the phone"),
    "alias": N_("matched by a name they had on that day"),
    "hand": N_("told by you"),
    "doubtful": N_("it may be several people's, or a name like a known one: it waits for you"),
    "unknown": N_("nobody is known by this name: it waits for you"),
    "nobody": N_("left out by you"),
}


def summary(session: Session, clock: Clock, as_of: date | None = None) -> OrderSummary:
    """The book at the end of a day (None: today); orders given back whole by then are no orders."""
    day = as_of or clock.today(groups.day_rule(session))
    out = order_scope.freight_out(session)
    days: dict[str, list[date]] = {}
    net = orders = 0
    for row in queries.bought(session, day, freight_out=out, matched=False):
        buyer = f"#{row.member_id}" if row.member_id is not None else f"={row.buyer_key}"
        days.setdefault(buyer, []).append(row.biz_date)
        net, orders = net + row.net_fen, orders + 1
    forms = forms_of(session, days, day)
    ltv = Rate(net / len(days), len(days)) if days else None
    aov = (net * 2 + orders) // (2 * orders) if orders else None
    return OrderSummary(day, orders, len(days), net, aov, forms[0].rate, forms[0].terms, ltv, forms)


def forms_of(session: Session, days: Mapping[str, list[date]], day: date) -> tuple[NamedRate, ...]:
    """The four forms of 3.7 for these purchase days of buyers, the one of the label first."""
    length = int(rules.value(session, "order.repeat_days"))
    merge = bool(rules.value(session, "order.repeat_merge_same_day") == "yes")
    first, last = rates.window(day, length)
    before, before_last = rates.window(first - timedelta(days=1), length)
    merged = Reason.of(N_("same day merged")) if merge else Reason.of(N_("every order counts"))

    def named(form: str, what: str, rate: Rate | None) -> NamedRate:
        return NamedRate(form, rate, Reason.of(what, days=max(length, 1), merged=merged))

    people = rates.by_people(days, first, last, merge=merge)
    orders = rates.by_orders(days, first, last, merge=merge)
    second = rates.second_within(days, length, day, merge=merge)
    return (
        named("people", N_("by people, {days} days, {merged}, without refunds"), people),
        named("orders", N_("by orders, {days} days, {merged}, without refunds"), orders),
        named("again", N_("buyers of the {days} days before who bought again in these {days} days"),
              rates.again(days, before, before_last, last)),
        named("second", N_("second purchase within {days} days of the first, {merged}, without refunds"), second),
    )  # fmt: skip


def order_ids(
    session: Session,
    *,
    which: Filter = "all",
    member_id: int | None = None,
    search: str = "",
    as_of: date | None = None,
) -> array[int]:
    """Ids of the book, newest order first, eight bytes each; `search` looks in buyers, members, numbers and items."""
    text = search.strip()
    return queries.order_ids(
        session, waiting=which == "waiting", refunded=which == "refunded", member_id=member_id, text=text,
        key=match_key(text), until=as_of,
    )  # fmt: skip


def order_rows(session: Session, ids: Sequence[int], as_of: date) -> tuple[OrderRow, ...]:
    """The lines of these orders as of a day, in the order given; ids of no order are left out. A few statements."""
    found = queries.page(session, ids, as_of)
    lines = queries.lines_of(session, found)
    keys = {order_points.key_of(n, row.member_id): n for n, row in found.items() if row.member_id is not None}
    standing = {keys[key]: left for key, (_award, left) in points.standing_of(session, keys).items()}
    out = order_scope.freight_out(session)
    return tuple(_row(found[n], lines.get(n, ()), standing.get(n, 0), out) for n in ids if n in found)


def order_detail(session: Session, order_id: int, as_of: date) -> OrderDetail:
    """One order with everything about it as of a day, and why it counts as it does. Raises NotFound."""
    row = queries.page(session, [order_id], as_of).get(order_id)
    if row is None:
        raise NotFound("there is no order #{order}", hint="see the list of orders", order=order_id)
    (listed,) = order_rows(session, [order_id], as_of)
    lines = queries.lines_of(session, [order_id]).get(order_id, [])
    refunds = tuple(
        OrderRefund(one.id, one.biz_date, one.amount_fen, one.reason)
        for one in queries.refunds_of(session, order_id, as_of)
    )
    earned = _points(session, row)
    return OrderDetail(
        listed, row.phone or "", row.paid_at, row.freight_fen, row.note,
        tuple(OrderLine(line.item, line.sku, line.quantity, line.amount_fen) for line in lines), refunds, earned,
        tuple(_why(session, row, listed, earned)),
    )  # fmt: skip


def _row(row: Any, lines: Sequence[Any], standing: int, freight_out: bool) -> OrderRow:
    gross = row.amount_fen - row.freight_fen if freight_out else row.amount_fen
    items = "、".join(f"{line.item}×{line.quantity}" if line.quantity > 1 else line.item for line in lines)
    return OrderRow(
        row.id, row.shop, row.series, row.number, row.buyer, row.member_id, row.member_name or "", row.matched_by,
        row.biz_date, row.amount_fen, row.refunded_fen, max(0, gross - row.refunded_fen) if row.counts else 0,
        row.status, row.status_text, items, standing,
    )  # fmt: skip


def _points(session: Session, row: Any) -> OrderPoints | None:
    """What the order earned and what of it stands today; None where there is nobody or nothing to earn."""
    if row.member_id is None or not row.counts or row.rate is None:
        return None
    back = queries.by_ids(session, [row.id])[row.id].refunded_fen
    base = base_of(row.earning_fen, back, row.unit_fen, row.rate)
    key = order_points.key_of(row.id, row.member_id)
    found = points.standing_of(session, [key]).get(key)
    percent, awarded, standing = (found[0].multiplier_pct, found[0].amount, found[1]) if found else (100, 0, 0)
    cut = cuts(session, [row.member_id], row.biz_date, row.biz_date).get(key)
    net = max(0, row.earning_fen - back)
    return OrderPoints(net, row.unit_fen, row.rate, percent, base, awarded, standing, cut.cap_id if cut else "")


def _why(session: Session, row: Any, listed: OrderRow, earned: OrderPoints | None) -> Iterable[Reason]:
    yield Reason.of(_MATCHED[row.matched_by])
    if not row.counts:
        yield Reason.of(N_("never paid, or first heard of when it was refunded: it counts for nothing"))
        return
    paid, back, net = yuan(row.amount_fen), yuan(row.refunded_fen), yuan(listed.net_fen)
    yield Reason.of(N_("net: paid {paid}, gone back {back}, left {net}"), paid=paid, back=back, net=net)
    if row.freight_fen and order_scope.freight_out(session):
        yield Reason.of(N_("freight of {yuan} is left out (rule order.freight)"), yuan=yuan(row.freight_fen))
    if earned is not None and earned.rate:
        yield from _why_points(earned)
    elif earned is not None:
        yield Reason.of(N_("no points: it was too old when it came into the book, or points were off then"))


def _why_points(earned: OrderPoints) -> Iterable[Reason]:
    source = preset("order.points_rate").source
    yield Reason.of(
        N_("points: {net} ÷ {unit} × {rate} = {base}, rounded down ({source})"), net=yuan(earned.net_fen),
        unit=yuan(earned.unit_fen), rate=earned.rate, base=earned.base, source=source,
    )  # fmt: skip
    if earned.multiplier_pct != 100:
        yield Reason.of(N_("times {percent} % on that day"), percent=earned.multiplier_pct)
    if earned.cap_id:
        yield Reason.of(
            N_("cut to {awarded} by the rule {cap}"), awarded=earned.awarded, cap=Reason.of(preset(earned.cap_id).label)
        )
    yield Reason.of(N_("awarded {awarded}, standing {standing}"), awarded=earned.awarded, standing=earned.standing)
