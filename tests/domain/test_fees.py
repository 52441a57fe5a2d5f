"""Fees: shares as they are typed and reckoned, what is due, since when, and what is still open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from qunguan.domain.ads import Ad, AdDraft, Reported, Run
from qunguan.domain.deals import STAGES, Deal, DealDraft, Move, Party, Stage, following, stage_typed
from qunguan.domain.errors import BadInput
from qunguan.domain.fees import Paid, account, checked_fen, checked_paid, share_of, share_said, share_typed

DAY = date(2026, 3, 1)
FEN = st.integers(0, 10_000_000)


@pytest.mark.parametrize(
    ("typed", "points"),
    [("20", 2_000), ("2.5 %", 250), ("２％", 200), (".5", 50), ("0", 0), ("100%", 10_000), ("0.05", 5)],
)
def test_a_share_is_always_per_cent(typed, points):
    assert share_typed(typed) == points


@pytest.mark.parametrize("typed", ["", "%", ".", "-1", "101", "2.555", "两成", "1e3", "9" * 30])
def test_what_is_no_share(typed):
    with pytest.raises(BadInput):
        share_typed(typed)


def test_a_share_is_said_short():
    assert (share_said(2_000), share_said(250), share_said(0)) == ("20 %", "2.5 %", "0 %")


@pytest.mark.parametrize("fen", [0, 10**12, -(10**12)])
def test_what_is_no_payment(fen):
    with pytest.raises(BadInput):
        checked_paid(fen)


def test_an_amount_is_not_below_nothing():
    assert checked_fen(0) == 0
    with pytest.raises(BadInput):
        checked_fen(-1)


def test_halves_go_up():
    assert [share_of(fen, 1_000) for fen in (4, 5, 14, 15)] == [0, 1, 1, 2]


@given(st.lists(st.tuples(st.integers(0, 60), FEN), max_size=8), FEN)
@hypothesis_settings(max_examples=60)
def test_payments_settle_the_oldest_first(earned, paid):
    found = account([(DAY + timedelta(days=back), fen) for back, fen in earned], paid)
    assert found.open_fen - found.over_fen == sum(fen for _back, fen in earned) - paid
    assert (found.since is None) == (found.open_fen == 0)
    if found.since is not None:  # what was earned before it is paid, and what was earned by then is not
        before = sum(fen for back, fen in earned if DAY + timedelta(days=back) < found.since)
        by_then = sum(fen for back, fen in earned if DAY + timedelta(days=back) <= found.since)
        assert before <= paid < by_then


@given(st.integers(0, 5), FEN, st.integers(0, 10_000), st.lists(FEN, max_size=6), st.lists(FEN, max_size=4))
@hypothesis_settings(max_examples=60)
def test_an_ad_owes_its_runs_and_one_share_of_all_deals(runs, price, share, sold, paid):
    out = tuple(Run(n, n, DAY, None, "", "posted", DAY) for n in range(runs))
    told = tuple(Reported(n, DAY + timedelta(days=n), 1, fen) for n, fen in enumerate(sold))
    came = tuple(Paid(n, DAY, fen) for n, fen in enumerate(paid))
    found = Ad(1, 1, AdDraft("茶", price, share), "none", None, DAY, out, told, came)
    assert found.account.due_fen == runs * price + (sum(sold) * share + 5_000) // 10_000
    assert found.account.paid_fen == sum(paid)


def test_a_planned_or_dropped_run_costs_nothing():
    runs = (Run(1, 1, DAY, None, "", "planned"), Run(2, 2, DAY, None, "", "dropped"))
    found = Ad(1, 1, AdDraft("茶", 100), "none", None, DAY, runs)
    assert (found.account.due_fen, found.state, len(found.ahead)) == (0, "booked", 1)


def test_a_fee_is_due_on_the_day_it_is_done_only():
    moves = (Move(1, "lead", DAY), Move(2, "done", DAY + timedelta(days=9)))
    draft = DealDraft("找人", seeker=Party("甲"), fee_bp=200, worth_fen=1_000_050)
    found = Deal(1, 1, draft, moves)
    assert (found.fee_fen, found.account.since) == (20_001, DAY + timedelta(days=9))
    early = Deal(1, 1, draft, moves[:1], (Paid(1, DAY, 5_000),))
    assert (early.account.due_fen, early.account.over_fen) == (0, 5_000)


def test_the_road_of_a_deal():
    road: list[Stage] = ["lead"]
    while (stage := following(road[-1])) is not None:
        road.append(stage)
    assert road == ["lead", "introduced", "talking", "agreed", "done"]
    assert following("lost") is None
    assert [stage_typed(stage) for stage in STAGES] == list(STAGES)
    with pytest.raises(BadInput):
        stage_typed("差不多了")
