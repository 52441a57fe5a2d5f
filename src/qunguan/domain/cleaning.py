"""Silent members (沉默清洗, S4-33 to S4-35): who is due, what speaks for them, what was decided, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias

from qunguan.domain.conditions import AtLeast, Both, Condition, Fact, Measure, Value
from qunguan.i18n import N_, _
from qunguan.values import frozen

Decision = Literal["wake", "slow", "keep", "remove", "no_contact"]
DECISIONS: Final[dict[Decision, str]] = {
    "wake": N_("wake"),
    "slow": N_("slow group"),
    "keep": N_("keep"),
    "remove": N_("out of the group"),
    "no_contact": N_("do not write"),
}
"""What can be decided about a silent member, as message IDs."""

Basis = Literal["window", "ever"]
"""Whether "no purchase" means none in the silent days, or none ever (C11)."""

Count: TypeAlias = "int | AtLeast | None"
"""A number of days or messages as far as it is known: exact, at least so many, or not known."""


@frozen
class Entry:
    """The rule of the queue: so many days without interaction and without purchase (S4-33)."""

    silent_days: int
    purchase: Basis

    @property
    def silent(self) -> Measure:
        """No message, check-in or deed for that long, and not joined meanwhile: unknown where no chat is known."""
        return Measure(Fact("silent", self.silent_days), ">=", self.silent_days)

    @property
    def empty_handed(self) -> Measure:
        """No purchase in the window, or ever."""
        days = self.silent_days if self.purchase == "window" else None
        return Measure(Fact("orders", days), "<", 1)

    @property
    def condition(self) -> Condition:
        """Both."""
        return Both((self.silent, self.empty_handed))


@frozen
class Answers:
    """The three questions about a member, answered from data (S4-34).

    Bought: orders and fen net of what went back, ever. Joined in: check-ins, deeds and messages, ever; messages at
    least those told where not all chats are known, None where none is. Follows: yes by a tag the owner gave, else
    unknown.
    """

    orders: int
    net_fen: int
    checkins: int
    deeds: int
    messages: Count
    follows: bool | None

    @property
    def bought(self) -> bool:
        """Question 1."""
        return self.orders > 0

    @property
    def all(self) -> Count:
        """Messages, check-ins and deeds together."""
        told = self.checkins + self.deeds + (number(self.messages) or 0)
        return told if isinstance(self.messages, int) else AtLeast(told)

    @property
    def joined_in(self) -> bool | None:
        """Question 2; unknown where nothing is told and no chat is known."""
        return True if number(self.all) else None if self.messages is None else False

    def suggestion(self, high_fen: int) -> Decision:
        """Woken one by one who is worth it, else the slow group (S4-35)."""
        return "wake" if self.bought and self.net_fen >= high_fen else "slow"


@frozen
class Candidate:
    """A silent member. `silent` is days since the last sign of life, or since they joined if that is later: at least so
    many where chats tell of no more; None where none tells.
    """

    member_id: int
    name: str
    joined_on: date | None
    silent: Count
    last_order: int | None
    answers: Answers
    suggestion: Decision


@frozen
class Queue:
    """Who is due on a day, the longest silent first. Of `unknown` members nobody can say: no chat tells of them.

    `resting` are silent but decided about already.
    """

    as_of: date
    entry: Entry
    candidates: tuple[Candidate, ...]
    present: int
    unknown: int
    resting: int


@frozen
class Case:
    """A decision about a member and its outcome: the first sign of life, purchase and leaving after it, if any."""

    id: int
    member_id: int
    name: str
    decision: Decision
    decided_on: date
    review_on: date | None
    reason: str
    wake: str
    back_on: date | None
    bought_on: date | None
    left_on: date | None

    def returned(self, days: int) -> bool:
        """Whether the member was back, or bought, within so many days."""
        return within(self.decided_on, days, (self.back_on, self.bought_on))

    def ripe(self, days: int, as_of: date) -> bool:
        """Whether that many days have passed in full."""
        return as_of > self.decided_on + timedelta(days=days)


@frozen
class Woken:
    """One member of a wake list: when they were written to, and what came of it."""

    member_id: int
    name: str
    contacted_on: date | None
    back_on: date | None
    bought_on: date | None

    def returned(self, days: int) -> bool:
        """Whether they were back, or bought, within so many days of the letter."""
        return self.contacted_on is not None and within(self.contacted_on, days, (self.back_on, self.bought_on))


@frozen
class Wake:
    """A wake list and what came of it as of a day.

    The rate within a number of days is told of those who were written to that long ago (`ripe`); `so_far` counts
    everybody who is back already.
    """

    id: int
    name: str
    text: str
    sent_on: date | None
    as_of: date
    members: tuple[Woken, ...]

    @property
    def contacted(self) -> tuple[Woken, ...]:
        """Those who were written to."""
        return tuple(one for one in self.members if one.contacted_on is not None)

    def ripe(self, days: int) -> tuple[Woken, ...]:
        """Those whose so many days have passed in full."""
        return tuple(
            one for one in self.contacted
            if one.contacted_on is not None and self.as_of > one.contacted_on + timedelta(days=days)
        )  # fmt: skip

    def rate(self, days: int) -> tuple[int, int] | None:
        """(back within so many days, of how many); None while nobody's days have passed."""
        ripe = self.ripe(days)
        return (sum(one.returned(days) for one in ripe), len(ripe)) if ripe else None

    def so_far(self, days: int) -> int:
        """How many are back by now, within so many days of their letter."""
        return sum(one.returned(days) for one in self.contacted)


@frozen
class Decided:
    """What a decision did: to whom, and the wake list they are on."""

    decision: Decision
    names: tuple[str, ...]
    wake_id: int | None = None
    wake: str = ""


def within(start: date, days: int, happened: Sequence[date | None]) -> bool:
    """Whether something of this happened on the first day or one of so many after it."""
    return any(day is not None and start <= day <= start + timedelta(days=days) for day in happened)


def counted(value: Value) -> Count:
    """A fact as a count: of AtLeast(0), and of what never happened, nothing is known."""
    if isinstance(value, AtLeast):
        return value if value.low else None
    return int(value) if isinstance(value, int | float) and value != float("inf") else None


def number(count: Count) -> int | None:
    """The number of a count, be it exact or the least it can be."""
    return count.low if isinstance(count, AtLeast) else count


def said(count: Count) -> str:
    """A count in words: 12, at least 40, —."""
    if isinstance(count, AtLeast):
        return _("at least {value}", value=count.low)
    return "—" if count is None else str(count)
