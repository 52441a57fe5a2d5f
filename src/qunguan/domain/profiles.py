"""A member as the owner looks at them: roster line and card, with what they did and what they have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from qunguan.domain.members import MemberCard, MemberRow

EventKind = Literal["joined", "left", "alias", "checkin", "points"]


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One line of the roster on the screen.

    `streak` is the longest current streak among the challenges that run, None when the member is in none of them.
    """

    member: MemberRow
    points: int
    streak: int | None


@dataclass(frozen=True, slots=True)
class ChallengeStanding:
    """Where a member stands in one challenge, in slots; `total` counts check-ins. `open`: both still go on."""

    challenge_id: int
    challenge: str
    open: bool
    streak: int
    best: int
    total: int
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a member on `day`.

    `what` is the challenge, the group, the name or the reason; `state` the kind of check-in, of alias or of ledger
    entry, `change` the points and `source` where they come from ("checkin").
    """

    day: date
    kind: EventKind
    what: str
    state: str = ""
    change: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything the member's card shows. `events` are the newest first, `streak` as in `RosterLine`."""

    card: MemberCard
    next_birthday: date | None
    standings: tuple[ChallengeStanding, ...]
    points: int
    events: tuple[Event, ...]

    @property
    def streak(self) -> int | None:
        """The longest current streak among the challenges that go on."""
        return max((each.streak for each in self.standings if each.open), default=None)
