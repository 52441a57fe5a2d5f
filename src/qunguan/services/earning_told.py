"""What earning says about itself: how far each invitation has come, and why a deed earned what it did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from qunguan.domain.clock import Clock
from qunguan.domain.earning import (
    DEED_RULES,
    REFERRAL_DAYS,
    Deed,
    Invitation,
    Invited,
    InvitedState,
    first_stay,
    referral_of,
    times_text,
)
from qunguan.domain.points import AwardKey
from qunguan.domain.rosters import Reason
from qunguan.domain.sources import Brief
from qunguan.i18n import N_
from qunguan.services import points, rules
from qunguan.services.earning_referrals import referrals_due
from qunguan.services.groups import day_rule
from qunguan.store import earning_queries as queries
from qunguan.store.session import Session

_State = tuple[InvitedState, int]


def invitations(session: Session, clock: Clock) -> tuple[Invitation, ...]:
    """Everybody who was invited, those that ask for something first, then the newest: whom `reward_referrals` would
    reward, and why it would not reward the others. Each person stands here once.
    """
    today, days = clock.today(day_rule(session)), int(rules.value(session, REFERRAL_DAYS))
    found = referrals_due(session, clock)
    known: dict[int, _State] = {
        int(each.row.source_id): ("rewarded", each.left) if each.left > 0 else ("reversed", 0)
        for each in queries.paid_referrals(session)
        if each.left > 0 or each.by_hand
    }
    known |= {int(stay_id): ("cut", 0) for _inviter, stay_id in queries.cut_referrals(session)}
    known |= {line.referral.stay_id: ("due", line.points * line.multiplier_pct // 100) for line in found.due}
    known |= {each.stay_id: ("lost", each.points) for each in found.lost}
    told = []
    for own in queries.invited(session):
        stay = _invitation(own)
        if stay is not None:
            state = known.get(stay.id) or _state(own, stay, days, today)
            told.append((stay, stay.joined_on + timedelta(days=days) if stay.joined_on else None, state))
    people = {each.inviter_id or 0 for each, _on, _state in told} | {each.member_id for each, _on, _state in told}
    names = queries.somebody(session, people)
    lines = [
        Invitation(
            each.id, each.inviter_id or 0, names.get(each.inviter_id or 0, f"#{each.inviter_id}"), each.member_id,
            names.get(each.member_id, f"#{each.member_id}"), each.joined_on, counts_on, *state,
        )
        for each, counts_on, state in told
    ]  # fmt: skip
    return tuple(sorted(lines, key=_urgent))


def why_deed(session: Session, told: Deed) -> tuple[Reason, ...]:
    """Why a deed earned what it did: its rule, the multiplier it was booked with, the caps, what stands today."""
    rule_id = DEED_RULES[told.kind]
    rule = rules.state(session, rule_id).rule
    lines = [
        Reason.of(
            N_("{rule}: {n} points ({source})"), rule=Reason.of(rule.label), n=told.points, source=Brief(rule.source)
        )
    ]
    key = AwardKey(told.member_id, rule_id, "deed", str(told.id))
    booked = points.standing_of(session, [key]).get(key)
    if booked is None:
        label = N_("nothing was booked: a cap of the day, or the rule was off")
        return (*lines, Reason.of(label))
    award, left = booked
    if award.multiplier_pct != 100:
        lines.append(Reason.of(N_("a bonus day multiplied it: {times}"), times=times_text(award.multiplier_pct)))
    lines.append(Reason.of(N_("booked on {day}: {n} points"), day=told.day, n=award.amount))
    if award.amount < told.points * award.multiplier_pct // 100:
        lines.append(Reason.of(N_("a cap of the day cut the rest off")))
    if left != award.amount:
        lines.append(Reason.of(N_("{n} of them stand today"), n=left))
    return tuple(lines)


def _invitation(stays: Sequence[Invited]) -> Invited | None:
    """The stay that somebody else invited them to: the first one ever where that was one."""
    invited = [each for each in stays if each.inviter_id is not None and each.inviter_id != each.member_id]
    first = first_stay(stays)
    return first if first in invited else next(iter(invited), None)


def _state(stays: Sequence[Invited], stay: Invited, days: int, today: date) -> _State:
    """Where an invitation stands of which nothing is booked and nothing is due."""
    found = referral_of(stays, days)
    if found is not None:
        return ("waiting" if found.counts_on > today else "off"), 0
    return ("known" if stay is not first_stay(stays) or stay.joined_on is None else "left"), 0


def _urgent(line: Invitation) -> tuple[int, int, int]:
    asks = {"due": 0, "lost": 0, "waiting": 1}.get(line.state, 2)
    return asks, -(line.joined_on or date.min).toordinal(), line.stay_id
