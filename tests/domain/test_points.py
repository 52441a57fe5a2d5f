"""Small sums around points: amounts, days, caps, stacked multipliers; and a lot's free points."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from qunguan.domain.errors import BadInput
from qunguan.domain.points import MAX_AMOUNT, Award, capped, checked_amount, checked_days, stack
from qunguan.domain.points_lots import Lot

DAY = date(2026, 3, 1)


@pytest.mark.parametrize("amount", [1, 50, MAX_AMOUNT])
def test_whole_numbers_up_to_the_most_are_amounts(amount):
    assert checked_amount(amount) == amount


@pytest.mark.parametrize(
    "amount", [0, -1, -MAX_AMOUNT, MAX_AMOUNT + 1, 2**63, 10**30, 10**4000, 1.5, "12", "１２", True, None, float("nan")]
)
def test_everything_else_is_refused_in_one_line(amount):
    with pytest.raises(BadInput) as caught:
        checked_amount(amount)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 120


def test_days_that_cannot_be():
    checked_days(DAY, DAY, DAY)
    with pytest.raises(BadInput):
        checked_days(date(2026, 3, 2), None, DAY)
    with pytest.raises(BadInput):
        checked_days(DAY, date(2026, 2, 28), DAY)


def test_multipliers_stack_by_the_rule():
    assert stack([], "max") == stack([], "product") == 100
    assert stack([200, 150], "max") == 200
    assert stack([50], "max") == 50
    assert stack([200, 150], "product") == 300
    with pytest.raises(ValueError, match="sum"):
        stack([200], "sum")


def test_the_multiplier_is_applied_rounding_down():
    assert Award(1, "r", 5, "t", "1", DAY, multiplier_pct=150).wanted == 7


def test_the_tighter_cap_binds_and_is_named():
    assert capped(50, [("rule", 100, 0), ("member", 200, 0)]) == (50, "")
    assert capped(50, [("rule", 100, 70), ("member", 200, 0)]) == (30, "rule")
    assert capped(50, [("rule", 100, 70), ("member", 200, 190)]) == (10, "member")
    assert capped(50, [("rule", None, 10**9), ("member", 200, 500)]) == (0, "member")


def test_a_lot_frees_only_what_no_later_taking_needs():
    lot = Lot(1, date(2026, 3, 1), date(2026, 3, 31), datetime(2026, 3, 1, tzinfo=UTC), 100)
    lot.move(date(2026, 3, 5), 80)
    lot.move(date(2026, 3, 10), -80)
    lot.move(date(2026, 3, 20), 50)
    assert [lot.free(date(2026, 3, day)) for day in (1, 5, 9, 10, 20, 31)] == [20, 20, 20, 50, 50, 50]
    assert lot.free(date(2026, 2, 28)) == lot.free(date(2026, 4, 1)) == 0
