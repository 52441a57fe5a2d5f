"""The terms of a membership: sold, renewed, paid back; its benefits used, its early gift handed over."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.errors import Ambiguous, BadInput, NotFound, Refused
from qunguan.domain.money import yuan
from qunguan.domain.orders import MAX_FEN
from qunguan.domain.plans import (
    Benefit,
    Membership,
    Plan,
    Term,
    TermChange,
    UseChange,
    Used,
    early_left,
    renewal_start,
)
from qunguan.domain.text import NOTE_LIMIT, clean, clean_lines, match_key, show
from qunguan.i18n import N_
from qunguan.services import groups, rules
from qunguan.services.members_edit import get as member_of
from qunguan.services.plan_book import benefit_of, get
from qunguan.services.plan_views import built, of_member, price_of, term_of
from qunguan.store import plan_queries as queries
from qunguan.store.orders import shop_order
from qunguan.store.plans import plan_use, subscription, subscription_refund
from qunguan.store.session import Session

_MOST_TIMES = 1000
_YEAR = timedelta(days=366)


def sell(
    session: Session,
    clock: Clock,
    member_id: int,
    plan_id: int,
    *,
    paid_fen: int | None = None,
    day: date | None = None,
    starts_on: date | None = None,
    order_id: int | None = None,
    group_id: int | None = None,
    note: str = "",
    ahead: bool = False,
) -> TermChange:
    """Make somebody a member of a plan: paid on `day` (None: today), beginning then or on `starts_on`.

    The price is the plan's unless `paid_fen` says otherwise; 0 is a guest. With `order_id` the money is that order's,
    and so is the day. Who joins while early places are left has one, guests aside. Raises NotFound, BadInput, and
    Refused for who had the plan before (that is a renewal), for a plan off sale, and for a first day more than a year
    away where nobody said that it is meant (`ahead`).
    """
    person, plan = member_of(session, member_id), _on_sale(session, plan_id)
    own = _live(session, clock, plan_id, member_id)
    if own:
        raise Refused("{name} has {plan} through {day} already", hint="renew it instead",
                      name=person.name, plan=plan.name, day=max(term.ends_on for term in own))  # fmt: skip
    paid_on, fen = _paid(session, clock, plan, paid_fen, day, order_id, member_id, renewal=False)
    begins = starts_on or paid_on
    if begins < paid_on:
        raise BadInput("it cannot begin on {start}, before it is paid on {day}", start=begins, day=paid_on)
    if begins > paid_on + _YEAR and not ahead:
        raise Refused("{day} is more than a year away", hint="if it is meant, say so: --ahead", day=begins)
    left = _early_left(session, clock, plan)
    session.step(N_("Sold {plan} to {name}"), plan=plan.name, name=person.name)
    term_id = _write(session, clock, plan, member_id, (paid_on, begins, fen), order_id, group_id, note,
                     early=bool(left) and fen > 0)  # fmt: skip
    return _changed(session, clock, term_id, fen)


def renew(
    session: Session,
    clock: Clock,
    member_id: int,
    plan_id: int,
    *,
    paid_fen: int | None = None,
    day: date | None = None,
    order_id: int | None = None,
    note: str = "",
    ahead: bool = False,
) -> TermChange:
    """The next term of a membership, paid on `day` (None: today): before the old one has ended it continues from it,
    after that it begins with the payment (semantics 3.16; in grace as the rule plan.grace_renewal says).

    Raises NotFound, BadInput, and Refused for who has nothing to renew, for a plan off sale, and where the next term is
    paid already and nobody said that one more is meant (`ahead`).
    """
    person, plan = member_of(session, member_id), _on_sale(session, plan_id)
    own = _live(session, clock, plan_id, member_id)
    if not own:
        raise Refused("{name} has no {plan} to renew", hint="sell it: qunguan membership sell", name=person.name,
                      plan=plan.name)  # fmt: skip
    paid_on, fen = _paid(session, clock, plan, paid_fen, day, order_id, member_id, renewal=True)
    if paid_on < max(term.day for term in own):
        raise BadInput("{day} is before the last payment on {last}", day=paid_on, last=max(term.day for term in own))
    until = max(term.ends_on for term in own)
    if max(term.starts_on for term in own) > paid_on and not ahead:
        raise Refused("{name} has paid the next term of {plan} already, it runs through {day}", name=person.name,
                      plan=plan.name, day=until, hint="if one more is meant, say so: --ahead")  # fmt: skip
    in_grace = str(rules.value(session, "plan.grace_renewal"))
    begins = renewal_start(until, paid_on, grace_days=plan.grace_days, in_grace=in_grace)
    session.step(N_("Renewed {plan} of {name}"), plan=plan.name, name=person.name)
    term_id = _write(session, clock, plan, member_id, (paid_on, begins, fen), order_id, own[-1].group_id, note)
    return _changed(session, clock, term_id, fen)


def refund(
    session: Session,
    clock: Clock,
    member_id: int,
    plan_id: int,
    *,
    amount_fen: int | None = None,
    day: date | None = None,
    reason: str = "",
    late: bool = False,
) -> TermChange:
    """Pay the last term of a membership back on `day` (None: today), all of it or an amount; from that day on it counts
    no more, and its early place is free again. A term that was paid by an order is paid back there.

    After the plan's days it takes `late` and a reason. Raises NotFound, BadInput, Refused.
    """
    person, plan = member_of(session, member_id), get(session, plan_id)
    today = clock.today(groups.day_rule(session))
    own = _live(session, clock, plan_id, member_id)
    if not own:
        raise Refused("{name} has no {plan} that could be paid back", name=person.name, plan=plan.name)
    term = max(own, key=lambda one: (one.starts_on, one.id))
    back_on, why = day or today, clean(reason, NOTE_LIMIT)
    if not term.day <= back_on <= today:
        raise BadInput("money cannot have gone back on {day}", hint="use a day from {paid} to {today}", day=back_on,
                       paid=term.day, today=today)  # fmt: skip
    last = term.day + timedelta(days=plan.refund_days)
    if back_on > last and not (late and why):
        raise Refused("{plan} is paid back through {last} only", plan=plan.name, last=last,
                      hint="if you want to all the same, say so and why: --late --reason TEXT")  # fmt: skip
    left = term.paid_fen - term.back_fen
    back = left if amount_fen is None else amount_fen
    if not 0 <= back <= left:
        raise Refused("only {left} yuan of it are left to give back", left=yuan(left))
    session.step(N_("Paid {plan} of {name} back"), plan=plan.name, name=person.name)
    session.insert(subscription_refund, subscription_id=term.id, amount_fen=back, reason=why, biz_date=back_on,
                   occurred_at=clock.now())  # fmt: skip
    if term.order_id is not None and back:
        from qunguan.services.orders import refund_order  # the book of orders is for this alone

        refund_order(session, clock, term.order_id, back, day=back_on, reason=why)
    return _changed(session, clock, term.id, -back)


def use(
    session: Session,
    clock: Clock,
    member_id: int,
    plan_id: int,
    benefit: str,
    *,
    times: int = 1,
    day: date | None = None,
    note: str = "",
) -> UseChange:
    """Note that a benefit was used on `day` (None: today), in the term that covers it (S3-34).

    Raises NotFound, BadInput, and Refused without such a term or beyond the quota.
    """
    person, plan = member_of(session, member_id), get(session, plan_id)
    wanted = benefit_of(plan, benefit)
    today = clock.today(groups.day_rule(session))
    used_on = _not_ahead(day or today, today)
    if not 1 <= times <= _MOST_TIMES:
        raise BadInput("{value} is out of range", where="times", hint="use {least} to {most}", value=times, least=1,
                       most=_MOST_TIMES)  # fmt: skip
    own = _live(session, clock, plan_id, member_id)
    covering = [term for term in own if term.covers(used_on)]
    if not covering:
        raise Refused("{name} has no {plan} on {day}", hint="renew it first",
                      name=person.name, plan=plan.name, day=used_on)  # fmt: skip
    counts = queries.uses(session, today, [term.id for term in covering])
    used = {term.id: counts.get((term.id, wanted.id), 0) for term in covering}
    fits = [term for term in covering if wanted.quota is None or used[term.id] + times <= wanted.quota]
    if not fits:
        left = max(0, (wanted.quota or 0) - min(used.values()))
        raise Refused(
            "{name} has {left} of {quota} {benefit} left",
            hint="the quota can be raised: qunguan plan benefit",
            name=person.name,
            left=left,
            quota=wanted.quota,
            benefit=wanted.name,
        )
    session.step(N_("{name} used {benefit}"), name=person.name, benefit=wanted.name)
    session.insert(plan_use, subscription_id=fits[0].id, benefit_id=wanted.id, times=times, biz_date=used_on,
                   note=clean(note, NOTE_LIMIT), occurred_at=clock.now())  # fmt: skip
    return _used(session, clock, fits[0], wanted, times)


def unuse(session: Session, clock: Clock, member_id: int, plan_id: int, benefit: str) -> UseChange:
    """Take the newest use of a benefit out again: it was noted by mistake. Raises NotFound."""
    person, plan = member_of(session, member_id), get(session, plan_id)
    wanted = benefit_of(plan, benefit)
    row = queries.newest_use(session, member_id, wanted.id)
    if row is None:
        raise NotFound("{name} has not used {benefit}", name=person.name, benefit=wanted.name)
    session.step(N_("Took back that {name} used {benefit}"), name=person.name, benefit=wanted.name)
    session.delete(plan_use, row.id)
    held = of_plan(session, clock, member_id, plan_id)
    term = next(each for each in held.terms if each.id == row.subscription_id)
    return _used(session, clock, term, wanted, -row.times)


def _used(session: Session, clock: Clock, term: Term, benefit: Benefit, times: int) -> UseChange:
    today = clock.today(groups.day_rule(session))
    now = queries.uses(session, today, [term.id]).get((term.id, benefit.id), 0)
    held = of_plan(session, clock, term.member_id, term.plan_id)
    return UseChange(held, benefit.name, times, Used(benefit, now))


def hand_over(session: Session, clock: Clock, member_id: int, plan_id: int, *, day: date | None = None) -> TermChange:
    """Note that somebody has their early gift (S3-33). Raises NotFound, BadInput, Refused where none is owed."""
    person, plan = member_of(session, member_id), get(session, plan_id)
    today = clock.today(groups.day_rule(session))
    given_on = _not_ahead(day or today, today)
    own = _live(session, clock, plan_id, member_id)
    owed = next((term for term in own if term.early and term.gift_on is None), None)
    if owed is None:
        raise Refused("no early gift of {plan} is owed to {name}", plan=plan.name, name=person.name)
    session.step(N_("Handed {name} the early gift of {plan}"), name=person.name, plan=plan.name)
    session.update(subscription, owed.id, gift_on=given_on)
    return _changed(session, clock, owed.id, 0)


def held_by(session: Session, clock: Clock, member_id: int, text: str = "") -> int:
    """The id of the plan that is meant: by name, or the only one the member has. Raises NotFound, Ambiguous."""
    found = of_member(session, clock, member_id)
    wanted = match_key(text)
    same = [
        one
        for one in found
        if not wanted or match_key(one.plan) == wanted or text.removeprefix("#") == str(one.plan_id)
    ]
    running = [one for one in same if one.standing.status not in ("expired", "refunded")] or same
    if len(running) > 1:
        raise Ambiguous("{name} has several plans: {candidates}", hint="say which one",
                        candidates=tuple(f"{show(one.plan)} (#{one.plan_id})" for one in running),
                        name=running[0].name)  # fmt: skip
    if not running:
        person = member_of(session, member_id)
        raise NotFound(
            "{name} has no such membership", hint="see who has one: qunguan membership list", name=person.name
        )
    return running[0].plan_id


def of_plan(session: Session, clock: Clock, member_id: int, plan_id: int) -> Membership:
    """How somebody stands with a plan today. Raises NotFound."""
    today = clock.today(groups.day_rule(session))
    rows = queries.terms(session, today, plan_id=plan_id, member_id=member_id)
    found = built(session, today, [term_of(row) for row in rows])
    if not found:
        raise NotFound("{name} has no such membership", hint="see who has one: qunguan membership list",
                       name=member_of(session, member_id).name)  # fmt: skip
    return found[0]


def _live(session: Session, clock: Clock, plan_id: int, member_id: int) -> list[Term]:
    """The terms of a membership that count as of today, by their first day."""
    today = clock.today(groups.day_rule(session))
    rows = queries.terms(session, today, plan_id=plan_id, member_id=member_id)
    return [term for term in map(term_of, rows) if term.live]


def _early_left(session: Session, clock: Clock, plan: Plan) -> int | None:
    today = clock.today(groups.day_rule(session))
    return early_left(plan, map(term_of, queries.terms(session, today, plan_id=plan.id, early=True)))


def _on_sale(session: Session, plan_id: int) -> Plan:
    plan = get(session, plan_id)
    if plan.retired_on is not None:
        raise Refused("{plan} is not on sale any more", hint="put it back: qunguan plan retire --back", plan=plan.name)
    return plan


def _paid(
    session: Session, clock: Clock, plan: Plan, fen: int | None, day: date | None, order_id: int | None, member_id: int,
    *, renewal: bool,
) -> tuple[date, int]:  # fmt: skip
    """The day and the sum of a payment."""
    today = clock.today(groups.day_rule(session))
    if order_id is not None:
        if fen is not None or day is not None:
            raise BadInput("an order says itself what was paid and when", hint="leave price and day out")
        row = _order(session, plan, order_id, member_id)
        return row.biz_date, row.amount_fen
    paid_on = _not_ahead(day or today, today)
    if fen is None:
        fen = price_of(session, plan, paid_on, renewal=renewal)
        if fen is None:
            raise Refused("{plan} has no price on {day}", plan=plan.name, day=paid_on,
                          hint="say what was paid, or price it: qunguan plan price")  # fmt: skip
    if not 0 <= fen <= MAX_FEN:
        raise BadInput("the amount cannot be: {yuan}", yuan=yuan(fen))
    return paid_on, fen


def _order(session: Session, plan: Plan, order_id: int, member_id: int) -> Any:
    row = session.get(shop_order, order_id)
    if row is None:
        raise NotFound("there is no order #{order}", hint="see the list of orders", order=order_id)
    if row.member_id != member_id or not row.counts:
        raise Refused("order #{order} was not paid by this member", hint="see the list of orders", order=order_id)
    if queries.by_order(session, order_id):
        raise Refused("order #{order} is a membership already", hint="each order pays one term", order=order_id)
    return row


def _not_ahead(day: date, today: date) -> date:
    if day > today:
        raise BadInput("{day} has not come yet", hint="book it on the day, today is {today}", day=day, today=today)
    return day


def _write(
    session: Session, clock: Clock, plan: Plan, member_id: int, sale: tuple[date, date, int], order_id: int | None,
    group_id: int | None, note: str, *, early: bool = False,
) -> int:  # fmt: skip
    paid_on, begins, fen = sale
    ends = plan.last_day(begins)
    if group_id is not None:
        groups.get(session, group_id)
    return session.insert(
        subscription, plan_id=plan.id, member_id=member_id, group_id=plan.group_id or group_id, starts_on=begins,
        ends_on=ends, paid_fen=fen, early=early, order_id=order_id, biz_date=paid_on, occurred_at=clock.now(),
        note=clean_lines(note, NOTE_LIMIT),
    )  # fmt: skip


def _changed(session: Session, clock: Clock, term_id: int, fen: int) -> TermChange:
    row = session.get(subscription, term_id)
    assert row is not None
    held = of_plan(session, clock, row.member_id, row.plan_id)
    left = _early_left(session, clock, get(session, row.plan_id))
    return TermChange(next(term for term in held.terms if term.id == term_id), held, fen, left)
