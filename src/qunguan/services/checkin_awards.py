"""Points of check-ins: each earning record once, each streak tier once per run, a make-up at its cost.

Everything follows from what changed: a record that appears gives, one that goes takes back what it gave, and a tier
falls when no run is left that justifies it (semantics 3.2). Asking twice books once: the ledger knows the keys, and
what is booked keeps the multiplier of its day, whatever becomes of the bonus days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from qunguan.domain.challenges import Challenge
from qunguan.domain.checkins import (
    DONE,
    MAKEUP,
    NONE,
    PRESENT,
    Mark,
    Records,
    Run,
    Terms,
    newly_reached,
    settled_on,
    unfounded,
)
from qunguan.domain.clock import Clock
from qunguan.domain.points import Award, AwardKey
from qunguan.i18n import _
from qunguan.services import groups, points, rules
from qunguan.services.earning_days import multipliers
from qunguan.store.checkin_ledger import booked_since, paid_tiers, standing_spend
from qunguan.store.checkin_queries import earning_days
from qunguan.store.points_queries import last_entry_id
from qunguan.store.session import Session
from qunguan.values import frozen

CHECKIN_RULE, TIER_RULE = "checkin.points", "checkin.streak_tiers"


@frozen
class Change:
    """One record that changed: what it was and what it is, whether it earned and earns, whether a make-up costs."""

    member_id: int
    day: date
    old: Mark
    old_earns: bool
    new: Mark
    earns: bool
    costs: bool

    @property
    def gave(self) -> bool:
        """Whether the old record earned points."""
        return self.old in PRESENT and self.old_earns

    @property
    def gives(self) -> bool:
        """Whether the new record earns points."""
        return self.new in PRESENT and self.earns


@frozen
class Book:
    """The members a change touched: their runs before and after, their records and terms now."""

    challenge: Challenge
    before: Mapping[int, Sequence[Run]]
    after: Mapping[int, Sequence[Run]]
    records: Mapping[int, Records]
    terms: Mapping[int, Terms]


def settle(session: Session, clock: Clock, book: Book, changes: Sequence[Change]) -> dict[int, int]:
    """Book what these changes give and take; returns the signed sum by member.

    Raises Refused when a make-up costs more than the member has.
    """
    before = last_entry_id(session)
    today = clock.today(groups.day_rule(session))  # the ledger's day, where groups have days of their own
    for change in changes:
        _pay(session, clock, book.challenge, change)
    lost = [_checkin_key(book.challenge, change) for change in changes if change.gave and not change.gives]
    points.take_back(session, clock, [*lost, *_fallen(session, book, changes)])
    awards = [*_checkins(session, book, changes, today), *_reached(session, book, changes, today)]
    points.award_many(session, clock, awards)
    return booked_since(session, before, {change.member_id for change in changes})


def _checkin_key(found: Challenge, change: Change) -> AwardKey:
    return AwardKey(change.member_id, CHECKIN_RULE, "checkin", f"{found.id}:{change.day}")


def _tier_source(challenge_id: int, run_start: date, tier: int) -> str:
    return f"{challenge_id}:{run_start}:{tier}"


def _booked_on(change: Change, today: date) -> date:
    """A make-up earns today; a check-in on its day, even when it is pasted late."""
    return min(change.day, today) if change.new == DONE else today


def _checkins(session: Session, book: Book, changes: Iterable[Change], today: date) -> Iterable[Award]:
    """The awards of the records themselves."""
    found = book.challenge
    if not found.points or not rules.state(session, CHECKIN_RULE).enabled:
        return
    giving = [(change, _booked_on(change, today)) for change in changes if change.gives and not change.gave]
    percents = multipliers(session, CHECKIN_RULE, (day for change, day in giving if change.new == DONE))
    for change, day in giving:
        percent = percents[day] if change.new == DONE else 100  # a make-up earns nothing that goes by time
        member_id, rule_id, source_type, source_id = _checkin_key(found, change)
        yield Award(member_id, rule_id, found.points, source_type, source_id, day, found.name, percent)


def _pay(session: Session, clock: Clock, found: Challenge, change: Change) -> None:
    """A make-up costs when it is made, and gives the points back when it goes. Told history costs nothing."""
    key = f"makeup:{found.id}:{change.day}:"
    if change.new == MAKEUP and change.costs and found.makeup_cost:
        reason = _("Make-up of {day} in {challenge}", day=change.day, challenge=found.name)
        key += str(session.step_id)  # a day can be made up, taken away and made up again
        points.spend(session, clock, change.member_id, found.makeup_cost, reason=reason, key=key)
    elif change.old == MAKEUP:
        spent = standing_spend(session, change.member_id, key)
        if spent is not None:
            points.reverse(session, clock, spent, reason=_("The make-up was taken away"))


def _reached(session: Session, book: Book, changes: Sequence[Change], today: date) -> Iterable[Award]:
    """The awards for tiers that are reached now and were not before."""
    found = book.challenge
    if not found.tiers or not rules.state(session, TIER_RULE).enabled:
        return
    triggers: dict[int, date] = {}
    for change in changes:
        if change.new != NONE:  # a frozen day that closes a gap can complete a run, too
            day = _booked_on(change, today)
            triggers[change.member_id] = max(day, triggers.get(change.member_id, day))
    reached = [
        (member_id, tier, run, _settled(book, member_id, run, tier))
        for member_id in triggers
        for tier in found.tiers
        for run in newly_reached(tier, book.before.get(member_id, ()), book.after.get(member_id, ()))
    ]
    earning = earning_days(session, found.id, [(member_id, settled) for member_id, _tier, _run, settled in reached])
    mended = {change.member_id for change in changes if change.new not in (NONE, DONE)}
    paying = [
        (min(max(triggers[member_id], settled), today), member_id, tier, run)
        for member_id, tier, run, settled in reached
        if (member_id, settled) in earning
    ]
    percents = multipliers(session, TIER_RULE, (day for day, *_rest in paying))
    for day, member_id, tier, run in paying:
        percent = 100 if member_id in mended else percents[day]  # mending a run on a bonus day does not double it
        source = _tier_source(found.id, run.start, tier)
        yield Award(member_id, TIER_RULE, found.tiers[tier], "streak", source, day, found.name, percent)


def _fallen(session: Session, book: Book, changes: Iterable[Change]) -> Iterable[AwardKey]:
    """The awards for tiers that no run justifies any more."""
    found = book.challenge
    ids = list(dict.fromkeys(change.member_id for change in changes if change.old != NONE))
    for (member_id, tier), starts in paid_tiers(session, found.id, ids).items() if ids else ():
        after = book.after.get(member_id, ())
        for start in unfounded(tier, starts, after, _claimable(session, book, member_id, tier, starts)):
            yield AwardKey(member_id, TIER_RULE, "streak", _tier_source(found.id, start, tier))


def _claimable(session: Session, book: Book, member_id: int, tier: int, starts: Iterable[date]) -> list[Run]:
    """Runs that could have earned the tier themselves, but carry no award."""
    own = list(starts)
    runs = {
        (member_id, _settled(book, member_id, run, tier)): run
        for run in book.after.get(member_id, ())
        if run.count >= tier and not any(run.start <= start <= run.end for start in own)
    }
    earning = earning_days(session, book.challenge.id, list(runs))
    return [run for key, run in runs.items() if key in earning]


def _settled(book: Book, member_id: int, run: Run, tier: int) -> date:
    """The day whose record brought the run to the tier."""
    terms = book.terms[member_id]
    return settled_on(terms.cadence.slot_at(run.places[tier - 1]), book.records[member_id], terms)
