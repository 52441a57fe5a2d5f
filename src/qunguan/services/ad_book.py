"""Ads are booked, changed and called off; their announcements are posts of the calendar (S3-31, C27, C28)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from qunguan.domain.ads import INVOICES, Ad, AdDraft, Booked, Invoice, RunDraft, checked_ad, misfit
from qunguan.domain.clock import Clock
from qunguan.domain.content import suggested_disclosure
from qunguan.domain.errors import BadInput, Refused
from qunguan.domain.rosters import Reason
from qunguan.domain.text import NOTE_LIMIT, clean, show
from qunguan.i18n import N_
from qunguan.services import content, groups
from qunguan.services.ad_read import find_by_id
from qunguan.services.ad_runs import schedule_all
from qunguan.store.ads import ad
from qunguan.store.session import Session


def book(
    session: Session,
    clock: Clock,
    group_id: int,
    draft: AdDraft,
    runs: Sequence[RunDraft] = (),
    *,
    accept: bool = False,
    reason: str = "",
    posted: bool = False,
) -> Booked:
    """Book an ad, and plan its runs in the calendar; what was `posted` already is noted.

    A brand that does not fit is warned of. Raises what the calendar raises: Refused while promotion is locked, Stopped
    for an ad too many in the month or a benefit too many in the mix unless the owner accepts it with a reason, which is
    kept with the step; then nothing is booked. Raises NotFound, BadInput.
    """
    groups.get(session, group_id)
    made = checked_ad(draft)
    told = clean(reason, NOTE_LIMIT) if accept else ""
    if told:
        session.step(N_("Booked an ad of {brand} all the same: {reason}"), brand=made.brand, reason=told)
    else:
        session.step(N_("Booked an ad of {brand}"), brand=made.brand)
    ad_id = session.insert(ad, group_id=group_id, **_values(made), created_at=clock.now())
    said = schedule_all(session, clock, find_by_id(session, clock, ad_id), runs, accept, reason, posted)
    return replace(said, warnings=(*misfit(made), *said.warnings))


def edit(session: Session, clock: Clock, ad_id: int, draft: AdDraft) -> Booked:
    """Write an ad as given; posts that are planned still take the new brand and the new words that say it is an ad.
    A new price holds for every run. Raises NotFound, BadInput."""
    before = find_by_id(session, clock, ad_id)
    if draft.brand != before.brand and draft.disclosure == suggested_disclosure(before.brand):
        draft = replace(draft, disclosure="")  # the words were suggested for the old one
    made = checked_ad(draft)
    if made == before.draft:
        return Booked(before)
    session.step(N_("Changed the ad of {brand}"), brand=made.brand)
    session.update(ad, ad_id, **_values(made))
    said: tuple[Reason, ...] = ()
    for run in before.ahead:
        found = content.get(session, run.post_id)
        if found.draft.sponsor == before.brand:
            told = replace(found.draft, sponsor=made.brand, disclosure=made.disclosure)
            said += content.edit(session, clock, replace(found, draft=told)).warnings
    return Booked(find_by_id(session, clock, ad_id), (*misfit(made), *said))


def invoice(session: Session, clock: Clock, ad_id: int, state: Invoice) -> Ad:
    """Note where the invoice is. Raises NotFound, BadInput."""
    if state not in INVOICES:
        raise BadInput("{text} is no state of an invoice", hint="say one of: {known}", text=show(state[:40]),
                       known=", ".join(INVOICES))  # fmt: skip
    found = find_by_id(session, clock, ad_id)
    if found.invoice != state:
        session.step(N_("Noted the invoice of {brand}"), brand=found.brand)
        session.update(ad, ad_id, invoice=state)
    return find_by_id(session, clock, ad_id)


def cancel(session: Session, clock: Clock, ad_id: int, *, take_back: bool = False) -> Ad:
    """Call an ad off: its planned posts are dropped, what went out stays due. Or take that back: its posts stay dropped
    until they are planned again. Raises NotFound, Refused where it is so already."""
    found = find_by_id(session, clock, ad_id)
    if take_back == (found.cancelled_on is None):
        message = N_("the ad of {name} was not called off") if take_back else N_("the ad of {name} was called off")
        raise Refused(message, name=show(found.brand))
    session.step(N_("Took up the ad of {brand} again") if take_back else N_("Called off the ad of {brand}"),
                 brand=found.brand)  # fmt: skip
    today = None if take_back else clock.today(groups.day_rule(session, found.group_id))
    session.update(ad, ad_id, cancelled_on=today)
    if not take_back:
        for run in found.ahead:
            content.drop(session, clock, run.post_id)
    return find_by_id(session, clock, ad_id)


def _values(draft: AdDraft) -> dict[str, Any]:
    return {
        "brand": draft.brand, "price_fen": draft.price_fen, "share_bp": draft.share_bp, "fit": draft.fit,
        "fit_note": draft.fit_note, "disclosure": draft.disclosure, "note": draft.note,
    }  # fmt: skip
