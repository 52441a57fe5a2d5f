"""Points by hand: the vector of semantics 3.3, expiry, backdating, reversal, debt, keys, and undo."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.services import points
from tests.services.ledger import Rig, day, rig


@pytest.fixture
def ledger():
    with rig() as found:
        yield found
        found.reconciled()


def rows(ledger: Rig) -> tuple[int, int, int]:
    sql = "SELECT (SELECT count(*) FROM {}), (SELECT count(*) FROM {}), (SELECT count(*) FROM {})"
    return tuple(ledger.conn.exec_driver_sql(sql.format("point_entry", "point_alloc", "step")).one())


def on(ledger: Rig, text: str) -> date:
    """Move the clock to that day."""
    ledger.today = (date.fromisoformat(text) - day(0)).days
    return date.fromisoformat(text)


@pytest.mark.parametrize(("grace", "after_refund"), [(0, 50), (7, 130)])
def test_the_vector(ledger, grace, after_refund):
    ledger.rule("points.reinstate_days", grace)
    on(ledger, "2026-06-01")
    a = ledger.call(points.grant, 1, 100, expires_on=date(2026, 6, 30), reason="A")
    ledger.call(points.grant, 1, 50, expires_on=date(2026, 12, 31), reason="B")
    spent = ledger.call(points.spend, 1, 80)
    taken = ledger.conn.exec_driver_sql("SELECT lot_id, amount FROM point_alloc").all()
    assert taken == [(a.entry_id, 80)]
    on(ledger, "2026-07-01")
    before = rows(ledger)
    assert ledger.balance() == 50
    assert [(line.id, line.kind, line.amount) for line in ledger.statement().entries[-1:]] == [(None, "EXPIRE", -20)]
    assert rows(ledger) == before, "a read never writes"
    on(ledger, "2026-07-02")
    back = ledger.call(points.reverse, spent.entry_id)
    assert (back.balance, back.amount, back.expired, back.reinstated) == (
        after_refund, 80, 0 if grace else 80, 80 if grace else 0,
    )  # fmt: skip
    assert ledger.balance() == after_refund
    assert ledger.statement().balance == ledger.statement().entries[-1].balance_after == after_refund
    on(ledger, "2026-07-09")
    assert ledger.balance() == after_refund
    on(ledger, "2026-07-10")
    assert ledger.balance() == 50


def test_points_are_usable_through_their_last_day(ledger):
    ledger.call(points.grant, 1, 10, expires_on=day(5))
    ledger.today = 5
    assert ledger.balance() == 10
    assert ledger.call(points.spend, 1, 4).balance == 6
    ledger.today = 6
    assert ledger.balance() == 0
    with pytest.raises(Refused):
        ledger.call(points.spend, 1, 1)


def test_what_expires_first_is_spent_first_and_none_is_last(ledger):
    never = ledger.call(points.grant, 1, 10).entry_id
    late = ledger.call(points.grant, 1, 10, expires_on=day(30)).entry_id
    soon = ledger.call(points.grant, 1, 10, expires_on=day(10)).entry_id
    ledger.call(points.spend, 1, 25)
    taken = ledger.conn.exec_driver_sql("SELECT lot_id, amount FROM point_alloc ORDER BY id").all()
    assert taken == [(soon, 10), (late, 10), (never, 5)]


def test_a_spend_above_the_balance_says_what_is_missing(ledger):
    ledger.call(points.grant, 1, 30)
    before = rows(ledger)
    with pytest.raises(Refused) as caught:
        ledger.call(points.spend, 1, 50)
    assert caught.value.values == {"day": day(0), "balance": 30, "missing": 20, "most": 30}
    assert rows(ledger) == before


def test_a_backdated_spend_cannot_take_what_was_used_later(ledger):
    ledger.call(points.grant, 1, 100)
    ledger.today = 10
    ledger.call(points.spend, 1, 70)
    with pytest.raises(Refused) as caught:
        ledger.call(points.spend, 1, 50, day=day(5))
    assert caught.value.values == {"day": day(5), "balance": 100, "free": 30}
    assert ledger.call(points.spend, 1, 30, day=day(5)).balance == 0


def test_a_backdated_spend_calls_expired_points_back(ledger):
    ledger.call(points.grant, 1, 100, expires_on=day(5))
    ledger.today = 10
    ledger.call(points.grant, 1, 1)
    assert ledger.balance() == 1
    ledger.call(points.spend, 1, 60, day=day(4))
    assert [ledger.balance(on=number) for number in (3, 4, 5, 6, 10)] == [100, 40, 40, 0, 1]


def test_points_that_came_back_after_the_end_can_still_be_spent_before_it(ledger):
    """What a later entry had called back of the expiry, the earlier spend needs first."""
    ledger.rule("points.reinstate_days", 0)
    ledger.call(points.grant, 1, 8, expires_on=day(5))
    spent = ledger.call(points.spend, 1, 1).entry_id
    (back,) = ledger.call(points.reverse, spent).entry_ids
    ledger.today = 8
    (again,) = ledger.call(points.reverse, back).entry_ids  # calls 1 back, from day 8 on
    ledger.call(points.reverse, again)  # and it expires, on day 8
    ledger.today = 9
    ledger.call(points.spend, 1, 8, day=day(2))
    ledger.reconciled()
    assert [ledger.balance(1, on) for on in (0, 1, 2, 5, 6, 7, 8, 9)] == [8, 8, 0, 0, 0, 0, 0, 0]


def test_a_reversal_before_another_one_finds_what_was_there_on_its_day(ledger):
    ledger.rule("points.reinstate_days", 0)
    granted = ledger.call(points.grant, 1, 8, expires_on=day(5)).entry_id
    backs = [
        ledger.call(points.reverse, ledger.call(points.spend, 1, amount).entry_id).entry_ids[0] for amount in (1, 8)
    ]
    ledger.today = 8
    (again,) = ledger.call(points.reverse, backs[0]).entry_ids
    with pytest.raises(Refused):
        ledger.call(points.reverse, granted, day=day(7))  # on day 7 all of it was expired
    ledger.call(points.reverse, again)
    assert ledger.call(points.reverse, backs[1], day=day(7)).debt == 0
    ledger.reconciled()
    assert [ledger.balance(1, on) for on in (0, 5, 6, 7, 8)] == [8, 8, 0, 0, 0]


def test_a_backdated_grant_that_has_expired_posts_its_expiry(ledger):
    ledger.today = 20
    done = ledger.call(points.grant, 1, 40, day=day(1), expires_on=day(10))
    assert done.balance == 0
    assert [ledger.balance(on=number) for number in (0, 1, 10, 11)] == [0, 40, 40, 0]
    assert all(line.id for line in ledger.statement().entries)


def test_debt_is_paid_by_the_next_points(ledger):
    earned = ledger.call(points.grant, 1, 100)
    ledger.call(points.spend, 1, 70)
    back = ledger.call(points.reverse, earned.entry_id)
    assert (back.amount, back.debt, back.balance) == (-100, 70, -70)
    ledger.today = 3
    assert ledger.call(points.grant, 1, 100).balance == 30
    with pytest.raises(Refused):
        ledger.call(points.spend, 1, 31)
    assert ledger.call(points.spend, 1, 30).balance == 0


def test_waive_takes_only_what_is_there(ledger):
    ledger.rule("points.reverse_policy", "waive")
    earned = ledger.call(points.grant, 1, 100)
    ledger.call(points.spend, 1, 70)
    back = ledger.call(points.reverse, earned.entry_id)
    assert (back.amount, back.waived, back.balance) == (-30, 70, 0)
    before = rows(ledger)
    again = ledger.call(points.reverse, earned.entry_id)
    assert (again.entry_ids, again.waived) == ((), 70)
    assert rows(ledger) == before


def test_expired_points_are_not_taken_twice(ledger):
    earned = ledger.call(points.grant, 1, 100, expires_on=day(5))
    ledger.call(points.spend, 1, 30)
    ledger.today = 10
    assert ledger.balance() == 0
    assert ledger.call(points.reverse, earned.entry_id).balance == -30
    with pytest.raises(Refused, match="#"):
        ledger.call(points.reverse, earned.entry_id)


def test_parts_are_reversed_up_to_the_amount(ledger):
    ledger.call(points.grant, 1, 100)
    spent = ledger.call(points.spend, 1, 60).entry_id
    first = ledger.call(points.reverse, spent, amount=20)
    with pytest.raises(Refused) as caught:
        ledger.call(points.reverse, spent, amount=41)
    assert caught.value.values == {"left": 40, "entry": spent}
    second = ledger.call(points.reverse, spent)
    assert (first.balance, second.balance) == (60, 100)
    with pytest.raises(Refused) as caught:
        ledger.call(points.reverse, spent)
    assert caught.value.values == {"entry": spent, "by": second.entry_ids[0]}


def test_reversing_a_reversal_restores(ledger):
    ledger.call(points.grant, 1, 100)
    spent = ledger.call(points.spend, 1, 60).entry_id
    back = ledger.call(points.reverse, spent).entry_ids[0]
    assert ledger.call(points.reverse, back).balance == 40
    assert ledger.call(points.reverse, spent).balance == 100, "the spend stands again, so it can be reversed again"
    with pytest.raises(Refused):
        ledger.call(points.reverse, back)


def test_what_one_reversal_gave_back_another_does_not_give_back_again(ledger):
    ledger.call(points.grant, 1, 10)
    spent = ledger.call(points.spend, 1, 10).entry_id
    (back,) = ledger.call(points.reverse, spent, amount=6).entry_ids
    ledger.call(points.spend, 1, 6)
    (again,) = ledger.call(points.reverse, back).entry_ids  # the six are spent: owed
    ledger.call(points.grant, 1, 28)  # pays them
    assert ledger.balance() == 22
    ledger.call(points.reverse, spent, amount=4)
    ledger.call(points.reverse, again)
    assert ledger.balance() == 32
    ledger.reconciled()


def test_a_debt_that_a_later_reversal_left_is_forgiven_where_the_debit_it_stands_for_goes(ledger):
    earned = ledger.call(points.grant, 1, 21).entry_id
    (gone,) = ledger.call(points.reverse, earned).entry_ids
    (back,) = ledger.call(points.reverse, gone).entry_ids
    ledger.call(points.spend, 1, 20)
    (gone_again,) = ledger.call(points.reverse, back).entry_ids  # one is there, twenty are owed
    (all_back,) = ledger.call(points.reverse, gone).entry_ids
    assert ledger.balance() == 1
    ledger.call(points.reverse, all_back, amount=3)  # one is there, two are owed
    assert ledger.balance() == -2
    assert ledger.call(points.reverse, gone_again).amount == 3
    assert ledger.balance() == 1
    ledger.reconciled()


def test_an_expiry_is_not_reversed_by_hand(ledger):
    ledger.call(points.grant, 1, 10, expires_on=day(1))
    ledger.today = 5
    ledger.call(points.grant, 1, 1)
    expiry = next(line.id for line in ledger.statement().entries if line.kind == "EXPIRE")
    with pytest.raises(Refused):
        ledger.call(points.reverse, expiry)


def test_adjustments_open_lots_and_take(ledger):
    assert ledger.call(points.adjust, 1, 40, reason="盘点").balance == 40
    assert ledger.call(points.adjust, 1, -15, reason="盘点").balance == 25
    with pytest.raises(Refused):
        ledger.call(points.adjust, 1, -26)
    for nothing in (0, "5", None, 10**30):
        with pytest.raises(BadInput):
            ledger.call(points.adjust, 1, nothing)


@pytest.mark.parametrize("amount", [0, -1, 10**9 + 1, 2**63, 10**30, 1.5, "12", "１２", True, None, float("nan")])
@pytest.mark.parametrize("service", [points.grant, points.spend])
def test_amounts_out_of_bounds_are_never_stored(ledger, service, amount):
    before = rows(ledger)
    with pytest.raises(BadInput):
        ledger.call(service, 1, amount)
    assert rows(ledger) == before


def test_the_largest_amounts_add_up(ledger):
    for _turn in range(3):
        ledger.call(points.grant, 1, 10**9)
    assert ledger.call(points.spend, 1, 10**9).balance == 2 * 10**9


def test_a_retry_with_the_same_key_posts_nothing(ledger):
    first = ledger.call(points.grant, 1, 50, reason="复购", key="K1", expires_on=day(9))
    before = rows(ledger)
    again = ledger.call(points.grant, 1, 50, reason="复购", key="K1", expires_on=day(9))
    assert (again.entry_id, again.already) == (first.entry_id, True)
    for other in ({"amount": 51}, {"reason": "别的"}, {"expires_on": day(8)}):
        with pytest.raises(Refused) as caught:
            ledger.call(
                points.grant, 1, **({"amount": 50, "reason": "复购", "key": "K1", "expires_on": day(9)} | other)
            )
        assert caught.value.values["entry"] == first.entry_id
    with pytest.raises(Refused):
        ledger.call(points.spend, 1, 50, reason="复购", key="K1")
    assert rows(ledger) == before
    assert not ledger.call(points.grant, 2, 50, reason="复购", key="K1", expires_on=day(9)).already


def test_a_key_that_undo_took_back_is_posted_again(ledger):
    ledger.call(points.grant, 1, 50, key="K1")
    ledger.undo(ledger.last_step())
    assert ledger.balance() == 0
    assert ledger.call(points.grant, 1, 50, key="K1").balance == 50


def test_days_and_members_that_cannot_be(ledger):
    with pytest.raises(BadInput):
        ledger.call(points.grant, 1, 5, day=day(1))
    with pytest.raises(BadInput):
        ledger.call(points.grant, 1, 5, expires_on=day(-1))
    with pytest.raises(NotFound):
        ledger.call(points.grant, 99, 5)
    with pytest.raises(NotFound):
        ledger.call(points.reverse, 99)


def test_undo_and_redo_swing_between_two_states(ledger):
    ledger.call(points.grant, 1, 100, expires_on=day(3))
    ledger.call(points.spend, 1, 80)
    step, balances = ledger.last_step(), []
    for _turn in range(5):
        ledger.today += 2
        ledger.undo(step)
        step = ledger.last_step()
        balances.append(ledger.balance())
    assert balances == [100, 0, 0, 0, 0], "from the fourth day on what comes back is expired"


def test_undo_of_a_reversal_with_a_reinstated_lot(ledger):
    ledger.rule("points.reinstate_days", 7)
    ledger.call(points.grant, 1, 100, expires_on=day(3))
    spent = ledger.call(points.spend, 1, 80).entry_id
    ledger.today = 10
    assert ledger.call(points.reverse, spent).balance == 80
    ledger.undo(ledger.last_step())
    assert ledger.balance() == 0
    ledger.undo(ledger.last_step())
    assert ledger.balance() == 80
    ledger.today = 18
    assert ledger.balance() == 0


def test_expiring_names_what_will_be_lost_and_when(ledger):
    ledger.call(points.grant, 1, 10, expires_on=day(5))
    ledger.call(points.grant, 2, 20, expires_on=day(40))
    ledger.call(points.spend, 1, 4)
    found = points.expiring(ledger.session(), ledger.clock)
    assert [(one.member_id, one.amount, one.expires_on) for one in found] == [(1, 6, day(5))]
    assert len(points.expiring(ledger.session(), ledger.clock, days=40)) == 2
    assert len(points.expiring(ledger.session(), ledger.clock, days=10**9)) == 2


def test_the_statement_of_a_past_day_ends_with_its_balance(ledger):
    for number in range(6):
        ledger.today = number
        ledger.call(points.grant, 1, 10, expires_on=day(number + 2))
    for number in range(9):
        found = ledger.statement(on=number)
        assert found.balance == ledger.balance(on=number) == (found.entries[-1].balance_after if found.entries else 0)
    assert [one.balance for one in points.balances(ledger.session(), ledger.clock, day(2))] == [30, 0]


def test_ledger_pages_by_id(ledger):
    for number in range(5):
        ledger.today = number
        ledger.call(points.grant, 1 + number % 2, 10, reason=f"第{number}次_%")
    ids = points.ledger_ids(ledger.session())
    assert list(ids) == [5, 4, 3, 2, 1]
    assert [row.name for row in points.ledger_rows(ledger.session(), ids[1:3])] == ["成员2", "成员1"]
    assert list(points.ledger_ids(ledger.session(), member_id=2, first=day(2))) == [4]
    assert list(points.ledger_ids(ledger.session(), text="3次_%")) == [4]
    assert not points.ledger_ids(ledger.session(), kinds=["SPEND"], last=day(9))


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE point_entry SET amount = 999",
        "UPDATE point_entry SET biz_date = '2020-01-01' WHERE id = 1",
        "DELETE FROM point_entry",
        "DELETE FROM point_alloc",
        "UPDATE point_alloc SET amount = 1",
        "INSERT OR REPLACE INTO point_entry SELECT * FROM point_entry",
        "REPLACE INTO point_alloc SELECT * FROM point_alloc",
        "UPDATE OR REPLACE point_entry SET id = 2 WHERE id = 1",
        "INSERT INTO point_entry SELECT * FROM point_entry WHERE true ON CONFLICT (id) DO UPDATE SET amount = 5",
        "DELETE FROM member",
        "DELETE FROM step",
        "INSERT INTO point_entry SELECT * FROM point_entry",
    ],
)
def test_the_ledger_takes_inserts_only(ledger, attack):
    ledger.call(points.grant, 1, 100)
    ledger.call(points.spend, 1, 40)
    tables = ("point_entry", "point_alloc")
    before = [ledger.conn.exec_driver_sql(f"SELECT * FROM {table}").all() for table in tables]
    nameless = ledger.conn.begin_nested()  # it is not their names that keep the members
    ledger.conn.exec_driver_sql("DELETE FROM alias")
    with pytest.raises(Exception, match=r"append-only|constraint failed"), ledger.conn.begin_nested():
        ledger.conn.exec_driver_sql(attack)
    nameless.rollback()
    assert [ledger.conn.exec_driver_sql(f"SELECT * FROM {table}").all() for table in tables] == before


def test_a_year_of_weeks_expires_week_by_week(ledger):
    for week in range(52):
        ledger.today = week * 7
        ledger.call(points.grant, 1, 10, expires_on=day(week * 7) + timedelta(days=30))
    assert ledger.balance() == 50
