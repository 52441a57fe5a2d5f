"""What one question about members is, and the small sums every room of `facts` shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from qunguan.domain.clock import Clock
from qunguan.domain.conditions import Fact
from qunguan.store.fact_queries import Span, Stay, Whom, stays
from qunguan.store.session import Session


@dataclass(frozen=True)
class Asked:
    """At the end of which day, and whose facts."""

    session: Session
    clock: Clock
    day: date
    whom: Whom

    @cached_property
    def stays(self) -> list[Stay]:
        """Who was ever there by then: several facts look at it."""
        return stays(self.session, self.day, self.whom)


def span_of(fact: Fact, day: date) -> Span:
    """The window of a fact as days."""
    last = back(day, fact.before)
    return (None if fact.days is None else back(last, fact.days - 1)), last


def back(day: date, days: int) -> date:
    """So many days before, or the first day there is."""
    return day - timedelta(days=min(days, (day - date.min).days))


def age(days: Mapping[int, str], day: date) -> dict[int, int]:
    """Member → how many days ago it was; 0 is the day itself."""
    ages = {told: (day - date.fromisoformat(told)).days for told in set(days.values())}  # few days, many members
    return {member_id: ages[told] for member_id, told in days.items()}
