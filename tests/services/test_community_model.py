"""A community over months of any order of work, against a few dictionaries: whose points, who was there, who is who.

The desk is a real one with a real file: it is closed and opened, saved and put back, and must be sound after each step.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from qunguan.domain.clock import Clock
from qunguan.domain.errors import Refused
from qunguan.domain.rewards import Reward
from qunguan.exchange.readers.rosters import read_roster
from qunguan.exchange.readers.sheets import sheet_from_text
from qunguan.services import checkins, groups, history, members, points, rewards
from qunguan.services.desk import Desk, restore
from qunguan.services.members_merge import merge
from qunguan.store.checkins import checkin
from tests.conftest import NOW, assert_sound
from tests.services.checkin_kit import chain, paste

NAMES = ("阿梨", "团团", "豆豆", "Tom", "小满", "秋秋")
EARNED, PRICE, STOCK = 5, 20, 3

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

    def becomes(self, gone: int, kept: int) -> None:
        self.called = {name: kept if one == gone else one for name, one in self.called.items()}
        self.there = {(kept if one == gone else one, day) for one, day in self.there}
        self.taken = {each: kept if one == gone else one for each, one in self.taken.items()}
        self.booked = {entry: told for entry, told in self.booked.items() if told[0] != gone}
        self.points[kept] += self.points.pop(gone)
        del self.names[gone]


class Owner(RuleBasedStateMachine):
    """Everything an owner does with people and points; `past` and `undone` are what undo and redo must lead to."""

    file: Callable[[], Path]

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.path = type(self).file()
        self.desk = Desk(self.path, Clock(NOW), create=True)
        self.desk.write(groups.create, "早起读书群")
        self.start = NOW.date() - timedelta(days=10)
        self.challenge = self.desk.write(checkins.start, "早起", who="all", starts_on=self.start, points=EARNED).id
        self.reward = self.desk.write(rewards.add, Reward(0, "周边", "goods", PRICE, stock=STOCK)).id
        self.steps = len(self.desk.read(history.recent))
        self.told = Community()
        self.past: list[Community] = []
        self.undone: list[Community] = []
        self.saved: tuple[Path, Any] | None = None
        for number, name in enumerate(NAMES[:3]):
            self.joins(name)
            self.given(number, 2 * PRICE)

    # -- what is done

    def did(self, service: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """A step: what was before is what undo leads back to."""
        self.keep()
        return self.desk.write(service, *args, **kwargs)

    def keep(self) -> None:
        self.past.append(deepcopy(self.told))
        self.undone.clear()

    def refused(self, service: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        with pytest.raises(Refused):
            self.desk.write(service, *args, **kwargs)

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
        steps = self.desk.read(history.recent, 1)
        paste(self.desk, self.challenge, chain(*known), day)
        if self.desk.read(history.recent, 1) != steps:  # a text is kept even where it says nothing new
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
        entry = self.did(points.grant, member_id, amount).entry_id
        self.told.points[member_id] += amount
        self.told.booked[entry] = member_id, amount

    @precondition(lambda self: self.told.names)
    @rule(number=who, percent=st.integers(1, 110))
    def spent(self, number: int, percent: int) -> None:
        member_id = self.somebody(number)
        amount = max(0, self.told.points[member_id]) * percent // 100 + 1
        if self.told.points[member_id] < amount:
            self.refused(points.spend, member_id, amount)
            return
        entry = self.did(points.spend, member_id, amount).entry_id
        self.told.points[member_id] -= amount
        self.told.booked[entry] = member_id, -amount

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
            self.is_as_told()

    @precondition(lambda self: self.undone)
    @rule(times=st.integers(1, 3))
    def redo(self, times: int) -> None:
        for _time in range(min(times, len(self.undone))):
            self.desk.write(history.redo)
            self.past.append(self.told)
            self.told = self.undone.pop()
            self.is_as_told()

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
        self.saved = self.desk.backup().path, deepcopy((self.told, self.past, self.undone))

    @precondition(lambda self: self.saved)
    @rule()
    def put_back(self) -> None:
        assert self.saved
        self.desk.close()
        restore(self.path, self.saved[0], Clock(self.now))
        self.desk = Desk(self.path, Clock(self.now))
        self.told, self.past, self.undone = deepcopy(self.saved[1])

    # -- what must hold

    @invariant()
    def is_as_told(self) -> None:
        read = self.desk.read
        assert {row.id: row.name for row in read(members.list_members)} == self.told.names
        held = {row.member_id: row.balance for row in read(points.balances, self.desk.clock) if row.balance}
        assert held == {member_id: points for member_id, points in self.told.points.items() if points}
        there = read(lambda session: session.rows(select(checkin.c.member_id, checkin.c.day, checkin.c.state)))
        assert {(row.member_id, row.day) for row in there} == self.told.there
        assert {row.state for row in there} <= {"done"}
        waiting = read(rewards.redemptions, state="requested")
        assert {each.id: each.member_id for each in waiting} == self.told.taken
        assert len(read(history.recent, 1000)) == self.steps + len(self.past)

    @invariant()
    def is_sound(self) -> None:
        assert_sound(self.desk)

    def teardown(self) -> None:
        self.desk.close()


def searched(tmp_path: Path, examples: int, steps: int) -> None:
    counter = iter(range(100_000))

    def file() -> Path:
        folder = tmp_path / str(next(counter))
        folder.mkdir()
        return folder / "qunguan.db"

    Owner.file = staticmethod(file)
    checks = (HealthCheck.too_slow, HealthCheck.data_too_large)
    run_state_machine_as_test(
        Owner,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=checks
        ),
    )


def test_any_order_of_work_agrees_with_what_was_told(tmp_path: Path) -> None:
    searched(tmp_path, 8, 25)


@pytest.mark.long
def test_very_many_orders_of_work_agree_with_what_was_told(tmp_path: Path) -> None:
    searched(tmp_path, 300, 50)
