"""Amends: promised once, paid once, taken back and forth; lists that come twice; the ledger beside an own recount."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.incident_compensation import Amends, CompensationRow
from qunguan.services import history, members, members_merge, points, rules
from qunguan.services import incident_compensation as amends
from qunguan.services.desk import Desk
from qunguan.services.incident_compensation_list import import_list
from qunguan.store.incidents import incident
from qunguan.store.points import point_entry
from qunguan.store.session import Session
from tests.conftest import NOW, assert_sound

PEOPLE = ("阿梨", "张三", "李四", "Tom")


def begin(session: Session, clock: Clock, *, drill: bool = False) -> int:
    """An incident, as a row: what starts one is not what is tried here."""
    session.step("begin")
    now = clock.now()
    return session.insert(
        incident, group_id=1, title="漏发", severity="major", t0=now, biz_date=now.date(), drill=drill, opened_at=now
    )


def people(session: Session, clock: Clock) -> tuple[int, ...]:
    session.step("people")
    return tuple(members.add(session, clock, name, group_id=1).id for name in PEOPLE)


@pytest.fixture
def crisis(desk: Desk) -> Desk:
    assert desk.write(people) == (1, 2, 3, 4)
    assert desk.write(begin) == 1
    return desk


def line(row: int, who: str, told: Amends, *, given: bool | None = None) -> CompensationRow:
    return CompensationRow(row, who, told, given)


LIST = (
    line(2, "阿梨", Amends("points", 100)),
    line(3, "张三", Amends("money", None, 1235, "微信转账"), given=True),
    line(4, "李四", Amends("coupon", None, 500, "AB12"), given=True),
    line(5, "Tom", Amends("goods", None, None, "一箱橙子"), given=False),
)


def test_a_list_pays_each_line_once_and_coming_again_changes_nothing(crisis):
    done = crisis.write(import_list, 1, LIST)
    assert (done.promised, done.delivered, done.already) == (4, 3, 0)
    assert (done.sums.promised_fen, done.sums.delivered_fen) == (1735, 1735)
    assert (done.sums.promised_points, done.sums.delivered_points) == (100, 100)
    assert (done.sums.promised, done.sums.delivered) == (4, 3)
    steps = crisis.read(history.recent)[0].id
    again = crisis.write(import_list, 1, LIST)
    assert (again.promised, again.delivered, again.already) == (0, 0, 4)
    assert crisis.read(history.recent)[0].id == steps, "what changed nothing is no step"
    assert ledger(crisis) == {1: 100}


def test_only_points_are_with_them_when_nothing_else_is_told(crisis):
    silent = [line(row.row, row.who, row.amends) for row in LIST]
    done = crisis.write(import_list, 1, silent)
    assert (done.promised, done.delivered) == (4, 1)
    assert (done.sums.promised_fen, done.sums.delivered_fen, done.sums.delivered_points) == (1735, 0, 100)
    assert [each.given for each in done.lines] == [True, False, False, False]
    assert crisis.write(import_list, 1, silent).lines == ()
    later = crisis.write(import_list, 1, LIST, hand="all")
    assert (later.promised, later.delivered, later.already) == (0, 2, 2), "Tom's line says 待发"
    assert [(each.name, each.given) for each in later.lines] == [("张三", True), ("李四", True)]
    assert crisis.write(import_list, 1, silent, hand="all").delivered == 1
    assert ledger(crisis) == {1: 100}


def test_promised_only_hands_over_nothing_whatever_the_list_says(crisis):
    done = crisis.write(import_list, 1, LIST, hand="none")
    assert (done.promised, done.delivered) == (4, 0)
    assert ledger(crisis) == {}


def test_a_member_who_has_left_is_told_apart(crisis):
    crisis.write(members.leave, 2, 1, NOW.date())
    done = crisis.write(import_list, 1, LIST)
    assert [each.name for each in done.lines if each.left] == ["张三"]
    assert done.promised == 4


def ledger(desk: Desk) -> dict[int, int]:
    def read(session: Session) -> dict[int, int]:
        found: dict[int, int] = {}
        for row in session.rows(select(point_entry)):
            found[row.member_id] = found.get(row.member_id, 0) + row.sign * row.amount
        return {who: much for who, much in found.items() if much}

    return desk.read(read)


def test_names_nobody_or_several_have_and_double_lines_are_told_with_row_and_reason(crisis):
    crisis.write(members.add, "张三", group_id=1)
    done = crisis.write(
        import_list,
        1,
        [
            line(2, "没有这人", Amends("points", 5)),
            line(3, "张三", Amends("points", 5)),
            line(4, "阿梨", Amends("points", 5)),
            line(5, "阿梨", Amends("points", 5)),
            line(6, "#1", Amends("points", 9)),
            line(7, "阿梨", Amends("points", 5, key="二")),
            line(8, "李四", Amends("points", 0)),
            line(9, "李四", Amends("coupon")),
            line(10, "李四", Amends("money", None, -500)),
        ],
    )
    assert [note.row for note in done.unresolved] == [2, 3]
    assert [note.row for note in done.rejected] == [5, 6, 8, 9, 10]
    assert "¥-5.00" in str(done.rejected[-1].reason)
    assert "4" in str(done.rejected[0].reason)
    assert (done.promised, done.delivered) == (2, 2)
    assert ledger(crisis) == {1: 10}


def test_the_same_promise_with_another_amount_is_asked_about_not_paid_on_top(crisis):
    crisis.write(import_list, 1, LIST)
    more = crisis.write(
        import_list, 1, [line(2, "阿梨", Amends("points", 120)), line(3, "张三", Amends("money", None, 1))]
    )
    assert [note.row for note in more.rejected] == [2]
    assert "100" in str(more.rejected[0].reason)
    assert (more.promised, more.delivered) == (1, 0), "money under other words is another promise"
    assert ledger(crisis) == {1: 100}


def test_a_promise_waits_until_it_is_handed_over(crisis):
    first = crisis.write(amends.promise, 1, 1, Amends("points", 30, what="致歉"))
    assert first.delivered_at is None
    assert crisis.write(amends.promise, 1, 1, Amends("points", 30, what="致歉")) == first
    with pytest.raises(Refused, match="30"):
        crisis.write(amends.promise, 1, 1, Amends("points", 31, what="致歉"))
    with pytest.raises(BadInput):
        crisis.write(amends.promise, 1, 1, Amends("money"))
    with pytest.raises(NotFound):
        crisis.write(amends.promise, 1, 99, Amends("points", 1))
    with pytest.raises(NotFound):
        crisis.write(amends.promise, 9, 1, Amends("points", 1))
    assert ledger(crisis) == {}
    done = crisis.write(import_list, 1, [line(2, "阿梨", Amends("points", 30, what="致歉"))])
    assert (done.promised, done.delivered, done.already) == (0, 1, 0)
    assert crisis.write(amends.deliver, 1, [first.id]).already == 1
    assert ledger(crisis) == {1: 30}


def test_taken_back_and_handed_over_again(crisis):
    crisis.write(import_list, 1, LIST)
    back = crisis.write(amends.take_back, 1, [1, 2])
    assert (len(back.done), back.points, back.waived) == (2, -100, 0)
    assert ledger(crisis) == {}
    assert crisis.write(amends.take_back, 1, [1]).already == 1
    again = crisis.write(amends.deliver, 1)
    assert (len(again.done), again.points) == (3, 100)
    assert ledger(crisis) == {1: 100}
    with pytest.raises(Refused, match="Tom"):
        crisis.write(amends.withdraw, 1, [4])
    crisis.write(amends.take_back, 1, [4])
    assert crisis.write(amends.withdraw, 1, [4]) == 1
    with pytest.raises(NotFound):
        crisis.write(amends.deliver, 1, [4])
    assert crisis.read(amends.sums, 1).promised == 3


def test_caps_do_not_cut_what_is_owed_and_it_leaves_the_caps_alone(crisis):
    crisis.write(rules.change, "points.rule_day_cap", 5)
    crisis.write(rules.change, "points.member_day_cap", 5)
    crisis.write(rules.change, "order.capped", "yes")
    crisis.write(import_list, 1, LIST)
    assert ledger(crisis) == {1: 100}
    from qunguan.domain.points import Award

    day = NOW.date()
    (given,) = crisis.write(points.award_many, [Award(1, "checkin.points", 4, "checkin", "x", day)])
    assert (given.amount, given.cut) == (4, 0)
    assert crisis.read(points.reconcile).ok


def test_a_drill_leaves_the_ledger_alone(crisis):
    drill = crisis.write(begin, drill=True)
    done = crisis.write(import_list, drill, LIST)
    assert (done.delivered, done.sums.delivered_points) == (3, 100)
    assert crisis.write(amends.take_back, drill, [1]).points == 0
    crisis.write(amends.deliver, drill)
    assert ledger(crisis) == {}


def test_what_was_spent_is_owed_or_let_go_by_the_rule(crisis):
    crisis.write(rules.change, "points.reverse_policy", "waive")
    crisis.write(import_list, 1, LIST)
    crisis.write(points.spend, 1, 40)
    back = crisis.write(amends.take_back, 1, [1])
    assert (back.points, back.waived) == (-60, 40)
    crisis.write(amends.deliver, 1, [1])
    assert ledger(crisis) == {1: 60}


def test_a_merge_keeps_promises_and_points_together(crisis):
    crisis.write(import_list, 1, LIST)
    crisis.write(members_merge.merge, 2, 1)
    assert {one.member_id for one in crisis.read(amends.of_incident, 1)} == {2, 3, 4}
    assert crisis.write(amends.take_back, 1, [1]).points == -100
    assert ledger(crisis) == {}


def test_two_promises_to_one_person_stay_two(crisis):
    both = [line(2, "阿梨", Amends("points", 100)), line(3, "张三", Amends("points", 40))]
    crisis.write(import_list, 1, both)
    crisis.write(members_merge.merge, 2, 1)
    assert crisis.read(amends.sums, 1).delivered_points == 140
    assert ledger(crisis) == {2: 140}
    again = crisis.write(import_list, 1, [line(2, "张三", Amends("points", 40))])
    assert (again.promised, again.already) == (0, 1)
    assert crisis.write(amends.take_back, 1, [1, 2]).points == -140
    assert crisis.read(points.reconcile).ok


def test_undo_takes_a_list_back_whole_and_redo_pays_it_again(crisis):
    crisis.write(import_list, 1, LIST)
    crisis.write(history.undo)
    assert crisis.read(amends.of_incident, 1) == ()
    assert ledger(crisis) == {}
    crisis.write(history.redo)
    assert ledger(crisis) == {1: 100}
    crisis.write(history.undo)
    assert crisis.write(import_list, 1, LIST).delivered == 3
    assert ledger(crisis) == {1: 100}


def test_a_clock_set_back_delivers_no_earlier_than_it_was_promised(crisis):
    made = crisis.write(amends.promise, 1, 1, Amends("points", 1))
    crisis.clock = Clock(NOW - timedelta(hours=3))
    (done,) = crisis.write(amends.deliver, 1, [made.id]).done
    assert done.delivered_at == made.promised_at


# Any sequence: what the ledger holds for the incident is what an own count of the promises says.
LINES = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.integers(1, 50), st.sampled_from(("", "A", "B")), st.booleans()),
    min_size=1, max_size=4,
)  # fmt: skip
MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("list"), LINES),
        st.tuples(st.sampled_from(("deliver", "back", "withdraw")), st.integers(0, 5)),
        st.tuples(st.sampled_from(("undo", "redo", "all")), st.none()),
    ),
    min_size=1,
    max_size=10,
)


State = dict[tuple[int, str], tuple[int, bool]]


class Model:
    """The promises as a plain dictionary, with every state that undo may go back to."""

    def __init__(self) -> None:
        self.now: State = {}

    def take(self, lines: list[tuple[str, int, str, bool]]) -> None:
        seen = set()
        for who, much, key, waits in lines:
            place = PEOPLE.index(who) + 1, key
            kept = self.now.get(place)
            if place in seen or (kept is not None and kept[0] != much):
                continue
            seen.add(place)
            self.now[place] = (much, not waits or (kept is not None and kept[1]))

    def owed(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for (who, _key), (much, there) in self.now.items():
            if there:
                found[who] = found.get(who, 0) + much
        return found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MOVES)
def test_after_any_sequence_the_ledger_equals_an_own_recount(tmp_path_factory, moves):
    with Desk(tmp_path_factory.mktemp("amends") / "q.db", Clock(NOW), create=True) as desk:
        prepared(desk)
        model = Model()
        done: list[State] = []
        undone: list[State] = []
        for name, told in moves:
            before = dict(model.now)
            mark = newest(desk)
            if name == "list":
                rows = [
                    line(n, who, Amends("points", much, key=key), given=False if waits else None)
                    for n, (who, much, key, waits) in enumerate(told)
                ]
                desk.write(import_list, 1, rows)
                model.take(told)
            elif name in ("undo", "redo"):
                source, other = (done, undone) if name == "undo" else (undone, done)
                if source:
                    desk.write(getattr(history, name))
                    other.append(dict(model.now))
                    model.now = source.pop()
                assert ledger(desk) == model.owed()
                continue
            else:
                act(desk, model, name, told)
            if newest(desk) != mark:
                done.append(before)
                undone.clear()
            assert ledger(desk) == model.owed()
        assert desk.read(amends.sums, 1).delivered_points == sum(model.owed().values())
        assert_sound(desk)


def prepared(desk: Desk) -> None:
    from qunguan.services import groups

    desk.write(groups.create, "早起读书群")
    desk.write(people)
    desk.write(begin)


def newest(desk: Desk) -> int:
    return desk.read(history.recent)[0].id


def act(desk: Desk, model: Model, name: str, place: int | None) -> None:
    """Hand over, take back or withdraw one promise, or hand over all."""
    told = desk.read(amends.of_incident, 1)
    if name == "all":
        desk.write(amends.deliver, 1)
        model.now = {key: (much, True) for key, (much, _there) in model.now.items()}
        return
    if not told:
        return
    one = told[(place or 0) % len(told)]
    key = one.member_id, one.amends.key
    if name == "withdraw":
        if one.delivered_at is None:
            desk.write(amends.withdraw, 1, [one.id])
            del model.now[key]
        return
    desk.write(amends.deliver if name == "deliver" else amends.take_back, 1, [one.id])
    model.now[key] = (model.now[key][0], name == "deliver")
