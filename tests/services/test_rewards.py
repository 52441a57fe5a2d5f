"""Rewards: stock, share, validity and points are judged together, and a cancellation puts the points back."""

from __future__ import annotations

import multiprocessing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.rewards import Reward, code_end
from qunguan.services import groups, history, members, points, rewards
from qunguan.services.desk import Desk
from tests.conftest import NOW

TODAY = date(2026, 3, 20)
TEA = Reward(0, "桂花乌龙", "goods", 80, stock=2, member_limit=1)


@pytest.fixture
def pear(desk):
    return desk.write(members.add, "阿梨", group_id=1).id


def balance(desk, member_id):
    return desk.read(points.balance, member_id, TODAY)


def test_a_redemption_takes_points_stock_and_gives_a_code(desk, pear):
    desk.write(points.grant, pear, 100)
    tea = desk.write(rewards.add, TEA)
    done = desk.write(rewards.redeem, pear, tea.id)
    assert (done.balance, done.left, done.already) == (20, 1, False)
    assert done.redemption.state == "requested"
    assert len(done.redemption.code) == 8
    assert desk.read(rewards.redemptions, code=done.redemption.code.lower()) == (done.redemption,)
    handed = desk.write(rewards.fulfil, done.redemption.id)
    assert (handed.redemption.state, handed.redemption.fulfilled_on) == ("fulfilled", TODAY)
    assert desk.write(rewards.fulfil, done.redemption.id).already


def test_the_same_key_redeems_once_and_another_use_of_it_is_refused(desk, pear):
    desk.write(points.grant, pear, 500)
    tea = desk.write(rewards.add, TEA)
    cup = desk.write(rewards.add, Reward(0, "马克杯", "goods", 50))
    first = desk.write(rewards.redeem, pear, tea.id, key="单-1")
    again = desk.write(rewards.redeem, pear, tea.id, key="单-1")
    assert again.already
    assert again.redemption == first.redemption
    with pytest.raises(Refused, match="内容不一样"):
        desk.write(rewards.redeem, pear, cup.id, key="单-1")
    assert balance(desk, pear) == 420


def test_cancelling_returns_the_points_to_their_lots_with_their_last_day(desk, pear):
    desk.write(points.grant, pear, 60, expires_on=date(2026, 3, 31))
    desk.write(points.grant, pear, 60, expires_on=date(2026, 12, 31))
    before = desk.read(points.expiring, desk.clock, 365)
    tea = desk.write(rewards.add, TEA)
    done = desk.write(rewards.redeem, pear, tea.id)
    back = desk.write(rewards.cancel, done.redemption.id, reason="不要了")
    assert (back.returned, back.lapsed, back.balance, back.left) == (80, 0, 120, 2)
    assert desk.read(points.expiring, desk.clock, 365) == before
    assert desk.write(rewards.cancel, done.redemption.id).already
    with pytest.raises(Refused, match="已在 2026-03-20 取消"):
        desk.write(rewards.fulfil, done.redemption.id)
    assert desk.write(rewards.redeem, pear, tea.id).left == 1  # the share is free again too


def test_a_spend_reversed_by_hand_can_still_be_cancelled(desk, pear):
    desk.write(points.grant, pear, 100)
    done = desk.write(rewards.redeem, pear, desk.write(rewards.add, TEA).id)
    desk.write(points.reverse, done.redemption.entry_id, reason="手动冲正")
    back = desk.write(rewards.cancel, done.redemption.id)
    assert (back.returned, back.balance, back.redemption.state) == (0, 100, "cancelled")


@pytest.mark.parametrize(
    ("reward", "said"),
    [
        (Reward(0, "贵", "goods", 101), "要 101，还差 1"),
        (Reward(0, "空", "goods", 10, stock=0), "兑完了"),
        (Reward(0, "早", "goods", 10, valid_from=date(2026, 3, 21)), "2026-03-21 才开始"),
        (Reward(0, "晚", "goods", 10, valid_to=date(2026, 3, 19)), "2026-03-19 已截止"),
    ],
)
def test_what_cannot_be_had_is_refused_and_leaves_nothing(desk, pear, reward, said):
    desk.write(points.grant, pear, 100)
    made = desk.write(rewards.add, reward)
    with pytest.raises(Refused, match=said):
        desk.write(rewards.redeem, pear, made.id)
    assert desk.read(rewards.redemptions) == ()
    assert balance(desk, pear) == 100


def test_the_last_days_are_inclusive(desk, pear):
    desk.write(points.grant, pear, 100)
    made = desk.write(rewards.add, Reward(0, "券", "coupon", 10, valid_from=TODAY, valid_to=TODAY, code_days=30))
    assert desk.write(rewards.redeem, pear, made.id).redemption.expires_on == TODAY
    assert code_end(Reward(0, "券", "coupon", 10, code_days=1), TODAY) == TODAY


def test_one_member_has_no_more_than_their_share_and_gifts_count(desk, pear):
    desk.write(points.grant, pear, 1000)
    made = desk.write(rewards.add, Reward(0, "生日券", "coupon", 100, member_limit=2, occasion="birthday"))
    gift = desk.write(rewards.give, pear, made.id, reason="生日快乐")
    assert (gift.redemption.price, gift.redemption.entry_id, gift.balance) == (0, None, 1000)
    desk.write(rewards.redeem, pear, made.id)
    with pytest.raises(Refused, match="已经兑了 2 份"):
        desk.write(rewards.redeem, pear, made.id)
    assert desk.write(rewards.cancel, gift.redemption.id).returned == 0
    assert desk.write(rewards.redeem, pear, made.id).balance == 800


def test_off_the_shelf_and_back(desk, pear):
    desk.write(points.grant, pear, 100)
    tea = desk.write(rewards.add, TEA)
    desk.write(rewards.close, tea.id)
    assert desk.read(rewards.catalogue) == ()
    with pytest.raises(Refused, match="已下架"):
        desk.write(rewards.redeem, pear, tea.id)
    desk.write(rewards.reopen, tea.id)
    assert desk.write(rewards.redeem, pear, tea.id).left == 1


def test_the_stock_cannot_fall_below_what_is_taken(desk, pear):
    desk.write(points.grant, pear, 100)
    tea = desk.write(rewards.add, TEA)
    desk.write(rewards.redeem, pear, tea.id)
    with pytest.raises(BadInput, match="已经兑出 1 份"):
        desk.write(rewards.edit, Reward(tea.id, tea.name, "goods", 80, stock=0))
    assert desk.write(rewards.edit, Reward(tea.id, tea.name, "goods", 90, stock=1)).price == 90
    assert desk.read(rewards.redemptions)[0].price == 80


@pytest.mark.parametrize(
    "reward",
    [
        Reward(0, "  ", "goods", 1),
        Reward(0, "负", "goods", -1),
        Reward(0, "多", "goods", 10**30),
        Reward(0, "零份", "goods", 1, member_limit=0),
        Reward(0, "类", "gift", 1),  # type: ignore[arg-type]
        Reward(0, "倒", "goods", 1, valid_from=date(2026, 4, 2), valid_to=date(2026, 4, 1)),
    ],
)
def test_a_reward_that_cannot_be_is_refused(desk, pear, reward):
    with pytest.raises(BadInput):
        desk.write(rewards.add, reward)
    assert desk.read(rewards.catalogue, closed=True) == ()


def test_names_are_unique_and_found_by_id_or_name(desk, pear):
    tea = desk.write(rewards.add, TEA)
    with pytest.raises(BadInput, match="已经有一个礼品"):
        desk.write(rewards.add, TEA)
    assert desk.read(rewards.find, "桂花 乌龙".replace(" ", "")) == tea == desk.read(rewards.find, f"#{tea.id}")
    with pytest.raises(NotFound):
        desk.read(rewards.find, "没有")


def test_undo_and_redo_carry_points_stock_and_code(desk, pear):
    desk.write(points.grant, pear, 100)
    tea = desk.write(rewards.add, TEA)
    done = desk.write(rewards.redeem, pear, tea.id)
    desk.write(history.undo)
    assert balance(desk, pear) == 100
    assert desk.read(rewards.catalogue)[0].left == 2
    desk.write(history.redo)
    assert balance(desk, pear) == 20
    assert desk.read(rewards.redemptions) == (done.redemption,)
    desk.write(rewards.cancel, done.redemption.id)
    assert balance(desk, pear) == 100
    desk.write(history.undo)
    assert balance(desk, pear) == 20
    assert desk.read(rewards.redemption, done.redemption.id).state == "requested"
    assert desk.read(points.reconcile).ok


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["redeem", "cancel", "fulfil", "grant"]), st.integers(0, 5)), max_size=25))
def test_any_run_of_requests_equals_a_recount(tmp_path_factory, work):
    path = tmp_path_factory.mktemp("rewards") / "q.db"
    with Desk(path, Clock(NOW), create=True) as desk:
        desk.write(groups.create, "群")
        people = [desk.write(members.add, name).id for name in "甲乙"]
        tea = desk.write(rewards.add, Reward(0, "茶", "goods", 7, stock=4, member_limit=3))
        has = dict.fromkeys(people, 0)
        taken: dict[int, tuple[int, str]] = {}
        for what, number in work:
            who = people[number % 2]
            mine = sum(state != "cancelled" for owner, state in taken.values() if owner == who)
            out = sum(state != "cancelled" for _owner, state in taken.values())
            if what == "grant":
                desk.write(points.grant, who, 10)
                has[who] += 10
            elif what == "redeem":
                able = has[who] >= 7 and out < 4 and mine < 3
                try:
                    done = desk.write(rewards.redeem, who, tea.id)
                    assert able
                    taken[done.redemption.id] = (who, "requested")
                    has[who] -= 7
                except Refused:
                    assert not able
            elif number + 1 in taken:
                owner, state = taken[number + 1]
                if what == "cancel":
                    desk.write(rewards.cancel, number + 1)
                    has[owner] += 7 if state != "cancelled" else 0
                    taken[number + 1] = (owner, "cancelled")
                elif state == "cancelled":
                    with pytest.raises(Refused):
                        desk.write(rewards.fulfil, number + 1)
                else:
                    desk.write(rewards.fulfil, number + 1)
                    taken[number + 1] = (owner, "fulfilled")
        assert {who: balance(desk, who) for who in people} == has
        assert {r.id: (r.member_id, r.state) for r in desk.read(rewards.redemptions)} == taken
        assert desk.read(points.reconcile).ok


def _grab(path: str, member_id: int, reward_id: int, ready, told) -> None:
    with Desk(Path(path), Clock(NOW)) as desk:
        ready.wait()
        try:
            desk.write(rewards.redeem, member_id, reward_id)
            told.put("had")
        except Refused as error:
            told.put(error.what)


def test_two_windows_want_the_last_piece_and_one_gets_it(tmp_path):
    path = tmp_path / "q.db"
    with Desk(path, Clock(NOW), create=True) as desk:
        desk.write(groups.create, "群")
        people = [desk.write(members.add, name).id for name in "甲乙"]
        for who in people:
            desk.write(points.grant, who, 100)
        tea = desk.write(rewards.add, Reward(0, "最后一罐", "goods", 80, stock=1))
    spawn = multiprocessing.get_context("spawn")
    ready, told = spawn.Barrier(2), spawn.Queue()
    windows = [spawn.Process(target=_grab, args=(str(path), who, tea.id, ready, told)) for who in people]
    for window in windows:
        window.start()
    said = sorted(told.get(timeout=60) for _window in windows)
    for window in windows:
        window.join(timeout=60)
    assert said == ["had", "nothing is left of this reward"]
    with Desk(path, Clock(NOW)) as desk:
        assert sorted(balance(desk, who) for who in people) == [20, 100]
        assert desk.read(rewards.catalogue)[0].left == 0
        assert desk.read(points.reconcile).ok
