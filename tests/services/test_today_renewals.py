"""The agenda's line about renewals that are due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from qunguan.domain.clock import Clock
from qunguan.domain.plans import PriceStep
from qunguan.services import members, plans, rules, today
from qunguan.services.desk import Desk
from qunguan.store.session import Session
from tests.conftest import NOW

TODAY = date(2026, 3, 20)


def people(session: Session, clock: Clock) -> None:
    session.step("people")
    for name in ("阿梨", "张三", "李四"):
        members.add(session, clock, name, group_id=1)


def test_one_line_names_who_is_due_today_with_a_text_for_each(desk: Desk) -> None:
    def lines():
        return [line for line in desk.read(today.care, Clock(NOW), 1) if line.kind == "renewal"]

    desk.write(people)
    made = replace(desk.read(plans.draft, "年卡"), prices=(PriceStep(0, date(2024, 1, 1), None, 29900),))
    desk.write(plans.add, made)
    assert lines() == []
    for member_id, days in ((1, 7), (2, 6), (3, -7)):
        desk.write(plans.sell, member_id, 1, day=TODAY + timedelta(days=days - 364))
    (line,) = lines()
    assert (line.count, line.target.screen) == (2, "plans")
    assert line.target.subject == desk.read(plans.of_member, desk.clock, 3)[0].key
    assert "阿梨" in str(line.text)
    assert "张三" not in str(line.text)
    assert line.ready_text.count("299") == 2
    assert {each.rule for each in line.evidence} == {"plan.due_near", "plan.due_after"}
    desk.write(rules.switch, "plan.due_after", enabled=False)
    assert [each.count for each in lines()] == [1]
