"""The calendar as it is read: a week with its empty places, a month of counts, the mix on a day (semantics 3.14)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from qunguan.domain.alerts import PromoLock
from qunguan.domain.clock import Clock
from qunguan.domain.content_mix import KINDS, Kind, Mix, measured
from qunguan.domain.content_plan import WEEK, DayPlan, Week, days_of, monday_of, month_of, sunday_of
from qunguan.domain.errors import BadInput
from qunguan.services import alerts, groups, rules
from qunguan.services.content_columns import columns
from qunguan.services.content_metrics import ads_of
from qunguan.services.content_terms import mix_in_force, mix_terms
from qunguan.store import content_queries as queries
from qunguan.store.session import Session

_DAY = timedelta(days=1)


def week(session: Session, clock: Clock, group_id: int, monday: date) -> Week:
    """The week a day lies in: seven days with posts (dropped ones too) and empty places, and what it leads to."""
    first = monday_of(monday)
    last = first + (WEEK - 1) * _DAY
    today = clock.today(groups.get(session, group_id).day_rule)
    posts = queries.between(session, [group_id], first, last, dropped=True)
    days = days_of(first, posts, columns(session, group_id))
    lock = alerts.promo_locked(session, clock, group_id)
    when = today if first <= today <= last else last
    return Week(
        group_id, first, days, _mix(session, group_id, when, today, lock), ads_of(session, group_id, first),
        rules.limit(session, "alert.ads_month"), lock, _quiet(session, days, today),
    )  # fmt: skip


def _quiet(session: Session, days: tuple[DayPlan, ...], today: date) -> tuple[date, ...]:
    """The days from today on with fewer posts and places to join in than keep a group awake (S1-21)."""
    least = rules.limit(session, "content.topics_day")
    if not least:
        return ()
    topics = {
        each.day: each.counts()["interactive"] + sum(slot.column.kind == "interactive" for slot in each.slots)
        for each in days
    }
    return tuple(day for day, n in topics.items() if day >= today and n < least)


def mix(session: Session, clock: Clock, group_id: int, day: date | None = None) -> Mix:
    """The mix as of a day (None: today). Actual is what was posted in the days up to it, or up to today where it is
    later; forecast what is posted or planned in the days up to the Sunday of its week. Raises NotFound, BadInput."""
    today = clock.today(groups.get(session, group_id).day_rule)
    return _mix(session, group_id, day or today, today, alerts.promo_locked(session, clock, group_id))


def _mix(session: Session, group_id: int, day: date, today: date, lock: PromoLock) -> Mix:
    back = (mix_terms(session).days - 1) * _DAY
    last, until = min(day, today), sunday_of(day)
    return _measured(session, group_id, (last - back, last), (until - back, until), lock)


def mix_between(session: Session, clock: Clock, group_id: int, first: date, last: date) -> Mix:
    """The mix of the posts from a day to a day. Raises BadInput when they are the wrong way round."""
    if last < first:
        raise BadInput("{last} is before {first}", hint="give the first day, then the last", first=first, last=last)
    lock = alerts.promo_locked(session, clock, group_id)
    return _measured(session, group_id, (first, last), (first, last), lock)


def _measured(
    session: Session, group_id: int, done: tuple[date, date], live: tuple[date, date], lock: PromoLock
) -> Mix:
    """The mix of what was posted in the days of `done`, and of what is posted or planned in those of `live`."""
    told = queries.tallies(session, group_id, min(done[0], live[0]), max(done[1], live[1]))
    posted, planned = dict.fromkeys(KINDS, 0), dict.fromkeys(KINDS, 0)
    for day, kind, state, n, _ads in told:
        if state == "posted" and done[0] <= day <= done[1]:
            posted[kind] += n
        if live[0] <= day <= live[1]:
            planned[kind] += n
    rests: tuple[Kind, ...] = ("benefit",) if lock.locked else ()
    return measured(mix_in_force(session), posted, planned, mix_terms(session), (*done, live[1]), rests)


def month(session: Session, clock: Clock, group_id: int, day: date) -> Mapping[date, Mapping[Kind, int]]:
    """Day → kind → how many posts are planned or posted, of every day of the calendar month that has any."""
    found: dict[date, dict[Kind, int]] = {}
    for told in queries.tallies(session, group_id, *month_of(day)):
        kinds = found.setdefault(told.day, dict.fromkeys(KINDS, 0))
        kinds[told.kind] += told.n
    return found
