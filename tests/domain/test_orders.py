"""Orders in pure sums: what a sheet changes, what earns points, and the four forms of 复购率."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qunguan.domain import orders_rates as rates
from qunguan.domain.orders import Rate
from qunguan.domain.orders_book import Kept, follow, points_of
from tests.services.order_kit import entry

PAID = Kept("paid", counts=True, amount_fen=10000, told_fen=0, refunded_fen=0)


def after(kept: Kept | None, **told: Any):
    found = follow(kept, entry(**told))
    return found and (found.status, found.counts, found.told_fen, found.refund_fen)


def test_first_seen():
    assert after(None) == ("paid", True, 0, 0)
    assert after(None, refund=30) == ("paid", True, 3000, 3000)
    assert after(None, status="refunded", refund=100) == ("refunded", False, 0, 0)
    assert after(None, status="cancelled") == ("cancelled", False, 0, 0)
    assert after(None, status="pending") == ("pending", False, 0, 0)


def test_without_its_day_an_order_does_not_count_yet():
    found = follow(None, entry(paid=None), dated=False)
    assert found is not None
    assert (found.status, found.counts) == ("paid", False)


def test_what_came_later():
    assert after(PAID) == ("paid", True, 0, 0)
    assert after(PAID, refund=30) == ("paid", True, 3000, 3000)
    assert after(PAID, status="refunded") == ("refunded", True, 10000, 10000)
    assert after(PAID, status="cancelled") == ("cancelled", True, 10000, 10000)
    part = Kept("paid", counts=True, amount_fen=10000, told_fen=3000, refunded_fen=3000)
    assert after(part, refund=50) == ("paid", True, 5000, 2000)
    assert after(part, refund=10) == ("paid", True, 1000, -2000)
    assert after(part, status="refunded", refund=30) == ("refunded", True, 10000, 7000)
    assert after(Kept("pending", counts=False, amount_fen=10000, told_fen=0, refunded_fen=0)) == ("paid", True, 0, 0)


def test_a_refund_by_hand_and_by_the_shop_is_one():
    by_hand = Kept("paid", counts=True, amount_fen=10000, told_fen=0, refunded_fen=3000)
    assert after(by_hand) == ("paid", True, 0, 0)
    assert after(by_hand, refund=30) == ("paid", True, 3000, 0)
    assert after(by_hand, refund=45) == ("paid", True, 4500, 1500)


def test_an_older_sheet_changes_nothing():
    assert after(Kept("refunded", counts=True, amount_fen=10000, told_fen=10000, refunded_fen=10000)) is None
    assert after(Kept("cancelled", counts=False, amount_fen=10000, told_fen=0, refunded_fen=0)) is None
    assert after(PAID, status="pending") is None


def test_a_smaller_amount_gives_back_no_more_than_it_is():
    kept = Kept("paid", counts=True, amount_fen=10000, told_fen=8000, refunded_fen=8000)
    assert after(kept, yuan=50, refund=50) == ("paid", True, 5000, -3000)


@pytest.mark.parametrize(
    ("earning", "back", "percent", "points"),
    [(9999, 0, 100, 99), (10000, 0, 100, 100), (10000, 1, 100, 99), (10000, 0, 250, 250), (10000, 20000, 100, 0)],
)
def test_points_are_whole_units_of_the_net(earning, back, percent, points):
    assert points_of(earning, back, 100, 1, percent) == points


def days(**bought: str) -> dict[str, list[date]]:
    return {who: [date(2026, int(day[:2]), int(day[3:])) for day in text.split()] for who, text in bought.items()}


BOUGHT = days(a="01-05 03-01 03-01", b="03-01 03-01", c="03-05", d="01-10 01-20", e="03-02 03-30")
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def test_repeat_by_people():
    assert rates.by_people(BOUGHT, *MARCH, merge=True) == Rate(1 / 4, 4)
    assert rates.by_people(BOUGHT, *MARCH, merge=False) == Rate(3 / 4, 4)
    assert rates.by_people({}, *MARCH, merge=True) is None


def test_repeat_by_orders():
    assert rates.by_orders(BOUGHT, *MARCH, merge=True) == Rate(1 / 5, 5)
    assert rates.by_orders(BOUGHT, *MARCH, merge=False) == Rate(3 / 7, 7)


def test_bought_again():
    january = (date(2026, 1, 1), date(2026, 1, 31))
    assert rates.again(BOUGHT, *january, MARCH[1]) == Rate(1 / 2, 2)
    assert rates.again({}, *january, MARCH[1]) is None


def test_second_purchase_counts_only_those_who_had_the_time():
    found = rates.second_within(BOUGHT, 28, MARCH[1], merge=True)
    assert found == Rate(2 / 4, 4)  # a no, b no, d and e yes; c has had 26 days
    assert rates.window(MARCH[1], 31) == MARCH
