"""Bonus days and referrals as values."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunguan.domain.earning import (
    MULTIPLIED,
    BonusDay,
    Invited,
    checked_applies,
    parse_multiplier,
    presets,
    referral_of,
    stacked,
)
from qunguan.domain.errors import BadInput
from qunguan.domain.recurrence import Recurrence

JOINED = date(2026, 3, 1)


def bonus(recurs: str = "monthly:8", percent: int = 200, **terms) -> BonusDay:
    return BonusDay(1, "会员日", Recurrence.parse(recurs), percent, **terms)


def stay(left: int | None = None, joined: int | None = 0, inviter: int | None = 9, stay_id: int = 1, member: int = 2):
    def day(number: int | None) -> date | None:
        return None if number is None else JOINED + timedelta(days=number)

    return Invited(stay_id, member, 1, day(joined), day(left), inviter)


def test_every_shipped_day_can_be_kept():
    assert presets()["member_day"].multiplier_pct == 200
    assert presets()["member_day"].source == "S0-21"
    for preset in presets().values():
        assert str(Recurrence.parse(preset.recurs)) == preset.recurs
        assert preset.source


def test_a_bonus_day_holds_inside_its_dates_and_while_it_is_on():
    march, april = date(2026, 3, 8), date(2026, 4, 8)
    assert bonus().falls_on(march)
    assert not bonus().falls_on(date(2026, 3, 9))
    assert not bonus(enabled=False).falls_on(march)
    assert not bonus(from_day=date(2026, 3, 9)).falls_on(march)
    assert bonus(from_day=date(2026, 3, 9)).next(date(2026, 1, 1)) == april
    assert bonus(to_day=march).falls_on(march)
    assert bonus(to_day=march).next(date(2026, 3, 9)) is None
    assert bonus(enabled=False).next(march) is None


def test_multipliers_stack_by_the_largest_or_by_product_and_stay_within_reason():
    days = [bonus(percent=200), bonus(percent=150)]
    assert stacked(days, "max") == 200
    assert stacked(days, "product") == 300
    assert stacked([], "max") == 100
    assert stacked([bonus(percent=10_000)] * 2, "product") == 10_000


@pytest.mark.parametrize(
    ("text", "percent"),
    [("2", 200), ("1.5", 150), ("×2", 200), ("3倍", 300), ("150%", 150), ("1", 100)],
)
def test_multipliers_as_people_type_them(text, percent):
    assert parse_multiplier(text) == percent


@pytest.mark.parametrize("text", ["", "0", "0.5", "101", "-2", "2.555", "两", "99%"])
def test_multipliers_that_cannot_be(text):
    with pytest.raises(BadInput):
        parse_multiplier(text)


def test_a_bonus_day_is_for_rules_that_earn():
    assert checked_applies(["order.points", "checkin.points", "order.points"]) == ("checkin.points", "order.points")
    assert checked_applies(()) == ()
    assert all(bonus(applies=("order.points",)).counts_for(rule) == (rule == "order.points") for rule in MULTIPLIED)
    with pytest.raises(BadInput):
        checked_applies(["points.expiry_days"])


@pytest.mark.parametrize(
    ("left", "counts"), [(None, True), (8, True), (7, False), (3, False)]
)  # joined on day 0: they must still be there on day 7
def test_who_is_invited_must_still_be_there_after_the_days(left, counts):
    found = referral_of([stay(left)], 7)
    assert (found is not None) is counts
    if found:
        assert (found.inviter_id, found.invitee_id, found.counts_on) == (9, 2, JOINED + timedelta(days=7))


def test_only_the_first_stay_can_be_a_referral():
    """Semantics 3.11: first ever, not oneself, the first inviter has it."""
    earliest = referral_of([stay(joined=5, stay_id=2, inviter=8), stay(stay_id=1, inviter=9)], 7)
    assert earliest is not None
    assert earliest.inviter_id == 9
    assert referral_of([stay(joined=5, stay_id=2, inviter=8), stay(stay_id=1, inviter=None)], 7) is None
    assert referral_of([stay(joined=5, stay_id=2), stay(joined=None, stay_id=1, inviter=None)], 7) is None
    assert referral_of([stay(inviter=2)], 7) is None, "nobody invites themselves"
    again = referral_of([stay(left=3), stay(joined=5, stay_id=2, inviter=None)], 7)
    assert again is not None, "they came back in time"
    assert again.stay_id == 1
    assert referral_of([stay(left=3), stay(joined=8, stay_id=2)], 7) is None


@given(st.integers(0, 40), st.one_of(st.none(), st.integers(0, 60)))
def test_more_days_never_make_more_referrals(days, left):
    if referral_of([stay(left)], days + 1):
        assert referral_of([stay(left)], days)
