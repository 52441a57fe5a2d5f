"""生日券: rewards for birthdays, to whom they are due in the next days, and giving them (S1-27, S0-22)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from qunguan.domain.clock import Clock
from qunguan.domain.errors import Refused
from qunguan.domain.members import BirthdayDue
from qunguan.domain.rewards import BirthdayGift, GiftsGiven, Redemption, Reward
from qunguan.i18n import N_, _
from qunguan.services import members_view, rewards
from qunguan.services.groups import day_rule
from qunguan.store.session import Session

OCCASION = "birthday"
_SAME = timedelta(days=183)
"""A gift this long before a birthday was for it; the one of the year before was given about twice as long ago."""


def due(session: Session, clock: Clock, days: int) -> tuple[BirthdayGift, ...]:
    """Each open birthday reward for each birthday of the `days` days after today and of today: who gets it, and who has
    it but was not handed it yet; the nearest day first. Nobody is in two of the lists.
    """
    today = clock.today(day_rule(session))
    shelf = [
        row.reward
        for row in rewards.catalogue(session)
        if row.reward.occasion == OCCASION and row.reward.open(today) and (row.left != 0 or row.waiting)
    ]
    if not shelf:
        return ()
    born = members_view.birthdays(session, clock, days + 1)
    had = _had(session, shelf)
    found = []
    for day in dict.fromkeys(each.day for each in born):
        here = [each for each in born if each.day == day]
        found += [_gift(reward, day, here, had.get(reward.id, {})) for reward in shelf]
    return tuple(each for each in found if each.to_give or each.given)


def give(session: Session, clock: Clock, reward_id: int, day: date) -> GiftsGiven:
    """Give a birthday reward to everybody whose birthday falls on that day and who does not have it yet, as one step.

    Asked again it gives nothing twice. Whom the reward refuses (their share, the stock) is named with the reason.
    """
    reward = rewards.get(session, reward_id)
    today = clock.today(day_rule(session))
    born = [each for each in members_view.birthdays(session, clock, (day - today).days + 1) if each.day == day]
    found = _gift(reward, day, born, _had(session, [reward]).get(reward_id, {}))
    session.step(N_("Gave {reward} for birthdays"), reward=reward.name)
    given: list[Redemption] = []
    refused: list[tuple[str, str]] = []
    for person in found.to_give:
        try:
            done = rewards.give(session, clock, person.member_id, reward_id, reason=_("birthday"))
            given.append(done.redemption)
        except Refused as error:
            refused.append((person.name, str(error)))
    return GiftsGiven(reward, tuple(given), tuple(refused))


def _gift(
    reward: Reward, day: date, born: Sequence[BirthdayDue], had: dict[int, tuple[Redemption, ...]]
) -> BirthdayGift:
    own = {
        person.member_id: [each for each in had.get(person.member_id, ()) if day - _SAME < each.day <= day]
        for person in born
    }
    return BirthdayGift(
        reward,
        day,
        tuple(person for person in born if not own[person.member_id]),
        tuple(each for person in born for each in own[person.member_id] if each.state == "requested"),
    )


def _had(session: Session, shelf: Sequence[Reward]) -> dict[int, dict[int, tuple[Redemption, ...]]]:
    """Reward → member → their redemptions of it that were not cancelled."""
    found: dict[int, dict[int, tuple[Redemption, ...]]] = {}
    for reward in shelf:
        own = found.setdefault(reward.id, {})
        for each in rewards.redemptions(session, reward_id=reward.id):
            if each.state != "cancelled":
                own[each.member_id] = (*own.get(each.member_id, ()), each)
    return found
