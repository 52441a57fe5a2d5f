"""Paid membership as it stands on a day: who is a member of what, who is due, what was sold, the renewal rate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.members import forgotten
from qunguan.domain.plans import (
    RUNNING,
    STAGES,
    Due,
    Membership,
    Overview,
    Plan,
    PlanRow,
    RenewalRate,
    Sale,
    Status,
    Term,
    Used,
    early_left,
    joins,
    price_on,
    renewal_rate,
    stage_of,
    standing,
)
from qunguan.services import groups, rules
from qunguan.services.members_find import names
from qunguan.services.plan_book import all_plans, get
from qunguan.store import plan_queries as queries
from qunguan.store.session import Session

_ORDER: dict[Status, int] = {"grace": 0, "current": 1, "new": 1, "pending": 2, "expired": 3, "refunded": 4}
_AFTER = "plan.due_after"


def sales(session: Session, first: date, last: date, group_id: int | None = None) -> tuple[Sale, ...]:
    """What memberships brought from a day to a day, in the order of the days: what was paid, and negative, on its own
    day, what went back. A term that was paid by an order is the money of that order; guests are not among it.
    """
    rows = queries.money(session, first, last, group_id)
    return tuple(Sale(row.day, row.member_id, row.group_id, row.plan, row.fen) for row in rows)


def memberships(
    session: Session,
    clock: Clock,
    as_of: date | None = None,
    *,
    plan_id: int | None = None,
    group_id: int | None = None,
    status: Status | None = None,
) -> tuple[Membership, ...]:
    """Everybody who ever had a plan, as of a day (None: today): who is in grace first, then by the last day. Of a group
    are those sold there, and those sold in none.
    """
    day = as_of or clock.today(groups.day_rule(session, group_id))
    found = [
        one
        for one in built(session, day, [term_of(row) for row in queries.terms(session, day, plan_id=plan_id)])
        if _of_group(one.term.group_id, group_id) and status in (None, one.standing.status)
    ]
    return tuple(sorted(found, key=_place))


def of_member(session: Session, clock: Clock, member_id: int, as_of: date | None = None) -> tuple[Membership, ...]:
    """The memberships of one member as of a day (None: today), those that run first."""
    day = as_of or clock.today(groups.day_rule(session))
    rows = queries.terms(session, day, member_id=member_id)
    return tuple(sorted(built(session, day, [term_of(row) for row in rows]), key=_place))


def built(session: Session, day: date, terms: Iterable[Term]) -> list[Membership]:
    """The memberships these terms make on a day, names and what was used with them."""
    chains: dict[tuple[int, int], list[Term]] = defaultdict(list)
    for term in terms:
        chains[term.member_id, term.plan_id].append(term)
    if not chains:
        return []
    plans = {one.id: one for one in all_plans(session)}
    called = names(session, [member_id for member_id, _plan in chains])
    months = rules.limit(session, "plan.new_months")
    shown = {key: _shown(chain, day) for key, chain in chains.items()}
    used = queries.uses(session, day, [term.id for term in shown.values()])
    found = []
    for (member_id, plan_id), chain in chains.items():
        plan, term = plans[plan_id], shown[member_id, plan_id]
        stands = standing(chain, day, new_months=months, grace_days=plan.grace_days)
        found.append(
            Membership(day, member_id, called.get(member_id, f"#{member_id}"), plan_id, plan.name, stands, term,
                       tuple(chain), _used(plan, term, used), plan.early_gift)
        )  # fmt: skip
    return found


def due(session: Session, clock: Clock, as_of: date | None = None, *, group_id: int | None = None) -> tuple[Due, ...]:
    """Whose renewal is to be asked for on a day (None: today), the one that ended longest ago first: from the first
    stage before the last day through the last one after it, or through grace. Guests are not asked, nor are those who
    were forgotten: nobody could reach them.
    """
    found = memberships(session, clock, as_of, group_id=group_id)
    return asked(session, found)


def due_today(session: Session, day: date) -> tuple[Due, ...]:
    """Those of `due` who reached a stage on this very day."""
    steps = stages(session)
    members = queries.ending(session, day, [day - timedelta(days=days) for _rule, days in steps])
    terms = [term_of(row) for row in queries.terms_of(session, day, sorted(members))]
    return tuple(one for one in asked(session, built(session, day, terms)) if one.today)


def asked(session: Session, found: Iterable[Membership]) -> tuple[Due, ...]:
    """Of these memberships those whose renewal is to be asked for."""
    steps = stages(session)
    last = max((days for _rule, days in steps), default=0)
    waiting = []
    for one in found:
        until, grace = one.standing.until, one.standing.grace_until
        if until is None or grace is None or one.term.guest or forgotten(one.member_id, one.name):
            continue
        if one.day > max(grace, until + timedelta(days=last)):
            continue
        reached = stage_of(until, one.day, steps)
        if reached is not None:
            waiting.append(Due(one, *reached))
    return tuple(sorted(waiting, key=lambda due: (due.membership.standing.until, due.membership.member_id)))


def stages(session: Session) -> tuple[tuple[str, int], ...]:
    """The stages of a renewal that are switched on: the rule, and days after the last day, negative before it."""
    known = [(rule, rules.limit(session, rule)) for rule in STAGES]
    return tuple((rule, days if rule == _AFTER else -days) for rule, days in known if days is not None)


def rate(
    session: Session,
    clock: Clock,
    first: date,
    last: date,
    as_of: date | None = None,
    *,
    plan_id: int | None = None,
    group_id: int | None = None,
) -> RenewalRate:
    """续费率 of the terms that ended from `first` to `last`, as of a day (None: today) (semantics 3.7)."""
    return rates(session, clock, [(first, last)], as_of, plan_id=plan_id, group_id=group_id)[0]


def rates(
    session: Session,
    clock: Clock,
    periods: Sequence[tuple[date, date]],
    as_of: date | None = None,
    *,
    plan_id: int | None = None,
    group_id: int | None = None,
) -> tuple[RenewalRate, ...]:
    """`rate` of each of these periods, the terms read once."""
    day = as_of or clock.today(groups.day_rule(session, group_id))
    chains: dict[tuple[int, int], list[Term]] = defaultdict(list)
    for row in queries.terms(session, day, plan_id=plan_id):
        if _of_group(row.group_id, group_id):
            chains[row.member_id, row.plan_id].append(term_of(row))
    grace = {one.id: one.grace_days for one in all_plans(session)}
    return tuple(renewal_rate(chains.values(), first, last, day, grace.__getitem__) for first, last in periods)


def rows(session: Session, clock: Clock, as_of: date | None = None, *, retired: bool = False) -> tuple[PlanRow, ...]:
    """The plans with what was sold of them by the end of a day (None: today); those off sale only if wanted."""
    day = as_of or clock.today(groups.day_rule(session))
    terms = [term_of(row) for row in queries.terms(session, day)]
    return _rows(all_plans(session, retired=retired), terms, built(session, day, terms), day)


def overview(
    session: Session, clock: Clock, as_of: date | None = None, *, group_id: int | None = None, since: date
) -> Overview:
    """All the room of memberships shows of a day (None: today), its terms read once; the renewal rate from `since`."""
    day = as_of or clock.today(groups.day_rule(session, group_id))
    terms = [term_of(row) for row in queries.terms(session, day)]
    held = built(session, day, terms)
    found = sorted((one for one in held if _of_group(one.term.group_id, group_id)), key=_place)
    plans = all_plans(session)
    grace = {one.id: one.grace_days for one in plans}
    rate = renewal_rate((one.terms for one in found), since, day, day, grace.__getitem__)
    shown = [one for one in plans if _of_group(one.group_id, group_id)]
    return Overview(tuple(found), asked(session, found), _rows(shown, terms, held, day), rate)


def _of_group(own: int | None, asked_for: int | None) -> bool:
    """Whether something belongs to a group that is asked for: what is of no group belongs to all."""
    return asked_for is None or own in (None, asked_for)


def plan_row(session: Session, clock: Clock, plan: Plan, as_of: date | None = None) -> PlanRow:
    """One plan with what was sold of it by the end of a day (None: today)."""
    day = as_of or clock.today(groups.day_rule(session))
    terms = [term_of(row) for row in queries.terms(session, day, plan_id=plan.id)]
    return _row(plan, terms, built(session, day, terms), day)


def term_of(row: Any) -> Term:
    """A term as it was read. One that was paid by an order is worth what the order is, and over once that went back
    whole.
    """
    paid, back, back_on = row.paid_fen, row.refund_fen or 0, row.refunded_on
    if row.order_id is not None:
        paid, back = row.order_fen, row.order_back_fen
        if back_on is None and back >= paid > 0:
            back_on = row.order_back_on
    return Term(
        row.id, row.plan_id, row.member_id, row.group_id, row.starts_on, row.ends_on, paid, row.biz_date, row.early,
        row.gift_on, row.order_id, row.note, back_on, back, row.reason or "",
    )  # fmt: skip


def _rows(plans: Iterable[Plan], terms: Iterable[Term], held: Iterable[Membership], day: date) -> tuple[PlanRow, ...]:
    """Plans with what was sold of each."""
    sold: dict[int, list[Term]] = defaultdict(list)
    for term in terms:
        sold[term.plan_id].append(term)
    members: dict[int, list[Membership]] = defaultdict(list)
    for one in held:
        members[one.plan_id].append(one)
    return tuple(_row(plan, sold[plan.id], members[plan.id], day) for plan in plans)


def _row(plan: Plan, terms: Sequence[Term], found: Sequence[Membership], day: date) -> PlanRow:
    step, places = price_on(plan, day, joins(terms))
    owed = tuple((one.member_id, one.name) for one in found if one.gift_owed)
    return PlanRow(
        plan, step.price_fen if step else None, places, early_left(plan, terms),
        sum(one.standing.status in RUNNING for one in found), sum(one.standing.status == "grace" for one in found),
        len(terms), sum(term.paid_fen - term.back_fen for term in terms), owed,
    )  # fmt: skip


def _shown(chain: Sequence[Term], day: date) -> Term:
    """The term in force; else the last that counts, else the last of all."""
    covering = [term for term in chain if term.covers(day)]
    live = [term for term in chain if term.live]
    return covering[0] if covering else (live or chain)[-1]


def _used(plan: Plan, term: Term, counts: Mapping[tuple[int, int], int]) -> tuple[Used, ...]:
    """What the plan brings, and what else was used before it was taken out."""
    return tuple(
        Used(one, counts.get((term.id, one.id), 0))
        for one in plan.benefits
        if one.retired_on is None or (term.id, one.id) in counts
    )


def _place(one: Membership) -> tuple[int, int, int]:
    """Who is in grace first, each by the last day; of what has ended the newest first."""
    until = (one.standing.until or date.max).toordinal()
    return _ORDER[one.standing.status], -until if one.standing.status == "expired" else until, one.member_id


def price_today(session: Session, clock: Clock, plan_id: int, *, renewal: bool = False) -> int | None:
    """What joining or renewing costs today; None where no price is in force. Raises NotFound."""
    return price_of(session, get(session, plan_id), clock.today(groups.day_rule(session)), renewal=renewal)


def price_of(session: Session, plan: Plan, day: date, *, renewal: bool) -> int | None:
    """A price by day; who joined before is read only where a price is for the first so many."""
    counted = not renewal and any(step.places is not None and step.from_day <= day for step in plan.prices)
    terms = [term_of(row) for row in queries.terms(session, day, plan_id=plan.id)] if counted else []
    step, _left = price_on(plan, day, joins(terms), renewal=renewal)
    return step.price_fen if step else None
