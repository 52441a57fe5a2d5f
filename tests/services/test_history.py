"""Undo restores every row exactly; redo brings it back; the ledger only ever grows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from qunguan.domain.clock import Clock
from qunguan.domain.errors import Refused, UserError
from qunguan.exchange.readers.jielong import parse
from qunguan.i18n import set_language
from qunguan.services import checkins, groups, history, members, points, rules
from qunguan.services.desk import Desk
from qunguan.store.base import metadata
from qunguan.store.session import Session
from tests.conftest import NOW, assert_sound
from tests.services.checkin_kit import chain, paste

KEPT_FOR_GOOD = {"seal", "step", "change", "memory", "point_entry", "point_alloc", "point_cut"}


def picture(desk: Desk) -> dict[str, Any]:
    """Every row that undo restores, and every balance."""

    def rows(session: Session) -> dict[str, Any]:
        tables = (table for table in metadata.sorted_tables if table.name not in KEPT_FOR_GOOD)
        return {
            table.name: [tuple(row) for row in session.rows(select(table).order_by(table.c.id))] for table in tables
        }

    def balances(session: Session) -> dict[int, int]:
        return {held.member_id: held.balance for held in points.balances(session, desk.clock) if held.balance}

    return {**desk.read(rows), "balances": desk.read(balances)}


def test_nothing_to_undo_is_said(tmp_path, clock):
    with Desk(tmp_path / "q.db", clock, create=True) as desk, pytest.raises(Refused):
        desk.write(history.undo)


def test_undo_survives_a_restart(tmp_path, clock):
    path = tmp_path / "q.db"
    with Desk(path, clock, create=True) as desk:
        desk.write(groups.create, "一群")
        before = picture(desk)
        desk.write(members.add, "阿梨")
        after = picture(desk)
    with Desk(path, clock) as desk:
        desk.write(history.undo)
        assert picture(desk) == before
    with Desk(path, clock) as desk:
        desk.write(history.redo)
        assert picture(desk) == after
        assert_sound(desk)


def test_the_weight_of_a_step_is_its_rows_and_its_group(desk):
    group = desk.write(groups.create, "夜读群")
    people = [desk.write(members.add, name, group_id=group.id).id for name in ("夜猫", "星星")]
    assert desk.read(history.weight).group == "夜读群"
    desk.write(points.grant, people[0], 5, reason="分享")
    assert desk.read(history.weight).group is None
    desk.write(groups.set_current, group.id)
    challenge_id = desk.write(checkins.start, "夜读", who="all").id
    desk.write(checkins.tick, challenge_id, people[0])
    found = desk.read(history.weight)
    assert (found.group_id, found.group) == (group.id, "夜读群")
    assert 0 < found.rows < 10


@pytest.mark.parametrize(("most", "on", "large"), [(2000, True, False), (63, True, True), (63, False, False)])
def test_an_ordinary_paste_is_not_large_unless_the_rule_says_so(desk, most, on, large):
    group = desk.write(groups.create, "夜读群")
    names = [f"小{chr(0x5B50 + n)}" for n in range(64)]
    people = [desk.write(members.add, name, group_id=group.id).id for name in names]
    desk.write(groups.set_current, group.id)
    board = desk.write(checkins.start, "夜读", who=people).id
    desk.write(rules.change, "undo.ask_rows", most)
    desk.write(rules.switch, "undo.ask_rows", enabled=on)
    assert len(paste(desk, board, chain(*names)).recorded) == 64
    found = desk.read(history.weight)
    assert found.rows >= 64
    assert found.large is large


def test_undo_of_one_step_refuses_when_another_came_meanwhile(desk):
    desk.write(groups.create, "夜读群")
    asked = desk.read(history.weight).step.id
    desk.write(groups.create, "晨跑群")
    with pytest.raises(Refused):
        desk.write(history.undo, asked)
    assert desk.read(groups.all_groups)[-1].name == "晨跑群"


def test_redo_is_gone_after_something_new(desk):
    desk.write(members.add, "阿梨")
    desk.write(history.undo)
    desk.write(members.add, "团团")
    with pytest.raises(Refused):
        desk.write(history.redo)


def test_several_undos_come_back_in_the_order_they_were_done(desk):
    pictures = [picture(desk)]
    for name in ("阿梨", "团团", "豆豆"):
        desk.write(members.add, name)
        pictures.append(picture(desk))
    for expected in reversed(pictures[:-1]):
        desk.write(history.undo)
        assert picture(desk) == expected
    for expected in pictures[1:]:
        desk.write(history.redo)
        assert picture(desk) == expected


def test_a_rehearsal_leaves_no_step(desk):
    before = picture(desk)
    desk.rehearse(members.add, "阿梨")
    assert picture(desk) == before
    assert desk.read(history.recent)[0].label.startswith("Made the group")


class Office(RuleBasedStateMachine):
    """Anything an owner does, undone and redone at any time."""

    factory: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.desk: Desk = type(self).factory()
        group = self.desk.write(groups.create, "早起读书群")
        self.people = [self.desk.write(members.add, name, group_id=group.id).id for name in ("阿梨", "团团", "Tom")]
        first = NOW.date().replace(day=1)
        self.challenge = self.desk.write(checkins.start, "早起", who="all", starts_on=first, tiers={3: 10, 7: 20})
        self.past = [picture(self.desk)]
        self.future: list[Any] = []

    def did(self, service: Any, *args: Any, **kwargs: Any) -> None:
        before = self.desk.read(history.recent, 1)
        try:
            self.desk.write(service, *args, **kwargs)
        except UserError:
            return
        if self.desk.read(history.recent, 1) != before:
            self.past.append(picture(self.desk))
            self.future.clear()

    @rule(who=st.integers(0, 2), day=st.integers(1, 20), state=st.sampled_from(["done", "makeup", "frozen", "none"]))
    def mark(self, who: int, day: int, state: str) -> None:
        self.did(checkins.mark, self.challenge.id, self.people[who], NOW.date().replace(day=day), state, reason="试")

    @rule(who=st.integers(0, 2), amount=st.integers(1, 50))
    def grant(self, who: int, amount: int) -> None:
        self.did(points.grant, self.people[who], amount, reason="试")

    @rule(who=st.integers(0, 2), amount=st.integers(1, 50))
    def spend(self, who: int, amount: int) -> None:
        self.did(points.spend, self.people[who], amount, reason="试")

    @rule(who=st.integers(0, 2), name=st.sampled_from(["阿梨", "梨子", "Tommy", "团团妈"]))
    def rename(self, who: int, name: str) -> None:
        person = self.desk.read(members.get, self.people[who])
        self.did(members.edit, replace(person, name=name))

    @rule(who=st.integers(0, 2), name=st.sampled_from(["早鸟", "宝妈"]))
    def tag(self, who: int, name: str) -> None:
        self.did(members.tag, [self.people[who]], name)

    @rule(value=st.integers(1, 9))
    def change_rule(self, value: int) -> None:
        self.did(rules.change, "checkin.makeup_quota", value)

    @precondition(lambda self: len(self.past) > 1)
    @rule()
    def undo(self) -> None:
        self.desk.write(history.undo)
        self.future.append(self.past.pop())
        assert picture(self.desk) == self.past[-1]

    @precondition(lambda self: self.future)
    @rule()
    def redo(self) -> None:
        self.desk.write(history.redo)
        self.past.append(self.future.pop())
        assert picture(self.desk) == self.past[-1]

    def teardown(self) -> None:
        assert_sound(self.desk)
        self.desk.close()


def searched(tmp_path: Path, examples: int) -> None:
    counter = iter(range(10_000))
    Office.factory = lambda: Desk(tmp_path / f"{next(counter)}.db", Clock(NOW), create=True)
    checks = (HealthCheck.too_slow, HealthCheck.data_too_large)
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Office,
        settings=settings(max_examples=examples, stateful_step_count=20, deadline=None, suppress_health_check=checks),
    )


def test_any_sequence_of_work_undo_and_redo_restores_exactly(tmp_path):
    searched(tmp_path, 8)


@pytest.mark.long
def test_very_many_sequences_of_work_undo_and_redo_restore_exactly(tmp_path):
    searched(tmp_path, 300)


def test_somebody_made_by_a_paste_is_nobody_after_its_undo(desk):
    group = desk.read(groups.find)
    challenge = desk.write(checkins.start, "早起", who="all")
    before = desk.read(members.list_members)
    text = "#接龙\n早起\n\n1. 新来的\n2. 又一位 好早"
    desk.write(checkins.record, challenge.id, parse(text), new="create", raw=text)
    assert len(desk.read(members.list_members, group_id=group.id)) == 2
    desk.write(history.undo)
    assert desk.read(members.list_members) == before == ()
    assert [held for held in desk.read(points.balances, desk.clock) if held.balance] == []
    desk.write(history.redo)
    assert [row.name for row in desk.read(members.list_members)] == ["新来的", "又一位"]
    assert {held.balance for held in desk.read(points.balances, desk.clock)} == {5}


def test_a_step_is_said_in_chinese_with_the_person_first(desk: Desk):
    person = desk.write(members.add, "邹雨然", group_id=1)
    challenge = desk.write(checkins.start, "晨读", who="all", template_id="daily")
    day = challenge.starts_on
    desk.write(checkins.mark, challenge.id, person.id, day, "frozen", "出差")
    set_language("zh")
    try:
        assert str(desk.read(history.recent)[0]) == f"邹雨然 {day} 设为冻结"
    finally:
        set_language(None)
