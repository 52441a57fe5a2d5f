"""Silent members: who is due, what is decided, and what came of it, against a naive walk over the plain rows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from qunguan.domain.cleaning import Entry
from qunguan.domain.clock import Clock
from qunguan.domain.conditions import AtLeast, Fact
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.exchange.writers.cleaning import queue_table
from qunguan.i18n import set_language
from qunguan.services import cleaning, history, members, orders, rules
from qunguan.store.activity import chat_import
from qunguan.store.cleaning import clean_case, wake, wake_member
from qunguan.store.members import membership
from qunguan.store.session import Session
from qunguan.tui.screens.cleaning_lines import queue_cells
from tests.services.checkin_kit import go
from tests.services.segment_kit import TODAY, People, community, heard, known, moment


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


def slow_queue(people: People, day: date, days: int, *, ever: bool) -> set[int]:
    """Who is due, member by member from the plain rows."""
    due = set()
    for who in people.ids:
        stays = [one for one in people.stays if one["member_id"] == who and (one["joined_on"] or date.min) <= day]
        if not any(one["left_on"] is None or one["left_on"] > day for one in stays):
            continue
        silent = known(people, who, Fact("silent", days), day)
        bought = known(people, who, Fact("orders", None if ever else days), day)
        least = silent.low if isinstance(silent, AtLeast) else silent
        if isinstance(least, int | float) and least >= days and not bought:
            due.add(who)
    return due


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("basis", ["window", "ever"])
def test_the_queue_is_what_a_walk_over_the_rows_finds(desk, seed, basis):
    people = community(desk, seed, 60, chat_days=400)
    desk.write(rules.change, "clean.purchase", basis)
    desk.write(rules.change, "clean.silent_days", 21)
    for day in (TODAY, TODAY - timedelta(days=30)):
        found = desk.read(cleaning.queue, desk.clock, 1, day)
        assert {one.member_id for one in found.candidates} == slow_queue(people, day, 21, ever=basis == "ever")
        assert found.unknown == 0


def test_whom_no_chat_tells_of_is_unknown_and_never_due(desk):
    community(desk, 1, 30, chat_days=None)
    found = desk.read(cleaning.queue, desk.clock, 1)
    assert not found.candidates
    assert found.unknown > 0


def test_the_rule_stands_as_the_source_says_it():
    rule = Entry(90, "window")
    assert (rule.silent.fact.days, rule.silent.bar, rule.empty_handed.fact.days) == (90, 90, 90)
    assert Entry(90, "ever").empty_handed.fact.days is None


@pytest.fixture
def due(desk):
    """Five members who have been there for a year; the chat tells of all of it, and of none of them."""
    ids = [desk.write(members.add, name, group_id=1, joined_on=TODAY - timedelta(days=365)).id for name in "甲乙丙丁戊"]
    desk.write(covered)
    assert {one.member_id for one in desk.read(cleaning.queue, desk.clock, 1).candidates} == set(ids)
    return ids


def covered(session: Session, clock: Clock) -> None:
    session.step("told")
    nothing = dict.fromkeys(("messages", "system", "recalled", "joins", "leaves", "duplicates"), 0)
    span = {"first_at": moment(TODAY - timedelta(days=400)), "last_at": moment(TODAY + timedelta(days=100))}
    session.insert(chat_import, group_id=1, format="sheet", name="聊天.csv", imported_at=clock.now(), **span, **nothing)


def test_a_decision_takes_them_off_the_queue_and_undo_puts_them_back(desk, due):
    for decision in ("wake", "slow", "keep", "no_contact", "remove"):
        done = desk.write(cleaning.decide, 1, due[:2], decision, reason="试试")
        assert len(done.names) == 2
        left = desk.read(cleaning.queue, desk.clock, 1)
        assert not {one.member_id for one in left.candidates} & set(due[:2])
        assert left.resting == (0 if decision == "remove" else 2)
        desk.write(history.undo)
        assert [one.member_id for one in desk.read(cleaning.queue, desk.clock, 1).candidates] == due
    tables = (clean_case, wake, wake_member)
    assert not any(desk.read(lambda session, each=each: session.rows(select(each))) for each in tables)


def test_who_is_kept_comes_up_again_and_who_is_in_the_slow_group_does_not(desk, due):
    desk.write(cleaning.decide, 1, due[:1], "keep")
    desk.write(cleaning.decide, 1, due[1:2], "slow")
    assert due[1] in desk.read(members.tagged_ids, "慢群")
    go(desk, TODAY + timedelta(days=89))
    assert due[0] not in {one.member_id for one in desk.read(cleaning.queue, desk.clock, 1).candidates}


def test_removing_leaves_the_group_with_the_reason(desk, due):
    desk.write(cleaning.decide, 1, due[:1], "remove", reason="三个月没动静")
    rows = desk.read(lambda s: s.rows(select(membership).where(membership.c.member_id == due[0])))
    assert (rows[-1].left_on, rows[-1].left_reason) == (TODAY, "三个月没动静")
    with pytest.raises(NotFound):
        desk.write(cleaning.decide, 1, due[:1], "wake")


def test_a_wake_list_grows_once_and_tells_tomorrow_who_came_back(desk, due):
    desk.write(cleaning.decide, 1, due[:3], "wake", wake_name="三月唤醒")
    desk.write(cleaning.decide, 1, due[:4], "wake", wake_name="三月唤醒")
    (one,) = desk.read(cleaning.wakes, desk.clock, 1)
    assert [each.member_id for each in one.members] == due[:4]
    assert (one.contacted, one.rate(3)) == ((), None)
    assert "{nick}" in one.text
    assert desk.write(cleaning.mark_sent, one.id, due[:3]) == 3
    assert desk.write(cleaning.mark_sent, one.id, due[:3]) == 0
    go(desk, TODAY + timedelta(days=1))
    desk.write(orders.add_order, due[1], 9_900)
    told = desk.read(cleaning.get, desk.clock, one.id)
    assert (told.so_far(3), told.rate(3)) == (1, None)
    go(desk, TODAY + timedelta(days=4))
    told = desk.read(cleaning.get, desk.clock, one.id)
    assert told.rate(3) == (1, 3)
    assert told.rate(30) is None
    assert [each.bought_on for each in told.members] == [None, TODAY + timedelta(days=1), None, None]
    lines = [str(each) for each in desk.read(cleaning.why_wake, told)]
    assert any("40 %" in line and "S3-20" in line for line in lines)
    cases = {each.member_id: each for each in desk.read(cleaning.cases, desk.clock, 1)}
    assert cases[due[1]].returned(3)
    assert not cases[due[0]].returned(30)
    assert (cases[due[0]].ripe(3, told.as_of), cases[due[0]].ripe(30, told.as_of)) == (True, False)
    assert len(cases) == 4


def test_who_asked_to_be_left_alone_is_on_no_wake_list(desk, due):
    desk.write(cleaning.decide, 1, due[:1], "no_contact", reason="说过不要再发")
    assert desk.read(cleaning.left_alone, 1, TODAY) == {due[0]}
    with pytest.raises(Refused, match="not to be written to"):
        desk.write(cleaning.decide, 1, due[:2], "wake")
    desk.write(cleaning.decide, 1, due[:1], "keep")
    assert desk.read(cleaning.left_alone, 1, TODAY) == frozenset()


def test_nobody_at_all_is_refused(desk, due):
    with pytest.raises(BadInput):
        desk.write(cleaning.decide, 1, [], "keep")


def test_why_tells_the_rule_and_the_three_questions(desk, due):
    lines = [str(each) for each in desk.read(cleaning.why_due, desk.clock, 1, due[0])]
    assert "S4-33" in lines[0]
    assert [line[0] for line in lines[2:5]] == ["1", "2", "3"]
    assert "S4-35" in lines[-1]


def test_silence_before_the_first_export_is_only_a_lower_bound(desk):
    """There since 2025-03, told of for 100 days: due, but nobody can say that it is a year."""
    who = desk.write(members.add, "甲", group_id=1, joined_on=TODAY - timedelta(days=365)).id
    desk.write(heard, 1, TODAY - timedelta(days=99), TODAY)
    (one,) = desk.read(cleaning.queue, desk.clock, 1).candidates
    assert one.silent == AtLeast(100)
    assert one.answers.messages == 0
    why = [str(each) for each in desk.read(cleaning.why_due, desk.clock, 1, who)]
    assert why[0].startswith("no sign of life for at least 100 days")
    (row,) = queue_table([one]).rows
    assert row[3:5] == (100, "at least so many")
    assert queue_cells(one)[1] == "≥100"


def test_the_letter_and_the_name_of_a_wake_list_can_be_changed(desk, due):
    one = desk.write(cleaning.decide, 1, due[:1], "wake", wake_name="甲")
    desk.write(cleaning.decide, 1, due[1:2], "wake", wake_name="乙")
    desk.write(cleaning.edit_wake, one.wake_id, name="丙", text="回来看看\x1b[31m")
    told = desk.read(cleaning.find, desk.clock, 1, "丙")
    assert (told.name, told.text) == ("丙", "回来看看[31m")
    with pytest.raises(BadInput, match="already"):
        desk.write(cleaning.edit_wake, one.wake_id, name="乙", text="")
    with pytest.raises(NotFound):
        desk.read(cleaning.find, desk.clock, 1, "没有")
