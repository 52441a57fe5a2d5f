"""Deals are noted, moved on, paid and shown as cases (S3-35)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.content import TEXT_LIMIT
from qunguan.domain.deals import Deal, DealDraft, Stage, case_of, check_stage, checked_deal, following, stored
from qunguan.domain.errors import BadInput, Refused
from qunguan.domain.fees import Payment, checked_fen, checked_paid
from qunguan.domain.money import yuan
from qunguan.domain.text import NOTE_LIMIT, clean, clean_lines, show
from qunguan.i18n import N_
from qunguan.services import groups, members
from qunguan.services.ad_money import told_day
from qunguan.services.deal_read import find_by_id, usual_bp
from qunguan.store import fee_queries
from qunguan.store.deals import deal, deal_move, deal_payment
from qunguan.store.session import Session


def payments(session: Session, first: date, last: date, group_id: int | None = None) -> Sequence[Payment]:
    """What came in for brokering from a day to a day, in a group or in all (None), by day; what was paid back is
    negative."""
    return fee_queries.between(session, deal_payment, deal_payment.c.deal_id, deal.c.title, first, last, group_id)


def add(
    session: Session,
    clock: Clock,
    group_id: int,
    draft: DealDraft,
    *,
    stage: Stage = "lead",
    day: date | None = None,
    note: str = "",
) -> Deal:
    """Note a deal, at its first stage or a later one, on a day (None: today). Raises NotFound, BadInput."""
    groups.get(session, group_id)
    made = _checked(session, draft, stage)
    when = told_day(session, clock, group_id, day)
    session.step(N_("Noted the deal {title}"), title=made.title)
    deal_id = session.insert(deal, group_id=group_id, **_values(made), created_at=clock.now())
    _go(session, clock, deal_id, stage, when, note)
    return find_by_id(session, clock, deal_id)


def edit(session: Session, clock: Clock, deal_id: int, draft: DealDraft) -> Deal:
    """Write a deal as given. Other parties have not agreed to anything: with them the consent goes. Raises NotFound,
    BadInput, and for one that lacks what its stage asks for."""
    before = find_by_id(session, clock, deal_id)
    made = _checked(session, draft, before.stage)
    values, old = _values(made), _values(stored(before.draft))
    if values == old:
        return before
    session.step(N_("Changed the deal {title}"), title=made.title)
    others = any(values[name] != old[name] for name in _PARTIES)
    session.update(deal, deal_id, **values, **({"consent_on": None} if others else {}))
    return find_by_id(session, clock, deal_id)


def move(
    session: Session,
    clock: Clock,
    deal_id: int,
    stage: Stage | None = None,
    day: date | None = None,
    note: str = "",
    *,
    worth_fen: int | None = None,
) -> Deal:
    """Bring a deal to a stage (None: the following one) on a day (None: today); the stages before stay in its history.
    `worth_fen` is what it turned out to be worth (None: as it was noted).

    Raises NotFound, Refused where it is over and no stage is named, BadInput for a stage that lacks something, and for
    a day before the newest stage.
    """
    found = find_by_id(session, clock, deal_id)
    wanted = stage or following(found.stage)
    if wanted is None:
        raise Refused("{name} is over", name=show(found.title),
                      hint="name the stage it goes back to: qunguan deal move ID talking")  # fmt: skip
    if wanted == found.stage:
        same = found.draft if worth_fen is None else replace(found.draft, worth_fen=worth_fen)
        return edit(session, clock, deal_id, same)
    check_stage(found.draft if worth_fen is None else replace(found.draft, worth_fen=checked_fen(worth_fen)), wanted)
    when = told_day(session, clock, found.group_id, day)
    if when < found.since:
        raise BadInput("{day} is before it came to where it is, {other}", day=when, other=found.since)
    session.step(N_("Moved the deal {title} on"), title=found.title)
    if worth_fen is not None:
        session.update(deal, deal_id, worth_fen=worth_fen)
    _go(session, clock, deal_id, wanted, when, note)
    return find_by_id(session, clock, deal_id)


def pay(session: Session, clock: Clock, deal_id: int, fen: int, day: date | None = None, note: str = "") -> Deal:
    """Note what was received for a deal on a day (None: today); below 0 what was paid back. Raises as `move`."""
    found = find_by_id(session, clock, deal_id)
    checked_paid(fen)
    when = told_day(session, clock, found.group_id, day)
    label = N_("Received ¥{amount} for {title}") if fen > 0 else N_("Paid ¥{amount} back for {title}")
    session.step(label, title=found.title, amount=yuan(abs(fen)))
    session.insert(
        deal_payment, deal_id=deal_id, amount_fen=fen, note=clean(note, NOTE_LIMIT), biz_date=when,
        occurred_at=clock.now(),
    )  # fmt: skip
    return find_by_id(session, clock, deal_id)


def case(session: Session, clock: Clock, deal_id: int, *, consent: bool | None = None, text: str | None = None) -> Deal:
    """Note that both parties let the deal be shown, or do not any more; write the text it is shown with ("": one made
    of what is known). None changes nothing. Raises NotFound, BadInput."""
    found = find_by_id(session, clock, deal_id)
    values: dict[str, Any] = {}
    if text is not None:
        if len(text) > TEXT_LIMIT:
            raise BadInput("the text is too long: {length} characters", hint="use {limit} characters at most",
                           length=len(text), limit=TEXT_LIMIT)  # fmt: skip
        values["case_text"] = clean_lines(text, TEXT_LIMIT)
    if consent is not None and consent == (found.consent_on is None):
        values["consent_on"] = clock.today(groups.day_rule(session, found.group_id)) if consent else None
    if values:
        session.step(N_("Noted how the deal {title} may be shown"), title=found.title)
        session.update(deal, deal_id, **values)
    return find_by_id(session, clock, deal_id)


def show_case(session: Session, clock: Clock, deal_id: int) -> str:
    """The case as it may be shown, with names. Raises NotFound, Refused without the consent of both or before it is
    done."""
    found = find_by_id(session, clock, deal_id)
    return case_of(found, groups.get(session, found.group_id).name)


_PARTIES = ("seeker_id", "seeker", "giver_id", "giver")


def _checked(session: Session, draft: DealDraft, stage: Stage) -> DealDraft:
    made = checked_deal(draft, usual_bp(session))
    check_stage(made, stage)
    for party in (made.seeker, made.giver):
        if party.member_id is not None:
            members.get(session, party.member_id)
    return made


def _go(session: Session, clock: Clock, deal_id: int, stage: Stage, day: date, note: str) -> None:
    session.insert(
        deal_move, deal_id=deal_id, stage=stage, note=clean(note, NOTE_LIMIT), biz_date=day, occurred_at=clock.now()
    )


def _values(draft: DealDraft) -> dict[str, Any]:
    return {
        "title": draft.title, "kind": draft.kind, "need": draft.need, "seeker_id": draft.seeker.member_id,
        "seeker": draft.seeker.name, "giver_id": draft.giver.member_id, "giver": draft.giver.name,
        "fee_bp": draft.fee_bp, "fee_fen": draft.fee_fen, "worth_fen": draft.worth_fen,
    }  # fmt: skip
