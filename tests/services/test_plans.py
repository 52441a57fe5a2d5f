"""Paid membership: terms sold, renewed, paid back, used; what follows from their days (semantics 3.16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.plans import Benefit, Plan, PriceStep
from qunguan.exchange.writers.card_lines import sections
from qunguan.services import (
    history,
    members,
    members_erase,
    members_merge,
    members_split,
    orders,
    plans,
    profiles,
    rules,
)
from qunguan.services.desk import Desk
from qunguan.store.session import Session
from tests.services.order_kit import entry, sheet

TODAY = date(2026, 3, 20)
BORN = date(2024, 1, 1)


def people(session: Session, clock: Clock) -> None:
    session.step("people")
    for name in ("阿梨", "张三", "李四", "Tom"):
        members.add(session, clock, name, group_id=1)


def yearly(session: Session, clock: Clock) -> Plan:
    made = replace(
        plans.draft(session, "年卡"), early_places=2, early_gift="一本书",
        prices=(PriceStep(0, BORN, 1, 19900), PriceStep(0, BORN, None, 29900)),
        benefits=(Benefit(0, "课程", False, 12), Benefit(0, "外拍", True, 3), Benefit(0, "器材折扣", False, None)),
    )  # fmt: skip
    return plans.add(session, clock, made)


@pytest.fixture
def group(desk: Desk) -> Desk:
    desk.write(people)
    desk.write(yearly)
    return desk


def stands(desk: Desk, member_id: int, on: date | None = None) -> tuple[str, date | None]:
    held = desk.read(plans.of_member, desk.clock, member_id, on)[0]
    return held.standing.status, held.standing.until


def test_paid_back_renewed_early_and_renewed_late(group: Desk) -> None:
    sold = group.write(plans.sell, 1, 1, day=date(2026, 3, 18))
    assert (sold.fen, sold.term.early, sold.early_left) == (19900, True, 1)
    back = group.write(plans.refund, 1, 1, day=date(2026, 3, 20))
    assert (back.fen, back.membership.standing.status, back.early_left) == (-19900, "refunded", 2)

    group.write(plans.sell, 2, 1, day=date(2025, 3, 21))
    early = group.write(plans.renew, 2, 1, day=date(2026, 3, 10))
    assert (early.term.starts_on, early.term.ends_on) == (date(2026, 3, 21), date(2027, 3, 20))
    assert early.fen == 29900  # the places at the lower price are for those who join
    assert stands(group, 2) == ("current", date(2027, 3, 20))

    group.write(plans.sell, 3, 1, day=date(2025, 2, 1), paid_fen=29900)
    assert stands(group, 3) == ("expired", date(2026, 1, 31))
    late = group.write(plans.renew, 3, 1)
    assert (late.term.starts_on, late.term.ends_on) == (TODAY, date(2027, 3, 19))

    taken = group.read(plans.sales, date(2025, 1, 1), TODAY)
    assert [(one.day.isoformat(), one.member_id, one.fen) for one in taken] == [
        ("2025-02-01", 3, 29900), ("2025-03-21", 2, 19900), ("2026-03-10", 2, 29900), ("2026-03-18", 1, 19900),
        ("2026-03-20", 3, 29900), ("2026-03-20", 1, -19900),
    ]  # fmt: skip
    assert sum(one.fen for one in group.read(plans.sales, date(2026, 3, 1), TODAY, 1)) == 0  # of no group
    rate = group.read(plans.rate, group.clock, date(2026, 1, 1), TODAY)
    assert (rate.due, rate.renewed, rate.open, rate.rate) == (2, 1, 0, 0.5)


def test_any_past_day_can_be_asked(group: Desk) -> None:
    group.write(plans.sell, 1, 1, day=date(2026, 3, 10))
    group.write(plans.use, 1, 1, "课程", times=2, day=date(2026, 3, 12))
    group.write(plans.refund, 1, 1, day=date(2026, 3, 15), late=True, reason="搬家")
    assert group.read(plans.memberships, group.clock, date(2026, 3, 9)) == ()
    assert stands(group, 1, date(2026, 3, 14)) == ("new", date(2027, 3, 9))
    assert stands(group, 1, date(2026, 3, 15)) == ("refunded", None)
    held = group.read(plans.of_member, group.clock, 1, date(2026, 3, 11))[0]
    assert [used.used for used in held.used] == [0, 0, 0]
    row = group.read(plans.rows, group.clock, date(2026, 3, 14))[0]
    assert (row.early_left, row.members, row.net_fen, row.price_fen) == (1, 1, 19900, 29900)
    row = group.read(plans.rows, group.clock)[0]
    assert (row.early_left, row.members, row.net_fen, row.price_fen) == (2, 0, 0, 19900)


def test_guests_pay_nothing_and_are_not_asked_to_renew(group: Desk) -> None:
    sold = group.write(plans.sell, 1, 1, paid_fen=0, day=date(2025, 3, 21))
    assert not sold.term.early
    group.write(plans.sell, 2, 1, day=date(2025, 3, 21))
    assert [one.membership.member_id for one in group.read(plans.due, group.clock)] == [2]
    assert [one.membership.member_id for one in group.read(plans.due_today, TODAY)] == [2]
    assert group.read(plans.sales, BORN, TODAY)[0].member_id == 2


def test_renewals_are_due_at_the_stages_that_are_switched_on(group: Desk) -> None:
    for member_id, days in ((1, 30), (2, 8), (3, -7), (4, -31)):
        group.write(plans.sell, member_id, 1, day=TODAY + timedelta(days=days - 364))

    def found(*services) -> list[tuple[int, str, bool]]:
        return [(one.membership.member_id, one.stage, one.today) for one in group.read(plans.due, group.clock)]

    assert found() == [(3, "plan.due_after", True), (2, "plan.due_far", False), (1, "plan.due_far", True)]
    assert [one.membership.member_id for one in group.read(plans.due_today, TODAY)] == [3, 1]
    group.write(rules.switch, "plan.due_far", enabled=False)
    assert found() == [(3, "plan.due_after", True)]
    group.write(plans.renew, 3, 1)
    assert found() == []
    assert group.read(plans.due_today, TODAY) == ()


def test_nobody_asks_for_the_renewal_of_who_was_forgotten(group: Desk) -> None:
    group.write(plans.sell, 1, 1, day=TODAY - timedelta(days=364))
    group.write(plans.sell, 2, 1, day=TODAY - timedelta(days=364))
    group.write(members_erase.erase, 1)
    assert [one.membership.member_id for one in group.read(plans.due, group.clock)] == [2]
    assert [one.membership.member_id for one in group.read(plans.due_today, TODAY)] == [2]


def test_more_than_the_next_term_is_sold_only_where_it_is_meant(group: Desk) -> None:
    """A script that runs twice sells one term."""
    group.write(plans.sell, 1, 1, day=TODAY - timedelta(days=100))
    assert group.write(plans.renew, 1, 1).term.ends_on.year == 2027
    with pytest.raises(Refused, match="2027-12-"):
        group.write(plans.renew, 1, 1)
    assert group.write(plans.renew, 1, 1, ahead=True).term.ends_on.year == 2028
    far = TODAY + timedelta(days=367)
    with pytest.raises(Refused, match=far.isoformat()):
        group.write(plans.sell, 2, 1, starts_on=far)
    assert group.write(plans.sell, 2, 1, starts_on=far, ahead=True).term.starts_on == far


def test_a_season_ends_for_everybody_on_one_day(group: Desk) -> None:
    season = replace(group.read(plans.draft, "春季"), term_days=None, ends_on=date(2026, 5, 31))
    made = group.write(plans.add, replace(season, prices=(PriceStep(0, BORN, None, 9900),)))
    assert group.write(plans.sell, 1, made.id).term.ends_on == date(2026, 5, 31)
    with pytest.raises(Refused, match="2026-05-31"):
        group.write(plans.renew, 1, made.id)
    group.write(plans.edit, replace(made, ends_on=date(2026, 8, 31)))
    again = group.write(plans.renew, 1, made.id)
    assert (again.term.starts_on, again.term.ends_on) == (date(2026, 6, 1), date(2026, 8, 31))


def test_an_order_that_went_back_ends_the_term_it_paid(group: Desk) -> None:
    made = group.write(orders.add_order, 1, 29900, day=date(2026, 3, 18))
    group.write(plans.sell, 1, 1, order_id=made.id)
    assert [one.fen for one in group.read(plans.sales, TODAY - timedelta(days=5), TODAY)] == [29900]
    group.write(orders.refund_order, made.id, 9900)
    assert stands(group, 1)[0] == "new"
    group.write(orders.refund_order, made.id)
    assert stands(group, 1)[0] == "refunded"
    assert stands(group, 1, date(2026, 3, 19))[0] == "new"
    assert [one.fen for one in group.read(plans.sales, TODAY, TODAY)] == [-9900, -20000]
    with pytest.raises(Refused):
        group.write(plans.refund, 1, 1)
    with pytest.raises(Refused):
        group.write(plans.sell, 2, 1, order_id=made.id)


def test_two_that_are_one_have_both_their_terms(group: Desk) -> None:
    group.write(plans.sell, 1, 1, day=date(2025, 3, 21))
    group.write(plans.sell, 2, 1, day=date(2026, 3, 1))
    group.write(plans.use, 2, 1, "课程")
    group.write(members_merge.merge, 1, 2)
    held = group.read(plans.of_member, group.clock, 1)
    assert [(len(one.terms), one.standing.status, one.standing.until) for one in held] == [
        (2, "current", date(2027, 2, 28))
    ]
    assert group.write(plans.renew, 1, 1).term.starts_on == date(2027, 3, 1)
    group.write(history.undo)
    group.write(history.undo)
    assert stands(group, 2) == ("new", date(2027, 2, 28))


def test_who_is_forgotten_leaves_the_numbers(group: Desk) -> None:
    group.write(plans.sell, 1, 1, note="阿梨的朋友")
    group.write(plans.use, 1, 1, "课程", note="阿梨来了")
    group.write(plans.refund, 1, 1, reason="阿梨搬家")
    group.write(members.erase, 1)
    held = group.read(plans.of_member, group.clock, 1)[0]
    assert (held.name, held.terms[0].note, held.terms[0].reason) == ("#1", "", "")
    assert [one.fen for one in group.read(plans.sales, TODAY, TODAY)] == [19900, -19900]


def test_what_was_typed_twice_or_wrong_is_refused(group: Desk) -> None:
    plan = group.read(plans.find, "年卡")
    for bad in (
        replace(plan, id=0, name="a", ends_on=TODAY), replace(plan, id=0, name="b", term_days=0),
        replace(plan, id=0, name="c", grace_days=-1), replace(plan, id=0, name="  "),
    ):  # fmt: skip
        with pytest.raises(BadInput):
            group.write(plans.add, bad)
    with pytest.raises(Refused):
        group.write(plans.add, replace(plan, name=" 年卡"))
    with pytest.raises(NotFound):
        group.read(plans.find, "#9")
    with pytest.raises(BadInput):
        group.write(plans.use, 1, 1, "课程", times=0)
    with pytest.raises(Refused):
        group.write(plans.use, 1, 1, "课程")
    group.write(plans.sell, 1, 1)
    with pytest.raises(Refused, match=r"199\.00"):
        group.write(plans.refund, 1, 1, amount_fen=19901)
    with pytest.raises(BadInput):
        group.write(plans.renew, 1, 1, day=TODAY - timedelta(days=1))
    assert group.rehearse(plans.renew, 1, 1).fen == 29900
    assert len(group.read(plans.of_member, group.clock, 1)[0].terms) == 1


def test_the_page_of_a_member_tells_of_it(group: Desk) -> None:
    group.write(plans.sell, 1, 1)
    group.write(plans.use, 1, 1, "课程", times=3)
    page = group.read(profiles.page, group.clock, 1)
    assert [(one.plan, one.standing.status) for one in page.memberships] == [("年卡", "new")]
    told = dict(sections(page))
    assert any("课程 3/12" in text for entries in told.values() for _label, text in entries)
    assert group.read(profiles.page, group.clock, 1, TODAY - timedelta(days=1)).memberships == ()


def test_of_two_who_were_one_entry_the_buyer_takes_the_term_along(group: Desk) -> None:
    group.write(orders.import_orders, sheet(entry(1, "阿梨爸", 299, "2026-03-18 10:00")))
    order_id = group.read(orders.order_ids)[0]
    group.write(orders.settle, "阿梨爸", 1)
    group.write(plans.sell, 1, 1, order_id=order_id)
    group.write(members_split.split, 1, ["阿梨爸"])
    assert group.read(plans.of_member, group.clock, 1) == ()
    assert group.read(plans.memberships, group.clock)[0].standing.status == "new"
