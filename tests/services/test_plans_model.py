"""Random sales, renewals, refunds, uses and undos against a simulation that walks the days and shares no code."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qunguan.domain.errors import Refused
from qunguan.domain.plans import Benefit, Plan, PriceStep
from qunguan.services import history, plans
from tests.services.ledger import Rig, day, memory_engine, rig

TERM, GRACE, BACK, QUOTA, EARLY, PRICE = 9, 3, 2, 2, 1, 9900
SEASON = 120  # the last day of the other plan
KINDS = ("sell", "sell", "renew", "renew", "refund", "late", "use", "use", "undo", "wait", "wait", "wait")
Move = tuple[str, int, int]


@pytest.fixture(scope="module")
def engine():
    made = memory_engine()
    yield made
    made.dispose()


@dataclass
class Paid:
    """A term as the simulation has it: the days it covers one by one."""

    member: int
    plan: int
    on: int
    days: set[int]
    fen: int
    early: bool
    back_on: int | None = None
    used: int = 0

    def counts(self, today: int) -> bool:
        return self.on <= today and (self.back_on is None or self.back_on > today)


@dataclass
class World:
    paid: list[Paid] = field(default_factory=list)

    def live(self, member: int, plan: int, today: int) -> list[Paid]:
        return [one for one in self.paid if (one.member, one.plan) == (member, plan) and one.counts(today)]

    def stands(self, member: int, plan: int, today: int) -> tuple[str, int | None] | None:
        if not any((one.member, one.plan) == (member, plan) and one.on <= today for one in self.paid):
            return None
        covered = set().union(*(one.days for one in self.live(member, plan, today)))
        if not covered:
            return "refunded", None
        last = max(covered)
        if today in covered:
            return ("new" if is_new(day(min(covered)), day(today)) else "current"), last
        if today < last:
            return "pending", last
        return ("grace" if today - last <= GRACE else "expired"), last


def is_new(joined: date, today: date) -> bool:
    whole = (today.year - joined.year) * 12 + today.month - joined.month
    month_end = (today + timedelta(days=1)).month != today.month
    return whole - (today.day < joined.day and not month_end) < 3


class Game:
    """Plays a move on the program and on the simulation; both must allow or refuse it."""

    def __init__(self, ledger: Rig) -> None:
        self.rig, self.world, self.past = ledger, World(), list[World]()
        made = Plan(
            0, "年卡", None, TERM, None, EARLY, "书", BACK, GRACE, prices=(PriceStep(0, day(0), None, PRICE),),
            benefits=(Benefit(0, "课程", False, QUOTA),),
        )  # fmt: skip
        self.plans = (
            ledger.call(plans.add, made).id,
            ledger.call(plans.add, replace(made, name="季卡", term_days=None, ends_on=day(SEASON))).id,
        )

    def play(self, move: Move) -> None:
        kind, one, two = move
        if kind == "wait":
            self.rig.today += (1, 1, 1, 2, 3)[one % 5]
        elif kind == "undo":
            if self.past:
                self.rig.call(history.undo)
                self.world = self.past.pop()
        else:
            before = deepcopy(self.world)
            allowed, ask = getattr(self, kind)(1 + one % 2, one // 2 % 2, two)
            if allowed:
                ask()
                self.past.append(before)
            else:
                with pytest.raises(Refused):
                    ask()

    def sell(self, member: int, plan: int, two: int):
        today, begins, guest = self.rig.today, self.rig.today + (two % 3) * 3, two % 5 == 0
        allowed = not self.world.live(member, plan, today) and (plan == 0 or begins <= SEASON)
        if allowed:
            taken = sum(one.early and one.counts(today) for one in self.world.paid if one.plan == plan)
            self.add(member, plan, begins, 0 if guest else PRICE, early=taken < EARLY and not guest)
        more = {"paid_fen": 0} if guest else {}
        return allowed, lambda: self.rig.call(plans.sell, member, self.plans[plan], starts_on=day(begins), **more)

    def renew(self, member: int, plan: int, two: int):
        today = self.rig.today
        live = self.world.live(member, plan, today)
        begins = max(today, 1 + max((last for one in live for last in one.days), default=-1))
        allowed = bool(live) and (plan == 0 or begins <= SEASON)
        if allowed:
            self.add(member, plan, begins, PRICE)
        return allowed, lambda: self.rig.call(plans.renew, member, self.plans[plan], ahead=True)

    def refund(self, member: int, plan: int, two: int, late: bool = False):
        today = self.rig.today
        live = self.world.live(member, plan, today)
        newest = max(live, key=lambda one: min(one.days), default=None)
        allowed = newest is not None and (late or today <= newest.on + BACK)
        if newest is not None and allowed:
            newest.back_on = today
        more = {"late": True, "reason": "搬家"} if late else {}
        return allowed, lambda: self.rig.call(plans.refund, member, self.plans[plan], **more)

    def late(self, member: int, plan: int, two: int):
        return self.refund(member, plan, two, late=True)

    def use(self, member: int, plan: int, two: int):
        times = 1 + two % 2
        held = [one for one in self.world.live(member, plan, self.rig.today) if self.rig.today in one.days]
        allowed = bool(held) and held[0].used + times <= QUOTA
        if allowed:
            held[0].used += times
        return allowed, lambda: self.rig.call(plans.use, member, self.plans[plan], "课程", times=times)

    def add(self, member: int, plan: int, begins: int, fen: int, *, early: bool = False) -> None:
        last = begins + TERM - 1 if plan == 0 else SEASON
        self.world.paid.append(Paid(member, plan, self.rig.today, set(range(begins, last + 1)), fen, early))

    def check(self) -> None:
        session, clock = self.rig.session(), self.rig.clock
        for today in range(self.rig.today + 1):
            found = {(one.member_id, one.plan_id): one for one in plans.memberships(session, clock, day(today))}
            for member in (1, 2):
                for place, plan_id in enumerate(self.plans):
                    expected = self.world.stands(member, place, today)
                    one = found.get((member, plan_id))
                    told = one and (one.standing.status, one.standing.until)
                    assert told == (
                        expected and (expected[0], expected[1] if expected[1] is None else day(expected[1]))
                    )
        today = self.rig.today
        for one in plans.memberships(session, clock):
            held = [each for each in self.world.live(one.member_id, self.plans.index(one.plan_id), today)
                    if today in each.days]  # fmt: skip
            if held:
                assert one.used[0].used == held[0].used
        money = {day(each): 0 for each in range(today + 1)}
        for each in self.world.paid:
            money[day(each.on)] += each.fen
            if each.back_on is not None:
                money[day(each.back_on)] -= each.fen
        sold = plans.sales(session, day(0), day(today))
        assert money == {on: sum(one.fen for one in sold if one.day == on) for on in money}
        for place, row in enumerate(plans.rows(session, clock)):
            early = sum(one.early and one.counts(today) for one in self.world.paid if one.plan == place)
            assert row.early_left == EARLY - early


MOVES = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 99), st.integers(0, 99)), min_size=3, max_size=30)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(MOVES)
def test_status_end_money_and_uses_equal_a_walk_through_the_days(engine, moves):
    with rig(engine) as ledger:
        game = Game(ledger)
        for move in moves:
            game.play(move)
        game.check()


def test_a_long_life_equals_it_too(engine):
    chance = Random(7)
    with rig(engine) as ledger:
        game = Game(ledger)
        for _move in range(260):
            game.play((chance.choice(KINDS), chance.randrange(100), chance.randrange(100)))
        game.check()
