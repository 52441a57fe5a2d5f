"""Random orders, refunds, settlements, redemptions and undos against a recount that shares no code with the book.

A shop lives on its own and exports now and then, whole or in part. The recount keeps, for each order, what was heard
of it and when; from that it says what everybody spent, what the summary of any day is, and what points must be left.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from qunguan.domain.errors import Refused
from qunguan.domain.rewards import Reward
from qunguan.services import history, members, orders, rewards
from qunguan.store.orders import shop_order
from qunguan.store.points import point_entry
from tests.services.ledger import Rig, day, memory_engine, rig
from tests.services.order_kit import entry, sheet

BUYERS = ("甲子", "乙丑", "丙寅", "丁卯")
KINDS = ("sell", "sell", "refund", "refund", "correct", "export", "export", "hand", "hand_refund", "cancel", "settle",
         "redeem", "redeem", "give_back", "undo", "redo", "tomorrow")  # fmt: skip
PRICES = (1, 7, 40, 150)
Move = tuple[str, int, int]


@pytest.fixture(scope="module")
def engine():
    made = memory_engine()
    yield made
    made.dispose()


@dataclass
class Heard:
    """What the book was told of an order: refunds as (day, change)."""

    buyer: str
    fen: int
    on: int
    counts: bool
    points: bool
    refunds: list[tuple[int, int]] = field(default_factory=list)

    def net(self, until: int) -> int:
        if not self.counts or self.on > until:
            return 0
        return self.fen - sum(fen for when, fen in self.refunds if when <= until)


@dataclass
class Recount:
    heard: dict[str, Heard] = field(default_factory=dict)
    owner: dict[str, int | None] = field(default_factory=dict)
    spent: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def balance(self, member: int, today: int, awarded: Mapping[tuple[str, int], int]) -> int:
        """What is left: of every award what the net still earns. An award never grows beyond what was booked."""
        earned = sum(
            min(order.net(today) // 100, awarded.get((number, member), 0))
            for number, order in self.heard.items()
            if order.points and self.owner.get(order.buyer) == member
        )
        return earned - sum(amount for _id, amount in self.spent.get(member, ()))

    def summary(self, until: int) -> tuple[int, int, int]:
        live = [order for order in self.heard.values() if order.net(until) > 0]
        buyers = {self.owner.get(order.buyer) or order.buyer for order in live}
        return len(live), len(buyers), sum(order.net(until) for order in live)


@dataclass
class _Shop:
    """An order as the shop has it."""

    buyer: str
    fen: int
    on: int
    status: str
    refund: int = 0


class Game:
    """Plays moves on the book and on the recount."""

    def __init__(self, ledger: Rig, policy: str = "debt") -> None:
        self.rig, self.recount = ledger, Recount()
        self.shop: dict[str, _Shop] = {}
        self.by_hand: dict[str, int] = {}
        self.corrected: set[str] = set()
        self.undone: list[Recount] = []
        self.past: list[Recount] = []
        self.waives = policy == "waive"
        ledger.rule("points.reverse_policy", policy)
        ledger.rule("points.rule_day_cap", 1_000_000)
        ledger.rule("points.member_day_cap", 1_000_000)
        self.ids = [ledger.call(members.add, name).id for name in BUYERS[:3]]
        self.recount.owner = dict(zip(BUYERS, self.ids, strict=False))
        added = [ledger.call(rewards.add, Reward(0, f"{price} 分的礼品", "goods", price)) for price in PRICES]
        self.shelf = [(reward.id, reward.price) for reward in added]

    def play(self, move: Move) -> None:
        kind, one, two = move
        before = deepcopy(self.recount)
        step = self.rig.last_step()
        getattr(self, kind)(one, two)
        if kind not in ("undo", "redo") and self.rig.last_step() != step:
            self.past.append(before)
            self.undone.clear()

    def check(self) -> None:
        self.rig.reconciled()
        session, today = self.rig.session(), self.rig.today
        assert orders.differences(session) == []
        for member in self.ids:
            left = self.recount.balance(member, today, self._awarded())
            assert self.rig.balance(member) == left or (self.waives and self.rig.balance(member) > left)
        for until in {today, today // 2, max(0, today - 3)}:
            found = orders.summary(session, self.rig.clock, day(until))
            assert (found.orders, found.buyers, found.net_fen) == self.recount.summary(until)
            spent = orders.spendings(session, day(until))
            money = orders.money_days(session, None, day(until))
            for member in self.ids:
                net = sum(
                    o.net(until) for o in self.recount.heard.values() if self.recount.owner.get(o.buyer) == member
                )
                assert (spent[member].net_fen if member in spent else 0) == net
                assert sum(change.fen for change in money.get(member, ())) == net

    def _awarded(self) -> dict[tuple[str, int], int]:
        """(order, member) → what was booked; an order that stands and was never refunded is booked whole."""
        numbers = {str(row.id): row.number.partition(".")[0] for row in self.rig.session().rows(select(shop_order))}
        earned = select(point_entry).where(point_entry.c.kind == "EARN")
        booked = {
            (numbers[row.source_id], row.member_id): row.amount
            for row in self.rig.session().rows(earned)
            if row.source_id in numbers
        }
        for number, order in self.recount.heard.items():
            owner = self.recount.owner.get(order.buyer)
            if order.points and owner and not order.refunds:
                assert booked.get((number, owner), 0) >= order.fen // 100 * (number not in self.corrected)
        return booked

    # -- the shop by itself

    def sell(self, one: int, two: int) -> None:
        status = ("paid", "paid", "paid", "pending")[one % 4]
        self.shop[str(len(self.shop) + 1)] = _Shop(
            BUYERS[two % 4], 1 + (one * 37 + two * 1013) % 30000, self.rig.today, status
        )

    def refund(self, one: int, two: int) -> None:
        if order := self._sold(one):
            order.refund = min(order.fen, order.refund + 1 + two * 97 % 9000)
            if order.refund == order.fen and order.status == "paid":
                order.status = "refunded"

    def correct(self, one: int, two: int) -> None:
        order = self._sold(one)
        if order and order.status == "paid":
            order.refund = order.refund * (two % 3) // 3
            self.corrected.add(str(one % len(self.shop) + 1))
        elif order and order.status == "pending":
            order.status, order.on = ("paid", self.rig.today) if two % 3 else ("cancelled", order.on)

    def _sold(self, one: int) -> _Shop | None:
        return self.shop[str(one % len(self.shop) + 1)] if self.shop else None

    # -- the owner

    def export(self, one: int, two: int) -> None:
        told = {
            number: order for place, (number, order) in enumerate(self.shop.items()) if two % 3 or (place + one) % 2
        }
        entries = [self._entry(number, order) for number, order in told.items()]
        self.rig.call(orders.import_orders, sheet(*entries))
        for number, order in told.items():
            self._hear(number, order)

    def _entry(self, number: str, order: _Shop):
        refund = order.refund / 100 if order.status in ("paid", "refunded") else 0
        paid = f"{day(order.on)} 10:00" if order.status != "pending" else None
        return entry(number, order.buyer, order.fen / 100, paid, refund=refund, status=order.status)

    def _hear(self, number: str, order: _Shop) -> None:
        heard = self.recount.heard.get(number)
        today = self.rig.today
        if heard is None or not heard.counts:
            counts = order.status == "paid"
            refunds = [(order.on, order.refund)] if counts and order.refund else []
            points_too = counts and today - order.on <= 60
            self.recount.heard[number] = Heard(order.buyer, order.fen, order.on, counts, points_too, refunds)
            return
        change = order.refund - sum(fen for _on, fen in heard.refunds)
        if change:
            heard.refunds.append((today, change))

    def hand(self, one: int, two: int) -> None:
        number = f"h{len(self.by_hand) + 1}"
        on = max(0, self.rig.today - two % 5)
        fen = 1 + (one * 411 + two * 77) % 20000
        done = self.rig.call(
            orders.add_order, self.ids[one % 3], fen, day=day(on), number=f"{number}.{two}.{self.rig.last_step()}"
        )
        self.by_hand[number] = done.id
        self.recount.heard[number] = Heard(f"={one % 3}", fen, on, counts=True, points=True)
        self.recount.owner[f"={one % 3}"] = self.recount.owner.get(f"={one % 3}") or self.ids[one % 3]

    def hand_refund(self, one: int, two: int) -> None:
        self._by_hand(one, two, orders.refund_order, 1 + two * 53 % 4000)

    def cancel(self, one: int, two: int) -> None:
        if two % 4 == 0:
            self._by_hand(one, two, orders.cancel_order)

    def _by_hand(self, one: int, two: int, service, *amount: int) -> None:
        names = [name for name in self.by_hand if name in self.recount.heard]
        if not names:
            return
        heard = self.recount.heard[names[one % len(names)]]
        left = heard.net(self.rig.today)
        if amount and not left:
            return
        wanted = min(amount[0], left) if amount else left
        try:
            self.rig.call(service, self.by_hand[names[one % len(names)]], *([wanted] if amount else []))
        except Refused:
            assert left == 0
            return
        heard.refunds.append((self.rig.today, wanted))

    def settle(self, one: int, two: int) -> None:
        if not any(order.buyer == "丁卯" for order in self.recount.heard.values()):
            return
        member = self.ids[two % 3] if one % 4 else None
        self.rig.call(orders.settle, "丁卯", "nobody" if member is None else member)
        self.recount.owner["丁卯"] = member

    def redeem(self, one: int, two: int) -> None:
        member = self.ids[one % 3]
        held = self.rig.balance(member)
        able = [(reward_id, price) for reward_id, price in self.shelf if price <= held]
        if able:
            reward_id, price = able[two % len(able)]
            done = self.rig.call(rewards.redeem, member, reward_id)
            self.recount.spent.setdefault(member, []).append((done.redemption.id, price))

    def give_back(self, one: int, two: int) -> None:
        spent = self.recount.spent.get(self.ids[one % 3])
        if spent:
            redemption_id, _price = spent.pop(two % len(spent))
            self.rig.call(rewards.cancel, redemption_id, reason="退")

    def undo(self, one: int, two: int) -> None:
        if self.past and one % 3 == 0:
            self.rig.call(history.undo)
            self.undone.append(self.recount)
            self.recount = self.past.pop()

    def redo(self, one: int, two: int) -> None:
        if self.undone:
            self.rig.call(history.redo)
            self.past.append(self.recount)
            self.recount = self.undone.pop()

    def tomorrow(self, one: int, two: int) -> None:
        self.rig.today += 1 + one % 3


MOVES = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 99), st.integers(0, 99)), min_size=5, max_size=60)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(MOVES)
def test_whatever_happens_the_book_equals_a_recount(engine, moves):
    with rig(engine, members=1) as ledger:
        game = Game(ledger)
        for move in moves:
            game.play(move)
        game.check()


def live(engine, seed: int, moves: int, policy: str = "debt") -> None:
    chance = Random(seed)
    with rig(engine, members=1) as ledger:
        game = Game(ledger, policy)
        ledger.today = 5
        for number in range(moves):
            game.play((chance.choice(KINDS), chance.randrange(100), chance.randrange(100)))
            if number % 200 == 199:
                game.check()


@pytest.mark.parametrize(("policy", "moves"), [("debt", 800), ("waive", 400)])
def test_a_life_equals_a_recount(engine, policy, moves):
    live(engine, 1, moves, policy)


@pytest.mark.long
@pytest.mark.parametrize("policy", ["debt", "waive"])
def test_longer_lives_equal_a_recount(engine, policy):
    for seed in range(5):
        live(engine, seed, 2000, policy)
