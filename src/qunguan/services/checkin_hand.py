"""Which challenge of a group is in hand: the one that was chosen last, or else the newest that is under way."""

from __future__ import annotations

from qunguan.domain.challenges import Challenge
from qunguan.domain.clock import Clock
from qunguan.services import challenges, groups
from qunguan.services.memory import recall, remember
from qunguan.store.session import Session

_CHOSEN = "checkins.challenge.{}"


def in_hand(session: Session, clock: Clock, group_id: int) -> Challenge | None:
    """The challenge to show for a group, None while it has none."""
    known = challenges.all_challenges(session, group_id)
    chosen = recall(session, _CHOSEN.format(group_id))
    today = clock.today(groups.day_rule(session, group_id))
    ranked = sorted(known, key=lambda each: (each.id != chosen, not each.is_open(today), each.starts_on > today))
    return ranked[0] if ranked else None


def take(session: Session, clock: Clock, challenge_id: int) -> Challenge:
    """Take a challenge in hand, for this run of the program and the next. Raises NotFound."""
    found = challenges.get(session, challenge_id)
    remember(session, _CHOSEN.format(found.group_id), challenge_id)
    return found
