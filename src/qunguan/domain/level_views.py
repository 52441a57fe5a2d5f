"""What the program answers about levels: ladders, who stands where, who moves, what a level gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

from qunguan.domain.levels import Cause, Measured, Standing, Terms, Version, in_force
from qunguan.domain.text import match_key
from qunguan.values import frozen

Period = Literal["once", "month", "year"]
"""How often a benefit's quota begins anew: never, each calendar month, each calendar year."""


@frozen
class LadderVersion:
    """Terms as saved: from when, why, and when that was."""

    from_day: date
    terms: Terms
    reason: str


@frozen
class Ladder:
    """A ladder with its versions in the order they were saved. `preset` is the shipped one it came from, or ""."""

    id: int
    name: str
    preset: str
    current: bool
    versions: tuple[LadderVersion, ...]

    @property
    def judged(self) -> tuple[Version, ...]:
        """The versions as `levels.path` takes them."""
        return tuple(Version(each.from_day, each.terms) for each in self.versions)

    @property
    def first_day(self) -> date:
        """The day the ladder began."""
        return min(each.from_day for each in self.versions)

    def terms(self, day: date) -> Terms:
        """The terms of a day; before the first day the first ones."""
        found = in_force(self.judged, max(day, self.first_day))
        assert found is not None
        return found.terms


@frozen
class Benefit:
    """What a level gives: to its rank and the ranks above, unless they have their own of the same name.

    `quota` None is without limit. `closed_on` is the first day it is no longer given.
    """

    id: int
    rank: int
    name: str
    quota: int | None
    period: Period
    note: str
    closed_on: date | None = None


@frozen
class BenefitLeft:
    """A benefit a member has on a day, with what they have used of it in the running period and what is left."""

    benefit: Benefit
    used: int

    @property
    def left(self) -> int | None:
        """How often it can still be used, None without limit."""
        return None if self.benefit.quota is None else max(0, self.benefit.quota - self.used)


@frozen
class BenefitUsed:
    """What came of using a benefit."""

    member_id: int
    name: str
    benefit: Benefit
    quantity: int
    day: date
    left: int | None


@frozen
class LevelCount:
    """How many members stand on a level."""

    rank: int
    name: str
    members: int


@frozen
class MemberLevel:
    """Where a member stands on a day: the rank, what it is called, and the standing that says why and how long.

    `since` is the day from which they have been on this rank without a break.
    """

    member_id: int
    rank: int
    level: str
    since: date
    standing: Standing


@frozen
class Move:
    """A member who goes from one level to another on a day. `lost` are the benefits that go with it, by name."""

    member_id: int
    name: str
    day: date
    from_rank: int
    from_level: str
    to_rank: int
    to_level: str
    cause: Cause
    why: tuple[Measured, ...] = ()
    lost: tuple[str, ...] = ()
    reason: str = ""

    @property
    def up(self) -> bool:
        """Whether it is a rise."""
        return self.to_rank > self.from_rank


@frozen
class Moves:
    """Who rose and who fell, in order of days, then of names; from `first` to `last`, both included."""

    first: date
    last: date
    rises: tuple[Move, ...]
    falls: tuple[Move, ...]


@frozen
class Overview:
    """A ladder on a day: its levels with how many stand there, and who moved in the days up to it."""

    ladder: str
    day: date
    levels: tuple[LevelCount, ...]
    moves: Moves


@frozen
class Preview:
    """What saving terms would do on a day: the levels as they would be then, and who would move."""

    ladder: str
    day: date
    levels: tuple[LevelCount, ...]
    rises: tuple[Move, ...]
    falls: tuple[Move, ...]


@frozen
class NextLevel:
    """The next level and what is missing to it: each way there, nearest first, as measured conditions."""

    rank: int
    level: str
    ways: tuple[tuple[Measured, ...], ...]


@frozen
class LevelLine:
    """A member as a line of a list: where they stand, and what is missing to the next level (None at the top)."""

    stands: MemberLevel
    name: str
    next: NextLevel | None


@frozen
class LevelCard:
    """One member on a ladder: where they stand, how they came there, what is next, what they have of it.

    `path` are the moves and renewals, newest first. `source` says where the ladder's terms come from.
    """

    member_id: int
    name: str
    ladder: str
    day: date
    now: MemberLevel
    path: tuple[tuple[str, Standing], ...]
    next: NextLevel | None
    benefits: tuple[BenefitLeft, ...]
    source: str


@frozen
class AtRisk:
    """Somebody whose level is about to be lost if nothing comes in: the last day it is held, what follows, and what
    they have against what keeps it."""

    member_id: int
    name: str
    level: str
    last_day: date
    to_level: str
    cause: Cause
    why: tuple[Measured, ...]


@frozen
class Survey:
    """A ladder today, everything at once: each member's rank, who moved in the last `back` days, and whose level is
    lost within `ahead` days. Without ranks before the ladder begins.
    """

    ladder: Ladder
    day: date
    levels: tuple[LevelCount, ...]
    ranks: Mapping[int, int]
    moves: Moves
    risks: tuple[AtRisk, ...]
    back: int
    ahead: int

    @property
    def terms(self) -> Terms:
        """The terms of the day."""
        return self.ladder.terms(self.day)


@frozen
class Draft:
    """A ladder as a file tells it: its name ("" when it does not say), its terms, and the benefits of its levels."""

    name: str
    terms: Terms
    benefits: tuple[Benefit, ...] = ()
    source: str = ""


def given(benefits: Iterable[Benefit], rank: int, day: date) -> tuple[Benefit, ...]:
    """What a rank has on a day: of each name the benefit of the highest rank up to it, in order of ranks."""
    found: dict[str, Benefit] = {}
    for each in sorted(benefits, key=lambda benefit: (benefit.rank, benefit.id)):
        if each.rank <= rank and (each.closed_on is None or day < each.closed_on):
            found[match_key(each.name)] = each
    return tuple(sorted(found.values(), key=lambda benefit: (benefit.rank, benefit.id)))
