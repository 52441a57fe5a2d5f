"""The agenda's line about paid memberships whose renewal is to be asked for today: 30 and 7 days before the last day,
on it, and 7 days after it (semantics 3.16).
"""

from __future__ import annotations

from collections.abc import Iterator

from qunguan.domain.clock import Clock
from qunguan.domain.plan_words import stage_text
from qunguan.domain.plans import Due
from qunguan.domain.today import Evidence, Line, Names, Said, Target, plural
from qunguan.exchange.writers.renewals import renewal_notes
from qunguan.i18n import N_
from qunguan.services import groups, plan_views, rules
from qunguan.store.plan_queries import any_sold
from qunguan.store.session import Session

_TOLD = 30  # people who are told of one by one; the room the line leads to has all


def lines(session: Session, clock: Clock) -> Iterator[Line]:
    """One line for all of today's, with a text for each; nothing where no membership was ever sold."""
    if not any_sold(session):
        return
    found = plan_views.due_today(session, clock.today(groups.day_rule(session)))
    if not found:
        return
    wanted = {_plan(one) for one in found}
    prices = {plan: plan_views.price_today(session, clock, plan, renewal=True) for plan in wanted}
    names = Names(tuple(one.membership.name for one in found))
    one, many = N_("{names}: the renewal of {plan} is due, {stage}"), N_("{n} renewals are due: {names}")
    values = {"names": names, "plan": found[0].membership.plan, "stage": stage_text(found[0])}
    yield Line(
        kind="renewal",
        key="renewal",
        text=plural(one, many, len(found), **values),
        target=Target("plans", found[0].membership.key),
        evidence=tuple(_evidence(session, each) for each in found[:_TOLD]),
        count=len(found),
        ready_text=renewal_notes(
            [(each.membership, prices[_plan(each)]) for each in found], int(rules.value(session, "board.text_limit"))
        ),
    )


def _plan(one: Due) -> int:
    return one.membership.plan_id


def _evidence(session: Session, one: Due) -> Evidence:
    state = rules.state(session, one.stage)
    held = one.membership
    known = {"name": held.name, "plan": held.plan, "day": held.standing.until, "stage": stage_text(one)}
    met = Said(N_("{name}, {plan}: last day {day}, {stage}"), known)
    return Evidence(met, state.rule.source, state.rule.id, state.value)
