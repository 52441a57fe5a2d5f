"""Funnels over what members did: the shipped ones and those an owner types (semantics 3.12, S3-24, S3-28, S2-15)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput
from qunguan.domain.funnels import Days, Funnel, FunnelResult, Step, returns, run
from qunguan.domain.orders_rates import window
from qunguan.domain.products import rung_typed
from qunguan.services import earning, groups, order_scope, rules
from qunguan.services.product_sales import rung_days
from qunguan.store import funnel_queries as queries
from qunguan.store import order_queries
from qunguan.store.session import Session

_FEN = 100


def funnel(
    session: Session,
    clock: Clock,
    wanted: Funnel,
    as_of: date | None = None,
    *,
    first: date | None = None,
    last: date | None = None,
    window_days: int | None = None,
    group_id: int | None = None,
) -> FunnelResult:
    """How far members got whose first step fell in first..last (None: the days of the rule up to `as_of`).

    `as_of` None is today. In a group only its members count, their joining and talk there; orders, deeds and
    redemptions belong to no group. Who has no day of joining is a member like any other, but never joined in a step
    that asks when. Raises BadInput for days in the wrong order.
    """
    day = as_of or clock.today(groups.day_rule(session, group_id))
    end = min(last or day, day)
    begin = first or window(end, int(rules.value(session, "funnel.days")))[0]
    if begin > end:
        raise BadInput("{last} is before {first}", first=begin, last=end)
    length = window_days or wanted.window_days or int(rules.value(session, "funnel.window_days"))
    asked = _Asked(session, day, group_id)
    return run(wanted, [asked.days(step) for step in wanted.steps], begin, end, length, day)


class _Asked:
    """Days of steps; what several of them need is read once."""

    def __init__(self, session: Session, day: date, group_id: int | None) -> None:
        self._session, self._day, self._group = session, day, group_id
        self._kept: dict[str, Any] = {}

    def days(self, step: Step) -> Days | None:
        """Who did it and when; None where nobody can know. Undated steps have members without days."""
        found = self._found(step)
        if found is None or self._group is None or step.kind in ("joined", "spoke", "checkin"):
            return found
        if "there" not in self._kept:
            self._kept["there"] = queries.there(self._session, self._group, self._day)
        return queries.only(dict(found), self._kept["there"])  # type: ignore[arg-type]

    def _found(self, step: Step) -> Days | None:
        kind, session, day = step.kind, self._session, self._day
        if kind == "joined":
            return self._joined()
        if kind == "spoke":
            return self._spoke() if queries.chats_known(session, self._group, day) else None
        if kind in ("tag", "field"):
            ids = queries.tagged(session, step.text) if kind == "tag" else queries.filled_in(session, step.text)
            return None if ids is None else dict.fromkeys(ids, ())
        if kind == "rung":
            return rung_days(session, day, rung_typed(step.text), self._group)
        if kind == "checkin":
            return self._rows("checkin", queries.checked_in(self._group, day))
        if kind in ("share", "campaign"):
            return self._rows(step.written, queries.deeds(day, kind, step.text))
        if kind == "redeemed":
            return self._rows(kind, queries.redeemed(day))
        return self._made(step)

    def _made(self, step: Step) -> Days:
        """Steps that are put together of others."""
        if step.kind == "invited":
            return self._invited()
        if step.kind == "spread":
            return _merged(self._invited(), self._rows("share", queries.deeds(self._day, "share")))
        if step.kind in ("engaged", "returned"):
            engaged = _merged(self._spoke(), self._rows("checkin", queries.checked_in(self._group, self._day)),
                              self._rows("deeds", queries.deeds(self._day)))  # fmt: skip
            if step.kind == "engaged":
                return engaged
            silent = max(1, int(rules.value(self._session, "funnel.return_days")))
            return {who: back for who, days in engaged.items() if (back := returns(days, silent))}
        return self._ordered(step)

    def _joined(self) -> Days:
        return self._rows("joined", queries.joined(self._group, self._day))

    def _spoke(self) -> Days:
        return self._rows("spoke", queries.spoke(self._group, self._day))

    def _rows(self, key: str, statement: Any) -> Days:
        if key not in self._kept:
            self._kept[key] = queries.days_by_member(self._session, statement)
        found: Days = self._kept[key]
        return found

    def _invited(self) -> Days:
        if "invited" not in self._kept:
            brought = [
                (each.inviter_id, each.counts_on) for each in earning.referrals(self._session, self._day, self._group)
            ]
            self._kept["invited"] = _gathered(brought)
        found: Days = self._kept["invited"]
        return found

    def _ordered(self, step: Step) -> Days:
        """Days of orders that count: with an article, of a price, or from each buyer's second day on."""
        session = self._session
        if "orders" not in self._kept:
            out = order_scope.freight_out(session)
            self._kept["orders"] = list(order_queries.bought(session, self._day, freight_out=out))
        rows = self._kept["orders"]
        if step.kind == "low":
            most = int(rules.value(session, "funnel.low_yuan")) * _FEN
            rows = [row for row in rows if row.net_fen <= most]
        elif step.kind == "high":
            least = int(rules.value(session, "funnel.high_yuan")) * _FEN
            rows = [row for row in rows if row.net_fen >= least]
        elif step.text:
            ids = queries.order_ids_with(session, step.text)
            rows = [row for row in rows if row.id in ids]
        days = _gathered((row.member_id, row.biz_date) for row in rows)
        return {who: own[1:] for who, own in days.items() if own[1:]} if step.kind == "reorder" else days


def _gathered(pairs: Iterable[tuple[int, date]]) -> dict[int, list[date]]:
    found: dict[int, set[date]] = {}
    for who, day in pairs:
        found.setdefault(who, set()).add(day)
    return {who: sorted(days) for who, days in found.items()}


def _merged(*several: Mapping[int, Any]) -> dict[int, list[date]]:
    return _gathered((who, day) for each in several for who, days in each.items() for day in days)
