"""Trade: conversion, average order, repurchase, attach rate, LTV at equal age, cost of a channel's members.

Sources: S2-17, S0-32, S0-33, S4-17, S4-24, semantics 3.7 and 3.8. What the owner tells (costs, kinds of articles) is
`trade_told`.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.orders import Rate
from qunguan.domain.orders_rates import window
from qunguan.domain.text import match_key
from qunguan.domain.trade import Bought, Channel, ChannelCost, Joiner, Trade, attach, channel_of, ltv, ltv_ratio
from qunguan.services import groups, order_scope, rules
from qunguan.services.order_views import forms_of
from qunguan.services.trade_told import costs
from qunguan.store import order_queries, rfm_queries
from qunguan.store import trade_queries as queries
from qunguan.store.session import Session


def trade(
    session: Session, clock: Clock, as_of: date | None = None, *, group_id: int | None = None, days: int | None = None
) -> Trade:
    """The figures of a day (None: today), of a group's members then or of all buyers, over `days` (None: the rule's).

    Buyers who wait to be told count in the whole book, and convert nobody.
    """
    day = as_of or clock.today(groups.day_rule(session, group_id))
    first = window(day, days or int(rules.value(session, "trade.window_days")))[0]
    members = queries.present(session, group_id, day)
    group = order_scope.orders_of(session, group_id)
    bought = bought_by(session, day, queries.ever(session, group.id, day) if group else None)
    inside = [each for each in bought if each.day >= first]
    buyers = {each.buyer for each in inside}
    net = sum(each.net_fen for each in inside)
    all_buyers, all_net = {each.buyer for each in bought}, sum(each.net_fen for each in bought)
    overall, cohorts = ltv(bought, day)
    ratio = ltv_ratio(len(bought), len(all_buyers), all_net)
    return Trade(
        as_of=day, first=first, group=group.name if group else "", members=len(members),
        buyers=len(buyers), orders=len(inside), net_fen=net,
        aov_fen=(net * 2 + len(inside)) // (2 * len(inside)) if inside else None,
        conversion=Rate(len(buyers & members) / len(members), len(members)) if members else None,
        repeat=forms_of(session, _purchase_days(bought), day),
        attach=attach(_baskets(session, inside, first, day)),
        ltv_fen=Rate(all_net / len(all_buyers), len(all_buyers)) if all_buyers else None,
        ltv_aov=None if ratio is None else Rate(ratio, len(all_buyers)),
        ltv_aov_bar=int(rules.value(session, "alert.ltv_ratio")), overall=overall, cohorts=cohorts,
        channels=channels(session, day, group_id),
    )  # fmt: skip


def bought_by(session: Session, day: date, ids: set[int] | None) -> list[Bought]:
    """The orders that count, of these members or of everybody (None); a buyer is a member's id, or the name of one who
    is nobody's.
    """
    rows = order_queries.bought(
        session, day, freight_out=order_scope.freight_out(session), ids=ids, matched=ids is not None
    )
    return [
        Bought(row.id, row.buyer_key if row.member_id is None else row.member_id, row.biz_date, row.net_fen)
        for row in rows
    ]


def _purchase_days(bought: Sequence[Bought]) -> dict[str, list[date]]:
    found: dict[str, list[date]] = {}
    for each in bought:
        found.setdefault(f"{type(each.buyer).__name__}{each.buyer}", []).append(each.day)
    return found


def _baskets(session: Session, bought: Sequence[Bought], first: date, day: date) -> dict[Hashable, set[str]]:
    """Buyer → the kinds of things they bought: the article's category where it was told, else the article."""
    buyers = {each.id: each.buyer for each in bought}
    told = queries.categories(session)
    kinds: dict[str, str] = {}
    found: dict[Hashable, set[str]] = {}
    for order_id, item in queries.items(session, first, day):
        buyer = buyers.get(order_id)
        if buyer is None:
            continue
        if item not in kinds:
            kinds[item] = told.get(match_key(item), item)
        found.setdefault(buyer, set()).add(kinds[item])
    return found


def channels(session: Session, day: date, group_id: int | None = None) -> tuple[Channel, ...]:
    """Every channel with a cost by then, those of lowest CAC first; costs that run on count up to the day.

    A member counts for the channel of their card. LTV is of those the cost brought, whether they bought or not: what
    they left for orders and memberships (semantics 3.8).
    """
    told = costs(session, day, group_id)
    if not told:
        return ()
    first, days = min(each.from_day for each in told), int(rules.value(session, "trade.valid_days"))
    joiners: dict[str, list[Joiner]] = {}
    seen: set[int] = set()
    for row in queries.first_stays(session, group_id, first, day):
        if row.member_id in seen:
            continue
        seen.add(row.member_id)
        gone = row.left_on if row.left_on is not None and row.left_on <= day else None
        own = joiners.setdefault(match_key(row.channel or ""), [])
        own.append(Joiner(row.member_id, row.channel or "", row.joined_on, gone))
    sums = rfm_queries.spent(
        session, day, rfm_queries.Windows(), freight_out=order_scope.freight_out(session), ids=seen
    )
    spent = dict(zip(sums.ids, sums.fen, strict=True))
    from qunguan.store import revenue_queries  # for CAC alone

    for _term, member_id, _day, net in revenue_queries.terms(session, day):
        spent[member_id] = spent.get(member_id, 0) + net
    by_channel: dict[str, list[ChannelCost]] = {}
    for each in told:
        by_channel.setdefault(match_key(each.channel), []).append(each)
    found = [channel_of(own[0].channel, own, joiners.get(key, ()), spent, day, days) for key, own in by_channel.items()]
    return tuple(sorted(found, key=lambda each: (each.cac_fen is None, each.cac_fen or 0, each.channel)))
