"""What buyers leave at equal age, by the month of their first purchase, in one pass over them (semantics 3.8)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from qunguan.domain.orders import Rate
from qunguan.values import frozen

AGES: Final = (30, 60, 90, 180, 365)
"""Days since the first purchase at which cohorts are compared."""
_PLACES = range(len(AGES))
Purchase = tuple[int, int]
"""A day as its ordinal, and what it left in fen."""


@frozen
class Cohort:
    """Buyers by the month of their first purchase. `ltv_fen` is net per buyer at each of AGES, None while it is not
    reached by all of them (semantics 3.8: future months are not filled).
    """

    month: date
    size: int
    ltv_fen: tuple[float | None, ...]


@frozen
class Estimate:
    """`LTV_simple`, an estimate, not what was seen: `aov_fen` × `per_month` ÷ `churn`, of `months` complete months.

    A month is active for who bought in it: `per_month` is purchases in such a month, `churn` the share of its buyers
    who buy nothing in the next one.
    """

    fen: float
    aov_fen: float
    per_month: float
    churn: float
    months: int


@frozen
class Lives:
    """All buyers as of a day. `overall` is LTV at AGES of those that old; `simple` None while there are not two
    complete months, or while nobody stays away.
    """

    purchases: int
    buyers: int
    net_fen: int
    overall: tuple[Rate | None, ...]
    cohorts: tuple[Cohort, ...]
    simple: Estimate | None


def lives(buyers: Iterable[Sequence[Purchase]], as_of: date) -> Lives:
    """LTV of buyers, each given as their purchases up to the day, one at least.

    Age is days since the first purchase, so day 30 counts. A cohort has a value when the youngest of it is that old.
    Refunds count with their purchase, wherever they fell.
    """
    counted = _Counted(as_of)
    for own in buyers:
        counted.add(own)
    return counted.result()


class _Counted:
    """The sums while buyers go by."""

    def __init__(self, as_of: date) -> None:
        self._today, self._running = as_of.toordinal(), _number(as_of.toordinal() + 1)
        self._numbers: dict[int, int] = {}  # ordinal → its month
        self._cohorts: dict[int, list[int]] = {}  # month → net at each age, and how many
        self._ripe = [[0, 0] for _age in AGES]  # net at the age, and of how many
        self._purchases = self._buyers = self._net = 0
        self._active = self._seen = self._kept = 0  # of complete months: buyers, those a month later, who bought again
        self._orders = self._orders_net = 0
        self._months: set[int] = set()

    def _month(self, day: int) -> int:
        found = self._numbers.get(day)
        if found is None:
            found = self._numbers[day] = _number(day)
        return found

    def add(self, own: Sequence[Purchase]) -> None:
        """One buyer more."""
        since = min(own)[0]
        sums = [0] * (len(AGES) + 1)
        months = set()
        for day, net in own:
            sums[bisect_left(AGES, day - since)] += net
            month = self._month(day)
            if month < self._running:
                months.add(month)
                self._orders += 1
                self._orders_net += net
        self._purchases += len(own)
        self._buyers += 1
        self._net += sum(sums)
        self._grow(since, sums)
        if months:
            self._months |= months
            self._active += len(months)
            followed = [month for month in months if month + 1 < self._running]
            self._seen += len(followed)
            self._kept += sum(month + 1 in months for month in followed)

    def _grow(self, since: int, sums: Sequence[int]) -> None:
        cohort = self._cohorts.setdefault(self._month(since), [0] * (len(AGES) + 1))
        cohort[-1] += 1
        so_far, old = 0, self._today - since
        for place in _PLACES:
            so_far += sums[place]
            cohort[place] += so_far
            if old >= AGES[place]:
                ripe = self._ripe[place]
                ripe[0] += so_far
                ripe[1] += 1

    def result(self) -> Lives:
        """What came of it."""
        overall = tuple(Rate(net / count, count) if count else None for net, count in self._ripe)
        cohorts = tuple(self._cohort(month, own) for month, own in sorted(self._cohorts.items()))
        return Lives(self._purchases, self._buyers, self._net, overall, cohorts, self._estimate())

    def _cohort(self, month: int, own: Sequence[int]) -> Cohort:
        """Ripe when whoever bought first on the last day of the month is that old."""
        first = date(month // 12, month % 12 + 1, 1)
        youngest = self._today - _last(month)
        size = own[-1]
        return Cohort(first, size, tuple(own[p] / size if youngest >= AGES[p] else None for p in _PLACES))

    def _estimate(self) -> Estimate | None:
        if not self._seen or self._seen == self._kept:
            return None
        churn, per_month = 1 - self._kept / self._seen, self._orders / self._active
        aov = self._orders_net / self._orders
        return Estimate(aov * per_month / churn, aov, per_month, churn, len(self._months))


def _number(day: int) -> int:
    """Months since the year 0; the day after the calendar's last begins another one."""
    if day > date.max.toordinal():
        return (date.max.year + 1) * 12
    found = date.fromordinal(day)
    return found.year * 12 + found.month - 1


def _last(month: int) -> int:
    """The ordinal of the last day of a month."""
    if month == _number(date.max.toordinal()):
        return date.max.toordinal()
    return date((month + 1) // 12, (month + 1) % 12 + 1, 1).toordinal() - 1
