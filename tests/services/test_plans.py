"""Paid membership: terms sold, renewed, paid back, used; what follows from their days (semantics 3.16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.plans import Benefit, Plan, PriceStep
from qunguan.services import members, plans
from qunguan.services.desk import Desk
from qunguan.store.session import Session

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
