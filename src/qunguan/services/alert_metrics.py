"""What alerts look at: each figure by name, as readings of the days of a range (semantics 3.13).

A reading of a day is over the window that ends with it. Days that are not known whole have none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from qunguan.domain.alerts import Reading, Series
from qunguan.domain.insights import DAY
from qunguan.domain.trade import ltv_ratio
from qunguan.services import content_metrics, figures, incident_late, insight_health, points_reading, rules
from qunguan.services.insight_slump import campaign_days
from qunguan.services.insight_window import Frame
from qunguan.services.order_scope import freight_out
from qunguan.store import campaign_queries, feedback_queries
from qunguan.store import insight_queries as queries

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """Readings wanted: of the days `first` to `last`, each over `window` days; `weekly` only those that end a week."""

    found: Frame
    first: date
    last: date
    window: int
    weekly: bool = False

    @property
    def days(self) -> list[date]:
        """The days a reading is wanted of."""
        return [day for day in queries.days_of(self.first, self.last) if not self.weekly or day.weekday() == _WEEK - 1]


Metric = Callable[[Asked], Series]


def _messages(asked: Asked) -> Series:
    told = asked.found.speech_days(asked.first, asked.last)
    known = (day for day in asked.days if asked.found.coverage.holds(day, day))
    return {day: Reading(told.get(day, (0, 0))[0]) for day in known}


def _active(asked: Asked) -> Series:
    shares = insight_health.active_shares(asked.found, asked.first, asked.last)
    return {day: Reading(part / base, base) for day, (part, base) in shares.items()}


def _exits(asked: Asked) -> Series:
    shares = insight_health.exit_shares(asked.found, asked.window, asked.first, asked.last)
    return {day: Reading(part / base, base) for day, (part, base) in shares.items()}


def _exits_after(asked: Asked) -> Series:
    """Exits of the days after a campaign or an ad; 0 on days that follow none (S3-44)."""
    found, span = asked.found, asked.window
    shares = insight_health.exit_shares(found, span, asked.first, asked.last)
    first = asked.first - span * DAY
    events = {*campaign_days(found, first, asked.last), *content_metrics.ad_days(found, first, asked.last)}
    return {
        day: Reading(part / base if any(day - back * DAY in events for back in range(1, span + 1)) else 0.0, base)
        for day, (part, base) in shares.items()
    }


def _top_ten(asked: Asked) -> Series:
    found, back = asked.found, (asked.window - 1) * DAY
    known = [day for day in asked.days if found.coverage.holds(day - back, day)]
    told = figures.of(found.session, found.group_id, f"top {asked.window}", known)
    return {day: Reading(top / whole, whole) for day, (top, whole) in told.items() if whole}


def _members(asked: Asked) -> Series:
    here = queries.members(asked.found.session, asked.found.group_id, asked.first, asked.last)
    return {day: Reading(n) for day, n in here.items()}


def _ltv(asked: Asked) -> Series:
    """Observed LTV ÷ average order: of everybody's orders, over all time (S4-24).

    Of the whole community, as `_repurchase`: what S4-24 judges is the business, and an order is noted for a buyer, not
    for a group. The health card and the reports of a group tell the same of the group's own buyers.
    """
    books = figures.of(asked.found.session, None, f"book {int(freight_out(asked.found.session))}", asked.days)
    ratios = {day: (ltv_ratio(*book), book[1]) for day, book in books.items()}
    return {day: Reading(ratio, buyers) for day, (ratio, buyers) in ratios.items() if ratio is not None}


def _repurchase(asked: Asked) -> Series:
    session = asked.found.session
    merge = rules.value(session, "order.repeat_merge_same_day") == "yes"
    back = asked.found.days("order.repeat_days")
    name = f"repeat {back} {int(freight_out(session))} {int(merge)}"
    rates = figures.of(session, None, name, asked.days)
    return {day: Reading(again / buyers, buyers) for day, (again, buyers) in rates.items() if buyers}


def _expiring(asked: Asked) -> Series:
    """Points of members whose last day lies in the days from a day on: of the last day of the range only, because what
    was left of a lot on a past day is asked of every lot."""
    session, last = asked.found.session, asked.last
    due = points_reading.expiring(session, asked.found.clock, asked.window, last)
    here = queries.there(session, asked.found.group_id, [each.member_id for each in due])
    return {last: Reading(sum(each.amount for each in due if each.member_id in here))}


def _live(asked: Asked) -> Series:
    """Buyers ÷ people who came, of the lives that ended on a day and whose coming was counted (S4-39)."""
    found = campaign_queries.lives(asked.found.session, asked.found.group_id, asked.first, asked.last)
    return {day: Reading(found[day][0] / found[day][1], found[day][1]) for day in asked.days if day in found}


def _complaints(asked: Asked) -> Series:
    """Complaints and bad reviews over the window that ends with a day; drills never count (S4-29)."""
    back = (asked.window - 1) * DAY
    told = feedback_queries.complaints_by_day(asked.found.session, asked.found.group_id, asked.first - back, asked.last)
    return {day: Reading(sum(n for when, n in told.items() if day - back <= when <= day)) for day in asked.days}


METRICS: dict[str, Metric] = {
    "messages": _messages,
    "active": _active,
    "exits": _exits,
    "exits_after": _exits_after,
    "top_ten": _top_ten,
    "members": _members,
    "ltv": _ltv,
    "repurchase": _repurchase,
    "expiring": _expiring,
    "live_conversion": _live,
    "touches": content_metrics.touches,
    "ads": content_metrics.ads,
    "complaints": _complaints,
    "stages_late": incident_late.stages_late,
    "content_open": content_metrics.content_open,
    "coupon_open": content_metrics.coupon_open,
}
"""The figures that can be read. What an alert names beyond them is recorded nowhere yet, so it is unknown."""
