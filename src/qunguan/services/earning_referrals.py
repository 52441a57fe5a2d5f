"""Referrals: who brought whom follows from the stays; rewarding them books each once (semantics 3.11, S1-10)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from qunguan.domain.clock import Clock
from qunguan.domain.earning import (
    REFERRAL_DAYS,
    REFERRAL_RULE,
    Invited,
    LostReferral,
    Referral,
    ReferralLine,
    ReferralOutcome,
    ReferralsDue,
    referral_of,
)
from qunguan.domain.points import Award, AwardKey
from qunguan.i18n import N_
from qunguan.services import rules
from qunguan.services.earning_days import multipliers
from qunguan.services.groups import day_rule
from qunguan.store import earning_queries as queries
from qunguan.store.session import Session

_SOURCE = "referral"


def referrals(
    session: Session, as_of: date, group_id: int | None = None, *, inviters: Sequence[int] | None = None
) -> tuple[Referral, ...]:
    """Every invitation that counts by the end of `as_of`, by the day it began to count; of one group or of all, and of
    these inviters (None: of all).
    """
    days, wanted = int(rules.value(session, REFERRAL_DAYS)), None if inviters is None else set(inviters)
    found = (referral_of(stays, days) for stays in queries.invited(session, inviters))
    counted = [
        each
        for each in found
        if each and each.counts_on <= as_of and group_id in (None, each.group_id)
        and (wanted is None or each.inviter_id in wanted)
    ]  # fmt: skip
    return tuple(sorted(counted, key=lambda each: (each.counts_on, each.stay_id)))


def referrals_due(session: Session, clock: Clock, *, since: date | None = None) -> ReferralsDue:
    """The referrals that count (from `since` on) and were not rewarded yet, and rewarded ones whose ground is gone.

    What the owner reversed by hand, and what a cap left nothing of, is not due again. With the rule off or at 0 points
    nothing is due.
    """
    today = clock.today(day_rule(session))
    stays = {own[0].member_id: own for own in queries.invited(session)}
    paid = queries.paid_referrals(session)
    settled = {(each.row.member_id, each.row.source_id) for each in paid if each.left > 0 or each.by_hand}
    settled |= queries.cut_referrals(session)
    base = rules.limit(session, REFERRAL_RULE) or 0
    waiting = [
        each
        for each in referrals(session, today)
        if base and (each.inviter_id, str(each.stay_id)) not in settled and (since is None or each.counts_on >= since)
    ]
    gone = _gone(session, stays, [each for each in paid if each.left > 0])
    lost = [(int(each.row.source_id), each.row.member_id, each.left) for each in gone]
    people = {each.inviter_id for each in waiting} | {each.invitee_id for each in waiting}
    names = queries.somebody(session, people | {inviter for _stay, inviter, _left in lost})
    percents = multipliers(session, REFERRAL_RULE, [each.counts_on for each in waiting])
    return ReferralsDue(
        tuple(
            ReferralLine(each, names[each.inviter_id], names.get(each.invitee_id, f"#{each.invitee_id}"), base,
                         percents[each.counts_on])
            for each in waiting
            if each.inviter_id in names
        ),
        tuple(LostReferral(stay, inviter, names.get(inviter, f"#{inviter}"), left) for stay, inviter, left in lost),
    )  # fmt: skip


def reward_referrals(session: Session, clock: Clock, *, since: date | None = None) -> ReferralOutcome:
    """Book every due referral on the day it began to count, once, and take back those whose ground is gone."""
    from qunguan.services.points_awards import award_many, take_back

    found = referrals_due(session, clock, since=since)
    if not (found.due or found.lost):
        return ReferralOutcome((), (), 0, 0)
    session.step(N_("Rewarded {n} referrals"), n=len(found.due))
    lost = [AwardKey(each.inviter_id, REFERRAL_RULE, _SOURCE, str(each.stay_id)) for each in found.lost]
    take_back(session, clock, lost)
    booked = award_many(session, clock, [_award(line) for line in found.due])
    return ReferralOutcome(found.due, found.lost, sum(each.amount for each in booked), sum(each.cut for each in booked))


def _award(line: ReferralLine) -> Award:
    found = line.referral
    return Award(
        found.inviter_id, REFERRAL_RULE, line.points, _SOURCE, str(found.stay_id), found.counts_on,
        multiplier_pct=line.multiplier_pct,
    )  # fmt: skip


def _gone(session: Session, stays: dict[int, list[Invited]], paid: list[queries.Paid]) -> list[queries.Paid]:
    """The paid referrals that count neither by the days in force now nor by those they were booked under: a rule
    changed later takes nothing back."""
    if not paid:
        return []
    owner = {stay.id: member_id for member_id, own in stays.items() for stay in own}
    now, then = int(rules.value(session, REFERRAL_DAYS)), _days_then(session)

    def stands(each: queries.Paid) -> bool:
        """Whether the invitation that was rewarded still counts, by the days asked for now or those of back then."""
        stay_id, inviter_id = int(each.row.source_id), each.row.member_id
        own = stays.get(owner.get(stay_id, 0))
        if own is None:
            return False
        found = (referral_of(own, days) for days in {now, then(each.row.occurred_at)})
        return any(one and (one.stay_id, one.inviter_id) == (stay_id, inviter_id) for one in found)

    return [each for each in paid if not stands(each)]


def _days_then(session: Session) -> Callable[[datetime], int]:
    """The days the rule asked for at a moment."""
    changes = rules.history(session, REFERRAL_DAYS)  # newest first
    shipped = rules.state(session, REFERRAL_DAYS).rule.value

    def then(at: datetime) -> int:
        """The days a newcomer had to stay by the rule in force at that moment."""
        own = next((each.value for each in changes if each.at <= at), None)
        return int(shipped if own is None else own)

    return then
