"""What follows from the days of a membership: status, renewal, price, stage, rate (semantics 3.16, 3.7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from qunguan.domain.errors import Refused
from qunguan.domain.plans import (
    Plan,
    PriceStep,
    Term,
    joins,
    months_later,
    price_on,
    renewal_rate,
    renewal_start,
    stage_of,
    standing,
)

JOINED, LAST = date(2025, 1, 31), date(2026, 1, 30)
DAY = timedelta(days=1)
TERM = Term(1, 1, 1, None, JOINED, LAST, 29900, JOINED)
PLAN = Plan(1, "年卡", None, 365, None, 0, "", 3, 30)


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (JOINED - DAY, "pending"), (JOINED, "new"), (date(2025, 4, 29), "new"), (date(2025, 4, 30), "current"),
        (LAST, "current"), (LAST + DAY, "grace"), (LAST + 30 * DAY, "grace"), (LAST + 31 * DAY, "expired"),
    ],
)  # fmt: skip
def test_the_first_status_that_fits_is_the_status(day: date, status: str) -> None:
    assert standing([TERM], day, new_months=3, grace_days=30).status == status


def test_what_was_paid_back_does_not_count() -> None:
    back = replace(TERM, refunded_on=JOINED + DAY)
    assert standing([back], LAST, new_months=3, grace_days=30).status == "refunded"
    later = replace(TERM, id=2, starts_on=LAST + DAY, ends_on=LAST + 365 * DAY, refunded_on=LAST + 2 * DAY)
    found = standing([TERM, later], LAST + 2 * DAY, new_months=None, grace_days=30)
    assert (found.status, found.until) == ("grace", LAST)


@pytest.mark.parametrize(
    ("day", "in_grace", "begins"),
    [
        (LAST - 9 * DAY, "payment", LAST + DAY), (LAST, "payment", LAST + DAY), (LAST + DAY, "payment", LAST + DAY),
        (LAST + 5 * DAY, "payment", LAST + 5 * DAY), (LAST + 5 * DAY, "end", LAST + DAY),
        (LAST + 30 * DAY, "end", LAST + DAY), (LAST + 31 * DAY, "end", LAST + 31 * DAY),
    ],
)  # fmt: skip
def test_a_renewal_continues_before_the_end_and_begins_with_the_payment_after_it(
    day: date, in_grace: str, begins: date
) -> None:
    assert renewal_start(LAST, day, grace_days=30, in_grace=in_grace) == begins


def test_a_year_has_its_days_and_a_season_its_end() -> None:
    assert PLAN.last_day(date(2025, 3, 1)) == date(2026, 2, 28)
    season = replace(PLAN, term_days=None, ends_on=LAST)
    assert season.last_day(LAST) == LAST
    with pytest.raises(Refused):
        season.last_day(LAST + DAY)
    with pytest.raises(Refused):
        PLAN.last_day(date(2999, 6, 1))


def test_months_end_where_the_month_ends() -> None:
    assert months_later(date(2025, 11, 30), 3) == date(2026, 2, 28)
    assert months_later(date(2025, 12, 5), 1) == date(2026, 1, 5)


def test_the_newest_price_holds_and_places_are_for_those_who_join() -> None:
    plan = replace(PLAN, prices=(
        PriceStep(1, JOINED, None, 29900), PriceStep(2, JOINED, 2, 19900), PriceStep(3, LAST, None, 39900),
    ))  # fmt: skip

    def asked(day: date, terms: list[Term], *, renewal: bool = False) -> tuple[int | None, int | None]:
        step, left = price_on(plan, day, joins(terms), renewal=renewal)
        return (step.id if step else None), left

    guest = replace(TERM, id=3, member_id=3, paid_fen=0)
    assert asked(JOINED - DAY, []) == (None, None)
    assert asked(JOINED, []) == (2, 2)
    assert asked(JOINED, [TERM, guest, replace(TERM, id=4, starts_on=LAST + DAY)]) == (2, 1)  # the fourth is a renewal
    assert asked(JOINED, [TERM, replace(TERM, id=2, member_id=2)]) == (1, None)
    assert asked(JOINED, [replace(TERM, refunded_on=JOINED)]) == (2, 2)
    assert asked(JOINED, [], renewal=True) == (1, None)
    assert asked(LAST, []) == (3, None)


@pytest.mark.parametrize(
    ("passed", "stage"),
    [(-31, None), (-30, ("far", -30, True)), (-29, ("far", -30, False)), (-7, ("near", -7, True)),
     (0, ("end", 0, True)), (6, ("end", 0, False)), (7, ("after", 7, True)), (30, ("after", 7, False))],
)  # fmt: skip
def test_the_stage_reached_last_is_told(passed: int, stage: tuple[str, int, bool] | None) -> None:
    steps = [("far", -30), ("near", -7), ("end", 0), ("after", 7)]
    assert stage_of(LAST, LAST + passed * DAY, steps) == stage


def test_the_rate_is_of_those_that_came_due_and_guests_are_not_asked() -> None:
    again = replace(TERM, id=2, starts_on=LAST + DAY, ends_on=LAST + 365 * DAY, day=LAST)
    late = replace(again, id=3, member_id=2, starts_on=LAST + 31 * DAY, day=LAST + 31 * DAY)
    chains = [
        [TERM, again],
        [replace(TERM, member_id=2), late],
        [replace(TERM, member_id=3)],
        [replace(TERM, member_id=4, paid_fen=0)],
        [replace(TERM, member_id=5, refunded_on=JOINED)],
    ]
    first, last = date(2026, 1, 1), date(2026, 1, 31)

    def told(day: date) -> tuple[int, int, int]:
        # what a day knows: terms sold later are not there yet
        known = [[term for term in chain if term.day <= day] for chain in chains]
        found = renewal_rate(known, first, last, day, lambda _plan: 30)
        return found.due, found.renewed, found.open

    assert told(LAST - DAY) == (0, 0, 0)
    assert told(LAST) == (3, 1, 2)
    assert told(LAST + 40 * DAY) == (3, 1, 0)
    assert renewal_rate([], first, last, LAST, lambda _plan: 30).rate is None
