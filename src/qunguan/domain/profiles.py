"""A member as the owner looks at them: roster line and card, with what they did and what they have."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from qunguan.domain.members import MemberCard, MemberRow
from qunguan.values import frozen

if TYPE_CHECKING:  # the roster is drawn without them
    from qunguan.domain.badges import Holding, Progress
    from qunguan.domain.checkin_trail import Trail
    from qunguan.domain.level_views import LevelCard
    from qunguan.domain.orders import OrderRow, Spending
    from qunguan.domain.plans import Membership
    from qunguan.domain.points_views import Account
    from qunguan.domain.relations import Note
    from qunguan.domain.rewards import Redemption
    from qunguan.domain.rosters import Reason
    from qunguan.domain.schemes import Label

EventKind = Literal[
    "joined", "left", "alias", "checkin", "points", "order", "refund", "level", "badge", "redeemed", "handed",
    "cancelled", "benefit", "feedback",
]  # fmt: skip


@frozen
class RosterLine:
    """One line of the roster on the screen.

    `streak` is the longest current streak among the challenges that run, None when the member is in none of them.
    """

    member: MemberRow
    points: int
    streak: int | None


@frozen
class ChallengeStanding:
    """Where a member stands in one challenge, in slots; `total` counts check-ins. `open`: both still go on."""

    challenge_id: int
    challenge: str
    open: bool
    streak: int
    best: int
    total: int
    last_day: date | None


@frozen
class Event:
    """Something that happened to a member on `day`.

    `what` is the challenge, the group, the name, the level, the badge, the reward, the articles, the reason or what
    was said. `state` is the kind of check-in, of alias, of ledger entry or of feedback, "up" or "down" of a level.
    `change` are points, or how many times a benefit was used; `source` is where points come from ("checkin"); `fen` is
    money, what went back negative.
    """

    day: date
    kind: EventKind
    what: str
    state: str = ""
    change: int = 0
    source: str = ""
    fen: int = 0


@frozen
class Profile:
    """What stands beside the roster. `events` are the newest first, `streak` as in `RosterLine`; `level` is "" without
    a ladder."""

    card: MemberCard
    next_birthday: date | None
    standings: tuple[ChallengeStanding, ...]
    points: int
    events: tuple[Event, ...]
    level: str = ""

    @property
    def streak(self) -> int | None:
        """The longest current streak among the challenges that go on."""
        return max((each.streak for each in self.standings if each.open), default=None)


@frozen
class Talk:
    """What somebody wrote in chats by a day: messages, the days they were written on, the last of these; how many
    members they answered and how many answered them, as far as the exports tell.
    """

    messages: int
    days: int
    last: date
    answers: int = 0
    answered_by: int = 0


@frozen
class Complaints:
    """How often somebody complained by a day, bad reviews included, and how many of these were not settled then."""

    told: int
    open: int


@frozen
class MemberPage:
    """One person on one page, as of the end of `day`: what they are, have, did, and are on the way to.

    `card` is as of the day too. `level` is None without a ladder, or before it began. `near` are the badges they are on
    the way to, nearest first. `spending` is None for who never bought (未消费); `waiting` are the redemptions that are
    not handed out. `events` is everything dated, newest first. `labels` are those of every scheme that is on,
    `rule_tags` the tags by rule; `talk` is None where no chat told of anything they wrote, `complaints` where there was
    none; `ties` are what they can do and need.
    """

    day: date
    card: MemberCard
    next_birthday: date | None
    level: LevelCard | None
    account: Account
    badges: tuple[Holding, ...]
    near: tuple[Progress, ...]
    standings: tuple[ChallengeStanding, ...]
    spending: Spending | None
    waiting: tuple[Redemption, ...]
    events: tuple[Event, ...]
    labels: tuple[Label, ...] = ()
    rule_tags: tuple[tuple[str, str], ...] = ()
    talk: Talk | None = None
    complaints: Complaints | None = None
    memberships: tuple[Membership, ...] = ()
    ties: tuple[Note, ...] = ()

    @property
    def points(self) -> int:
        """The points of the day; negative while some are owed."""
        return self.account.statement.balance

    @property
    def lots(self) -> tuple[tuple[date | None, int], ...]:
        """What is left of the points by its last day (None: for ever), the soonest first."""
        sums: dict[date | None, int] = {}
        for lot in self.account.open_lots:
            sums[lot.expires_on] = sums.get(lot.expires_on, 0) + lot.left
        return tuple(sorted(sums.items(), key=lambda lot: lot[0] or date.max))


@frozen
class PageReasons:
    """Why the numbers of a page are what they are: the level, each badge, each streak slot by slot, the orders."""

    level: tuple[Reason, ...]
    badges: tuple[tuple[str, tuple[Reason, ...]], ...]
    trails: tuple[Trail, ...]
    orders: tuple[OrderRow, ...]


def card_on(card: MemberCard, day: date) -> MemberCard:
    """What was known of somebody at the end of a day: names that were given later are not there, those dropped later
    still hold; the same for stays. Particulars and tags carry no dates and stay as they are.
    """
    aliases = tuple(
        replace(each, valid_to=None if each.valid_to and each.valid_to > day else each.valid_to)
        for each in card.aliases
        if each.valid_from is None or each.valid_from <= day
    )
    stays = tuple(
        each if each.left_on is None or each.left_on <= day else replace(each, left_on=None, left_reason="")
        for each in card.stays
        if each.joined_on is None or each.joined_on <= day
    )
    return replace(card, aliases=aliases, stays=stays)
