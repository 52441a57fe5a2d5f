"""What ads bring: deals the brands report, and what they pay (S3-30)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qunguan.domain.ads import Ad, checked_deals
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.fees import Payment, checked_paid
from qunguan.domain.money import yuan
from qunguan.domain.text import NOTE_LIMIT, clean, show
from qunguan.i18n import N_
from qunguan.services import groups
from qunguan.services.ad_read import find_by_id
from qunguan.store import fee_queries
from qunguan.store.ads import ad, ad_deal, ad_payment
from qunguan.store.session import Session


def payments(session: Session, first: date, last: date, group_id: int | None = None) -> Sequence[Payment]:
    """What came in for ads from a day to a day, in a group or in all (None), by day; what was paid back is negative."""
    return fee_queries.between(session, ad_payment, ad_payment.c.ad_id, ad.c.brand, first, last, group_id)


def report(
    session: Session, clock: Clock, ad_id: int, deals: int, amount_fen: int, day: date | None = None, note: str = ""
) -> Ad:
    """Note what a brand reported on a day (None: today): how many deals, and what they were worth together.

    The owner's share of it is due from that day on. Raises NotFound, BadInput, and Refused where no run had gone out by
    that day: there was nothing to buy from.
    """
    found = find_by_id(session, clock, ad_id)
    checked_deals(deals, amount_fen)
    when = told_day(session, clock, found.group_id, day)
    if not any(run.out_on is not None and run.out_on <= when for run in found.runs):
        raise Refused("nothing of the ad of {name} had gone out by {day}",
                      hint="note first that it went out: qunguan ad run AD --out", name=show(found.brand),
                      day=when)  # fmt: skip
    session.step(N_("Noted {n} deals of {brand}, ¥{amount}"), n=deals, brand=found.brand, amount=yuan(amount_fen))
    session.insert(
        ad_deal, ad_id=ad_id, deals=deals, amount_fen=amount_fen, note=clean(note, NOTE_LIMIT), biz_date=when,
        occurred_at=clock.now(),
    )  # fmt: skip
    return find_by_id(session, clock, ad_id)


def take_back_report(session: Session, clock: Clock, ad_id: int, report_id: int) -> Ad:
    """Take a report out that was wrong. Raises NotFound."""
    found = find_by_id(session, clock, ad_id)
    told = next((each for each in found.reports if each.id == report_id), None)
    if told is None:
        raise NotFound("the ad of {name} has no report #{id}", hint="see: qunguan ad show", name=found.brand,
                       id=report_id)  # fmt: skip
    session.step(N_("Took back {n} deals of {brand}"), n=told.deals, brand=found.brand)
    session.delete(ad_deal, report_id)
    return find_by_id(session, clock, ad_id)


def pay(session: Session, clock: Clock, ad_id: int, fen: int, day: date | None = None, note: str = "") -> Ad:
    """Note what a brand paid on a day (None: today); below 0 what was paid back to it. Raises NotFound, BadInput."""
    found = find_by_id(session, clock, ad_id)
    checked_paid(fen)
    when = told_day(session, clock, found.group_id, day)
    label = N_("{brand} paid ¥{amount}") if fen > 0 else N_("Paid ¥{amount} back to {brand}")
    session.step(label, brand=found.brand, amount=yuan(abs(fen)))
    session.insert(
        ad_payment, ad_id=ad_id, amount_fen=fen, note=clean(note, NOTE_LIMIT), biz_date=when, occurred_at=clock.now()
    )
    return find_by_id(session, clock, ad_id)


def told_day(session: Session, clock: Clock, group_id: int, day: date | None) -> date:
    """The day something happened, which is over or today. Raises BadInput for one to come."""
    today = clock.today(groups.day_rule(session, group_id))
    if day is not None and day > today:
        raise BadInput("{day} is still to come", day=day)
    return day or today
