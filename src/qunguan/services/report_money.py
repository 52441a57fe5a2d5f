"""What the community earned: the figures of purchases every report begins with, and the money report itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qunguan.domain.clock import Clock
from qunguan.domain.groups import Group
from qunguan.domain.reports import (
    Column,
    Curve,
    Fact,
    Figure,
    Listing,
    Period,
    Report,
    after,
    before,
)
from qunguan.domain.revenue import STREAMS, Revenue, Takings
from qunguan.domain.rosters import Reason
from qunguan.domain.trade import Trade, whose_orders
from qunguan.i18n import N_
from qunguan.services import plans, revenue, trade
from qunguan.services.report_advised import advised
from qunguan.services.report_asked import Asked, rated
from qunguan.services.report_facts import facts
from qunguan.services.report_plan import plan
from qunguan.store import insight_queries as queries
from qunguan.store.session import Session

_MONTHS = 12
_MOVES_MONEY = ("campaign", "campaign_goes_on", "shopping", "incident", "incident_late", "ad")


def of_money(session: Session, clock: Clock, group: Group, period: Period) -> Report:
    """The money report of a month: streams, what they are made of, goals, renewals to come (S0-02, C32)."""
    asked = Asked(session, clock, group, "money", period, before("money", period))
    card = asked.card_figure
    outcomes = (*bought(asked, whole=True), card("ltv_ratio"), card("repeat_rate"), card("aov"))
    leading = (card("conversion"), _attach(asked), asked.members(), asked.came_and_left()[0])
    coming = after("money", period)
    planned = [
        each for each in plan(asked, coming.first, coming.last)[0] if each.kind in ("campaign", "festival", "renewal")
    ]
    told = [each for each in facts(asked) if each.kind in _MOVES_MONEY]
    curve = _by_month(asked)
    return advised(
        asked, outcomes, leading, (*told, *_refunds(asked, outcomes)), tuple(planned), 0,
        curves=(curve,) if curve else (), listings=tuple(_listings(asked)),
    )  # fmt: skip


def takings(asked: Asked) -> tuple[Revenue | None, ...]:
    """What came in, in each of the periods; None before anything did."""
    found: list[Revenue | None] = []
    for first, until in asked.windows:
        told = revenue.revenue(asked.session, asked.clock, until, first=first, last=until, group_id=asked.group.id)
        begun = queries.first_order(asked.session)
        found.append(told if told.total.gross_fen or (begun is not None and begun <= until) else None)
    return tuple(found)


def bought(asked: Asked, *, whole: bool = False) -> tuple[Figure, ...]:
    """Net, payments and buyers of the period; `whole`: what came in and what went back, too."""
    told = takings(asked)

    def each_time(read: Callable[[Takings], int]) -> tuple[int | None, ...]:
        return tuple(read(each.total) if each else None for each in told)

    why = (Reason.of(N_("all streams; what went back is out on its own day")),)
    figures = [asked.pair("net", "fen", each_time(lambda total: total.net_fen), why=why)]
    if whole:
        figures += [
            asked.pair("gross", "fen", each_time(lambda total: total.gross_fen)),
            asked.pair("refunds", "fen", each_time(lambda total: total.refunds_fen), rising=False),
        ]
    return (
        *figures, asked.pair("payments", "count", each_time(lambda total: total.orders)),
        asked.pair("buyers", "count", each_time(lambda total: total.buyers)),
    )  # fmt: skip


def _attach(asked: Asked) -> Figure:
    """Buyers of several kinds of things ÷ buyers (S4-17)."""
    told: list[Trade] = [
        trade.trade(asked.session, asked.clock, until, group_id=asked.group.id, days=(until - first).days + 1)
        for first, until in asked.windows
    ]
    rates = [each.attach.rate for each in told]
    shares = [None if each is None else (each.value, each.n) for each in rates]
    return rated("attach_rate", shares, why=(whose_orders(told[0].group),))


def _by_month(asked: Asked) -> Curve | None:
    """Net of the last months, the one of the report the last."""
    told = revenue.months(asked.session, asked.clock, asked.period.until, count=_MONTHS, group_id=asked.group.id)
    begun = next((place for place, month in enumerate(told) if any(told[month].values())), None)
    if begun is None:
        return None
    months = tuple(told)[begun:]
    return Curve("net", "fen", months, tuple(sum(told[month].values()) for month in months))


def _refunds(asked: Asked, outcomes: tuple[Figure, ...]) -> Iterator[Fact]:
    """That money went back, and more of it than before."""
    back = next(each for each in outcomes if each.code == "refunds")
    if back.value and back.moved > 0:
        text = Reason.of(N_("¥{fen} went back"), fen=f"{back.value / 100:.2f}")
        yield Fact("refund", asked.period.until, text)


def _listings(asked: Asked) -> Iterator[Listing]:
    told = takings(asked)
    now, then = told[0], told[1] if len(told) > 1 else None
    if now is not None:
        names = dict[str, str](STREAMS.items())
        earlier = {each.key: each for each in then.rows} if then else {}
        rows = tuple(
            (Reason.of(names[each.key]), each.gross_fen, each.refunds_fen, each.net_fen,
             earlier[each.key].net_fen if each.key in earlier else None, each.orders, each.buyers)
            for each in now.rows
        )  # fmt: skip
        columns = (
            Column("stream", N_("stream")), Column("gross_fen", N_("paid in"), "fen"),
            Column("refunds_fen", N_("paid back"), "fen"), Column("net_fen", N_("net"), "fen"),
            Column("before_fen", N_("net before"), "fen"), Column("orders", N_("payments"), "count"),
            Column("buyers", N_("who paid"), "count"),
        )  # fmt: skip
        yield Listing("streams", N_("By stream"), columns, rows)
    yield from _channels(asked)
    yield from _plans(asked)
    yield from asked.goal_listing()


def _channels(asked: Asked) -> Iterator[Listing]:
    """What members of each channel cost and left (S0-33)."""
    found = trade.channels(asked.session, asked.period.until, asked.group.id)
    columns = (
        Column("channel", N_("channel")), Column("cost_fen", N_("cost"), "fen"),
        Column("valid", N_("valid members"), "count"), Column("cac_fen", N_("CAC"), "fen"),
        Column("ltv_fen", N_("LTV"), "fen"), Column("ratio", N_("LTV ÷ CAC"), "ratio"),
    )  # fmt: skip
    if found:
        rows = tuple((each.channel, each.cost_fen, each.valid, each.cac_fen, each.ltv_fen, each.ratio)
                     for each in found)  # fmt: skip
        yield Listing("channels", N_("By channel, so far"), columns, rows)


def _plans(asked: Asked) -> Iterator[Listing]:
    """Who holds a paid membership at the end, plan by plan."""
    counts: dict[str, int] = {}
    for each in plans.memberships(asked.session, asked.clock, asked.period.until, group_id=asked.group.id):
        if each.standing.status in ("new", "current"):
            counts[each.plan] = counts.get(each.plan, 0) + 1
    if counts:
        columns = (Column("plan", N_("membership")), Column("holders", N_("who holds it"), "count"))
        yield Listing("plans", N_("Memberships in force"), columns, tuple(sorted(counts.items())))
