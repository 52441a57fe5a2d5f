"""Planning a campaign: what is said of its days before it is saved."""

from __future__ import annotations

from datetime import date

from qunguan.domain.campaigns import Draft
from qunguan.services import campaign_plan


def test_a_plan_is_told_which_days_to_keep_away_from_and_which_to_go_with(desk, clock):
    def told(first: date, last: date) -> list[tuple[str, str]]:
        made = Draft("周末拼团", "group_buy", first, 20 * 60, last, 22 * 60)
        cautions = desk.read(campaign_plan.outlook, clock, 1, made).cautions
        names = ("国庆节", "母亲节", "双11")
        return [(each.level, name) for each in cautions for name in names if name in str(each.reason)]

    assert told(date(2026, 10, 1), date(2026, 10, 2)) == [("warning", "国庆节")]
    assert told(date(2026, 9, 29), date(2026, 10, 1)) == [("notice", "国庆节")]
    assert told(date(2026, 5, 10), date(2026, 5, 10)) == [("good", "母亲节")]
    assert told(date(2026, 10, 15), date(2026, 10, 15)) == []
    assert told(date(2026, 11, 1), date(2026, 11, 1)) == [("warning", "双11")]
