"""Paid membership: plans, the terms sold of them, and what follows from their days (semantics 3.16).

Nothing here is kept: whether somebody is new, current, in grace or expired, what is due and the renewal rate follow
from the terms and the day that is asked about. Money is integer fen; first and last days are both included.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, Literal

from qunguan.domain.errors import Refused
from qunguan.i18n import N_
from qunguan.values import frozen

Status = Literal["pending", "new", "current", "grace", "expired", "refunded"]
STATUSES: Final[dict[Status, str]] = {
    "new": N_("new here"),
    "current": N_("in force"),
    "pending": N_("not begun"),
    "grace": N_("in grace"),
    "expired": N_("has ended"),
    "refunded": N_("paid back"),
}
"""The message ID of each status."""
RUNNING: Final[frozenset[Status]] = frozenset(("new", "current"))
STAGES: Final = ("plan.due_far", "plan.due_near", "plan.due_end", "plan.due_after")
"""The rules that say when a renewal is asked for: three of days before the last day, one of days after it."""
LAST_YEAR: Final = 2999
_DAY: Final = timedelta(days=1)


@frozen
class PriceStep:
    """What a plan costs from a day on; with `places` only so many who join pay it."""

    id: int
    from_day: date
    places: int | None
    price_fen: int


@frozen
class Benefit:
    """What a plan brings: basic or scarce (S3-32); `quota` is how often in one term, None: without a count."""

    id: int
    name: str
    scarce: bool
    quota: int | None
    retired_on: date | None = None


@frozen
class Plan:
    """What is sold: of a fixed length (`term_days`) or to a fixed last day for everybody (`ends_on`), one of the two.

    `early_places` is how many of those who join first get the `early_gift` (S3-33). `refund_days` after the sale it is
    paid back without asking why; through `grace_days` after the last day it counts as renewed in time.
    """

    id: int
    name: str
    group_id: int | None
    term_days: int | None
    ends_on: date | None
    early_places: int
    early_gift: str
    refund_days: int
    grace_days: int
    note: str = ""
    retired_on: date | None = None
    prices: tuple[PriceStep, ...] = ()
    benefits: tuple[Benefit, ...] = ()

    def last_day(self, starts_on: date) -> date:
        """The last day of a term that begins on a day. Raises Refused where there is none."""
        if self.ends_on is not None:
            if starts_on > self.ends_on:
                raise Refused("the plan {plan} ends on {day}: a term from {start} has no day left",
                              hint="move its end first: qunguan plan edit", plan=self.name, day=self.ends_on,
                              start=starts_on)  # fmt: skip
            return self.ends_on
        assert self.term_days is not None
        if starts_on.toordinal() + self.term_days > date(LAST_YEAR, 12, 31).toordinal():
            raise Refused("a term from {start} would end beyond the calendar", start=starts_on)
        return starts_on + timedelta(days=self.term_days - 1)


@frozen
class Term:
    """One term as of a day. `day` is of the sale; `refunded_on` the day its money went back, `back_fen` how much.

    A term that was paid back covers no day from `refunded_on` on. With `order_id` its money is that of the order.
    """

    id: int
    plan_id: int
    member_id: int
    group_id: int | None
    starts_on: date
    ends_on: date
    paid_fen: int
    day: date
    early: bool = False
    gift_on: date | None = None
    order_id: int | None = None
    note: str = ""
    refunded_on: date | None = None
    back_fen: int = 0
    reason: str = ""

    @property
    def live(self) -> bool:
        """Whether it was not paid back."""
        return self.refunded_on is None

    @property
    def guest(self) -> bool:
        """Nothing was paid: a guest, who is not asked to renew."""
        return self.paid_fen == 0

    def covers(self, day: date) -> bool:
        """Whether a day is one of it."""
        return self.live and self.starts_on <= day <= self.ends_on


@frozen
class Standing:
    """How somebody stands with a plan on a day. `joined_on` and `until` are of the terms that count, None where all
    were paid back; `grace_until` is the last day of grace.
    """

    status: Status
    joined_on: date | None
    until: date | None
    grace_until: date | None
    new_until: date | None = None


@frozen
class Used:
    """A benefit and how often it was used in the term in force; `left` None: without a count."""

    benefit: Benefit
    used: int

    @property
    def left(self) -> int | None:
        """How often it may still be used."""
        return None if self.benefit.quota is None else max(self.benefit.quota - self.used, 0)


@frozen
class Membership:
    """Somebody and a plan as of `day`. `term` is the one in force, else the last that counts, else the last of all.

    `used` are the plan's benefits in that term. `gift_owed`: has an early place and not yet its gift.
    """

    day: date
    member_id: int
    name: str
    plan_id: int
    plan: str
    standing: Standing
    term: Term
    terms: tuple[Term, ...]
    used: tuple[Used, ...]
    gift: str = ""

    @property
    def key(self) -> int:
        """What lists know it by: the id of its first term."""
        return self.terms[0].id

    @property
    def days_left(self) -> int | None:
        """Days from today to the last one, 0 on it, negative after it."""
        return None if self.standing.until is None else (self.standing.until - self.day).days

    @property
    def paid_fen(self) -> int:
        """What was paid for all terms, less what went back."""
        return sum(term.paid_fen - term.back_fen for term in self.terms)

    @property
    def gift_owed(self) -> bool:
        """Whether an early gift waits to be handed over."""
        return any(term.live and term.early and term.gift_on is None for term in self.terms)


@frozen
class Due:
    """Somebody whose renewal is to be asked for: the rule of `stage` was reached last, `days` as it says, `today` when
    that is this very day.
    """

    membership: Membership
    stage: str
    days: int
    today: bool


@frozen
class RenewalRate:
    """Of the terms that ended from `first` to `last`, how many were renewed within grace; `open` may still be."""

    first: date
    last: date
    due: int
    renewed: int
    open: int

    @property
    def rate(self) -> float | None:
        """Renewed ÷ came due, 0 to 1 (semantics 3.7); None where nothing came due."""
        return self.renewed / self.due if self.due else None


@frozen
class Sale:
    """Money of a membership on its own day: what was paid, or, negative, what went back."""

    day: date
    member_id: int
    group_id: int | None
    plan: str
    fen: int


@frozen
class PlanRow:
    """A plan as a list shows it, as of a day. `price_fen` is what joining costs that day, None while nothing is asked;
    `early_left` None where there are no early places. `members` run, `gifts_owed` are (member id, name).
    """

    plan: Plan
    price_fen: int | None
    places_left: int | None
    early_left: int | None
    members: int
    grace: int
    sold: int
    net_fen: int
    gifts_owed: tuple[tuple[int, str], ...]


@frozen
class Overview:
    """All that a room of memberships shows of a day: who has what, who is due, the plans, the renewal rate."""

    memberships: tuple[Membership, ...]
    due: tuple[Due, ...]
    plans: tuple[PlanRow, ...]
    rate: RenewalRate


@frozen
class TermChange:
    """What was done to a membership: the term it was about, how the membership stands now, and the money that moved."""

    term: Term
    membership: Membership
    fen: int
    early_left: int | None = None


@frozen
class UseChange:
    """A benefit that was used: how often now, and how often it still may be."""

    membership: Membership
    benefit: str
    times: int
    used: Used


def months_later(day: date, months: int) -> date:
    """The same day so many months later, the last of the month where it has no such day."""
    place = day.year * 12 + day.month - 1 + months
    year, month = place // 12, place % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def standing(terms: Iterable[Term], day: date, *, new_months: int | None, grace_days: int) -> Standing:
    """How the terms of one member and plan stand on a day; first match wins (semantics 3.16).

    Terms sold after the day are not to be among them. A term that was paid back counts for nothing; where all were,
    that is the status. `new_months` None: nobody counts as new.
    """
    live = [term for term in terms if term.live]
    if not live:
        return Standing("refunded", None, None, None)
    joined, until = min(term.starts_on for term in live), max(term.ends_on for term in live)
    grace = until + timedelta(days=grace_days)
    new_until = months_later(joined, new_months) - _DAY if new_months else None
    if any(term.covers(day) for term in live):
        status: Status = "new" if new_until is not None and day <= new_until else "current"
    elif day < until:
        status = "pending"
    else:
        status = "grace" if day <= grace else "expired"
    return Standing(status, joined, until, grace, new_until)


def renewal_start(until: date, day: date, *, grace_days: int, in_grace: str) -> date:
    """The first day of a renewal paid on a day: it continues while the last term runs, and begins with the payment once
    that has ended (semantics 3.16); in grace as `in_grace` says, "payment" or "end".
    """
    if day <= until or (in_grace == "end" and day <= until + timedelta(days=grace_days)):
        return until + _DAY
    return day


def joins(terms: Iterable[Term]) -> list[Term]:
    """Of the terms of one plan those that are the first of somebody by the day of the sale; none that was paid back."""
    first: dict[int, Term] = {}
    for term in sorted((one for one in terms if one.live), key=lambda one: (one.starts_on, one.id)):
        first.setdefault(term.member_id, term)
    return sorted(first.values(), key=lambda one: (one.day, one.id))


def early_left(plan: Plan, terms: Iterable[Term]) -> int | None:
    """How many early places are left; who was paid back gives theirs back. None where the plan has none."""
    if not plan.early_places:
        return None
    return max(plan.early_places - sum(term.early for term in terms if term.live), 0)


def places_left(step: PriceStep, joined: Iterable[Term]) -> int | None:
    """How many places of a price are left after these first terms; guests take none. None: as many as come."""
    if step.places is None:
        return None
    taken = sum(term.day >= step.from_day and (not term.guest or step.price_fen == 0) for term in joined)
    return max(step.places - taken, 0)


def price_on(
    plan: Plan, day: date, joined: Sequence[Term], *, renewal: bool = False
) -> tuple[PriceStep | None, int | None]:
    """The price on a day and the places left of it: the newest step, one with places before one without.

    Places are for those who join; a renewal pays the newest price without places, where there is none the newest.
    """
    steps = sorted(
        (step for step in plan.prices if step.from_day <= day),
        key=lambda step: (step.from_day, step.places is not None, step.id),
        reverse=True,
    )
    if renewal:
        return next((step for step in steps if step.places is None), next(iter(steps), None)), None
    for step in steps:
        left = places_left(step, joined)
        if left != 0:
            return step, left
    return None, None


def stage_of(until: date, day: date, stages: Sequence[tuple[str, int]]) -> tuple[str, int, bool] | None:
    """The stage of a renewal reached last: (rule, its days after the last day, whether that is today).

    `stages` are (rule, days after the last day, negative before it). None before the first.
    """
    passed = (day - until).days
    reached = [(days, rule) for rule, days in stages if days <= passed]
    if not reached:
        return None
    days, rule = max(reached)
    return rule, days, days == passed


def renewal_rate(
    chains: Iterable[Sequence[Term]], first: date, last: date, day: date, grace_days: Callable[[int], int]
) -> RenewalRate:
    """续费率 of the terms that ended from `first` to `last`, as of `day` (semantics 3.7).

    `chains` are the terms of each member and plan; `grace_days` gives those of a plan by id. Guests and terms that were
    paid back are not asked to renew and do not count.
    """
    due = renewed = still_open = 0
    for chain in chains:
        live = sorted((term for term in chain if term.live), key=lambda term: (term.starts_on, term.id))
        for term, following in [*pairwise(live), *((one, None) for one in live[-1:])]:
            if term.guest or not first <= term.ends_on <= min(last, day):
                continue
            grace = term.ends_on + timedelta(days=grace_days(term.plan_id))
            due += 1
            if following is not None and following.day <= grace:
                renewed += 1
            elif day <= grace:
                still_open += 1
    return RenewalRate(first, last, due, renewed, still_open)
