"""What came of posts: counts with their base, rates, comparisons (S0-34, S4-07, C26, semantics 3.9).

What was not counted is None, never 0; a rate without a base is None.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from typing import Final, Literal

from qunguan.domain.content import COUPON
from qunguan.domain.content_mix import Kind
from qunguan.domain.errors import BadInput
from qunguan.domain.insights import Bar
from qunguan.domain.orders import Rate
from qunguan.domain.rosters import RowNote
from qunguan.i18n import N_
from qunguan.values import frozen

LARGEST: Final = 10**9
By = Literal["kind", "sub_kind", "campaign", "hour"]
BYS: Final[dict[By, str]] = {
    "kind": N_("kind"), "sub_kind": N_("sub-kind"), "campaign": N_("campaign"), "hour": N_("hour"),
}  # fmt: skip


@frozen
class Counted:
    """What was counted of a post: people reached, who read it, who clicked, answers, orders. None was not counted."""

    audience: int | None = None
    reads: int | None = None
    clicks: int | None = None
    replies: int | None = None
    orders: int | None = None

    @property
    def open_rate(self) -> Rate | None:
        """Reads of those it reached."""
        return rate(self.reads, self.audience)

    @property
    def ctr(self) -> Rate | None:
        """Clicks of those it reached."""
        return rate(self.clicks, self.audience)

    @property
    def ctor(self) -> Rate | None:
        """Clicks of those who read it."""
        return rate(self.clicks, self.reads)

    @property
    def known(self) -> bool:
        """Whether anything was counted."""
        return any(each is not None for each in (self.audience, self.reads, self.clicks, self.replies, self.orders))


@frozen
class Outcome:
    """A posted post and what came of it by its newest count. `counted_on` None: nobody counted."""

    post_id: int
    day: date
    kind: Kind
    sub_kind: str
    title: str
    counted: Counted
    campaign_id: int | None = None
    at_minute: int | None = None
    counted_on: date | None = None
    source: str = ""


@frozen
class Compared:
    """Posts that have something in common, added up. `n` are the posts, `counted` how many of them have results.

    A rate adds up only the posts that have both of its counts. `bar` is the open rate they should reach (C26).
    """

    key: str
    n: int
    counted: int
    reads: int | None
    clicks: int | None
    replies: int | None
    orders: int | None
    open_rate: Rate | None
    ctr: Rate | None
    ctor: Rate | None
    bar: Bar | None = None


@frozen
class ResultRow:
    """A row of a file with results. `post` is an id or a title; `kind` "" where the file does not say."""

    row: int
    post: str
    day: date | None
    counted: Counted
    kind: str = ""


@frozen
class ResultSheet:
    """A file of results as read: every row below the header is in `rows`, `rejected` or `skipped`."""

    encoding: str
    rows: tuple[ResultRow, ...]
    rejected: tuple[RowNote, ...] = ()
    skipped: tuple[RowNote, ...] = ()


@frozen
class ResultsTaken:
    """What an import did: posts counted for the first time, counted anew, the same as before, and posts it made."""

    added: int
    changed: int
    same: int
    made: int
    rejected: tuple[RowNote, ...]
    skipped: tuple[RowNote, ...]


def rate(part: int | None, base: int | None) -> Rate | None:
    """A share with the count it is of; None where either is unknown or the base is 0 (semantics 3.9)."""
    return None if part is None or not base else Rate(part / base, base)


def checked_counts(told: Counted) -> Counted:
    """Counts as they may be stored. Raises BadInput for one below 0 or too large, for nothing at all, and where more
    people read or clicked than it reached."""
    if not told.known:
        raise BadInput("there is nothing counted", hint="give one of the numbers at least")
    for number in (told.audience, told.reads, told.clicks, told.replies, told.orders):
        if number is not None and not 0 <= number <= LARGEST:
            raise BadInput("{value} is out of range", hint="use 0 to {most}", value=number, most=LARGEST)
    for number in (told.reads, told.clicks):
        if number is not None and told.audience is not None and number > told.audience:
            raise BadInput("{n} people are more than the {audience} it reached", n=number, audience=told.audience,
                           hint="count people, not how often they looked")  # fmt: skip
    return told


def compared(
    outcomes: Iterable[Outcome], key: Callable[[Outcome], str], bar: Callable[[Sequence[Outcome], float | None], Bar]
) -> tuple[Compared, ...]:
    """Outcomes added up by what they have in common, the most posts first."""
    groups: dict[str, list[Outcome]] = {}
    for each in outcomes:
        groups.setdefault(key(each), []).append(each)
    found = [_added(name, mine, bar) for name, mine in groups.items()]
    return tuple(sorted(found, key=lambda each: (-each.n, each.key)))


def _added(key: str, mine: Sequence[Outcome], bar: Callable[[Sequence[Outcome], float | None], Bar]) -> Compared:
    told = [each.counted for each in mine]
    opened = _rate(told, lambda one: one.reads, lambda one: one.audience)
    return Compared(
        key, len(mine), sum(one.known for one in told), _sum(one.reads for one in told),
        _sum(one.clicks for one in told), _sum(one.replies for one in told), _sum(one.orders for one in told), opened,
        _rate(told, lambda one: one.clicks, lambda one: one.audience),
        _rate(told, lambda one: one.clicks, lambda one: one.reads), bar(mine, opened.value if opened else None),
    )  # fmt: skip


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [each for each in numbers if each is not None]
    return sum(known) if known else None


def _rate(
    told: Sequence[Counted], part: Callable[[Counted], int | None], base: Callable[[Counted], int | None]
) -> Rate | None:
    both = [(part(one), base(one)) for one in told]
    known = [(over, under) for over, under in both if over is not None and under is not None]
    return rate(sum(over for over, _ in known), sum(under for _, under in known)) if known else None


def is_coupon(kind: Hashable, sub_kind: str) -> bool:
    """Whether a post hands out coupons: they are opened less (C26)."""
    return kind == "benefit" and sub_kind == COUPON
