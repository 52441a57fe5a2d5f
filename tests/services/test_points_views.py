"""What the points screen asks: pages of balances against the statements, the headline, lots, and many at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from qunguan.domain.clock import Clock
from qunguan.domain.errors import Refused
from qunguan.services import history, members, points
from qunguan.services.desk import Desk
from qunguan.store.session import Session

TODAY = date(2026, 3, 20)
DAYS = timedelta(days=1)


@pytest.fixture
def people(desk: Desk) -> list[int]:
    """阿梨 with two lots and a spend, 团团 with points that expired, 张三 who owes, 李四 without any."""
    ids = [desk.write(members.add, name, group_id=1).id for name in ("阿梨", "团团", "张三", "李四")]
    a, b, c, _ = ids
    desk.write(points.grant, a, 100, reason="满勤", expires_on=TODAY + 10 * DAYS, day=TODAY - 30 * DAYS)
    desk.write(points.grant, a, 50, day=TODAY - 20 * DAYS)
    desk.write(points.spend, a, 80, reason="换书", day=TODAY - 10 * DAYS)
    desk.write(points.grant, b, 30, expires_on=TODAY - DAYS, day=TODAY - 5 * DAYS)
    given = desk.write(points.grant, c, 20)
    desk.write(points.spend, c, 15)
    desk.write(points.reverse, given.entry_id)
    return ids


def test_a_page_says_what_the_balances_say_on_any_day(desk: Desk, people: list[int]) -> None:
    for day in (TODAY - 31 * DAYS, TODAY - 20 * DAYS, TODAY - DAYS, TODAY, TODAY + 40 * DAYS):
        rows = desk.read(points.balance_rows, people, day)
        naive = {row.member_id: row.balance for row in desk.read(points.balances, desk.clock, day)}

        assert {row.member_id: row.balance for row in rows} == naive
        assert list(desk.read(points.balance_ids, day)) == sorted(
            people, key=lambda who: (-naive[who], ["阿梨", "李四", "团团", "张三"].index(rows[people.index(who)].name))
        )


def test_a_line_carries_what_expires_soon_and_the_last_day(desk: Desk, people: list[int]) -> None:
    row = desk.read(points.balance_rows, [people[0], 999], TODAY)[0]

    assert (row.name, row.balance, row.expiring, row.last_day) == ("阿梨", 70, 20, TODAY - 10 * DAYS)


def test_the_headline_adds_up(desk: Desk, people: list[int]) -> None:
    found = desk.read(points.outstanding, TODAY)

    assert (found.points, found.holders, found.debt) == (70, 1, 15)
    assert (found.expiring, found.expiring_members, found.days) == (20, 1, 30)


def test_nothing_at_all_is_zero(desk: Desk) -> None:
    found = desk.read(points.outstanding, TODAY)

    assert (found.points, found.holders, found.debt, found.expiring, found.expiring_members) == (0, 0, 0, 0, 0)
    assert list(desk.read(points.balance_ids, TODAY)) == []


def test_search_and_name_order_the_list(desk: Desk, people: list[int]) -> None:
    assert list(desk.read(points.balance_ids, TODAY, search="zs")) == [people[2]]
    assert list(desk.read(points.balance_ids, TODAY, by_name=True)) == [people[0], people[3], people[1], people[2]]
    assert [row.member_id for row in desk.read(points.expiring_rows, desk.clock, "al")] == [people[0]]
    assert desk.read(points.expiring_rows, desk.clock, "zs") == ()


def test_lots_less_debt_are_the_balance(desk: Desk, people: list[int]) -> None:
    for member_id in people:
        found = desk.read(points.account, desk.clock, member_id)
        assert sum(lot.left for lot in found.lots) - found.debt == found.statement.balance

    first = desk.read(points.account, desk.clock, people[0])
    assert [(lot.amount, lot.left) for lot in first.open_lots] == [(100, 20), (50, 50)]
    assert [(use.amount, use.reason) for use in first.lots[0].uses] == [(80, "换书")]
    assert desk.read(points.account, desk.clock, people[1]).open_lots == ()
    assert desk.read(points.account, desk.clock, people[2]).debt == 15


def test_a_page_reads_no_table_from_end_to_end(desk: Desk, people: list[int]) -> None:
    def plan(session: Session) -> list[str]:
        from qunguan.store import points_views

        statement = points_views._PAGE.params(day=TODAY, until=TODAY, ids=people)
        told = statement.compile(session.conn, compile_kwargs={"literal_binds": True})
        return [row.detail for row in session.rows(text(f"EXPLAIN QUERY PLAN {told}"))]

    tables = [step for step in desk.read(plan) if "VIRTUAL TABLE" not in step]  # that is the list of the ids
    assert [step for step in tables if step.startswith("SCAN")] == []


def test_many_get_points_in_one_step(desk: Desk, people: list[int]) -> None:
    given = desk.write(points.grant_many, people, 5, reason="会员日", key="k1")
    again = desk.write(points.grant_many, people, 5, reason="会员日", key="k1")

    assert [outcome.already for outcome in given + again] == [False] * 4 + [True] * 4
    desk.write(history.undo)
    assert desk.read(points.balance, people[3], TODAY) == 0
    assert desk.read(points.balance, people[0], TODAY) == 70


def test_all_spend_or_nobody(desk: Desk, people: list[int], clock: Clock) -> None:
    with pytest.raises(Refused) as refused:
        desk.write(points.spend_many, [people[0], people[3]], 10, reason="兑换")

    assert str(refused.value).startswith("李四")
    assert desk.read(points.balance, people[0], TODAY) == 70
