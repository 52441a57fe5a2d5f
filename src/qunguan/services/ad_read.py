"""Ads as they are read: set-based, as of any day. What is due and where an ad stands is derived."""

from __future__ import annotations

from datetime import date, datetime
from operator import attrgetter
from typing import Any, Literal

from qunguan.domain.ads import Ad, AdDraft, Quota, Reported, Run
from qunguan.domain.clock import Clock, DayRule
from qunguan.domain.content_plan import month_of
from qunguan.domain.errors import NotFound
from qunguan.domain.names import meant, only
from qunguan.domain.text import show
from qunguan.i18n import N_
from qunguan.services import groups, rules
from qunguan.services.content_metrics import ads_of
from qunguan.store import ad_queries as queries
from qunguan.store.session import Session

LATE = "fee.late_days"
QUOTA = "alert.ads_month"
_LIST = N_("see the list: qunguan ad list")


def all_ads(session: Session, clock: Clock, group_id: int | None = None, as_of: date | None = None) -> tuple[Ad, ...]:
    """The ads of a group (None: of all) by the end of a day (None: today), the newest first. The state of the invoice
    is that of now."""
    return _read(session, clock, group_id, None, as_of)


def find_by_id(session: Session, clock: Clock, ad_id: int, as_of: date | None = None) -> Ad:
    """One ad by the end of a day (None: today). Raises NotFound."""
    found = _read(session, clock, None, ad_id, as_of)
    if not found:
        raise NotFound("there is no ad #{id}", hint=_LIST, id=ad_id)
    return found[0]


def find(session: Session, clock: Clock, text: str, as_of: date | None = None) -> Ad:
    """The ad with that number, or of that brand: the only one with something left to do, else the newest.

    Raises NotFound, and Ambiguous where several of a brand are open.
    """
    like = meant(all_ads(session, clock, as_of=as_of), text, attrgetter("brand"))
    if not like:
        raise NotFound("there is no ad of {name}", hint=_LIST, name=show(text[:40]))
    going = [each for each in like if each.goes_on]
    return only(going, N_("{text} has several ads"), text, lambda each: f"{each.brand} {each.booked_on}") or like[0]


def quota(session: Session, group_id: int, day: date) -> Quota:
    """The ads of a group, planned and posted, in the calendar month of a day, against the rule (S3-31, C27). They are
    counted in the calendar: an ad planned there without a booking counts as well."""
    return Quota(month_of(day)[0], ads_of(session, group_id, day), rules.limit(session, QUOTA))


def late(session: Session, clock: Clock, group_id: int | None = None) -> tuple[Ad, ...]:
    """The ads of which something has been due for longer than the rule says, those that wait longest first."""
    days = rules.limit(session, LATE)
    if days is None or not queries.any_booked(session):
        return ()
    waiting = [(each.account.waits(_today(session, clock, each)), each) for each in all_ads(session, clock, group_id)]
    found = [(waits, each) for waits, each in waiting if waits > days]
    return tuple(each for _waits, each in sorted(found, key=lambda one: (-one[0], one[1].id)))


def _today(session: Session, clock: Clock, found: Ad) -> date:
    return clock.today(groups.day_rule(session, found.group_id))


def _read(
    session: Session, clock: Clock, group_id: int | None, ad_id: int | None, as_of: date | None
) -> tuple[Ad, ...]:
    rows = queries.books(session, group_id, ad_id)
    ids, rule_of = [row.id for row in rows], {row.group_id: groups.day_rule(session, row.group_id) for row in rows}
    day = as_of or max((clock.today(rule) for rule in rule_of.values()), default=date.max)
    runs, reports, paid = (read(session, ids, day) for read in (queries.runs, queries.reports, queries.payments))
    found = [
        _ad(row, rule_of[row.group_id], day, runs.get(row.id, ()), reports.get(row.id, ()), paid.get(row.id, ()))
        for row in rows
    ]
    return tuple(each for each in found if each.booked_on <= day)


def _ad(row: Any, rule: DayRule, day: date, runs: Any, reports: Any, paid: Any) -> Ad:
    draft = AdDraft(row.brand, row.price_fen, row.share_bp, row.fit, row.fit_note, row.disclosure, row.note)
    own = tuple(_run(each, rule, day) for each in runs)
    told = tuple(Reported(each.id, each.biz_date, each.deals, each.amount_fen, each.note) for each in reports)
    made = rule.biz_date(row.created_at)
    first = min((made, *(each.out_on for each in own if each.out_on), *(each.day for each in (*told, *paid))))
    cancelled = row.cancelled_on if row.cancelled_on is not None and row.cancelled_on <= day else None
    return Ad(row.id, row.group_id, draft, row.invoice, cancelled, first, own, told, paid)


def _run(row: Any, rule: DayRule, day: date) -> Run:
    out = _out_on(row.state, row.day, row.posted_at, rule)
    state: Literal["planned", "posted", "dropped"] = row.state
    if out is not None and out > day:  # it was planned still
        out, state = None, "planned"
    return Run(row.id, row.post_id, row.day, row.at_minute, row.title, state, out)


def _out_on(state: str, planned: date, posted_at: datetime | None, rule: DayRule) -> date | None:
    """The day a post went out: the one it was for, or earlier where it was sent before."""
    if state != "posted":
        return None
    return planned if posted_at is None else min(planned, rule.biz_date(posted_at))
