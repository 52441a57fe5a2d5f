"""复购率 and 回购率 in the four forms in use; every one says what it is a share of (semantics 3.7).

`days` are the purchase days of each buyer, one for every order that counts, in any order. Windows include both ends.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from qunguan.domain.orders import Rate

Days = Mapping[Any, Collection[date]]


def by_people(days: Days, first: date, last: date, *, merge: bool) -> Rate | None:
    """Buyers with two purchases or more ÷ buyers in the window; `merge` takes the orders of one day for one."""
    counts = [len(bought) for bought in _inside(days, first, last, merge)]
    return _rate(sum(count >= 2 for count in counts), len(counts))


def by_orders(days: Days, first: date, last: date, *, merge: bool) -> Rate | None:
    """(orders − each buyer's first) ÷ orders in the window."""
    counts = [len(bought) for bought in _inside(days, first, last, merge)]
    return _rate(sum(counts) - len(counts), sum(counts))


def again(days: Days, first: date, last: date, then_last: date) -> Rate | None:
    """回购率: buyers of first..last who buy again after it and by `then_last` ÷ buyers of first..last."""
    before = [bought for bought in days.values() if any(first <= day <= last for day in bought)]
    return _rate(sum(any(last < day <= then_last for day in bought) for bought in before), len(before))


def second_within(days: Days, within: int, as_of: date, *, merge: bool) -> Rate | None:
    """Buyers whose second purchase came at most `within` days after their first ÷ buyers whose first is that long ago.

    Who bought first less than `within` days before `as_of` has not had the time: they are left out.
    """
    ripe = [
        bought
        for bought in _inside(days, date.min, as_of, merge)
        if (as_of - bought[0]).days >= within
    ]  # fmt: skip
    return _rate(sum(len(bought) > 1 and (bought[1] - bought[0]).days <= within for bought in ripe), len(ripe))


def window(as_of: date, days: int) -> tuple[date, date]:
    """The first and last of so many days that end with `as_of`."""
    return as_of - timedelta(days=max(days, 1) - 1), as_of


def _inside(days: Days, first: date, last: date, merge: bool) -> Iterator[list[date]]:
    for bought in days.values():
        found = sorted(day for day in (set(bought) if merge else bought) if first <= day <= last)
        if found:
            yield found


def _rate(part: int, whole: int) -> Rate | None:
    return Rate(part / whole, whole) if whole else None
