"""What others look at of content: posts a day, ads, and how many open what (S4-08, S3-31, C26)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from qunguan.domain.alerts import Reading, Series
from qunguan.domain.content_plan import month_of
from qunguan.domain.content_results import is_coupon, rate
from qunguan.domain.insights import DAY
from qunguan.domain.orders import Rate
from qunguan.store import content_queries as queries
from qunguan.store.content_queries import Result
from qunguan.store.session import Session

if TYPE_CHECKING:
    from qunguan.services.alert_metrics import Asked
    from qunguan.services.insight_window import Frame


def touches(asked: Asked) -> Series:
    """Posts that went out on a day; days before the first one are unknown, because nobody kept a calendar."""
    told = _posted(asked, asked.first)
    return {day: Reading(told.get(day, (0, 0))[0]) for day in _known(asked)}


def ads(asked: Asked) -> Series:
    """Ads that went out in the window that ends with a day."""
    back = (asked.window - 1) * DAY
    told = _posted(asked, asked.first - back)
    return {
        day: Reading(sum(n for when, (_all, n) in told.items() if day - back <= when <= day)) for day in _known(asked)
    }


def ad_days(found: Frame, first: date, last: date) -> set[date]:
    """The days on which an ad went out."""
    told = queries.tallies(found.session, found.group_id, first, last)
    return {each.day for each in told if each.state == "posted" and each.ads}


def ads_of(session: Session, group_id: int, day: date) -> int:
    """The ads of a group, planned or posted, in the calendar month of a day (S3-31)."""
    return sum(each.ads for each in queries.tallies(session, group_id, *month_of(day)))


def content_open(asked: Asked) -> Series:
    """Reads of those reached, of what went out on a day; days of which nothing was counted are unknown."""
    return _opened(asked, lambda _one: True)


def coupon_open(asked: Asked) -> Series:
    """The same of coupons alone."""
    return _opened(asked, lambda one: is_coupon(one.kind, one.sub_kind))


def opened(found: Frame, first: date, last: date) -> Rate | None:
    """Reads of those reached, of what went out from a day to a day; None where nothing was counted."""
    told = _sums(found, first, last, lambda _one: True).values()
    return rate(sum(reads for reads, _base in told), sum(base for _reads, base in told)) if told else None


def _known(asked: Asked) -> list[date]:
    begun = queries.first_posted(asked.found.session, asked.found.group_id)
    return [] if begun is None else [day for day in asked.days if day >= begun]


def _posted(asked: Asked, first: date) -> dict[date, tuple[int, int]]:
    """Day → (posts, ads) that went out."""
    found: dict[date, tuple[int, int]] = {}
    for told in queries.tallies(asked.found.session, asked.found.group_id, first, asked.last):
        if told.state == "posted":
            n, paid = found.get(told.day, (0, 0))
            found[told.day] = n + told.n, paid + told.ads
    return found


def _opened(asked: Asked, wanted: Callable[[Result], bool]) -> Series:
    sums, days = _sums(asked.found, asked.first, asked.last, wanted), set(asked.days)
    return {day: Reading(reads / base, base) for day, (reads, base) in sums.items() if day in days}


def _sums(found: Frame, first: date, last: date, wanted: Callable[[Result], bool]) -> dict[date, tuple[int, int]]:
    """Day → (reads, reached) of the posts of the day that have both."""
    sums: dict[date, tuple[int, int]] = {}
    for one in queries.results(found.session, found.group_id, first, last, found.as_of):
        if one.reads is None or not one.audience or not wanted(one):
            continue
        reads, audience = sums.get(one.day, (0, 0))
        sums[one.day] = reads + one.reads, audience + one.audience
    return sums
