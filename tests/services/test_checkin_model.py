"""Anything an owner may do to a challenge, in any order: streaks equal a recount, points follow the rows."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from qunguan.domain.clock import Clock
from qunguan.domain.errors import UserError
from qunguan.services import checkins, groups, history, points
from qunguan.services.desk import Desk
from qunguan.store.checkins import checkin
from qunguan.store.points import point_entry
from tests.conftest import NOW, assert_sound
from tests.services.checkin_kit import chain, day, go, paste, people

NAMES = ("阿梨", "团团", "张三")
TIERS = {3: 10, 5: 40}
days = st.integers(1, 20)
who = st.integers(0, len(NAMES) - 1)


def recount(records: dict[date, str], today: date) -> tuple[int, int, int]:
    """Streak, best and total of a daily challenge from the first of March on, from a string of letters."""
    line = ""
    when = day(1)
    while when <= today:
        line += {"done": "x", "makeup": "x", None: "."}.get(records.get(when), "~")
        when += timedelta(days=1)
    open_line = line[:-1] if line.endswith(".") else line
    tail = re.search(r"[x~]*$", open_line)
    assert tail
    return tail.group().count("x"), max(part.count("x") for part in line.split(".")), line.count("x")


class Camp(RuleBasedStateMachine):
    """A daily challenge with two tiers, three members, and no caps in the way."""

    factory: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.desk: Desk = type(self).factory()
        self.desk.write(groups.create, "早起读书群")
        self.ids = people(self.desk, *NAMES)
        go(self.desk, day(20))
        self.challenge = self.desk.write(
            checkins.start, "早起", who="all", starts_on=day(1), tiers=TIERS, points=5, makeup_days=20, makeup_quota=4
        ).id

    def attempt(self, service: Any, *args: Any) -> None:
        try:
            self.desk.write(service, *args)
        except UserError:
            return

    @rule(member=who, n=days)
    def toggle(self, member: int, n: int) -> None:
        self.attempt(checkins.toggle, self.challenge, self.ids[member], day(n))

    @rule(member=who, n=days, length=st.integers(2, 6))
    def tick_several(self, member: int, n: int, length: int) -> None:
        for each in range(n, min(n + length, 21)):
            self.attempt(checkins.tick, self.challenge, self.ids[member], day(each))

    @rule(member=who, n=days, state=st.sampled_from(["makeup", "frozen", "excused", "none"]))
    def mark(self, member: int, n: int, state: str) -> None:
        self.attempt(checkins.mark, self.challenge, self.ids[member], day(n), state)

    @rule(members=st.sets(who, min_size=1), n=days, length=st.integers(0, 8), state=st.sampled_from(["frozen", "none"]))
    def mark_range(self, members: set[int], n: int, length: int, state: str) -> None:
        ids = [self.ids[member] for member in sorted(members)]
        self.attempt(checkins.mark_range, self.challenge, ids, state, day(n), day(n) + timedelta(days=length))

    @rule(members=st.sets(who, min_size=1), n=days)
    def paste(self, members: set[int], n: int) -> None:
        paste(self.desk, self.challenge, chain(*(f"{NAMES[member]} 好" for member in sorted(members))), day(n))

    @rule()
    def undo(self) -> None:
        if len(self.desk.read(history.recent)) > 5:
            self.desk.write(history.undo)

    @invariant()
    def streaks_equal_a_recount(self) -> None:
        rows = self.desk.read(lambda session: session.rows(select(checkin)))
        today = day(20)
        board = {row.member_id: row for row in self.desk.read(checkins.board, self.desk.clock, self.challenge).rows}
        for member_id in self.ids:
            mine = {row.day: row.state for row in rows if row.member_id == member_id}
            shown = board[member_id]
            assert (shown.streak, shown.best, shown.total) == recount(mine, today)
            before = recount({when: state for when, state in mine.items() if when <= day(12)}, day(13))[1:]
            past = self.desk.read(checkins.board, self.desk.clock, self.challenge, day(12)).rows
            assert next((row.best, row.total) for row in past if row.member_id == member_id) == before
        assert self.desk.read(checkins.cache_differences) == ()

    @invariant()
    def points_follow_the_rows(self) -> None:
        rows = self.desk.read(lambda session: session.rows(select(checkin)))
        for member_id in self.ids:
            states = {row.day: row.state for row in rows if row.member_id == member_id}
            standing = self.standing(member_id)
            paid = [source for source, amount in standing.items() if source[0] == "checkin" and amount]
            present = [when for when, state in states.items() if state in ("done", "makeup")]
            assert sorted(paid) == sorted(("checkin", f"{self.challenge}:{when}") for when in present)
            assert all(standing[source] == 5 for source in paid)
            self.check_tiers(states, standing)

    def standing(self, member_id: int) -> dict[tuple[str, str], int]:
        """What stands of each award: the entry less its reversals, and theirs."""
        query = select(point_entry).where(point_entry.c.member_id == member_id).order_by(point_entry.c.id)
        entries = self.desk.read(lambda session: session.rows(query))
        root: dict[int, Any] = {}
        total: dict[tuple[str, str], int] = {}
        for entry in entries:
            top = root[entry.id] = entry if entry.reverses_id is None else root[entry.reverses_id]
            key = (top.source_type, top.source_id)
            total[key] = total.get(key, 0) + entry.sign * entry.amount
        return total

    def check_tiers(self, states: dict[date, str], standing: dict[tuple[str, str], int]) -> None:
        """No tier twice for one run that never was two, none without a run that is long enough."""
        longest = recount(states, day(20))[1]
        for tier, amount in TIERS.items():
            awards = [
                value for (kind, source), value in standing.items() if kind == "streak" and source.endswith(f":{tier}")
            ]
            assert set(awards) <= {0, amount}
            assert bool(sum(awards)) == (longest >= tier)

    @invariant()
    def the_ledger_is_clean(self) -> None:
        assert self.desk.read(points.reconcile).ok

    def teardown(self) -> None:
        assert_sound(self.desk)
        self.desk.close()


def searched(tmp_path: Path, examples: int) -> None:
    counter = iter(range(10_000))
    Camp.factory = lambda: Desk(tmp_path / f"{next(counter)}.db", Clock(NOW), create=True)
    checks = (HealthCheck.too_slow, HealthCheck.data_too_large)
    run_state_machine_as_test(
        Camp,
        settings=settings(max_examples=examples, stateful_step_count=20, deadline=None, suppress_health_check=checks),
    )


def test_any_sequence_keeps_streaks_points_and_copies_true(tmp_path):
    searched(tmp_path, 10)


@pytest.mark.long
def test_very_many_sequences_keep_streaks_points_and_copies_true(tmp_path):
    searched(tmp_path, 300)
