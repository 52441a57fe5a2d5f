"""Any sequence of what can happen to points, against the naive simulation: every day's balance, and 对账 after each."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from itertools import accumulate
from random import Random, randrange

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from qunguan.domain.errors import Refused
from qunguan.domain.points import Award, PostOutcome
from qunguan.services import points
from tests.services.ledger import START, Rig, day, memory_engine
from tests.services.ledger_simulation import Op, Simulation

ENGINE = memory_engine()
AWARD_LIFE = 12
STEPS = 50
FIRST_SEED = randrange(2**32) if os.environ.get("QUNGUAN_RANDOM") else 0
Request = tuple[int, int, int, int | None, bool, str]

members = st.integers(1, 2)
amounts = st.integers(1, 100)
back = st.sampled_from([0, 0, 0, 1, 3, 8, 15])
lives = st.sampled_from([None, 0, 2, 5, 9, 15])
places = st.integers(0, 99)
percents = st.integers(1, 110)


class LedgerMachine(RuleBasedStateMachine):
    """Two members, a clock that moves on, and everything the ledger can be asked to do."""

    def __init__(self) -> None:
        super().__init__()
        self.conn = ENGINE.connect()
        self.transaction = self.conn.begin()
        self.rig = Rig(self.conn)
        self.rig.today = 20
        self.sims = {1: Simulation(), 2: Simulation()}
        self.steps: list[tuple[int, list[Op]]] = []
        self.keys = 0
        self.awarded: dict[tuple[int, str], Op] = {}
        self.last_key: Request | None = None
        self.thorough = 1  # every so many checks look at all there is, not only at whom the last step was about
        self.checks = 0

    def teardown(self) -> None:
        try:
            self.rig.is_sealed()  # what was once not sealed goes on to disagree
        finally:
            self.transaction.rollback()
            self.conn.close()

    @initialize(grace=st.sampled_from([0, 5]), policy=st.sampled_from(["debt", "waive"]))
    def terms(self, grace: int, policy: str) -> None:
        self.rig.rule("points.expiry_days", AWARD_LIFE)
        self.change_terms(grace, policy)

    @rule(grace=st.sampled_from([0, 5]), policy=st.sampled_from(["debt", "debt", "waive"]))
    def change_terms(self, grace: int, policy: str) -> None:
        self.rig.rule("points.reinstate_days", grace)
        self.rig.rule("points.reverse_policy", policy)
        self.grace, self.waive = grace, policy == "waive"

    @rule(days=st.integers(1, 6))
    def days_pass(self, days: int) -> None:
        self.rig.today += days

    @rule(who=members, amount=amounts, ago=back, life=lives, adjusting=st.booleans())
    def comes_in(self, who: int, amount: int, ago: int, life: int | None, adjusting: bool) -> None:
        on = self.rig.today - ago
        last = None if life is None else on + life
        self.keys += 1
        self.last_key = (who, amount, on, last, adjusting, f"key {self.keys}")
        done = self._post(self.last_key)
        assert not done.already
        op = self.sims[who].earn(done.entry_id, amount, on, last, "ADJUST" if adjusting else "EARN")
        self._step([op])
        self.check(who)

    def _post(self, request: Request) -> PostOutcome:
        who, amount, on, last, adjusting, key = request
        service = points.adjust if adjusting else points.grant
        return self.rig.call(service, who, amount, day=day(on), key=key, expires_on=None if last is None else day(last))

    @precondition(lambda self: self.last_key)
    @rule()
    def retries(self) -> None:
        assert self.last_key
        before = self._rows()
        known = self.rig.conn.exec_driver_sql(
            "SELECT id FROM point_entry WHERE source_type = 'manual' AND source_id = ?", (self.last_key[-1],)
        ).scalar_one()
        op = self.sims[self.last_key[0]].ops[known]
        if not any(child.by_program for child in op.children):
            assert self._post(self.last_key).already
            assert self._rows() == before
        self.check(self.last_key[0])

    @rule(who=members, percent=percents, ago=back, adjusting=st.booleans())
    def goes_out(self, who: int, percent: int, ago: int, adjusting: bool) -> None:
        on, sim = self.rig.today - ago, self.sims[who]
        amount = sim.room(on) * percent // 100 + percent % 2
        if not amount:
            return
        before = self._rows()
        try:
            if adjusting:
                done = self.rig.call(points.adjust, who, -amount, day=day(on))
            else:
                done = self.rig.call(points.spend, who, amount, day=day(on))
        except Refused:
            assert sim.room(on) < amount
            assert self._rows() == before
            return
        sim.spend(done.entry_id, amount, on)
        self._step([sim.ops[done.entry_id]])
        self.check(who)

    @rule(who=members, place=places, percent=st.one_of(st.none(), percents), ago=st.sampled_from([0, 0, 0, 1, 4]))
    def is_reversed(self, who: int, place: int, percent: int | None, ago: int) -> None:
        sim, on = self.sims[who], self.rig.today - ago
        if not sim.ops:
            return
        op = sim.ops[sorted(sim.ops)[place % len(sim.ops)]]
        wanted = None if percent is None else op.standing() * percent // 100 + 1
        left = sim.left_to_reverse(op, on)
        possible = on >= sim.changed(op) and left >= (wanted or 1)
        try:
            done = self.rig.call(points.reverse, op.id, amount=wanted, day=day(on))
        except Refused:
            assert not possible
            return
        assert possible
        known = set(sim.ops)
        sim.reverse(op, wanted or left, on, done.entry_ids, waive=self.waive, grace=self.grace)
        if done.entry_ids:
            self._step([sim.ops[new] for new in sorted(sim.ops.keys() - known)])
        assert done.balance == sim.balance(self.rig.today)
        self.check(who)

    @rule(who=members, name=st.sampled_from("abc"), base=st.integers(1, 30), ago=back)
    def award(self, who: int, name: str, base: int, ago: int) -> None:
        on, sim = self.rig.today - ago, self.sims[who]
        (done,) = self.rig.call(points.award_many, [Award(who, "r", base, "test", name, day(on))])
        op = self.awarded.get((who, name))
        if op is None:
            assert (done.status, done.amount) == ("booked", base)
            op = sim.earn(done.entry_id or 0, base, on, on + AWARD_LIFE)
            self.awarded[who, name] = op
            self._step([op])
        else:
            withdrawn = [child for child in op.children if child.by_program]
            self._reverse_all(sim, list(reversed(withdrawn)), step=done.status == "restored")
            assert done.amount == op.standing()
        self.check(who)

    @rule(who=members, name=st.sampled_from("abc"))
    def award_is_taken_back(self, who: int, name: str) -> None:
        done = self.rig.call(points.take_back, [Award(who, "r", 1, "test", name, day(0)).key])
        op = self.awarded.get((who, name))
        if op is not None:
            self._reverse_all(self.sims[who], [op], step=bool(done.entry_ids))
        self.check(who)

    @precondition(lambda self: self.steps)
    @rule(place=places)
    def step_is_undone(self, place: int) -> None:
        step_id, ops = self.steps[-1 - place % min(6, len(self.steps))]
        if self.conn.exec_driver_sql("SELECT count(*) FROM step WHERE undoes_id = ?", (step_id,)).scalar():
            return
        done = self.rig.undo(step_id)
        who, sim = next((who, sim) for who, sim in self.sims.items() if ops[0].id in sim.ops)
        newest_first = sorted(ops, key=lambda op: -op.id)
        self._reverse_all(sim, newest_first, step=bool(done.entry_ids))
        self.check(who)

    # -- helpers

    def _reverse_all(self, sim: Simulation, ops: list[Op], *, step: bool) -> None:
        """Reverse what stands of each, with the ids the real ledger gave."""
        known, on = set(sim.ops), self.rig.today
        for op in ops:
            left = sim.left_to_reverse(op, on)
            if left > 0:
                rows = self.conn.exec_driver_sql(
                    "SELECT id FROM point_entry WHERE reverses_id = ? AND kind = 'REVERSE' ORDER BY id", (op.id,)
                ).scalars()
                new = tuple(entry_id for entry_id in rows if entry_id not in sim.ops)
                sim.reverse(op, left, on, new, waive=self.waive, grace=self.grace, by_program=True)
        if step:
            self._step([sim.ops[new] for new in sorted(sim.ops.keys() - known)])
        else:
            assert sim.ops.keys() == known

    def _step(self, ops: list[Op]) -> None:
        self.steps.append((self.rig.last_step(), ops))

    def _rows(self) -> tuple[int, ...]:
        count = "SELECT (SELECT count(*) FROM point_entry), (SELECT count(*) FROM point_alloc)"
        return tuple(self.conn.exec_driver_sql(count).one())

    def check(self, who: int) -> None:
        """The statement of the member the step was about tells every day's balance; now and then, everything."""
        self.checks += 1
        if self.checks % self.thorough == 0:
            self.check_all()
        else:
            self._check_statement(who)

    def check_all(self) -> None:
        self.rig.adds_up()
        for who, sim in self.sims.items():
            self._check_statement(who)
            for on in {self.rig.today, self.rig.today - 7, self.rig.today + 2}:
                assert self.rig.balance(who, on) == sim.balance(on)
        for on in range(len(self.steps) % 7, self.rig.today + 3, 7):
            found = {row.member_id: row.balance for row in points.balances(self.rig.session(), self.rig.clock, day(on))}
            assert found == {who: sim.balance(on) for who, sim in self.sims.items()}

    def _check_statement(self, who: int) -> None:
        days = range(self.rig.today + 3)
        moved = [0] * len(days)
        for line in self.rig.statement(who, days[-1]).entries:
            moved[(line.biz_date - START).days] += line.amount
        assert list(accumulate(moved)) == [self.sims[who].balance(on) for on in days]


def walk(seed: int, length: int) -> None:
    """A long random walk: denser than what Hypothesis finds worth trying."""
    dice = Random(seed)
    machine = LedgerMachine()
    machine.thorough = 5
    machine.terms(dice.choice([0, 5]), dice.choice(["debt", "waive"]))
    try:
        for _turn in range(length):
            who, ago, place = dice.randint(1, 2), dice.choice([0, 0, 0, 1, 3, 8, 15]), dice.randrange(100)
            percent, flag, name = dice.randint(1, 110), dice.random() < 0.3, dice.choice("abc")
            grace, policy = dice.choice([0, 5]), dice.choice(["debt", "debt", "waive"])
            life, part, lately = (
                dice.choice([None, 0, 2, 5, 9, 15]),
                dice.choice([None, percent]),
                dice.choice([0, 0, 1, 4]),
            )
            actions: list[tuple[int, Callable[[], object]]] = [
                (6, lambda: machine.days_pass(dice.randint(1, 6))),
                (6, partial(machine.comes_in, who, dice.randint(1, 100), ago, life, flag)),
                (8, partial(machine.goes_out, who, percent, ago, flag)),
                (8, partial(machine.is_reversed, who, place, part, lately)),
                (3, partial(machine.award, who, name, dice.randint(1, 30), ago)),
                (2, partial(machine.award_is_taken_back, who, name)),
                (1, partial(machine.change_terms, grace, policy)),
            ]
            if machine.steps:
                actions.append((6, partial(machine.step_is_undone, place)))
            if machine.last_key:
                actions.append((1, machine.retries))
            dice.choices([action for _weight, action in actions], [weight for weight, _action in actions])[0]()
        machine.check_all()
    except AssertionError as error:
        raise AssertionError(f"seed {seed}: {error}") from error
    finally:
        machine.teardown()


def searched(runs: int) -> None:
    checks = list(HealthCheck)
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(max_examples=runs, stateful_step_count=STEPS, deadline=None, suppress_health_check=checks),
    )


def test_any_sequence_agrees_with_the_naive_simulation() -> None:
    searched(50)


@pytest.mark.parametrize("part", range(10))
def test_long_random_walks_agree_with_the_naive_simulation(part: int) -> None:
    for seed in range(100 * part, 100 * (part + 1)):
        walk(FIRST_SEED + seed, STEPS)


@pytest.mark.long
def test_many_long_random_walks_agree_with_the_naive_simulation() -> None:
    for seed in range(1000, 50_000):
        walk(FIRST_SEED + seed, STEPS)


@pytest.mark.long
def test_very_many_sequences_agree_with_the_naive_simulation() -> None:
    searched(1000)
