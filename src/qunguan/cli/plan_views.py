"""Plans and memberships as documents and as lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from qunguan.cli.command import columns, known
from qunguan.domain.money import short_yuan
from qunguan.domain.plan_words import early_text, left_text, length, price_text, rate_text, stage_text, used_text
from qunguan.domain.plans import STATUSES, Due, Membership, Plan, PlanRow, RenewalRate, Term, months_later
from qunguan.domain.shares import with_base
from qunguan.i18n import _

BEGINNING: Final = date(1900, 1, 1)
"""The first day of a rate over all that ever came due."""


def plan(one: Plan) -> dict[str, Any]:
    """A plan as it was made."""
    return {
        "id": one.id,
        "name": one.name,
        "group_id": one.group_id,
        "term_days": one.term_days,
        "ends_on": one.ends_on,
        "early_places": one.early_places,
        "early_gift": one.early_gift,
        "refund_days": one.refund_days,
        "grace_days": one.grace_days,
        "note": one.note,
        "retired_on": one.retired_on,
        "prices": [
            {"id": step.id, "from": step.from_day, "places": step.places, "price_fen": step.price_fen}
            for step in one.prices
        ],
        "benefits": [
            {
                "id": each.id,
                "name": each.name,
                "scarce": each.scarce,
                "quota": each.quota,
                "retired_on": each.retired_on,
            }
            for each in one.benefits
        ],
    }


def plan_row(row: PlanRow) -> dict[str, Any]:
    """A plan with what was sold of it."""
    return plan(row.plan) | {
        "price_fen": row.price_fen,
        "places_left": row.places_left,
        "early_left": row.early_left,
        "members": row.members,
        "grace": row.grace,
        "sold": row.sold,
        "net_fen": row.net_fen,
        "gifts_owed": [{"member_id": who, "name": name} for who, name in row.gifts_owed],
    }


def plan_lines(found: Sequence[PlanRow]) -> list[str]:
    """The plans for people."""
    if not found:
        return [_("There is no plan yet. Next: qunguan plan add NAME --price 299")]
    rows = [
        (f"#{row.plan.id}", row.plan.name, length(row.plan), price_text(row.price_fen), known(row.places_left),
         row.members, row.grace, short_yuan(row.net_fen), early_text(row) or "—")
        for row in found
    ]  # fmt: skip
    head = (
        _("id"),
        _("membership"),
        _("term"),
        _("price"),
        _("places left"),
        _("members"),
        _("in grace"),
        _("net"),
        _("early places"),
    )
    return columns(head, rows, right=(3, 4, 5, 6, 7))


def plan_page(row: PlanRow, found: RenewalRate) -> Iterator[str]:
    """One plan for people."""
    one = row.plan
    yield _("{name} (#{id}): {length}, {n} run, {grace} in grace", name=one.name, id=one.id, length=length(one),
            n=row.members, grace=row.grace)  # fmt: skip
    yield _("sold {n} times, net {yuan} yuan; joining costs {price} today", n=row.sold, yuan=short_yuan(row.net_fen),
            price=price_text(row.price_fen))  # fmt: skip
    yield _("paid back within {refund} days, grace of {grace} days", refund=one.refund_days, grace=one.grace_days)
    if row.early_left is not None:
        yield early_text(row)
    if row.gifts_owed:
        yield _("early gifts owed to {names}", names="、".join(name for _who, name in row.gifts_owed))
    yield rate_text(found)
    yield from ("", *price_lines(one), "", *benefit_lines(one))


def price_lines(one: Plan) -> list[str]:
    """The price steps of a plan."""
    rows = [(f"#{step.id}", step.from_day, known(step.places), price_text(step.price_fen)) for step in one.prices]
    return (
        columns((_("id"), _("from"), _("how many places"), _("price")), rows, right=(2, 3))
        if rows
        else [_("no price yet")]
    )


def benefit_lines(one: Plan) -> list[str]:
    """What a plan brings."""
    rows = [
        (each.name, _("scarce") if each.scarce else _("basic"), known(each.quota), known(each.retired_on))
        for each in one.benefits
    ]
    head = (_("benefit"), _("kind"), _("in one term"), _("taken out"))
    return columns(head, rows, right=(2,)) if rows else [_("no benefits yet")]


def membership(one: Membership) -> dict[str, Any]:
    """How somebody stands with a plan."""
    found = one.standing
    return {
        "member_id": one.member_id,
        "name": one.name,
        "plan_id": one.plan_id,
        "plan": one.plan,
        "status": found.status,
        "joined_on": found.joined_on,
        "until": found.until,
        "days_left": one.days_left,
        "grace_until": found.grace_until,
        "guest": one.term.guest,
        "paid_fen": one.paid_fen,
        "gift_owed": one.gift_owed,
        "benefits": [
            {"name": used.benefit.name, "scarce": used.benefit.scarce, "quota": used.benefit.quota, "used": used.used,
             "left": used.left}
            for used in one.used
        ],
        "terms": [term(each) for each in one.terms],
    }  # fmt: skip


def term(one: Term) -> dict[str, Any]:
    """One term."""
    return {
        "id": one.id,
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "day": one.day,
        "paid_fen": one.paid_fen,
        "early": one.early,
        "gift_on": one.gift_on,
        "order_id": one.order_id,
        "refunded_on": one.refunded_on,
        "refund_fen": one.back_fen,
        "reason": one.reason,
        "note": one.note,
    }


def membership_lines(found: Sequence[Membership]) -> list[str]:
    """Memberships for people, one a line."""
    if not found:
        return [_("Nobody. Next: qunguan membership sell MEMBER PLAN")]
    rows = [
        (one.name, one.plan, _(STATUSES[one.standing.status]), known(one.standing.until), left_text(one),
         " ".join(map(used_text, one.used)) or "—")
        for one in found
    ]  # fmt: skip
    return columns((_("name"), _("membership"), _("status"), _("runs until"), _("days left"), _("benefits used")), rows)


def due(one: Due) -> dict[str, Any]:
    """A renewal to be asked for."""
    return membership(one.membership) | {"stage": one.stage, "days": one.days, "today": one.today}


def due_lines(found: Sequence[Due]) -> list[str]:
    """Renewals for people; today's are marked."""
    if not found:
        return [_("No renewal is due")]
    rows = [
        ("●" if one.today else "·", one.membership.name, one.membership.plan, known(one.membership.standing.until),
         left_text(one.membership), stage_text(one))
        for one in found
    ]  # fmt: skip
    return columns(("", _("name"), _("membership"), _("runs until"), _("days left"), _("stage")), rows)


def months(first: date, last: date) -> list[tuple[date, date]]:
    """The months from day to day, the first and the last of them perhaps in part."""
    found, begins = [], first
    while begins <= last:
        following = months_later(begins.replace(day=1), 1)
        found.append((begins, min(last, following - timedelta(days=1))))
        begins = following
    return found


def rate(found: RenewalRate) -> dict[str, Any]:
    """A renewal rate with its n."""
    return {
        "from": None if found.first == BEGINNING else found.first,
        "to": found.last,
        "due": found.due,
        "renewed": found.renewed,
        "open": found.open,
        "rate": found.rate,
    }


def rate_lines(found: Iterable[RenewalRate]) -> list[str]:
    """Renewal rates of months."""
    rows = [
        (f"{one.first:%Y-%m}", one.due, one.renewed, one.open, with_base(one.rate, one.due)) for one in found
    ]  # fmt: skip
    head = (_("month"), _("came due"), _("renewed"), _("may still be renewed"), _("renewal rate"))
    return columns(head, rows, right=(1, 2, 3, 4))
