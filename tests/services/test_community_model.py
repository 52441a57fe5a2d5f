"""A community over months of any order of work, against a few dictionaries: whose points, who was there, who is who.

The desk is a real one with a real file: it is closed and opened, saved and put back. Hypothesis looks for short orders
of work, with everything checked after each step. Walks are many and long: after each step the file says what was told,
after every twenty-fifth it must be sound, too. What is once not sealed, or counted wrongly, goes on to disagree.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from functools import cache, partial
from itertools import count
from pathlib import Path
from random import Random, randrange
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select

from qunguan.domain.clock import Clock
from qunguan.domain.errors import Refused
from qunguan.domain.rewards import Reward
from qunguan.exchange.readers.rosters import read_roster
from qunguan.exchange.readers.sheets import sheet_from_text
from qunguan.services import checkins, groups, history, members, points, rewards
from qunguan.services.desk import Desk, restore
from qunguan.services.members_merge import merge
from qunguan.store.checkins import checkin
from qunguan.store.journal import step
from qunguan.store.session import Session
from tests.conftest import NOW, assert_sound
from tests.services.checkin_kit import chain, paste

NAMES = ("阿梨", "团团", "豆豆", "Tom", "小满", "秋秋")
EARNED, PRICE, STOCK = 5, 20, 3
START = NOW.date() - timedelta(days=10)
STEPS = 50
FIRST_SEED = randrange(2**32) if os.environ.get("QUNGUAN_RANDOM") else 0

who = st.integers(0, len(NAMES) - 1)
some = st.sets(st.sampled_from(NAMES), min_size=1)
amounts = st.integers(1, 40)
lately = st.sampled_from([0, 0, 1, 2])


@dataclass
class Community:
    """What an owner would keep on paper."""

    called: dict[str, int] = field(default_factory=dict)  # what somebody signs with → who it is
    names: dict[int, str] = field(default_factory=dict)
    points: dict[int, int] = field(default_factory=dict)
    there: set[tuple[int, date]] = field(default_factory=set)
    booked: dict[int, tuple[int, int]] = field(default_factory=dict)  # entry by hand → whose, how much
    taken: dict[int, int] = field(default_factory=dict)  # redemption → whose

    def joins(self, name: str, member_id: int) -> None:
        self.called[name], self.names[member_id], self.points[member_id] = member_id, name, 0

    def checks_in(self, member_id: int, day: date) -> None:
        if (member_id, day) not in self.there:
            self.there.add((member_id, day))
            self.points[member_id] += EARNED

    def books(self, entry: int, member_id: int, amount: int) -> None:
        self.points[member_id] += amount
        self.booked[entry] = member_id, amount

    def becomes(self, gone: int, kept: int) -> None:
        self.called = {name: kept if one == gone else one for name, one in self.called.items()}
        self.there = {(kept if one == gone else one, day) for one, day in self.there}
        self.taken = {each: kept if one == gone else one for each, one in self.taken.items()}
        self.booked = {entry: told for entry, told in self.booked.items() if told[0] != gone}
        self.points[kept] += self.points.pop(gone)
        del self.names[gone]

    def copy(self) -> Community:
        return Community(*(copy(getattr(self, kept.name)) for kept in fields(self)))


@dataclass(frozen=True)
class Beginning:
    """Three members with points, and how it came to that."""

    file: bytes
    told: Community
    past: list[Community]
    steps: int  # before the first member


@cache
def beginning() -> Beginning:
    """The file every community starts from; the challenge and the reward in it are the first of their kind."""
    told, past = Community(), []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "qunguan.db"
        with Desk(path, Clock(NOW), create=True) as desk:
            desk.write(groups.create, "早起读书群")
            desk.write(checkins.start, "早起", who="all", starts_on=START, points=EARNED, tiers={})
            desk.write(rewards.add, Reward(0, "周边", "goods", PRICE, stock=STOCK))
            steps = len(desk.read(history.recent))
            for name in NAMES[:3]:
                past.append(told.copy())
                told.joins(name, one := desk.write(members.add, name, group_id=1).id)
                past.append(told.copy())
                told.books(desk.write(points.grant, one, 2 * PRICE).entry_id, one, 2 * PRICE)
        return Beginning(path.read_bytes(), told, past, steps)


class Owner(RuleBasedStateMachine):
    """Everything an owner does with people and points; `past` and `undone` are what undo and redo must lead to."""

    folder: Path
    number = count()

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.path = type(self).folder / str(next(self.number)) / "qunguan.db"
        self.path.parent.mkdir(0o700)
        self.path.touch(0o600)
        begun = beginning()
        self.path.write_bytes(begun.file)
        self.desk = Desk(self.path, Clock(NOW))
        self.challenge = self.reward = 1
        self.steps = begun.steps
        self.told = begun.told.copy()
        self.past = [each.copy() for each in begun.past]
        self.undone: list[Community] = []
        self.saved: tuple[Path, Any] | None = None
        self.thorough = 1  # every so many checks look at all there is
        self.checks = 0

    # -- what is done

    def did(self, service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """A step: what was before is what undo leads back to."""
        self.keep()
        return self.desk.write(service, *args, **kwargs)

    def keep(self) -> None:
        self.past.append(self.told.copy())
        self.undone.clear()

    def refused(self, service: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        with pytest.raises(Refused):
            self.desk.write(service, *args, **kwargs)

    def last_step(self) -> int:
        return int(self.desk.read(lambda session: session.scalar(select(func.max(step.c.id)))))

    def somebody(self, number: int) -> int:
        return list(self.told.names)[number % len(self.told.names)]

    @rule(name=st.sampled_from(NAMES))
    def joins(self, name: str) -> None:
        if name not in self.told.called:
            member_id = self.did(members.add, name, group_id=1).id
            self.told.joins(name, member_id)

    @rule(names=some)
    def roster_comes_in(self, names: set[str]) -> None:
        new = sorted(names - self.told.called.keys())
        known = names & set(self.told.names.values())  # without those that belong to somebody under another name now
        roster = read_roster(sheet_from_text("\n".join(["昵称", *new, *sorted(known)])))
        if new:
            self.keep()
        done = self.desk.write(members.apply, roster, 1)
        assert (done.created, done.updated) == (len(new), 0)
        for name, member_id in zip(new, done.created_ids, strict=True):
            self.told.joins(name, member_id)
        again = self.desk.write(members.apply, roster, 1)
        assert (again.created, again.updated) == (0, 0)

    @precondition(lambda self: self.told.names)
    @rule(names=some, ago=lately)
    def solitaire(self, names: set[str], ago: int) -> None:
        day = self.now.date() - timedelta(days=ago)
        known = sorted(name for name in names if name in self.told.called)
        if not known:
            return
        before = self.last_step()
        paste(self.desk, self.challenge, chain(*known), day)
        if self.last_step() != before:  # a text is kept even where it says nothing new
            self.keep()
        for name in known:
            self.told.checks_in(self.told.called[name], day)

    @precondition(lambda self: self.told.names)
    @rule(number=who, ago=lately)
    def ticked_or_not(self, number: int, ago: int) -> None:
        member_id, day = self.somebody(number), self.now.date() - timedelta(days=ago)
        self.did(checkins.toggle, self.challenge, member_id, day)
        if (member_id, day) in self.told.there:
            self.told.there.remove((member_id, day))
            self.told.points[member_id] -= EARNED
        else:
            self.told.checks_in(member_id, day)

    @precondition(lambda self: self.told.names)
    @rule(number=who, amount=amounts)
    def given(self, number: int, amount: int) -> None:
        member_id = self.somebody(number)
        self.told.books(self.did(points.grant, member_id, amount).entry_id, member_id, amount)

    @precondition(lambda self: self.told.names)
    @rule(number=who, percent=st.integers(1, 110))
    def spent(self, number: int, percent: int) -> None:
        member_id = self.somebody(number)
        amount = max(0, self.told.points[member_id]) * percent // 100 + 1
        if self.told.points[member_id] < amount:
            self.refused(points.spend, member_id, amount)
            return
        self.told.books(self.did(points.spend, member_id, amount).entry_id, member_id, -amount)

    @precondition(lambda self: self.told.booked)
    @rule(number=st.integers(0, 30))
    def taken_back(self, number: int) -> None:
        entry = sorted(self.told.booked)[number % len(self.told.booked)]
        self.did(points.reverse, entry)
        member_id, amount = self.told.booked.pop(entry)
        self.told.points[member_id] -= amount
        self.refused(points.reverse, entry)

    @precondition(lambda self: self.told.names)
    @rule(number=who)
    def redeemed(self, number: int) -> None:
        member_id = self.somebody(number)
        if self.told.points[member_id] < PRICE or len(self.told.taken) == STOCK:
            self.refused(rewards.redeem, member_id, self.reward)
            return
        done = self.did(rewards.redeem, member_id, self.reward)
        self.told.points[member_id] -= PRICE
        self.told.taken[done.redemption.id] = member_id

    @precondition(lambda self: self.told.taken)
    @rule(number=who)
    def redemption_cancelled(self, number: int) -> None:
        redemption = sorted(self.told.taken)[number % len(self.told.taken)]
        self.did(rewards.cancel, redemption)
        self.told.points[self.told.taken.pop(redemption)] += PRICE

    @precondition(lambda self: len(self.told.names) > 1)
    @rule(one=who, other=st.integers(1, len(NAMES)))
    def are_one(self, one: int, other: int) -> None:
        kept, gone = self.somebody(one), self.somebody(one + other)
        if kept == gone:
            return
        self.did(merge, kept, gone)
        self.told.becomes(gone, kept)

    @rule(times=st.integers(1, 3))
    def undo(self, times: int) -> None:
        for _time in range(min(times, len(self.past))):
            self.desk.write(history.undo)
            self.undone.append(self.told)
            self.told = self.past.pop()
            self.says_what_was_told()

    @precondition(lambda self: self.undone)
    @rule(times=st.integers(1, 3))
    def redo(self, times: int) -> None:
        for _time in range(min(times, len(self.undone))):
            self.desk.write(history.redo)
            self.past.append(self.told)
            self.told = self.undone.pop()
            self.says_what_was_told()

    # -- what happens to the file

    @rule(days=st.integers(1, 4))
    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.desk.clock = Clock(self.now)

    @rule()
    def restart(self) -> None:
        self.desk.close()
        self.desk = Desk(self.path, Clock(self.now))

    @rule()
    def saved_beside(self) -> None:
        self.saved = self.desk.backup().path, self.copies()

    @precondition(lambda self: self.saved)
    @rule()
    def put_back(self) -> None:
        assert self.saved
        self.desk.close()
        restore(self.path, self.saved[0], Clock(self.now))
        self.desk = Desk(self.path, Clock(self.now))
        self.told, self.past, self.undone = self.saved[1]
        self.saved = self.saved[0], self.copies()

    def copies(self) -> tuple[Community, list[Community], list[Community]]:
        return self.told.copy(), [each.copy() for each in self.past], [each.copy() for each in self.undone]

    # -- what must hold

    @invariant()
    def holds(self) -> None:
        self.checks += 1
        if self.checks % self.thorough:
            self.says_what_was_told()
        else:
            self.holds_to_the_last_row()

    def says_what_was_told(self) -> None:
        """Who there is, with which points, and who was there on which day."""
        told, there = self.told, select(checkin.c.member_id, checkin.c.day)

        def read(session: Session) -> tuple[Any, ...]:
            return points.balances(session, self.desk.clock, self.now.date()), session.rows(there)

        balances, days = self.desk.read(read)
        assert {row.member_id: (row.name, row.balance) for row in balances} == {
            member_id: (name, told.points[member_id]) for member_id, name in told.names.items()
        }
        assert {tuple(row) for row in days} == told.there

    def holds_to_the_last_row(self) -> None:
        read = self.desk.read
        self.says_what_was_told()
        assert {row.id: row.name for row in read(members.list_members)} == self.told.names
        states = read(lambda session: session.rows(select(checkin.c.state)))
        assert {row.state for row in states} <= {"done"}
        waiting = read(rewards.redemptions, state="requested")
        assert {each.id: each.member_id for each in waiting} == self.told.taken
        assert len(read(history.recent, 1000)) == self.steps + len(self.past)
        assert_sound(self.desk)

    def teardown(self) -> None:
        self.desk.close()
        shutil.rmtree(self.path.parent)


def walk(seed: int) -> None:
    """A long random walk: denser than what Hypothesis finds worth trying."""
    dice = Random(seed)
    owner = Owner()
    owner.thorough = 25
    try:
        for _turn in range(STEPS):
            step_of(owner, dice)()
            owner.holds()
        owner.holds_to_the_last_row()
    except AssertionError as error:
        raise AssertionError(f"seed {seed}: {error}") from error
    finally:
        owner.teardown()


def step_of(owner: Owner, dice: Random) -> Callable[[], object]:
    """What the owner does next."""
    who, ago, times = dice.randrange(len(NAMES)), dice.choice([0, 0, 1, 2]), dice.randint(1, 3)
    names = set(dice.sample(NAMES, dice.randint(1, len(NAMES))))
    actions: list[tuple[int, Callable[[], object]]] = [
        (4, partial(owner.joins, dice.choice(NAMES))),
        (3, partial(owner.roster_comes_in, names)),
        (5, partial(owner.days_pass, dice.randint(1, 4))),
        (2, owner.restart),
        (1, owner.saved_beside),
    ]
    if owner.told.names:
        actions += [
            (10, partial(owner.solitaire, names, ago)),
            (10, partial(owner.ticked_or_not, who, ago)),
            (6, partial(owner.given, who, dice.randint(1, 40))),
            (6, partial(owner.spent, who, dice.randint(1, 110))),
            (6, partial(owner.redeemed, who)),
        ]
    if owner.told.booked:
        actions.append((6, partial(owner.taken_back, dice.randrange(30))))
    if owner.told.taken:
        actions.append((4, partial(owner.redemption_cancelled, who)))
    if len(owner.told.names) > 1:
        actions.append((4, partial(owner.are_one, who, dice.randint(1, len(NAMES)))))
    if owner.past:
        actions.append((12, partial(owner.undo, times)))
    if owner.undone:
        actions.append((12, partial(owner.redo, times)))
    if owner.saved:
        actions.append((1, owner.put_back))
    return dice.choices([action for _weight, action in actions], [weight for weight, _action in actions])[0]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Owner, "folder", tmp_path, raising=False)


def searched(examples: int, steps: int) -> None:
    checks = (HealthCheck.too_slow, HealthCheck.data_too_large)
    run_state_machine_as_test(
        Owner,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=checks
        ),
    )


def test_any_order_of_work_agrees_with_what_was_told() -> None:
    searched(8, 25)


@pytest.mark.parametrize("part", range(20))
def test_long_walks_agree_with_what_was_told(part: int) -> None:
    for seed in range(50 * part, 50 * (part + 1)):
        walk(FIRST_SEED + seed)


@pytest.mark.long
def test_many_long_walks_agree_with_what_was_told() -> None:
    for seed in range(1000, 50_000):
        walk(FIRST_SEED + seed)


@pytest.mark.long
def test_very_many_orders_of_work_agree_with_what_was_told() -> None:
    searched(300, STEPS)
