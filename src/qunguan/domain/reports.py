"""Reports: what happened, what changed, why it may have, what to do and what comes next (S3-45, C32, C33).

A report is a value; the writers make a document or JSON of it. None is unknown, never 0. Shares are 0 to 1; money is
fen; days are business days.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final, Literal

from qunguan.domain.documents import Block
from qunguan.domain.insights import DAY, FIGURES, Bar, Unit
from qunguan.domain.insights import Figure as CardFigure
from qunguan.domain.rosters import Reason
from qunguan.domain.tasks import Load
from qunguan.i18n import N_
from qunguan.values import frozen

Kind = Literal["daily", "weekly", "monthly", "challenge", "campaign", "crisis", "member", "money"]
KINDS: Final[dict[Kind, str]] = {
    "daily": N_("Daily report"),
    "weekly": N_("Weekly report"),
    "monthly": N_("Monthly report"),
    "challenge": N_("Challenge report"),
    "campaign": N_("Campaign report"),
    "crisis": N_("Crisis report"),
    "member": N_("Member report"),
    "money": N_("Money report"),
}
"""Every kind, with the message ID of what it is called."""
OF: Final[tuple[Kind, ...]] = ("challenge", "campaign", "crisis", "member")
"""The kinds that are about one thing or person, which `of` names."""

LABELS: Final[Mapping[str, str]] = {
    **FIGURES,
    "net": N_("net takings"),
    "gross": N_("paid in"),
    "refunds": N_("paid back"),
    "payments": N_("payments"),
    "orders": N_("orders"),
    "buyers": N_("who bought"),
    "attach_rate": N_("attach rate"),
    "members": N_("members"),
    "joined": N_("joined"),
    "left": N_("left"),
    "complaints": N_("complaints"),
    "posts": N_("posts that went out"),
    "tasks_done": N_("tasks done"),
    "enrolled": N_("enrolled"),
    "completion": N_("finished the whole challenge"),
    "habit": N_("kept a long streak"),
    "participants": N_("people who take part"),
    "revenue": N_("revenue"),
    "campaign_conversion": N_("conversion"),
    "cost": N_("cost"),
    "exits_after": N_("left in the days after"),
    "crisis_exits": N_("left since it began"),
    "crisis_complaints": N_("complaints since it began"),
    "stages_late": N_("stages told late or not at all"),
    "amends": N_("amends handed over"),
    "spent": N_("spent so far"),
    "points": N_("points"),
    "checkins": N_("check-ins"),
    "streak": N_("streak"),
    "talk": N_("messages"),
}
"""What a figure of a report is called: message IDs."""


@frozen
class Period:
    """The days a report is about: `first` to `last`, told up to `until`, which is before `last` while they run."""

    first: date
    last: date
    until: date

    @property
    def days(self) -> int:
        """How many days are told."""
        return (self.until - self.first).days + 1

    @property
    def over(self) -> bool:
        """Whether all of it is told."""
        return self.until == self.last


@frozen
class Figure:
    """One figure of a period and of the equal one before. `n` and `before_n` are what shares are of; None for counts.

    `rising` tells whether more is better, None where neither is. `bars` are the lines it is held against; `why` says
    how it is counted, or why it is unknown. `span` is how many days up to the last one it is of, where these are not
    the period's own; 0 for all there ever were.
    """

    code: str
    unit: Unit
    value: float | None
    before: float | None = None
    n: int | None = None
    before_n: int | None = None
    rising: bool | None = True
    bars: tuple[Bar, ...] = ()
    why: tuple[Reason, ...] = ()
    span: int | None = None

    @classmethod
    def of_card(cls, now: CardFigure, then: CardFigure | None, days: int) -> Figure:
        """A figure of the health card as of the ends of both periods, of so many days each."""
        span = 0 if now.ever else (now.last - now.first).days + 1
        return cls(
            now.code, now.unit, now.value, then.value if then else None, now.n, then.n if then else None, now.rising,
            now.bars, now.why, None if span == days else span,
        )  # fmt: skip

    @property
    def change(self) -> float | None:
        """What it has changed by: shares and ratios by a difference, all others by a share of what it was."""
        if self.value is None or self.before is None:
            return None
        if self.unit in ("share", "ratio"):
            return self.value - self.before
        return (self.value - self.before) / abs(self.before) if self.before else None

    @property
    def moved(self) -> int:
        """1 up, -1 down, 0 where it did not change or nobody can say."""
        if self.value is None or self.before is None:
            return 0
        return (self.value > self.before) - (self.value < self.before)

    @property
    def better(self) -> bool | None:
        """Whether the change is for the good; None without one, or where neither is good."""
        return None if self.rising is None or not self.moved else (self.moved > 0) == self.rising


@frozen
class Fact:
    """Something on hand that happened, on a day. `before` tells that it lay in the period before and not in this one.

    `kind` is a key of `report_causes.MOVES`; `name` is whose it is, for JSON.
    """

    kind: str
    day: date
    text: Reason
    before: bool = False
    name: str = ""


@frozen
class Cause:
    """What may be why: a fact, and the figures that moved the way such a fact moves them: (code, 1 up or -1 down; 0
    where it makes them unknown)."""

    fact: Fact
    figures: tuple[tuple[str, int], ...]


@frozen
class Suggestion:
    """What to do, because of which figure, by which rule and where that comes from. `rule` is an id of the rules, ""
    where a fact asks for it by itself."""

    key: str
    severity: str
    because: Reason
    do: Reason
    rule: str
    source: str


@frozen
class Planned:
    """What stands in the next period: kinds task, post, campaign, challenge, renewal, festival, action."""

    kind: str
    day: date
    title: str
    note: Reason | None = None


@frozen
class Column:
    """A column of a listing: `key` in JSON, `label` (message ID) elsewhere; `unit` "text" or that of a figure."""

    key: str
    label: str
    unit: Literal["text"] | Unit = "text"


@frozen
class Listing:
    """A table of a report: `title` is a message ID; one value a column and row, as its unit says."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]


@frozen
class Curve:
    """What a chart shows: values by day or name, and of the period before; None where unknown."""

    code: str
    unit: Unit
    labels: tuple[str, ...]
    now: tuple[float | None, ...]
    before: tuple[float | None, ...] = ()


@frozen
class Report:
    """A report. `of` is what or whom it is about where that is not the group; `before` the equal period before, None
    without one. `outcomes` are what counts in the end, `leading` what leads there (C32).

    `keep` is what to hold on to, told where nothing is wrong; `more` is how much of the plan comes every day and is
    not listed. `unexplained` are figures that moved for no reason on hand. `extra` are blocks of a document that only
    such a report has; `against` says what figures are held against where that is not the period before, `as_of`
    when it was told where that is not its last day.
    """

    kind: Kind
    group_id: int
    group: str
    period: Period
    before: Period | None
    outcomes: tuple[Figure, ...] = ()
    leading: tuple[Figure, ...] = ()
    happened: tuple[Fact, ...] = ()
    causes: tuple[Cause, ...] = ()
    unexplained: tuple[Figure, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    keep: tuple[Reason, ...] = ()
    plan: tuple[Planned, ...] = ()
    more: int = 0
    of: str = ""
    hats: tuple[Load, ...] = ()
    curves: tuple[Curve, ...] = ()
    listings: tuple[Listing, ...] = ()
    extra: tuple[Block, ...] = ()
    mark: Reason | None = None
    against: Reason | None = None
    as_of: date | None = None

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All of them, outcomes first."""
        return self.outcomes + self.leading


@frozen
class Subject:
    """Something there is a report of: a kind, and of OF what or whom by its id and name; `day` is its first day."""

    kind: Kind
    id: int = 0
    name: str = ""
    day: date | None = None

    @property
    def of(self) -> str | None:
        """What `of` is for it."""
        return f"#{self.id}" if self.id else None


def whole(kind: Kind, day: date) -> tuple[date, date]:
    """The day, the week from Monday or the calendar month a day lies in."""
    if kind == "daily":
        return day, day
    if kind == "weekly":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    first = day.replace(day=1)
    return first, _next_month(first) - DAY


def period(kind: Kind, day: date, today: date) -> Period:
    """The period a day lies in, told up to the last day that is over; on its very first day, up to that."""
    first, last = whole(kind, day)
    return Period(first, last, min(last, max(first, today - DAY)))


def newest(kind: Kind, today: date) -> Period:
    """The last period that is over."""
    first, last = whole(kind, today - DAY)
    if last >= today:
        first, last = whole(kind, first - DAY)
    return Period(first, last, last)


def before(kind: Kind, found: Period) -> Period:
    """The equal period before: as many of its days are told as of this one, all of them where this one is over."""
    first, last = whole(kind, found.first - DAY)
    until = last if found.over else min(last, first + (found.days - 1) * DAY)
    return Period(first, last, until)


def earlier(kind: Kind, found: Period, today: date) -> Period:
    """The period before this one, told as of today."""
    return period(kind, found.first - DAY, today)


def later(kind: Kind, found: Period, today: date) -> Period | None:
    """The period after this one, told as of today; None where it has not begun."""
    return None if found.last >= today else period(kind, found.last + DAY, today)


def after(kind: Kind, found: Period) -> Period:
    """The period that comes next."""
    first, last = whole(kind, found.last + DAY)
    return Period(first, last, last)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
