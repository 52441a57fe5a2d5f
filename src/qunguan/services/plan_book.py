"""The plans that are sold: made, changed, priced, given benefits, taken off sale."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.money import yuan
from qunguan.domain.names import meant, typed_name
from qunguan.domain.orders import MAX_FEN
from qunguan.domain.plans import Benefit, Plan, PriceStep
from qunguan.domain.text import NAME_LIMIT, NOTE_LIMIT, clean, clean_lines, match_key, show
from qunguan.i18n import N_
from qunguan.services import groups, rules
from qunguan.store import plan_queries as queries
from qunguan.store.plans import plan, plan_benefit, plan_price
from qunguan.store.session import Session

_MOST = 36_600
"""Days a term or a grace may have, a century, and places a price may have times ten."""


def draft(session: Session, name: str) -> Plan:
    """A plan as the rules would have it, to be changed and handed to `add`: a year from the day somebody joins."""
    days = {each: int(rules.value(session, f"plan.{each}")) for each in ("term_days", "refund_days", "grace_days")}
    return Plan(0, name, None, days["term_days"], None, 0, "", days["refund_days"], days["grace_days"])


def add(session: Session, clock: Clock, new: Plan) -> Plan:
    """Make a plan with its prices and benefits; ids are not looked at, and a step without a day begins today.

    Raises BadInput, and Refused for a name that is taken.
    """
    made = _checked(session, new)
    _refuse_twin(session, made.name)
    session.step(N_("Made the plan {name}"), name=made.name)
    plan_id = session.insert(plan, **_columns(made), created_at=clock.now())
    for step in new.prices:
        set_price(session, clock, plan_id, step.price_fen, from_day=step.from_day, places=step.places)
    for each in new.benefits:
        set_benefit(session, clock, plan_id, each.name, scarce=each.scarce, quota=each.quota)
    return get(session, plan_id)


def edit(session: Session, clock: Clock, changed: Plan) -> Plan:
    """Write a plan as it is given, but for prices and benefits: take it as stored, `dataclasses.replace` what changes.

    Terms that were sold keep their days; grace and the days to pay back hold for them too. Raises BadInput, Refused.
    """
    now = get(session, changed.id)
    wanted = _checked(session, changed)
    _refuse_twin(session, wanted.name, wanted.id)
    if replace(wanted, prices=now.prices, benefits=now.benefits) != now:
        session.step(N_("Changed the plan {name}"), name=wanted.name)
        session.update(plan, wanted.id, **_columns(wanted))
    return get(session, wanted.id)


def retire(session: Session, clock: Clock, plan_id: int, *, back: bool = False) -> Plan:
    """Take a plan off sale, or put it back; the terms that were sold run on. Raises NotFound."""
    found = get(session, plan_id)
    if (found.retired_on is None) is not back:
        label = N_("Put the plan {name} back on sale") if back else N_("Took the plan {name} off sale")
        session.step(label, name=found.name)
        session.update(plan, plan_id, retired_on=None if back else clock.today(groups.day_rule(session)))
    return get(session, plan_id)


def set_price(
    session: Session, clock: Clock, plan_id: int, price_fen: int, *, from_day: date | None = None,
    places: int | None = None,
) -> Plan:  # fmt: skip
    """Say what a plan costs from a day on (None: today), for so many who join or for all; the same day again says it
    anew. Raises NotFound, BadInput.
    """
    found = get(session, plan_id)
    if not 0 <= price_fen <= MAX_FEN:
        raise BadInput("the price cannot be: {yuan}", yuan=yuan(price_fen))
    if places is not None:
        _within("places", places, 1)
    day = from_day or clock.today(groups.day_rule(session))
    same = next((one for one in found.prices if one.from_day == day and (one.places is None) == (places is None)), None)
    session.step(N_("Priced the plan {name}"), name=found.name)
    if same is None:
        session.insert(plan_price, plan_id=plan_id, from_day=day, places=places, price_fen=price_fen)
    else:
        session.update(plan_price, same.id, places=places, price_fen=price_fen)
    return get(session, plan_id)


def drop_price(session: Session, clock: Clock, plan_id: int, price_id: int) -> Plan:
    """Take a price step out; what was paid stays. Raises NotFound."""
    found = get(session, plan_id)
    if price_id not in {one.id for one in found.prices}:
        raise NotFound(
            "{plan} has no price #{id}", hint="see its prices: qunguan plan show", plan=found.name, id=price_id
        )
    session.step(N_("Priced the plan {name}"), name=found.name)
    session.delete(plan_price, price_id)
    return get(session, plan_id)


def set_benefit(
    session: Session, clock: Clock, plan_id: int, name: str, *, scarce: bool = False, quota: int | None = None
) -> Plan:
    """Give a plan a benefit, or say it anew; one that was taken out is in again. Raises NotFound, BadInput."""
    found = get(session, plan_id)
    called = typed_name(name, where="benefit")
    if quota is not None:
        _within("quota", quota, 1)
    same = _named(found, called)
    session.step(N_("Changed the benefits of {name}"), name=found.name)
    if same is None:
        session.insert(plan_benefit, plan_id=plan_id, name=called, scarce=scarce, quota=quota)
    else:
        session.update(plan_benefit, same.id, scarce=scarce, quota=quota, retired_on=None)
    return get(session, plan_id)


def retire_benefit(session: Session, clock: Clock, plan_id: int, name: str) -> Plan:
    """Take a benefit out of a plan; what was used of it stays. Raises NotFound."""
    found = get(session, plan_id)
    same = benefit_of(found, name)
    session.step(N_("Changed the benefits of {name}"), name=found.name)
    session.update(plan_benefit, same.id, retired_on=clock.today(groups.day_rule(session)))
    return get(session, plan_id)


def benefit_of(found: Plan, text: str) -> Benefit:
    """The benefit of a plan that is meant, by name. Raises NotFound with those there are."""
    same = _named(found, text)
    if same is None or same.retired_on is not None:
        there = " / ".join(one.name for one in found.benefits if one.retired_on is None)
        raise NotFound("{plan} has no benefit {text}", hint="it has: {known}", plan=found.name, text=show(text[:40]),
                       known=there or "—")  # fmt: skip
    return same


def all_plans(session: Session, *, retired: bool = True) -> tuple[Plan, ...]:
    """Every plan with its prices and benefits; those off sale last, if wanted."""
    steps, brought = queries.prices(session), queries.benefits(session)
    found = [_plan(row, steps, brought) for row in queries.plans(session)]
    found.sort(key=lambda one: one.retired_on is not None)
    return tuple(one for one in found if retired or one.retired_on is None)


def get(session: Session, plan_id: int) -> Plan:
    """One plan. Raises NotFound."""
    found = next((one for one in all_plans(session) if one.id == plan_id), None)
    if found is None:
        raise _nothing(f"#{plan_id}")
    return found


def find(session: Session, text: str) -> Plan:
    """The plan that is meant by a name or an id. Raises NotFound."""
    found = meant(all_plans(session), text)
    if not found:
        raise _nothing(text)
    return found[0]


def _nothing(text: str) -> NotFound:
    return NotFound("there is no plan {text}", hint="see them: qunguan plan list", text=show(text[:40]))


def _named(found: Plan, text: str) -> Benefit | None:
    return next((one for one in found.benefits if match_key(one.name) == match_key(text)), None)


def _refuse_twin(session: Session, name: str, own_id: int = 0) -> None:
    for each in all_plans(session):
        if each.id != own_id and match_key(each.name) == match_key(name):
            raise Refused("there is a plan {name} already", hint="give it another name", name=each.name)


def _checked(session: Session, new: Plan) -> Plan:
    if (new.term_days is None) == (new.ends_on is None):
        raise BadInput("a plan has a length or a last day, one of the two", hint="use --days or --until")
    for field, least in (("term_days", 1), ("early_places", 0), ("refund_days", 0), ("grace_days", 0)):
        if getattr(new, field) is not None:
            _within(field, getattr(new, field), least)
    if new.group_id is not None:
        groups.get(session, new.group_id)
    name = typed_name(new.name, where="name")
    return replace(new, name=name, early_gift=clean(new.early_gift, NAME_LIMIT), note=clean_lines(new.note, NOTE_LIMIT))


def _within(field: str, value: int, least: int) -> None:
    if not least <= value <= _MOST:
        raise BadInput("{value} is out of range", where=field, hint="use {least} to {most}", value=str(value)[:20],
                       least=least, most=_MOST)  # fmt: skip


def _columns(one: Plan) -> dict[str, Any]:
    names = (
        "group_id",
        "name",
        "term_days",
        "ends_on",
        "early_places",
        "early_gift",
        "refund_days",
        "grace_days",
        "note",
    )
    return {**{name: getattr(one, name) for name in names}, "key": match_key(one.name)}


def _plan(row: Any, steps: Any, brought: Any) -> Plan:
    return Plan(
        row.id, row.name, row.group_id, row.term_days, row.ends_on, row.early_places, row.early_gift, row.refund_days,
        row.grace_days, row.note, row.retired_on,
        tuple(PriceStep(one.id, one.from_day, one.places, one.price_fen) for one in steps if one.plan_id == row.id),
        tuple(
            Benefit(one.id, one.name, one.scarce, one.quota, one.retired_on) for one in brought if one.plan_id == row.id
        ),
    )  # fmt: skip
